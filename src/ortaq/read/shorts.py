"""Texts that come without a headline: posts, items, documents."""

from __future__ import annotations

import re

MAX_HEADLINE = 120
LONG = 80  # characters from which a line is looked at for its first sentence

_SENTENCE_END = re.compile(r"[.!?…؟۔。]+[»”\")\]]*(?=\s|$)")


def headline_from(text: str, limit: int = MAX_HEADLINE) -> str:
    """The first line, its first sentence when the line is long, or else as many words as fit and an ellipsis."""
    line = next((stripped for line in text.split("\n") if (stripped := line.strip())), "")
    if len(line) <= LONG:
        return line
    for match in _SENTENCE_END.finditer(line[: limit + 2]):
        if 20 <= match.end() <= limit:
            return line[: match.end()].rstrip(".")
    if len(line) <= limit:
        return line
    cut = line[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    return f"{cut}…"


def paragraphs_of(text: str) -> str:
    """The text with a blank line between paragraphs; hard-wrapped text (mail, old files) is unwrapped first."""
    text = text.strip()
    lines = text.split("\n")
    if "\n\n" in text:
        groups = [group.split("\n") for group in re.split(r"\n{2,}", text)]
        long = [line for group in groups for line in group[:-1]]
        if long and sum(50 <= len(line) <= 100 for line in long) > 0.8 * len(long):
            return "\n\n".join(" ".join(line.strip() for line in group) for group in groups)
    return "\n\n".join(line.strip() for line in lines if line.strip())
