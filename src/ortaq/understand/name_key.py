"""A key under which one person's name meets in every script and language of the region, and namesakes do not.

A name is cut in words; each word is read into sounds (`name_sounds`), freed of case endings, and put in its place:
given name, father's name, family name. The family name is known by its ending (`-ов`, `-ұлы`, `-қызы`: they say the
gender too, and are left off, so that *Құнанбайұлы* and *Кунанбаев* meet), a Mongolian father's name by its genitive;
else the last word is the family name, and the key is not sure of it. The data stands in `[person_names]` of each
language's file. `same_name` compares two keys part by part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ortaq.text import normalize
from ortaq.understand.name_parts import (
    Mark,
    Word,
    case_forms,
    cases,
    cut,
    family_mark,
    fathers_ending,
    genitives,
    name_words,
    written_genitives,
)
from ortaq.understand.name_sounds import MAX_SOUNDS, VOWELS, distance, sounds

VERSION = "1"
SAME = 0.55
"""`same_name` from here on means one person's name.

Between the namesakes (up to 0.43, but for one pair) and nearly all variants (from 0.62) of the dev half of
`benchmarks/data/names.tsv`, by `python -m benchmarks.languages --task names --split dev`, November 2026.
"""
MAYBE = 0.3
"""From here on to SAME: nothing speaks against it, but a part is missing (*Тоқаев* beside *Қасым-Жомарт Тоқаев*)."""

_MAX_NAME = 200
_MAX_JOINED = 2 * MAX_SOUNDS
_MAX_KEY = 2000
_KEY = re.compile(r"[a-z.+|]*(?:/[a-z.+|]*){5}")


@dataclass(frozen=True, slots=True)
class NameKey:
    """A name in sounds. An initial ends with a point.

    `given` are the parts of the given name as written, `given_forms` and `family_forms` what they may be without case
    endings, the likeliest last. `kind` is the family name's ending: `ov`, `son` (-ұлы, -қызы), `sky`, or "".
    `gender` is `m`, `f` or "". `sure`: the family name was known by its form, not by its place.
    """

    given: tuple[str, ...] = ()
    family: str = ""
    patronymic: str = ""
    kind: str = ""
    gender: str = ""
    sure: bool = False
    given_forms: tuple[str, ...] = ()
    family_forms: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole key as one ASCII string; `name_key` reads it back into the same key."""
        sure = "s" if self.sure else ""
        parts = ("+".join(self.given), self.patronymic, self.kind, self.gender + "." + sure)
        return "/".join((*parts, "|".join(self.given_forms), "|".join(self.family_forms)))

    @property
    def meeting_points(self) -> tuple[str, ...]:
        """Strings of which two names of one person nearly always share one: to find candidates without all pairs."""
        found = {skeleton(form) for form in (*self.family_forms, *self.given_forms) if not form.endswith(".")}
        return tuple(sorted(found - {""}))


def skeleton(text: str) -> str:
    """Consonant classes of sounds, in the manner of Soundex, at most four."""
    classes = text.translate(_CLASSES)
    return re.sub(r"(.)\1+", r"\1", classes)[:4]


_CLASSES = str.maketrans("bpftdszcxjqkg", "ppptt" + "ssssss" + "kk", "aeiouyh")


@lru_cache(maxsize=1 << 16)
def word_key(word: str, language: str = "und") -> str:
    """A hash of one word that may be of a name, equal in all scripts; "" when under two consonants are left.

    For indexing and clustering, where names are weighed by how rare their key is; unlike words share a key too.
    """
    code = language.partition("-")[0]
    read = sounds(normalize(word[:_MAX_NAME]), code)
    mark = family_mark(read, code)
    key = skeleton(mark.stem if mark else (read, *cut(read, cases(code)))[-1])
    start = "a" if read[:1] in VOWELS else ""
    return start + key if len(key) >= 2 else ""


def name_key(name: str, language: str = "und") -> NameKey:
    """The key of a person's name as written in a language (BCP 47; only its first part counts). Never raises.

    At most 200 characters and 8 words count. A key's own text gives the key back.
    """
    if name.count("/") == 5 and len(name) <= _MAX_KEY and _KEY.fullmatch(name):
        return _read_back(name)
    return _name_key(name[:_MAX_NAME], language.partition("-")[0])


@lru_cache(maxsize=1 << 16)
def _name_key(name: str, language: str) -> NameKey:
    words = name_words(name, language)
    if not words:
        return NameKey()
    marks = [None if word.initial else family_mark(word.sounds, language) for word in words]
    at = _family_place(words, marks)
    father = _father_place(words, marks, at, language)
    if at is None and father is None:
        return _unmarked(words, language)
    ends = len(words) - 1
    mark = marks[at] if at is not None else None
    place = at if at is not None else (0 if father == ends else ends)
    rest = [word for index, word in enumerate(words) if index not in (place, father)]
    gender = mark.gender if mark else ""
    if mark and gender == "?":
        gender = "f" if language == "ru" and rest and rest[-1].sounds[-1:] not in VOWELS + "y" else ""
    forms = (mark.stem,) if mark else case_forms(words[place], language, last=place == ends)
    patronymic = fathers_ending(language).sub("", words[father].sounds) if father is not None else ""
    if father is not None and (told := marks[father]):
        patronymic = told.stem
    return _make(
        rest, forms, language, patronymic, mark, gender, last=words[-1], sure=mark is not None or father is not None
    )


