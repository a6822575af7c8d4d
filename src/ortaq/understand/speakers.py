"""The speaker in the part of a sentence where one is named; helps `quotations.py`.

Where a script has capitals a name is a run of capitalized words. Where it has none, it is two words after a title
(`honorifics` of the language), or the words that there are.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ortaq.languages import codes, load
from ortaq.languages.transliterate import transliterate

_WORD = re.compile(r"(?:[^\W\d_]\.\s?)*[^\W\d_][^\W_]*(?:[’ʻ'‘-][^\W_]+)*ʻ?")
_APOSTROPHE_ENDING = re.compile(r"['’][^\W\d_]{1,6}$")
_FAMILY = re.compile("-(?:[оеё]в|[сц]к)")
_MOST_WORDS = 4  # of a speaker who is not named by a name
_NAME_WITHIN = 6  # words from a sentence's beginning


class _Run(NamedTuple):
    """Capitalized words side by side: the places of the first and after the last."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


def read_speaker(fragment: str, language: str, script: str, *, after: bool, cased: bool = False) -> str:
    """The speaker named in a fragment, "" for none; `after`: it stands behind the verb, so what is first counts.

    `cased`: the last word has a case ending, which is taken off (Сәрсенованың айтуынша).
    """
    found = list(_WORD.finditer(fragment))
    if not found:
        return ""
    texts = [match[0] for match in found]
    titles = _titles(language, script)
    if load(language).script(script).direction == "rtl":
        first, last = _untitled(texts, titles, after)
    else:
        runs = _runs(fragment, found)
        long = [run for run in runs if run.length > 1]
        if not runs:
            first, last = 0, min(len(texts), _MOST_WORDS)
        else:
            first, last = (long or runs)[0 if after else -1]
            first = _without_title(texts, first, last, titles)
        if last - first == 1 and texts[first].casefold() in _no_speakers(language, script):
            # A word that begins the sentence and means nobody: В министерстве, The ministry.
            if len(texts) == 1 or len(texts) > _MOST_WORDS:
                return ""
            first, last = 0, len(texts)
    speaker = fragment[found[first].start() : found[last - 1].end()]
    return _without_case(speaker, language, script) if cased else speaker


def speaker_and_clause(text: str, language: str, script: str) -> tuple[str, str]:
    """Speaker and what he said, of a sentence's beginning that holds both side by side."""
    found = list(_WORD.finditer(text))
    if len(found) < 3:
        return "", text
    texts, titles = [match[0] for match in found], _titles(language, script)
    if load(language).script(script).direction == "rtl":
        start, end = _untitled(texts, titles, False)
        end = end if start else min(2, len(texts) - 2)
    else:
        named = (run for run in _runs(text, found) if run.start or run.length > 1)
        titled = (place + 1 for place, word in enumerate(texts[:_MOST_WORDS]) if word in titles)
        end = next((run.end for run in named if run.start < _NAME_WITHIN), next(titled, 1))
    cut = found[end - 1].end()
    return read_speaker(text[:cut], language, script, after=False), text[cut:]


def _runs(fragment: str, found: list[re.Match[str]]) -> list[_Run]:
    runs: list[_Run] = []
    for place, match in enumerate(found):
        if not match[0][0].isupper():
            continue
        if runs and runs[-1].end == place and not fragment[found[place - 1].end() : match.start()].strip():
            runs[-1] = _Run(runs[-1].start, place + 1)
        else:
            runs.append(_Run(place, place + 1))
    return runs


def _untitled(texts: list[str], titles: frozenset[str], after: bool) -> tuple[int, int]:
    """Where the name is in a script without capitals: after a title, or at the beginning."""
    for place, text in enumerate(texts[:_NAME_WITHIN]):
        if text in titles and place + 1 < len(texts):
            return place + 1, min(place + 3, len(texts))
    return 0, min(len(texts), _MOST_WORDS if after or len(texts) <= _MOST_WORDS else 2)


def _without_title(texts: list[str], first: int, last: int, titles: frozenset[str]) -> int:
    """Where the name begins in a run of capitalized words: not with a title, nor with what begins a sentence."""
    if last - first > 1 and texts[first].casefold() in titles:
        return first + 1
    if first == 0 and last - first > 2 and not _is_fathers_name(texts[1]):
        return 1
    return first


@cache
def _father_endings() -> tuple[str, ...]:
    """Endings of fathers' names in every language; those of families (-ов) say nothing here."""
    names = [load(code).person_names for code in codes()]
    sons = {ending for one in names for ending in (*one.masculine, *one.feminine) if not _FAMILY.match(ending)}
    return tuple(ending.lstrip("-") for ending in sorted(sons.union(*(one.fathers for one in names))))


def _is_fathers_name(word: str) -> bool:
    return word.casefold().endswith(_father_endings())


@cache
def _titles(language: str, script: str) -> frozenset[str]:
    """The language's honorifics in this script."""
    return frozenset(transliterate(word, language, script) for word in load(language).person_names.honorifics)


@cache
def _no_speakers(language: str, script: str) -> frozenset[str]:
    words = load(language).script(script)
    nobody = (*words.stop_words, *words.today, *words.yesterday, *words.quotation_verbs)
    return frozenset(nobody).difference(words.speaker_pronouns)


@cache
def _cases(language: str, script: str) -> tuple[str, ...]:
    endings = (ending.lstrip("-") for ending in load(language).person_names.cases)
    written = {transliterate(ending, language, script).lstrip("\u0674") for ending in endings}
    return tuple(sorted(written, key=lambda ending: (-len(ending), ending)))


def _without_case(speaker: str, language: str, script: str) -> str:
    bare = _APOSTROPHE_ENDING.sub("", speaker)
    if bare != speaker:
        return bare
    for ending in _cases(language, script):
        if speaker.endswith(ending) and len(speaker.split()[-1]) - len(ending) >= 3:
            return speaker[: -len(ending)]
    return speaker
