"""Transliteration: there and back on real text, and word by word against pairs that were written by hand.

    python -m benchmarks.languages --task transliterate --data dev.jsonl.gz --json OUT

The input has fields text and language (`kk-Cyrl`), or one text a language under its code (`kk`), as in parallel text.
Rows, `accuracy` unless said:
- `transliterate`, language `kk-Cyrl>Latn`: the share of words in running text that come back from the other script as
  they were (capitals too, where the other script has them); only words of the first script count.
- `transliterate-pairs`: the share of the words in data/transliterate.tsv that come out as written there, both ways.
- `search-form`, `wrong_joins`: the share of different folded words of a text that share their search form with another
  (which has to happen where a script doesn't tell them apart); `texts_per_second` of it over texts.
Peers run beside ours in the pairs of scripts that they know.
"""

from __future__ import annotations

import csv
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.common import Row, arguments, over_languages, peer, read_jsonl, report
from ortaq import languages
from ortaq.languages.search_form import search_form
from ortaq.languages.transliterate import transliterate
from ortaq.text.normalize import fold, normalize
from ortaq.text.tokens import words

BENCHMARK = "languages"
PAIRS = Path(__file__).parent / "data" / "transliterate.tsv"
SCRIPTS = (
    ("kk", "Cyrl", "Latn"),
    ("kk", "Cyrl", "Arab"),
    ("uz", "Latn", "Cyrl"),
    ("tk", "Latn", "Cyrl"),
    ("kaa", "Cyrl", "Latn"),
    ("ug", "Arab", "Latn"),
    ("ug", "Arab", "Cyrl"),
    ("ky", "Cyrl", "Arab"),
)
Write = Callable[[str, str, str, str], str]  # text, language, from script, to script
_OF_SCRIPT = {
    "Cyrl": re.compile("[\u0400-\u052f]"),
    "Latn": re.compile("[A-Za-z]"),
    "Arab": re.compile("[\u0600-\u06ff]"),
}
_KEPT = re.compile(r"[^\W\d_]|[ʻ’]")


def ours(text: str, language: str, source: str, target: str) -> str:
    return transliterate(text, language, target)


def peers() -> Iterator[tuple[str, frozenset[tuple[str, str, str]], Write]]:
    """(name and version, what it can write as (language, from, to), how)."""
    from kaalin.converter import cyrillic2latin, latin2cyrillic
    from umsc import UgMultiScriptConverter
    from UzTransliterator.UzTransliterator import UzTransliterator

    uzbek = UzTransliterator()
    named = {"Latn": "lat", "Cyrl": "cyr"}
    yield (
        peer("UzTransliterator"),
        frozenset({("uz", "Latn", "Cyrl"), ("uz", "Cyrl", "Latn")}),
        lambda text, _, source, target: str(uzbek.transliterate(text, from_=named[source], to=named[target])),
    )
    yield (
        peer("kaalin"),
        frozenset({("kaa", "Cyrl", "Latn"), ("kaa", "Latn", "Cyrl")}),
        lambda text, _, source, target: str((cyrillic2latin if target == "Latn" else latin2cyrillic)(text)),
    )
    uyghur = {"Arab": "UAS", "Latn": "ULS", "Cyrl": "UCS"}
    yield (
        peer("umsc"),
        frozenset(("ug", one, other) for one in uyghur for other in uyghur if one != other),
        lambda text, _, source, target: str(UgMultiScriptConverter(uyghur[source], uyghur[target])(text)),
    )


def there_and_back(texts: Iterable[str], language: str, source: str, target: str, write: Write) -> tuple[float, int]:
    """(share of the words of `source` that come back, how many there were)."""
    same = total = 0
    for text in texts:
        text = normalize(text)
        back = write(write(text, language, source, target), language, target, source)
        before, after = text.split(), back.split()
        if len(before) != len(after):
            after = [""] * len(before)
        for one, other in zip(before, after, strict=True):
            if _OF_SCRIPT[source].search(one):
                total += 1
                same += _word(one, "Arab" in (source, target)) == _word(other, "Arab" in (source, target))
    return same / max(total, 1), total


