"""Which known article does this one repeat?

Some of a text's shingles, chosen by their hash and so the same in every text, go into a table of fixed size that
names the last articles with each; those that come back most often are compared in full. The work is linear in
the text, the memory is bounded: the oldest articles and entries give way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ortaq.model import Article, CopyLink
from ortaq.unify.shingles import Hashes, Shingles, shingles

REMEMBERED = 32_768  # articles, as many as the stories of the working set follow from (unify/working)
NEAR = 0.3  # of all shingles of both texts are shared: a fifth of the words may be other ones
PART = 0.6  # of the shorter text's shingles are in the longer
_LEAST_WORDS = 8  # shorter texts ("Read on our site") are no copies of one another
_LEAST_SHARED = 8  # shingles, to call one text a part of another
_CHOSEN = 2**30  # hashes below this, a quarter of all, are entered in the table
_LEAST_CHOSEN = 8
_COMPARED = 12  # articles compared in full
_WAYS = 8  # articles remembered for one shingle


@dataclass(frozen=True, slots=True)
class _Known:
    id: str
    url: str
    at: float
    order: int
    text: Shingles


class CopyFinder:
    """Holds the last `remembered` articles (about 1.5 kB each) and a table of `2 ** bits` rows (64 bytes each)."""

    def __init__(self, remembered: int = REMEMBERED, bits: int = 18) -> None:
        self._known: dict[int, _Known] = {}  # by number, in order of arrival
        self._number_of: dict[str, int] = {}
        self._original_of: dict[int, int] = {}
        self._remembered = remembered
        self._next = 0
        self._mask = np.uint32(2**bits - 1)
        self._entries: npt.NDArray[np.int32] = np.full((2**bits, _WAYS), -1, np.int32)
        self._tags: Hashes = np.zeros((2**bits, _WAYS), np.uint32)
        self._turn: npt.NDArray[np.uint8] = np.zeros(2**bits, np.uint8)

    def find(self, article: Article, *, new: bool = True) -> tuple[CopyLink, ...]:
        """Remember the article, and say what it repeats.

        One link to the earliest article that it repeats; or, when it appeared before all of those, a link from each
        of them to it. Another state of the same address is no copy. One that is not `new` (its text was revised) and
        was forgotten is not remembered again.
        """
        text = shingles(article.text or article.headline)
        if not new and article.id not in self._number_of:
            return ()
        number, known = self._remember(article, text)
        repeated = self._repeated(number, known)
        if not repeated:
            return ()
        first = min(repeated, key=lambda match: (self._known[match[0]].at, match[0]))
        origin = self._known[first[0]]
        if (origin.at, first[0]) < (known.at, number):
            self._original_of[number] = first[0]
            return (CopyLink(known.id, origin.id, first[1], first[2]),)
        self._original_of.update((other, number) for other, _, _ in repeated)
        return tuple(CopyLink(self._known[other].id, known.id, kind, share) for other, kind, share in repeated)

    def restore(self, articles: Iterable[tuple[Article, str]]) -> None:
        """Remember articles with the ids of their originals ("" for none) in the order they came.

        As if each had been asked about, but for revised texts, which stand at the place of their first state.
        """
        originals: dict[int, str] = {}
        for article, original in articles:
            number, known = self._remember(article, shingles(article.text or article.headline))
            if known.text.words >= _LEAST_WORDS:
                chosen = _chosen(known.text.hashes)
                self._enter(chosen & self._mask, chosen, number)
            if original:
                originals[number] = original
        for number, original in originals.items():
            if number in self._known and original in self._number_of:
                self._original_of[number] = self._number_of[original]

    def _remember(self, article: Article, text: Shingles) -> tuple[int, _Known]:
        if article.id in self._number_of:
            number = self._number_of[article.id]
        else:
            number, self._next = self._next, self._next + 1
            self._number_of[article.id] = number
        known = self._known[number] = _Known(article.id, article.url, article.at.timestamp(), number, text)
        if len(self._known) > self._remembered:
            oldest = next(iter(self._known))
            del self._number_of[self._known.pop(oldest).id]
            self._original_of.pop(oldest, None)
        return number, known

    def _repeated(self, number: int, known: _Known) -> list[tuple[int, Literal["exact", "near", "part"], float]]:
        if known.text.words < _LEAST_WORDS:
            return []
        chosen = _chosen(known.text.hashes)
        rows = chosen & self._mask
        hits = self._entries[rows][self._tags[rows] == chosen[:, None]]
        self._enter(rows, chosen, number)
        candidates, counts = np.unique(hits[hits > self._next - 1 - self._remembered], return_counts=True)
        nearest = candidates[np.lexsort((candidates, -counts))][:_COMPARED].tolist()
        nearest += [self._original_of[other] for other in nearest if other in self._original_of]
        found = []
        for other in dict.fromkeys(nearest):
            if other in self._known and other != number and self._known[other].url != known.url:
                kind, share = _likeness(known.text, self._known[other].text)
                if kind:
                    found.append((other, kind, share))
        return found

    def _enter(self, rows: npt.NDArray[np.uint32], hashes: Hashes, number: int) -> None:
        """Each hash takes its row's next place, the oldest entry's."""
        turn = self._turn[rows] % _WAYS
        self._entries[rows, turn] = number
        self._tags[rows, turn] = hashes
        self._turn[rows] = turn + 1


def _chosen(hashes: Hashes) -> Hashes:
    low = int(np.searchsorted(hashes, _CHOSEN))
    return hashes[: max(low, _LEAST_CHOSEN)]


def _likeness(one: Shingles, two: Shingles) -> tuple[Literal["exact", "near", "part"] | None, float]:
    """What kind of copy two texts are of one another, and the share of the shorter one's shingles."""
    if one.whole == two.whole and one.words == two.words:
        return "exact", 1.0
    shared = len(np.intersect1d(one.hashes, two.hashes, assume_unique=True))
    shorter = min(len(one.hashes), len(two.hashes))
    if not shared or not shorter:
        return None, 0.0
    share = round(shared / shorter, 4)
    if shared / (len(one.hashes) + len(two.hashes) - shared) >= NEAR:
        return "near", share
    return ("part", share) if share >= PART and shared >= _LEAST_SHARED else (None, share)
