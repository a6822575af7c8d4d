"""Names that are one person's, over all pairs of a labelled set of variants in the region's languages and scripts.

    python -m benchmarks.languages --task names --data benchmarks/data/names.tsv [--split dev|test] --json OUT

Columns: person_id, language, name, inflected (0/1), split. Every two rows of the split (default test) are a pair; it is
positive when they are one person's. A language's figures are over the pairs with one side in it; `*min` over languages
with at least 100 positive pairs. Peers (Jaro-Winkler and token-set ratio of rapidfuzz, double metaphone) compare
romanized names, each at the threshold that is best for it on the dev split.
"""

from __future__ import annotations

import argparse
import csv
import functools
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import Row, peer, report
from ortaq.understand import name_key

LEAST_PAIRS = 100
Score = Callable[[int, int], float]
Peer = Callable[..., Score]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way a person's name is written."""

    person: str
    language: str
    name: str
    split: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Pairs of a language: positive ones, claimed ones, and rightly claimed ones."""

    positive: int
    claimed: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.claimed if self.claimed else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.positive if self.positive else 0.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def read(path: Path) -> list[Variant]:
    """The rows of the labelled set."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Variant(one["person_id"], one["language"], one["name"], one["split"]) for one in lines]


def ours(rows: Sequence[Variant]) -> Score:
    """`same_name` of two rows by their places."""
    keys = [name_key.name_key(row.name, row.language) for row in rows]
    return lambda a, b: name_key.same_name(keys[a], keys[b])


def jaro_winkler(rows: Sequence[Variant], romanize: Callable[[str], str]) -> Score:
    """Jaro-Winkler of the romanized names as they stand."""
    from rapidfuzz.distance import JaroWinkler

    names = [romanize(row.name).lower() for row in rows]
    return lambda a, b: float(JaroWinkler.similarity(names[a], names[b]))


def token_sort(rows: Sequence[Variant], romanize: Callable[[str], str]) -> Score:
    """rapidfuzz's ratio of the romanized words in alphabetical order."""
    from rapidfuzz import fuzz

    names = [" ".join(sorted(romanize(row.name).lower().split())) for row in rows]
    return lambda a, b: float(fuzz.ratio(names[a], names[b])) / 100


def double_metaphone(rows: Sequence[Variant], romanize: Callable[[str], str]) -> Score:
    """Share of the words (of the longer name) with a double metaphone code in common."""
    from metaphone import doublemetaphone

    coded = [[set(doublemetaphone(word)) - {""} for word in romanize(row.name).split()] for row in rows]

    def score(a: int, b: int) -> float:
        met = sum(any(one & other for other in coded[b]) for one in coded[a])
        return met / max(len(coded[a]), len(coded[b]), 1)

    return score


def systems() -> Iterator[tuple[str, Callable[[Sequence[Variant]], Score]]]:
    """Ours and the peers, by the name that the rows give them."""
    from anyascii import anyascii
    from unidecode import unidecode

    yield "ortaq", ours
    romanizers: dict[str, Callable[[str], str]] = {"anyascii": anyascii, "unidecode": unidecode}
    peers: tuple[tuple[str, str, Peer], ...] = (
        ("rapidfuzz", "Jaro-Winkler", jaro_winkler),
        ("rapidfuzz", "token sort", token_sort),
        ("metaphone", "double metaphone", double_metaphone),
    )
    for (romanizer, romanize), (package, label, build) in itertools.product(romanizers.items(), peers):
        yield f"{peer(package)} {label}, {peer(romanizer)}", functools.partial(build, romanize=romanize)


def best_threshold(rows: Sequence[Variant], score: Score) -> float:
    """The score from which on F1 over all pairs is best."""
    by_score: Counter[tuple[float, bool]] = Counter()
    for a, b in itertools.combinations(range(len(rows)), 2):
        by_score[round(score(a, b), 4), rows[a].person == rows[b].person] += 1
    positive = sum(count for (_, same), count in by_score.items() if same)
    claimed = right = 0
    best = (0.0, 1.0)
    for value in sorted({value for value, _ in by_score}, reverse=True):
        right += by_score[value, True]
        claimed += by_score[value, True] + by_score[value, False]
        best = max(best, (Figures(positive, claimed, right).f1, value))
    return best[1]


def figures(rows: Sequence[Variant], score: Score, threshold: float) -> dict[str, Figures]:
    """The figures of every language, and of all pairs under `*all`."""
    positive: Counter[str] = Counter()
    claimed: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for a, b in itertools.combinations(range(len(rows)), 2):
        same = rows[a].person == rows[b].person
        claim = score(a, b) >= threshold
        if same or claim:
            for language in {rows[a].language, rows[b].language, "*all"}:
                positive[language] += same
                claimed[language] += claim
                right[language] += same and claim
    return {language: Figures(positive[language], claimed[language], right[language]) for language in sorted(positive)}


def measure(rows: Sequence[Variant], split: str) -> Iterator[Row]:
    """Precision, recall and F1 of each system; names a second, first seen and seen again, of ours."""
    chosen = [row for row in rows if row.split == split]
    dev = [row for row in rows if row.split == "dev"]
    for system, build in systems():
        threshold = name_key.SAME if system == "ortaq" else best_threshold(dev, build(dev))
        found = figures(chosen, build(chosen), threshold)
        for language, one in found.items():
            for metric in ("precision", "recall", "f1"):
                yield Row("languages", "names", language, system, metric, round(getattr(one, metric), 5), one.positive)
        enough = [one for language, one in found.items() if language != "*all" and one.positive >= LEAST_PAIRS]
        for metric in ("precision", "recall", "f1"):
            values = [getattr(one, metric) for one in enough]
            yield Row("languages", "names", "*min", system, metric, round(min(values), 5), len(values))
            yield Row("languages", "names", "*mean", system, metric, round(sum(values) / len(values), 5), len(values))
    for metric, seconds in speeds(chosen):
        yield Row("languages", "names", "*all", "ortaq", metric, round(len(chosen) / seconds), len(chosen))


def speeds(rows: Sequence[Variant]) -> Iterator[tuple[str, float]]:
    """CPU seconds for the keys of all rows: first with an empty cache, then as in a stream where names come again."""
    from ortaq.understand import name_sounds

    name_key._name_key.cache_clear()
    name_sounds.sounds.cache_clear()
    for metric in ("names_per_second_first", "names_per_second"):
        start = time.process_time()
        for row in rows:
            name_key.name_key(row.name, row.language)
        yield metric, max(time.process_time() - start, 1e-6)


def main(argv: Sequence[str] | None = None) -> None:
    """The command line of the task."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=["dev", "test"], default="test")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args(argv)
    report(list(measure(read(arguments.data), arguments.split)), arguments.json)
