"""How fast is each stage, and how much of the time is ours rather than the libraries'?

    python -m benchmarks.pipeline --data NEWS.jsonl.gz [--pages PAGES.jsonl.gz] [--limit N] [--json OUT]

NEWS has the fields of `ortaq import`; PAGES has `url` and `html`. Each stage runs alone on what the one before gave,
then everything runs end to end on one process and on two. `articles_per_second` is by the clock.

`overhead_share` is found by sampling: every two milliseconds the innermost frame that belongs to a library or to
Ortaq says whose time it is (the standard library's and NumPy's C code count for whoever called it, so against us).
Parts that are Ortaq's own subject (identify, unify) have no library underneath: they count as work, not as overhead,
and are said apart as `subject_share`. Reading JSON items has no library underneath at all (a text is cleaned), so that
there is nothing to be over: `overhead_share` is left out there.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.common import Row, report
from ortaq.model import Annotation, Article, Page
from ortaq.pipeline.derive import Pipeline
from ortaq.pipeline.executor import InProcess, Processes
from ortaq.pipeline.home import Home
from ortaq.pipeline.indexing import feed_index
from ortaq.read import read_page
from ortaq.settings import load_settings
from ortaq.store.contract import Position
from ortaq.understand.annotate import annotate
from ortaq.understand.identify import identify_many
from ortaq.unify import Unifier

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OWN_SUBJECT = (
    "/ortaq/unify/",
    "/ortaq/understand/identify",
    "/ortaq/understand/names",
    "/ortaq/text/",
    "/ortaq/languages/",
)
WAITING = ("/threading.py", "/concurrent/futures/_base.py", "/multiprocessing/connection.py", "/selectors.py")
EVERY = 0.002  # seconds between samples


def classify(frame: FrameType | None) -> str:
    """Whose code a stack is in: "library", "subject", "overhead", or "waiting" for something else."""
    innermost = True
    while frame is not None:
        name = frame.f_code.co_filename
        if innermost and name.endswith(WAITING):
            return "waiting"
        innermost = False
        if "site-packages" in name:
            return "library"
        if "/ortaq/" in name:
            return "subject" if any(part in name for part in OWN_SUBJECT) else "overhead"
        frame = frame.f_back
    return "waiting"


@contextmanager
def sampled() -> Iterator[Counter[str]]:
    """Whose time passes in the block: counts of samples by "library", "subject" (our own field) and "overhead"."""
    seen: Counter[str] = Counter()

    main = threading.get_ident()

    def look(number: int, frame: FrameType | None) -> None:
        whose = classify(frame)
        if whose == "waiting":  # for other threads: it is the time of what they do
            others = [classify(other) for ident, other in sys._current_frames().items() if ident != main]
            whose = next((one for one in others if one != "waiting"), "library")
        seen[whose] += 1

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)
    try:
        yield seen
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


NO_LIBRARY = ("read-item",)


def measure(task: str, count: int, work: Callable[[], object], rows: list[Row]) -> Any:
    """Run the work once, sampled; add its rows."""
    start = time.perf_counter()
    with sampled() as seen:
        result = work()
    seconds = time.perf_counter() - start
    rows.append(Row("pipeline", task, "*mean", "ortaq", "articles_per_second", count / seconds, count))
    total = sum(seen.values())
    if total:
        if task not in NO_LIBRARY:
            rows.append(Row("pipeline", task, "*mean", "ortaq", "overhead_share", seen["overhead"] / total, count))
        rows.append(Row("pipeline", task, "*mean", "ortaq", "subject_share", seen["subject"] / total, count))
    return result


def load_items(path: Path, limit: int) -> list[Page]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = [line for _, line in zip(range(limit), file, strict=False)]
    return [
        Page(json.loads(line)["url"], line.encode(), "application/json", NOW, "item", "", "bench:jsonl:1")
        for line in lines
    ]


def load_html(path: Path, limit: int) -> list[Page]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for _, line in zip(range(limit), file, strict=False)]
    return [
        Page(row["url"], row["html"].encode("utf-8", "replace"), "text/html", NOW, "article", "bench", "bench:page:1")
        for row in rows
    ]


def fresh_home(folder: Path) -> Home:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return Home(load_settings(folder, {}))


def stages(folder: Path, pages: Sequence[Page], rows: list[Row]) -> None:
    """Each stage alone, on one process."""
    home = fresh_home(folder / "stages")
    embedder = home.embedder
    embedder.embed(["warm-up"])
    measure("archive", len(pages), lambda: home.archive.append(pages), rows)
    by_kind = {"read-item": "item", "read-html": "article"}
    articles: list[Article] = []
    for task, role in by_kind.items():
        chosen = [page for page in pages if page.role == role]
        if chosen:
            results = measure(task, len(chosen), lambda chosen=chosen: [read_page(page) for page in chosen], rows)  # type: ignore[misc]
            articles += [article for result in results for article in result.articles]
    texts = [f"{article.headline}\n{article.text}"[:4_000] for article in articles]
    measure("identify", len(articles), lambda: identify_many(texts), rows)
    annotations: list[Annotation] = measure("understand", len(articles), lambda: annotate(articles, embedder), rows)
    unifier = Unifier(home.settings.unify)

    def unify() -> list[Any]:
        return [unifier.place(one, note) for one, note in zip(articles, annotations, strict=True)]

    placements = measure("unify", len(articles), unify, rows)

    def record() -> None:
        for start in range(0, len(articles), 64):
            with home.records.write() as writer:
                for one, note, placed in list(zip(articles, annotations, placements, strict=True))[start : start + 64]:
                    writer.put_article(one, Position(1, 0), note)
                    writer.put_membership(placed.membership)

    measure("records", len(articles), record, rows)
    measure("index", len(articles), lambda: feed_index(home.records, home.index), rows)
    home.close()


def end_to_end(folder: Path, pages: Sequence[Page], processes: int, rows: list[Row]) -> None:
    """Archive to index as the program does it."""
    home = fresh_home(folder / f"whole-{processes}")
    executor = Processes(processes) if processes > 1 else InProcess()
    pipeline = Pipeline(home.settings, home.archive, home.records, home.index, lambda: home.embedder, executor)
    warm = min(64, len(pages) // 4)  # before the clock starts: every process loads its readers and its model
    pipeline.take(pages[:warm])

    def work() -> None:
        for start in range(warm, len(pages), 256):
            pipeline.take(pages[start : start + 256])

    measure(f"end-to-end-{processes}", len(pages) - warm, work, rows)
    executor.close()
    home.close()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--limit", type=int, default=1_000)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    pages = load_items(chosen.data, chosen.limit)
    if chosen.pages:
        pages += load_html(chosen.pages, chosen.limit)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        stages(Path(folder), pages, rows)
        for processes in (1, 2):
            end_to_end(Path(folder), pages, processes, rows)
    for who, task in ((resource.RUSAGE_SELF, "whole"), (resource.RUSAGE_CHILDREN, "largest-worker")):
        peak = resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
        rows.append(Row("pipeline", task, "*mean", "ortaq", "peak_mb", peak, len(pages)))
    report(rows, chosen.json)


if __name__ == "__main__":
    main()
