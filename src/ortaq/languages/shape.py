"""The one shape that every language has, and how its file is read.

A language is one TOML file. A list in it is a string with commas (or line ends) between the items, which is easier to
write than TOML's arrays and is read ten times faster. All text is as `ortaq.text.normalize` leaves it, without capitals
where the language would not write them inside a sentence.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from ortaq.errors import ConfigError
from ortaq.languages.spellings import Spellings, read_spellings

Forms = tuple[str, ...]
Direction = Literal["ltr", "rtl"]
_NO_SPELLINGS = Spellings()


@dataclass(frozen=True)
class Script:
    """A language in one of its scripts.

    `months` holds 12 and `weekdays` 7 (from Monday) tuples of forms, the base form first. `quotes` are pairs of two
    characters. `abbreviations` end with a point that does not end a sentence. `distinctive` are the letters that tell
    the language from its neighbors in the same script.

    `number_words` are the forms of each number that has a word of its own (0 to 10, the tens, hundred, thousand,
    million, billion); `number_joiners` may stand between them (and).

    `quotation_verbs` are forms of said, told, noted; `that_words` lead to what was said (that, деп, diye), those with a
    hyphen are endings of a clause that was said (-екенін, -ğını); `according_to` names who is relied on;
    `speaker_pronouns` are he, she, they.
    `quotation_patterns` say in which order these come in a sentence, the surest first: Q is text in quotation marks,
    T text without, S the speaker, V a quotation verb, D one of the `that_words`, N an ending among them (on T), A one
    of `according_to`, `..` anything between, `:` and `-` a colon and a dash that must be there; another word is itself.
    """

    direction: Direction
    alphabet: str
    distinctive: str
    quotes: Forms
    months: tuple[Forms, ...]
    weekdays: tuple[Forms, ...]
    year_words: Forms
    month_words: Forms
    day_words: Forms
    today: Forms
    yesterday: Forms
    ordinal_suffixes: Forms
    number_words: Mapping[int, Forms]
    number_joiners: Forms
    quotation_verbs: Forms
    that_words: Forms
    according_to: Forms
    speaker_pronouns: Forms
    quotation_patterns: Forms
    abbreviations: Forms
    stop_words: Forms
    examples: Forms


@dataclass(frozen=True)
class DateWords:
    """What a reader of dates needs of a language, over all its scripts; `months` holds 12 tuples of forms."""

    months: tuple[Forms, ...]
    weekdays: tuple[Forms, ...]
    year_words: Forms
    month_words: Forms
    day_words: Forms
    today: Forms
    yesterday: Forms
    ordinal_suffixes: Forms


@dataclass(frozen=True)
class PersonNames:
    """What a language tells of the names of persons; endings are written with a hyphen before them (`-ова`).

    `letters` are pairs `letter=Latin letters` read otherwise than the common table of `understand.name_sounds` reads
    them; `honorifics` are words that are no part of a name. `masculine` and `feminine` are endings of family names
    (`-ов`, `-қызы`, written together or apart), `fathers` of fathers' names beside a family name, `genitives` of the
    father's name before a given name. `cases` attach to the last word of a name, `every_word_cases` to each word.
    `given_masculine` and `given_feminine` are given names of men and women, in the default script, and their endings.
    """

    letters: Forms = ()
    honorifics: Forms = ()
    masculine: Forms = ()
    feminine: Forms = ()
    fathers: Forms = ()
    genitives: Forms = ()
    cases: Forms = ()
    every_word_cases: Forms = ()
    given_masculine: Forms = ()
    given_feminine: Forms = ()


@dataclass(frozen=True)
class Stemming:
    """How words of a language are stemmed: by a table, written as `stem_table.py` tells, by a library, or both.

    `script` is what the table and the stems are in, "" for a language without a stemmer. `library` stems the words it
    knows (`stem_library.py`). What stands after `cut` in a word is an ending (Turkish names and their apostrophe).
    `least` letters stay where a suffix says no other number. `ends` are pairs of last letters made one (`б=п`);
    `fleeting` vowels are dropped before a last consonant; `lone` are pairs of vowels made one in a stem of one
    syllable. `keep` are words that are stems as they stand, `irregular` pairs of a form and its lemma.
    """

    script: str = ""
    library: str = ""
    cut: str = ""
    vowels: str = ""
    least: int = 3
    suffixes: Forms = ()
    sets: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    codas: Forms = ()
    ends: Forms = ()
    fleeting: str = ""
    lone: Forms = ()
    keep: Forms = ()
    irregular: Forms = ()


@dataclass(frozen=True)
class Language:
    """What we know of one language; `names` are its names by the language they are in, `script_names` in itself."""

    code: str
    default_script: str
    names: Mapping[str, str]
    script_names: Mapping[str, str]
    scripts: Mapping[str, Script]
    sources: Forms
    spellings: Spellings = _NO_SPELLINGS
    person_names: PersonNames = PersonNames()
    stemming: Stemming = field(default_factory=Stemming)

    @property
    def autonym(self) -> str:
        return self.names[self.code]

    def script(self, code: str | None = None) -> Script:
        """The language in this script; in its default script for None or one that it is not written in."""
        return self.scripts.get(code or self.default_script) or self.scripts[self.default_script]

    def all_forms(self, field: str) -> Forms:
        """A list of words (`stop_words`, `abbreviations`, ...) over all scripts, the default script's first."""
        return _joined(getattr(script, field) for script in self._ordered)

    @cached_property
    def date_words(self) -> DateWords:
        months, weekdays = (
            tuple(_joined(rows) for rows in zip(*(getattr(script, field) for script in self._ordered), strict=True))
            for field in ("months", "weekdays")
        )
        return DateWords(
            months,
            weekdays,
            *(self.all_forms(field) for field in _WORD_LISTS[:6]),
        )

    @property
    def _ordered(self) -> list[Script]:
        return [self.script(), *(value for code, value in self.scripts.items() if code != self.default_script)]


