"""Which language and script is a text in?

A model of ours (letters.py) answers for the languages of the region and their neighbors; Karakalpak, Kazakh in Latin
and Arabic letters, and the older alphabets are among them. What it takes for some other language is named by pycld2,
and then by py3langid. Measured in docs/decisions/languages.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
# Kazakh without і, ұ and the like reads as Karakalpak, which is rare and has letters of its own: measured on held-out
# Kazakh news and the Karakalpak Declaration (docs/decisions/languages.md), November 2026.
_PRIORS = {"kaa-Cyrl": 0.3}
_UNKNOWN = 0.25  # a text of some length that is no more certain than this is in no language we know
# Latin names stand in Cyrillic and Arabic sentences, hardly ever the other way round.
_SCRIPT_WEIGHTS = np.array([1 if script == "Latn" else 2 for script in (*letters.SCRIPTS, OTHER)])
_MIXED = re.compile("[a-zA-Z\u00c0-\u024f\u0259][\u0400-\u052f]|[\u0400-\u052f][a-zA-Z\u00c0-\u024f\u0259]")
_ADDRESS = re.compile(
    r"(?i)https?://[^\s<>]{1,400}|www\.[^\s<>]{1,400}|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){0,8}"
)


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
    found, nearest = _by_letters([_window(text) for text in texts], told)
    doubtful = [n for n, one in enumerate(found) if one.confidence < _SURE and len(texts[n]) > _FIRST]
    if doubtful:
        again = _by_letters([_letters_only(texts[n][:_MORE]) for n in doubtful], [told[n] for n in doubtful])
        for number, identity, near in zip(doubtful, *again, strict=True):
            found[number], nearest[number] = identity, near
    for number, identity in enumerate(found):
        if identity.language == OTHER:
            found[number] = named_by_packages(_letters_only(texts[number][:_MORE]), identity.script, nearest[number])
        elif identity.confidence < _UNKNOWN and len(texts[number]) > _ENOUGH and not told[number]:
            found[number] = Identity("und", identity.script, 0.0)
    return found


def _window(text: str) -> str:
    """The beginning, and of a long text as much of its middle; look-alike letters repaired where there are any."""
    if len(text) > 3 * _FIRST:
        middle = len(text) // 2
        text = f"{text[:_FIRST]} {text[middle : middle + _FIRST]}"
    else:
        text = text[:_FIRST]
    return _letters_only(text)


def _letters_only(text: str) -> str:
    """Without web addresses, and with look-alike letters repaired."""
    if "@" in text or "://" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    return normalize(text) if not text.isascii() and _MIXED.search(text) else text


@cache
def _models() -> dict[str, letters.Model]:
    return letters.load(MODEL)


def _by_letters(texts: list[str], told: Sequence[str | None]) -> tuple[list[Identity], list[Identity]]:
    """For each text: what the model says, and if that is "other", the likeliest of the languages it knows by name."""
    found = [Identity("und", "Zyyy", 0.0)] * len(texts)
    nearest = list(found)
    for number, reading in enumerate(read_many(texts)):
        if reading is None:
            continue
        script, total, chances = reading
        if chances is None:
            found[number] = Identity("mn", script, 0.9) if script == "Mong" else Identity(OTHER, script, 0.5)
            continue
        model = _models()[script]
        found[number] = _decide(model, script, chances, told[number], total)
        if found[number].language == OTHER:
            named = np.where(np.array(model.languages) == OTHER, np.float32(0), chances)
            nearest[number] = _decide(model, script, named, told[number], total)
    return found, nearest


def read_many(texts: Sequence[str]) -> list[tuple[str, int, letters.Floats | None] | None]:
    """For each text its script, how many letters it has, and the probabilities of `names_of` its script; these are
    None for a script without a model, and all is None for a text without letters."""
    if not texts:
        return []
    batch = letters.lay_out(texts)
    rows = letters.buckets(batch.codes)
    script_of_text = (batch.counts * _SCRIPT_WEIGHTS).argmax(axis=1)
    total = batch.counts.sum(axis=1)
    found: list[tuple[str, int, letters.Floats | None] | None] = [None] * len(texts)
    for index, script in enumerate(letters.SCRIPTS):
        members = np.flatnonzero((script_of_text == index) & (total > 0))
        if not len(members):
            continue
        chances = _chances(_models()[script], rows, batch.starts[members], batch.sizes[members]) * _priors(script)
        chances /= chances.sum(axis=1, keepdims=True)
        for number, row in zip(members.tolist(), chances, strict=True):
            found[number] = script, int(total[number]), row
    for number in np.flatnonzero((script_of_text == len(letters.SCRIPTS)) & (total > 0)).tolist():
        found[number] = script_of(texts[number]), int(total[number]), None
    return found


def names_of(script: str) -> tuple[str, ...]:
    """The languages whose probabilities `read_many` tells for a script, `OTHER` among them."""
    return _models()[script].languages if script in letters.SCRIPTS else ()


@cache
def _priors(script: str) -> letters.Floats:
    return np.array([_PRIORS.get(f"{code}-{script}", 1.0) for code in _models()[script].languages], dtype=np.float32)


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


def named_by_packages(text: str, script: str, nearest: Identity) -> Identity:
    """The name of what our model takes for some other language.

    Where the packages see one that our model knows (it takes many names for foreign), its own `nearest` is told.
    """
    import pycld2

    known = _models()[script].languages if script in letters.SCRIPTS else ()
    unknown = Identity("und", script, 0.0)
    try:
        reliable, _, details = pycld2.detect(normalize(text), bestEffort=True)
    except pycld2.error:
        return unknown
    code, confidence = _BCP47.get(details[0][1], details[0][1]), details[0][2] / 100
    if reliable and code in known:
        enough = nearest.confidence >= _UNKNOWN or len(text) <= _ENOUGH
        return replace(nearest, confidence=min(nearest.confidence, 0.5)) if enough else unknown
    if reliable and code != "un":
        return Identity(code, script, confidence)
    code, confidence = _py3langid().classify(text)
    return unknown if code in known or confidence < 0.5 else Identity(code, script, round(float(confidence), 4))


_BCP47 = {"iw": "he", "zh-Hant": "zh", "in": "id", "no": "nb"}


@cache
def _py3langid() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
