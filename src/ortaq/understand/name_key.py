"""A key under which one person's name meets in every script and language of the region, and namesakes do not.

A name is cut in words; each word is read into sounds (`name_sounds`), freed of case endings, and put in its place:
given name, father's name, family name. The family name is known by its ending (`-ов`, `-ұлы`, `-қызы`: they say the
gender too, and fall off, so that *Құнанбайұлы* and *Кунанбаев* meet), a Mongolian father's name by its genitive;
else the last word is the family name, and the key is not sure of it. The data stands in `[person_names]` of each
language's file. `same_name` compares two keys part by part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from ortaq import languages
from ortaq.languages.shape import PersonNames
from ortaq.text import normalize
from ortaq.understand.name_sounds import distance, sounds

VERSION = "1"
SAME = 0.6
"""`same_name` from here on means one person's name; tuned on the dev half of benchmarks/data/names.tsv."""
MAYBE = 0.35
"""From here on to SAME: nothing speaks against it, but a part is missing (*Тоқаев* beside *Қасым-Жомарт Тоқаев*)."""

_MAX_NAME = 200
_MAX_WORDS = 8
_MAX_FORMS = 4
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0674ʻ’'-])*\.?")
_SUFFIX_APOSTROPHE = re.compile(r"(?<=\w\w)['’][^\W\d_]+$")
_POSSESSIVE = re.compile(r"['’]s?$")
_KEY = re.compile(r"[a-z.+|]*(?:/[a-z.+|]*){5}")
_PARTICLES = frozenset({"al", "el", "ul", "ad", "ud", "ibn", "ibni", "bin"})
_APOSTROPHE_SUFFIXES = frozenset({"tr", "az"})


@dataclass(frozen=True, slots=True)
class NameKey:
    """A name in sounds. An initial ends with a point.

    `given` are the parts of the given name as written, `given_forms` and `family_forms` what they may be without case
    endings, the likeliest last. `kind` is the family name's ending: `ov` (with -ұлы, -қызы), `sky`, or none known.
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


_CLASSES = str.maketrans("bpftdszcxjqkgmnlr", "ppptt" + "ssssss" + "kknnlr", "aeiouywh")


class _Word(NamedTuple):
    """One word of a name: its sounds, and what its end may mean."""

    text: str
    sounds: str
    initial: bool


def name_key(name: str, language: str = "und") -> NameKey:
    """The key of a person's name as written in a language (BCP 47; only its first part counts). Never raises.

    At most 200 characters and 8 words count. A key's own text gives the key back.
    """
    return _name_key(name[:_MAX_NAME], language.partition("-")[0])


@lru_cache(maxsize=1 << 16)
def _name_key(name: str, language: str) -> NameKey:
    if _KEY.fullmatch(name):
        return _read_back(name)
    words = _words(name, language)
    if not words:
        return NameKey()
    marks = [None if word.initial else _family(word.sounds, language) for word in words]
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
        gender = "f" if language == "ru" and rest and rest[-1].sounds[-1:] not in "aeiouy" else ""
    forms = (mark.stem,) if mark else _forms(words[place], language, last=place == ends)
    patronymic = _fathers(language).sub("", words[father].sounds) if father is not None else ""
    if father is not None and (told := marks[father]):
        patronymic = told.stem
    return _make(rest, forms, language, patronymic, mark, gender, last=words[-1], sure=mark is not None or father is not None)


def _unmarked(words: Sequence[_Word], language: str) -> NameKey:
    """A name whose family name no ending shows: the last word; in Mongolian order the father's name comes first."""
    if len(words) >= 2:
        first = words[0]
        stems = () if first.initial else _cut(first.sounds, _genitives(language))
        told = bool(stems) and _raw_genitives(language).search(first.text.lower()) is not None and len(words) == 2
        if told or (language == "mn" and len(words) == 2):
            forms = (first.sounds, *stems) if told else _forms(first, "und", last=False)
            return _make(words[1:], forms, language, last=words[-1], sure=told or first.initial)
    *rest, last = words
    return _make(rest, _forms(last, language, last=True), language, last=last)


class _Mark(NamedTuple):
    stem: str
    kind: str
    gender: str


