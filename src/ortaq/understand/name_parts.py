"""The words of a person's name, in sounds, and what their endings mean, from `[person_names]` of the languages' files.

Endings of family and fathers' names are known in every language, since names travel (*Құнанбайұлы* in English is
Kunanbaiuly); case endings only in their own, since there is no telling what they would cut elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from ortaq import languages
from ortaq.languages.shape import PersonNames
from ortaq.text import normalize
from ortaq.understand.name_sounds import MAX_SOUNDS, VOWELS, sounds

_MAX_WORDS = 8
_MAX_FORMS = 4
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0674ʻ’'-])*\.?")
_SUFFIX_APOSTROPHE = re.compile(r"(?<=\w\w)['’][^\W\d_]+$")
_POSSESSIVE = re.compile(r"['’]s?$")
_PARTICLES = frozenset({"al", "el", "ul", "ad", "ud", "ibn", "ibni", "bin"})
_APOSTROPHE_SUFFIXES = frozenset({"tr", "az"})


class Word(NamedTuple):
    """One word of a name as written and in sounds; an initial is its first sound."""

    text: str
    sounds: str
    initial: bool


class Mark(NamedTuple):
    """An ending cut off: what is left, its kind (ov, sky, son), and gender (m, f, "?" where it may be a case)."""

    stem: str
    kind: str
    gender: str


def name_words(name: str, language: str) -> list[Word]:
    """The words that belong to the name, `-` inside them closed up, words of son and daughter joined to the left."""
    found: list[Word] = []
    texts = _WORD.findall(normalize(name))
    known = [text for text in texts if text.lower().rstrip(".") not in _honorifics(language)]
    for text in (known or texts)[:_MAX_WORDS]:
        text = _SUFFIX_APOSTROPHE.sub("", text) if language in _APOSTROPHE_SUFFIXES else _POSSESSIVE.sub("", text)
        initial = (text.endswith(".") and len(text) <= 3) or len(text) == 1
        pieces = [sounds(piece.strip(".'’"), language) for piece in text.split("-")]
        if initial:
            read = pieces[0][:1]
        else:
            read = "".join(piece for piece in pieces if len(pieces) == 1 or piece not in _PARTICLES)[:MAX_SOUNDS]
        if not read or (read in _PARTICLES and not initial and len(texts) > 2):
            continue
        if found and not initial and not found[-1].initial and _child_word(language).fullmatch(read):
            found[-1] = Word(found[-1].text + text, found[-1].sounds + read, False)
        else:
            found.append(Word(text, read, initial))
    return found


def case_forms(word: Word, language: str, *, last: bool) -> tuple[str, ...]:
    """The word's sounds as they are, then without the endings that may be a case, the longest ending last."""
    if word.initial:
        return (word.sounds + ".",)
    return (word.sounds, *cut(word.sounds, cases(language) if last else _every_word_cases(language)))[:_MAX_FORMS]


def cut(text: str, endings: Sequence[str]) -> tuple[str, ...]:
    """The sounds without each of the endings that they have, the shortest first, where three sounds are left."""
    # An ending that begins with the sound before it has melted with it: Путин and -нің are putinin.
    found = [ending for ending in endings if text.endswith(ending)]
    lengths = {len(ending) for ending in found} | {len(ending) - 1 for ending in found if ending[0] not in VOWELS}
    return tuple(text[:-length] for length in sorted(lengths) if 0 < length <= len(text) - 3)


def family_mark(text: str, language: str) -> Mark | None:
    """What the ending of a family name tells, with a case after it in the name's own language."""
    match = _family_pattern(language).match(text)
    if match is None or len(match["stem"]) < 2:
        return None
    ending = match["ending"]
    kind, gender = _family_endings()[ending]
    if match["case"] == "" and gender == "f" and ending[:-1] in _family_endings() and "a" in cases(language):
        gender = "?"
    return Mark(match["stem"], kind, gender)


@cache
def _family_endings() -> dict[str, tuple[str, str]]:
    """Every language's endings of family names, in sounds: kind and gender."""
    found: dict[str, tuple[str, str]] = {}
    for code in languages.codes():
        data = languages.load(code).person_names
        for gender, endings in (("m", data.masculine), ("f", data.feminine)):
            for ending in _in_sounds(endings, code):
                kind = "sky" if "k" in ending[1:2] else "ov" if "w" in ending[1:2] else "son"
                found.setdefault(ending, (kind, gender))
    return found


@cache
def _family_pattern(language: str) -> re.Pattern[str]:
    endings = "|".join(sorted(_family_endings(), key=len, reverse=True))
    after = "|".join(sorted(cases(language), key=len, reverse=True))
    return re.compile(rf"(?P<stem>.+?)(?P<ending>{endings})(?P<case>(?:{after})?)$")


@cache
def _child_word(language: str) -> re.Pattern[str]:
    words = "|".join(ending for ending, (kind, _) in _family_endings().items() if kind == "son")
    return re.compile(rf"(?:{words})(?:{'|'.join(cases(language))})?")


@cache
def fathers_ending(language: str) -> re.Pattern[str]:
    """Ends a father's name, in sounds, with a case of the language."""
    endings = {ending for code in languages.codes() for ending in _in_sounds(_data(code).fathers, code)}
    alternatives = "|".join(sorted(endings, key=len, reverse=True))
    return re.compile(rf"(?<=..)(?:{alternatives})(?:{'|'.join(_every_word_cases(language))})?$")


@cache
def written_genitives(language: str) -> re.Pattern[str]:
    """Ends a father's name that stands before a given name, in the language's letters: sounds tell less."""
    endings = [ending.lstrip("-") for ending in _data(language).genitives]
    return re.compile(f"(?<=...)(?:{'|'.join(endings)})$" if endings else "(?!)")


@cache
def genitives(language: str) -> tuple[str, ...]:
    """The same endings in sounds."""
    return _in_sounds(_data(language).genitives, language)


@cache
def cases(language: str) -> tuple[str, ...]:
    """The language's case endings in sounds."""
    return _in_sounds(_data(language).cases, language)


@cache
def _every_word_cases(language: str) -> tuple[str, ...]:
    return _in_sounds(_data(language).every_word_cases, language)


@cache
def _honorifics(language: str) -> frozenset[str]:
    return frozenset(_data(language).honorifics)


def _in_sounds(endings: Sequence[str], language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(read for ending in endings if (read := sounds(ending.lstrip("-"), language))))


@cache
def _data(language: str) -> PersonNames:
    return languages.load(language).person_names if language in languages.codes() else PersonNames()
