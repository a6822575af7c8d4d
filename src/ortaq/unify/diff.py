"""What changed between two texts, for display."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal

Operation = Literal["equal", "delete", "insert"]
_WORD = re.compile(r"\s*\S+|\s+$")
_LINE = re.compile(r"[^\n]*\n+|[^\n]+$")
# difflib's worst case is quadratic: a larger block of changed words is shown as removed and added whole.
MAX_WORDS = 3_000


def differences(before: str, after: str) -> list[tuple[Operation, str]]:
    """Runs of text in order: all but the inserted make `before`, all but the deleted make `after`.

    Paragraphs are matched first, then the words of those that changed.
    """
    runs: list[tuple[Operation, str]] = []
    old, new = _LINE.findall(before), _LINE.findall(after)
    if max(len(old), len(new)) > MAX_WORDS:
        old, new = [before], [after]
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            _push(runs, "equal", old[a:b])
        else:
            _by_words(runs, "".join(old[a:b]), "".join(new[c:d]))
    return runs


def _by_words(runs: list[tuple[Operation, str]], before: str, after: str) -> None:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MAX_WORDS:
        _push(runs, "delete", old)
        _push(runs, "insert", new)
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            _push(runs, "equal", old[a:b])
        else:
            _push(runs, "delete", old[a:b])
            _push(runs, "insert", new[c:d])


def _push(runs: list[tuple[Operation, str]], operation: Operation, pieces: Sequence[str]) -> None:
    text = "".join(pieces)
    if not text:
        return
    if runs and runs[-1][0] == operation:
        runs[-1] = operation, runs[-1][1] + text
    else:
        runs.append((operation, text))
