"""Do the articles on one event come together, and nothing else? On sets that tell what belongs together.

    python -m benchmarks.stories --data FILE.jsonl.gz [--json OUT]          # the set's kind is known by its fields
    python -m benchmarks.stories --scale 1000000 [--json OUT]               # speed and memory, on made-up articles

A stream (id, language, published, title, text, story) is clustered in the order of its dates: `stream` over all, and
over the articles of each language; `stream-hour` with each date moved by up to an hour (mean of five);
`cross` the pairs of articles in different languages; `halves` the first half (an id that ends in A) in each language
to the second halves in Russian, right one first of all (`recall@1`). Pairs (title_1, text_1, ..., label OK or BAD) and
headline pairs (text_1, text_2, label 1, 0, -1) are given to a fresh clusterer each: `pairs` is "one story?" against
the label; headlines that people called near (0) are left out there, and count as different in `pairs-near`.

Beside it, on the same vectors: the online clustering of Miranda et al. 2018, and a plain threshold on the cosine, of
raw and of centered vectors. Each peer has the threshold that is best on the very data that is measured. Speed is of
placing alone: the time for vectors is left out for all, for copies too; `peak_mb` is what placing allocates.
"""

from __future__ import annotations

import argparse
import random
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import Row, over_languages, read_jsonl, report
from benchmarks.stories_peers import (
    Floats,
    Item,
    Miranda,
    Plain,
    Vectors,
    bcubed,
    best,
    f1,
    links,
    load,
    rarity,
    tfidf_likeness,
)
from benchmarks.stories_scale import scale
from ortaq.model import Article
from ortaq.settings import UnifySettings
from ortaq.unify.members import member_of
from ortaq.unify.scoring import Scorer
from ortaq.unify.stories import StoryBuilder
from ortaq.unify.weights import TUNED, Weights
from ortaq.unify.working import WorkingSet

DAY = datetime(2026, 5, 1, tzinfo=UTC)
GRID = [round(0.1 + 0.025 * step, 3) for step in range(34)]
MIRANDA = "miranda-2018 (own)"
RAW, CENTERED = "threshold raw", "threshold centered"
Cluster = Callable[[Sequence[Item]], list[Any]]
HOURS = 5  # streams with dates moved


def article_of(row: dict[str, Any], id: str, title: str, text: str, language: str) -> Article:
    at = datetime.fromisoformat(row["published"]) if row.get("published") else DAY
    return Article(id, id, "o", "s", title or "", text or "", DAY, language, published_at=at)


def ours(stream: Sequence[Item], weights: Weights = TUNED) -> list[str]:
    """Each article's story in the end, merges followed."""
    builder = StoryBuilder(UnifySettings(), weights)
    story: dict[str, str] = {}
    gone: dict[str, str] = {}
    for article, annotation in stream:
        placement = builder.place(article, annotation)
        gone.update((change.source, change.target) for change in placement.changes)
        story[article.id] = placement.membership.story
    found = []
    for article, _ in stream:
        last = story[article.id]
        while last in gone:
            last = gone[last]
        found.append(last)
    return found


def systems(stream: Sequence[Item], true: Sequence[Any], vectors: Vectors) -> Iterator[tuple[str, Cluster]]:
    """Ours, and the peers at their best thresholds for this stream."""
    yield "ortaq", ours

    def worth(cluster: Cluster) -> float:
        return bcubed(cluster(stream), true)[2]

    for name, of in ((RAW, vectors.raw), (CENTERED, vectors.centered)):
        grid = [round(0.7 + 0.01 * step, 3) for step in range(29)] if name == RAW else GRID
        made: list[Cluster] = [_plain(threshold, of) for threshold in grid]
        yield name, best(made, worth)
    rare = rarity(stream)
    made = [_miranda(a, b, vectors, rare) for a in (0.08, 0.12, 0.16, 0.2, 0.26) for b in (0.2, 0.3, 0.4, 0.5, 0.6)]
    yield MIRANDA, best(made, worth)


def _plain(threshold: float, vectors: dict[str, Floats]) -> Cluster:
    def cluster(stream: Sequence[Item]) -> list[Any]:
        peer = Plain(threshold, vectors)
        return [peer.place(item) for item in stream]

    return cluster


