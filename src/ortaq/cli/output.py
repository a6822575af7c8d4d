"""Printing: tables and progress for people, one JSON object a line for programs."""

from __future__ import annotations

import contextlib
import json
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol


def print_json(value: Mapping[str, Any]) -> None:
    """One line of JSON on stdout, letters as they are."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def printable(text: str) -> str:
    """An outlet's text made safe for a terminal: no control characters, so no escape sequences."""
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Cf", "Cs") else letter for letter in text)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on stdout as wide as the terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    console.print(table)


class Progress(Protocol):
    """Shows how far a long work is."""

    def __call__(self, text: str, done: int | None = None) -> None: ...


@contextlib.contextmanager
def progress(title: str) -> Iterator[Progress]:
    """A line on stderr that changes in place in a terminal; elsewhere a line now and then."""
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal:
        with console.status(title) as status:
            yield lambda text, done=None: status.update(f"{title}: {printable(text)}")
        return
    last = [0.0]

    def say(text: str, done: int | None = None) -> None:
        import time

        if time.monotonic() - last[0] > 10:
            last[0] = time.monotonic()
            print(f"{title}: {text}", file=sys.stderr, flush=True)

    yield say
