"""Is this article a translation of that one, or the same text in another script?

Both have the same sentences in the same order: so their lengths go up and down together, and each number stands in the
same sentence. Sentences are aligned by their lengths alone (Gale and Church 1993, "A program for aligning sentences in
bilingual corpora"); no dictionary, no model, so the languages with the smallest resources fare no worse. Two outlets'
own tellings of one event, of which all other likenesses are as high, do not align. docs/decisions/stories.md.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from ortaq.languages import codes, load
from ortaq.model import Article, CopyLink
from ortaq.text.sentences import sentences
from ortaq.text.tokens import numbers

LEAST = 5  # sentences: fewer align with anything
MOST = 150  # sentences; what comes after is not compared
_CHARACTERS = 60_000
_COMPARED = 4  # aligned with one article
_VARIANCE = 6.8  # of a sentence's length in another language, for each character (Gale and Church)
_BEADS = {(1, 1): 0.89, (1, 0): 0.005, (0, 1): 0.005, (2, 1): 0.045, (1, 2): 0.045, (2, 2): 0.011}
_PRICES = tuple((ours, theirs, -math.log(share)) for (ours, theirs), share in _BEADS.items())
_LEAST_SENTENCE = 3  # characters: less is a sign between paragraphs
_DIGIT = re.compile(r"\d")
_SMALL = 5  # characters, so that the ratio of two short sentences says little
_FLOOR = 1e-9  # the least likely a difference of lengths is taken for

# Of `Alignment.features`; fitted by tools/tune_translations.py on NTREX-128 and the demo region, November 2026
# (docs/decisions/stories.md).
WEIGHTS = (-3.06, -0.46, 7.17, 1.82, -17.84, 2.41, 6.77, -2.23, -1.41)
THRESHOLD = 0.95

# By the square of the difference over the sum of the lengths, in steps of 1 / _FINE: half of delta's square times the
# variance.
_FINE = 16
_SURPRISE = [
    -math.log(max(math.erfc(math.sqrt((step + 0.5) / _FINE / _VARIANCE)), _FLOOR))
    for step in range(int(20 * _VARIANCE * _FINE))
]


@dataclass(frozen=True, slots=True)
class Outline:
    """A text as its sentences' lengths without spaces, and the numbers in each (hashes, `at` their sentence)."""

    article: str
    language: str
    script: str
    at: float
    lengths: npt.NDArray[np.uint16]
    numbers: npt.NDArray[np.uint32]
    sentence_of: npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Alignment:
    """How two outlines fit.

    `cost` a bead in nats, the number of `beads` and the share of one-to-one ones, the `correlation` of their lengths
    and the `spread` (standard deviation) of the lengths' log ratios; how many numbers stand in the same bead, and how
    many do not.
    """

    cost: float
    beads: int
    single: float
    correlation: float
    spread: float
    shared: int
    other: int

    @property
    def features(self) -> tuple[float, ...]:
        told = math.log1p(self.shared + self.other)
        agreement = (self.shared - self.other) / (self.shared + self.other + 1)
        shape = (self.cost, self.single, self.correlation, self.spread, math.log(self.beads))
        return (1.0, *shape, agreement, told, agreement * told)

    @property
    def likelihood(self) -> float:
        """That one is a translation of the other, 0..1."""
        score = sum(weight * value for weight, value in zip(WEIGHTS, self.features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def outline(article: Article, abbreviations: Collection[str] = ()) -> Outline | None:
    """The article's outline; None when it has too few sentences to tell."""
    found = sentences(article.text[:_CHARACTERS], abbreviations)[:MOST]
    counted = [(len(sentence) - sentence.count(" "), sentence) for sentence in found]
    kept = [(min(length, 65_535), sentence) for length, sentence in counted if length >= _LEAST_SENTENCE]
    if len(kept) < LEAST:
        return None
    held = [
        (zlib.crc32(number.encode()), place)
        for place, (_, sentence) in enumerate(kept)
        if _DIGIT.search(sentence)
        for number in dict.fromkeys(numbers(sentence))
    ]
    return Outline(
        article.id,
        article.language,
        article.script,
        article.at.timestamp(),
        np.array([length for length, _ in kept], np.uint16),
        np.array([number for number, _ in held], np.uint32),
        np.array([place for _, place in held], np.uint16),
    )


def align(one: Outline, two: Outline) -> Alignment | None:
    """None when the texts differ too much in length, or no alignment within the band is there."""
    ours, theirs = one.lengths.tolist(), two.lengths.tolist()
    ratio = sum(theirs) / sum(ours)
    if not 0.5 <= ratio <= 2.0 or not 0.6 <= len(theirs) / len(ours) <= 1.7:
        return None
    found = _cheapest(ours, theirs, ratio)
    if found is None:
        return None
    total, beads = found
    starts, ends = np.array([(0, 0), *beads[:-1]]), np.array(beads)
    sums = [np.concatenate([[0], np.cumsum(lengths)]) for lengths in (ours, theirs)]
    first, second = (each[ends[:, side]] - each[starts[:, side]] for side, each in enumerate(sums))
    varied = len(beads) > 2 and first.std() > 0 and second.std() > 0
    ours_at = set(_numbers(one, ends[:, 0]))
    theirs_at = set(_numbers(two, ends[:, 1]))
    shared = len(ours_at & theirs_at)
    return Alignment(
        cost=total / len(beads),
        beads=len(beads),
        single=float(((ends - starts) == 1).all(axis=1).mean()),
        correlation=float(np.corrcoef(first, second)[0, 1]) if varied else 0.0,
        spread=float(np.log((first + _SMALL) / (second + _SMALL)).std()),
        shared=shared,
        other=len(ours_at | theirs_at) - shared,
    )


def _numbers(text: Outline, ends: npt.NDArray[np.int_]) -> Iterable[tuple[int, int]]:
    beads = np.searchsorted(ends, text.sentence_of, side="right")
    return zip(text.numbers.tolist(), beads.tolist(), strict=True)


def _cheapest(ours: Sequence[int], theirs: Sequence[int], ratio: float) -> tuple[float, list[tuple[int, int]]] | None:
    """(cost, the ends of the beads) of the cheapest alignment, by dynamic programming near the diagonal."""
    rows, columns = len(ours), len(theirs)
    sums_ours, sums_theirs = [0, *np.cumsum(ours).tolist()], [0, *np.cumsum(theirs).tolist()]
    band = 3 + max(rows, columns) // 6 + abs(rows - columns)
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for row in range(rows + 1):
        middle = row * columns // rows
        for column in range(max(0, middle - band), min(columns, middle + band) + 1):
            cheapest = best.get((row, column), (math.inf, (0, 0)))
            for up, left, price in _PRICES:
                before = best.get((row - up, column - left))
                if before is not None and before[0] + price < cheapest[0]:
                    length = sums_ours[row] - sums_ours[row - up]
                    other = sums_theirs[column] - sums_theirs[column - left]
                    cost = before[0] + price + _surprise(length, other, ratio)
                    if cost < cheapest[0]:
                        cheapest = (cost, (row - up, column - left))
            if cheapest[0] < math.inf:
                best[row, column] = cheapest
    place = (rows, columns)
    if place not in best:
        return None
    total, ends = best[place][0], []
    while place != (0, 0):
        ends.append(place)
        place = best[place][1]
    return total, ends[::-1]


def _surprise(length: int, other: int, ratio: float) -> float:
    """Minus the logarithm of how likely lengths differ so much or more (Gale and Church's delta, two-sided)."""
    difference = length * ratio - other
    return _SURPRISE[min(int(difference * difference / (length + other / ratio) * _FINE), len(_SURPRISE) - 1)]


@cache
def _abbreviations(language: str) -> tuple[str, ...]:
    return load(language).all_forms("abbreviations") if language in codes() else ()


class TranslationFinder:
    """Remembers the outlines of the last `remembered` articles, a few hundred bytes each."""

    def __init__(self, remembered: int) -> None:
        self._remembered = remembered
        self._outlines: dict[str, Outline | None] = {}
        self._copies: set[str] = set()

    def remember(self, article: Article, *, new: bool = True, copy: bool) -> Outline | None:
        """`copy`: it repeats another text already, so nothing is a translation of it. See CopyFinder.find for `new`."""
        if not new and article.id not in self._outlines:
            return None
        made = self._outlines[article.id] = outline(article, _abbreviations(article.language))
        (self._copies.add if copy else self._copies.discard)(article.id)
        while len(self._outlines) > self._remembered:
            oldest = next(iter(self._outlines))
            del self._outlines[oldest]
            self._copies.discard(oldest)
        return made

    def find(self, made: Outline, others: Iterable[str]) -> tuple[CopyLink, ...]:
        """Links between the article and those of `others` (the closest first) that it translates or that translate it.

        The earliest is the original: one link to it; or, when the new one is, a link from each of them.
        """
        found: list[tuple[Outline, float]] = []
        compared = 0
        for other in (self._outlines.get(id) for id in others):
            if other is None or other.article == made.article or other.article in self._copies:
                continue
            if (other.language, other.script) == (made.language, made.script) or not _may_align(made, other):
                continue
            aligned = align(made, other)
            if aligned and aligned.likelihood >= THRESHOLD:
                found.append((other, aligned.single))
            compared += 1
            if compared == _COMPARED:
                break
        if not found:
            return ()
        first, share = min(found, key=lambda match: (match[0].at, match[0].article))
        if first.at <= made.at:
            self._copies.add(made.article)
            return (CopyLink(made.article, first.article, _kind(made, first), round(share, 4)),)
        self._copies.update(other.article for other, _ in found)
        return tuple(
            CopyLink(other.article, made.article, _kind(made, other), round(share, 4)) for other, share in found
        )


def _may_align(one: Outline, two: Outline) -> bool:
    """Cheap first: do they share numbers, where both have some?"""
    fewer = min(len(one.numbers), len(two.numbers))
    return fewer < 3 or 3 * len(np.intersect1d(one.numbers, two.numbers)) >= fewer


def _kind(one: Outline, two: Outline) -> Literal["translation", "script"]:
    return "script" if one.language == two.language else "translation"
