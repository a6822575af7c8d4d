"""Which language is each paragraph of a mixed text in?

Russian quotations in Kazakh articles are the rule. A paragraph is judged by its letters and by what the rest of the
document is in: the odds of its letters are multiplied by how much of the document, and of the paragraphs beside it,
is in a language. That can turn a few words, never a sentence: the company of a paragraph counts for at most 50 to 1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ortaq.understand import letters
from ortaq.understand.identify import OTHER, Identity, identify_many, named_by_packages, names_of, read_many

_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")
_FLOOR = 0.02  # of a language that nothing else of the document is in
_LETTERS = 300  # letters of a paragraph that are read; more add no certainty
_HEADLINE = 3  # times that a headline's letters count: it is written by the outlet, and quotes nobody at length
_OTHER_SCRIPT = 0.1
CONSIDERABLE = 0.15  # share of a text's letters from which another language is worth telling
_FEW = 20  # letters below which a paragraph is evidence of nothing


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`text[start:end]`, a line, is in the language and script of `identity`; `letters` says how many it has."""

    start: int
    end: int
    identity: Identity
    letters: int


def identify_paragraphs(text: str, told: str | None = None) -> list[Paragraph]:
    """The paragraphs (lines with a letter in them) of a text in their order, each with its language.

    `told` is the language that the page claims: it counts as much as a line of text would. Linear, never raises.
    """
    spans = [match.span() for match in _PARAGRAPH.finditer(text)]
    readings = read_many([text[start : min(end, start + _LETTERS)] for start, end in spans])
    kept = [(span, reading) for span, reading in zip(spans, readings, strict=True) if reading is not None]
    first = [_languages(script, chances) for _, (script, _, chances) in kept]
    weights = [min(total, _LETTERS) for _, (_, total, _) in kept]
    document = _mixture(first, weights)
    if told:
        document = _mixture([document, {told.partition("-")[0]: 1.0}], [sum(weights), 60])
    found = []
    for number, ((start, end), (script, total, chances)) in enumerate(kept):
        beside = [place for place in (number - 1, number + 1) if 0 <= place < len(kept)]
        company = [document, _mixture([first[place] for place in beside], [weights[place] for place in beside])]
        identity = _decide(text[start : start + _LETTERS], script, chances, company)
        found.append(Paragraph(start, end, identity, total))
    return found


def main_language(headline: str, text: str, told: str | None = None) -> tuple[Identity, tuple[tuple[str, float], ...]]:
    """The language that an article is in, and the others that a considerable share of its text is in, as tags with
    their share of the letters, most first. The headline counts too, `_HEADLINE` times."""
    paragraphs = identify_paragraphs(f"{headline}\n{text}" if headline else text, told)
    if not paragraphs:
        return identify_many([text], [told])[0], ()
    letters_of: Counter[str] = Counter()
    sure: dict[str, float] = {}
    for place, paragraph in enumerate(paragraphs):
        count = paragraph.letters * (_HEADLINE if headline and place == 0 else 1)
        letters_of[paragraph.identity.tag] += count
        sure[paragraph.identity.tag] = sure.get(paragraph.identity.tag, 0.0) + count * paragraph.identity.confidence
    # What is known weighs more than what is not: an unknown line does not outvote a certain one.
    best = max(letters_of, key=lambda tag: (sure[tag], letters_of[tag]))
    language, _, script = best.partition("-")
    plain = Counter({p.identity.tag: 0 for p in paragraphs})
    for paragraph in paragraphs:
        plain[paragraph.identity.tag] += paragraph.letters
    total = sum(plain.values())
    others = [(tag, round(count / total, 2)) for tag, count in plain.most_common() if count >= CONSIDERABLE * total]
    confidence = round(sure[best] / max(letters_of[best], 1), 4)
    return Identity(language, script, confidence), tuple(
        (tag, share) for tag, share in others if tag != best and not tag.startswith("und-")
    )


def _languages(script: str, chances: letters.Floats | None) -> dict[str, float]:
    if chances is None:
        return {"mn-Mong": 1.0} if script == "Mong" else {}
    return {f"{code}-{script}": float(chance) for code, chance in zip(names_of(script), chances, strict=True)}


def _mixture(parts: Sequence[dict[str, float]], weights: Sequence[int]) -> dict[str, float]:
    total = sum(weights) or 1
    found: dict[str, float] = {}
    for part, weight in zip(parts, weights, strict=True):
        for code, chance in part.items():
            found[code] = found.get(code, 0.0) + chance * weight / total
    return found


def _share(part: dict[str, float], code: str, script: str) -> float:
    """Of the language in this script; its other scripts count little: a text seldom changes them."""
    others = sum(part.get(f"{code}-{other}", 0.0) for other in letters.SCRIPTS if other != script)
    return part.get(f"{code}-{script}", 0.0) + part.get(code, 0.0) + _OTHER_SCRIPT * others


def _decide(text: str, script: str, chances: letters.Floats | None, company: Sequence[dict[str, float]]) -> Identity:
    if chances is None:
        return Identity("mn", script, 0.9) if script == "Mong" else named_by_packages(text, script, _nothing(script))
    names = names_of(script)
    prior = np.array([_FLOOR + sum(_share(part, code, script) for part in company) / len(company) for code in names])
    if len(text) < _FEW and OTHER in names:
        prior[names.index(OTHER)] = 0
    weighed = chances * prior
    weighed /= max(float(weighed.sum()), 1e-30)
    best = int(weighed.argmax())
    if names[best] != OTHER:
        return Identity(names[best], script, round(float(weighed[best]), 4))
    weighed[best] = 0
    nearest = int(weighed.argmax())
    return named_by_packages(text, script, Identity(names[nearest], script, round(float(weighed[nearest]), 4)))


def _nothing(script: str) -> Identity:
    return Identity("und", script, 0.0)
