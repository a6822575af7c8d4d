"""What changed between two revisions, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal

Change = tuple[Literal["same", "added", "removed", "gap"], str]

_PARTS = re.compile(r"\s+|\w+|[^\w\s]")
MAX_PARTS = 6_000  # words and signs; the comparison is quadratic at worst
CONTEXT = 60  # characters kept on either side of a change


def word_diff(old: str, new: str) -> list[Change] | None:
    """The changes in reading order, long unchanged stretches shortened to a gap; None for texts too long to compare."""
    before, after = _PARTS.findall(old), _PARTS.findall(new)
    if len(before) > MAX_PARTS or len(after) > MAX_PARTS:
        return None
    changes: list[Change] = []
    for operation, i, j, k, m in SequenceMatcher(None, before, after, autojunk=True).get_opcodes():
        if operation == "equal":
            changes.append(("same", "".join(before[i:j])))
            continue
        if i < j:
            changes.append(("removed", "".join(before[i:j])))
        if k < m:
            changes.append(("added", "".join(after[k:m])))
    return _shortened(changes)


def _shortened(changes: list[Change]) -> list[Change]:
    short: list[Change] = []
    for place, (kind, text) in enumerate(changes):
        first, last = place == 0, place == len(changes) - 1
        if kind != "same" or len(text) <= CONTEXT * 3:
            short.append((kind, text))
            continue
        if not first:
            short.append(("same", text[:CONTEXT].rsplit(None, 1)[0]))
        short.append(("gap", ""))
        if not last:
            short.append(("same", text[-CONTEXT:].split(None, 1)[-1]))
    return short
