"""Sentences of a text, in every script of the region."""

from __future__ import annotations

import re
from collections.abc import Collection

_END = re.compile(r"[.!?…؟۔。！？᠃]+[\"'»”“’)\]›]*(?=\s|$)|\n\s*")
_LAST_WORD = re.compile(r"(?:[^\W_]|[.'’ʻʼ-])+$")
_OPENING = "\"'«“„‘(—–-[‹ "


def sentences(text: str, abbreviations: Collection[str] = ()) -> list[str]:
    """The sentences, stripped, in order; a line end always ends one.

    `abbreviations` (as `т.б.`, `млн.`, any case, with or without the last point) do not end a sentence, nor do
    initials (`А.`), ordinals of one or two digits (`2. Dünya`), or a point before a small letter. Linear.
    """
    short = {word.casefold().rstrip(".").replace(" ", "") for word in abbreviations}
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        if match[0] == "." and not _ends(text, start, match.start(), match.end(), short):
            continue
        if match[0][0] in "…?!" and _small_letter_follows(text, match.end()) and "\n" not in match[0]:
            continue
        if sentence := text[start : match.end()].strip():
            found.append(sentence)
        start = match.end()
    if sentence := text[start:].strip():
        found.append(sentence)
    return found


def _ends(text: str, start: int, point: int, end: int, short: Collection[str]) -> bool:
    """Whether the single point at `point` ends the sentence that began at `start`."""
    if _small_letter_follows(text, end):
        return False
    # No abbreviation is longer than this, and a bounded look back keeps the whole linear.
    before = _LAST_WORD.search(text[max(start, point - 24) : point])
    if before is None:
        return True
    word = before[0]
    if word.casefold().replace("..", ".") in short:
        return False
    last = word.rsplit(".", 1)[-1]
    return not ((len(last) == 1 and last.isupper()) or (last.isdigit() and len(word) <= 2))


def _small_letter_follows(text: str, end: int) -> bool:
    window = text[end : end + 8]
    if "\n" in window.lstrip(" ")[:1]:
        return False
    following = window.lstrip(_OPENING)
    return following[:1].islower()
