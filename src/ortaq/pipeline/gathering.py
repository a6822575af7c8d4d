"""The gathering loop: reads the sources that are due and the article addresses they led to, until told to stop.

A page is archived first, then derived, then its link is settled; a crash at any moment costs a second fetch at most.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import random
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ortaq import registry
from ortaq.errors import OrtaqError, Quarantined, Refused, Retry
from ortaq.gather.fetch import Fetcher, NotModified, TooSoon, html_reserves_tdm
from ortaq.gather.schedule import backoff
from ortaq.model import Outlet, Page, Problem, Source
from ortaq.pipeline.derive import Pipeline
from ortaq.pipeline.local import Stopped, local_sources, read_local
from ortaq.pipeline.sources import CHILD_MARK, recheck_at, unchanged_state
from ortaq.pipeline.tally import GatherTally
from ortaq.store.contract import PendingLink, SourceState

log = logging.getLogger(__name__)

PAGES_AT_ONCE = 32  # archived and derived together
WAITING_LINKS = 1_000
TICK = 1.0  # seconds between looks at what is due, when nothing ends earlier


class Gatherer:
    """One run over the sources of the outlets."""

    def __init__(
        self,
        pipeline: Pipeline,
        outlets: Sequence[Outlet],
        *,
        fetcher: Callable[[], Fetcher],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        changed: Callable[[GatherTally], None] = lambda tally: None,
        rng: random.Random | None = None,
    ) -> None:
        self.tally = GatherTally()
        self._pipeline = pipeline
        self._records = pipeline.records
        self._gather = pipeline.settings.gather
        self._local = local_sources(outlets)
        every = {source.id: source for outlet in outlets for source in outlet.sources}
        self._sources = {id: source for id, source in every.items() if id not in self._local}
        self._zones = {outlet.id: outlet.timezone or outlet.country for outlet in outlets}
        self._make_fetcher = fetcher
        self._now = now
        self._changed = changed
        self._rng = rng or random.Random()  # noqa: S311 - jitter, nothing secret
        self._busy: set[str] = set()
        self._asked: set[str] | None = None  # articles asked for in a run that rechecks all of them at once
        self._queue: asyncio.Queue[Page] = asyncio.Queue(maxsize=4 * PAGES_AT_ONCE)

    async def run(self, *, once: bool = False, at_once: bool = False, stop: asyncio.Event | None = None) -> GatherTally:
        """Gather until `stop` is set; with `once`, until nothing is due.

        `at_once` reads every source now, and every article that would be rechecked at some time.
        """
        stop = self._stop = stop or asyncio.Event()
        await asyncio.to_thread(self._pipeline.drain)
        if at_once:
            self._asked = set()
            await asyncio.to_thread(self._make_due)
        async with self._make_fetcher() as fetcher:
            intake = asyncio.create_task(self._take_pages(fetcher))
            tasks: set[asyncio.Task[None]] = set()
            try:
                while not stop.is_set():
                    for work in await asyncio.to_thread(self._due_work, fetcher):
                        tasks.add(asyncio.create_task(work))
                    if once and not tasks and self._queue.empty() and not self._busy:
                        break
                    tasks = await _first_done(tasks, stop, intake)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await self._queue.join() if not intake.done() else None
                intake.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await intake
                await asyncio.to_thread(self._archive_evidence, fetcher, [])
        return self.tally

    def _make_due(self) -> None:
        with self._records.write() as writer:
            for state in self._records.source_states():
                if state.source.partition(CHILD_MARK)[0] in self._sources or state.source in self._local:
                    writer.put_source_state(dataclasses.replace(state, due_at=None))

    def _due_work(self, fetcher: Fetcher) -> list[Coroutine[Any, Any, None]]:
        now = self._now()
        children = [s.source for s in self._records.source_states() if CHILD_MARK in s.source]
        keys = [*self._sources, *(key for key in children if key.partition(CHILD_MARK)[0] in self._sources)]
        work: list[Coroutine[Any, Any, None]] = []
        for state in self._records.due_sources([*keys, *self._local], now):
            if state.source not in self._busy:
                self._busy.add(state.source)
                local = state.source in self._local
                work.append(self._read_local(state) if local else self._read_source(fetcher, state))
        links = self._waiting_links(now)
        self.tally.waiting = len(links)
        for link in links:
            if link.url not in self._busy:
                self._busy.add(link.url)
                work.append(self._read_link(fetcher, link))
        return work

    def _waiting_links(self, now: datetime) -> list[PendingLink]:
        if self._asked is None:
            return self._records.pending_links(now, WAITING_LINKS)
        ahead = timedelta(seconds=self._gather.recheck_until)
        links = self._records.pending_links(now + ahead, WAITING_LINKS + len(self._asked), per_outlet=WAITING_LINKS)
        fresh = [link for link in links if link.url not in self._asked]
        self._asked.update(link.url for link in fresh)
        return fresh

    async def _read_source(self, fetcher: Fetcher, state: SourceState) -> None:
        id, _, child = state.source.partition(CHILD_MARK)
        source = self._sources[id]
        kind = registry.load(registry.SOURCES, source.kind)
        try:
            address = child or kind.request_url(source.address)
            answer = await _fetch(
                fetcher, address, source=source, role=kind.role, etag=state.etag, last_modified=state.last_modified
            )
        except OrtaqError as error:
            await self._source_failed(state, error)
            return
        self.tally.sources += 1
        if isinstance(answer, NotModified):
            self.tally.unchanged += 1
            await asyncio.to_thread(self._source_unchanged, state)
            self._busy.discard(state.source)
        else:
            # The pipeline puts the source's new state in the transaction that derives the page.
            await self._queue.put(dataclasses.replace(answer, url=address))

    def _source_unchanged(self, state: SourceState) -> None:
        with self._records.write() as writer:
            writer.put_source_state(unchanged_state(state, self._now(), self._gather))

    async def _read_local(self, state: SourceState) -> None:
        read = (self._pipeline, self._local[state.source], state, self._now(), self._stop.is_set)
        try:
            done = await asyncio.to_thread(read_local, *read)
        except Stopped:
            return
        except OrtaqError as error:
            await self._source_failed(state, error)
            return
        self.tally.sources += 1
        self.tally.pages += done.read - done.known
        self.tally.new += done.new
        self.tally.revised += done.revised
        self._busy.discard(state.source)
        self._changed(self.tally)

    async def _source_failed(self, state: SourceState, error: OrtaqError) -> None:
        now = self._now()
        if isinstance(error, TooSoon):  # not asked at all: no failure of the source
            due = now + timedelta(seconds=error.after or TICK)
            changed = dataclasses.replace(state, due_at=due, last_error=str(error))
        else:
            self._count_failure(error)
            log.warning("source %s: %s", state.source, error)
            failures = state.failures + 1
            after = error.after if isinstance(error, Retry) else None
            wait = backoff(failures, after, self._rng, ceiling=self._gather.max_interval)
            due = now + timedelta(seconds=wait)
            changed = dataclasses.replace(state, failures=failures, last_error=str(error), due_at=due)

        def put() -> None:
            with self._records.write() as writer:
                writer.put_source_state(changed)

        await asyncio.to_thread(put)
        self._busy.discard(state.source)

    async def _read_link(self, fetcher: Fetcher, link: PendingLink) -> None:
        source = self._sources.get(link.source) or Source(link.outlet, "page", link.url)
        etag, modified = await asyncio.to_thread(self._validators, link)
        hints = dataclasses.replace(link.link.hints, zone=self._zones.get(link.outlet, ""))
        try:
            answer = await _fetch(
                fetcher, link.url, source=source, role="article", hints=hints, etag=etag, last_modified=modified
            )
            if isinstance(answer, Page) and self._gather.honor_tdm and html_reserves_tdm(answer.body):
                raise Refused("the page reserves text and data mining", where=link.url, fix="Ask the outlet")
        except OrtaqError as error:
            if not isinstance(error, TooSoon):
                self._count_failure(error)
            await asyncio.to_thread(self._link_failed, link, error)
            self._busy.discard(link.url)
            return
        if isinstance(answer, NotModified):
            self.tally.unchanged += 1
            await asyncio.to_thread(self._link_unchanged, link)
            self._busy.discard(link.url)
        else:
            await self._queue.put(answer)

    def _validators(self, link: PendingLink) -> tuple[str, str]:
        """ETag and Last-Modified of the last whole answer, for a recheck."""
        article = self._records.article_id_by_url(link.url) if link.checked_at else None
        if article is None:
            return "", ""
        try:
            headers = dict(self._pipeline.archive.get(self._records.article(article).position).headers)
        except OrtaqError as error:  # the article is simply fetched whole
            log.warning("%s", error)
            return "", ""
        lower = {name.lower(): value for name, value in headers.items()}
        return lower.get("etag", ""), lower.get("last-modified", "")

    def _link_unchanged(self, link: PendingLink) -> None:
        with self._records.write() as writer:
            at = recheck_at(link.checked_at or self._now(), self._now(), self._gather)
            writer.settle_link(link.url, "done", recheck_at=at)

    def _link_failed(self, link: PendingLink, error: OrtaqError) -> None:
        now = self._now()
        with self._records.write() as writer:
            if isinstance(error, TooSoon):  # not asked at all: no attempt of this page
                writer.put_off_link(link.url, now + timedelta(seconds=error.after or TICK))
                return
            if isinstance(error, Retry) and link.attempts + 1 < self._gather.max_attempts:
                wait = backoff(link.attempts + 1, error.after, self._rng)
                writer.postpone_link(link.url, now + timedelta(seconds=wait), str(error))
                return
            writer.settle_link(link.url, "refused" if isinstance(error, Refused) else "gone", str(error))
            if isinstance(error, Quarantined):
                writer.put_problem(Problem(error.where or link.url, error.what, error.fix), now, link.source)

    def _count_failure(self, error: OrtaqError) -> None:
        if isinstance(error, Refused):
            self.tally.refused += 1
        else:
            self.tally.failed += 1
        self._changed(self.tally)

    async def _take_pages(self, fetcher: Fetcher) -> None:
        """Archive and derive what was fetched, a batch at a time, as it comes."""
        while True:
            pages = [await self._queue.get()]
            while len(pages) < PAGES_AT_ONCE and not self._queue.empty():
                pages.append(self._queue.get_nowait())
            await asyncio.to_thread(self._archive_evidence, fetcher, pages)
            for page in pages:
                if page.role == "article":
                    self._busy.discard(page.url)
                else:
                    self._busy -= {page.source, page.source + CHILD_MARK + page.url}
                self._queue.task_done()
            self._changed(self.tally)

    def _archive_evidence(self, fetcher: Fetcher, pages: Sequence[Page]) -> None:
        decisions, evidence = fetcher.drain_evidence()
        if decisions:
            with self._records.write() as writer:
                for decision in decisions:
                    writer.put_decision(decision)
        if pages or evidence:
            done = self._pipeline.take([*evidence, *pages])
            self.tally.pages += len(pages)
            self.tally.new += done.new
            self.tally.revised += done.revised


async def _fetch(fetcher: Fetcher, url: str, **how: Any) -> Page | NotModified:
    """`Fetcher.fetch`, and Retry for a fault of ours: one address must never stop the others."""
    try:
        return await fetcher.fetch(url, **how)
    except OrtaqError:
        raise
    except Exception as error:
        log.exception("fetching %s failed", url)
        raise Retry(f"fault in the fetcher: {error!r}", where=url, fix="Please report it") from error


async def _first_done(
    tasks: set[asyncio.Task[None]], stop: asyncio.Event, intake: asyncio.Task[None]
) -> set[asyncio.Task[None]]:
    """Wait for any task, the stop or a tick; raise what a task or the intake raised; return the unfinished tasks."""
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({*tasks, stopping, intake}, timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for task in done - {stopping}:
        task.result()
    return tasks - done
