"""Write the languages' measured figures (src/ortaq/languages/figures.tsv) from rows that benchmarks wrote.

    python -m benchmarks.languages --task stem --data ../shared/data/inflections/kk.dev.tsv.gz --json /tmp/kk.json
    python tools/language_figures.py /tmp/kk.json --command "languages --task stem --data inflections/kk.dev.tsv.gz"

Ours are taken, of the languages that are known; a row of the same language, task and metric is replaced. The command is
what stands after `python -m benchmarks.`, so that anybody can measure again.
"""

from __future__ import annotations

import argparse
import csv
import json
from datetime import UTC, datetime
from pathlib import Path

from ortaq import languages
from ortaq.languages.figures import COLUMNS, FILE

METRICS = {"f1", "precision", "recall", "wrong_joins", "accuracy", "speaker_accuracy", "right", "wrong"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, help="what a benchmark wrote with --json")
    parser.add_argument("--command", required=True, help="what made them, from `languages --task ...` on")
    parser.add_argument("--on", default=f"{datetime.now(UTC):%Y-%m-%d}", help="the day")
    parser.add_argument("--task", help="only rows of this task")
    parser.add_argument("--as", dest="name", help="what the task is called here, if not as in the rows")
    arguments = parser.parse_args()
    kept: dict[tuple[str, ...], dict[str, str]] = {}
    if FILE.is_file():
        with FILE.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                kept[row["language"], row["task"], row["metric"]] = row
    known = set(languages.codes())
    for one in json.loads(arguments.rows.read_text(encoding="utf-8")):
        wanted = one["system"] == "ortaq" and one["metric"] in METRICS and one["language"].split("-")[0] in known
        if wanted and one["task"] == (arguments.task or one["task"]):
            task = arguments.name or one["task"]
            kept[one["language"], task, one["metric"]] = {
                "language": one["language"],
                "task": task,
                "metric": one["metric"],
                "value": f"{one['value']:.3f}",
                "n": str(one["n"]),
                "on": arguments.on,
                "command": arguments.command,
            }
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(
            file, COLUMNS, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(kept[key] for key in sorted(kept))


if __name__ == "__main__":
    main()
