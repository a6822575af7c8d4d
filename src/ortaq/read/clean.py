"""Repair what conversions left in a text, and nothing else: good text comes back unchanged.

The steps, each safe alone: words of UTF-8 that were read as a one-byte encoding; marks of word processors; invisible
characters that mean nothing in the script around them; doubled punctuation; spaces and blank lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import partial

_MAX_ROUNDS = 8
_ARTIFACTS = re.compile(
    r"""<!--\[if\b[^\]]{0,80}\]>(?:(?!<!--\[if\b).){0,4000}?<!\[endif\]-->   # conditional comments, with their content
    | <!\[endif\](?:--)?> | <!--\[endif\]-->
    | </?[owvm]:[a-z]\w*[^<>]{0,200}>                      # <o:p></o:p>
    | \[(?:bookmark|footnoteRef|endnoteRef|annotation):\s*[\w.-]{1,80}\]
    | \[\s*(?:if\s+[!\w][^\]\n]{0,80}|endif)\s*\]
    | \bNormal\s+0(?:\s+\d{1,3})?\s+false\s+false\s+false
      (?:\s+[A-Z]{2}(?:-[A-Z]{2,4})?|\s+X-NONE)*(?:\s+MicrosoftInternetExplorer4)?
    | /\*\s*Style\ Definitions\s*\*/(?:\s*[\w.,\s]{0,200}\{[^{}]{0,4000}\})*
    | \bHYPERLINK\s+(?:\\l\s+)?"[^"\n]{1,500}"
    | \{\s*(?:PAGE|NUMPAGES|TOC|MERGEFIELD)\b[^{}\n]{0,120}\}
    """,
    re.X | re.S,
)
_ARTIFACT_MARKS = ("<", "[", "{", "/*", "HYPERLINK", "Normal")  # one is in each of them; looking is cheap
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff\ufff9-\ufffb\ud800-\udfff]")
_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_JUNK = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_JOINERS = re.compile("[\u200c\u200d]+")
_NARROW_SPACE = re.compile("[\u202f\u180e]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u205f\u3000]+")
_MARK = (
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f"
    "\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
)
_HEAPED = re.compile(
    f"({_MARK}{{30}}){_MARK}+"
)  # more marks on a letter than UAX #15 allows; sorting takes their square
_ODD = re.compile(  # any of the characters above, but space and line feed
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff\ufeff"
    "\ufff9-\uffff]"
)
_LINE_EDGES = re.compile(r" *\n *")
_BLANK_LINES = re.compile(r"\n{3,}")
_CLOSING = r"\s»”\")\]"
_DOUBLED = (  # what must be in the text at least, the pattern, what is left
    (("..",), re.compile(rf"(?<=[\w»”\")\]%])\.\.(?=[{_CLOSING}]|$)"), "."),
    ((". .",), re.compile(r"(?<=[\w»”\")\]%])\. \.(?! ?\.)(?!\w)"), "."),
    ((",,", ", ,"), re.compile(r"(?<=\w), ?,(?=\s)"), ","),
    ((";;", "; ;"), re.compile(r"(?<=\w); ?;(?=\s)"), ";"),
)


def clean(text: str) -> str:
    """The text in NFC with its damage repaired: lines stripped, at most one blank line between paragraphs.

    Idempotent; never raises; text without damage comes back unchanged.
    """
    for _ in range(_MAX_ROUNDS):  # a repair may lay bare another; each round only shortens or normalizes
        done = _once(text)
        if done == text:
            break
        text = done
    return text


def clean_line(text: str) -> str:
    """The same for a headline or a name: one line, tags and entities are not looked for."""
    return " ".join(clean(text).split())


def _once(text: str) -> str:
    # Most texts are good, so each repair is made only where there is a sign that it may be needed.
    text = repair_mojibake(text)
    odd = _ODD.search(text) is not None
    if odd:
        text = _NEWLINES.sub("\n", text)
        text = _CONTROLS.sub("", text)
    text = unicodedata.normalize("NFC", _HEAPED.sub(r"\1", text))
    if any(mark in text for mark in _ARTIFACT_MARKS):
        text = _ARTIFACTS.sub("", text)
    if odd:
        text = _JUNK.sub("", text)
        text = _JOINERS.sub(_joiner, text)
        text = _NARROW_SPACE.sub(_narrow_space, text)
    if odd or "  " in text:
        text = _SPACES.sub(" ", text)
    for signs, pattern, mark in _DOUBLED:
        if any(sign in text for sign in signs):
            text = pattern.sub(mark, text)
    if " \n" in text or "\n " in text:
        text = _LINE_EDGES.sub("\n", text)
    return _BLANK_LINES.sub("\n\n", text).strip() if "\n\n\n" in text else text.strip()


def _joiner(match: re.Match[str]) -> str:
    """ZWNJ and ZWJ shape Arabic, Mongolian and Indic letters and join emoji; elsewhere they are dirt."""
    text = match.string
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    if before and after and (_is_shaped(before) or (_is_pictograph(before) and _is_pictograph(after))):
        return match[0][0]
    return ""


def _narrow_space(match: re.Match[str]) -> str:
    """NNBSP and MVS part a Mongolian word from its ending; elsewhere the one is a space, the other nothing."""
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    if _is_mongolian(before) or _is_mongolian(after):
        return match[0]
    return " " if match[0] == "\u202f" else ""


def _is_mongolian(char: str) -> bool:
    return "\u1800" <= char <= "\u18af"


def _is_shaped(char: str) -> bool:
    code = ord(char)
    return 0x0600 <= code <= 0x08FF or 0x0900 <= code <= 0x0DFF or 0x1800 <= code <= 0x18AF or 0xFB50 <= code <= 0xFEFC


def _is_pictograph(char: str) -> bool:
    return char == "\ufe0f" or 0x1F3FB <= ord(char) <= 0x1F3FF or unicodedata.category(char) == "So"


def _byte_of(encoding: str) -> dict[str, int]:
    """Characters as browsers read each byte from 0x80 up: holes of the code page are C1 controls."""
    table = {}
    for byte in range(0x80, 0x100):
        try:
            table[bytes([byte]).decode(encoding)] = byte
        except UnicodeDecodeError:
            table[chr(byte)] = byte
    return table


def _units(table: dict[str, int]) -> re.Pattern[str]:
    def some(low: int, high: int) -> str:
        return "[" + "".join(re.escape(char) for char, byte in table.items() if low <= byte <= high) + "]"

    tail = some(0x80, 0xBF)
    unit = f"(?:{some(0xC2, 0xDF)}{tail}|{some(0xE0, 0xEF)}{tail}{tail}|{some(0xF0, 0xF4)}{tail}{tail}{tail})"
    return re.compile(f"{unit}+")


_MISREADINGS = tuple((table, _units(table)) for table in map(_byte_of, ("windows-1252", "windows-1251", "iso-8859-1")))
_MISREAD = re.compile(  # at least two misread letters together, or three signs: less is never certain
    "[{0}][{1}](?:[{0}][{1}]|[{1}])".format(
        *(
            "".join(
                re.escape(char)
                for char in sorted({char for table, _ in _MISREADINGS for char in table if low <= table[char] <= high})
            )
            for low, high in ((0xC2, 0xF4), (0x80, 0xBF))
        )
    )
)
_TYPOGRAPHY = frozenset("«»“”„‘’‚–—…•№€™©®°\u00a0\u200b\u00ad\ufeff·−×")


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as windows-1252, windows-1251 or Latin-1, only where that is certain.

    Certain: somewhere in the text at least two misread letters stand together, one of them shown by a sign that is no
    letter ("Ð¢Ð¾Ò›", "РљР°Р·"); the repair gives letters of one script or typographic signs; and encoding it back
    gives what stood there. Only then are lone ones ("â€™", "Ð¸") repaired as well.
    """
    while not text.isascii() and _MISREAD.search(text):
        best, gain = "", 0
        for table, pattern in _MISREADINGS:
            runs = {match[0]: _decoded(match[0], table) for match in pattern.finditer(text)}
            if not any(fixed is not None and _is_certain(run, fixed) for run, fixed in runs.items()):
                continue
            repaired = pattern.sub(partial(_repaired, runs), text)
            if len(text) - len(repaired) > gain:
                best, gain = repaired, len(text) - len(repaired)
        if not gain:
            break
        text = best
    return text


