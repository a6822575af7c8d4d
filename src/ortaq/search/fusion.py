"""Two rankings into one, by their scores."""

from __future__ import annotations

from collections.abc import Sequence

from ortaq.store.contract import IndexHit

MEANING_WEIGHT = 1.0
"""What the nearest meaning counts for, against the best BM25 score. docs/decisions/search.md has the figures."""


def fuse(text: Sequence[IndexHit], meaning: Sequence[IndexHit], weight: float = MEANING_WEIGHT) -> list[IndexHit]:
    """Sums of scores: BM25 divided by the best, cosines stretched to 0..1 ("min-max", Lee 1997).

    An article that one ranking lacks has 0 from it. Ties keep the order of the text ranking, then of meaning.
    """
    scores: dict[str, float] = {}
    hits: dict[str, IndexHit] = {}
    best = max((hit.score for hit in text), default=0.0)
    top = max((hit.score for hit in meaning), default=0.0)
    low = min((hit.score for hit in meaning), default=0.0)
    for hit in text:
        hits[hit.article] = hit
        scores[hit.article] = hit.score / best if best > 0 else 0.0
    for hit in meaning:
        hits.setdefault(hit.article, hit)
        near = (hit.score - low) / (top - low) if top > low else 1.0
        scores[hit.article] = scores.get(hit.article, 0.0) + weight * near
    return [
        IndexHit(article, scores[article], hits[article].story, hits[article].language, hits[article].outlet)
        for article in sorted(hits, key=lambda article: -scores[article])
    ]
