"""Words and numbers, in every script of the region."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Python's \w has letters and digits but no combining marks; these are the marks of our scripts.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u180b-\u180f\u200c"
)
_LETTER = r"[^\W\d_]"
_IN_WORD = rf"(?:[^\W_]|[{_MARKS}])"
_JOINT = "['`ʻʼ‘’‐‑-]|(?<=[\u1800-\u18af])\u202f(?=[\u1800-\u18af])"
_SPACE = "[ \u00a0\u2009\u202f]"
# 1 200 000 | 1,200,000.5 | 12.05.2024 | 3,5 | 10:30
_NUMBER = rf"\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)(?:[.,\u066b]\d+)?|\d+(?:[.,:/\u066b\u066c]\d+)*"
_TOKEN = re.compile(rf"{_LETTER}{_IN_WORD}*(?:(?:{_JOINT}){_IN_WORD}+)*|{_NUMBER}")
_WORDLIKE = re.compile(r"[^\W\d_]")
_GROUPED = re.compile(r"([1-9]\d{0,2})((?:,\d{3})+|(?:\.\d{3})+)")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")


def words(text: str) -> list[str]:
    """Words with their marks and inner apostrophes and hyphens, and numbers with their grouping, as they stand.

    `o‘zbek`, `адам-заат`, `COVID-19`, `1 200 000` and `3,5` are one each; `2024-жылы` is `2024` and `жылы`. Linear.
    """
    return _TOKEN.findall(text)


def token_matches(text: str) -> Iterator[re.Match[str]]:
    """What `words` finds, with the places in the text."""
    return _TOKEN.finditer(text)


def numbers(text: str) -> list[str]:
    """The numbers of a text in ASCII digits without grouping or leading zeros, a decimal point before fractions.

    Three digits after a comma or point are a group (`1,200` and `1.200` and `1 200` are all `1200`): in news they
    nearly always are. Dates and times fall into their parts (`12.05.2024`: 12, 5, 2024). Digits inside words that
    begin with a letter (`G20`, `COVID-19`) are no numbers.
    """
    found: list[str] = []
    for token in _TOKEN.findall(text):
        if not _WORDLIKE.match(token):
            found.extend(plain_numbers(token))
    return found


def plain_numbers(number: str) -> list[str]:
    """The numbers of one such token: one, but for dates, times and the like."""
    if not number.isascii():
        number = "".join(_ascii(char) for char in number)
    number = number.replace(" ", "")
    whole, point, fraction = _split(number)
    if not point:
        return [part.lstrip("0") or "0" for part in re.split("[.,:/]", whole)]
    return [f"{whole.lstrip('0') or '0'}.{fraction}"]


def _split(number: str) -> tuple[str, str, str]:
    """(digits without grouping, "." or "", fraction); a number that is no single quantity comes back whole."""
    if grouped := _GROUPED.match(number):
        whole = re.sub("[.,]", "", grouped[0])
        rest = number[grouped.end() :]
        if not rest:
            return whole, "", ""
        if rest[0] in ".," and rest[0] not in grouped[2] and rest[1:].isdigit():
            return whole, ".", rest[1:]
    if decimal := _DECIMAL.fullmatch(number):
        return decimal[1], ".", decimal[2]
    return number, "", ""


def _ascii(char: str) -> str:
    if char == "\u066b":
        return "."
    if char == "\u066c":
        return ","
    if char.isspace():
        return " "
    return str(unicodedata.decimal(char, char))
