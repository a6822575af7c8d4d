"""One form for all scripts of a language, to search and compare in; not for showing.

A text is written in the language's search script, and what another of its scripts can't tell apart is made one letter
(`merged` in its file): Kazakh ә and а, because Arabic letters write both as ا. On top of that comes
`ortaq.text.normalize.fold`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from ortaq.languages import codes, load
from ortaq.languages.spellings import Spellings
from ortaq.languages.transliterate import readings, transliterate
from ortaq.text import script_of
from ortaq.text.normalize import fold, normalize

MAX_READINGS = 16
_LATIN, _CYRILLIC, _ARABIC = "a-z\u00df-\u024f", "\u0400-\u052f", "\u0620-\u06ff"
_FOREIGN = {
    "Latn": re.compile(f"[{_CYRILLIC}{_ARABIC}]"),
    "Cyrl": re.compile(f"[{_LATIN}{_ARABIC}]"),
    "Arab": re.compile(f"[{_LATIN}{_CYRILLIC}]"),
}


def search_form(text: str, language: str) -> str:
    """The form under which the spellings of a text in all scripts of its language meet.

    `language` is a BCP 47 tag; of a language that is written in one script, or that we don't know, it is the folded
    text. Idempotent, linear, never raises.
    """
    form = merge(in_search_script(text, language), language)
    foreign = _FOREIGN.get(_spellings(language.partition("-")[0]).search_script)
    # A foreign word that was left in its script can become one that is read, once it is folded (Latin ı to i).
    for _ in range(3):
        if foreign is None or not foreign.search(form):
            break
        before, form = form, merge(in_search_script(form, language), language)
        if form == before:
            break
    return form


def in_search_script(text: str, language: str) -> str:
    """The text, normalized, in the script that the language is searched in, spelled as its readers spell it."""
    script = _spellings(language.partition("-")[0]).search_script
    return transliterate(text, language, script) if script else normalize(text)


def merge(text: str, language: str) -> str:
    """What is already in the language's search script without the differences that its other scripts don't write."""
    spellings = _spellings(language.partition("-")[0])
    if spellings.merged:
        # Small letters as `fold` has them, but an apostrophe that is a part of a letter must still be seen.
        small = text.casefold().replace("ı", "i").replace("i\u0307", "i")
        text = _merging(spellings.merged)(normalize(small))
    return fold(text)


def search_forms(query: str) -> tuple[str, ...]:
    """The search forms of a query whose language is not known, each once, as it stands (folded) first."""
    return tuple(dict.fromkeys(merge(written, code) for code, written in query_readings(query)))


def query_readings(query: str) -> tuple[tuple[str, str], ...]:
    """(language, the query in its search script) for every language that the query may be in; at most MAX_READINGS.

    As it stands comes first, with "" for its language. Languages whose letters don't cover the query are left out,
    unless that leaves none. A Latin spelling that fits several alphabets of a language is read in each.
    """
    script = script_of(query)
    letters = {letter for letter in fold(query) if letter.isalpha()}
    able = [code for code in codes() if _letters(code, script)]
    found = {("", normalize(query)): None}
    for code in [code for code in able if letters <= _letters(code, script)] or able:
        target = _spellings(code).search_script
        for written in readings(query, code, target) if target else (normalize(query),):
            found[code, written] = None
    return tuple(found)[:MAX_READINGS]


@cache
def _letters(code: str, script: str) -> frozenset[str]:
    """The folded letters of the language in a script, those of its older alphabets too; none if it has no such."""
    language = load(code)
    written = language.scripts[script].alphabet if script in language.scripts else ""
    read = "".join(table.letters for table in language.spellings.tables if table.source == script)
    sides = (rule.partition("=")[0] for rule in read.split())
    return frozenset(letter for letter in fold(written + "".join(sides)) if letter.isalpha())


@cache
def _spellings(code: str) -> Spellings:
    return load(code).spellings if code in codes() else Spellings()


@cache
def _merging(rules: str) -> Callable[[str], str]:
    pairs = dict(rule.split("=") for rule in rules.split())
    letters = str.maketrans({old: new for old, new in pairs.items() if len(old) == 1})
    groups = sorted((old for old in pairs if len(old) > 1), key=len, reverse=True)
    if not groups:
        return lambda text: text.translate(letters)
    pattern = re.compile("|".join(map(re.escape, groups)))
    return lambda text: pattern.sub(lambda match: pairs[match[0]], text).translate(letters)
