"""Bytes from strangers: which encoding they are in, and unpacking gzip without being blown up."""

from __future__ import annotations

import codecs
import io
import re
import zlib
from typing import Protocol

from ortaq.model import Page

PIECE = 1 << 16
MAX_RATIO = 200
"""Unpacked to packed bytes beyond which a file is taken for a bomb; text packs at 3 to 20, DEFLATE ends at 1,032."""
RATIO_FREE = 100_000_000
"""The ratio is asked only of files that unpack to more than this many bytes."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_XML_CHARSET = re.compile(rb"""^\s{0,64}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._:-]{1,40})""")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,300}?charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_CYRILLIC_PAIR = re.compile("[а-яёғқңөұүһіәўҳҷӣӯ]{2}")
_GUESSES = ("windows-1251", "koi8-r", "cp866", "mac_cyrillic")
_SAMPLE = 200_000


class Readable(Protocol):
    """Anything bytes are read from, a piece at a time."""

    def read(self, size: int = ..., /) -> bytes: ...


def decode(page: Page) -> str:
    """The body as text, whatever its labels say; bytes that fit no encoding become U+FFFD.

    Trusted in this order: a byte order mark; being valid UTF-8 (no Cyrillic or Arabic text in another encoding is);
    the charset of the HTTP header, of the XML declaration, of the HTML meta element. A single-byte label is
    overruled where a Cyrillic encoding explains the bytes far better: windows-1251 pages are often labelled
    iso-8859-1, or KOI8-R after a server was moved.
    """
    body = page.body
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    labels = [label for label in _labels(page) if _known(label)]
    wide = next((label for label in labels if codecs.lookup(label).name.startswith(("utf-16", "utf-32"))), None)
    if wide and b"\x00" in body[:100]:
        return body.decode(wide, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    return body.decode(_single_byte(body, labels), "replace")


def _labels(page: Page) -> list[str]:
    header = " ".join([page.media_type, *(value for name, value in page.headers if name.lower() == "content-type")])
    found = [match.group(1) for match in [_HEADER_CHARSET.search(header)] if match]
    for pattern in (_XML_CHARSET, _META_CHARSET):
        if match := pattern.search(page.body[:4096]):
            found.append(match.group(1).decode("ascii"))
    return found


def _known(label: str) -> bool:
    try:
        # Not every codec makes text of bytes ("rot13", "zlib"), and a few take time that grows faster than the input.
        return b"a".decode(label) == "a" and codecs.lookup(label).name not in {"idna", "punycode", "unicode_escape"}
    except (LookupError, UnicodeError, ValueError):
        return label.lower().replace("_", "-").startswith(("utf-16", "utf-32"))


def _single_byte(body: bytes, labels: list[str]) -> str:
    sample = body[:_SAMPLE]
    high = sum(byte > 0x7F for byte in sample)
    broken = sample.decode("utf-8", "replace").count("�")
    if broken * 3 < high:  # UTF-8 that was cut or has a few bad bytes; in another encoding nearly every byte is bad
        return "utf-8"
    declared = next((label for label in labels if codecs.lookup(label).name != "utf-8"), None)
    scores = {name: _cyrillic_score(sample, name) for name in _GUESSES}
    best = max(_GUESSES, key=lambda name: scores[name])
    if declared is None:
        return best if scores[best] * 8 > high else "windows-1252"
    # Correctly labelled text scores about the same as the best guess; mislabelled Cyrillic scores near nothing.
    mislabelled = scores[best] * 4 > high and scores[best] > 3 * _cyrillic_score(sample, declared)
    # Encodings of several bytes a letter also make accidental Cyrillic; their labels are believed.
    return best if mislabelled and codecs.lookup(declared).name.startswith(_ONE_BYTE) else declared


_ONE_BYTE = ("cp12", "iso8859", "koi8", "cp866", "mac", "latin", "ascii")


def _cyrillic_score(sample: bytes, encoding: str) -> int:
    return len(_CYRILLIC_PAIR.findall(sample.decode(encoding, "replace")))


class Unpacked:
    """A stream, unpacked when it is gzip (of any number of members), read a bounded piece at a time.

    Never raises on bad bytes: reading ends, and `problem` says why ("" when all is well).
    """

    def __init__(self, raw: Readable, *, ratio_free: int = RATIO_FREE) -> None:
        self.problem = ""
        self._raw = raw
        self._ratio_free = ratio_free
        self._waiting = raw.read(2)
        if len(self._waiting) == 1:
            self._waiting += raw.read(1)
        self._gzip = zlib.decompressobj(31) if self._waiting == b"\x1f\x8b" else None
        self._ended = False
        self._packed = len(self._waiting)
        self._unpacked = 0

    def read(self, size: int = PIECE) -> bytes:
        """At most `size` bytes; b"" at the end."""
        size = size if size > 0 else PIECE
        if self._ended:
            return b""
        piece = self._next(size)
        self._unpacked += len(piece)
        if self._gzip and self._unpacked > self._ratio_free and self._unpacked > MAX_RATIO * self._packed:
            return self._end(f"unpacks to more than {MAX_RATIO} times its size: taken for a decompression bomb")
        return piece or self._end("")

    def tell(self) -> int:
        """How many bytes were read from it."""
        return self._unpacked

    def _next(self, size: int) -> bytes:
        if self._gzip is None:
            piece, self._waiting = self._waiting[:size], self._waiting[size:]
            return piece or self._raw.read(size)
        while True:
            if self._gzip.eof and not self._next_member():
                return b""
            data = self._waiting or self._fill()
            try:
                piece = self._gzip.decompress(data, size)
            except zlib.error as error:
                return self._end(f"the gzip data is damaged ({error}); what came before was read")
            self._waiting = self._gzip.unconsumed_tail
            if piece:
                return piece
            if not data:
                return b"" if self._gzip.eof else self._end("the gzip data is cut off; what came before was read")

    def _next_member(self) -> bool:
        assert self._gzip is not None  # noqa: S101 - for the type checker
        rest = self._gzip.unused_data.lstrip(b"\x00")
        while len(rest) < 2 and (more := self._fill()):
            rest = (rest + more).lstrip(b"\x00")
        if rest[:2] == b"\x1f\x8b":
            self._gzip = zlib.decompressobj(31)
            self._waiting = rest
            return True
        if rest:
            self.problem = "bytes after the end of the gzip data were left out"
        return False

    def _fill(self) -> bytes:
        data = self._raw.read(PIECE)
        self._packed += len(data)
        return data

    def _end(self, problem: str) -> bytes:
        self._ended = True
        self.problem = self.problem or problem
        return b""


def unpack(body: bytes, limit: int) -> tuple[bytes, str]:
    """The body, unpacked when it is gzip, and what was wrong; no more than `limit` bytes are made."""
    if not body.startswith(b"\x1f\x8b"):
        return body[:limit], "" if len(body) <= limit else f"longer than {limit} bytes; the rest was left out"
    stream = Unpacked(io.BytesIO(body), ratio_free=limit)
    pieces = bytearray()
    while piece := stream.read(PIECE):
        pieces += piece
        if len(pieces) > limit:
            return bytes(pieces[:limit]), f"unpacks to more than {limit} bytes; the rest was left out"
    return bytes(pieces), stream.problem
