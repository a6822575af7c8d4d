"""Are translations told from other tellings of the same event?

    python -m benchmarks.translations --data HALVES.jsonl.gz [--json OUT]

HALVES has id (`DOCUMENT.LANGUAGE.HALF`), story, text, language: the halves of translated documents, which share no
sentence. The same half in two languages is a translation; two different halves of one document, in two languages, are
none. Pairs of which a text has fewer than five sentences are left out: of them nothing is said. Rows by language are of
the pairs that have a text in it; `precision recall f1`.

Beside it a threshold on the cosine of our vectors, and one on the share of numbers in common, each the best for this
very data.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.common import Row, arguments, over_languages, read_jsonl, report
from ortaq.languages import load
from ortaq.model import Article
from ortaq.settings import EmbedSettings
from ortaq.text import script_of
from ortaq.understand.annotate import annotate
from ortaq.understand.embed import load_embedder
from ortaq.unify.translations import THRESHOLD, align, outline

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def pairs(path: Path) -> Iterator[tuple[Article, Article, bool]]:
    """Two articles, and whether they are translations of one another."""
    stories: dict[str, list[tuple[str, Article]]] = defaultdict(list)
    for row in read_jsonl(path):
        text, language = row["text"], row["language"]
        article = Article(row["id"], row["id"], "o", "s", row["title"] or "", text, NOW, language, script_of(text))
        stories[row["story"]].append((row["id"].rpartition(".")[2], article))
    for each in stories.values():
        for (one, a), (two, b) in itertools.combinations(each, 2):
            if a.language != b.language:
                yield a, b, one == two


def figures(system: str, cases: Sequence[tuple[Article, Article, bool]], said: Sequence[bool]) -> Iterator[Row]:
    languages = sorted({article.language for a, b, _ in cases for article in (a, b)})
    cells: dict[str, dict[str, tuple[float, int]]] = defaultdict(dict)
    for language in languages:
        own = [
            (is_one, yes)
            for (a, b, is_one), yes in zip(cases, said, strict=True)
            if language in (a.language, b.language)
        ]
        right = sum(is_one and yes for is_one, yes in own)
        precision = right / max(1, sum(yes for _, yes in own))
        recall = right / max(1, sum(is_one for is_one, _ in own))
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        for metric, value in (("precision", precision), ("recall", recall), ("f1", f1)):
            cells[metric][language] = value, len(own)
    for metric, values in cells.items():
        yield from over_languages("translations", "translations", system, metric, values)


def best_threshold(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """The one with the highest F1."""
    tried = np.quantile(scores, np.linspace(0, 1, 200))
    told, labels = np.array(scores), np.array(truth)

    def f1(threshold: float) -> float:
        said = told >= threshold
        return float(2 * (said & labels).sum() / (said.sum() + labels.sum()))

    return max(map(float, tried), key=f1)


def main(argv: Sequence[str] | None = None) -> None:
    chosen = arguments(argv, __doc__, "data")
    every = list(pairs(chosen.data))
    articles = {article.id: article for a, b, _ in every for article in (a, b)}
    outlines = {id: outline(one, load(one.language).all_forms("abbreviations")) for id, one in articles.items()}
    cases = [case for case in every if outlines[case[0].id] and outlines[case[1].id]]
    said = []
    for a, b, _ in cases:
        one, two = outlines[a.id], outlines[b.id]
        aligned = align(one, two) if one and two else None
        said.append(aligned is not None and aligned.likelihood >= THRESHOLD)
    found = list(figures("ortaq", cases, said))
    notes = dict(zip(articles, annotate(list(articles.values()), load_embedder(EmbedSettings())), strict=True))
    cosines = [float(notes[a.id].vector @ notes[b.id].vector) for a, b, _ in cases]
    common = []
    for a, b, _ in cases:
        ours, theirs = set(notes[a.id].numbers), set(notes[b.id].numbers)
        common.append(len(ours & theirs) / max(1, len(ours | theirs)))
    truth = [is_one for *_, is_one in cases]
    for name, scores in (("cosine", cosines), ("numbers in common", common)):
        threshold = best_threshold(scores, truth)
        found += figures(f"{name} >= {threshold:.2f}", cases, [score >= threshold for score in scores])
    report(found, chosen.json)


if __name__ == "__main__":
    main()
