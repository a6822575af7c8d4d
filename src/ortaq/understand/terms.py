"""The terms an article is found by: the index holds them, a query is turned into the same.

A word gives its search form (`ortaq.languages.search_form`: one for all scripts of its language), and a stem marked by
"~" in a language that has a stemmer, so that an exact form outranks another form of the same word and both are found.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ortaq.languages import codes
from ortaq.languages.search_form import in_search_script, merge, query_readings
from ortaq.languages.stem import stem
from ortaq.text.normalize import fold
from ortaq.text.tokens import words

STEM_MARK = "~"
_MAX_TERM = 64  # characters; longer "words" are addresses and rubbish, cut so that they can't fill the index
_CACHED_WORDS = 1 << 16


def terms(text: str, language: str = "") -> list[str]:
    """Every word's terms, in the text's order, none with a space in it; `language` is a BCP 47 tag, "" if unknown."""
    return list(_terms(in_search_script(text, language), language))


def query_terms(query: str) -> list[str]:
    """A query's terms in every language that it may be in, each once."""
    found = (term for language, written in query_readings(query) for term in _terms(written, language))
    return list(dict.fromkeys(found))


@lru_cache(_CACHED_WORDS)
def word_terms(word: str, language: str) -> tuple[str, ...]:
    """The terms of one word out of a text."""
    return tuple(_terms(in_search_script(word, language), language))


def _terms(written: str, language: str) -> Iterator[str]:
    for word in words(written):
        yield from _terms_of(word, language)


@lru_cache(_CACHED_WORDS)
def _terms_of(word: str, language: str) -> tuple[str, ...]:
    term = "".join(merge(word, language).split())[:_MAX_TERM]
    code = language.partition("-")[0]
    if code not in codes() or not any(map(str.isalpha, term)):
        return (term,) if term else ()
    return term, STEM_MARK + "".join(merge(stem(fold(word), code), code).split())[:_MAX_TERM]
