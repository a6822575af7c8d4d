"""Fit the weights of `ortaq.unify.translations` by logistic regression.

    python tools/tune_translations.py --data ../shared/data        # a minute on one core

Translations are NTREX-128's documents in two languages, and the same halves of a document. What is none: different
halves of one document, and what two outlets of the demo region wrote on one event, each for itself, in two languages;
these share their numbers, and half of the weight is theirs. Half of the documents and events is for fitting and half
for the figures that are printed; the numbers to be used are then fitted on all.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from ortaq.demo.content import load_region  # noqa: E402
from ortaq.languages import load  # noqa: E402
from ortaq.model import Article  # noqa: E402
from ortaq.text.script import script_of  # noqa: E402
from ortaq.unify.translations import Alignment, Outline, align, outline  # noqa: E402

NOW = datetime(2026, 1, 1, tzinfo=UTC)
Floats = npt.NDArray[np.float64]
RIDGE = 1e-4
NEGATIVES = 3  # different halves for each pair of translations
TRANSLATED = {"e07-carpet-museum", "e20-women-in-media"}  # events of the region whose tellings were partly translated


def texts(data: Path) -> Iterator[tuple[str, str, str, str]]:
    """(document, part, language, text)."""
    for row in _rows(data / "news" / "multi_ntrex.jsonl.gz"):
        yield row["id"].rpartition(".")[0], "whole", row["language"], row["text"]
    for row in _rows(data / "stories" / "ntrex_halves.dev.jsonl.gz"):
        yield row["story"], row["id"].rpartition(".")[2], row["language"], row["text"]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def pairs(data: Path, seed: int = 1) -> list[tuple[str, bool, str, Alignment | None]]:
    """(document, is it a translation, languages, alignment), None for one that is never linked."""
    outlines: dict[tuple[str, str], list[Outline]] = defaultdict(list)
    for document, part, language, text in texts(data):
        article = Article(f"{document}.{part}.{language}", "", "", "", "", text, NOW, language, script_of(text))
        if made := outline(article, load(language).all_forms("abbreviations")):
            outlines[document, part].append(made)
    rng = random.Random(seed)  # noqa: S311
    found = []
    for (document, part), each in sorted(outlines.items()):
        same = list(itertools.combinations(each, 2))
        found += [(document, True, one, two) for one, two in same]
        if part == "A":
            other = [(a, b) for a in each for b in outlines[document, "B"] if a.language != b.language]
            found += [(document, False, a, b) for a, b in rng.sample(other, min(len(other), NEGATIVES * len(same)))]
    return [(document, is_one, f"{a.language}-{b.language}", align(a, b)) for document, is_one, a, b in found]


def region() -> list[tuple[str, bool, str, Alignment | None]]:
    """Pairs of the demo region, none of them a translation."""
    events: dict[str, list[tuple[str, Outline]]] = defaultdict(list)
    for outlet in load_region():
        for told in outlet.articles:
            language, _, script = told.language.partition("-")
            text = told.text.body
            article = Article(told.slug, "", "", "", "", text, NOW, language, script or script_of(text))
            if (made := outline(article, load(language).all_forms("abbreviations"))) and told.event not in TRANSLATED:
                events[told.event].append((outlet.id, made))
    return [
        (event, False, f"{a.language}-{b.language}", align(a, b))
        for event, each in sorted(events.items())
        for (one, a), (two, b) in itertools.combinations(each, 2)
        if one != two and a.language != b.language
    ]


def features(alignments: Sequence[Alignment]) -> Floats:
    return np.array([aligned.features for aligned in alignments], np.float64)


def fit(rows: Sequence[tuple[str, bool, str, Alignment | None]]) -> Floats:
    """Newton's method; both classes weigh the same."""
    known = [(is_one, aligned) for _, is_one, _, aligned in rows if aligned]
    x, y = features([aligned for _, aligned in known]), np.array([is_one for is_one, _ in known], np.float64)
    ours = np.array([event[0] == "e" and event[1:3].isdigit() for event, _, _, aligned in rows if aligned])
    halves = (y == 0) & ~ours
    weight = 0.5 * y / y.sum() + 0.25 * ours / ours.sum() + 0.25 * halves / halves.sum()
    scale = np.maximum(x.std(axis=0), np.arange(x.shape[1]) == 0)
    x = x / scale
    beta = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-x @ beta))
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + RIDGE * np.eye(x.shape[1])
        beta += np.linalg.solve(hessian, x.T @ (weight * (y - p)) - RIDGE * beta)
    return beta / scale


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    rows = pairs(parser.parse_args().data) + region()
    documents = sorted({row[0] for row in rows})
    random.Random(2).shuffle(documents)  # noqa: S311
    ours = set(documents[: len(documents) // 2])
    beta = fit([row for row in rows if row[0] in ours])
    unseen = [row for row in rows if row[0] not in ours]
    for threshold in (0.5, 0.8, 0.9, 0.95, 0.98):
        said = [
            (is_one, aligned is not None and bool(1 / (1 + np.exp(-features([aligned])[0] @ beta)) >= threshold))
            for _, is_one, _, aligned in unseen
        ]
        right = sum(is_one and yes for is_one, yes in said)
        recall = right / sum(is_one for is_one, _ in said)
        taken = [yes for is_one, yes in said if not is_one]
        print(
            f"unseen, at {threshold}: {recall:.3f} of translations found, "
            f"{sum(taken)} of {len(taken)} others taken for one"
        )
    print("fitted on all:", fit(rows).round(2).tolist(), f"({len(rows)} pairs of {len(documents)} documents)")


if __name__ == "__main__":
    main()
