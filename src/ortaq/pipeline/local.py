"""The outlets' sources that are files and folders on this machine: read when they are due and have changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ortaq import registry
from ortaq.errors import OrtaqError, Retry
from ortaq.gather.kind import LocalKind
from ortaq.gather.schedule import next_interval
from ortaq.model import Outlet, Source
from ortaq.pipeline.derive import Pipeline
from ortaq.pipeline.importing import ImportTally, import_path
from ortaq.pipeline.sources import unchanged_state
from ortaq.store.contract import SourceState


class Stopped(OrtaqError):
    """Gathering ends while a source is read; what was read is kept, the rest is read the next time."""


def local_sources(outlets: Sequence[Outlet]) -> dict[str, Source]:
    """The sources of local kinds, by id."""
    return {
        source.id: source
        for outlet in outlets
        for source in outlet.sources
        if isinstance(registry.load(registry.SOURCES, source.kind), LocalKind)
    }


def local_path(source: Source, home: Path) -> Path:
    """Where a local source lies: a `file:` address or a path, a relative one below the home folder."""
    address = source.address
    if address.startswith("file:"):
        address = unquote(urlsplit(address).path)
    return (home / Path(address).expanduser()).absolute()


def read_local(
    pipeline: Pipeline, source: Source, state: SourceState, now: datetime, stopped: Callable[[], bool]
) -> ImportTally:
    """Import what is new in the source, unless it looks as it did last time; put when it is looked at again.

    Raises Retry when it is not there, Stopped when `stopped` says so between two batches.
    """
    kind = registry.load(registry.SOURCES, source.kind)
    path = local_path(source, pipeline.settings.home)
    if not path.exists():
        raise Retry("there is no such file or folder", where=str(path), fix="Correct the source's address")
    look = _look(path)
    settings = pipeline.settings.gather
    if look == state.etag:
        with pipeline.records.write() as writer:
            writer.put_source_state(unchanged_state(state, now, settings))
        return ImportTally()

    def go_on(tally: ImportTally) -> None:
        if stopped():
            raise Stopped("stopped while it was read", where=str(path))

    tally = import_path(pipeline, kind, path, source, now, go_on)
    interval = next_interval(
        state.interval, tally.new + tally.revised > 0, least=settings.min_interval, most=settings.max_interval
    )
    due = now + timedelta(seconds=interval)
    with pipeline.records.write() as writer:
        writer.put_source_state(
            SourceState(source=state.source, etag=look, interval=interval, due_at=due, last_ok_at=now)
        )
    return tally


def _look(path: Path) -> str:
    """A digest of the names, sizes and times of a file, or of all below a folder; their bytes are not read."""
    digest = hashlib.sha256()
    files = [path]
    if path.is_dir():
        files = [Path(folder, name) for folder, _, names in os.walk(path) for name in names]
    for file in sorted(files):
        try:
            seen = file.stat()
        except OSError:
            continue
        digest.update(f"{file}\x1f{seen.st_size}\x1f{seen.st_mtime_ns}\x1e".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
