"""What a person's name says of gender: by family and fathers' names, and by the given name; unknown when it is silent.

Endings and given names stand in the languages' files (`[person_names]`). They are compared by sound
(`name_sounds.py`), so that a name is known in every script and language it travels to; endings of given names count in
their own language only. A name is not a person: who uses this must show it as what names say.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from ortaq import languages
from ortaq.understand.name_parts import Word, family_mark, fathers_ending, name_words
from ortaq.understand.name_sounds import sounds

Gender = Literal["m", "f"]
_FATHER_FIRST = frozenset({"mn"})  # the given name stands last


def gender_of(name: str, language: str) -> Gender | None:
    """`m` or `f` where the name, in its base form, says it, else None; so it does where its parts disagree.

    `language` is the BCP 47 primary code of the language that the name is written in. Any text may be given.
    """
    words = [word for word in name_words(name, language) if not word.initial]
    told = [_by_family(word, language, alone=len(words) == 1) for word in words]
    found = {gender for gender in told if gender}
    unmarked = [word.sounds for word, gender in zip(words, told, strict=True) if gender is None]
    if unmarked and (gender := _by_given(unmarked[-1 if language in _FATHER_FIRST else 0], language)):
        found.add(gender)
    return found.pop() if len(found) == 1 else None


def _by_family(word: Word, language: str, *, alone: bool) -> Gender | None:
    """What the ending of a family or father's name tells; a lone word may be a given name that ends alike."""
    if alone and _by_list(word.sounds, language):
        return None
    if not alone and (ending := fathers_ending(language).search(word.sounds)):
        return "f" if ending[0].endswith("a") else "m"
    mark = family_mark(word.sounds, language)
    if mark is None:
        return None
    # In Russian -ова may also be the genitive of -ов: in its base form it is the woman's name.
    return "m" if mark.gender == "m" else "f"


def _by_given(read: str, language: str) -> Gender | None:
    if gender := _by_list(read, language):
        return gender
    for ending, gender in _endings(language):
        if read.endswith(ending) and len(read) > len(ending) + 1:
            return gender
    return None


def _by_list(read: str, language: str) -> Gender | None:
    """The gender of a given name that is listed: in the language's own file, or in the files of others alike."""
    return _listed(language).get(read) or _listed_anywhere().get(read)


@cache
def _listed(language: str) -> dict[str, Gender]:
    return {sounds(name, language): gender for name, gender in _data(language) if not name.startswith("-")}


@cache
def _listed_anywhere() -> dict[str, Gender]:
    found: dict[str, set[Gender]] = {}
    for code in languages.codes():
        for read, gender in _listed(code).items():
            found.setdefault(read, set()).add(gender)
    return {read: genders.pop() for read, genders in found.items() if len(genders) == 1}


@cache
def _endings(language: str) -> tuple[tuple[str, Gender], ...]:
    """Endings of given names in sounds, the longest first."""
    told = ((sounds(name[1:], language), gender) for name, gender in _data(language) if name.startswith("-"))
    return tuple(sorted(told, key=lambda one: (-len(one[0]), one)))


@cache
def _data(language: str) -> tuple[tuple[str, Gender], ...]:
    if language not in languages.codes():
        return ()
    names = languages.load(language).person_names
    men: list[tuple[str, Gender]] = [(name, "m") for name in names.given_masculine]
    return (*men, *((name, "f") for name in names.given_feminine))
