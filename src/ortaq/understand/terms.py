"""The terms an article is found by: the index holds them, a query is turned into the same.

A word gives its folded form, and a stem marked by "~" where a stem is known, so that an exact form outranks
another form of the same word and both are found.
"""

from __future__ import annotations

from collections.abc import Iterator

from ortaq.text.normalize import fold
from ortaq.text.tokens import words

STEM_MARK = "~"
_MAX_TERM = 64  # characters; longer "words" are addresses and rubbish, cut so that they can't fill the index

# Until a language has a stemmer of its own its words meet in their first letters. Six loses least: DESIGN's table has
# the five-letter prefix at 48 % of forms met and 2.8 % wrong joins for Kyrgyz.
_PREFIX = 6


def _stem(word: str) -> str:
    return word[:_PREFIX]


def terms(text: str) -> list[str]:
    """Every word's terms, in the text's order, none with a space in it."""
    return list(_terms(text))


def _terms(text: str) -> Iterator[str]:
    for word in words(fold(text)):
        term = "".join(word.split())[:_MAX_TERM]
        if not term:
            continue
        yield term
        stem = _stem(term)
        if len(term) >= _PREFIX and not term.isdigit():
            yield STEM_MARK + stem


def query_terms(query: str) -> list[str]:
    """A query's terms, each once."""
    return list(dict.fromkeys(_terms(query)))
