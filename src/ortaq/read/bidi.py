"""What stands on a line from left to right, put in the order in which it is read and stored.

The inverse of the Unicode bidirectional algorithm (UAX #9) for one line without explicit marks. Where several texts
look the same, the one is taken that people write: a number belongs to the Latin words beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_MIRRORED = {"(": ")", "[": "]", "{": "}", "<": ">", "«": "»", "‹": "›"}
_MIRRORED |= {closing: opening for opening, closing in _MIRRORED.items()}
_OPENING = frozenset("([{<«‹")
_BRACKET = re.compile("[" + re.escape("".join(_MIRRORED)) + "]")
_AFTER_CLOSING = frozenset([*".,:;!?،؛؟۔…"])
_ARABIC_PUNCTUATION = frozenset("،؛؟۔")
_NEVER_FIRST = frozenset(",;:!?.")
_NUMBER = re.compile(r"%?\d(?:[.,:/\u066b\u066c]?\d)*")


def kind(char: str) -> str:
    """ "R" for letters written from right to left, "L" for other letters, "N" for digits, "." for the rest."""
    name = unicodedata.bidirectional(char)
    if name in ("R", "AL"):
        return "R"
    return "L" if name == "L" else "N" if name in ("EN", "AN") else "."


def logical_order(visual: Sequence[str], *, rtl: bool) -> str:
    """The line's text. `visual` has an item for each sign from left to right: a letter with its marks, or a ligature's
    letters, both in the order of reading. `rtl`: the line as a whole runs from right to left.
    """
    kinds = [kind(item[:1]) for item in visual]
    if not rtl:
        parts: list[str] = []
        start = 0
        for first, end in _right_to_left_runs(kinds):
            parts += visual[start:first]
            parts.append(_reversed(visual[first:end], kinds[first:end]))
            start = end
        return "".join([*parts, *visual[start:]])
    return _reversed(visual, kinds)


def _right_to_left_runs(kinds: Sequence[str]) -> list[tuple[int, int]]:
    """Slices from the first to the last right-to-left letter with no left-to-right letter between."""
    runs: list[tuple[int, int]] = []
    first = last = -1
    for place, each in enumerate([*kinds, "L"]):
        if each == "R":
            first = place if first < 0 else first
            last = place
        elif each == "L" and first >= 0:
            runs.append((first, last + 1))
            first = -1
    return runs


def _reversed(visual: Sequence[str], kinds: Sequence[str]) -> str:
    """A right-to-left run from its right end, the words and numbers in it that run from left to right kept."""
    parts: list[str] = []
    end = len(visual)
    while end:
        start = end - 1
        if _parts_runs(visual, kinds, start):
            parts.append(visual[start])
        else:
            while start and not _parts_runs(visual, kinds, start - 1):
                start -= 1
            parts += _between_letters(visual, kinds, start, end)
        end = start
    return _with_brackets("".join(parts))


def _parts_runs(visual: Sequence[str], kinds: Sequence[str], place: int) -> bool:
    return kinds[place] == "R" or visual[place] in _ARABIC_PUNCTUATION


def _between_letters(visual: Sequence[str], kinds: Sequence[str], start: int, end: int) -> list[str]:
    """What stands between two right-to-left letters, from its right end. A bracket whose partner is outside of the
    words around it parts them: 2024 (Aqsu) and (Aqsu) 2024 are shown the other way round."""
    firm = [place for place in range(start, end) if kinds[place] in "LN"]
    if not firm:
        return list(reversed(visual[start:end]))
    parts: list[str] = []
    for cut in [*reversed(_lone_brackets(visual, firm[0], firm[-1] + 1)), start - 1]:
        parts += _phrase(visual, kinds, cut + 1, end)
        parts += visual[cut : cut + 1] if cut >= start else []
        end = cut
    return parts


def _lone_brackets(visual: Sequence[str], start: int, end: int) -> list[int]:
    """Places of brackets without a partner in the slice; what a bracket touches tells which way it opens."""
    lone: list[int] = []
    waiting: list[int] = []
    for place in range(start, end):
        if visual[place] not in _MIRRORED:
            continue
        before, after = visual[place - 1][:1].isalnum(), "".join(visual[place + 1 : place + 2])[:1].isalnum()
        if (visual[place] in _OPENING) if before == after else after:
            waiting.append(place)
        elif waiting:
            waiting.pop()
        else:
            lone.append(place)
    return sorted([*lone, *waiting])


def _phrase(visual: Sequence[str], kinds: Sequence[str], start: int, end: int) -> list[str]:
    """The slice from its right end, but what stands from its first Latin word or number to its last is kept together;
    without a Latin letter each number is kept for itself."""
    firm = [place for place in range(start, end) if kinds[place] in "LN"]
    if any(kinds[place] == "L" for place in firm):
        first, last = firm[0], firm[-1] + 1
        after = "".join(visual[last + 1 : min(last + 2, end)])
        if last < end and visual[last] in _NEVER_FIRST and not after.isalnum():
            last += 1  # nobody begins a word with a comma: it ends the phrase that a line's end cut
        return [*reversed(visual[last:end]), *visual[first:last], *reversed(visual[start:first])]
    text = "".join(reversed(visual[start:end]))
    return [_NUMBER.sub(lambda match: match[0][::-1], text)] if firm else [text]


def _with_brackets(text: str) -> str:
    """Each bracket turned as it must stand: whether a file names its meaning or its look differs with who wrote it.

    An opening one touches what follows it, a closing one what is before it; where that does not tell, it closes what
    is open.
    """

    is_open: set[str] = set()

    def opens(match: re.Match[str]) -> bool:
        before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
        if before.isalnum() != after.isalnum():
            return after.isalnum()
        if before.isalnum():
            return match[0] in _OPENING
        if after in _AFTER_CLOSING:
            return False
        free_before, free_after = not before or before.isspace(), not after or after.isspace()
        return free_before if free_before != free_after else not is_open & {match[0], _MIRRORED[match[0]]}

    def turned(match: re.Match[str]) -> str:
        opening, closing = sorted((match[0], _MIRRORED[match[0]]), key=_OPENING.__contains__, reverse=True)
        if opens(match):
            is_open.add(opening)
            return opening
        is_open.discard(opening)
        return closing

    return _BRACKET.sub(turned, text)
