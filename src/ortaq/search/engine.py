"""Search by words (BM25), by meaning (vectors), or by both.

docs/decisions/search.md says how the two are joined, what was tuned on what, and what the query syntax can't do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Literal

import numpy as np

from ortaq.model import Vector
from ortaq.search import chance, facets
from ortaq.search.answer import Answer, Hit
from ortaq.search.check import passes
from ortaq.search.query import MAX_QUERY, Part, Query, narrowed, parse_query, unquoted
from ortaq.search.ranking import SENTENCE, Found, by_beginning, by_words, fuse
from ortaq.search.snippet import make_snippet
from ortaq.search.suggest import suggestion
from ortaq.store.contract import Filters, Index, IndexHit, Records
from ortaq.text.tokens import words
from ortaq.understand.terms import STEM_MARK, query_terms

DEPTH = 1_000  # matches looked at for counts; with more the answer is not complete
CHECKED = 200  # matches whose own text is looked at, for phrases and the like
COVERED = 100  # matches of which it is asked which words of the query they have
MEANING_DEPTH = 100  # everything is near to something: deeper than this it is noise
FEEDBACK = 3  # best hits whose vectors are added to the query's (Rocchio, 1971)
FEEDBACK_WEIGHT = 0.5

DOUBTFUL = 8  # words that none of the first hits has; with more no suggestion is looked for

Mode = Literal["text", "meaning", "both"]
MODES: tuple[Mode, ...] = ("text", "meaning", "both")
__all__ = ["MAX_QUERY", "MODES", "Mode", "SearchEngine"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query, its words with the terms each may stand for, and all the terms."""

    query: Query
    words: Mapping[str, frozenset[str]]
    tokens: tuple[str, ...]


