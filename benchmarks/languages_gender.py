"""Gender told by given names, on a table of names with their gender.

    python -m benchmarks.languages --task gender --data first_names.tsv --json OUT

Columns: name, gender (m, f), lang. A name that the table gives to both in one language counts for neither. `precision`
is over the names for which a gender is told, `recall` over all (names that are told, and right). Full names, whose
family and fathers' names tell most, are tested in `tests/understand/test_name_gender.py`.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.common import Row, arguments, over_languages, report
from ortaq.understand.name_gender import gender_of


def read(path: Path) -> dict[str, dict[str, str]]:
    """Names with the one gender they have, by language."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            found[row["lang"]][row["name"]].add(row["gender"])
    return {
        language: {name: min(genders) for name, genders in names.items() if len(genders) == 1}
        for language, names in found.items()
    }


def measure(names: Mapping[str, Mapping[str, str]]) -> Iterator[Row]:
    """Precision and recall by language, `*min` and `*mean`."""
    recalls: dict[str, tuple[float, int]] = {}
    precisions: dict[str, tuple[float, int]] = {}
    for language, genders in names.items():
        told = [(gender_of(name, language), gender) for name, gender in genders.items()]
        right, said = sum(a == b for a, b in told), sum(a is not None for a, _ in told)
        recalls[language] = (right / len(told), len(told))
        precisions[language] = (right / said if said else 0.0, said)
    yield from over_languages("languages", "gender", "ortaq", "precision", precisions)
    yield from over_languages("languages", "gender", "ortaq", "recall", recalls)


def main(argv: Sequence[str] | None = None) -> None:
    """The command line of the task."""
    options: argparse.Namespace = arguments(argv, __doc__, "data")
    report(list(measure(read(options.data))), options.json)


if __name__ == "__main__":
    main()
