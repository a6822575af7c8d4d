"""The long-running commands: gather, serve, run, rebuild."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ortaq.cli.home import open_home
from ortaq.cli.output import progress
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
    from ortaq.search.engine import SearchEngine

    engine = SearchEngine(home.records, home.index, home.embed_query)
    return create_app(settings=home.settings, records=home.records, searcher=engine)


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
    """The portal and, when asked, the gathering loop beside it; ends on Ctrl-C, the loop first."""
    import uvicorn

    settings = home.settings.serve
    config = uvicorn.Config(
        make_app(home), host=host or settings.host, port=port or settings.port, log_level="warning", server_header=False
    )
    server = uvicorn.Server(config)
    print(f"Serving on http://{config.host}:{config.port}/ (stop with Ctrl-C)", flush=True)
    if not gathering:
        await server.serve()
        return
    stop = asyncio.Event()
    loop = asyncio.create_task(gather_home(home, once=False, stop=stop))
    serving = asyncio.create_task(server.serve())
    await asyncio.wait({loop, serving}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    server.should_exit = True
    await asyncio.gather(loop, serving)


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
