"""From what the index found to one ranking. docs/decisions/search.md has the figures behind every number here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ortaq.store.contract import IndexHit

# Tuned on half of search/kk_tengrinews, dev, and on parallel/ntrex.dev, November 2026.
MEANING_WEIGHT = 0.75  # what the nearest meaning counts for, against an article with every word of the query
SENTENCE = 4  # words; a longer query has so many common words that sharing some says little
_BEGINNING = 0.5  # the score of an article that has only a word beginning as asked


@dataclass(frozen=True, slots=True)
class Found:
    """An article in the ranking. `tokens` are the query's terms that it has, None where that was not looked at."""

    hit: IndexHit
    score: float
    tokens: frozenset[str] | None = None
    near: bool = False  # in meaning


def by_words(
    hits: Sequence[IndexHit], tokens: Mapping[str, frozenset[str]], words: Sequence[Collection[str]]
) -> list[Found]:
    """BM25 divided by the best, times the share of the query's words (each a set of terms) that the article has.

    So a score is 1 only for an article with every word, and the best of poor matches is still poor. The share counts
    squared in a sentence. Articles that `tokens` lacks come after the others, in the order of their BM25.
    """
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    power = 2 if len(words) > SENTENCE else 1
    looked, rest = [], []
    for hit in hits:
        has = tokens.get(hit.article)
        if has is None:
            rest.append(hit)
        else:
            share = sum(not has.isdisjoint(word) for word in words) / len(words) if words else 1.0
            looked.append(Found(hit, hit.score / best * share**power, has))
    looked.sort(key=lambda one: -one.score)
    floor = looked[-1].score if looked else 1.0
    most = rest[0].score if rest else 1.0
    return looked + [Found(hit, floor * hit.score / most if most > 0 else 0.0) for hit in rest]


def by_beginning(hits: Sequence[IndexHit]) -> list[Found]:
    """Articles found by the beginning of a word alone."""
    return [Found(hit, _BEGINNING, frozenset()) for hit in hits]


def fuse(text: Sequence[Found], meaning: Sequence[IndexHit], least: float = -1.0) -> list[Found]:
    """Sums of scores: the words' as they are, and cosines stretched to 0..1 ("min-max", Lee 1997) and weighted.

    Of meaning only what reaches the cosine `least` counts. Ties keep the order of the text ranking, then of meaning.
    """
    made = {one.hit.article: one for one in text}
    top = max((hit.score for hit in meaning), default=0.0)
    low = min((hit.score for hit in meaning), default=0.0)
    for hit in meaning:
        if hit.score < least:
            continue
        near = MEANING_WEIGHT * ((hit.score - low) / (top - low) if top > low else 1.0)
        known = made.get(hit.article)
        made[hit.article] = (
            Found(known.hit, known.score + near, known.tokens, near=True)
            if known
            else Found(hit, near, None, near=True)
        )
    return sorted(made.values(), key=lambda one: -one.score)
