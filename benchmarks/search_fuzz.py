"""Random and adversarial queries: none may raise, none may take over a second.

    ortaq demo --once --home DEMO && python -m benchmarks.search_fuzz --home DEMO --queries 100000 --json OUT

A query is up to twelve pieces: words of the home's articles as they stand, cut, or with a letter changed; operators,
quotes, fields, dates and brackets; and random characters of all scripts. All three ways of searching take turns.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.common import Row, report
from ortaq.pipeline.home import Home
from ortaq.search.engine import MODES
from ortaq.search.home import search_of
from ortaq.settings import load_settings
from ortaq.text.tokens import words

SYNTAX = (  # noqa: SIM905 - a list of literals would take a page
    '" « » “ ” AND OR NOT ЖӘНЕ НЕМЕСЕ ЕМЕС И ИЛИ НЕ && || ! - + * ( ) [ ] : -" title: title:" outlet:x lang:kk lang:қ '
    "country:KZ since:2026-11-01 until:2026-13-45 since:0001-01-01 until:9999-12-31 2026-11-03 31.02.2026 -- % _ ' \\ "
    "https://example.com/a?b=c \u200f \u0000 \ud800 \u202e 😀 ~a * ** а* аб* NULL ; DROP"
).split(" ")


def made(chance: random.Random, known: Sequence[str]) -> str:
    pieces = []
    for _ in range(chance.randint(1, 12)):
        kind = chance.random()
        if kind < 0.5:
            word = chance.choice(known)
            place = chance.randrange(len(word))
            pieces.append(
                chance.choice((word, word[: place + 1] + "*", word[:place] + "ы" + word[place + 1 :], "-" + word))
            )
        elif kind < 0.85:
            pieces.append(chance.choice(SYNTAX))
        else:
            pieces.append("".join(chr(chance.randrange(1, 0x2FFF)) for _ in range(chance.randint(1, 8))))
    return chance.choice((" ", " ", " ", "")).join(pieces) * chance.choice((1, 1, 1, 1, 1, 1, 1, 1, 1, 20))


def measure(folder: Path, queries: int, seed: int) -> list[Row]:
    home = Home(load_settings(folder))
    try:
        engine, chance = search_of(home), random.Random(seed)
        known = sorted({word for stored, _ in home.records.iter_annotations() for word in words(stored.article.text)})
        for mode in MODES:
            engine.search("warm up", mode=mode)
        spent, raised = [], 0
        for number in range(queries):
            typed = made(chance, known)
            started = time.perf_counter()
            try:
                engine.search(typed, mode=MODES[number % 3])
            except Exception as error:
                raised += 1
                print(f"{typed!r}: {error!r}")
            spent.append((time.perf_counter() - started) * 1e3)
            if spent[-1] > 1_000:
                print(f"{spent[-1]:.0f} ms, {MODES[number % 3]}: {typed!r}")
    finally:
        home.close()
    values = {"raised": raised, "over_a_second": sum(one > 1_000 for one in spent), "max_ms": max(spent)}
    values |= {"p50_ms": float(np.median(spent)), "p99_ms": float(np.percentile(spent, 99))}
    return [
        Row("search_fuzz", "any query", "*mean", "ortaq", name, round(told, 1), queries)
        for name, told in values.items()
    ]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--queries", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="where the rows are written")
    arguments = parser.parse_args(argv)
    report(measure(arguments.home, arguments.queries, arguments.seed), arguments.json)


if __name__ == "__main__":
    main()
