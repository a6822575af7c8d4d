"""One spelling for one word: composition, look-alike letters, apostrophes, Arabic letter variants, invisible junk.

`normalize` keeps a text fit for showing; `fold` goes further, to a form that is only for comparing.
"""

from __future__ import annotations

import re
import unicodedata

from ortaq.text.script import script_of

# Soft hyphen, zero-width space and joiners, bidirectional controls, word joiner, BOM, variation selectors,
# kashida, and control characters but tab and the line ends. U+200C stays between Arabic letters (see _arabic).
_INVISIBLE = (
    "\u00ad\u034f\u061c\u0640\u200b\u200d\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
)
_JUNK = re.compile(f"[{_INVISIBLE}]+")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u205f\u3000]|(?<![\u1800-\u18af])\u202f|\u202f(?![\u1800-\u18af])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PRESENTATION = re.compile("[\ufb50-\ufdcf\ufdf0-\ufdfc\ufe70-\ufefc]+")
_UNUSUAL = re.compile(f"[{_INVISIBLE}\u00a0\u2000-\u200a\u202f\u205f\u3000\ud800-\udfff\ufb50-\ufefc]")

_APOSTROPHES = "'`´ʻʼʽˈ‘’‛′＇"
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_INNER_APOSTROPHE = re.compile(rf"(?<=[^\W\d_])[{_APOSTROPHES}](?=[^\W\d_])")
# A turned comma that belongs to o or g, as in Uzbek o‘zbek, tog‘; not English dog's, king'll, O'Brien, o'clock.
_TURNED_COMMA = re.compile(
    rf"(?<=[oOgG])[{_APOSTROPHES}](?=[A-Za-z])"
    r"(?!(?:s|d|ll|ve|re|S|D|LL|VE|RE)(?![A-Za-z]))(?!clock)"
    rf"(?<!(?<![A-Za-z])O[{_APOSTROPHES}](?=[A-Z][a-z]))"
)
# Letters that neither Uzbek nor the older Karakalpak writes: where they abound, o' is Turkish (Alonso'nun).
_NOT_UZBEK = re.compile("[çğöşüəÇĞÖŞÜƏ]")
_FINAL_TURNED_COMMA = re.compile(r"(?<=[A-Za-z][oOgG])[ʻʼ`´‘](?![^\W_])|(?<=[A-Za-z]g)['’](?![^\W_])")
_OPENING_QUOTE = re.compile(r"(?<![^\W_])['‘’‚](?=[^\W_])")

_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0250-\u02af\u1e00-\u1eff"
_CYRILLIC = "\u0400-\u0481\u048a-\u052f"
_MIXED = re.compile(f"[{_LATIN}][{_CYRILLIC}]|[{_CYRILLIC}][{_LATIN}]")
_BOTH_WORD = re.compile(f"[{_LATIN}{_CYRILLIC}\u0300-\u036f]+")
_ANY_LATIN = re.compile(f"[{_LATIN}]")
_ANY_CYRILLIC = re.compile(f"[{_CYRILLIC}]")
# Letters drawn alike in both scripts, Cyrillic first; those of no Cyrillic alphabet of the region go to Latin only.
_TWINS = (
    "аa еe оo рp сc уy хx іi јj ѕs һh ёë їï әə ӓä ӧö ӟӡ ԁd ԛq ԝw "
    "АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЈJ ЅS ҺH ЁË ЇÏ ӘƏ ӒÄ ӦÖ ԚQ ԜW"
)
_TO_LATIN = str.maketrans({pair[0]: pair[1] for pair in _TWINS.split()})
_TO_CYRILLIC = str.maketrans({pair[1]: pair[0] for pair in reversed(_TWINS.split()) if pair[0] not in "ҺѕЅԁԛԝԚԜ"})
_LATIN_TWINS = frozenset(chr(code) for code in _TO_CYRILLIC)
_CYRILLIC_TWINS = frozenset(chr(code) for code in _TO_LATIN)
# Signs of other alphabets that stand in for one Cyrillic letter only.
_STRAYS = str.maketrans({"ɵ": "ө", "Ɵ": "Ө", "ǝ": "ә", "Ǝ": "Ә", "ѳ": "ө", "Ѳ": "Ө"})

# Which form a Mongolian letter takes, and the gap before a final vowel: they change how a word looks, not the word.
_MONGOLIAN_FORMS = re.compile("[\u180b-\u180f]+")

_ARABIC = "\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08b4"
_ZWNJ = re.compile(f"(?<![{_ARABIC}])\u200c+|\u200c+(?![{_ARABIC}])|(?<=\u200c)\u200c+")
# Letters of Uyghur and of Kazakh in Arabic script; Kurdish shares the second set, and has the third.
_TURKIC_ARABIC = re.compile("[ڭۋۇۈ]")
_MAYBE_TURKIC_ARABIC = re.compile("[ەۆ]")
_NOT_TURKIC_ARABIC = re.compile("[ټډړښځڅڼێڕڵ]")
_VOWELS = "اەوۇۆۈېى"
_KAZAKH_HAMZA = re.compile(f"(?<![{_ARABIC}])\u0621(?=[{_ARABIC}])")
_YEH_CONSONANT = re.compile(f"(?<![{_ARABIC}])[یۍ]|(?<=[{_VOWELS}])[یۍ]|[یۍ](?=[{_VOWELS}])")
_HEH_CONSONANT = re.compile(f"[هہ](?=[{_VOWELS}ي])")


