"""What a search gives back, and what whoever answers must offer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from ortaq.store.contract import Counts, Filters, StoredArticle


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found. `marks` are (start, end) offsets in `snippet` of what matched, in order, disjoint."""

    article: StoredArticle
    score: float
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of hits, best first. `total` and `counts` are of all that matches; `ignored` was not understood."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    counts: Counts = field(default_factory=Counts)
    ignored: tuple[str, ...] = ()


class Searcher(Protocol):
    """Answers queries; an empty query has no hits."""

    def search(
        self,
        query: str,
        *,
        filters: Filters,
        mode: Literal["text", "meaning", "both"] = "both",
        limit: int = 20,
        offset: int = 0,
    ) -> Answer: ...
