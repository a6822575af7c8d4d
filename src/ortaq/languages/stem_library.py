"""The libraries that stem a language better than a table of suffixes would, each opened when first needed.

A library answers with the stem of a word that it knows and with None for one that it does not.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

from ortaq.text.normalize import fold

Library = Callable[[str], str | None]

# Of 0, 0.1, 0.2 and 0.3 the one with the most forms met and no more wrong joins than none at all, on UD Russian GSD and
# Taiga dev (`python -m benchmarks.languages --task stem`), November 2026.
_PREFERENCE = 0.1


def open_library(name: str) -> Library | None:
    """The library of this name in a language's file ([stem] library); None for no name, and where the library is not
    installed (akana has no wheel for some machines): the language's table then stems alone."""
    package, _, option = name.partition(":")
    if package not in _OPEN or importlib.util.find_spec(package) is None:
        return None
    return _OPEN[package](option)


def _snowball(algorithm: str) -> Library:
    import snowballstemmer

    stem: Library = snowballstemmer.stemmer(algorithm).stemWord
    return stem


def _russian(_: str) -> Library:
    """pymorphy3 (Korobov 2015, doi 10.1007/978-3-319-26123-2_31) with the dictionary of OpenCorpora.

    An adjective or a participle is preferred to the noun that it may have become (главное, данные) unless that is
    much likelier: their other forms can't be told from the noun's.
    """
    import pymorphy3

    parse = pymorphy3.MorphAnalyzer().parse
    preferred = {"ADJF", "PRTF", "PRTS"}

    def likely(found: Any) -> float:
        return float(found.score) + (_PREFERENCE if found.tag.POS in preferred else 0.0)

    def stem(word: str) -> str:
        found = parse(word.replace("\u0301", ""))
        return fold(max(found, key=likely).normal_form)

    return stem


def _turkish(_: str) -> Library:
    from ortaq.languages.stem_turkish import Analyzer

    return Analyzer()


_OPEN: dict[str, Callable[[str], Library]] = {
    "akana": _turkish,
    "pymorphy3": _russian,
    "snowballstemmer": _snowball,
}
