"""Look for better costs of Turkish analyses (`ortaq.languages.stem_turkish.COST`).

    python tools/tune_turkish.py --seconds 100 [--half]

First the costs are fitted so that of a word's analyses the one with its lemma is the cheapest (a softmax over the
analyses of UD Turkish BOUN dev), lemmas being their own. Then random search: the most forms that meet their lemma less
`--price` for each point of wrong joins above `--allowed`. With --half only the lemmas of one half (by the hash of the
lemma) are seen; both halves are measured. Prints the costs; they are copied by hand.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.languages_stem import read  # noqa: E402
from tools.tune_stems import Pairs, half  # noqa: E402

from ortaq.languages import load, stem_turkish  # noqa: E402
from ortaq.languages.stem_table import Table  # noqa: E402
from ortaq.text.normalize import fold  # noqa: E402
from ortaq.text.script import script_of  # noqa: E402

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
STEPS = (-1.5, -1.0, -0.5, -0.2, 0.2, 0.5, 1.0, 1.5)
PENALTY = 1e-3


class Readings:
    """Every analysis of every word of the pairs, and of the stems that they lead to: a row of traits for each."""

    def __init__(self, pairs: Pairs) -> None:
        analyzer, data = stem_turkish.Analyzer(), load("tr").stemming
        table = Table(data, "tr.toml [stem]")
        self.numbers: dict[str, int] = {}
        rows: list[tuple[str, dict[str, float]]] = []
        starts: list[int] = []
        todo = sorted({word for pair in pairs for word in pair}, reverse=True)
        while todo:
            if (word := todo.pop()) in self.numbers:
                continue
            self.numbers[word] = len(self.numbers)
            starts.append(len(rows))
            name, cut, _ = word.partition(data.cut)
            word = name if cut and len(name) > 1 else word
            known = word.isprintable() and script_of(word) == "Latn"
            for disharmony, spelled in stem_turkish.spellings(word) if known else ():
                for found in analyzer.analyze(spelled):
                    if found["root"]:
                        traits: dict[str, float] = {}
                        for trait, much in stem_turkish.traits_of(found, spelled, disharmony):
                            traits[trait] = traits.get(trait, 0.0) + much
                        rows.append((stem_turkish.stem_of(found), traits))
            if len(rows) == starts[-1]:
                rows.append((table.stem(word).rstrip("-") or word, {}))
            todo.extend(stem for stem, _ in rows[starts[-1] :])
        self.names = sorted({trait for _, traits in rows for trait in traits})
        places = {name: place for place, name in enumerate(self.names)}
        self.starts = np.array(starts)
        self.owner = np.repeat(np.arange(len(starts)), np.diff(np.append(self.starts, len(rows))))
        self.stems = np.array([self.numbers[stem] for stem, _ in rows])
        self.traits: Floats = np.zeros((len(rows), len(places)), dtype=np.float32)
        for row, (_, traits) in enumerate(rows):
            for trait, much in traits.items():
                self.traits[row, places[trait]] = much

    def stem_of_each(self, costs: Floats) -> Ints:
        """The stem of each word when the cheapest analysis is taken, and of that stem, until it is its own."""
        cheapest = np.flatnonzero(costs <= np.minimum.reduceat(costs, self.starts)[self.owner] + 1e-6)
        first = np.zeros(len(self.starts), dtype=np.int64)
        first[self.owner[cheapest][::-1]] = cheapest[::-1]
        stems: Ints = self.stems[first]
        for _ in range(8):
            stems = stems[stems]
        return stems

    def figures(self, stems: Ints, pairs: Pairs) -> tuple[float, float]:
        """Forms that meet their lemma and lemmas that meet another, in %."""
        sides = np.array([[self.numbers[text] for text in pair] for pair in pairs])
        forms = sides[sides[:, 0] != sides[:, 1]]
        of_lemmas = stems[np.unique(sides[:, 0])]
        shared = np.bincount(of_lemmas, minlength=len(stems))[of_lemmas] > 1
        return 100 * float((stems[forms[:, 0]] == stems[forms[:, 1]]).mean()), 100 * float(shared.mean())


def fitted(readings: Readings, pairs: Pairs) -> Floats:
    """Costs under which the lemma is the likeliest stem, by Adam on the softmax over a word's analyses."""
    ends = np.append(readings.starts[1:], len(readings.stems))
    wanted = {(form, lemma) for lemma, form in pairs} | {(lemma, lemma) for lemma, _ in pairs}
    places, firsts, good = [], [], []
    for form, lemma in sorted(wanted):
        number = readings.numbers[form]
        rows = np.arange(readings.starts[number], ends[number])
        right = readings.stems[rows] == readings.numbers[lemma]
        if right.any() and not right.all():
            firsts.append(len(places))
            places += rows.tolist()
            good += right.tolist()
    traits, starts = readings.traits[places], np.array(firsts)
    owner = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(places))))
    costs = np.zeros(traits.shape[1], dtype=np.float32)
    mean, square = np.zeros_like(costs), np.zeros_like(costs)
    for step in range(1, 401):
        odds = -(traits @ costs)
        odds = np.exp(odds - np.maximum.reduceat(odds, starts)[owner])
        right = odds * good
        gap = right / np.add.reduceat(right, starts)[owner] - odds / np.add.reduceat(odds, starts)[owner]
        gradient = gap @ traits / len(starts) + PENALTY * costs
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        costs -= 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return np.asarray(costs * 4 / np.abs(costs).max(), dtype=np.float32)


