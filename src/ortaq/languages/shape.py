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
from ortaq.text import normalize

Forms = tuple[str, ...]
Direction = Literal["ltr", "rtl"]
_NO_SPELLINGS = Spellings()


@dataclass(frozen=True)
class Script:
    """A language in one of its scripts.

    `months` holds 12 and `weekdays` 7 (from Monday) tuples of forms, the base form first. `quotes` are pairs of two
    characters. `abbreviations` end with a point that does not end a sentence. `quotation_verbs` are forms of said,
    told, noted. `distinctive` are the letters that tell the language from its neighbors in the same script.
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
    quotation_verbs: Forms
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
    """

    letters: Forms = ()
    honorifics: Forms = ()
    masculine: Forms = ()
    feminine: Forms = ()
    fathers: Forms = ()
    genitives: Forms = ()
    cases: Forms = ()
    every_word_cases: Forms = ()


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
    "quotation_verbs",
    "abbreviations",
    "stop_words",
)
_MAY_BE_EMPTY = {"ordinal_suffixes", "distinctive"}


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


def _joined(lists: Iterator[Forms] | tuple[Forms, ...]) -> Forms:
    return tuple(dict.fromkeys(item for items in lists for item in items))


def missing(language: Language, platform: tuple[str, ...]) -> list[str]:
    """What the language still lacks, one sentence each for its contributor; empty when all is there.

    `platform` are the codes of the languages that must have a name for it.
    """
    where = f"{language.code}.toml"
    found = [
        f"{where}: [names] has no name of the language in {code!r}" for code in platform if code not in language.names
    ]
    if language.code not in language.names:
        found.append(f"{where}: [names] lacks {language.code!r}, the language's own name for itself")
    if language.default_script not in language.scripts:
        found.append(
            f"{where}: default_script {language.default_script!r} has no table [scripts.{language.default_script}]"
        )
    if not (language.stemming.suffixes or language.stemming.library):
        found.append(f"{where}: [stem] must have suffixes, or a library; how they are written: stem_table.py")
    if not language.sources:
        found.append(f"{where}: sources must say where the data comes from")
    used = {"Latn", "Cyrl", "Arab", *language.scripts}
    found += [f"{where}: [script_names] has no {code}" for code in sorted(used - set(language.script_names))]
    for code, script in language.scripts.items():
        found += [f"{where}: [scripts.{code}] {sentence}" for sentence in _missing_in(script)]
    return found


def _missing_in(script: Script) -> Iterator[str]:
    for rows, count in (("months", 12), ("weekdays", 7)):
        if len(getattr(script, rows)) != count:
            yield f"{rows} must have {count} lines, it has {len(getattr(script, rows))}"
    least = {"stop_words": 30, "quotation_verbs": 5, "abbreviations": 3, "examples": 3, "alphabet": 20}
    for key in Script.__dataclass_fields__:
        value = getattr(script, key)
        if len(value) < least.get(key, 0 if key in _MAY_BE_EMPTY else 1):
            yield f"{key} must have at least {least.get(key, 1)} items, it has {len(value)}"
        for text in (value,) if isinstance(value, str) else _flat(value):
            if normalize(text) != text:
                yield f"{key}: write {normalize(text)!r} where the file has {text!r}"
    if script.direction not in ("ltr", "rtl"):
        yield f"direction must be ltr or rtl, not {script.direction!r}"
    if stray := set(script.distinctive) - set(script.alphabet):
        yield f"distinctive has letters that alphabet lacks: {''.join(sorted(stray))}"
    for pair in script.quotes:
        if len(pair) != 2:
            yield f"quotes are pairs of two characters, not {pair!r}"


def _flat(value: tuple[Any, ...]) -> Iterator[str]:
    for item in value:
        if isinstance(item, str):
            yield item
        else:
            yield from item
