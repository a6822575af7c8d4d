"""How well do we read dates as the region writes them?

`data/dates.tsv` (language, text, expected, split) was written for this: lines as they stand on pages, with places,
times and labels around the date, and traps that hold no full date (scores, telephone numbers, a day without a year).
Right: the expected day, or nothing where nothing is expected. Missing: nothing where a day is expected. Wrong: another
day, or a day where nothing is expected. The split "test" was not looked at while the reader was tuned.

    python -m benchmarks.dates
"""

from __future__ import annotations

import argparse
import csv
import html
import logging
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.common import Row, over_languages, peer, report
from ortaq.read import parse_date

DATA = Path(__file__).parent / "data" / "dates.tsv"

Reader = Callable[[str, str], str]  # (text, language) -> ISO day or ""


def ours(text: str, language: str) -> str:
    found = parse_date(text)
    return found.at.date().isoformat() if found else ""


def htmldate(text: str, language: str) -> str:
    from htmldate import find_date

    page = f"<html lang={language[:2]}><head><title>-</title></head><body><p>{html.escape(text)}</p></body></html>"
    return find_date(page, original_date=True, extensive_search=True, outputformat="%Y-%m-%d") or ""


def dateparser() -> Reader:
    """The library with what helps it most here: the language where it has it, no guessing of missing parts."""
    from dateparser.languages.loader import default_loader
    from dateparser.search import search_dates

    known = set(default_loader.get_locale_map())
    settings = {
        "REQUIRE_PARTS": ["day", "month", "year"],
        "DATE_ORDER": "DMY",
        "PREFER_DAY_OF_MONTH": "first",
        "RETURN_AS_TIMEZONE_AWARE": False,
    }

    def read(text: str, language: str) -> str:
        code = language[:2] if language != "kaa" else "kaa"
        try:
            found = search_dates(text, languages=[code] if code in known else None, settings=settings)
        except Exception:  # a peer's crash counts as nothing read
            return ""
        return found[0][1].date().isoformat() if found else ""

    return read


def load(path: Path) -> list[tuple[str, str, str, str]]:
    """(language, text, expected, split) of each line."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["language"], row["text"], row["expected"], row["split"]) for row in rows]


def measure(cases: list[tuple[str, str, str, str]], split: str, system: str, reader: Reader) -> list[Row]:
    """Shares of right, missing and wrong by language."""
    counts: dict[str, dict[str, int]] = {}
    for language, text, expected, part in cases:
        if part != split:
            continue
        found = reader(text, language)
        outcome = "right" if found == expected else "missing" if not found else "wrong"
        of_language = counts.setdefault(language, {"right": 0, "missing": 0, "wrong": 0})
        of_language[outcome] += 1
    rows: list[Row] = []
    for metric in ("right", "missing", "wrong"):
        shares = {
            name: (count[metric] / sum(count.values()), sum(count.values())) for name, count in sorted(counts.items())
        }
        rows += over_languages("dates", split, system, metric, shares, less_is_better=metric != "right")
        total = sum(n for _, n in shares.values())
        whole = sum(count[metric] for count in counts.values()) / max(1, total)
        rows.append(Row("dates", split, "*all", system, metric, whole, total))
    return rows


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--split", choices=("dev", "test"), action="append")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")  # the peers' own
    cases = load(options.data)
    systems = {"ortaq": ours, peer("htmldate"): htmldate, peer("dateparser"): dateparser()}
    rows: list[Row] = []
    for split in options.split or ("dev", "test"):
        for system, reader in systems.items():
            rows += measure(cases, split, system, reader)
    report(rows, options.json)


if __name__ == "__main__":
    main()
