"""How fast search answers on many articles, how fast they are indexed, and how much room they take.

    python -m benchmarks.search_speed --data news/ --articles 100000 --json OUT

The articles are made from the real ones of `--data` (a folder of .jsonl.gz with title, text, language): a headline and
5 to 15 sentences of one language, drawn at random, so words are as frequent as in news, but texts make no sense. A
vector is a real article's with noise, at a cosine of about 0.8 to it; their real neighborhoods are denser. Queries are
beginnings of headlines, a third of them narrowed to a language and half a year. Every answer counts by language,
country, outlet, kind and day, and makes twenty snippets. What is measured is the whole search, its vector included,
after warm-up, one query at a time. Records stand in memory.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import numpy as np

from benchmarks.common import Row, read_jsonl, report
from benchmarks.search import AT, Floats, Remembering, Shelf, article
from ortaq.model import DEFAULT_SCRIPTS, Annotation, Article, Outlet
from ortaq.search.engine import MODES, SearchEngine
from ortaq.settings import EmbedSettings
from ortaq.store.contract import Filters, IndexRow, Position, Records, StoredArticle
from ortaq.store.index import LanceIndex, open_index
from ortaq.understand.annotate import annotate, query_vector
from ortaq.understand.embed import load_embedder
from ortaq.understand.terms import terms

BATCH = 5_000
NOISE = 0.038  # standard deviation in each of 384 dimensions
OUTLETS = [
    Outlet(
        f"o{n}", f"Outlet {n}", country=("KZ", "KG", "UZ", "TJ", "TM")[n % 5], kind=("portal", "agency", "tv")[n % 3]
    )
    for n in range(60)
]


def sample(folder: Path, most: int) -> list[Article]:
    rows = [row for path in sorted(folder.glob("*.jsonl.gz")) for row in read_jsonl(path)]
    rows = [row for row in rows if row["language"].partition("-")[0] in DEFAULT_SCRIPTS and row["title"]]
    chosen = random.Random(1).sample(rows, min(most, len(rows)))
    return [article(row["id"], row["title"], row["text"], row["language"].partition("-")[0]) for row in chosen]


class Made(Shelf):
    """Records that make an article when it is asked for: its text is a real one's."""

    def __init__(self, real: Sequence[Article], vectors: Floats) -> None:
        self._real, self._vectors = real, vectors

    def articles(self, ids: Sequence[str]) -> list[StoredArticle]:
        return [
            StoredArticle(replace(self._real[int(id.split(".")[1])], id=id), Position(), story=f"s{id}") for id in ids
        ]

    def vectors(self, ids: Sequence[str]) -> dict[str, Annotation]:
        return {id: Annotation(self._vectors[int(id.split(".")[1])]) for id in ids}

    def outlets(self) -> list[Outlet]:
        return OUTLETS


def batches(real: Sequence[Article], vectors: Floats, articles: int) -> Iterator[list[IndexRow]]:
    chance, noise = random.Random(2), np.random.default_rng(2)
    headlines: dict[str, list[str]] = {}
    sentences: dict[str, list[str]] = {}
    for one in real:
        headlines.setdefault(one.language, []).append(" ".join(terms(one.headline, one.language)))
        parts = [part for part in re.split(r"(?<=[.!?])\s+", one.text) if part.strip()]
        sentences.setdefault(one.language, []).extend(" ".join(terms(part, one.language)) for part in parts)
    for start in range(0, articles, BATCH):
        size = min(BATCH, articles - start)
        chosen = [chance.randrange(len(real)) for _ in range(size)]
        rows = vectors[chosen] + NOISE * noise.standard_normal((size, vectors.shape[1])).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        yield [
            IndexRow(
                article=f"{start + place}.{number}",
                story="",
                outlet=outlet.id,
                country=outlet.country,
                language=real[number].language,
                published_at=AT - timedelta(minutes=chance.randrange(60 * 24 * 365)),
                copy=False,
                headline_tokens=chance.choice(headlines[real[number].language]),
                text_tokens=" ".join(chance.choices(sentences[real[number].language], k=chance.randint(5, 15))),
                annotation=Annotation(rows[place]),
            )
            for place, number in enumerate(chosen)
            for outlet in [chance.choice(OUTLETS)]
        ]


def times(engine: SearchEngine, real: Sequence[Article], queries: int) -> dict[str, list[float]]:
    """Milliseconds for each way of searching; every query is a new one."""
    found: dict[str, list[float]] = {}
    for mode in MODES:
        chance = random.Random(mode)
        for number in range(queries + 20):
            one = chance.choice(real)
            typed = " ".join(one.headline.split()[: chance.randint(1, 6)])
            narrow = Filters(languages=(one.language,), since=AT - timedelta(days=180))
            started = time.perf_counter()
            engine.search(typed, mode=mode, filters=narrow if number % 3 == 0 else None)
            if number >= 20:
                found.setdefault(mode, []).append((time.perf_counter() - started) * 1e3)
    return found


def fill(index: LanceIndex, made: Iterator[list[IndexRow]]) -> float:
    """Seconds in the index alone, folding in as the pipeline does."""
    spent = 0.0
    for number, rows in enumerate(made, 1):
        started = time.perf_counter()
        index.upsert(rows)
        if number % 10 == 0:
            index.optimize()
        spent += time.perf_counter() - started
    started = time.perf_counter()
    index.optimize()
    return spent + time.perf_counter() - started


def measure(data: Path, articles: int, queries: int, real_articles: int) -> list[Row]:
    real = sample(data, real_articles)
    vectors = np.stack([made.vector for made in annotate(real, Remembering())])
    model = load_embedder(EmbedSettings())
    with tempfile.TemporaryDirectory() as folder:
        index = open_index(Path(folder), vectors.shape[1])
        spent = fill(index, batches(real, vectors, articles))
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        records = cast(Records, Made(real, vectors))
        engine = SearchEngine(records, index, lambda text: query_vector(text, model), model=EmbedSettings().model)
        rows = [
            Row("search_speed", f"{mode}-{articles}", "*mean", "ortaq", metric, round(value, 1), queries)
            for mode, told in times(engine, real, queries).items()
            for metric, value in (("p50_ms", float(np.median(told))), ("p99_ms", float(np.percentile(told, 99))))
        ]
    indexing = (("articles_per_second", articles / spent), ("bytes_per_article", size / articles))
    return rows + [
        Row("search_speed", f"index-{articles}", "*mean", "ortaq", name, round(value, 1), articles)
        for name, value in indexing
    ]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--real", type=int, default=1_500, help="real articles that they are made of")
    parser.add_argument("--json", type=Path, help="where the rows are written")
    arguments = parser.parse_args(argv)
    report(measure(arguments.data, arguments.articles, arguments.queries, arguments.real), arguments.json)


if __name__ == "__main__":
    main()
