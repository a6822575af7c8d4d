"""What a source kind is. Built-ins are in `kinds/`, one file each, registered in `ortaq.registry`.

A remote kind is fetched by `gather/fetch` and then parsed by `discover`, a pure function; a local kind reads files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ortaq.model import Discovery, Page, PageRole, Problem, Source


@dataclass(frozen=True, slots=True)
class RemoteKind:
    """A source at one address on the web.

    `role` is what the fetched page is (a Telegram channel's page is itself full of articles: "posts").
    `request_url` turns the configured address into the one to fetch ("https://t.me/NAME" to ".../s/NAME").
    `discover` finds article links and further listings in the fetched page; it never raises on bad bytes but
    returns problems.
    """

    name: str
    role: PageRole
    discover: Callable[[Page], Discovery]
    request_url: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class LocalKind:
    """A file or folder on this machine.

    `accepts` says whether this kind can read the path (for `ortaq import PATH` without a kind).
    `pages` yields pages ready for the archive, and a problem for each input that can't be used, in a fixed order,
    reading as it goes: memory does not grow with the input. `now` becomes `fetched_at` where the input has no time
    of its own. A source's `outlet` may be "" when each item names its own.
    """

    name: str
    accepts: Callable[[Path], bool]
    pages: Callable[[Path, Source, datetime], Iterator[Page | Problem]]


SourceKind = RemoteKind | LocalKind
