"""Writes a text as a language that the embedding model knows would write it.

The model learned from much Kazakh in Cyrillic, Uzbek in Latin letters, Turkish and Persian, little Uyghur, and no
Turkmen, Tajik or Karakalpak. A relative's spelling, and the relative's word where the two languages have different
ones, bring such a text to what it knows. Only for the vector: nobody reads the result. The word lists in `data/` are
ours; what each step gave is in docs/decisions/embedding.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from ortaq.languages.transliterate import transliterate

VERSION = "1"

WORD = re.compile(r"[^\W\d_]+")
SHORTEST_STEM = 4  # letters; a shorter entry of a list stands for a whole word only

Spelling = tuple[str, str]
"""A text as it is embedded, and the tag of its figures in `space` (`tk-Latn~tr`: Turkmen made to look Turkish)."""


def spellings(text: str, tag: str) -> tuple[Spelling, ...]:
    """The spellings whose vectors together stand for the text; `tag` is its language and script (`tk-Latn`).

    Most languages have one, their own. Never raises; linear in the text.
    """
    for change in CHANGES.get(tag, ()):
        text, tag = change(text)
    return tuple((respell(text), name) for name, respell in RELATIVES.get(tag, ((tag, _same),)))


def _same(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class _Words:
    """A list of words: whole ones, and stems with what may follow them."""

    whole: Mapping[str, str]
    stems: Mapping[str, str]
    longest: int

    def split(self, word: str) -> tuple[str, str] | None:
        """The counterpart of the word, or of its longest known stem, and the letters after that stem."""
        if (found := self.whole.get(word)) is not None:
            return found, ""
        for length in range(min(self.longest, len(word) - 1), SHORTEST_STEM - 1, -1):
            if (found := self.stems.get(word[:length])) is not None:
                return found, word[length:]
        return None


@cache
def _words(language: str, raised: bool = False) -> _Words:
    """The list of a language; with `raised` also stems whose last vowel is raised before an ending (Uyghur)."""
    whole: dict[str, str] = {}
    stems: dict[str, str] = {}
    text = (files("ortaq.understand") / "data" / f"words_{language}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        word, given, other = line.partition("=")
        if not given or line.startswith("#"):
            continue
        whole[word.removesuffix("$")] = other
        if not word.endswith("$") and len(word) >= SHORTEST_STEM:
            stems[word] = other
    if raised:
        for word, other in list(stems.items()):
            stems.setdefault(re.sub("[اە](?=[^اەوۇۆۈېى]?$)", "ى", word), other)
    return _Words(whole, stems, max(map(len, stems), default=0))


def _cased(word: str, like: str) -> str:
    return word if not like[:1].isupper() else word[:1].upper() + word[1:]


def _each_word(respell: Callable[[str], str]) -> Callable[[str], str]:
    """Respell the words of a text, each in small letters; remembers the last ones."""
    known = lru_cache(1 << 15)(respell)

    def word(match: re.Match[str]) -> str:
        small = match[0].lower()
        return _cased(known(small), match[0]) if len(small) < 40 else match[0]

    return lambda text: WORD.sub(word, text)


# Turkmen as Turkish: its letters, k for g before a back vowel, and words.
_TURKMEN = str.maketrans("äňýyžwj", "enyıjvc")


def _turkmen(word: str) -> str:
    if found := _words("tk").split(word):
        return found[0] + found[1].translate(_TURKMEN)
    if re.match("g[ayou]", word):
        word = "k" + word[1:]
    return word.translate(_TURKMEN)


# Uyghur as Turkish: letters of one value each; a hamza carries the vowel after it.
_UYGHUR = str.maketrans(
    dict(zip("اەېىوۇۆۈبپتجچخدرزژسشغفقكگڭلمنھۋي", "aeeiouöübptcçhdrzjsşğfkkgnlmnhvy", strict=True)) | {"ئ": ""}
)
_ARABIC_MARKS = str.maketrans({"،": ",", "؛": ";", "؟": "?"})


def _uyghur(word: str) -> str:
    found = _words("ug", raised=True).split(word) or ("", word)
    return found[0] + found[1].translate(_UYGHUR)


# Tajik as Persian: short vowels are not written but at the beginning of a word; the rest goes letter by letter.
_TAJIK = {"ц": "تس", "ё": "یا", "я": "یا", "ю": "یو", "ь": "", "и": "", "у": "", "э": "", "а": ""} | dict(
    zip("бвгғджзйкқлмнопрстфхҳчҷшщъӯӣеы", "بوگغدژزیکقلمناپرستفخهچجششعوییی", strict=True)
)
_TAJIK_FIRST = {"о": "آ", "а": "ا", "и": "ا", "у": "ا", "э": "ای", "ӯ": "او"}
_TAJIK_LAST = {"а": "ه", "у": "و"}
_TAJIK_PREFIXES = (("наме", "نمی\u200c"), ("ме", "می\u200c"))
_TAJIK_ENDINGS = (("ҳояшон", "هایشان"), ("ҳои", "های"), ("ҳо", "ها"))


def _tajik(word: str) -> str:
    whole = _words("tg").whole
    if word in whole:
        return whole[word]
    before = after = ""
    for prefix, written in _TAJIK_PREFIXES:
        if word.startswith(prefix) and len(word) > len(prefix) + 2:
            before, word = written, word.removeprefix(prefix)
            break
    if word.endswith("ро") and len(word) > 4:
        word, after = word.removesuffix("ро"), " را"
    if word in whole:
        return before + whole[word] + after
    for ending, written in _TAJIK_ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            word, after = word.removesuffix(ending), written + after
            break
    return before + "".join(_tajik_letter(word, at) for at in range(len(word))) + after


def _tajik_letter(word: str, at: int) -> str:
    letter = word[at]
    if at == 0 and letter in _TAJIK_FIRST:
        return _TAJIK_FIRST[letter]
    if letter == "и" and word[at - 1] in "оуӯ":
        return "ی"
    if at == len(word) - 1 and letter in _TAJIK_LAST:
        return _TAJIK_LAST[letter]
    return _TAJIK.get(letter, letter)


# Karakalpak as Kazakh: letters by vowel harmony, and words. A word that mixes front and back vowels is foreign: its и
# stays.
_KARAKALPAK = str.maketrans({"ў": "у", "ҳ": "х"})
_BACK, _FRONT = frozenset("аоыуюя"), frozenset("әөүеи")


def _karakalpak(word: str) -> str:
    stem, word = _words("kaa").split(word) or ("", word)
    word = re.sub("[ыи]ў", "у", word)
    vowels = {letter for letter in stem + word if letter in _BACK or letter in _FRONT}
    if vowels <= _FRONT:
        word = word.replace("ий", "\0").replace("и", "і").replace("\0", "и")
    elif vowels <= _BACK and not stem:
        word = re.sub("^([^аоыуюя]?)у(?=[^аоыуюяў])", r"\1ұ", word)
    return stem + word.translate(_KARAKALPAK)


def _uyghur_text(text: str) -> str:
    return _UYGHUR_WORDS(text).translate(_ARABIC_MARKS)


_UYGHUR_WORDS = _each_word(_uyghur)
_KARAKALPAK_WORDS = _each_word(_karakalpak)

CHANGES: Mapping[str, tuple[Callable[[str], Spelling], ...]] = {
    "kk-Latn": (lambda text: (transliterate(text, "kk", "Cyrl"), "kk-Cyrl"),),
    "kk-Arab": (lambda text: (transliterate(text, "kk", "Cyrl"), "kk-Cyrl"),),
    "uz-Cyrl": (lambda text: (transliterate(text, "uz", "Latn"), "uz-Latn"),),
    "tk-Cyrl": (lambda text: (transliterate(text, "tk", "Latn"), "tk-Latn"),),
    "ug-Latn": (lambda text: (transliterate(text, "ug", "Arab"), "ug-Arab"),),
    "kaa-Latn": (
        lambda text: (transliterate(text, "kaa", "Cyrl"), "kaa-Cyrl"),
        lambda text: (_KARAKALPAK_WORDS(text), "kk-Cyrl"),
    ),
    "kaa-Cyrl": (lambda text: (_KARAKALPAK_WORDS(text), "kk-Cyrl"),),
}
"""Tag to what brings the text to another of its scripts, or a language so near that it is read as that one."""

RELATIVES: Mapping[str, tuple[tuple[str, Callable[[str], str]], ...]] = {
    "tk-Latn": (("tk-Latn~tr", _each_word(_turkmen)),),
    "tg-Cyrl": (("tg-Cyrl", _same), ("tg-Cyrl~fa", _each_word(_tajik))),
    "ug-Arab": (("ug-Arab", _same), ("ug-Arab~tr", _uyghur_text)),
}
"""Tag to the spellings that are embedded, each with the tag of its own mean."""
