"""What was measured of each language; the rows come from the benchmarks, by `tools/language_figures.py`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("figures.tsv")
COLUMNS = ("language", "task", "metric", "value", "n", "on", "command")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value of a language or variety (`kk`, `kk-Latn`): over how many cases, on which day, by what."""

    language: str
    task: str
    metric: str
    value: float
    n: int
    on: str
    command: str


@cache
def _all(path: Path) -> tuple[Figure, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(
            Figure(
                row["language"],
                row["task"],
                row["metric"],
                float(row["value"]),
                int(row["n"]),
                row["on"],
                row["command"],
            )
            for row in rows
        )


def figures(code: str) -> tuple[Figure, ...]:
    """What was measured of a language, in all its varieties; nothing for a language that was not."""
    return tuple(figure for figure in _all(FILE) if figure.language.partition("-")[0] == code)
