"""Stemming by a table of suffixes: the engine; the tables are the [stem] sections of the language files.

A step takes off the longest suffix that may stand after what is left, and steps follow until none is possible. Then
the end is written in one way (voiced and voiceless, fleeting vowels) and steps are tried again. A step sees only the
word in hand, never how it came about: so a form that passes through its lemma gets the lemma's stem, and a stem is
its own stem.

How a suffix is written, `(after)body>left least`:

- a capital letter in the body is one of `letters` with its variants, each with the letters it may follow: a vowel
  looks at the last vowel before it (harmony), a consonant at the letter before it (assimilation); `@` is any vowel,
  and the signs of `sets` stand for their letters;
- `{group}` is one of the endings of `groups`, `{group?}` one or none;
- `(after)`: the letters of which one must stand before it, as a buffer letter asks for, or the endings (`аа|оо`);
- `^` before all: what is left must end in a vowel, one consonant, or a pair of `codas`;
- `!` before all: a word that ends so is left as it is, whatever shorter suffix it seems to have;
- `>left`: what is put in its place; `least`: the letters that must be left, one less where they begin with a vowel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ortaq.errors import ConfigError
from ortaq.languages.shape import Stemming

_GROUP = re.compile(r"\{(\w+)(\??)\}")
_SUFFIX = re.compile(r"([\^!]?)(?:\(([^)]+)\))?([^\s()>^!]+)(?:>(\S*))?(?:\s+(\d+))?")


class _Suffix(NamedTuple):
    left: str
    least: int
    vowels: frozenset[str] | None  # the last vowel before it must be one of these
    letters: frozenset[str] | None  # the letter before it must be one of these
    after: tuple[str, ...]  # what is left must end in one of these, if there are any
    whole_syllable: bool


class _Variant(NamedTuple):
    text: str
    vowels: frozenset[str] | None = None
    letters: frozenset[str] | None = None


class Table:
    """One language's suffixes, ready for use. Raises ConfigError, with `where`, for one that can't be read."""

    def __init__(self, data: Stemming, where: str) -> None:
        self._data = data
        self._where = where
        self._vowels = frozenset(data.vowels)
        self._letters = {name: self._variants(text) for name, text in data.letters.items()}
        self._suffixes: dict[str, list[_Suffix]] = {}
        for item in data.suffixes:
            self._add(item)
        self._longest = max(map(len, self._suffixes), default=0)
        self._ends, self._lone, self._irregular = map(self._pairs, (data.ends, data.lone, data.irregular))
        self._keep = frozenset(data.keep)
        self._codas = frozenset(data.codas)
        self._fleeting = frozenset(data.fleeting)

    def stem(self, word: str) -> str:
        """The stem of a folded word in the table's script. No step makes a word longer, and few keep its length."""
        seen: dict[str, None] = {}
        while word not in seen:
            seen[word] = None
            word = self._next(word)
        # Rules that undo one another would go round: from any word of the circle the stem is then the same.
        return min(list(seen)[list(seen).index(word) :])

    def _next(self, word: str) -> str:
        if word in self._keep:
            return word
        if word in self._irregular:
            return self._irregular[word]
        return self._without_suffix(word) or self._one_end(word)

    def _without_suffix(self, word: str) -> str | None:
        for size in range(min(self._longest, len(word) - 1), 0, -1):
            suffixes = self._suffixes.get(word[-size:])
            if not suffixes:
                continue
            rest = word[:-size]
            last = next((letter for letter in reversed(rest) if letter in self._vowels), "")
            if not last:
                continue
            length = len(rest) + (rest[0] in self._vowels)
            for suffix in suffixes:
                if length >= suffix.least and self._fits(suffix, rest, last):
                    return rest + suffix.left
        return None

    def _fits(self, suffix: _Suffix, rest: str, last: str) -> bool:
        if suffix.vowels is not None and last not in suffix.vowels:
            return False
        if suffix.letters is not None and rest[-1] not in suffix.letters:
            return False
        if suffix.after and not rest.endswith(suffix.after):
            return False
        if not suffix.whole_syllable or rest[-1] in self._vowels or rest[-2:-1] in self._vowels:
            return True
        return rest[-2:] in self._codas

    def _one_end(self, word: str) -> str:
        if len(word) > 1 and word[-1] in self._ends:
            return word[:-1] + self._ends[word[-1]]
        vowels = sum(letter in self._vowels for letter in word)
        if vowels > 1 and len(word) > 3 and word[-2] in self._fleeting:
            if word[-1] not in self._vowels and word[-3] not in self._vowels:
                return word[:-2] + word[-1]
        elif vowels == 1 and self._lone:
            return "".join(self._lone.get(letter, letter) for letter in word)
        return word

    def _add(self, item: str) -> None:
        match = _SUFFIX.fullmatch(item)
        if not match:
            raise self._error(f"can't read the suffix {item!r}", "See ortaq.languages.stem_table for how it is written")
        sign, after, body, left, least = match.groups()
        wanted = self._set(after) if after and "|" not in after and "|" not in self._expanded(after) else None
        endings = tuple(self._expanded(after).split("|")) if after and wanted is None else ()
        for written in self._without_groups(body):
            for variant in self._expand(written):
                letters = variant.letters if wanted is None else wanted & (variant.letters or wanted)
                for vowels, text in self._left(variant, left or ""):
                    if len(text) > len(variant.text):
                        raise self._error(f"{item!r} would make words longer", "Shorten what stands after >")
                    suffix = _Suffix(
                        left=variant.text if sign == "!" else text,
                        least=int(least or self._data.least),
                        vowels=vowels,
                        letters=letters,
                        after=endings,
                        whole_syllable=sign == "^",
                    )
                    self._suffixes.setdefault(variant.text, []).append(suffix)

    def _left(self, variant: _Variant, left: str) -> Iterator[tuple[frozenset[str] | None, str]]:
        """What is put in a suffix's place, with the vowels that the word must have before it."""
        for end in self._expand(left):
            if end.vowels is None or variant.vowels is None:
                yield end.vowels or variant.vowels, end.text
            else:
                yield end.vowels & variant.vowels, end.text

    def _without_groups(self, body: str) -> Iterator[str]:
        group = _GROUP.search(body)
        if not group:
            yield body
            return
        if group[1] not in self._data.groups:
            raise self._error(f"no group {group[1]!r}", "Write it in [stem.groups]")
        for ending in (*self._data.groups[group[1]].split(), *([""] if group[2] else [])):
            yield from self._without_groups(body.replace(group[0], ending, 1))

    def _expand(self, body: str) -> tuple[_Variant, ...]:
        """All spellings of a suffix with what each asks of the word before it; the variants inside must agree."""
        made = [_Variant("")]
        for letter in body:
            variants = self._letters.get(letter, (_Variant(letter),))
            made = [longer for start in made for one in variants if (longer := self._joined(start, one))]
        return tuple(made)

    def _joined(self, start: _Variant, one: _Variant) -> _Variant | None:
        text = start.text + one.text
        if one.vowels is not None:
            last = next((letter for letter in reversed(start.text) if letter in self._vowels), "")
            if not last:
                return start._replace(text=text, vowels=one.vowels)
            return start._replace(text=text) if last in one.vowels else None
        if one.letters is not None:
            if not start.text:
                return start._replace(text=text, letters=one.letters)
            return start._replace(text=text) if start.text[-1] in one.letters else None
        return start._replace(text=text)

    def _variants(self, text: str) -> tuple[_Variant, ...]:
        found = []
        for part in text.split():
            spelling, _, after = part.partition(":")
            follows = self._set(after) if after else None
            if spelling[:1] in self._vowels:
                found.append(_Variant(spelling, vowels=follows))
            else:
                found.append(_Variant(spelling, letters=follows))
        return tuple(found)

    def _expanded(self, text: str) -> str:
        for name, letters in (("@", self._data.vowels), *self._data.sets.items()):
            text = text.replace(name, letters)
        return text

    def _set(self, text: str) -> frozenset[str]:
        return frozenset(self._expanded(text))

    def _pairs(self, items: tuple[str, ...]) -> dict[str, str]:
        for item in items:
            if item.count("=") != 1:
                raise self._error(f"{item!r} is no pair", "Write form=lemma, or б=п")
        return dict(item.split("=") for item in items)

    def _error(self, what: str, fix: str) -> ConfigError:
        return ConfigError(what, where=self._where, fix=fix)
