"""Language identification, on a JSON Lines file with fields text and language (`kk-Cyrl`).

    python -m benchmarks.languages --task identify --data dev.jsonl.gz --json OUT

Three tasks: whole texts (`identify`), cut to 60 and to 30 characters. pycld2 and py3langid run beside ours; they are
judged on the language alone, as they name no script. `*min` and `*mean` are over the languages that Ortaq serves.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from ortaq import languages
from ortaq.understand import identify

Guess = Callable[[Sequence[str]], list[str]]
Row = dict[str, str | float | int]
OTHER_TASKS = {
    "gender": "benchmarks.languages_gender",
    "identify-paragraphs": "benchmarks.languages_paragraphs",
    "names": "benchmarks.languages_names",
    "quotations": "benchmarks.languages_quotations",
    "stem": "benchmarks.languages_stem",
    "transliterate": "benchmarks.languages_transliterate",
}
"""The tasks in modules of their own; each has a `main(argv)`."""
CUTS = {"identify": 1_000_000, "identify-60": 60, "identify-30": 30}


def ours(texts: Sequence[str]) -> list[str]:
    return [found.tag for found in identify.identify_many(texts)]


def pycld2(texts: Sequence[str]) -> list[str]:
    import pycld2 as library

    return [library.detect(text, bestEffort=True)[2][0][1] for text in texts]


def py3langid(texts: Sequence[str]) -> list[str]:
    import py3langid as library

    return [library.classify(text)[0] for text in texts]


def systems() -> Iterator[tuple[str, Guess]]:
    yield "ortaq", ours
    for name, guess in (("pycld2", pycld2), ("py3langid", py3langid)):
        yield f"{name} {version(name)}", guess


def measure(task: str, rows: Sequence[tuple[str, str]], system: str, guess: Guess) -> Iterator[Row]:
    """F1, precision and recall of each variety, the minimum and mean over ours, and texts per CPU second."""
    texts = [text[: CUTS[task]].encode("utf-8", "replace").decode("utf-8") for text, _ in rows]
    guess(texts)  # models are loaded before the clock runs
    start = time.process_time()
    guessed = guess(texts)
    seconds = time.process_time() - start
    with_script = system == "ortaq"
    gold = [variety if with_script else variety.split("-")[0] for _, variety in rows]
    hits = Counter(g for g, h in zip(gold, guessed, strict=True) if g == h)
    real, claimed = Counter(gold), Counter(guessed)
    scores: list[float] = []
    for variety in sorted({variety for _, variety in rows}):
        label = variety if with_script else variety.split("-")[0]
        precision = hits[label] / claimed[label] if claimed[label] else 0.0
        recall = hits[label] / real[label]
        f1 = 2 * precision * recall / (precision + recall) if hits[label] else 0.0
        if label.split("-")[0] in languages.codes():
            scores.append(f1)
        for metric, value in (("f1", f1), ("precision", precision), ("recall", recall)):
            yield row(task, variety, system, metric, value, real[label])
    yield row(task, "*min", system, "f1", min(scores), len(rows))
    yield row(task, "*mean", system, "f1", sum(scores) / len(scores), len(rows))
    yield row(task, "*mean", system, "texts_per_second", len(rows) / seconds, len(rows))


def row(task: str, language: str, system: str, metric: str, value: float, n: int) -> Row:
    return {
        "benchmark": "languages",
        "task": task,
        "language": language,
        "system": system,
        "metric": metric,
        "value": round(value, 5),
        "n": n,
    }


def table(found: Sequence[Row]) -> str:
    """F1 x 100 by variety, one column a system and task."""
    columns = list(dict.fromkeys((str(one["task"]), str(one["system"])) for one in found))
    heads = [f"{task.removeprefix('identify').strip('-') or 'all'} {system}" for task, system in columns]
    lines = ["variety".ljust(10) + "".join(head.rjust(20) for head in heads)]
    for name in dict.fromkeys(str(one["language"]) for one in found):
        cells = {
            (one["task"], one["system"]): one["value"]
            for one in found
            if one["language"] == name and one["metric"] == "f1"
        }
        lines.append(name.ljust(10) + "".join(f"{100 * float(cells[column]):20.1f}" for column in columns))
    speed = {(one["task"], one["system"]): one["value"] for one in found if one["metric"] == "texts_per_second"}
    lines.append("texts/s".ljust(10) + "".join(f"{speed[column]:20,.0f}" for column in columns))
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", choices=["identify", *OTHER_TASKS], default="identify")
    chosen, rest = parser.parse_known_args(argv)
    if chosen.task in OTHER_TASKS:
        importlib.import_module(OTHER_TASKS[chosen.task]).main(rest)
        return
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--model", type=Path, help="another model than the installed one (tools/train_identify.py)")
    arguments = parser.parse_args(argv)
    identify.MODEL = arguments.model or identify.MODEL
    with gzip.open(arguments.data, "rt", encoding="utf-8") as file:
        rows = [(one["text"], one["language"]) for one in map(json.loads, file)]
    found = [one for task in CUTS for system, guess in systems() for one in measure(task, rows, system, guess)]
    print(table(found))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
