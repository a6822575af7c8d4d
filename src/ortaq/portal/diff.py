"""What changed between two revisions, word by word, long unchanged stretches left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ortaq.unify import differences

Kind = Literal["same", "added", "removed", "gap"]
Change = tuple[Kind, str]

CONTEXT = 60  # characters kept on either side of a change
_KINDS: Mapping[str, Kind] = {"equal": "same", "insert": "added", "delete": "removed"}


def word_diff(old: str, new: str) -> list[Change]:
    """The changes in reading order, long unchanged stretches shortened to a gap."""
    return _shortened([(_KINDS[operation], text) for operation, text in differences(old, new)])


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
