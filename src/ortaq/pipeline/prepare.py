"""What can be done of a batch before the one ahead of it is in the records: reading and annotating, in other processes.

With several processes a batch is prepared while the one before it is joined into stories, recorded and indexed. Each
process has the model to itself, with one thread. With one process nothing is prepared: the model's threads fill the
machine as it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import TypeVar

from ortaq.model import Annotation, Article, Discovery, Page, Problem, ReadResult
from ortaq.pipeline.executor import Executor
from ortaq.pipeline.steps import (
    Texts,
    annotate_or_say_why,
    changed_articles,
    discover_or_say_why,
    read_or_say_why,
)
from ortaq.settings import EmbedSettings
from ortaq.store.contract import Position, Records, StoredArticle
from ortaq.understand.embed import Embedder, load_embedder

T = TypeVar("T")
Batch = Sequence[tuple[Position, Position, Page]]
Annotated = tuple[Texts[Annotation], Texts[Problem]]
CHUNK = 8  # texts sent to another process at once: a fraction of a second's work


@dataclass
class Prepared:
    """A batch that was read. `pending` gives annotations of its texts as they come, not of all of them."""

    batch: Batch
    results: list[ReadResult]
    discoveries: list[Discovery | None]
    pending: Iterator[Annotated]

    @property
    def articles(self) -> list[Article]:
        return [article for result in self.results for article in result.articles]


class Annotator:
    """Annotates in this process, or divides the texts among the executor's."""

    def __init__(self, executor: Executor, settings: EmbedSettings, embedder: Callable[[], Embedder]) -> None:
        self._executor = executor
        self._alone = dataclasses.replace(settings, threads=1)
        self._embedder = embedder

    def check(self) -> None:
        """Load the model, if it is not loaded. Raises ConfigError when it can't be."""
        if self._executor.processes > 1:
            list(self._executor.map(_load, [self._alone]))
        else:
            self._embedder()

    def annotate(self, articles: Texts[Article]) -> Iterator[Annotated]:
        """Begins at once where other processes do it; in this one when the result is asked for."""
        if self._executor.processes > 1:
            return self._executor.map(partial(_annotate, self._alone), list(_chunks(articles)))
        return (annotate_or_say_why(part, self._embedder()) for part in [articles] if part)

    def complete(self, prepared: Prepared, changed: Texts[Article]) -> Annotated:
        """The annotations and faults of the changed articles: those prepared, and the rest made now."""
        found: Texts[Annotation] = {}
        faults: Texts[Problem] = {}
        for part, bad in prepared.pending:
            found |= part
            faults |= bad
        rest = {key: article for key, article in changed.items() if key not in found and key not in faults}
        for part, bad in self.annotate(rest):
            found |= part
            faults |= bad
        return found, faults


def prepared(
    batches: Iterable[Batch], executor: Executor, annotator: Annotator, records: Records
) -> Iterator[Prepared]:
    """Each batch read; with several processes the next one is begun before one is given out."""
    several = executor.processes > 1

    def prepare(batch: Batch) -> Prepared:
        pages = [page for _, _, page in batch]
        results = list(executor.map(read_or_say_why, pages))
        discoveries = [discover_or_say_why(page) if page.role == "listing" else None for page in pages]
        made = Prepared(batch, results, discoveries, iter(()))
        if several:
            # The batch ahead may still change what is stored: then this annotates too much, or `complete` the rest.
            made.pending = annotator.annotate(changed_articles(made.articles, stored(records, made.articles)))
        return made

    made = map(prepare, batches)
    return _one_ahead(made) if several else made


def stored(records: Records, articles: Sequence[Article]) -> dict[str, StoredArticle]:
    """What the records hold of these articles, by id."""
    ids = dict.fromkeys(article.id for article in articles)
    return {item.article.id: item for item in records.articles(list(ids))}


def _one_ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, each taken when the one before it is given out."""
    waiting = list(islice(items, 1))
    for item in items:
        yield waiting.pop()
        waiting.append(item)
    yield from waiting


def _chunks(articles: Texts[Article]) -> Iterator[Texts[Article]]:
    rest = iter(articles.items())
    while part := dict(islice(rest, CHUNK)):
        yield part


def _annotate(settings: EmbedSettings, articles: Texts[Article]) -> Annotated:
    return annotate_or_say_why(articles, _loaded(settings))


@cache
def _loaded(settings: EmbedSettings) -> Embedder:
    return load_embedder(settings)


def _load(settings: EmbedSettings) -> None:
    _loaded(settings)