def _word(text: str, caseless: bool) -> str:
    kept = "".join(_KEPT.findall(normalize(text))).strip("’")
    return kept.lower() if caseless else kept


def against_pairs(
    rows: Sequence[Mapping[str, str]], knows: Callable[[tuple[str, str, str]], bool], write: Write
) -> dict[str, tuple[float, int]]:
    """By `kk-Cyrl>Latn`: (share of words written as in the pairs, how many)."""
    right: defaultdict[str, list[bool]] = defaultdict(list)
    for row in rows:
        sides = (row["script_from"], row["text_from"]), (row["script_to"], row["text_to"])
        for (source, text), (target, wanted) in (sides, sides[::-1]):
            if knows((row["language"], source, target)):
                got = write(text, row["language"], source, target)
                caseless = "Arab" in (source, target)
                right[f"{row['language']}-{source}>{target}"].append(_word(got, caseless) == _word(wanted, caseless))
    return {label: (sum(found) / len(found), len(found)) for label, found in right.items()}


def search_forms(texts: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    joins: dict[str, tuple[float, int]] = {}
    speeds: dict[str, tuple[float, int]] = {}
    for variety, some in texts.items():
        code = variety.split("-")[0]
        start = time.process_time()
        for text in some:
            search_form(text, code)
        speeds[variety] = (len(some) / max(time.process_time() - start, 1e-9), len(some))
        meets: defaultdict[str, set[str]] = defaultdict(set)
        for word in {word for text in some for word in words(fold(text))}:
            meets[search_form(word, code)].add(word)
        total = sum(map(len, meets.values()))
        joins[variety] = (sum(len(found) for found in meets.values() if len(found) > 1) / max(total, 1), total)
    yield from over_languages(BENCHMARK, "search-form", "ortaq", "wrong_joins", joins, less_is_better=True)
    yield from over_languages(BENCHMARK, "search-form", "ortaq", "texts_per_second", speeds)


def texts_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Texts by language and script of the languages that we know."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    usual = {code: f"{code}-{languages.load(code).default_script}" for code in languages.codes()}
    for row in rows:
        if "language" in row:
            found[str(row["language"])].append(str(row["text"]))
        else:
            for code in usual.keys() & row.keys():
                found[usual[code]].append(str(row[code]))
    return {variety: texts for variety, texts in sorted(found.items()) if variety.split("-")[0] in usual}


def run(path: Path) -> list[Row]:
    texts = texts_of(read_jsonl(path))
    with PAIRS.open(encoding="utf-8", newline="") as file:
        pairs = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    known = {(code, *scripts) for code, *pair in SCRIPTS for scripts in (pair, pair[::-1])}
    systems = [("ortaq", frozenset(known), ours), *peers()]
    rows: list[Row] = []
    for system, able, write in systems:
        values: dict[str, tuple[float, int]] = {}
        for code, one, other in SCRIPTS:
            for source, target in ((one, other), (other, one)):
                if {(code, source, target), (code, target, source)} <= able and texts.get(f"{code}-{source}"):
                    values[f"{code}-{source}>{target}"] = there_and_back(
                        texts[f"{code}-{source}"], code, source, target, write
                    )
        rows += over_languages(BENCHMARK, "transliterate", system, "accuracy", values)
    for system, able, write in systems:
        found = against_pairs(pairs, able.__contains__, write)
        rows += over_languages(BENCHMARK, "transliterate-pairs", system, "accuracy", found)
    return [*rows, *search_forms(texts)]


def main(argv: Sequence[str] | None = None) -> None:
    given = arguments(argv, __doc__, "data")
    report(run(given.data), given.json)


if __name__ == "__main__":
    main()
