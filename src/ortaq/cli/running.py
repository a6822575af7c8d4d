"""The long-running commands: gather, serve, run, rebuild."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ortaq.cli.home import open_home
from ortaq.cli.output import progress
from ortaq.errors import ConfigError
from ortaq.pipeline.home import Home

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ortaq.pipeline.tally import GatherTally


def gather(folder: Path | None, *, once: bool, now: bool, processes: int = 1) -> None:
    """Gather until done or stopped, and print what was done."""
    with open_home(folder, processes=processes) as home:
        if not home.outlets:
            print("No outlets yet: add some with `ortaq outlets add ADDRESS`.", file=sys.stderr)
        with progress("Gathering") as say:
            tally = asyncio.run(_gather(home, once=once, at_once=now, changed=lambda tally: say(describe(tally))))
        print(describe(tally))


async def _gather(home: Home, *, once: bool, at_once: bool, changed: object) -> GatherTally:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return await gather_home(home, once=once, at_once=at_once, stop=stop, changed=changed)


async def gather_home(
    home: Home, *, once: bool, at_once: bool = False, stop: asyncio.Event | None = None, changed: object = None
) -> GatherTally:
    """Run the gathering loop over a home's outlets."""
    from ortaq.gather.fetch import Fetcher
    from ortaq.pipeline.gathering import Gatherer

    settings = home.settings
    gatherer = Gatherer(
        home.pipeline,
        home.outlets,
        fetcher=lambda: Fetcher(settings.gather, settings.site),
        changed=changed if callable(changed) else lambda tally: None,
    )
    return await gatherer.run(once=once, at_once=at_once, stop=stop)


def describe(tally: GatherTally) -> str:
    """One line on what was gathered."""
    return (
        f"{tally.sources} sources read, {tally.pages} pages kept: {tally.new} new articles, {tally.revised} revised; "
        f"{tally.unchanged} unchanged, {tally.refused} refused, {tally.failed} failed, {tally.waiting} waiting"
    )


def make_app(home: Home) -> FastAPI:
    """The portal over this home."""
    from ortaq.portal.app import create_app
    from ortaq.search.home import search_of

    settings, records, searcher = home.settings, home.records, search_of(home)
    return create_app(settings=settings, records=records, searcher=searcher, decide=home.pipeline.decide)


def serve(folder: Path | None, host: str | None, port: int | None) -> None:
    """Serve the portal until stopped."""
    with open_home(folder) as home:
        home.pipeline.ensure_index()
        asyncio.run(serve_home(home, host, port, gathering=False))


def run(folder: Path | None, host: str | None, port: int | None) -> None:
    """Gather and serve until stopped."""
    with open_home(folder) as home:
        home.pipeline.ensure_index()
        asyncio.run(serve_home(home, host, port, gathering=True))


async def serve_home(home: Home, host: str | None, port: int | None, *, gathering: bool) -> None:
    """The portal and, when asked, the gathering loop beside it; ends on Ctrl-C, the loop first.

    Raises ConfigError when the address can't be had.
    """
    import uvicorn

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield  # we take them; uvicorn would raise each again after its end, as a traceback

    settings = home.settings.serve
    with listen(host or settings.host, port or settings.port) as at:
        server = Server(
            uvicorn.Config(
                make_app(home), log_level="warning", server_header=False, lifespan="off", timeout_graceful_shutdown=10
            )
        )
        stop = asyncio.Event()

        def end() -> None:
            server.force_exit = stop.is_set()  # asked twice: without waiting for open connections
            server.should_exit = True
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, end)
        print(f"Serving on {address_of(at)} (stop with Ctrl-C)", flush=True)
        tasks: list[asyncio.Task[object]] = [asyncio.create_task(server.serve(sockets=[at]))]
        if gathering:
            tasks.append(asyncio.create_task(gather_home(home, once=False, stop=stop)))
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        server.should_exit = True
        await asyncio.gather(*tasks)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises ConfigError, naming the setting."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error).strip(".")
        fix = "Name another with --port, or stop what listens there"
        raise ConfigError(f"can't serve on {host}:{port}: {reason}", where="serve.port", fix=fix) from None


def address_of(at: socket.socket) -> str:
    """What to open in a browser."""
    host, port = at.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def rebuild(folder: Path | None, *, index_only: bool, processes: int) -> None:
    """Derive everything again, or only feed the index again."""
    with open_home(folder, processes=processes) as home, progress("Rebuilding") as say:
        if index_only:
            home.index.clear()
            home.records.requeue_index()
            print(f"{home.pipeline.ensure_index()} articles indexed")
            return
        done = 0

        def advance(pages: int) -> None:
            nonlocal done
            done += pages
            say(f"{done} pages", done)

        tally = home.pipeline.rebuild(advance)
        print(
            f"{tally.pages} pages read again: {tally.new} articles, {tally.revised} revisions, "
            f"{tally.quarantined} quarantined"
        )
