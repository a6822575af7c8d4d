"""How fast are copies and stories with many articles behind them? On made-up articles, vectors included.

Each event has a vector, names, numbers and a vocabulary of its own, and is told four times in a few days; one telling
in five repeats an earlier one with changes. The articles are placed in the order of their dates, and what is timed are
the last tenth of the first 10,000 and the last tenth of all.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import numpy as np

from benchmarks.common import Row
from ortaq.model import Annotation, Article
from ortaq.settings import UnifySettings
from ortaq.unify import Unifier

START = datetime(2026, 1, 1, tzinfo=UTC)
FEW = 10_000
TELLINGS = 4
PER_DAY = 5_000
BLOCK = 500
_LANGUAGES = ("kk", "ru", "uz", "ky", "tg", "tk", "en", "mn")
_WORDS = 220  # of a text
_VOCABULARY = 60_000


def articles(count: int, seed: int = 1) -> Iterator[tuple[Article, Annotation]]:
    """Articles in the order of their dates; an event's tellings lie within some days of one another."""
    rng = np.random.default_rng(seed)
    told: dict[int, str] = {}
    for number in range(count):
        event = max(0, number // TELLINGS - int(rng.integers(0, 2_000)))
        own = np.random.default_rng([2, event])
        base = own.normal(size=384)
        noise = rng.normal(size=384)
        vector = base / np.linalg.norm(base) + 0.7 * noise / np.linalg.norm(noise)
        if event in told and rng.random() < 0.2:
            text = told[event].replace(" w1", " changed1", 3)
        else:
            text = " ".join(f"w{word}" for word in rng.integers(0, _VOCABULARY, _WORDS).tolist())
            told[event] = text
            told.pop(event - 4_000, None)
        names = tuple(f"n{name}" for name in own.integers(0, 5_000, 6).tolist())
        numbers = tuple(str(value) for value in own.integers(10, 9_000, 3).tolist())
        language = _LANGUAGES[int(rng.integers(0, len(_LANGUAGES)))]
        at = START + timedelta(days=number / PER_DAY)
        unit = (vector / np.linalg.norm(vector)).astype(np.float32)
        made = Annotation(unit, names, numbers, language, "Cyrl", 1.0, {"embed": "e5-small"})
        yield Article(f"a{number}", f"https://a.example/{number}", "o", "s", "", text, at, published_at=at), made


def scale(count: int) -> Iterator[Row]:
    """Articles a second (processor time of placing alone) after the first 10,000 and after `count`."""
    unifier = Unifier(UnifySettings())
    marks = {edge: edge // 10 for edge in sorted({min(FEW, count), count})}
    times: list[float] = []  # of each block: asking the clock for each article can cost as much as placing it
    made = articles(count)
    while block := list(islice(made, BLOCK)):
        start = time.process_time()
        for article, annotation in block:
            unifier.place(article, annotation)
        times.append(time.process_time() - start)
    rates = {edge: part / sum(times[(edge - part) // BLOCK : edge // BLOCK]) for edge, part in marks.items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    for edge, rate in rates.items():
        yield Row("stories", f"scale-{edge}", "*mean", "ortaq", "articles_per_second", rate, marks[edge])
    yield Row("stories", f"scale-{count}", "*mean", "ortaq", "peak_mb", peak, count)