def _make(
    given: Sequence[_Word],
    family: tuple[str, ...],
    language: str,
    patronymic: str = "",
    mark: _Mark | None = None,
    gender: str = "",
    *,
    last: _Word,
    sure: bool = False,
) -> NameKey:
    full = [word.sounds for word in given if not word.initial]
    bare = [_forms(word, language, last=word is last)[-1] for word in given if not word.initial]
    return NameKey(
        given=tuple(word.sounds + "." * word.initial for word in given),
        family=family[-1],
        patronymic=patronymic,
        kind=mark.kind if mark else "",
        gender=gender,
        sure=sure,
        given_forms=tuple(dict.fromkeys(form for form in ("".join(full), "".join(bare)) if form)),
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


def _words(name: str, language: str) -> list[_Word]:
    """The words that belong to the name, `-` inside them closed up, words of son and daughter joined to the left."""
    found: list[_Word] = []
    texts = [text for text in _WORD.findall(normalize(name)) if text]
    known = [text for text in texts if text.lower().rstrip(".") not in _honorifics(language)]
    for text in (known if len(known) >= 1 else texts)[:_MAX_WORDS]:
        text = _SUFFIX_APOSTROPHE.sub("", text) if language in _APOSTROPHE_SUFFIXES else _POSSESSIVE.sub("", text)
        initial = text.endswith(".") and len(text) <= 3 or len(text) == 1
        pieces = [sounds(piece.strip(".'’"), language) for piece in text.split("-")]
        if initial:
            read = pieces[0][:1]
        else:
            read = "".join(piece for piece in pieces if len(pieces) == 1 or piece not in _PARTICLES)[:48]
        if not read or (read in _PARTICLES and not initial and len(texts) > 2):
            continue
        if found and not initial and not found[-1].initial and _child_word(language).fullmatch(read):
            found[-1] = _Word(found[-1].text + text, found[-1].sounds + read, False)
        else:
            found.append(_Word(text, read, initial))
    return found


def _family_place(words: Sequence[_Word], marks: Sequence[_Mark | None]) -> int | None:
    """Which word is the family name by its ending: the last with -ов or -ский, else the last word if it has -ұлы."""
    for at in range(len(words) - 1, -1, -1):
        mark = marks[at]
        if mark and (mark.kind != "son" or at == len(words) - 1):
            if mark.kind == "son" and any(other and other.kind != "son" for other in marks[:at]):
                continue
            return at
    return None


def _father_place(
    words: Sequence[_Word], marks: Sequence[_Mark | None], family: int | None, language: str
) -> int | None:
    """Which word is the father's name: -ович, or -ұлы beside a family name, while a given name is left."""
    if len(words) < 3:
        return None
    for at in range(len(words) - 1, 0, -1):
        mark = marks[at]
        if at != family and not words[at].initial:
            if _fathers(language).search(words[at].sounds) or (family is not None and mark and mark.kind == "son"):
                return at
    return None


def _forms(word: _Word, language: str, *, last: bool) -> tuple[str, ...]:
    """The word's sounds as they are, then without the endings that may be a case, the longest ending last."""
    if word.initial:
        return (word.sounds + ".",)
    return (word.sounds, *_cut(word.sounds, _cases(language) if last else _every_word_cases(language)))[:_MAX_FORMS]


def _cut(text: str, endings: Sequence[str]) -> tuple[str, ...]:
    # An ending that begins with the sound before it has melted with it: Путин and -нің are putinin.
    lengths = {len(ending) for ending in endings if text.endswith(ending)}
    lengths |= {len(ending) - 1 for ending in endings if ending[0] not in "aeiou" and text.endswith(ending)}
    lengths = sorted(length for length in lengths if 0 < length <= len(text) - 3)
    return tuple(text[:-length] for length in lengths)


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
        least = min(least, 0.08 + min(distance(a, b) for a in parts[0] for b in parts[1]))
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
    return min(
        distance(one, other) + 0.01 * ((i > 0) + (j > 0)) for i, one in enumerate(some) for j, other in enumerate(others)
    )


def _family(text: str, language: str) -> _Mark | None:
    """What the ending of a family name tells, with a case after it in the name's own language."""
    match = _family_pattern(language).match(text)
    if match is None or len(match["stem"]) < 2:
        return None
    ending = match["ending"]
    kind, gender = _family_endings()[ending]
    if match["case"] == "" and gender == "f" and ending[:-1] in _family_endings() and "a" in _cases(language):
        gender = "?"
    return _Mark(match["stem"], kind, gender)


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
    cases = "|".join(sorted(_cases(language), key=len, reverse=True))
    return re.compile(rf"(?P<stem>.+?)(?P<ending>{endings})(?P<case>(?:{cases})?)$")


@cache
def _child_word(language: str) -> re.Pattern[str]:
    words = "|".join(ending for ending, (kind, _) in _family_endings().items() if kind == "son")
    return re.compile(rf"(?:{words})(?:{'|'.join(_cases(language))})?")


@cache
def _fathers(language: str) -> re.Pattern[str]:
    endings = {ending for code in languages.codes() for ending in _in_sounds(_data(code).fathers, code)}
    alternatives = "|".join(sorted(endings, key=len, reverse=True))
    return re.compile(rf"(?<=..)(?:{alternatives})(?:{'|'.join(_every_word_cases(language))})?$")


@cache
def _raw_genitives(language: str) -> re.Pattern[str]:
    endings = [ending.lstrip("-") for ending in _data(language).genitives]
    return re.compile(f"(?<=...)(?:{'|'.join(endings)})$" if endings else "(?!)")


@cache
def _genitives(language: str) -> tuple[str, ...]:
    return _in_sounds(_data(language).genitives, language)


@cache
def _cases(language: str) -> tuple[str, ...]:
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
