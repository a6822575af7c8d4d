"""The stem of a word: what its inflected forms have in common, for search. It need not be a word.

What stems a language is said in its file ([stem], read by `shape.py`): a table of suffixes (`stem_table.py`), or a
library where one that is kept up does better (`stem_library.py`), and behind it the table for what it does not know.
Why which: docs/decisions/stemming.md.
"""

from __future__ import annotations

from functools import cache, lru_cache

from ortaq.languages import codes, load
from ortaq.languages.search_form import in_search_script
from ortaq.languages.stem_library import Library, open_library
from ortaq.languages.stem_table import Table
from ortaq.text.normalize import fold
from ortaq.text.script import script_of

CACHED_WORDS = 1 << 17
LONGEST_WORD = 64  # letters; what is longer is no word, and is left alone
_MAX_ROUNDS = 8
_SUFFIX_SPACE = "\u202f"  # before the case endings of traditional Mongolian, and nowhere else once normalized


def stem(word: str, language: str) -> str:
    """The stem of a folded word (`ortaq.text.normalize.fold`) in the language of a BCP 47 tag, in one script for all
    the scripts of the language.

    Any text gives a text, and a word never an empty one; a word of a language without a stemmer is its own stem.
    Idempotent, linear, never raises.
    """
    if len(word) > LONGEST_WORD:
        return word
    return _stem(word, language.partition("-")[0].lower())


@lru_cache(CACHED_WORDS)
def _stem(word: str, code: str) -> str:
    stemmer = _stemmer(code)
    return stemmer(word) if stemmer else word


class Stemmer:
    """Stems one language's words, of any of its scripts; `library` is None where the table stems alone."""

    def __init__(self, code: str) -> None:
        data = load(code).stemming
        self._code = code
        self._script = data.script
        self._cut = data.cut
        self._table = Table(data, f"{code}.toml [stem]")
        self.library: Library | None = open_library(data.library)

    def __call__(self, word: str) -> str:
        """Once more and once more, so that a stem is its own stem; a word for which that has no end is left alone."""
        seen = [word]
        for _ in range(_MAX_ROUNDS):
            following = self._once(seen[-1])
            if following in seen:
                return min(seen[seen.index(following) :])
            seen.append(following)
        return word

    def _once(self, word: str) -> str:
        if _SUFFIX_SPACE in word:
            return word.partition(_SUFFIX_SPACE)[0] or word
        if script_of(word) != self._script:
            written = fold(in_search_script(word, self._code))
            if script_of(written) != self._script:
                return word
            word = written
        if self._cut:
            name, cut, _ = word.partition(self._cut)
            word = name if cut and len(name) > 1 else word
        known = self.library(word) if self.library and word.isprintable() else None
        # The endings of abbreviations follow a hyphen (АҚШ-тың).
        return (known or self._table.stem(word)).rstrip("-\u2010\u2011") or word


@cache
def _stemmer(code: str) -> Stemmer | None:
    return Stemmer(code) if code in codes() and load(code).stemming.script else None