def searched(
    readings: Readings, costs: Floats, samples: Sequence[tuple[Pairs, float]], given: argparse.Namespace
) -> Floats:
    def score(total: Floats, costs: Floats) -> float:
        stems = readings.stem_of_each(total)
        worth = -0.01 * float(np.abs(costs).sum())
        for pairs, weight in samples:
            met, joined = readings.figures(stems, pairs)
            worth += weight * (met - given.price * max(0.0, joined - given.allowed) - 0.2 * joined)
        return worth

    chance, until = random.Random(5), time.monotonic() + given.seconds  # noqa: S311
    total = readings.traits @ costs
    best = score(total, costs)
    while time.monotonic() < until:
        tried, tried_total = costs.copy(), total.copy()
        for _ in range(chance.choice([1, 1, 2, 3])):
            place, step = chance.randrange(len(costs)), np.float32(chance.choice(STEPS))
            tried[place] += step
            tried_total += readings.traits[:, place] * step
        if (found := score(tried_total, tried)) > best + 0.01:
            best, costs, total = found, tried, tried_total
    return costs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "inflections" / "ud")
    parser.add_argument("--seconds", type=float, default=100)
    parser.add_argument("--price", type=float, default=0.9)
    parser.add_argument("--allowed", type=float, default=2.0)
    parser.add_argument("--half", action="store_true")
    given = parser.parse_args()
    boun, tuecl = (
        sorted({(fold(lemma), fold(form)) for lemma, form in read(given.data / f"{name}.jsonl.gz")[1]})
        for name in ("tr_boun-ud-dev", "tr_tuecl-ud-test")
    )
    boun, tuecl = ([pair for pair in pairs if " " not in "".join(pair)] for pairs in (boun, tuecl))
    readings = Readings([*boun, *tuecl])
    seen = [pair for pair in boun if not given.half or half(pair[0]) == 0]
    costs = searched(readings, fitted(readings, seen), [(seen, 1.0), (tuecl, 0.15)], given)
    print({name: round(float(cost), 2) for name, cost in zip(readings.names, costs, strict=True) if abs(cost) > 0.005})
    stems = readings.stem_of_each(readings.traits @ costs)
    for what, part in (("seen half", 0), ("unseen half", 1), ("all", None)):
        met, joined = readings.figures(stems, [pair for pair in boun if part is None or half(pair[0]) == part])
        print(f"{what}: {met:.1f} % of forms meet their lemma, {joined:.1f} % of lemmas meet another")


if __name__ == "__main__":
    main()
