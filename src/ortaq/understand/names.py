"""Keys of the names in a text, made so that one person or place meets in every script of the region.

A name is a capitalized word inside a sentence. Its key is a consonant skeleton, in the manner of Soundex (Russell
1918): the word is cut of a case ending, transliterated to Latin, freed of vowels and of h, y, its letters put in
classes of like sound, and cut to four. Трамп, Tramp, Трампқа and Trump'ın are all `trmb`: crude, shared by unlike
words too, and therefore only ever weighed by how rare a key is. Arabic script has no capitals: there every
word of some length gives a key marked `?`, which can confirm a name found in another script and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from ortaq.text.normalize import fold
from ortaq.text.tokens import words

UNSURE = "?"
MAX_KEYS = 60
VERSION = "1"
_SKELETON = 4
_SENTENCE_START = re.compile(r"[.!?…:;\n]|[-–—]\s|[\"«“„‘(]\s*$")

_CYRILLIC = {
    **dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "abvgdeejziiklmnoprstufhscss e eua", strict=True)),
    **{"ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i"},
    **{"ў": "o", "ҳ": "h", "ҷ": "j", "ӣ": "i", "ӯ": "u", "җ": "j", "є": "e", "ї": "i", "ґ": "g"},
}
_ARABIC = {
    **dict(zip("ابپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىي", "abbtjchdrzjssgfkkgnlmnhouuuveii", strict=True)),
    **{"ە": "a", "ئ": "", "ء": "", "ک": "k", "ی": "i", "ه": "h", "ح": "h", "ع": "", "ص": "s", "ط": "t", "ٴ": ""},
}
_LATIN = {"ç": "c", "ş": "s", "ž": "j", "ň": "n", "ñ": "n", "ğ": "g", "ý": "i", "ö": "o", "ü": "u", "ä": "a", "ə": "a"}
_LATIN |= {"š": "s", "č": "c", "ŋ": "n", "á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ǵ": "g", "ß": "s"}
_TO_LATIN = str.maketrans(_CYRILLIC | _ARABIC | _LATIN)

# What a Latin letter means where it is not what English means.
_LETTERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "tr": (("c", "j"), ("ç", "ч")),
    "az": (("c", "j"), ("ç", "ч"), ("x", "h"), ("q", "g")),
    "tk": (("j", "ж"), ("ç", "ч")),
    "uz": (("x", "h"), ("ch", "ч"), ("sh", "s")),
    "kaa": (("x", "h"), ("ch", "ч"), ("sh", "s"), ("w", "v")),
    "en": (("ch", "ч"), ("sch", "s"), ("sh", "s"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("ck", "k"), ("c", "k")),
}
_SPELLINGS: tuple[tuple[str, str], ...]
_SPELLINGS = (("дж", "ж"), ("dj", "j"), ("dz", "z"), ("ph", "f"), ("th", "t"), ("kh", "h"), ("zh", "j"), ("ts", "s"))
_SPELLINGS += (("тс", "с"), ("нг", "н"), ("ng", "n"), ("x", "ks"), ("w", "v"), ("q", "k"))
_CLASSES = str.maketrans({"p": "b", "f": "b", "d": "t", "g": "k", "z": "s", "j": "c"})
# Case endings as they look in Latin letters; vowels at the end vanish anyway.
_TURKIC = """
nin nyn nun din dyn dun tin tyn tun ning nyng ga ge ka ke na ne da de ta te dan den tan ten nan nen ny ni dy di ty ti
lar ler dar der tar ter lary leri men ben pen lyk lik ly li sy si
"""
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    language: tuple(sorted(endings.split(), key=lambda ending: (-len(ending), ending)))
    for language, endings in {
        **dict.fromkeys(("kk", "ky", "uz", "tk", "tr", "az", "ug", "kaa", "tt", "ba"), _TURKIC),
        "ru": "ogo ego omu emu ami iami om em oi",
        "mn": "iin yn iig yg aas ees oos tai toi tei",
        "tg": "ro ho",
    }.items()
}
_VOWELS = frozenset("aeiouyh")


def name_keys(text: str, language: str, script: str) -> tuple[str, ...]:
    """Keys of the names in the text, sorted, each once, at most MAX_KEYS of them, the earliest in the text first."""
    found: dict[str, None] = {}
    if script == "Arab":
        candidates = ((word, UNSURE) for word in words(text) if len(word) >= 5)
    else:
        candidates = ((word, "") for word in _capitalized(text))
    for word, mark in candidates:
        if len(found) >= MAX_KEYS:
            break
        if key := skeleton(word, language):
            found[mark + key] = None
    return tuple(sorted(found))


def written_as(text: str, language: str, script: str, keys: Collection[str]) -> tuple[str, ...]:
    """The text's own words for these keys, as they stand in it, in its order, one word a key: for showing."""
    left = {key.removeprefix(UNSURE) for key in keys}
    found = []
    for word in words(text) if script == "Arab" else _capitalized(text):
        if (key := skeleton(word, language)) in left:
            left.discard(key)
            found.append(word)
    return tuple(found)


def skeleton(word: str, language: str) -> str:
    """The word's key, "" when too little of it is left: under two consonants."""
    word = re.split(r"['’ʻʼ]", fold(word))[0] if language in ("tr", "az") else fold(word).replace("'", "")
    for old, new in _LETTERS.get(language, ()):
        word = word.replace(old, new)
    for old, new in _SPELLINGS:
        word = word.replace(old, new)
    latin = _without_ending(word.translate(_TO_LATIN), language)
    start = "a" if latin[:1] in _VOWELS else ""
    consonants = "".join(letter for letter in latin if "a" <= letter <= "z" and letter not in _VOWELS)
    key = re.sub(r"(.)\1+", r"\1", consonants.translate(_CLASSES))[:_SKELETON]
    return start + key if len(key) >= 2 else ""


def _without_ending(word: str, language: str) -> str:
    for ending in _ENDINGS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _capitalized(text: str) -> Iterator[str]:
    """Words with a capital that no sentence beginning explains; a line in capitals or title case gives none."""
    for line in text.split("\n"):
        tokens = words(line)
        lettered = [token for token in tokens if token[:1].isalpha()]
        if not lettered or sum(token[:1].isupper() for token in lettered) > 0.6 * len(lettered):
            continue
        at = 0
        first = True
        for token in tokens:
            place = line.find(token, at)
            first = first or bool(_SENTENCE_START.search(line[at:place]))
            at = place + len(token)
            if not first and token[:1].isupper() and len(token) >= 3:
                yield token
            first = False