def _miranda(inside: float, across: float, vectors: Vectors, rare: Any) -> Cluster:
    def cluster(stream: Sequence[Item]) -> list[Any]:
        peer = Miranda(inside, across, vectors.centered, rare)
        return [peer.place(item) for item in stream]

    return cluster


def stream_rows(rows: Sequence[dict[str, Any]]) -> Iterator[Row]:
    given = [article_of(row, row["id"], row["title"], row["text"], row["language"]) for row in rows]
    items, vectors = load(given)
    order = sorted(range(len(items)), key=lambda place: items[place][0].at)
    stream, true = [items[place] for place in order], [rows[place]["story"] for place in order]
    languages = [item[0].language for item in stream]
    for system, cluster in systems(stream, true, vectors):
        start = time.process_time()
        found = cluster(stream)
        seconds = time.process_time() - start
        yield from _of_stream(system, found, true, languages)
        yield Row("stories", "stream", "*mean", system, "articles_per_second", len(stream) / seconds, len(stream))
        yield Row("stories", "stream", "*mean", system, "peak_mb", _peak(cluster, stream), len(stream))
        yield from _cross(system, found, true, languages)
        yield from _hours(system, cluster, stream, true)
    yield from _halves(stream, true, vectors)


def _of_stream(system: str, found: Sequence[Any], true: Sequence[Any], languages: Sequence[str]) -> Iterator[Row]:
    for language in ["*mean", *sorted(set(languages))]:
        places = [place for place, one in enumerate(languages) if language in ("*mean", one)]
        own, gold = [found[place] for place in places], [true[place] for place in places]
        values = dict(zip(("bcubed_precision", "bcubed_recall", "bcubed_f1"), bcubed(own, gold), strict=True))
        values["pair_f1"] = links(own, gold, lambda a, b: True)[2]
        for metric, value in values.items():
            yield Row("stories", "stream", language, system, metric, value, len(places))


def _cross(system: str, found: Sequence[Any], true: Sequence[Any], languages: Sequence[str]) -> Iterator[Row]:
    """Links between languages: of each language to all others, `*min`, and over all of them (`*mean`)."""
    weakest: dict[str, tuple[float, int]] = {}
    for language in ["*mean", *sorted(set(languages))]:

        def keep(a: int, b: int, language: str = language) -> bool:
            pair = {languages[a], languages[b]}
            return len(pair) == 2 and (language == "*mean" or language in pair)

        *values, count = links(found, true, keep)
        for metric, value in zip(("precision", "recall", "f1"), values, strict=True):
            yield Row("stories", "cross", language, system, metric, value, count)
        weakest[language] = values[2], count
    yield Row("stories", "cross", "*min", system, "f1", *min(weakest.values()))


def _hours(system: str, cluster: Cluster, stream: Sequence[Item], true: Sequence[Any]) -> Iterator[Row]:
    scores = []
    for seed in range(HOURS):
        rng = random.Random(seed)
        moved = {item[0].id: item[0].at + timedelta(hours=rng.uniform(-1, 1)) for item in stream}
        order = sorted(range(len(stream)), key=lambda place: moved[stream[place][0].id])
        late = [(replace(stream[p][0], published_at=moved[stream[p][0].id]), stream[p][1]) for p in order]
        scores.append(bcubed(cluster(late), [true[place] for place in order])[2])
    yield Row("stories", "stream-hour", "*mean", system, "bcubed_f1", sum(scores) / HOURS, len(stream))


def _halves(stream: Sequence[Item], true: Sequence[Any], vectors: Vectors) -> Iterator[Row]:
    event = {item[0].id: story for item, story in zip(stream, true, strict=True)}
    first = [item for item in stream if item[0].id.endswith("A")]
    second = [item for item in stream if item[0].id.endswith("B") and item[0].language == "ru"]
    if not first or not second:
        return
    rare = rarity(stream)
    rank: dict[str, Callable[[Item, Item], float]] = {
        "ortaq": _scorer(second),
        RAW: lambda a, b: float(vectors.raw[a[0].id] @ vectors.raw[b[0].id]),
        CENTERED: lambda a, b: float(vectors.centered[a[0].id] @ vectors.centered[b[0].id]),
        "tfidf (own)": lambda a, b: tfidf_likeness(a, b, rare),
    }
    for system, score in rank.items():
        hits: dict[str, list[bool]] = defaultdict(list)
        for item in first:
            top = max(second, key=lambda other: (score(item, other), other[0].id))
            hits[item[0].language].append(event[top[0].id] == event[item[0].id])
        values = {language: (sum(right) / len(right), len(right)) for language, right in sorted(hits.items())}
        yield from over_languages("stories", "halves", system, "recall@1", values)


