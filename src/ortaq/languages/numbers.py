"""Numbers as each language writes them: in digits, in words, and in both (`25 мың`, «жиырма бес мың», `twenty-five`).

The words stand in the languages' files (`number_words`); how they add up is the same in all of them: what is smaller
than the place before it is added, hundreds and what is greater multiply what stands before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from ortaq.languages import codes, load
from ortaq.text.normalize import fold, normalize
from ortaq.text.tokens import plain_numbers, token_matches

VERSION = "1"
_MOST_DIGITS = 18  # more are identifiers, and no number word multiplies them
_LONGEST_JOINED = 40  # letters of number words written as one
_LONGEST_TAIL = 5  # letters of a case or ordinal ending on a number's last word
_GAP = re.compile(r"[ -]?")


class _Part(NamedTuple):
    """One token: its value, None for a joiner, and as it was written in digits ("" for a word)."""

    value: Decimal | None
    digits: str = ""
    last: bool = False  # nothing can follow: the word has an ending


@dataclass(slots=True)
class _Sum:
    """A number while its words are added; `scale` is the last thousand, million, ... that was."""

    elevens: bool  # the language has words of their own for 11 to 19
    total: Decimal = Decimal(0)
    current: Decimal = Decimal(0)
    scale: Decimal = Decimal("Infinity")
    parts: list[_Part] = field(default_factory=list)

    @property
    def value(self) -> Decimal:
        return self.total + self.current

    def add(self, part: _Part) -> bool:
        """Whether the part belongs to this number; it was added then."""
        value = part.value
        if value is None or (self.parts and (self.parts[-1].last or not self._fits(part, value))):
            return False
        if value >= 1_000 and not part.digits:
            self.total += (self.current or 1) * value
            self.current, self.scale = Decimal(0), value
        elif value == 100 and not part.digits:
            self.current = (self.current or 1) * value
        else:
            self.current += value
        self.parts.append(part)
        return True

    def _fits(self, part: _Part, value: Decimal) -> bool:
        if part.digits:  # 25 мың 300
            return not self.current and self.total > 0 and len(part.digits) <= 3 and part.digits.isdecimal()
        if value >= 1_000:
            return value < self.scale
        if self.parts[-1].digits:  # 25 жүз: 25 faces
            return False
        if value == 100:
            return self.current < 100
        if value > 100:
            return not self.current
        room = self.current % (10 if value < 10 else 100)
        ten = value < 10 and self.elevens and self.current % 100 == 10
        return value > 0 and self.value > 0 and not room and not ten


def read_number(text: str, language: str) -> int | None:
    """The whole number that the text is, in digits or in words of the language (a BCP 47 tag); None if it is none."""
    runs = list(_runs(text, language))
    letters = sum(map(str.isalnum, text))
    if len(runs) != 1 or sum(1 for _ in _sums(runs[0][0], language)) != 1 or runs[0][1] != letters:
        return None
    value = next(iter(_sums(runs[0][0], language))).value
    return int(value) if value == value.to_integral_value() else None


def numbers(text: str, language: str) -> list[str]:
    """The numbers of a text as `ortaq.text.tokens.numbers` writes them, those in words of the language among them.

    `25 мың`, «жиырма бес мың», `25 000` are all `25000`, `2,5 млн` is `2500000`. A lone word for a hundred or more is
    left out (жүз is a face too, thousands of people are not a thousand). Linear, never raises.
    """
    found: list[str] = []
    for run, _ in _runs(text, language):
        for number in _sums(run, language):
            if len(number.parts) > 1 or (not number.parts[0].digits and number.value < 100):
                found.append(f"{number.value.normalize():f}")
            elif number.parts[0].digits:
                found.append(number.parts[0].digits)
    return found


def _sums(run: list[_Part], language: str) -> Iterator[_Sum]:
    """The numbers that neighbors in a text make, from left to right."""
    elevens = Decimal(11) in _words(language.partition("-")[0]).values()
    number = _Sum(elevens)
    for part in run:
        if part.value is None:
            continue
        if not number.add(part):
            yield number
            number = _Sum(elevens)
            number.add(part)
    if number.parts:
        yield number


def _runs(text: str, language: str) -> Iterator[tuple[list[_Part], int]]:
    """Parts of numbers that stand beside one another, and how many letters and digits they have."""
    text = normalize(text)
    code = language.partition("-")[0]
    run: list[_Part] = []
    length = end = 0
    for match in token_matches(text):
        beside = bool(run) and _GAP.fullmatch(text, end, match.start()) is not None
        parts = _parts(match[0], code, after_word=beside and not run[-1].digits)
        if run and not (beside and parts):
            yield run, length
            run, length = [], 0
        if parts and (run or parts[0].value is not None):
            run += parts
            length += sum(map(str.isalnum, match[0]))
        end = match.end()
    if run:
        yield run, length


def _parts(token: str, code: str, *, after_word: bool) -> list[_Part]:
    """What a token gives to a number; nothing for another word."""
    if token[0].isdecimal():
        plain = plain_numbers(token)
        return [_Part(Decimal(one), one, last=len(one) > _MOST_DIGITS) for one in plain]
    words = _words(code)
    if not words:
        return []
    key = token.casefold().replace("i\u0307", "i")
    if key in words:
        return [_Part(words[key])]
    if key in _joiners(code):
        return [_Part(None)]
    if "-" in key and all(piece in words for piece in key.split("-")):
        return [_Part(words[piece]) for piece in key.split("-")]
    if key[:2] not in _beginnings(code) or len(key) > _LONGEST_JOINED:
        return []
    if joined := _joined(key, code):
        return joined
    if after_word and load(code).stemming.suffixes:  # бес мың бесінші, йигирма бештадан
        for length in range(min(len(key) - 1, 12), max(3, len(key) - _LONGEST_TAIL) - 1, -1):
            if words.get(key[:length], 100) < 100:
                return [_Part(words[key[:length]], last=True)]
    return []


def _joined(key: str, code: str) -> list[_Part]:
    """Two or more number words written as one (yirmibeş, панҷсад), the longest words first."""
    words = _words(code)
    found: list[_Part] = []
    while key:
        for length in range(min(len(key), 12), 1, -1):
            if key[:length] in words:
                found.append(_Part(words[key[:length]]))
                key = key[length:]
                break
        else:
            return []
    return found


@cache
def _words(code: str) -> dict[str, Decimal]:
    """The number words of all scripts, small letters, as written and folded."""
    if code not in codes():
        return {}
    found: dict[str, Decimal] = {}
    for script in load(code).scripts.values():
        for number, forms in script.number_words.items():
            for form in forms:
                for key in (form.casefold(), fold(form)):
                    found.setdefault(key, Decimal(number))
    return found


@cache
def _joiners(code: str) -> frozenset[str]:
    return frozenset(load(code).all_forms("number_joiners"))


@cache
def _beginnings(code: str) -> frozenset[str]:
    return frozenset(word[:2] for word in _words(code))
