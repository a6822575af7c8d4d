"""Records → index, through the outbox: what is taken out of the outbox is in the index, whatever crashes between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ortaq.model import Annotation, tag
from ortaq.store.contract import Index, IndexRow, Records, StoredArticle
from ortaq.understand.terms import terms

BATCH = 500
# Rows that wait to be folded in: LanceDB searches them one by one. A tenth of the index, so that a long import does
# not fold a large index after every few articles, but no more than people would wait for.
LEAST_WAITING, MOST_WAITING = 20, 5_000


def feed_index(records: Records, index: Index, advance: Callable[[int], None] = lambda rows: None) -> int:
    """Write every article that waits in the outbox to the index; returns how many rows were written.

    Idempotent: killed between the index and the outbox, the next call writes the same rows again.
    """
    written = 0
    countries: Mapping[str, str] = {}
    while waiting := records.outbox(BATCH):
        countries = countries or {outlet.id: outlet.country for outlet in records.outlets()}
        ids = list(dict.fromkeys(article for _, article in waiting))
        rows = _rows(records.articles(ids), records.vectors(ids), countries)
        index.upsert(rows)
        records.outbox_done(waiting[-1][0])
        written += len(rows)
        # Asked of the index, since most calls and many processes write a few rows only.
        if index.unfolded() > min(MOST_WAITING, max(LEAST_WAITING, index.count() // 10)):
            index.optimize()
        advance(len(rows))
    return written


def _rows(
    stored: Sequence[StoredArticle], vectors: Mapping[str, Annotation], countries: Mapping[str, str]
) -> list[IndexRow]:
    return [
        IndexRow(
            article=item.article.id,
            story=item.story,
            outlet=item.article.outlet,
            country=countries.get(item.article.outlet, ""),
            language=tag(item.article.language, item.article.script),
            published_at=item.article.at,
            copy=item.copy_of is not None and item.copy_of.folds,
            original=item.copy_of.original if item.copy_of and item.copy_of.folds else "",
            headline_tokens=" ".join(terms(item.article.headline, item.article.language)),
            text_tokens=" ".join(terms(item.article.text, item.article.language)),
            annotation=vectors[item.article.id],
        )
        for item in stored
        if item.article.id in vectors
    ]
