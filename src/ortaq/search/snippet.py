"""The part of a text that shows why it was found, with the matching words marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ortaq.understand.terms import STEM_MARK, word_terms

Marks = tuple[tuple[int, int], ...]

_WORD = re.compile(r"[^\W_]+(?:['ʻʼ’‘`-][^\W_]+)*")
_LOOK_AT = 20_000  # characters; a match further down is not worth the time of looking for it


def make_snippet(text: str, terms: Collection[str], language: str = "", width: int = 240) -> tuple[str, Marks]:
    """The window of about `width` characters with the most different terms, and (start, end) of each match in it.

    A text without a match gives its beginning. Linear in the text.
    """
    wanted = set(terms)
    text = " ".join(text[:_LOOK_AT].split())
    matches = [
        (found.start(), found.end(), hit)
        for found in _WORD.finditer(text)
        if (hit := _hits(found[0], language, wanted))
    ]
    start = _best_start(matches, width)
    if start:
        start = text.rfind(" ", 0, max(start - width // 4, 0) + 1) + 1
    end = min(start + width, len(text))
    if end < len(text):
        space = text.rfind(" ", start + width // 2, end)
        end = space if space > 0 else end
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    marks = tuple((left + shift, right + shift) for left, right, _ in matches if left >= start and right <= end)
    return before + text[start:end] + after, marks


def _hits(word: str, language: str, wanted: Collection[str]) -> frozenset[str]:
    return frozenset(term.lstrip(STEM_MARK) for term in word_terms(word, language) if term in wanted)


def _best_start(matches: Sequence[tuple[int, int, frozenset[str]]], width: int) -> int:
    """Where the window with the most different terms begins; the first such window, 0 without a match."""
    best, best_at, right = 0, 0, 0
    inside: dict[str, int] = {}
    for left, (start, _, terms) in enumerate(matches):
        while right < len(matches) and matches[right][1] <= start + width:
            for term in matches[right][2]:
                inside[term] = inside.get(term, 0) + 1
            right += 1
        if len(inside) > best:
            best, best_at = len(inside), start
        if left < right:
            for term in terms:
                inside[term] -= 1
                if not inside[term]:
                    del inside[term]
    return best_at