def normalize(text: str) -> str:
    """The text in NFC, without invisible junk, each word in letters of one script; idempotent, linear, never raises.

    - Every kind of space becomes U+0020 (the Mongolian suffix space stays); lone surrogates become U+FFFD.
    - A word that mixes Latin and Cyrillic is written in the script that has letters the other lacks, or else in
      the one with more letters; a word with such letters of both (`SMSке`) is left alone.
    - The apostrophe of Uzbek o‘ and g‘ becomes U+02BB in all its forms, any other one between letters U+2019.
    - Arabic presentation forms become letters; where the writing is Uyghur or Kazakh, so do their Persian and
      Arabic stand-ins: ک to ك, ی to ى or (beside a vowel) ي, ه to ە or (before a vowel) ھ. Persian is left alone.
    """
    if _UNUSUAL.search(text):
        text = _JUNK.sub("", text)
        text = _SPACES.sub(" ", _SURROGATE.sub("\ufffd", text))
        text = _PRESENTATION.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
        # An isolated mark in presentation form decomposes to a space or kashida that carries it.
        text = _JUNK.sub("", text)
    text = unicodedata.normalize("NFC", text)
    if not text.isascii():
        if _MIXED.search(text):
            text = _one_script(text)
        if "\u200c" in text:
            text = _ZWNJ.sub("", text)
        if _TURKIC_ARABIC.search(text) or (_MAYBE_TURKIC_ARABIC.search(text) and not _NOT_TURKIC_ARABIC.search(text)):
            text = _turkic_arabic(text)
    if _APOSTROPHE.search(text):
        text = _apostrophes(text)
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """A form for comparing only: normalized, without case, apostrophes as ASCII, ё as е, ı and İ as i, Mongolian
    letters without the signs that choose their form.

    Why ı becomes i: from capitals alone it can't be told whether `ISPARTA` is Turkish (ısparta), Kazakh or English,
    so lower-casing by language would part `ISPARTA` from `Isparta`. One dotless pair that meets (kır, kir) costs a
    search less than a name that is not found.
    """
    text = normalize(text).casefold().replace("ı", "i").replace("i\u0307", "i").replace("ё", "е")
    text = normalize(text)
    if _MONGOLIAN_FORMS.search(text):
        text = normalize(_MONGOLIAN_FORMS.sub("", text))
    return _APOSTROPHE.sub("'", text).replace("\u200c", "")


def _one_script(text: str) -> str:
    text = text.translate(_STRAYS) if any(stray in text for stray in "ɵƟǝƎѳѲ") and script_of(text) == "Cyrl" else text
    mostly_cyrillic = len(_ANY_CYRILLIC.findall(text)) >= len(_ANY_LATIN.findall(text))

    def repair(match: re.Match[str]) -> str:
        word = match[0]
        latin = _ANY_LATIN.findall(word)
        cyrillic = _ANY_CYRILLIC.findall(word)
        if not latin or not cyrillic:
            return word
        only_latin = any(letter not in _LATIN_TWINS for letter in latin)
        only_cyrillic = any(letter not in _CYRILLIC_TWINS for letter in cyrillic)
        if only_latin and only_cyrillic:
            return word
        if only_latin == only_cyrillic:
            balance = len(cyrillic) - len(latin)
            only_cyrillic = balance > 0 or (balance == 0 and mostly_cyrillic)
        return word.translate(_TO_CYRILLIC if only_cyrillic else _TO_LATIN)

    return _BOTH_WORD.sub(repair, text)


def _apostrophes(text: str) -> str:
    if len(_TURNED_COMMA.findall(text)) >= len(_NOT_UZBEK.findall(text)):
        text = _TURNED_COMMA.sub("ʻ", text)
    if not _OPENING_QUOTE.search(text):
        text = _FINAL_TURNED_COMMA.sub("ʻ", text)
    return _INNER_APOSTROPHE.sub(lambda match: "ʻ" if match[0] == "ʻ" and _after_o_or_g(match) else "’", text)


def _after_o_or_g(match: re.Match[str]) -> bool:
    return match.string[match.start() - 1] in "oOgG"


def _turkic_arabic(text: str) -> str:
    text = _KAZAKH_HAMZA.sub("\u0674", text).replace("ک", "ك").replace("ڪ", "ك")
    text = _YEH_CONSONANT.sub("ي", text)
    text = text.replace("ی", "ى").replace("ۍ", "ى")
    return _HEH_CONSONANT.sub("ھ", text).replace("ه", "ە").replace("ہ", "ە")
