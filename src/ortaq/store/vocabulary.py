"""The index's terms with how often they occur: for beginnings of words, and for words that nobody wrote.

Counted from the tokens of all articles when the index has grown by a quarter since the last time, so that the cost of
an article stays the same however many there are. Stems are left out: nobody types or reads them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Any

TERMS = "terms"
MAX_TERMS = 500_000  # the most frequent are kept
_STEM_MARK = "~"
_SHORTEST, _LONGEST = 2, 32  # characters
_BATCH = 4_096  # articles


class Vocabulary:
    """Terms in order, with their counts; all of it in memory."""

    def __init__(self, terms: Sequence[str], counts: Sequence[int]) -> None:
        self._terms = list(terms)
        self._counts = dict(zip(terms, counts, strict=True))
        self._by_length: dict[int, list[str]] = {}
        for term in self._terms:
            self._by_length.setdefault(len(term), []).append(term)

    def beginning(self, prefix: str, limit: int) -> list[str]:
        """The terms that begin so, the most frequent first."""
        start = bisect_left(self._terms, prefix)
        end = bisect_left(self._terms, prefix + "\U0010ffff")
        return sorted(self._terms[start:end], key=lambda term: -self._counts[term])[:limit]

    def near(self, term: str, limit: int) -> list[str]:
        """Terms at most one letter off (two in words from eight letters on; swapped neighbors count as one).

        The nearest first, and of these the most frequent. Linear in the terms of about this length.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = 0 if len(term) < 4 or not any(map(str.isalpha, term)) else 1 if len(term) < 8 else 2
        if not most:
            return []
        found: list[tuple[int, int, str]] = []
        for length in range(len(term) - most, len(term) + most + 1):
            choices = self._by_length.get(length, [])
            for other, off, _ in process.extract(term, choices, scorer=OSA.distance, score_cutoff=most, limit=50):
                if other != term:
                    found.append((int(off), -self._counts[other], other))
        return [other for _, _, other in sorted(found)[:limit]]


def count_terms(table: Any) -> Any:
    """(term, count) of all articles as an Arrow table, in the order of the terms."""
    import pyarrow as pa
    import pyarrow.compute as pc

    counts: Counter[str] = Counter()
    for batch in table.search().select(["tokens"]).limit(None).to_batches(batch_size=_BATCH):
        told = pc.split_pattern(batch.column("tokens"), " ").flatten().value_counts()
        terms, times = told.field("values").to_pylist(), told.field("counts").to_pylist()
        for term, count in zip(terms, times, strict=True):
            if term and term[0] != _STEM_MARK and _SHORTEST <= len(term) <= _LONGEST:
                counts[term] += count
        if len(counts) > 4 * MAX_TERMS:
            counts = Counter(dict(counts.most_common(2 * MAX_TERMS)))
    kept = sorted(counts.most_common(MAX_TERMS))
    return pa.table(
        {
            "term": pa.array([term for term, _ in kept], pa.string()),
            "count": pa.array([count for _, count in kept], pa.int64()),
        }
    )
