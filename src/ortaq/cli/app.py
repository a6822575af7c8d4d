"""The commands and their help. What they do is in the modules beside this one, imported when a command runs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Optional

import typer

import ortaq
from ortaq.cli.desk import desk_app
from ortaq.cli.options import HomeOption, JsonOption

app = typer.Typer(
    name="ortaq",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Gather the news of Central Asia's outlets, join it into stories across languages, and publish it.\n\n"
    "Start with `ortaq demo` to see it on a small made-up region, or with `ortaq init` in an empty folder, then "
    "`ortaq outlets import`, and `ortaq run`.",
)
outlets_app = typer.Typer(no_args_is_help=True, help="The outlets that are gathered: outlets.toml in the home folder.")
app.add_typer(outlets_app, name="outlets")
app.add_typer(desk_app, name="desk")

LanguageOption = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--language", help="A language such as kk, uz-Cyrl, ru."),
]


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"ortaq {ortaq.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done, on stderr.")] = False,
) -> None:
    import logging

    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, format="%(levelname)s %(name)s: %(message)s")


@app.command()
def init(
    folder: Annotated[Optional[Path], typer.Argument(help="The new home folder.", show_default="here")] = None,  # noqa: UP045
    home: HomeOption = None,
) -> None:
    """Make a home folder: ortaq.toml with every setting explained, and an empty outlets.toml."""
    from ortaq.cli.home import init_home

    init_home(folder or home or Path())


@outlets_app.command("add")
def outlets_add(
    address: Annotated[str, typer.Argument(help="A feed, sitemap, section page, or t.me channel.")],
    name: Annotated[str, typer.Option(help="The outlet's name, as it writes itself.")] = "",
    kind: Annotated[str, typer.Option(help="feed, sitemap, page, telegram, folder, jsonl, webarchive.")] = "",
    language: LanguageOption = None,
    country: Annotated[str, typer.Option(help="ISO 3166 code, such as KZ.")] = "",
    home: HomeOption = None,
) -> None:
    """Add an outlet with one source, or a further source to an outlet that is there."""
    from ortaq.cli.outlets import add

    add(home, address, name=name, kind=kind, language=language, country=country)


@outlets_app.command("list")
def outlets_list(home: HomeOption = None, json: JsonOption = False) -> None:
    """List the outlets with what is known of them."""
    from ortaq.cli.outlets import list_outlets

    list_outlets(home, json)


@outlets_app.command("import")
def outlets_import(
    file: Annotated[Path, typer.Argument(help="An OPML file, or a TOML file such as outlets/central-asia.toml.")],
    home: HomeOption = None,
) -> None:
    """Add all outlets of an OPML or TOML file; those that are there stay as they are."""
    from ortaq.cli.outlets import import_file

    import_file(home, file)


@outlets_app.command("check")
def outlets_check(
    outlet: Annotated[Optional[list[str]], typer.Argument(help="Ids of outlets.", show_default="all")] = None,  # noqa: UP045
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Ask every source once and say which answer, and with what."""
    from ortaq.cli.outlets import check

    check(home, outlet or [], json)


