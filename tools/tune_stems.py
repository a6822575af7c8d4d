"""Look for better numbers in the stemming data of a language: how many letters each suffix must leave.
(Turkish: `tools/tune_turkish.py`.)

    python tools/tune_stems.py kk kk.dev.tsv.gz=1:1.2:4 ud/kk_ktb-ud-train.jsonl.gz=0.3:4:0.7 --seconds 300
    python tools/tune_stems.py ug ud/ug_udt-ud-train.jsonl.gz=1:2:0.7 --half

Each file (under --data) has a weight, the wrong joins in % that are let pass, and what each % above them costs in % of
forms that meet their lemma. With --half only the lemmas of one half (by the hash of the lemma) are seen, from numbers
as if nothing had been tuned, and both halves are measured at the end: what a language's unseen words may expect. Prints
the suffixes; they are copied into the language's file by hand.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.languages_stem import read  # noqa: E402

from ortaq.languages import load  # noqa: E402
from ortaq.languages.stem_table import Table  # noqa: E402
from ortaq.text.normalize import fold  # noqa: E402

Pairs = list[tuple[str, str]]
Stem = Callable[[str], str]
LEAST = (2, 3, 4, 5, 6, 99)  # 99: never taken off
MOST_FORMS = 4_000


@dataclasses.dataclass(frozen=True)
class Sample:
    """A file's pairs, and what a miss and a wrong join cost."""

    name: str
    pairs: Pairs
    weight: float
    allowed: float
    price: float


def half(lemma: str) -> int:
    return hashlib.sha256(lemma.encode()).digest()[0] & 1


def figures(pairs: Pairs, stem: Stem) -> tuple[float, float]:
    """Forms that meet their lemma and lemmas that meet another, in %."""

    @cache
    def key(text: str) -> tuple[str, ...]:
        return tuple(map(stem, text.split()))

    forms = [(lemma, form) for lemma, form in pairs if lemma != form]
    lemmas = {lemma for lemma, _ in pairs}
    shared = Counter(map(key, lemmas))
    met = sum(key(form)[: len(key(lemma))] == key(lemma) for lemma, form in forms)
    return 100 * met / len(forms), 100 * sum(shared[key(lemma)] > 1 for lemma in lemmas) / len(lemmas)


def score(samples: Sequence[Sample], stem: Stem) -> float:
    total = 0.0
    for sample in samples:
        met, joined = figures(sample.pairs, stem)
        total += sample.weight * (met - sample.price * max(0.0, joined - sample.allowed) - 0.2 * joined)
    return total


def table_stem(code: str, items: list[tuple[str, int]]) -> Stem:
    data = load(code).stemming
    kept = tuple(f"{body} {least}" for body, least in items if least != LEAST[-1])
    return cache(Table(dataclasses.replace(data, suffixes=kept), code).stem)


def tune_table(code: str, samples: Sequence[Sample], seconds: float, fresh: bool) -> Stem:
    """Coordinate descent over the least letters of each suffix."""
    data = load(code).stemming
    items: list[tuple[str, int]] = []
    for item in data.suffixes:
        body, _, number = item.partition(" ")
        items.append((body, int(number or data.least) if not fresh else data.least))
    best, until, order = score(samples, table_stem(code, items)), time.monotonic() + seconds, list(range(len(items)))
    chance = random.Random(3)  # noqa: S311
    improved = True
    while improved and time.monotonic() < until:
        improved = False
        chance.shuffle(order)
        for index in order:
            body, _ = items[index]
            for least in LEAST:
                tried = [*items[:index], (body, least), *items[index + 1 :]]
                if items[index][1] != least and (found := score(samples, table_stem(code, tried))) > best + 0.02:
                    best, items, improved = found, tried, True
            if time.monotonic() > until:
                break
    print(", ".join(body if least == data.least else f"{body} {least}" for body, least in items if least != LEAST[-1]))
    return table_stem(code, items)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language")
    parser.add_argument("files", nargs="+", help="name=weight:allowed:price")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "inflections")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--half", action="store_true")
    chosen = parser.parse_args()
    samples, whole = [], []
    for text in chosen.files:
        name, _, numbers = text.partition("=")
        pairs = sorted({(fold(lemma), fold(form)) for lemma, form in read(chosen.data / name)[1]})
        whole.append((name, pairs))
        seen = [pair for pair in pairs if not chosen.half or half(pair[0]) == 0]
        random.Random(3).shuffle(seen)  # noqa: S311
        lemmas = {(lemma, lemma) for lemma, _ in seen}  # all of them, for the wrong joins
        samples.append(Sample(name, [*lemmas, *seen[:MOST_FORMS]], *map(float, re.split(":", numbers))))
    stem = tune_table(chosen.language, samples, chosen.seconds, chosen.half)
    for name, pairs in whole:
        for what, part in (("seen half", 0), ("unseen half", 1), ("all", None)):
            met, joined = figures([pair for pair in pairs if part is None or half(pair[0]) == part], stem)
            print(f"{name} {what}: {met:.1f} % of forms meet their lemma, {joined:.1f} % of lemmas meet another")


if __name__ == "__main__":
    main()