_WORD_LISTS = (
    "year_words",
    "month_words",
    "day_words",
    "today",
    "yesterday",
    "ordinal_suffixes",
    "number_joiners",
    "quotation_verbs",
    "that_words",
    "according_to",
    "speaker_pronouns",
    "abbreviations",
    "stop_words",
)


def read(path: Path) -> Language:
    """The language in a TOML file. Raises ConfigError with the file and the key when its shape is wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        scripts = {code: _script(table) for code, table in raw["scripts"].items()}
        return Language(
            code=raw["code"],
            default_script=raw["default_script"],
            names=raw["names"],
            script_names=raw["script_names"],
            scripts=scripts,
            sources=tuple(raw["sources"]),
            person_names=PersonNames(**{key: _items(text) for key, text in raw.get("person_names", {}).items()}),
            spellings=read_spellings(raw.get("transliterate", {})),
            stemming=_stemming(raw.get("stem", {})),
        )
    except KeyError as error:
        raise ConfigError(
            f"the key {error} is missing", where=str(path), fix="Copy it from kk.toml and fill it"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError, TypeError) as error:
        raise ConfigError(f"not a language file: {error}", where=str(path), fix="Compare it with kk.toml") from None


def _script(table: Mapping[str, Any]) -> Script:
    return Script(
        direction=table["direction"],
        alphabet=table["alphabet"],
        distinctive=table["distinctive"],
        quotes=tuple(table["quotes"]),
        months=_rows(table["months"]),
        weekdays=_rows(table["weekdays"]),
        number_words=_numbers(table["number_words"]),
        quotation_patterns=tuple(line for row in table["quotation_patterns"].splitlines() if (line := row.strip())),
        examples=tuple(table["examples"]),
        **{field: _items(table[field]) for field in _WORD_LISTS},
    )


def _stemming(table: Mapping[str, Any]) -> Stemming:
    lists = ("suffixes", "codas", "ends", "lone", "keep", "irregular")
    fields: dict[str, Any] = {key: _items(value) if key in lists else value for key, value in table.items()}
    return Stemming(**fields)


def _items(text: str) -> Forms:
    return tuple(item for part in text.replace("\n", ",").split(",") if (item := part.strip()))


def _rows(text: str) -> tuple[Forms, ...]:
    return tuple(_items(line) for line in text.splitlines() if line.strip())


def _numbers(text: str) -> dict[int, Forms]:
    """Lines of a number, a colon, and its words. Raises TypeError for a line that is none, to be told with its file."""
    found: dict[int, Forms] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        number, colon, words = line.partition(":")
        if not (colon and number.isascii() and number.isdigit()):
            raise TypeError(f"number_words: {line!r} is not a number, a colon and its words")
        found[int(number)] = _items(words)
    return found


def _joined(lists: Iterator[Forms] | tuple[Forms, ...]) -> Forms:
    return tuple(dict.fromkeys(item for items in lists for item in items))
