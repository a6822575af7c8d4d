"""The small values of listings (titles, dates, languages), cleaned of what strangers put in them."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any

_TAG = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f\u200b\u2060\ufeff]+")
_LONG = 20_000
_LANGUAGE = re.compile(r"[a-z]{2,3}")
# What sites of the region write where a language belongs: country codes and ISO 639-2 codes. "kg" is Kongo and "tm"
# nothing in BCP 47, but neither is read here.
_MEANT = {
    "kz": "kk", "kaz": "kk", "qaz": "kk", "kg": "ky", "kir": "ky", "kgz": "ky", "uzb": "uz", "tj": "tg", "tgk": "tg",
    "taj": "tg", "tm": "tk", "tuk": "tk", "mng": "mn", "mon": "mn", "khk": "mn", "uig": "ug", "rus": "ru", "eng": "en",
    "tur": "tr", "uzn": "uz", "oz": "uz",
}  # fmt: skip


def plain(value: object, limit: int) -> str:
    """A string without markup and with single spaces, cut at a word's end after `limit` characters."""
    if not isinstance(value, str):
        return ""
    text = html.unescape(_TAG.sub(" ", value[:_LONG]))
    text = _SPACES.sub(" ", _TAG.sub(" ", text)).encode("utf-8", "ignore").decode("utf-8").strip()
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:-–—") + "…"


def language(value: object) -> str | None:
    """The BCP 47 primary code of a label such as "kk-KZ", "uz_Latn" or the region's "kz"; None when it is none."""
    if not isinstance(value, str):
        return None
    code = re.split(r"[-_]", value.strip().lower()[:35])[0]
    code = _MEANT.get(code, code)
    return code if _LANGUAGE.fullmatch(code) else None


def instant(value: object) -> datetime | None:
    """An aware instant of feedparser's UTC time tuple; None when there is none or it is before 1980 or after 2100."""
    try:
        if not isinstance(value, tuple):
            return None
        at = datetime(*(int(part) for part in value[:6]), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return at if 1980 <= at.year <= 2100 else None


def w3c_instant(value: Any) -> datetime | None:
    """An aware instant of a W3C date such as "2025-09-01T10:00:00+05:00"; a bare date is midnight UTC.

    A time without a zone gives None: in this region it would be wrong by three to eight hours.
    """
    if not isinstance(value, str) or len(value) > 40:
        return None
    text = value.strip()
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None and len(text) > len("2025-09-01"):
            return None
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if 1980 <= at.year <= 2100 else None
