"""Write a language's text in another of its scripts, as its readers spell it.

The data stands in each language's file ([transliterate], read by `shape.py`); what its rules may say is in
`respell.py`. Where two spellings of a sound exist and no rule tells them apart (ц and с, э and е in loan words), the
file lists stems. A pair without a table of its own goes by way of a third script (Kazakh in Arabic letters to Latin by
way of Cyrillic).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from ortaq.languages import codes, load
from ortaq.languages.respell import Respelling
from ortaq.languages.spellings import Spellings
from ortaq.text import script_of
from ortaq.text.normalize import normalize

CACHED_WORDS = 1 << 16
_LONGEST_CACHED = 48  # characters; longer "words" are rare and would fill the memory

_LETTERS = {
    "Latn": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff",
    "Cyrl": "\u0400-\u0481\u048a-\u052f",
    "Arab": "\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f",
}
_WORDS = {
    "Latn": re.compile(f"[{_LETTERS['Latn']}][{_LETTERS['Latn']}\u0300-\u036fʻ’']*"),
    "Cyrl": re.compile(f"[{_LETTERS['Cyrl']}][{_LETTERS['Cyrl']}\u0300-\u036f]*"),
    "Arab": re.compile(f"[\u0674{_LETTERS['Arab']}][{_LETTERS['Arab']}\u0674\u064b-\u0652\u200c]*"),
}
_CHUNK = re.compile(r"\S+")
# Addresses, handles, hashtags and file names are no words of the language, whatever letters they are in.
_ADDRESS = re.compile(
    r"@|://|^\W{0,3}www\.|^[\"'(«“]{0,3}#|"
    r"[A-Za-z0-9]\.(?:com|org|net|gov|edu|info|io|me|cn|kz|uz|kg|tj|tm|mn|ru|tr|az|pdf|html?|docx?|jpe?g|png)"
    r"(?![A-Za-z’ʻ'])"
)
_ROMAN = re.compile(r"(?=..|[IVX])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_PLAIN = str.maketrans(
    {"ş": "sh", "ç": "ch", "ž": "zh", "ğ": "gh", "ı": "i", "ə": "a", "ŋ": "ng", "ʻ": "", "’": "", "'": "", "đ": "d"}
    | {"Ş": "Sh", "Ç": "Ch", "Ž": "Zh", "Ğ": "Gh", "İ": "I", "Ə": "A", "Ŋ": "Ng"}
)


def transliterate(text: str, language: str, to_script: str, variant: str = "") -> str:
    """The text with the language's words in `to_script` (ISO 15924: "Latn", "Cyrl", "Arab").

    `language` is a BCP 47 tag, its script is not looked at: words of every other script that the language is written
    in are rewritten, those already in `to_script` are not. `variant` picks an older alphabet to write (Kazakh Latin:
    "2018", "2017", "wiki"); older alphabets are read without being named. The text is normalized first
    (`ortaq.text.normalize`). Left alone: addresses, handles, Roman numerals, words with a letter that the alphabet
    does not have, and everything where the language has no table to this script. Linear, never raises.
    """
    text = normalize(text)
    for respellings in _routes(language.partition("-")[0], to_script, variant):
        text = _rewrite(text, respellings)
    return text


def readings(text: str, language: str, to_script: str) -> tuple[str, ...]:
    """`transliterate`, and where nothing in the text tells which alphabet of its script it is in, in each of them."""
    first = transliterate(text, language, to_script)
    several = _tables(language.partition("-")[0], to_script, "").get(script_of(text), ())
    if len(several) < 2 or any(sign in text.casefold() for one in several for sign in one.seen):
        return (first,)
    others = (_rewrite(normalize(text), (one,)) for one in several[1:])
    return tuple(dict.fromkeys((first, *others)))


def romanize(text: str, language: str) -> str:
    """The text in plain Latin letters for readers who know none of the scripts: no diacritics, no apostrophes.

    Through the language's Latin alphabet where it has one (sh, ch, zh and gh for ş, ç, ž and ğ), else by a table in
    the manner of BGN/PCGN. What is Latin already only loses its diacritics.
    """
    text = transliterate(text, language, "Latn").translate(_PLAIN)
    if text.isascii():
        return text
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFC", bare)


@cache
def _routes(code: str, to_script: str, variant: str) -> tuple[tuple[Respelling, ...], ...]:
    """Steps to take one after the other; each is the tables of one pair of scripts, the default alphabet first."""
    direct = _tables(code, to_script, variant)
    # By way of a third script: its words are rewritten first, and then meet the direct table.
    detours = [
        via
        for script in direct
        for source, via in _tables(code, script, "").items()
        if source not in direct and source != to_script
    ]
    return (*detours, *direct.values())


@cache
def _tables(code: str, to_script: str, variant: str) -> dict[str, tuple[Respelling, ...]]:
    """By source script: the table that writes this variant, and all those that read an alphabet of the source."""
    found: dict[str, tuple[Respelling, ...]] = {}
    spellings = load(code).spellings if code in codes() else Spellings()
    for table in spellings.tables:
        if table.target == to_script and table.writes in ("", variant):
            one = Respelling(table, spellings.dotless_i)
            kept = found.get(table.source, ())
            found[table.source] = (one,) if table.writes else (*kept, one)
    return found


def _rewrite(text: str, respellings: tuple[Respelling, ...]) -> str:
    words = _WORDS[respellings[0].source]
    if not words.search(text):
        return text
    respelling = respellings[_alphabet(text, respellings)]
    latin = respelling.source == "Latn"

    def chunk(match: re.Match[str]) -> str:
        found = match[0]
        if _ADDRESS.search(found) or not words.search(found):
            return found
        rewritten = words.sub(lambda word: _word(word[0], respelling, latin), found)
        return respelling.punctuate(rewritten) if respelling.punctuation else rewritten

    # Latin words in a line of another script are names and quotations (Google, COVID-19), not the language's own.
    return "".join(
        line if latin and script_of(line) != "Latn" else _CHUNK.sub(chunk, line) for line in text.splitlines(True)
    )


def _word(word: str, respelling: Respelling, latin: bool) -> str:
    if len(word) > _LONGEST_CACHED:
        return respelling.word(word)
    return _cached(word, respelling, latin)


@lru_cache(CACHED_WORDS)
def _cached(word: str, respelling: Respelling, latin: bool) -> str:
    if latin and _ROMAN.fullmatch(word):
        return word
    return respelling.word(word)


def _alphabet(text: str, respellings: tuple[Respelling, ...]) -> int:
    """Which of several alphabets of one script a text is in, by what is written in one only; the first in doubt."""
    if len(respellings) == 1:
        return 0
    lower = text.lower()
    counts = [sum(map(lower.count, one.seen)) for one in respellings]
    return counts.index(max(counts))
