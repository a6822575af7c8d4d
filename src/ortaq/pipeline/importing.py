"""Files → archive → records: what `ortaq import` does with documents, JSON Lines, folders and web archives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ortaq.gather.kind import LocalKind
from ortaq.model import Page, Problem, Source
from ortaq.pipeline.derive import Pipeline, Tally
from ortaq.pipeline.steps import BATCH_BYTES, page_digest
from ortaq.store.contract import PageFate

BATCH_PAGES = 256
SHOWN_PROBLEMS = 1_000  # kept for the summary; all of them are in the quarantine


@dataclass
class ImportTally:
    """read = new + revised + known + quarantined, in articles; a page of several posts counts each."""

    new: int = 0
    revised: int = 0
    known: int = 0
    quarantined: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.new + self.revised + self.known + self.quarantined


def import_path(
    pipeline: Pipeline,
    kind: LocalKind,
    path: Path,
    source: Source,
    now: datetime,
    changed: Callable[[ImportTally], None] = lambda tally: None,
) -> ImportTally:
    """Read the file or folder, a batch at a time; each batch is safe in the archive before the next is read.

    Stopped at any moment and started again, it passes over what it has done: the archive knows every page by digest.
    """
    tally = ImportTally()
    pipeline.drain()
    for batch in _batches(kind.pages(path, source, now)):
        pages = [item for item in batch if isinstance(item, Page)]
        problems = [item for item in batch if isinstance(item, Problem)]
        _take(pipeline, pages, tally)
        _put_problems(pipeline, problems, now, source, tally)
        changed(tally)
    return tally


def _take(pipeline: Pipeline, pages: Sequence[Page], tally: ImportTally) -> None:
    """Take the pages that the archive does not have yet, each once; count the others by what became of them."""
    digests = [page_digest(page) for page in pages]
    known = pipeline.records.known_pages(digests)
    fresh: dict[str, Page] = {}
    again: list[str] = []
    for digest, page in zip(digests, pages, strict=True):
        if digest in known or digest in fresh:
            again.append(digest)
        else:
            fresh[digest] = page
    _add(tally, pipeline.take(list(fresh.values())))
    known |= pipeline.records.known_pages([digest for digest in again if digest in fresh])
    for digest in again:
        fate = known.get(digest, PageFate())
        rejected = list(fate.rejected)
        _add(tally, Tally(known=fate.articles, quarantined=len(rejected), problems=rejected))


def _put_problems(
    pipeline: Pipeline, problems: Sequence[Problem], now: datetime, source: Source, tally: ImportTally
) -> None:
    if not problems:
        return
    with pipeline.records.write() as writer:
        for problem in problems:
            writer.put_problem(problem, now, source.id)
    tally.quarantined += len(problems)
    tally.problems += problems[: SHOWN_PROBLEMS - len(tally.problems)]


def _add(tally: ImportTally, done: Tally) -> None:
    # A page without an article (a section page in a web archive) is counted nowhere: nothing was to be read there.
    tally.new += done.new
    tally.revised += done.revised
    tally.known += done.known
    tally.quarantined += done.quarantined
    tally.problems += done.problems[: SHOWN_PROBLEMS - len(tally.problems)]


def _batches(items: Iterator[Page | Problem]) -> Iterator[list[Page | Problem]]:
    batch: list[Page | Problem] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item.body) if isinstance(item, Page) else 0
        if len(batch) >= BATCH_PAGES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
