"""`ortaq languages`: what is known of each language, for its speakers to check."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from ortaq import languages, registry
from ortaq.cli.output import print_json, print_table
from ortaq.errors import ConfigError
from ortaq.languages.contract import missing
from ortaq.languages.figures import Figure, figures
from ortaq.languages.shape import Language
from ortaq.languages.spellings import Transliteration
from ortaq.model import DEFAULT_SCRIPTS

# The figures in the table, a task's most telling one; the rest stands in `ortaq languages CODE`.
TELLING = {
    "stem": "recall",
    "transliterate": "accuracy",
    "names": "recall",
    "quotations": "speaker_accuracy",
    "dates": "right",
    "gender": "precision",
    "identify-60": "f1",
}

HEADS = ("stemmer", "numbers", "said", "names")  # of the columns for what `_has` counts


def list_languages(json: bool) -> None:
    """Print a row a language: names, scripts, what there is of it, and the weakest figure of each task."""
    rows = []
    for code in languages.codes():
        language = languages.load(code)
        has = _has(language)
        if json:
            print_json(
                {
                    "code": code,
                    "name": languages.display_name(code, "en"),
                    "own_name": language.autonym,
                    "scripts": [
                        {"script": name, "direction": script.direction} for name, script in language.scripts.items()
                    ],
                    "has": has,
                    "figures": [asdict(figure) for figure in figures(code)],
                }
            )
            continue
        scripts = " ".join(
            name + (" ←" if script.direction == "rtl" else "") for name, script in language.scripts.items()
        )
        name = f"{languages.display_name(code, 'en')} {language.autonym}"
        rows.append([code, name, scripts, *map(str, has.values()), _measured(figures(code))])
    if not json:
        print_table(["code", "language", "scripts", *HEADS, "measured, %"], rows)
        print("Counted are number words, verbs of saying, and given names whose gender is known.")
        print("`ortaq languages CODE` shows all that is known of a language, for its speakers to check and correct.")


def show_language(code: str, json: bool) -> None:
    """Print all that is known of a language. Raises ConfigError for one that is not known."""
    if code not in languages.codes():
        raise ConfigError(f"unknown language {code!r}", fix=f"Known: {', '.join(languages.codes())}")
    language = languages.load(code)
    if json:
        # Numbers are no keys in JSON objects that others read back; as text they are.
        print_json({**_plain(language), "figures": [asdict(figure) for figure in figures(code)]})
        return
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    print(f"{language.autonym} - {languages.display_name(code, 'en')} - {code}")
    where = registry.names(registry.LANGUAGES)[code]
    file = f"ortaq/languages/{code}.toml" if where.startswith("ortaq.") else where
    print(f"All of this stands in {file}; please correct what is wrong there.\n")
    for line in _lines(language, width, 0):
        print(line)
    if found := figures(code):
        print("\nmeasured")
        for figure in found:
            told = f"{figure.language} {figure.task} {figure.metric} {figure.value:.3f} of {figure.n}"
            print(f"  {told:52} {figure.on}  {figure.command}"[:width])


def check_languages(code: str | None) -> None:
    """Print what the file of a language (None: of every one) lacks, a sentence a line; exits with 1 for any."""
    if code is not None and code not in languages.codes():
        raise ConfigError(f"unknown language {code!r}", fix=f"Known: {', '.join(languages.codes())}")
    checked = [code] if code else languages.codes()
    lacking = [sentence for one in checked for sentence in missing(languages.load(one), tuple(DEFAULT_SCRIPTS))]
    for sentence in lacking:
        print(sentence)
    if lacking:
        sys.exit(1)
    print(f"{' '.join(checked)}: nothing is missing")


def _has(language: Language) -> dict[str, str | int]:
    """What stems the language, and how many words there are for the rest, in its default script."""
    script, names = language.script(), language.person_names
    stemming = language.stemming
    return {
        "stemmer": stemming.library.partition(":")[0].removesuffix("stemmer") or ("table" if stemming.script else "-"),
        "number_words": sum(map(len, script.number_words.values())),
        "quotation_verbs": len(script.quotation_verbs),
        "given_names": len(names.given_masculine) + len(names.given_feminine),
    }


def _measured(found: tuple[Figure, ...]) -> str:
    """The weakest variety's value of each task's telling metric."""
    weakest: dict[str, float] = {}
    for figure in found:
        if TELLING.get(figure.task) == figure.metric:
            weakest[figure.task] = min(figure.value, weakest.get(figure.task, 1.0))
    return ", ".join(f"{task} {100 * value:.1f}" for task, value in weakest.items())


def _lines(value: Any, width: int, depth: int) -> Iterator[str]:
    """A dataclass or mapping as indented lines, a list of words on as many lines as it needs."""
    pairs = (
        [(field.name, getattr(value, field.name)) for field in fields(value)]
        if is_dataclass(value)
        else [(str(key), item) for key, item in value.items()]
    )
    pad = "  " * depth
    for key, item in pairs:
        if key == "opposite":  # the table back, which is printed by itself
            continue
        label = key.replace("_", " ") if depth < 2 or is_dataclass(value) else key
        if is_dataclass(item) or (isinstance(item, Mapping) and item):
            yield f"{pad}{label}"
            yield from _lines(item, width, depth + 1)
        elif isinstance(item, tuple) and item and not isinstance(item[0], str):
            yield f"{pad}{label}"
            for number, row in enumerate(item, 1):
                if isinstance(row, Transliteration):
                    yield f"{pad}  {row.source} to {row.target}"
                    yield from _lines(row, width, depth + 2)
                else:
                    yield from _wrapped(f"{pad}  {number}", ", ".join(row), width)
        elif item not in ("", (), {}, None, False):
            text = ", ".join(item) if isinstance(item, tuple) else " ".join(str(item).split())
            if text:
                yield from _wrapped(f"{pad}{label}", text, width)


def _wrapped(label: str, text: str, width: int) -> Iterator[str]:
    first = f"{label}: "
    yield from textwrap.wrap(
        first + text,
        width,
        subsequent_indent=" " * (len(label) - len(label.lstrip()) + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _plain(value: Any) -> Any:
    """As JSON can hold it: mappings with text for keys, lists."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
