"""What a listing changes in the records: links to fetch, further listings, and when it is read again."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from ortaq.gather.schedule import next_interval
from ortaq.model import Discovery, Page
from ortaq.settings import GatherSettings
from ortaq.store.contract import Records, SourceState, Writer

CHILD_MARK = "#"  # source id + mark + address: the state of a listing that a source's listing led to
MAX_CHILDREN = 500  # listings below one source; a sitemap index beyond this is read in part, last addresses first


def put_discovery(writer: Writer, page: Page, found: Discovery) -> int:
    """Remember the links and the problems; returns how many links are new."""
    for problem in found.problems:
        writer.put_problem(problem, page.fetched_at, page.source, derived=True)
    return writer.put_links(page.outlet, page.source, found.links)


def put_source_state(
    writer: Writer, records: Records, page: Page, changed: bool, dates: Iterable[datetime], settings: GatherSettings
) -> None:
    """When the listing is read again, from how often it changes; `dates` are of its newest entries."""
    child = page.source + CHILD_MARK + page.url
    states = {state.source: state for state in records.source_states()}
    key = child if child in states else page.source
    newest = sorted(dates, reverse=True)[:20]
    interval = next_interval(
        states.get(key, SourceState(key)).interval,
        changed,
        least=settings.min_interval,
        most=settings.max_interval,
        gaps=[(newer - older).total_seconds() for newer, older in itertools.pairwise(newest)],
    )
    headers = {name.lower(): value for name, value in page.headers}
    writer.put_source_state(
        SourceState(
            source=key,
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
            interval=interval,
            due_at=page.fetched_at + timedelta(seconds=interval),
            last_ok_at=page.fetched_at,
        )
    )


def unchanged_state(state: SourceState, now: datetime, settings: GatherSettings) -> SourceState:
    """The state of a source that was read and had nothing new."""
    interval = next_interval(state.interval, False, least=settings.min_interval, most=settings.max_interval)
    due = now + timedelta(seconds=interval)
    return replace(state, interval=interval, due_at=due, failures=0, last_error="", last_ok_at=now)


def put_children(writer: Writer, records: Records, page: Page, found: Discovery) -> None:
    """Each further listing is a source of its own from now on, with an interval of its own."""
    prefix = page.source + CHILD_MARK
    known = {state.source for state in records.source_states() if state.source.startswith(prefix)}
    room = max(0, MAX_CHILDREN - len(known))
    for address in sorted(found.listings, reverse=True)[:room]:
        if prefix + address not in known and address != page.url:
            writer.put_source_state(SourceState(source=prefix + address))


def recheck_at(first: datetime, last: datetime, settings: GatherSettings) -> datetime | None:
    """When an article first fetched at `first` and last at `last` is fetched again, to see silent edits.

    At `recheck_first` after the first time, then each time at six times the age, up to `recheck_until`.
    """
    if settings.recheck_first <= 0:
        return None
    age = max((last - first).total_seconds() * 6, settings.recheck_first)
    return first + timedelta(seconds=age) if age <= settings.recheck_until else None
