"""Dates as the region writes them: «2022 жылғы 20 желтоқсан», "5-nji marty", "2024 оны 3-р сарын 5", 05.03.2024.

The text is first rewritten in a shorthand where every word of a date in any of the languages becomes a mark
("2024-жылдын 5-марты" is `2024-Y 5-M3;`), then a handful of patterns over the shorthand say what is day, month and
year. What the patterns can't tell for certain is no date: a range of days, a day without a year (unless a reference
is given), month and year alone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ortaq.read.date_words import fold, lexicon

Precision = Literal["day", "minute"]

MAX_TEXT = 2_000
"""Characters looked at: a date stands in a line, not in a text."""

_ZONES = {
    "kz": "Asia/Almaty",
    "kg": "Asia/Bishkek",
    "uz": "Asia/Tashkent",
    "tj": "Asia/Dushanbe",
    "tm": "Asia/Ashgabat",
    "mn": "Asia/Ulaanbaatar",
    "ru": "Europe/Moscow",
    "tr": "Europe/Istanbul",
    "cn": "Asia/Shanghai",
}
_NAMED_OFFSETS = {"мск": 3, "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "pst": -8, "pdt": -7}

_ISO = re.compile(
    r"(?<![\d.:/-])((?:19|20)\d\d)-?(\d\d)-?(\d\d)[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?"
    r"\s?(Z|[+-]\d\d:?(?:\d\d)?)?(?![\d])"
)
_TOKEN = re.compile(r"\d+|[^\W\d_]+|\s+|.", re.DOTALL)
_QUOTED_DAY = re.compile(r"[«\"“„](\d{1,2})[»\"”“]")

_YEAR = r"(?P<y>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?<![\d.:/])(?:(?P<from>\d{1,2})\s?[-–—]\s?)?(?P<d>\d{1,2})"
_YEAR_WORD = r"[-\s]*Y\.?"
_PATTERNS = tuple(
    (name, re.compile(pattern.replace("YEAR", _YEAR).replace("DAY", _DAY)))
    for name, pattern in (
        ("year, day, month", rf"(?<![\d.:/-])YEAR{_YEAR_WORD}[\s,]*(?:O\s)?DAY[-\s]*M(?P<m>\d+);"),
        ("year, day, month", r"Y\.?\s*YEAR[\s,]*(?:O\s)?DAY[-\s]*M(?P<m>\d+);"),
        ("year, month, day", rf"(?<![\d.:/-])YEAR{_YEAR_WORD}[\s,]*M(?P<m>\d+);[-\s]*O[\s,]*DAY(?![:\d])"),
        ("year, month, day", rf"(?<![\d.:/-])YEAR{_YEAR_WORD}[\s,]*M(?P<m>\d+);\s*DAY[-\s]*K"),
        ("year, number, day", rf"(?<![\d.:/-])YEAR{_YEAR_WORD}[\s,]*(?P<m>\d{{1,2}})[-\s]*O[\s,]*DAY(?![:\d])"),
        ("number, day, year", r"(?<![\d.:/-])(?P<m>\d{1,2})[-\s]*O\s*DAY[\s,]+YEAR"),
        (
            "day, month, year",
            r"(?P<before>[MG]\d+;\s?[-–—]\s?)?DAY[-\s]*(?:O\s)?[MG](?P<m>\d+);(?:\s?[OK])?[-\s,./]*(?:Y\.?\s*)?YEAR",
        ),
        ("month, day, year", r"[MG](?P<m>\d+);\.?(?:\s?O)?\s*DAY(?:\s*,\s*|\s+)(?:Y\.?\s*)?YEAR"),
        ("y-m-d", r"(?<![\d.:/-])YEAR(?P<s>[-./])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?![\d]|[-./:]\d)"),
        ("d.m.y", r"(?<![\d.:/+-])(?P<d>\d{1,2})(?P<s>[-./])(?P<m>\d{1,2})(?P=s)YEAR(?![-./:]\d)"),
        ("d.m.yy", r"(?<![\d.:/+v-])(?P<d>\d\d)\.(?P<m>\d\d)\.(?P<yy>\d\d)(?![\d]|[-./:]\d)"),
    )
)
_PERIOD = re.compile(r"\s?Y?\.?\s?[-–—]\s?\d{1,2}(?:[-\s]*[MG]\d|([./])\d{1,2}\1\d)")  # after a date: its end
_WITHOUT_YEAR = tuple(
    re.compile(pattern.replace("DAY", _DAY))
    for pattern in (
        r"DAY[-\s]*(?:O\s)?[MG](?P<m>\d+);",
        r"[MG](?P<m>\d+);\s*(?:O\s*)?DAY(?![:\d])",
        r"(?<![\d.:/-])(?P<m>\d{1,2})[-\s]*O\s*DAY(?![:\d])",
    )
)
_TIME = re.compile(
    r"(?<![\d.:+-])(?P<h>[01]?\d|2[0-3]):(?P<min>[0-5]\d)(?::(?P<sec>[0-5]\d))?(?![\d:])\s?(?P<half>[AP])?"
    r"\s?\(?(?:U(?P<u>[+-]\d{1,2}(?::?\d\d)?)?|(?P<z>[+-]\d\d:?\d\d)(?!\d))?"
)
_SPOKEN_TIME = re.compile(r"H[-\s]*(?P<h>[01]?\d|2[0-3])[.:](?P<min>[0-5]\d)(?![\d.:])")


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """An instant and how much of it was told. `precision` "day": midnight UTC. `zoned`: the text named its zone."""

    at: datetime
    precision: Precision
    zoned: bool = False


def parse_date(text: str, *, reference: datetime | None = None, country: str = "") -> ParsedDate | None:
    """The date in a short text, the first when it holds several; None when it holds none for certain.

    `reference` (aware) is when the text was written or fetched: with it, words like "yesterday" and a day without a
    year count, the latter as the nearest such day in the past. `country` (ISO 3166, lower case) gives local times
    their zone, UTC without it, and makes 03/05/2024 the fifth of March for "us". Never raises.
    """
    text = text[:MAX_TEXT]
    if (found := _iso(text, country)) is not None:
        return found
    short = _shorthand(text)
    match, day = _full_date(short, country)
    if match is None and reference is not None:
        match, day = _relative_date(short, reference.astimezone(zone_of(country)))
    if match is None or day is None:
        return None
    return _with_time(short, match, day, country)


@cache
def zone_of(country: str) -> tzinfo:
    """The zone of a country's capital, or of that IANA name; UTC for one we don't know."""
    try:
        return ZoneInfo(country if "/" in country else _ZONES[country.lower()])
    except (KeyError, ValueError, ZoneInfoNotFoundError):
        return UTC


def _iso(text: str, country: str) -> ParsedDate | None:
    if (match := _ISO.search(text)) is None:
        return None
    year, month, day, hour, minute, second, offset = match.groups()
    try:
        zone = _offset(offset) if offset else zone_of(country)
        at = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=zone)
        return ParsedDate(at.astimezone(UTC), "minute", bool(offset))
    except (ValueError, OverflowError):
        return None


def _offset(text: str) -> tzinfo:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    return timezone((-1 if text[0] == "-" else 1) * timedelta(hours=int(hours), minutes=int(minutes)))


def _shorthand(text: str) -> str:
    """Words of dates become marks, other words `w`; see `lexicon`."""
    words = lexicon()
    text = "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in fold(text))
    text = words.phrases.sub(lambda match: words.marks[match[0]], _QUOTED_DAY.sub(r"\1", text).replace("،", ","))
    parts: list[str] = []
    number = ""  # the digits just before, with a hyphen at most between
    for part in _TOKEN.findall(text):
        if part.isspace():
            parts.append(" ")
            number = number if len(number) == 4 else ""
        elif part[0].isdigit():
            parts.append(part)
            number = part
        elif part[0].isalpha():
            parts.append(_mark(part, number, parts))
            number = ""
        else:
            parts.append(part)
            number = number if part == "-" else ""
    return re.sub(r" +", " ", "".join(parts))


def _mark(word: str, number: str, parts: list[str]) -> str:
    words = lexicon()
    if word in words.years and (len(number) == 4 or len(word) > 1 or word == "с"):
        return "Y"
    if number and parts and parts[-1] != " " and (word in words.ordinals):
        if parts[-1] == "-":
            parts.pop()
        return ""
    if word in words.marks:
        return words.marks[word]
    if (number and word in {"am", "pm"}) or word in {"am", "pm"}:
        return word[0].upper()
    if word in {"utc", "gmt", "z"}:
        return "U"
    if word in _NAMED_OFFSETS:
        return f"U{_NAMED_OFFSETS[word]:+d}"
    if word[0] in "MGYOKHTV":  # the phrases' marks, already in place
        return word
    return "w"


def _full_date(short: str, country: str) -> tuple[re.Match[str] | None, date | None]:
    found = sorted(
        (
            (match.start("d"), order, name, match)
            for order, (name, pattern) in enumerate(_PATTERNS)
            if (match := pattern.search(short))
        ),
        key=lambda item: (item[3].start(), item[1]),
    )
    for _, _, name, match in found:
        parts = match.groupdict()
        first = parts.get("from")
        if (first and int(first) < int(parts["d"])) or parts.get("before") or _PERIOD.match(short, match.end()):
            return None, None  # "5-7 March": a period, not the day of anything
        year = int(parts["y"]) if parts.get("y") else 2000 + int(parts["yy"])
        month, day = int(parts["m"]), int(parts["d"])
        if name == "d.m.y" and parts["s"] == "/" and (country == "us" or month > 12):
            month, day = day, month
        try:
            return match, date(year, month, day)
        except ValueError:
            return None, None
    return None, None


def _relative_date(short: str, reference: datetime) -> tuple[re.Match[str] | None, date | None]:
    for pattern in _WITHOUT_YEAR:
        if (match := pattern.search(short)) is None:
            continue
        first = match.groupdict().get("from")
        if first and int(first) < int(match["d"]):
            return None, None
        for year in (reference.year, reference.year - 1):
            try:
                day = date(year, int(match["m"]), int(match["d"]))
            except ValueError:
                continue
            if day <= reference.date() + timedelta(days=1):
                return match, day
        return None, None
    if match := re.search(r"[TV](?![a-zA-Z;\d])", short):
        return match, reference.date() - timedelta(days=match[0] == "V")
    return None, None


def _with_time(short: str, match: re.Match[str], day: date, country: str) -> ParsedDate:
    """The nearest time of day after the date, or else just before it."""
    after = short[match.end() : match.end() + 40]
    before = short[max(0, match.start() - 20) : match.start()]
    time = _SPOKEN_TIME.search(after) or _TIME.search(after)
    if time is None:
        times = list(_TIME.finditer(before))
        time = times[-1] if times else None
    if time is None:
        return ParsedDate(datetime(day.year, day.month, day.day, tzinfo=UTC), "day")
    parts = time.groupdict()
    hour = int(parts["h"])
    if parts.get("half"):
        hour = hour % 12 + (12 if parts["half"] == "P" else 0)
    named = parts.get("u") or parts.get("z")
    zoned = named is not None or "U" in time[0]
    try:
        zone = _offset(named) if named else UTC if zoned else zone_of(country)
        at = datetime(day.year, day.month, day.day, hour, int(parts["min"]), int(parts.get("sec") or 0), tzinfo=zone)
        return ParsedDate(at.astimezone(UTC), "minute", zoned)
    except (ValueError, OverflowError):
        return ParsedDate(datetime(day.year, day.month, day.day, tzinfo=UTC), "day")
