"""Which language and script is a text in?

A model of ours (letters.py) answers for the languages of the region and their neighbors; Karakalpak, Kazakh in Latin
and Arabic letters, and the older alphabets are among them. What it takes for some other language is named by pycld2,
and then by py3langid. Measured in docs/decisions/languages.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ortaq.text import normalize, script_of
from ortaq.understand import letters

MODEL = Path(__file__).with_name("identify.npz")
OTHER = "other"

# Characters looked at: enough for 160 in 161 sentences to be certain; a text that is not, or a long one that may begin
# with a quotation in another language, is looked at further.
_FIRST, _MORE = 160, 1_000
_CHUNK = 256  # texts at a time: their n-grams still fit the cache of a core
_SURE = 0.9
_ENOUGH = 20  # letters for which a second opinion is worth asking
_FEW_LETTERS = 3
# Latin names stand in Cyrillic and Arabic sentences, hardly ever the other way round.
_SCRIPT_WEIGHTS = np.array([1 if script == "Latn" else 2 for script in (*letters.SCRIPTS, OTHER)])
_MIXED = re.compile("[a-zA-Z\u00c0-\u024f\u0259][\u0400-\u052f]|[\u0400-\u052f][a-zA-Z\u00c0-\u024f\u0259]")


@dataclass(frozen=True, slots=True)
class Identity:
    """A BCP 47 primary code, an ISO 15924 script, and a confidence in 0..1; `und` with 0 when nothing is known.

    `script` is that of the sentence, not of the names in it: Cyrillic in `Microsoft Corporation компаниясы`.
    """

    language: str
    script: str
    confidence: float

    @property
    def tag(self) -> str:
        return f"{self.language}-{self.script}"


def identify(text: str, told: str | None = None) -> Identity:
    """The language of a text. `told`, the language that its page claims, decides only between near equals."""
    return identify_many([text], [told])[0]


def identify_many(texts: Sequence[str], told: Sequence[str | None] | None = None) -> list[Identity]:
    """`identify` for many texts, in their order; much faster than one by one."""
    claims: Sequence[str | None] = [None] * len(texts) if told is None else told
    if len(claims) != len(texts):
        raise ValueError(f"{len(claims)} claims for {len(texts)} texts")
    found: list[Identity] = []
    for start in range(0, len(texts), _CHUNK):
        found += _chunk(texts[start : start + _CHUNK], claims[start : start + _CHUNK])
    return found


def _chunk(texts: Sequence[str], told: Sequence[str | None]) -> list[Identity]:
    found = _by_letters([_window(text) for text in texts], told)
    doubtful = [n for n, one in enumerate(found) if one.confidence < _SURE and len(texts[n]) > _FIRST]
    if doubtful:
        again = _by_letters([texts[n][:_MORE] for n in doubtful], [told[n] for n in doubtful])
        for number, identity in zip(doubtful, again, strict=True):
            found[number] = identity
    for number, identity in enumerate(found):
        if identity.language == OTHER or (0 < identity.confidence < _SURE and len(texts[number]) > _ENOUGH):
            found[number] = _by_packages(texts[number][:_MORE], identity)
    return found


def _window(text: str) -> str:
    """The beginning, and of a long text as much of its middle; look-alike letters repaired where there are any."""
    if len(text) > 3 * _FIRST:
        middle = len(text) // 2
        text = f"{text[:_FIRST]} {text[middle : middle + _FIRST]}"
    else:
        text = text[:_FIRST]
    return normalize(text) if not text.isascii() and _MIXED.search(text) else text


@cache
def _models() -> dict[str, letters.Model]:
    return letters.load(MODEL)


def _by_letters(texts: list[str], told: Sequence[str | None]) -> list[Identity]:
    batch = letters.lay_out(texts)
    rows = letters.buckets(batch.codes)
    script_of_text = (batch.counts * _SCRIPT_WEIGHTS).argmax(axis=1)
    total = batch.counts.sum(axis=1)
    found = [Identity("und", "Zyyy", 0.0)] * len(texts)
    for index, script in enumerate(letters.SCRIPTS):
        members = np.flatnonzero((script_of_text == index) & (total > 0))
        if not len(members):
            continue
        model = _models()[script]
        chances = _chances(model, rows, batch.starts[members], batch.sizes[members])
        for number, row in zip(members.tolist(), chances, strict=True):
            found[number] = _decide(model, script, row, told[number], int(total[number]))
    for number in np.flatnonzero((script_of_text == len(letters.SCRIPTS)) & (total > 0)).tolist():
        script = script_of(texts[number])
        found[number] = Identity("mn", script, 0.9) if script == "Mong" else Identity(OTHER, script, 0.5)
    return found


def _chances(
    model: letters.Model, rows: npt.NDArray[np.int64], starts: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]
) -> letters.Floats:
    """Probabilities (texts, languages) of the texts that begin at `starts`."""
    firsts = np.cumsum(sizes) - sizes
    picked = np.arange(sizes.sum()) + np.repeat(starts - firsts, sizes)
    orders = rows.shape[1]
    scores = model.scores(np.take(rows, picked, axis=0).ravel(), firsts * orders, sizes * orders)
    scores -= scores.max(axis=1, keepdims=True)
    chances = np.exp(scores)
    return np.asarray(chances / chances.sum(axis=1, keepdims=True), dtype=np.float32)


def _decide(model: letters.Model, script: str, chances: letters.Floats, told: str | None, total: int) -> Identity:
    if total < _ENOUGH and OTHER in model.languages:
        # One or two words (a name, mostly) are no evidence of a language that is not of the region.
        chances = np.where(np.array(model.languages) == OTHER, np.float32(0), chances)
    best = int(chances.argmax())
    claim = (told or "").partition("-")[0]
    if claim in model.languages:
        claimed = model.languages.index(claim)
        # The fewer letters, the more the claim is worth: 19 to 1 for six of them, 4 to 1 for a line.
        if chances[claimed] * (2 + 100 / total) > chances[best]:
            best = claimed
    elif total < _FEW_LETTERS:
        return Identity("und", script, 0.0)
    return Identity(model.languages[best], script, round(float(chances[best]), 4))


def _by_packages(text: str, identity: Identity) -> Identity:
    """A second opinion on what is some other language to our model, or what it doubts."""
    import pycld2

    known = _models()[identity.script].languages if identity.script in letters.SCRIPTS else ()
    doubted = identity.language != OTHER
    try:
        reliable, _, details = pycld2.detect(normalize(text), bestEffort=True)
    except pycld2.error:
        return identity if doubted else Identity("und", identity.script, 0.0)
    code, confidence = _BCP47.get(details[0][1], details[0][1]), details[0][2] / 100
    if doubted:
        return Identity(code, identity.script, confidence) if reliable and code in _FOREIGN else identity
    if reliable and code != "un":
        return Identity(code, identity.script, min(confidence, 0.5) if code in known else confidence)
    code, confidence = _py3langid().classify(text)
    if code in known or confidence < 0.5:
        return Identity("und", identity.script, 0.0)
    return Identity(code, identity.script, round(float(confidence), 4))


# Languages in which pycld2 hardly ever sees one of ours; its Tatar in Latin letters, say, is Karakalpak.
_FOREIGN = frozenset(["ar", "cs", "de", "es", "fi", "fr", "hu", "id", "it", "lt", "nl", "pl", "pt", "sv", "ur", "vi"])
_BCP47 = {"iw": "he", "zh-Hant": "zh", "in": "id", "no": "nb"}


@cache
def _py3langid() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
