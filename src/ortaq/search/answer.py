"""What a search gives back, and what whoever answers must offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from ortaq.store.contract import Counts, Filters, StoredArticle

Why = Literal["words", "meaning", "both"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found. `marks` are (start, end) offsets in `snippet` of what matched, in order, disjoint.

    `words` are those of the query that the article has, in any form; `meaning` says that it is near in meaning.
    `copies` are further articles found that repeat the same text in the same language, folded under this one.
    """

    article: StoredArticle
    score: float
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()
    words: tuple[str, ...] = ()
    meaning: bool = False
    copies: int = 0

    @property
    def why(self) -> Why:
        return "both" if self.words and self.meaning else "meaning" if self.meaning else "words"


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of hits, best first; `following` is the place after the last one and its id, None on the last page.

    `total` and `counts` are of all that matches, copies folded; not `complete`: there are more than were looked at.
    `ignored` was not understood. `suggestion` is the query with words that nobody wrote replaced by likely ones.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    counts: Counts = field(default_factory=Counts)
    ignored: tuple[str, ...] = ()
    complete: bool = True
    suggestion: str = ""
    following: tuple[int, str] | None = None


class Searcher(Protocol):
    """Answers queries; an empty query has no hits."""

    def search(
        self,
        query: str,
        *,
        filters: Filters,
        kinds: Sequence[str] = (),
        mode: Literal["text", "meaning", "both"] = "both",
        limit: int = 20,
        offset: int = 0,
        after: str = "",
    ) -> Answer: ...