def _unmarked(words: Sequence[Word], language: str) -> NameKey:
    """A name whose family name no ending shows: the last word; in Mongolian order the father's name comes first."""
    if len(words) >= 2:
        first = words[0]
        stems = () if first.initial else cut(first.sounds, genitives(language))
        told = bool(stems) and written_genitives(language).search(first.text.lower()) is not None and len(words) == 2
        if told or (language == "mn" and len(words) == 2):
            forms = (first.sounds, *stems) if told else case_forms(first, "und", last=False)
            return _make(words[1:], forms, language, last=words[-1], sure=told or first.initial)
    *rest, last = words
    return _make(rest, case_forms(last, language, last=True), language, last=last)


def _make(
    given: Sequence[Word],
    family: tuple[str, ...],
    language: str,
    patronymic: str = "",
    mark: Mark | None = None,
    gender: str = "",
    *,
    last: Word,
    sure: bool = False,
) -> NameKey:
    full = [word.sounds for word in given if not word.initial]
    bare = [case_forms(word, language, last=word is last)[-1] for word in given if not word.initial]
    return NameKey(
        given=tuple(word.sounds + "." * word.initial for word in given),
        family=family[-1],
        patronymic=patronymic,
        kind=mark.kind if mark else "",
        gender=gender,
        sure=sure,
        given_forms=tuple(
            dict.fromkeys(form for form in ("".join(full)[:_MAX_JOINED], "".join(bare)[:_MAX_JOINED]) if form)
        ),
        family_forms=family,
    )


def _read_back(text: str) -> NameKey:
    given, patronymic, kind, marks, given_forms, family_forms = text.split("/")
    gender, _, sure = marks.partition(".")
    forms = tuple(family_forms.split("|")) if family_forms else ()
    return NameKey(
        given=tuple(given.split("+")) if given else (),
        family=forms[-1] if forms else "",
        patronymic=patronymic,
        kind=kind,
        gender=gender,
        sure=bool(sure),
        given_forms=tuple(given_forms.split("|")) if given_forms else (),
        family_forms=forms,
    )


def _family_place(words: Sequence[Word], marks: Sequence[Mark | None]) -> int | None:
    """Which word is the family name by its ending: the last with -ов or -ский, else the last word if it has -ұлы."""
    for at in range(len(words) - 1, -1, -1):
        mark = marks[at]
        if mark and (mark.kind != "son" or at == len(words) - 1):
            if mark.kind == "son" and any(other and other.kind != "son" for other in marks[:at]):
                continue
            return at
    return None


def _father_place(words: Sequence[Word], marks: Sequence[Mark | None], family: int | None, language: str) -> int | None:
    """Which word is the father's name: -ович, or -ұлы beside a family name, while a given name is left."""
    if len(words) < 3:
        return None
    for at in range(len(words) - 1, 0, -1):
        mark = marks[at]
        son = family is not None and mark is not None and mark.kind == "son"
        if at != family and not words[at].initial and (son or fathers_ending(language).search(words[at].sounds)):
            return at
    return None


def same_name(one: NameKey, other: NameKey) -> float:
    """0 to 1: how well two names can be one person's; symmetric. From SAME on they are, below MAYBE they are not.

    Between the two a part is missing: a family name alone says no more than maybe. Initials, a missing father's name
    and, where no ending tells the family name, the order of the parts do not count against it; another gender or
    another father's name does.
    """
    if not one.family or not other.family or _genders_differ(one, other):
        return 0.0
    cost = _pair(_given(one, other), _families(one, other))
    if not (one.sure and other.sure):
        turned = _pair(_crossed(one, other), _crossed(other, one))
        cost = min(cost, turned + 0.02)
    if one.patronymic and other.patronymic and distance(one.patronymic, other.patronymic) > 0.35:
        cost += 0.3
    score = max(0.0, 1.0 - 2.0 * cost)
    if not one.given or not other.given:
        return min(score, (SAME + MAYBE) / 2) if score >= SAME else 0.0
    return score


def _genders_differ(one: NameKey, other: NameKey) -> bool:
    return bool(one.gender and other.gender and one.gender != other.gender)


def _pair(given: float, family: float) -> float:
    return max(given, family) + 0.3 * min(given, family)


def _given(one: NameKey, other: NameKey) -> float:
    if not one.given or not other.given:
        return 0.0
    if not one.given_forms or not other.given_forms:
        return _initials(one.given[0], other.given[0])
    least = _nearest(one.given_forms, other.given_forms)
    if len(one.given) != len(other.given):
        parts = [[part for part in key.given if not part.endswith(".")] for key in (one, other)]
        least = min(least, 0.08 + min((distance(a, b) for a in parts[0] for b in parts[1]), default=1.0))
    return least


def _families(one: NameKey, other: NameKey) -> float:
    if one.family.endswith(".") or other.family.endswith("."):
        return _initials(one.family, other.family)
    penalty = 0.0
    if one.kind != other.kind and {one.kind, other.kind} != {"ov", "son"}:
        penalty = 0.3 if "sky" in (one.kind, other.kind) else 0.02
    return _nearest(one.family_forms, other.family_forms) + penalty


def _crossed(one: NameKey, other: NameKey) -> float:
    """One's given name beside the other's family name."""
    if other.family.endswith(".") or not one.given_forms:
        return _initials(one.given[0], other.family) if one.given else 1.0
    return _nearest(one.given_forms, other.family_forms)


def _initials(one: str, other: str) -> float:
    return 0.05 if distance(one[:1], other[:1]) <= 0.35 else 1.0


def _nearest(some: Sequence[str], others: Sequence[str]) -> float:
    # Two uncut words may be alike in their case ending alone.
    uncut = 0.1 if len(some) > 1 and len(others) > 1 else 0.0
    return min(
        distance(one, other) + (0.01 * ((i > 0) + (j > 0)) or uncut)
        for i, one in enumerate(some)
        for j, other in enumerate(others)
    )