@app.command()
def gather(
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing is due.")] = False,
    now: Annotated[bool, typer.Option("--now", help="Read every source now, due or not.")] = False,
    processes: Annotated[int, typer.Option(min=1, help="Processes that read and embed.")] = 1,
    home: HomeOption = None,
) -> None:
    """Read the outlets' sources and the articles they lead to, until stopped (Ctrl-C is safe at any moment)."""
    from ortaq.cli.running import gather as run

    run(home, once=once, now=now, processes=processes)


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="JSON Lines, documents, folders, WARC or WACZ.")],
    outlet: Annotated[str, typer.Option(help="Whose articles these are, when the files don't say.")] = "",
    processes: Annotated[int, typer.Option(min=1, help="Processes that read and embed.")] = 1,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Take in files; exit code 1 when some of it had to be quarantined."""
    from ortaq.cli.importing import import_paths

    import_paths(home, paths, outlet=outlet, processes=processes, json=json)


@app.command()
def stories(
    language: LanguageOption = None,
    outlet: Annotated[Optional[str], typer.Option(help="An outlet's id.")] = None,  # noqa: UP045
    country: Annotated[Optional[str], typer.Option(help="A country's ISO code.")] = None,  # noqa: UP045
    since: Annotated[Optional[datetime], typer.Option(help="Last published after this (UTC).")] = None,  # noqa: UP045
    min_articles: Annotated[int, typer.Option(min=1, help="Only stories with so many articles.")] = 1,
    limit: Annotated[Optional[int], typer.Option(min=1, help="How many.", show_default="20; with --json all")] = None,  # noqa: UP045
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """List stories, the newest first."""
    from ortaq.cli.reading import list_stories

    list_stories(
        home,
        language=language,
        outlet=outlet,
        country=country,
        since=since,
        min_articles=min_articles,
        limit=limit,
        json=json,
    )


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What to look for, in any of the languages.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many hits.")] = 20,
    language: LanguageOption = None,
    outlet: Annotated[Optional[str], typer.Option(help="An outlet's id.")] = None,  # noqa: UP045
    country: Annotated[Optional[str], typer.Option(help="A country's ISO code.")] = None,  # noqa: UP045
    kind: Annotated[Optional[str], typer.Option(help="Of outlets of this kind, such as agency.")] = None,  # noqa: UP045
    since: Annotated[Optional[datetime], typer.Option(help="Published after this (UTC).")] = None,  # noqa: UP045
    until: Annotated[Optional[datetime], typer.Option(help="Published before this (UTC).")] = None,  # noqa: UP045
    mode: Annotated[str, typer.Option(help="text (words), meaning (vectors) or both.")] = "both",
    counts: Annotated[bool, typer.Option("--counts", help="Say how many of what, instead of the hits.")] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Find articles by words and by meaning, across languages."""
    from ortaq.cli.reading import search as run

    run(
        home,
        query,
        limit=limit,
        language=language,
        outlet=outlet,
        country=country,
        kind=kind,
        since=since,
        until=until,
        mode=mode,
        counts=counts,
        json=json,
    )


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="An article's or a story's id, or the one an imported item gave itself.")],
    why: Annotated[bool, typer.Option("--why", help="Say why each article is in its story.")] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Show an article or a story with all that is known of it."""
    from ortaq.cli.reading import show as run

    run(home, id, why=why, json=json)


@app.command()
def languages(
    code: Annotated[Optional[str], typer.Argument(help="A language such as kk.", show_default="all")] = None,  # noqa: UP045
    check: Annotated[bool, typer.Option("--check", help="Say what the language's file lacks.")] = False,
    json: JsonOption = False,
) -> None:
    """List the languages with what there is of each; with a code, all that is known of it."""
    from ortaq.cli.languages import check_languages, list_languages, show_language

    if check:
        check_languages(code)
    elif code is None:
        list_languages(json)
    else:
        show_language(code, json)


@app.command()
def serve(
    host: Annotated[Optional[str], typer.Option(help="Address to listen on.", show_default="serve.host")] = None,  # noqa: UP045
    port: Annotated[Optional[int], typer.Option(help="Port.", show_default="serve.port")] = None,  # noqa: UP045
    home: HomeOption = None,
) -> None:
    """Serve the portal, the API and the feeds."""
    from ortaq.cli.running import serve as run

    run(home, host, port)


@app.command()
def run(
    host: Annotated[Optional[str], typer.Option(help="Address to listen on.", show_default="serve.host")] = None,  # noqa: UP045
    port: Annotated[Optional[int], typer.Option(help="Port.", show_default="serve.port")] = None,  # noqa: UP045
    home: HomeOption = None,
) -> None:
    """Gather and serve, in one process."""
    from ortaq.cli.running import run as go

    go(home, host, port)


@app.command()
def rebuild(
    index: Annotated[bool, typer.Option("--index", help="Only the search index, from the records.")] = False,
    processes: Annotated[int, typer.Option(min=1, help="Processes that read and embed.")] = 1,
    home: HomeOption = None,
) -> None:
    """Make everything derived again from the archive; interrupted, any later command goes on with it."""
    from ortaq.cli.running import rebuild as go

    go(home, index_only=index, processes=processes)


@app.command()
def status(home: HomeOption = None, json: JsonOption = False) -> None:
    """What there is, what waits, what went wrong."""
    from ortaq.cli.status import status as run

    run(home, json)


@app.command()
def doctor(home: HomeOption = None, json: JsonOption = False) -> None:
    """Check this machine and this home folder, and say how to mend what is wrong."""
    from ortaq.cli.status import doctor as run

    run(home, json)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="The portal's port.")] = 8600,
    site_port: Annotated[int, typer.Option(help="The made-up outlets' port.")] = 8601,
    home: Annotated[Path, typer.Option("--home", help="Where the demo is kept.")] = Path("demo-home"),
    once: Annotated[bool, typer.Option("--once", help="Gather, say what was found, and end.")] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the portal.")] = True,
) -> None:
    """Serve a small made-up region's outlets, gather them over HTTP, and open the portal."""
    from ortaq.cli.demo import demo as run

    run(home, port=port, site_port=site_port, once=once, browser=browser)