def _repaired(runs: Mapping[str, str | None], match: re.Match[str]) -> str:
    return runs[match[0]] or match[0]


def _decoded(run: str, table: dict[str, int]) -> str | None:
    try:
        fixed = bytes(table[char] for char in run).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None
    letters = [char for char in fixed if char not in _TYPOGRAPHY]
    if not all(_is_plain_letter(char) or _is_pictograph(char) for char in letters):
        return None
    scripts = {_block(char) for char in letters if char.isalpha()}
    return fixed if len(scripts) <= 1 else None


def _is_certain(run: str, fixed: str) -> bool:
    signs = sum(not char.isalpha() for char in run)
    return (len(fixed) >= 2 and len(set(fixed)) >= 2 and signs >= 1) or (fixed in _TYPOGRAPHY and len(run) == 3)


def _is_plain_letter(char: str) -> bool:
    """Letters and marks that living languages of the region, or of Western pages, write."""
    code = ord(char)
    return (
        (0xC0 <= code <= 0x17F and char not in "×÷")
        or code in (0x1E6, 0x1E7, 0x1F4, 0x1F5, 0x2BB, 0x2BC)
        or 0x400 <= code <= 0x45F
        or 0x490 <= code <= 0x4FF
        or 0x600 <= code <= 0x6FF
        or 0x1800 <= code <= 0x18AF
    )


def _block(char: str) -> str:
    code = ord(char)
    return "latin" if code < 0x300 else "cyrillic" if code < 0x530 else "arabic" if code < 0x700 else "other"
