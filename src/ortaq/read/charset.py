"""Bytes of a page to text: what is declared is believed only when the bytes agree.

Order: a byte order mark; UTF-8 whenever the bytes are valid UTF-8 (text in another encoding is almost never valid
by accident); the HTTP header; the page's own declaration (meta or XML); then the encodings of the region (windows-1251,
KZ-1048, PT154, KOI8-R, KOI8-U) and windows-1254, judged by how the words look; last, charset-normalizer's opinion.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""", re.I
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_CYRILLIC = ("windows-1251", "kz1048", "ptcp154", "koi8-r", "koi8-u", "iso8859-5", "cp866")
# What browsers do (WHATWG Encoding): these names mean the wider Windows code pages.
_MEANS = {
    "iso8859-1": "windows-1252",
    "ascii": "windows-1252",
    "iso8859-9": "windows-1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
_SAMPLE = 200_000
_FEW = 0.02  # share of broken sequences up to which UTF-8 is still UTF-8
_WORD = re.compile(r"[^\W\d_]+")
_KAZAKH = "әғқңөұүһіӘҒҚҢӨҰҮҺІ"
# Letters that other readings of Kazakh bytes give, and that no language of the region writes.
_FOREIGN = "ЂЃѓЉЊЌЋЏђљњќћџЈјЅѕЄєЇї"


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """(text, encoding that was used); `content_type` is the HTTP header's value. Never raises.

    Bytes that fit no encoding become U+FFFD. A stray line in windows-1251 inside a UTF-8 page is read as such.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    text = _utf8(body)
    declared = _declared(body, content_type)
    if text is not None and not any(name.startswith(("utf-16", "utf-32", "iso2022", "hz")) for name in declared):
        return text, "utf-8"
    if ("utf-8" in declared or not declared) and _broken_share(body) <= _FEW:
        return body.decode("utf-8", "ortaq-cyrillic"), "utf-8"
    for name in declared:
        if name == "utf-8":
            continue
        if name in _CYRILLIC:
            return _best_cyrillic(body, name)
        try:
            return body.decode(name), name
        except (UnicodeDecodeError, LookupError):
            continue
    return _guess(body, declared)


def _declared(body: bytes, content_type: str) -> list[str]:
    found = [match[1] for match in [_HEADER.search(content_type)] if match]
    if match := _DECLARED.search(body[:4096]):
        found.append((match[1] or match[2]).decode("ascii", "ignore"))
    names = []
    for label in found:
        try:
            name = codecs.lookup(label).name
            b"".decode(name)  # "base64" and the like are codecs, not encodings
        except (LookupError, ValueError):
            continue
        names.append({"cp1251": "windows-1251"}.get(name, _MEANS.get(name, name)))
    return names


def _utf8(body: bytes) -> str | None:
    """The text of valid UTF-8, which may be cut inside its last letter."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and len(body) - error.start < 4
        return body[: error.start].decode("utf-8") if cut else None


def _broken_share(body: bytes) -> float:
    """Broken sequences to sequences beyond ASCII, in a sample; 1.0 where nothing beyond ASCII is valid."""
    text = body[:_SAMPLE].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    wide = sum(char > "\x7f" for char in text)
    return broken / wide if wide > broken else 1.0


def _looks(text: str) -> float:
    """How much the words look like written words, per letter beyond ASCII; higher is better, at most 1."""
    good = bad = 0
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        ascii_letters = sum(char.isascii() for char in word)
        inner = word[1:]
        wrong_case = sum(char.isupper() for char in inner) if not word.isupper() else 0
        foreign = sum(char in _FOREIGN for char in word)
        cyrillic = sum("Ѐ" <= char <= "ӿ" for char in word)
        good += cyrillic
        bad += 2 * wrong_case + 3 * foreign + (2 * ascii_letters if cyrillic else len(word))
    bad += 3 * sum("\x80" <= char <= "\x9f" or "─" <= char <= "▟" or char == "\ufffd" for char in text)
    return (good - bad) / max(1, good + bad)


def _best_cyrillic(body: bytes, declared: str = "") -> tuple[str, str]:
    """The Cyrillic reading that looks best; the declared one wins a near tie."""
    sample = body[:_SAMPLE]
    scores = {}
    for name in _CYRILLIC:
        text = sample.decode(name, "replace")
        bonus = 0.02 if name == declared else 0.0
        if name in ("kz1048", "ptcp154"):  # only for Kazakh letters is there a reason to leave windows-1251
            bonus += 0.01 if sum(char in _KAZAKH for char in text) > 3 else -0.05
        scores[name] = _looks(text) + bonus
    best = max(_CYRILLIC, key=lambda name: scores[name])
    return body.decode(best, "replace"), best


def _guess(body: bytes, declared: list[str]) -> tuple[str, str]:
    text, name = _best_cyrillic(body)
    if _looks(text[:_SAMPLE]) > 0.5:
        return text, name
    if declared and declared[0] != "utf-8":
        return body.decode(declared[0], "replace"), declared[0]
    if "utf-8" in declared and _broken_share(body) < 0.5:
        return body.decode("utf-8", "ortaq-cyrillic"), "utf-8"
    from charset_normalizer import from_bytes

    best = from_bytes(body[:_SAMPLE]).best()
    name = best.encoding if best is not None else "windows-1252"
    return body.decode(name, "replace"), name


def _cyrillic_runs(error: UnicodeError) -> tuple[str, int]:
    """A decoding error handler: a run of at least three broken bytes that are Cyrillic letters in windows-1251."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    body, end = error.object, error.start
    while end < len(body) and (body[end] >= 0xC0 or body[end] in b"\xa8\xb8"):
        if body[end] < 0xE0 and 0x80 <= int.from_bytes(body[end + 1 : end + 2]) < 0xC0:
            break  # a letter in UTF-8 again
        end += 1
    if end - error.start >= 3:
        return body[error.start : end].decode("windows-1251"), end
    return "\ufffd", error.end


codecs.register_error("ortaq-cyrillic", _cyrillic_runs)
