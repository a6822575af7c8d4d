"""What a language still lacks, in sentences for its contributor: the contract that a test holds every language to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ortaq.languages.shape import DateWords, Language, Script
from ortaq.text import fold, normalize, script_of, sentences

_MAY_BE_EMPTY = {"ordinal_suffixes", "distinctive", "number_joiners"}
_LEAST = {"stop_words": 30, "quotation_verbs": 5, "abbreviations": 3, "examples": 3, "alphabet": 20}
_MUST_COUNT = (*range(11), *range(20, 100, 10), 100, 1_000, 10**6, 10**9)
_STEP = r"(?:[QTSVDNA]|\.\.|[:,-]|[^\W\d_]{2,})"
_PATTERN = re.compile(rf"(?=.*\b[QT]\b)(?=.*\bS\b){_STEP}(?: {_STEP})+")
_IN_SCRIPT = (
    "stop_words",
    "quotation_verbs",
    "examples",
    "today",
    "yesterday",
    "that_words",
    "according_to",
    "speaker_pronouns",
)
_SIGNS = frozenset("’ʻ\u0307")  # stand in words beside the letters of an alphabet


def missing(language: Language, platform: tuple[str, ...]) -> list[str]:
    """What the language still lacks, one sentence each for its contributor; empty when all is there.

    `platform` are the codes of the languages that must have a name for it.
    """
    where = f"{language.code}.toml"
    found = [f"{where}: {sentence}" for sentence in _missing_in_language(language, platform)]
    for code, script in language.scripts.items():
        sentences = (*_missing_in(script), *_wrong_words(code, script))
        found += [f"{where}: [scripts.{code}] {sentence}" for sentence in sentences]
    whole = all((len(one.months), len(one.weekdays)) == (12, 7) for one in language.scripts.values())
    if whole and language.default_script in language.scripts:
        found += [f"{where}: {sentence}" for sentence in _months_that_meet(language.date_words)]
    return found


def _missing_in_language(language: Language, platform: tuple[str, ...]) -> Iterator[str]:
    for code in platform:
        if code not in language.names:
            yield f"[names] has no name of the language in {code!r}"
    if language.code not in language.names:
        yield f"[names] lacks {language.code!r}, the language's own name for itself"
    if language.default_script not in language.scripts:
        yield f"default_script {language.default_script!r} has no table [scripts.{language.default_script}]"
    if not (language.stemming.suffixes or language.stemming.library):
        yield "[stem] must have suffixes, or a library; how they are written: stem_table.py"
    if not language.person_names.honorifics:
        yield "[person_names] must have honorifics: mister, president, professor"
    if not language.sources:
        yield "sources must say where the data comes from"
    used = {"Latn", "Cyrl", "Arab", *language.scripts}
    for code in sorted(used - set(language.script_names)):
        yield f"[script_names] has no {code}"
    tables = {(one.source, one.target) for one in language.spellings.tables}
    if len(language.scripts) > 1 and not language.spellings.search_script:
        yield "[transliterate] must have search_script: the script that a search compares in"
    for code in sorted(language.scripts):
        target = language.spellings.search_script
        if target and code != target and (code, target) not in tables:
            yield f"[transliterate] has no table [transliterate.{code}-{target}], so its {code} texts are not found"


def _missing_in(script: Script) -> Iterator[str]:
    for rows, count in (("months", 12), ("weekdays", 7)):
        if len(getattr(script, rows)) != count:
            yield f"{rows} must have {count} lines, it has {len(getattr(script, rows))}"
    for key in Script.__dataclass_fields__:
        value = getattr(script, key)
        if len(value) < _LEAST.get(key, 0 if key in _MAY_BE_EMPTY else 1):
            yield f"{key} must have at least {_LEAST.get(key, 1)} items, it has {len(value)}"
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
    if lacking := [str(number) for number in _MUST_COUNT if not script.number_words.get(number)]:
        yield f"number_words has no word for {', '.join(lacking)}"
    for pattern in script.quotation_patterns:
        if not _PATTERN.fullmatch(pattern):
            yield f"quotation_patterns: {pattern!r} must have Q or T, and S, with blanks between: see shape.py"


def _wrong_words(code: str, script: Script) -> Iterator[str]:
    words: dict[str, tuple[str, ...]] = {key: getattr(script, key) for key in _IN_SCRIPT}
    words["number_words"] = tuple(word for forms in script.number_words.values() for word in forms)
    for key, items in words.items():
        for word in items:
            if (found := script_of(word)) != code:
                yield f"{key}: {word!r} is written in {found}, not in {code}"
    numbers: dict[str, int] = {}
    for number, forms in script.number_words.items():
        for form in forms:
            if numbers.setdefault(fold(form), number) != number:
                yield f"number_words: {form!r} stands for {numbers[fold(form)]} and for {number}"
    for example in script.examples:
        letters = {letter for letter in example.lower() if letter.isalpha()}
        if stray := letters - set(script.alphabet) - _SIGNS:
            yield f"alphabet lacks {''.join(sorted(stray))!r}, which stands in the example {example!r}"
        if sentences(example, script.abbreviations) != [example]:
            yield f"the example {example!r} must be one sentence"


def _months_that_meet(words: DateWords) -> Iterator[str]:
    seen: dict[str, int] = {}
    for number, forms in enumerate(words.months, 1):
        for form in forms:
            if seen.setdefault(fold(form), number) != number:
                yield f"months: {form!r} stands for month {seen[fold(form)]} and for month {number}"


def _flat(value: Any) -> Iterator[str]:
    """Every text in a value, whatever its shape."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _flat(tuple(value.values()))
    elif isinstance(value, tuple):
        for item in value:
            yield from _flat(item)
