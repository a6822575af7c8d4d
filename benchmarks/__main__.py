"""`make bench`: runs the benchmarks on the shared data and fails where a figure fell below its floor.

A floor is a figure that was measured and must not fall again; it stands a little below it, by what chance moves.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Floor:
    """`least` is what `metric` of our row must reach; with `most` it must not be above that."""

    benchmark: str
    arguments: tuple[str, ...]
    task: str
    language: str
    metric: str
    least: float | None = None
    most: float | None = None


STEM = tuple(
    Floor("languages", ("--task", "stem", "--data", f"{{inflections/{name}.dev.tsv.gz}}"), "stem", name, metric, *bound)
    for name in ("kk", "ky", "tk", "uz", "mn")
    for metric, bound in (("recall", (0.9, None)), ("wrong_joins", (None, 0.02)))
)
PAGES = "{pages/article_extraction.dev.jsonl.gz}"
IDENTIFY = ("--data", "{identify/dev.jsonl.gz}")
NEWS = ("--data", "{news/ky_24kg.jsonl.gz}", "--pages", "{pages/fundus_pages.jsonl.gz}", "--limit", "300")
HALVES = ("--data", "{stories/ntrex_halves.dev.jsonl.gz}")
KAZAKH = (
    *("--data", "{search/kk_tengrinews.docs.jsonl.gz}"),
    *("--queries", "{search/kk_tengrinews.queries.dev.jsonl.gz}"),
)
FLOORS: tuple[Floor, ...] = (
    Floor("pages", ("--data", PAGES), "article_extraction", "*mean", "f1", least=0.97),
    Floor("dates", (), "test", "*all", "right", least=0.98),
    Floor("dates", (), "test", "*all", "wrong", most=0.005),
    # The shipped model saw these sentences: this floor finds a damaged model, not a worse one.
    Floor("languages", IDENTIFY, "identify", "*min", "f1", least=0.99),
    Floor("languages", IDENTIFY, "identify-60", "*min", "f1", least=0.97),
    *STEM,
    Floor("pipeline", NEWS, "end-to-end-1", "*mean", "overhead_share", most=0.25),
    Floor("pipeline", NEWS, "read-html", "*mean", "overhead_share", most=0.25),
    Floor("copies", ("--data", "{news/multi_ntrex.jsonl.gz}"), "all", "*min", "recall", least=0.98),
    Floor("translations", HALVES, "translations", "*mean", "f1", least=0.9),
    Floor("stories", HALVES, "stream", "*mean", "bcubed_f1", least=0.9),
    Floor("stories", HALVES, "halves", "*min", "recall@1", least=0.73),
    Floor("search", KAZAKH, "both", "kk", "recall@10", least=0.66),
    Floor("search", KAZAKH, "both", "kk", "ndcg@10", least=0.64),
)


def main() -> int:
    if not SHARED.is_dir():
        print(f"the shared data set is not at {SHARED}: nothing to measure on")
        return 0
    failed = 0
    measured: dict[tuple[str, tuple[str, ...]], list[dict[str, object]]] = {}
    for floor in FLOORS:
        key = (floor.benchmark, floor.arguments)
        if key not in measured:
            measured[key] = run(*key)
        values = [
            float(str(row["value"]))
            for row in measured[key]
            if row["system"] == "ortaq"
            and (row["task"], row["language"], row["metric"]) == (floor.task, floor.language, floor.metric)
        ]
        ok = bool(values) and all(
            (floor.least is None or value >= floor.least) and (floor.most is None or value <= floor.most)
            for value in values
        )
        failed += not ok
        bound = f">= {floor.least}" if floor.least is not None else f"<= {floor.most}"
        name = f"{floor.benchmark} {floor.task} {floor.language} {floor.metric}"
        print(f"{'ok ' if ok else 'BAD'} {name}: {values[0] if values else 'not measured'} ({bound})")
    return 1 if failed else 0


def run(benchmark: str, arguments: tuple[str, ...]) -> list[dict[str, object]]:
    """Run one benchmark as its command line would; arguments in braces are files of the shared data."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rows.json"
        filled = [str(SHARED / one.strip("{}")) if one.startswith("{") else one for one in arguments]
        importlib.import_module(f"benchmarks.{benchmark}").main([*filled, "--json", str(out)])
        rows: list[dict[str, object]] = json.loads(out.read_text(encoding="utf-8"))
        return rows


if __name__ == "__main__":
    sys.exit(main())
