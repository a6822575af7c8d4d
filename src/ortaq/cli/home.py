"""Finding, making and opening the home folder."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

from ortaq.errors import ConfigError
from ortaq.pipeline.executor import make_executor
from ortaq.pipeline.home import Home
from ortaq.settings import FILE_NAME, SECTIONS, Settings, load_settings
from ortaq.understand.embed import check_model


@contextlib.contextmanager
def open_home(folder: Path | None, *, make: bool = False, processes: int = 1) -> Iterator[Home]:
    """The home folder for the block. `make`: an empty place becomes one; else it is an error to have none."""
    path = (folder or Path()).expanduser().absolute()
    settings = load_settings(path)
    check_model(settings.embed)
    if not (path / FILE_NAME).exists():
        if not make and not _has_records(settings):
            raise ConfigError(
                "this is not an Ortaq home folder",
                where=str(path),
                fix="Run `ortaq init` here, or name another folder with --home",
            )
        if make:
            init_home(path, quiet=True)
    executor = make_executor(processes)
    home = Home(settings, executor)
    try:
        yield home
    finally:
        home.close()
        executor.close()


def _has_records(settings: Settings) -> bool:
    return bool(settings.store.records) or (settings.home / "records.sqlite").exists()


def init_home(folder: Path, quiet: bool = False) -> None:
    """Write ortaq.toml and outlets.toml; what is there stays as it is."""
    folder = folder.expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, text in ((FILE_NAME, explained_settings()), ("outlets.toml", OUTLETS_TEXT)):
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")
            made.append(name)
    if quiet:
        return
    if made:
        print(f"Made {' and '.join(made)} in {folder.absolute()}.")
        print("Next: `ortaq outlets add ADDRESS` or `ortaq outlets import FILE`, then `ortaq run`.")
    else:
        print(f"{folder.absolute()} is a home folder already; nothing changed.")


OUTLETS_TEXT = """\
# The outlets Ortaq gathers. `ortaq outlets add ADDRESS` and `ortaq outlets import FILE` add to this file.
#
# [[outlet]]
# id = "example"
# name = "Example"
# site = "https://example.org/"
# country = "KZ"
# kind = "newspaper"
# languages = ["kk", "ru"]
# license = "all rights reserved"
# full_text = false                     # true only where the licence lets you show whole articles
# [[outlet.source]]
# kind = "feed"                         # feed sitemap page telegram folder jsonl webarchive
# address = "https://example.org/rss.xml"
# language = "kk"
"""


def explained_settings() -> str:
    """ortaq.toml with every setting at its default, commented out, with its explanation from settings.py."""
    import inspect
    import re

    lines = [
        "# Ortaq's settings. What is commented out is the default. The environment wins: ORTAQ_GATHER_TIMEOUT=10.",
        "",
    ]
    for section, kind in SECTIONS.items():
        lines += [f"# {(inspect.getdoc(kind) or '').splitlines()[0]}", f"[{section}]"]
        explained = dict(re.findall(r"^    (\w+): .*?  # (.*)$", inspect.getsource(kind), flags=re.MULTILINE))
        hints = get_type_hints(kind)
        for item in dataclasses.fields(kind):
            default: Any = [] if get_args(hints[item.name]) else item.default
            comment = f"  # {explained[item.name]}" if item.name in explained else ""
            lines.append(f"# {item.name} = {_toml(default)}{comment}")
        lines.append("")
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
