"""Search by words (BM25), by meaning (vectors), or by both, fused by rank.

Fusion: reciprocal rank fusion, Cormack, Clarke and Büttcher, SIGIR 2009, with its k = 60.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Literal

from ortaq.model import Vector
from ortaq.search.answer import Answer, Hit
from ortaq.search.snippet import make_snippet
from ortaq.store.contract import Counts, Filters, Index, IndexHit, Records
from ortaq.understand.terms import query_terms

DEPTH = 1_000  # matches looked at for counts; beyond it "total" means "at least"
MEANING_DEPTH = 100  # everything is near to something: deeper than this it is noise
MEANING_BELOW_BEST = 0.25  # a hit so much less similar than the best one is left out
RRF_K = 60
MAX_QUERY = 1_000  # characters; more than anyone types

Mode = Literal["text", "meaning", "both"]
MODES: tuple[Mode, ...] = ("text", "meaning", "both")


class SearchEngine:
    """Answers queries over one store; `embed_query` makes the vector of a query, loaded when first needed."""

    def __init__(self, records: Records, index: Index, embed_query: Callable[[str], Vector]) -> None:
        self._records = records
        self._index = index
        self._embed_query = embed_query

    def search(
        self,
        query: str,
        *,
        filters: Filters | None = None,
        mode: Mode = "both",
        limit: int = 20,
        offset: int = 0,
    ) -> Answer:
        """The hits from `offset` on, best first; an empty query has no hits."""
        filters = filters or Filters()
        query, ignored = query[:MAX_QUERY], query[MAX_QUERY:]
        words = query_terms(query)
        rankings: list[list[IndexHit]] = []
        if mode in ("text", "both"):
            rankings.append(self._index.search_text(words, filters, DEPTH))
        if mode in ("meaning", "both") and words:
            rankings.append(self._by_meaning(query, filters))
        ranked = fuse(rankings) if len(rankings) > 1 else (rankings[0] if rankings else [])
        return Answer(
            hits=self._hits(ranked[offset : offset + limit], words),
            total=len(ranked),
            counts=_counts(ranked),
            ignored=(ignored,) if ignored else (),
        )

    def _by_meaning(self, query: str, filters: Filters) -> list[IndexHit]:
        hits = self._index.search_vector(self._embed_query(query), filters, MEANING_DEPTH)
        return [hit for hit in hits if hit.score >= hits[0].score - MEANING_BELOW_BEST]

    def _hits(self, ranked: Sequence[IndexHit], words: Sequence[str]) -> tuple[Hit, ...]:
        scores = {hit.article: hit.score for hit in ranked}
        made = []
        for stored in self._records.articles(list(scores)):
            snippet, marks = make_snippet(stored.article.text, words, stored.article.language)
            made.append(Hit(article=stored, score=scores[stored.article.id], snippet=snippet, marks=marks))
        return tuple(made)


def fuse(rankings: Sequence[Sequence[IndexHit]]) -> list[IndexHit]:
    """Reciprocal rank fusion: each ranking gives an article 1 / (60 + rank); ties keep the first ranking's order."""
    scores: defaultdict[str, float] = defaultdict(float)
    hits: dict[str, IndexHit] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking, start=1):
            scores[hit.article] += 1.0 / (RRF_K + rank)
            hits.setdefault(hit.article, hit)
    order = sorted(hits, key=lambda article: -scores[article])
    return [
        IndexHit(article, scores[article], hits[article].story, hits[article].language, hits[article].outlet)
        for article in order
    ]


def _counts(ranked: Sequence[IndexHit]) -> Counts:
    return Counts(
        languages=dict(Counter(hit.language for hit in ranked).most_common()),
        outlets=dict(Counter(hit.outlet for hit in ranked).most_common()),
    )
