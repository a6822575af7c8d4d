"""`ortaq outlets`: add, list, import, check."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from ortaq import ids, registry
from ortaq import outlets as registered
from ortaq.cli.home import open_home
from ortaq.cli.output import print_json, print_table, printable, progress
from ortaq.errors import ConfigError, OrtaqError
from ortaq.gather.kind import LocalKind, RemoteKind
from ortaq.model import Outlet, Page, Source
from ortaq.opml import import_opml
from ortaq.pipeline.home import Home
from ortaq.publish.json_records import outlet_json

SNIFFED = ("feed", "sitemap", "page")  # kinds tried on an address whose kind was not given, in this order


def add(folder: Path | None, address: str, *, name: str, kind: str, language: str | None, country: str) -> None:
    """Add an outlet with one source, or a source to an outlet known by its id, its name or its site."""
    with open_home(folder, make=True) as home:
        kind = kind or _guess_kind(home, address)
        if kind not in registry.names(registry.SOURCES):
            raise ConfigError(f"unknown kind {kind!r}", fix=f"Known: {', '.join(registry.names(registry.SOURCES))}")
        if not address.startswith("file:") and isinstance(registry.load(registry.SOURCES, kind), LocalKind):
            address = str(Path(address).absolute())  # in the file a relative one is below the home folder
        path = home.settings.outlets_path
        known = next((one for one in home.outlets if name and name in (one.id, one.name)), None) or (
            None if name else registered.find_outlet_by_url(home.outlets, address)
        )
        if known is not None:
            registered.add_source(path, known.id, Source(known.id, kind, address, language))
            print(f"Added a source ({kind}) to {known.id}.")
            return
        host = urlsplit(address).hostname or ""
        id = ids.slug(name or host.removeprefix("www.") or Path(address).stem)
        site = f"{urlsplit(address).scheme}://{host}/" if host and not address.startswith("file:") else ""
        outlet = Outlet(
            id=id,
            name=name or host or id,
            site=site,
            country=country,
            languages=(language,) if language else (),
            sources=(Source(id, kind, address, language),),
        )
        registered.add_outlet(path, outlet)
        print(f"Added {id} with one source ({kind}).")


def _guess_kind(home: Home, address: str) -> str:
    """The kind whose parser finds article links at the address. Raises ConfigError when none does."""
    if (urlsplit(address).hostname or "").removeprefix("www.") in ("t.me", "telegram.me") or address.startswith("@"):
        return "telegram"
    if Path(address).exists():
        from ortaq.gather.kinds import find_local_kind

        return find_local_kind(Path(address)).name
    page = asyncio.run(_fetch_one(home, Source("new", "page", address)))
    for name in SNIFFED:
        kind = cast(RemoteKind, registry.load(registry.SOURCES, name))
        found = kind.discover(page)
        if found.links or found.listings:
            return name
    raise ConfigError("no article links were found there", where=address, fix="Name the kind with --kind")


async def _fetch_one(home: Home, source: Source) -> Page:
    from ortaq.gather.fetch import Fetcher, NotModified

    kind = registry.load(registry.SOURCES, source.kind)
    async with Fetcher(home.settings.gather, home.settings.site) as fetcher:
        answer = await fetcher.fetch(kind.request_url(source.address), source=source, role=kind.role)
    if isinstance(answer, NotModified):
        raise ConfigError("the server answered that nothing changed, though it was not asked", where=source.address)
    return answer


def list_outlets(folder: Path | None, json: bool) -> None:
    """Print the outlets: the configured ones and those that imported articles named."""
    with open_home(folder) as home:
        home.pipeline.put_outlets(home.outlets)
        latest = home.records.latest_per_outlet()
        rows = []
        for outlet in sorted(home.records.outlets(), key=lambda outlet: outlet.id):
            articles, newest = latest.get(outlet.id, (0, None))
            if json:
                print_json(cast(Any, outlet_json(outlet, articles, newest)))
            else:
                when = f"{newest:%Y-%m-%d %H:%M}" if newest else ""
                languages = " ".join(outlet.languages)
                rows.append([outlet.id, outlet.name, outlet.country, outlet.kind, languages, str(articles), when])
        if not json:
            print_table(["id", "name", "country", "kind", "languages", "articles", "newest"], rows)


def import_file(folder: Path | None, file: Path) -> None:
    """Add the outlets of an OPML or TOML file that are not there yet."""
    if not file.is_file():
        raise ConfigError("there is no such file", where=str(file), fix="Name an OPML or a TOML file")
    data = file.read_bytes()
    is_toml = file.suffix.lower() == ".toml"
    found = registered.import_toml(data, str(file)) if is_toml else import_opml(data)
    with open_home(folder, make=True) as home:
        known = {outlet.id for outlet in home.outlets}
        fresh = [outlet for outlet in found if outlet.id not in known]
        for outlet in fresh:
            registered.add_outlet(home.settings.outlets_path, outlet)
    print(f"{len(found)} outlets read, {len(fresh)} added, {len(found) - len(fresh)} were there already")


def check(folder: Path | None, ids: list[str], json: bool) -> None:
    """Ask each source once; exits with 1 when one did not answer with articles."""
    with open_home(folder) as home:
        known = {outlet.id for outlet in home.outlets}
        if unknown := [id for id in ids if id not in known]:
            raise ConfigError(f"no outlet has the id {unknown[0]!r}", fix="`ortaq outlets list` shows them")
        sources = [source for outlet in home.outlets if not ids or outlet.id in ids for source in outlet.sources]
        with progress("Asking") as say:
            answers = asyncio.run(_check_all(home, sources, say))
    bad = 0
    rows = []
    for source, ok, said in answers:
        bad += not ok
        if json:
            print_json(
                {"outlet": source.outlet, "kind": source.kind, "address": source.address, "ok": ok, "answer": said}
            )
        else:
            rows.append(["ok" if ok else "NO", source.outlet, source.kind, printable(said), source.address])
    if not json:
        print_table(["", "outlet", "kind", "answer", "address"], rows)
        print(f"{len(answers) - bad} of {len(answers)} sources answer")
    if bad:
        sys.exit(1)


async def _check_all(home: Home, sources: list[Source], say: Any) -> list[tuple[Source, bool, str]]:
    from ortaq.gather.fetch import Fetcher

    limit = asyncio.Semaphore(home.settings.gather.concurrency)
    # One try each: a check is a person's question, not a gathering that comes back later.
    settings = replace(home.settings.gather, delay=min(home.settings.gather.delay, 1.0))
    async with Fetcher(settings, home.settings.site) as fetcher:

        async def ask(source: Source) -> tuple[Source, bool, str]:
            async with limit:
                ok, said = await _check_one(fetcher, source, home.settings.home)
                say(f"{source.outlet}: {said}")
                return source, ok, said

        return list(await asyncio.gather(*(ask(source) for source in sources)))


async def _check_one(fetcher: Any, source: Source, home: Path) -> tuple[bool, str]:
    kind = registry.load(registry.SOURCES, source.kind)
    if isinstance(kind, LocalKind):
        from ortaq.pipeline.local import local_path

        there = local_path(source, home).exists()
        return (True, "there") if there else (False, "no such file or folder")
    try:
        page = await fetcher.fetch(kind.request_url(source.address), source=source, role=kind.role)
    except OrtaqError as error:
        return False, str(error)
    if kind.role == "posts":
        from ortaq.pipeline.steps import read_or_say_why

        result = read_or_say_why(page)
        return bool(result.articles), f"{len(result.articles)} posts"
    found = kind.discover(page)
    said = f"{len(found.links)} articles" + (f", {len(found.listings)} further listings" if found.listings else "")
    if found.problems:
        said += f"; {found.problems[0].reason}"
    return bool(found.links or found.listings), said
