"""The texts that the model of `ortaq.understand.identify` learns from, and those that it is judged on.

Varieties that have little text or none are written from a sister script (tools/respell.py). "other" is learned from
the names that CLDR has in languages that are none of ours, from word lists, and from words with their letters shuffled.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import random
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tools.respell import KAA_LATIN, RESPELLERS, any_of, kaa_latin  # noqa: E402

from ortaq import languages  # noqa: E402
from ortaq.text import normalize, script_of, words  # noqa: E402

OTHERS: Mapping[str, str] = {
    "Latn": "de fr es it pt nl pl cs sk hu ro sv da nb fi et lv lt hr sl sq vi id ms sw fil eu ca gl ga cy "
    "is mt af zu so eo",
    "Cyrl": "mk sr sah ce os cv",
    "Arab": "ar ur ckb sd ks",
}
WORD_LISTS: Mapping[str, str] = {
    "ru-Cyrl": "ru", "uk-Cyrl": "uk", "bg-Cyrl": "bg", "tr-Latn": "tr", "en-Latn": "en", "other-Cyrl": "mk",
    "other-Arab": "ar ur",
    "other-Latn": "ca cs da de es fi fil fr hu id is it lt lv ms nb nl pl pt ro sh sk sl sv vi",
}  # fmt: skip
"""Languages of the package wordfreq (Speer 2022, doi 10.5281/zenodo.7199437) by variety."""
NEWS = (
    "news/kk_tengrinews", "news/ky_24kg", "news/ru_en_pairs", "news/ru_en_categories", "entities/kk_kaznerd.dev",
    "entities/mn.dev", "stories/headline_pairs_ru.dev", "claims/en_verified_claims",
    "inflections/ud/az_tuecl-ud-test", "inflections/ud/kk_ktb-ud-train", "inflections/ud/ky_ktmu-ud-train",
    "inflections/ud/ru_gsd-ud-dev", "inflections/ud/ru_taiga-ud-dev", "inflections/ud/tr_boun-ud-dev",
    "inflections/ud/tr_tuecl-ud-test", "inflections/ud/ug_udt-ud-train", "inflections/ud/ug_udt-ud-dev",
)  # fmt: skip
"""Other text of one language than the set of `identify/`: of another making, so it counts for less (`Pools`)."""
WORD_LINES, SHUFFLED = 3_000, 1_000
Texts = dict[str, list[str]]


class Pools(NamedTuple):
    """The texts of one variety: sentences, news and other text, lines of words. Any may be empty but not all."""

    sentences: list[str]
    news: list[str]
    words: list[str]


def read_dev(data: Path) -> Iterator[tuple[str, str, bool]]:
    """(variety, text, held out) of every row of the development set."""
    docs: dict[str, str] = {}
    with gzip.open(data / "parallel/ntrex.dev.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            docs.update({text: row["doc"] for text in row.values() if isinstance(text, str)})
    seen: dict[tuple[str, str], int] = defaultdict(int)
    with gzip.open(data / "identify/dev.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            place = seen[row["language"], row["source"]]
            seen[row["language"], row["source"]] += 1
            unit = {"sib200": str(place // 20), "udhr": str(place)}.get(row["source"]) or docs.get(row["text"], "")
            out = row["language"] in RESPELLERS or zlib.crc32(f"{row['source']}{unit}".encode()) % 5 == 0
            yield row["language"], row["text"], out


def read_news(data: Path) -> Iterator[tuple[str, str, bool]]:
    """(variety, text, held out) of the lines of news and other text, a fifth of them held out."""
    for name in NEWS:
        with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            for row in map(json.loads, file):
                code = str(row.get("language") or row.get("lang") or "ru")
                variety = f"{code}-{languages.load(code).default_script if code in languages.codes() else 'Latn'}"
                kept = [row[field] for field in ("title", "text", "text_1", "claim") if row.get(field)]
                text = "\n".join(kept) if "text" in row or "tokens" not in row else " ".join(row["tokens"])
                for line in text.splitlines():
                    if len(line) > 20 and script_of(line) == variety[-4:]:
                        yield variety, normalize(line[:300]), zlib.crc32(text.encode()) % 5 == 0


def training_texts(data: Path, held_out: bool, rng: random.Random) -> dict[str, Pools]:
    pools: dict[str, Pools] = defaultdict(lambda: Pools([], [], []))
    for variety, text, out in read_dev(data):
        if not (held_out and out):
            pools[variety].sentences.append(normalize(text))
    for variety, text, out in read_news(data):
        if not (held_out and out):
            pools[variety].news.append(text)
    real = {variety: list(found.sentences) for variety, found in pools.items()}
    for variety, (source, respell) in RESPELLERS.items():
        pools[variety].sentences.extend(respell(text, rng) for text in real[source])
        pools[variety].news.extend(respell(text, rng) for text in pools[source].news)
    own = [normalize(line) for line in (ROOT / "tools/kaa_sentences.txt").read_text(encoding="utf-8").splitlines()]
    kaa = [*own, *real.get("kaa-Cyrl", [])]
    # Real Karakalpak is worth more than respelled Kazakh: as much of the one as of the other.
    times = max(1, len(pools["kaa-Cyrl"].sentences) // len(kaa))
    pools["kaa-Cyrl"].sentences.extend(kaa * times)
    pools["kaa-Latn"].sentences.extend(kaa_latin(text, any_of(KAA_LATIN, rng)) for text in kaa * times)
    for code in languages.codes():
        for script, table in languages.load(code).scripts.items():
            lines = [*table.examples, " ".join(table.stop_words), " ".join(table.quotation_verbs)]
            pools[f"{code}-{script}"].sentences.extend(lines * 5)
    for script, locales in OTHERS.items():
        lines = [line for locale in locales.split() for line in cldr_lines(locale, rng)]
        pools[f"other-{script}"].sentences.extend(lines)
        some = [text for variety in sorted(pools) if variety.endswith(script) for text in pools[variety].sentences]
        pools[f"other-{script}"].news.extend(shuffled(text, rng) for text in rng.sample(some, SHUFFLED))
    for variety, lists in WORD_LISTS.items():
        pools[variety].words.extend(line for name in lists.split() for line in word_lines(name, variety[-4:], rng))
    return dict(pools)


def shuffled(text: str, rng: random.Random) -> str:
    """The text with the letters inside its words in another order: no language, though its letters are ours."""
    return " ".join("".join(rng.sample(word, len(word))) for word in text.split())


def word_lines(name: str, script: str, rng: random.Random) -> list[str]:
    """Lines of eight words drawn by their frequency, flattened so that rarer ones come up too."""
    if importlib.util.find_spec("wordfreq") is None:
        raise SystemExit("Word lists are missing: pip install 'wordfreq>=3.1'")
    import wordfreq

    found = {word: much for word, much in wordfreq.get_frequency_dict(name).items() if script_of(word) == script}
    weights = [much**0.7 for much in found.values()]
    count = WORD_LINES // (1 if script == "Cyrl" or name in ("tr", "en") else 5)
    drawn = rng.choices(list(found), weights, k=8 * count)
    return [" ".join(drawn[place : place + 8]) for place in range(0, len(drawn), 8)]


def cldr_lines(locale: str, rng: random.Random) -> list[str]:
    """Names of languages, moneys and times in a language, shuffled into lines of eight words."""
    from babel import Locale
    from babel.core import UnknownLocaleError

    try:
        data = Locale.parse(locale)
    except UnknownLocaleError:
        return []
    # No names of countries: those are much the same in our languages, in news more than anywhere.
    times = [name for lists in (data.months, data.days) for name in lists["format"]["wide"].values()]
    names = [*data.languages.values(), *data.currencies.values(), *times * 5]
    found = [word for name in names for word in words(str(name))]
    rng.shuffle(found)
    return [" ".join(found[place : place + 8]) for place in range(0, min(len(found), 1600), 8)]


def write_held_out(data: Path, path: Path, rng: random.Random) -> None:
    """The held-out fifth as benchmark rows, with respelled sentences of the varieties that have little text or none."""
    held: Texts = defaultdict(list)
    for variety, text, out in read_dev(data):
        if out:
            held[variety].append(text)
    for variety, (source, respell) in RESPELLERS.items():
        held[variety] += [respell(normalize(text), rng) for text in held[source]]
    write_texts(path, held)


def write_held_out_news(data: Path, path: Path) -> None:
    held: Texts = defaultdict(list)
    for variety, text, out in read_news(data):
        if out:
            held[variety].append(text)
    write_texts(path, held)


def write_texts(path: Path, found: Texts) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for variety, texts in found.items():
            for text in texts:
                file.write(json.dumps({"text": text, "language": variety}, ensure_ascii=False) + "\n")