class SearchEngine:
    """Answers queries over one store.

    `embed_query` makes the vector of a query by the model of that name, loaded when first needed. Days begin in
    `zone`.
    """

    def __init__(
        self,
        records: Records,
        index: Index,
        embed_query: Callable[[str], Vector],
        *,
        model: str = "",
        zone: tzinfo = UTC,
    ) -> None:
        self._records = records
        self._index = index
        self._embed_query = embed_query
        self._model = model
        self._zone = zone

    def search(
        self,
        query: str,
        *,
        filters: Filters | None = None,
        kinds: Sequence[str] = (),
        mode: Mode = "both",
        limit: int = 20,
        offset: int = 0,
        after: str = "",
    ) -> Answer:
        """The hits from `offset` on, or after the hit `after` where it is still found, best first.

        `kinds` are of outlets. A query without a word to look for has no hits.
        """
        parsed = parse_query(query, self._zone)
        answer = self._answer(query, parsed, filters or Filters(), kinds, mode, limit, offset, after)
        quotes = any(part.phrase and not part.excluded for part in parsed.parts)
        if not answer.total and quotes and len(words(parsed.text)) > SENTENCE:
            # A pasted sentence may well quote something; in another language nobody has those words.
            return self._answer(query, unquoted(parsed), filters or Filters(), kinds, mode, limit, offset, after)
        return answer

    def _answer(
        self,
        typed: str,
        parsed: Query,
        filters: Filters,
        kinds: Sequence[str],
        mode: Mode,
        limit: int,
        offset: int,
        after: str,
    ) -> Answer:
        kind_of = {outlet.id: outlet.kind for outlet in self._records.outlets()}
        allowed = narrowed(filters, parsed.filters)
        if kinds and allowed is not None:
            of_kind = tuple(outlet for outlet, kind in kind_of.items() if kind in kinds)
            allowed = narrowed(allowed, Filters(outlets=of_kind)) if of_kind else None
        tokens = tuple(query_terms(parsed.text))
        if allowed is None or not tokens:
            return Answer(ignored=parsed.ignored)
        asked = _Asked(parsed, {word: frozenset(query_terms(word)) for word in words(_plain(parsed))}, tokens)
        text = self._by_text(asked, allowed) if mode != "meaning" else []
        ranked = text if mode == "text" else self._with_meaning(asked, text, allowed, mode)
        complete = len(text) < DEPTH
        if parsed.checks:
            complete = complete and len(ranked) <= CHECKED
            ranked = self._checked(ranked, parsed.parts)
        shown = facets.fold(ranked)
        place = next((at + 1 for at, (one, _) in enumerate(shown) if one.hit.article == after), offset)
        page = shown[place : place + limit]
        last = place + len(page)
        return Answer(
            hits=self._hits(page, asked),
            total=len(shown),
            counts=facets.counts(ranked, kind_of, self._zone),
            ignored=parsed.ignored,
            complete=complete,
            suggestion=self._suggestion(typed, asked, text) if mode != "meaning" else "",
            following=(last, page[-1][0].hit.article) if page and last < len(shown) else None,
        )

    def _by_text(self, asked: _Asked, filters: Filters) -> list[Found]:
        """BM25; what must be there and what must not is asked of the index already, as far as a bag of words goes."""
        groups: dict[int, set[str]] = {}
        parts = asked.query.parts
        open_groups = {part.group for part in parts if part.prefix}
        for part in parts:
            if part.group and part.group not in open_groups:
                groups.setdefault(part.group, set()).update(query_terms(part.text))
        hits = self._index.search_text(asked.tokens, filters, DEPTH, [sorted(group) for group in groups.values()])
        has = self._index.matched([hit.article for hit in hits[:COVERED]], asked.tokens)
        found = by_words(hits, has, list(asked.words.values()))
        known = {hit.article for hit in hits}
        for part in parts:
            for start in _starts(part):
                more = [hit for hit in self._index.search_prefix(start, filters, CHECKED) if hit.article not in known]
                found += by_beginning(more)
                known.update(hit.article for hit in more)
        return found

    def _with_meaning(self, asked: _Asked, text: Sequence[Found], filters: Filters, mode: Mode) -> list[Found]:
        vector = self._embed_query(asked.query.text)
        near = self._index.search_vector(vector, filters, MEANING_DEPTH)
        if not text and not self._index.search_text(asked.tokens, Filters(), 1):
            return fuse([], near, chance.least_of_unknown(vector, self._model, self._index.count()))
        ranked = fuse(text, near, chance.least(vector, self._model))
        if mode == "meaning" or not text:
            return ranked
        closer = self._fed_back(vector, [one.hit for one in ranked[:FEEDBACK]])
        near = self._index.search_vector(closer, filters, MEANING_DEPTH)
        return fuse(text, near, chance.least(closer, self._model))

    def _fed_back(self, vector: Vector, best: Sequence[IndexHit]) -> Vector:
        """The query's vector drawn towards the best hits': pseudo-relevance feedback."""
        near = [made.vector for made in self._records.vectors([hit.article for hit in best]).values()]
        middle = np.mean(near, axis=0) if near else vector
        drawn = vector + FEEDBACK_WEIGHT * middle / max(float(np.linalg.norm(middle)), 1e-9)
        closer: Vector = (drawn / max(float(np.linalg.norm(drawn)), 1e-9)).astype(np.float32)
        return closer

    def _checked(self, ranked: Sequence[Found], parts: Sequence[Part]) -> list[Found]:
        """Those of the first hits whose own words are as asked; hits after them are left out, unseen."""
        first = {one.hit.article: one for one in ranked[:CHECKED]}
        stored = self._records.articles(list(first))
        return [first[one.article.id] for one in stored if passes(one.article, parts)]

    def _hits(self, page: Sequence[tuple[Found, int]], asked: _Asked) -> tuple[Hit, ...]:
        unseen = [one.hit.article for one, _ in page if one.tokens is None]
        seen = self._index.matched(unseen, asked.tokens)
        found = {one.hit.article: (one, copies) for one, copies in page}
        made = []
        for stored in self._records.articles(list(found)):
            one, copies = found[stored.article.id]
            has = seen.get(stored.article.id, frozenset()) if one.tokens is None else one.tokens
            snippet, marks = make_snippet(stored.article.text, asked.tokens, stored.article.language)
            matching = tuple(word for word, terms in asked.words.items() if not has.isdisjoint(terms))
            made.append(Hit(stored, one.score, snippet, marks, matching, one.near, copies))
        return tuple(made)

    def _suggestion(self, typed: str, asked: _Asked, text: Sequence[Found]) -> str:
        """Only for words that no article has."""
        known: frozenset[str] = frozenset().union(*(one.tokens for one in text if one.tokens))
        doubtful = [word for word, terms in asked.words.items() if known.isdisjoint(terms)]
        if len(doubtful) > DOUBTFUL:
            return ""
        unknown = [word for word in doubtful if not self._index.search_text(sorted(asked.words[word]), Filters(), 1)]
        return suggestion(typed, unknown, self._index, self._records)


def _plain(parsed: Query) -> str:
    """The words that an article should have as they are, or in another form."""
    return " ".join(part.text for part in parsed.parts if not part.excluded and not part.prefix)


def _starts(part: Part) -> list[str]:
    """A prefix's search forms, as it stands and in other scripts; a stem says nothing of a beginning."""
    if not part.prefix or part.excluded:
        return []
    return [term for term in query_terms(part.text) if not term.startswith(STEM_MARK)][:4]