def _scorer(second: Sequence[Item]) -> Callable[[Item, Item], float]:
    """The clusterer's own score of an article for a story of one article, all of them in one working set."""
    held = WorkingSet(window=float("inf"))
    for article, annotation in second:
        held.begin(article.id, member_of(held.next_order(), article, annotation))
    scorer = Scorer(TUNED, TUNED.join, held.names, held.numbers)
    asked: dict[str, Any] = {}

    def score(one: Item, two: Item) -> float:
        id = one[0].id
        if id not in asked:
            member = member_of(0, *one)
            near = held.nearest(member.vector, member.at, 12)
            asked[id] = scorer.ask(member, [cosine for _, cosine in near])
        return scorer.score(asked[id], held.story(two[0].id), copied=False).score

    return score


def pair_rows(rows: Sequence[dict[str, Any]]) -> Iterator[Row]:
    headlines = "title_1" not in rows[0]
    given = [
        article_of({}, f"{number}.{side}", row.get(f"title_{side}", ""), row[f"text_{side}"], row["lang"])
        for number, row in enumerate(rows)
        for side in (1, 2)
    ]
    items, vectors = load(given)
    pairs = list(zip(items[::2], items[1::2], strict=True))
    labels = [str(row["label"]) for row in rows]
    rare = rarity(items)
    scores: dict[str, list[float]] = {
        RAW: [float(vectors.raw[a[0].id] @ vectors.raw[b[0].id]) for a, b in pairs],
        CENTERED: [float(vectors.centered[a[0].id] @ vectors.centered[b[0].id]) for a, b in pairs],
        "tfidf (own)": [tfidf_likeness(a, b, rare) for a, b in pairs],
    }
    said = [len(set(ours(pair))) == 1 for pair in pairs]
    for task, near in (("pairs", False), ("pairs-near", True)):
        if near and not headlines:
            return
        chosen = [place for place, label in enumerate(labels) if near or label != "0"]
        same = [labels[place] in ("OK", "1") for place in chosen]
        yield from _judged(task, "ortaq", [said[place] for place in chosen], same, rows[0]["lang"])
        for system, all_scores in scores.items():
            own = [all_scores[place] for place in chosen]
            top = best(sorted(set(own)), lambda t: _figures([s >= t for s in own], same)[2])  # noqa: B023
            yield from _judged(task, system, [score >= top for score in own], same, rows[0]["lang"])


def _judged(task: str, system: str, said: Sequence[bool], same: Sequence[bool], language: str) -> Iterator[Row]:
    for metric, value in zip(("precision", "recall", "f1"), _figures(said, same), strict=True):
        yield Row("stories", task, language, system, metric, value, len(said))


def _figures(said: Sequence[bool], same: Sequence[bool]) -> tuple[float, float, float]:
    right = sum(a and b for a, b in zip(said, same, strict=True))
    precision, recall = right / max(1, sum(said)), right / max(1, sum(same))
    return precision, recall, f1(precision, recall)


def _peak(cluster: Cluster, stream: Sequence[Item]) -> float:
    """Megabytes that are allocated at most while it runs."""
    tracemalloc.start()
    try:
        cluster(stream)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def measure(path: Path) -> Iterable[Row]:
    rows = list(read_jsonl(path))
    return stream_rows(rows) if "story" in rows[0] else pair_rows(rows)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--scale", type=int, help="articles that are placed before the last are timed")
    parser.add_argument("--json", type=Path, help="where the rows are written")
    arguments = parser.parse_args(argv)
    if (arguments.data is None) == (arguments.scale is None):
        parser.error("give --data or --scale")
    found = scale(arguments.scale) if arguments.data is None else measure(arguments.data)
    report(list(found), arguments.json)


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    main()
