"""The words of dates, from data: which word is which month, in any of the languages.

Month names and their like come from `ortaq.languages`, how they join into dates from `date_words.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from ortaq import languages

# One spelling for letters that fonts, keyboards and code pages vary: dotless i, Arabic yeh, kaf and heh, high hamza.
_FOLD = str.maketrans(
    {
        "ı": "i",
        "ي": "ى",
        "ی": "ى",
        "ک": "ك",
        "ه": "ە",
        "ھ": "ە",
        "ء": "",
        "ٴ": "",
        "ـ": "",
        "'": "",
        "’": "",
        "‘": "",
        "ʻ": "",
        "ʼ": "",
        "`": "",
        "\u0307": "",
    }
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Joints:
    """How the words of dates join in one language; `date_words.toml` says what each field holds."""

    months: Mapping[str, list[str]] = field(default_factory=dict)
    endings: tuple[str, ...] = ()
    of_month: tuple[str, ...] = ()
    year_words: tuple[str, ...] = ()
    ordinals: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    hour_words: tuple[str, ...] = ()
    today: tuple[str, ...] = ()
    yesterday: tuple[str, ...] = ()
    never_after_year: tuple[str, ...] = ()
    day_first: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All languages together. `marks` maps a folded word to its mark in the shorthand `ortaq.read.dates` matches."""

    marks: Mapping[str, str]
    ordinals: frozenset[str]
    years: frozenset[str]
    phrases: re.Pattern[str]


def fold(text: str) -> str:
    """Lower case and one spelling of look-alike letters, for comparing words of dates."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).lower().translate(_FOLD)


@cache
def joints() -> Mapping[str, Joints]:
    """By language; a language without its own, a stranger's, is read by its words alone."""
    raw = tomllib.loads(files(__package__).joinpath("date_words.toml").read_text(encoding="utf-8"))
    return {code: Joints(**{name: _value(value) for name, value in table.items()}) for code, table in raw.items()}


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@cache
def lexicon() -> Lexicon:
    """Marks: `M3;` March, `G3;` a March that never follows "2024 year", `O` "of the month", `K` day word, `H` hour
    word, `T` today, `V` yesterday, "" filler. Year words and ordinals count only beside digits."""
    marks: dict[str, str] = {}
    ordinals: set[str] = set()
    years: set[str] = set()
    known = languages.date_words()
    joint = {code: joints().get(code, Joints()) for code in known}
    # A later language wins: abbreviations yield to full forms ("maý." to "maý"), day-first months to the others.
    for short in (True, False):
        for code in sorted(known, key=lambda code: not joint[code].day_first):
            marks.update(_months(known[code], joint[code], short))
    for code, words in known.items():
        more = joint[code]
        ordinals.update(map(fold, more.ordinals))
        ordinals.update(fold(form).lstrip("-") for form in words.ordinal_suffixes if form.strip("-."))
        years.update(fold(form).rstrip(".") for form in (*words.year_words, *more.year_words))
        groups = {
            "K": words.day_words,
            "O": more.of_month,
            "H": more.hour_words,
            "T": (*words.today, *more.today),
            "V": (*words.yesterday, *more.yesterday),
            "": more.fillers,
        }
        for mark, forms in groups.items():
            marks.update((fold(form), mark) for form in forms if not form.startswith("-"))
    for more in joint.values():
        marks.update((fold(form), marks[fold(form)].replace("M", "G")) for form in more.never_after_year)
    spaced = sorted((word for word in marks if " " in word), key=len, reverse=True)
    phrases = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, spaced)) + r")(?!\w)")
    return Lexicon(marks, frozenset(ordinals), frozenset(years), phrases)


def _months(words: languages.DateWords, more: Joints, short: bool) -> Iterator[tuple[str, str]]:
    """(form, mark) of one language's months: its abbreviations, or its full forms with endings."""
    letter = "G" if more.day_first else "M"
    genitives = tuple(" " + fold(form) for form in more.of_month)
    for number, told in enumerate(words.months, 1):
        forms = [*told, *more.months.get(str(number), ())]
        forms = [form for form in forms if not any(char.isdigit() for char in form)]  # "3-р сар" is number and word
        mark = f"{letter}{number};"
        if short:
            yield from ((fold(form).rstrip("."), mark) for form in forms if form.endswith("."))
            continue
        full = [fold(form) for form in forms if not form.endswith(".")]
        for form in full:
            yield form, mark + " O" if genitives and form.endswith(genitives) else mark
            if not any(form != base and form.startswith(base) for base in full):
                yield from ((form + fold(ending), mark) for ending in more.endings)
