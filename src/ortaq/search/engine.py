"""Search by words (BM25), by meaning (vectors), or by both.

docs/decisions/search.md says how the two are joined, what was tuned on what, and what the query syntax can't do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from ortaq.model import Vector
from ortaq.search.answer import Answer, Hit
from ortaq.search.check import passes
from ortaq.search.fusion import fuse
from ortaq.search.query import MAX_QUERY, Part, Query, narrowed, parse_query
from ortaq.search.snippet import make_snippet
from ortaq.store.contract import Counts, Filters, Index, IndexHit, Records
from ortaq.understand.terms import STEM_MARK, query_terms

DEPTH = 1_000  # matches looked at for counts; beyond it "total" means "at least"
CHECKED = 200  # matches whose own words are looked at, for phrases and the like
MEANING_DEPTH = 100  # everything is near to something: deeper than this it is noise
MEANING_BELOW_BEST = 0.25  # a hit so much less similar than the best one is left out; not tuned
# Tuned on search/kk_tengrinews, dev, by `python -m benchmarks.search`, November 2026 (docs/decisions/search.md).
FEEDBACK = 3  # best hits whose vectors are added to the query's (Rocchio, 1971)
FEEDBACK_WEIGHT = 0.5

Mode = Literal["text", "meaning", "both"]
MODES: tuple[Mode, ...] = ("text", "meaning", "both")
__all__ = ["MAX_QUERY", "MODES", "Mode", "SearchEngine"]


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
        """The hits from `offset` on, best first; a query without a word to look for has no hits."""
        asked = parse_query(query)
        allowed = narrowed(filters or Filters(), asked.filters)
        words = query_terms(asked.text)
        if allowed is None or not words:
            return Answer(ignored=asked.ignored)
        ranked = self._ranked(asked, words, allowed, mode)
        if asked.checks:
            ranked = self._checked(ranked, asked.parts)
        return Answer(
            hits=self._hits(ranked[offset : offset + limit], words),
            total=len(ranked),
            counts=_counts(ranked),
            ignored=asked.ignored,
        )

    def _ranked(self, asked: Query, words: Sequence[str], filters: Filters, mode: Mode) -> list[IndexHit]:
        text = self._by_text(asked, words, filters) if mode != "meaning" else []
        if mode == "text":
            return text
        vector = self._embed_query(asked.text)
        meaning = self._by_meaning(vector, filters)
        if mode == "meaning" or not text:
            return meaning
        closer = self._fed_back(vector, fuse(text, meaning)[:FEEDBACK])
        # Not cut below the best: the hits fed back are nearest to themselves, all others would fall.
        return fuse(text, self._index.search_vector(closer, filters, MEANING_DEPTH))

    def _by_text(self, asked: Query, words: Sequence[str], filters: Filters) -> list[IndexHit]:
        """BM25; what must be there and what must not is asked of the index already, as far as a bag of words goes."""
        groups: dict[int, set[str]] = {}
        open_groups = {part.group for part in asked.parts if part.prefix}
        for part in asked.parts:
            if part.group and part.group not in open_groups:
                groups.setdefault(part.group, set()).update(query_terms(part.text))
        found = self._index.search_text(words, filters, DEPTH, [sorted(group) for group in groups.values()])
        known = {hit.article for hit in found}
        for part in asked.parts:
            if part.prefix and not part.excluded:
                for start in _starts(part):
                    more = self._index.search_prefix(start, filters, CHECKED)
                    found += [hit for hit in more if hit.article not in known]
                    known.update(hit.article for hit in more)
        return found

    def _by_meaning(self, vector: Vector, filters: Filters) -> list[IndexHit]:
        hits = self._index.search_vector(vector, filters, MEANING_DEPTH)
        return [hit for hit in hits if hit.score >= hits[0].score - MEANING_BELOW_BEST]

    def _fed_back(self, vector: Vector, best: Sequence[IndexHit]) -> Vector:
        """The query's vector drawn towards the best hits': pseudo-relevance feedback."""
        near = [made.vector for made in self._records.vectors([hit.article for hit in best]).values()]
        middle = np.mean(near, axis=0) if near else vector
        drawn = vector + FEEDBACK_WEIGHT * middle / max(float(np.linalg.norm(middle)), 1e-9)
        closer: Vector = (drawn / max(float(np.linalg.norm(drawn)), 1e-9)).astype(np.float32)
        return closer

    def _checked(self, ranked: Sequence[IndexHit], parts: Sequence[Part]) -> list[IndexHit]:
        """Those of the first hits whose own words are as asked; hits after them are left out, unseen."""
        first = {hit.article: hit for hit in ranked[:CHECKED]}
        stored = self._records.articles(list(first))
        return [first[one.article.id] for one in stored if passes(one.article, parts)]

    def _hits(self, ranked: Sequence[IndexHit], words: Sequence[str]) -> tuple[Hit, ...]:
        scores = {hit.article: hit.score for hit in ranked}
        made = []
        for stored in self._records.articles(list(scores)):
            snippet, marks = make_snippet(stored.article.text, words, stored.article.language)
            made.append(Hit(article=stored, score=scores[stored.article.id], snippet=snippet, marks=marks))
        return tuple(made)


def _starts(part: Part) -> list[str]:
    """A prefix's search forms, as it stands and in other scripts; a stem says nothing of a beginning."""
    return [term for term in query_terms(part.text) if not term.startswith(STEM_MARK)][:4]


def _counts(ranked: Sequence[IndexHit]) -> Counts:
    return Counts(
        languages=dict(Counter(hit.language for hit in ranked).most_common()),
        outlets=dict(Counter(hit.outlet for hit in ranked).most_common()),
    )
