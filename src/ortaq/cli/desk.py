"""`ortaq desk`: people put stories right, and the program remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ortaq.cli.options import HomeOption, JsonOption

if TYPE_CHECKING:
    from ortaq.desk import By
    from ortaq.settings import Settings
    from ortaq.store.contract import DeskDecision, Records

desk_app = typer.Typer(
    no_args_is_help=True,
    help="Put stories right by hand. It is kept for ever, and respected by what comes later and by rebuilds.",
)

AsOption = Annotated[
    str, typer.Option("--as", metavar="NAME", help="Who decides.", show_default="desk.name, else this machine's user")
]


@desk_app.command()
def merge(
    into: Annotated[str, typer.Argument(metavar="A", help="The story that stays.")],
    story: Annotated[str, typer.Argument(metavar="B", help="The story that goes into it.")],
    who: AsOption = "",
    home: HomeOption = None,
) -> None:
    """Make one story of two; the second one's id leads to the first from then on."""
    from ortaq import desk

    _decide(home, who, lambda records, by: desk.merge(records, into, story, by))


@desk_app.command()
def split(
    story: Annotated[str, typer.Argument(help="The story.")],
    articles: Annotated[list[str], typer.Argument(help="Ids of the articles that don't belong in it.")],
    who: AsOption = "",
    home: HomeOption = None,
) -> None:
    """Take articles out of a story, into a story of their own."""
    from ortaq import desk

    _decide(home, who, lambda records, by: desk.split(records, story, articles, by))


@desk_app.command()
def move(
    article: Annotated[str, typer.Argument(help="The article's id.")],
    story: Annotated[str, typer.Argument(help="The story that it belongs in.")],
    who: AsOption = "",
    home: HomeOption = None,
) -> None:
    """Put an article into another story."""
    from ortaq import desk

    _decide(home, who, lambda records, by: desk.move(records, article, story, by))


@desk_app.command()
def pin(
    article: Annotated[str, typer.Argument(help="The article's id.")],
    who: AsOption = "",
    home: HomeOption = None,
) -> None:
    """Leave an article in its story, whatever the program finds later."""
    from ortaq import desk

    _decide(home, who, lambda records, by: desk.pin(records, article, by))


@desk_app.command()
def undo(
    decision: Annotated[Optional[int], typer.Argument(help="Its number.", show_default="the last one")] = None,  # noqa: UP045
    who: AsOption = "",
    home: HomeOption = None,
) -> None:
    """Take a decision back; the articles go back where they were."""
    from ortaq import desk

    _decide(home, who, lambda records, by: desk.undo(records, decision, by))


@desk_app.command()
def log(home: HomeOption = None, json: JsonOption = False) -> None:
    """Every decision, the newest first."""
    from typing import Any, cast

    from ortaq.cli.home import open_home
    from ortaq.cli.output import print_json, print_table
    from ortaq.desk import decision_json, entries

    with open_home(home) as opened:
        found = entries(opened.records)
        headlines = {} if json else _headlines(opened.records, {entry.decision.target for entry in found})
    if json:
        for entry in found:
            print_json(cast(Any, decision_json(entry)))
        return
    rows = [
        [
            str(entry.decision.seq),
            f"{entry.decision.at:%Y-%m-%d %H:%M}",
            entry.decision.who,
            _said(entry.decision) + (f" (taken back by {entry.undone_by})" if entry.undone_by else ""),
            headlines.get(entry.decision.target, ""),
        ]
        for entry in found
    ]
    print_table(["", "when (UTC)", "who", "what", "story"], rows)


def _headlines(records: Records, stories: Iterable[str]) -> dict[str, str]:
    """Story id to a headline, for the stories that there still are."""
    import contextlib

    from ortaq.errors import NotFound

    found = {}
    for id in stories:
        with contextlib.suppress(NotFound):
            found[id] = next(iter(records.story(id).headlines.values()), "")
    return found


def _decide(folder: Path | None, who: str, make: Callable[[Records, By], DeskDecision]) -> None:
    from datetime import UTC, datetime

    from ortaq.cli.home import open_home
    from ortaq.cli.output import printable
    from ortaq.desk import By

    with open_home(folder) as home:
        name = who or decider(home.settings)
        made = home.pipeline.decide(lambda position: make(home.records, By(name, datetime.now(UTC), position)))
        print(f"Decision {made.seq}: {printable(_said(made))}.")
        if made.kind != "undo":
            print(f"To take it back: ortaq desk undo {made.seq}")


def decider(settings: Settings) -> str:
    """The name for decisions when none is given."""
    import getpass

    if settings.desk.name:
        return settings.desk.name
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "desk"


def _said(decision: DeskDecision) -> str:
    """A decision in one line."""
    count = "1 article" if len(decision.articles) == 1 else f"{len(decision.articles)} articles"
    match decision.kind:
        case "merge":
            return f"story {decision.source} ({count}) is part of {decision.target}"
        case "split":
            return f"{count} of story {decision.source} are story {decision.target}"
        case "move":
            return f"article {decision.articles[0]} went from story {decision.source} to {decision.target}"
        case "pin":
            return f"article {decision.articles[0]} stays in story {decision.target}"
        case _:
            return f"decision {decision.undoes} is taken back: {count}, in story {decision.target}"
