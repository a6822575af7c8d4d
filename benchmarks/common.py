"""What every benchmark shares: reading its input, and printing and writing its rows in one form."""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One measured value. `system` is "ortaq" or a peer's name and version; `n` is how many cases it is over."""

    benchmark: str
    task: str
    language: str
    system: str
    metric: str
    value: float
    n: int


def arguments(argv: Sequence[str] | None, description: str | None, *names: str) -> argparse.Namespace:
    """The command line: required paths by name ("data", "queries"), and --json for the rows."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in names:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--json", type=Path, help="where the rows are written")
    return parser.parse_args(argv)


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a .jsonl or .jsonl.gz file."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def peer(package: str) -> str:
    """A peer's name as rows give it: with the installed version."""
    return f"{package} {version(package)}"


def over_languages(
    benchmark: str,
    task: str,
    system: str,
    metric: str,
    values: Mapping[str, tuple[float, int]],
    *,
    less_is_better: bool = False,
) -> list[Row]:
    """A row a language (from its value and n), `*min` for the weakest of them, and `*mean`.

    Where less is better (errors, time) the weakest language is the one with the highest value.
    """
    rows = [Row(benchmark, task, name, system, metric, value, n) for name, (value, n) in values.items()]
    if rows:
        total = sum(row.n for row in rows)
        weakest = (max if less_is_better else min)(row.value for row in rows)
        mean = sum(row.value for row in rows) / len(rows)
        rows.append(Row(benchmark, task, "*min", system, metric, weakest, total))
        rows.append(Row(benchmark, task, "*mean", system, metric, mean, total))
    return rows


def report(rows: Sequence[Row], path: Path | None) -> None:
    """Print the rows as a table, a line for each task, language and system; write them as JSON to `path`."""
    metrics = list(dict.fromkeys(row.metric for row in rows))
    lines: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in rows:
        lines.setdefault((row.task, row.language, row.system), {})[row.metric] = row.value
    width = [max([len(key[i]) for key in lines] + [8]) for i in range(3)]
    cells = [max(len(metric), 8) for metric in metrics]
    head = [name.ljust(size) for name, size in zip(("task", "language", "system"), width, strict=True)]
    print("  ".join([*head, *(metric.rjust(size) for metric, size in zip(metrics, cells, strict=True))]))
    for key, values in lines.items():
        told = [f"{values[m]:.4f}".rjust(c) if m in values else " " * c for m, c in zip(metrics, cells, strict=True)]
        print("  ".join([*(part.ljust(size) for part, size in zip(key, width, strict=True)), *told]))
    if path is not None:
        path.write_text(
            json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
