"""One table of letters, made ready to rewrite words: contexts, vowel harmony, stems that are exceptions, capitals.

A table's `letters` are rules with spaces between them, the longest match wins:

    sh=ш            these letters become those
    (^)e=э          only at the beginning of a word; (V) after a vowel, (аеи) after one of these letters,
    ь(еёюя)=        (^V) at the beginning or after a vowel; the same on the other side: ($) at the end,
    (!V)’=ъ         (!V) not beside a vowel
    ى=і|ы           front|back, by vowel harmony: the nearest of the letters in `front` and `back` decides

Contexts look at the word as it was. Of several rules for the same letters the first that fits is taken.
`words` are stems in the target script that the rules alone would spell otherwise; how they look in the source script
is found with the opposite table, or given: `sentabr=сентябр`. A `$` at the end means the whole word and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ortaq.languages.spellings import Transliteration

_RULE = re.compile(r"(?:\(([^()]*)\))?([^()=]+)(?:\(([^()]*)\))?=(.*)")
_MARKS = frozenset("ʻ’'ʼ")
_ANY_VOWELS = frozenset("aäáeéiıïoöóuüúūyаәеёиоөуұүыіэюяاەوۇۆۈېىيۅۉ")


@dataclass(frozen=True, slots=True)
class _Context:
    letters: frozenset[str]
    edge: bool
    unlike: bool

    def fits(self, letter: str) -> bool:
        return ((letter in self.letters) if letter else self.edge) != self.unlike


@dataclass(frozen=True, slots=True)
class _Rule:
    before: _Context | None
    after: _Context | None
    target: str
    back: str | None


class Respelling:
    """A Transliteration ready for use; compared and hashed by identity."""

    def __init__(self, table: Transliteration, dotless_i: bool = False, *, letters_only: bool = False) -> None:
        self.source = table.source
        self.punctuation = dict(pair.split("=") for pair in table.punctuation.split())
        self.seen = table.seen.split()
        self._table = table
        self._dotless = dotless_i and not table.plain_i
        self._rules = _rules(table)
        longest_first = sorted(self._rules, key=lambda core: (-len(core), core))
        self._pattern = re.compile("|".join([*map(re.escape, longest_first), "."]), re.DOTALL)
        self._harmony = {**dict.fromkeys(table.front, True), **dict.fromkeys(table.back, False)}
        self._stem_sides = {**dict.fromkeys(table.stem_front, True), **dict.fromkeys(table.stem_back, False)}
        self._vowels = frozenset(table.vowels)
        self._stems: dict[str, str] = {}
        self._whole: dict[str, str] = {}
        for key, stem in () if letters_only else _pairs(table):
            key = key.removeprefix(table.read_mark)
            (self._whole if key.endswith("$") else self._stems)[key.rstrip("$")] = stem
        self._stem_lengths = sorted({len(key) for key in self._stems}, reverse=True)
        self._punctuation = re.compile(
            "|".join(rf"(?<!\d){re.escape(mark)}|{re.escape(mark)}(?!\d)" for mark in self.punctuation) or "(?!)"
        )

    def word(self, word: str) -> str:
        """The word respelled with its capitals; as it was, if a letter of it is not in the table."""
        small = self._lower(word)
        mark = self._table.read_mark
        if marked := small.startswith(mark):
            small, word = small[len(mark) :], word[len(mark) :]
        shouted = len(small) > 1 and small != word and self._upper(small) == self._upper(word) == word
        out: list[str] = []
        start, stem = self._exception(small)
        if start:
            out.append(self._cased(stem, word, 0, start, shouted))
        front = self._fronts(small, marked, start, stem) if self._harmony else ()
        at = start
        while at < len(small):
            target, end = self._next(small, at, front)
            if target is None:
                if small[at].isalpha() and small[at] not in _MARKS:
                    return mark * marked + word
                target = small[at]
            out.append(target if small[at] == word[at] else self._cased(target, word, at, end, shouted))
            at = end
        return self._marked("".join(out), small)

    def _next(self, small: str, at: int, front: Sequence[bool]) -> tuple[str | None, int]:
        """What the letters from `at` on become and where they end, by the rule with the most letters that fits."""
        match = self._pattern.match(small, at)
        end = match.end() if match else at + 1
        while end > at:
            before, after = small[at - 1] if at else "", small[end : end + 1]
            for rule in self._rules.get(small[at:end], ()):
                if (rule.before is None or rule.before.fits(before)) and (rule.after is None or rule.after.fits(after)):
                    return (rule.target if rule.back is None or front[at] else rule.back), end
            end -= 1
        return None, at + 1

    def punctuate(self, text: str) -> str:
        return self._punctuation.sub(lambda match: self.punctuation[match[0]], text)

    def _exception(self, small: str) -> tuple[int, str]:
        if small in self._whole:
            return len(small), self._whole[small]
        for length in self._stem_lengths:
            if length <= len(small) and (stem := self._stems.get(small[:length])) is not None:
                # король, корольдің, but короля: a soft sign is not written before a vowel.
                dropped = stem.endswith("ь") and small[length : length + 1] in _ANY_VOWELS
                return length, stem[:-1] if dropped else stem
        return 0, ""

    def _lower(self, word: str) -> str:
        if self._dotless and self.source == "Latn":
            word = word.replace("I", "ı")
        # İ alone changes its length when made small.
        return word.replace("İ", "i").lower()

    def _upper(self, word: str) -> str:
        return word.replace("i", "İ").upper() if self._dotless else word.upper()

    def _cased(self, target: str, word: str, at: int, end: int, shouted: bool) -> str:
        if not target or word[at] == word[at].lower():
            return target
        if len(target) > 1 and not shouted:
            # In a word of mixed capitals (АҚШтың) the neighbor tells whether a digraph is shouted.
            shouted = word[end : end + 1].isupper() or (at > 0 and word[at - 1].isupper())
        return self._upper(target) if shouted else self._upper(target[0]) + target[1:]

    def _marked(self, word: str, small: str) -> str:
        """With the sign before the word that says its vowels are front, where its letters do not say so."""
        table = self._table
        if not table.mark or not any(letter in table.mark_for for letter in small):
            return word
        return word if any(letter in table.mark_not for letter in small) else table.mark + word

    def _fronts(self, small: str, marked: bool, start: int, stem: str) -> Sequence[bool]:
        """For each letter whether a vowel there is front: as the nearest letter that tells, the one before it on a
        tie; in a word without one, as the mark before the word says.

        Of the letters in `first_only` just a word's first vowel can be front (`ا` is ә in `الەم`), and only one that
        stays alone unless the word is marked (not in `امەريكا`); the others tell that vowels near them are back.
        """
        size = len(small)
        told = {at: self._harmony[letter] for at, letter in enumerate(small) if letter in self._harmony}
        if self._table.first_only:
            first = next((at for at, letter in enumerate(small) if letter in self._vowels), size)
            both = [at for at, letter in enumerate(small) if letter in self._table.first_only]
            told.update((at, False) for at in both if at != first or (len(both) > 1 and not marked))
        if start:
            # What follows a listed stem goes by the stem as it is known to be.
            said = next((letter for letter in reversed(stem) if letter in self._stem_sides), "")
            told = {at: side for at, side in told.items() if at >= start}
            told[start - 1] = self._stem_sides.get(said, marked)
        fronts, distance = [marked] * size, [size + 2] * size
        last = (-1, True) if marked and self._table.read_mark else None
        for at in range(size):
            last = (at, told[at]) if at in told else last
            if last is not None:
                distance[at], fronts[at] = at - last[0], last[1]
        last = None
        for at in range(size - 1, -1, -1):
            last = (at, told[at]) if at in told else last
            if last is not None and last[0] - at < distance[at]:
                fronts[at] = last[1]
        return fronts


def _rules(table: Transliteration) -> dict[str, tuple[_Rule, ...]]:
    found: dict[str, list[_Rule]] = {}
    for written in table.letters.split():
        match = _RULE.fullmatch(written)
        if match is None:
            raise ValueError(f"{written!r} is no rule")
        before, core, after, target = match.groups()
        front, either, back = target.partition("|")
        rule = _Rule(_context(before, table.vowels), _context(after, table.vowels), front, back if either else None)
        found.setdefault(core, []).append(rule)
    return {
        core: tuple(sorted(rules, key=lambda rule: rule.before is None and rule.after is None))
        for core, rules in found.items()
    }


def _context(written: str | None, vowels: str) -> _Context | None:
    if written is None:
        return None
    unlike = written.startswith("!")
    letters = written.removeprefix("!").replace("V", vowels)
    return _Context(frozenset(letters) - {"^", "$"}, "^" in letters or "$" in letters, unlike)


def _pairs(table: Transliteration) -> Iterator[tuple[str, str]]:
    """(as in the source script, as in the target script) of each stem that is an exception."""
    back = Respelling(table.opposite, letters_only=True) if table.opposite else None
    for written in table.words.split():
        key, given, stem = written.partition("=")
        if given:
            yield key, stem
            continue
        whole = "$" if written.endswith("$") else ""
        stem = written.rstrip("$")
        yield (back.word(stem) if back else stem) + whole, stem
