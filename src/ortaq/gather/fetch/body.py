"""Bodies, free of content coding and never larger than allowed, however well they were packed."""

from __future__ import annotations

import io
import zlib
from collections.abc import AsyncIterable, Iterator

from ortaq.errors import Quarantined, Retry

ACCEPT_ENCODING = "gzip, deflate"  # what zlib can unpack step by step under a limit
STEP = 262_144  # bytes unpacked at a time
WIRE_SLACK = 4_096  # bytes of framing that a packed body may have beyond its plain size

_GZIP_MAGIC = b"\x1f\x8b"


async def read_body(
    chunks: AsyncIterable[bytes], coding: str, max_bytes: int, where: str, *, truncate: bool = False
) -> bytes:
    """Unpack while reading. `coding` is the Content-Encoding header, `max_bytes` the limit after unpacking.

    At a body over the limit raises Quarantined, or with `truncate` returns its beginning. Raises Retry for a packed
    body that ends early, Quarantined for an unknown coding or a damaged one. A body that says gzip and is plain is
    taken as it is.
    """
    decoder = _decoder(coding, where)
    body = io.BytesIO()  # grows in place and gives its bytes away without a copy
    wire = 0
    async for chunk in chunks:
        wire += len(chunk)
        for part in decoder.feed(chunk):
            body.write(part[: max_bytes + 1 - body.tell()])
            if body.tell() > max_bytes:
                break
        if body.tell() > max_bytes or wire > max_bytes + WIRE_SLACK:
            if truncate:
                body.truncate(min(body.tell(), max_bytes))
                return body.getvalue()
            raise too_large(f"more than {max_bytes:,} bytes (after {wire:,} on the wire)", max_bytes, where)
    if decoder.unfinished:
        raise Retry(f"the {coding} body ended early, after {wire:,} bytes", where=where, fix="It is asked for again")
    return body.getvalue()


def too_large(size: str, max_bytes: int, where: str) -> Quarantined:
    """The error for a body over the limit, which names both sizes."""
    fix = "Raise gather.max_bytes if it should be read"
    return Quarantined(f"the body is too large: {size}, gather.max_bytes is {max_bytes:,}", where=where, fix=fix)


def _decoder(coding: str, where: str) -> _Plain | _Packed:
    names = [name for part in coding.split(",") if (name := part.strip().lower()) not in ("", "identity")]
    if not names:
        return _Plain()
    if len(names) > 1 or names[0] not in ("gzip", "x-gzip", "deflate"):
        what = f"the body is packed as {coding.strip()[:80]!r}, which was not offered"
        raise Quarantined(what, where=where, fix=f"The server should honor Accept-Encoding: {ACCEPT_ENCODING}")
    return _Packed(names[0].removeprefix("x-"), where)


class _Plain:
    unfinished = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Packed:
    """gzip (RFC 1952, members may follow one another) or deflate (zlib, RFC 1950, or raw, RFC 1951, as found)."""

    def __init__(self, coding: str, where: str) -> None:
        self._coding = coding
        self._where = where
        self._head = b""
        self._window: int | None = None  # zlib's code for the format; 0 is "not packed after all"
        self._stream = zlib.decompressobj()
        self._begun = False

    @property
    def unfinished(self) -> bool:
        return bool(self._head) or (self._begun and not self._stream.eof)

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._window is None:
            data = self._head + data
            self._head = b""
            if len(data) < 2:
                self._head = data
                return
            self._window = self._format(data)
            self._stream = zlib.decompressobj(self._window) if self._window else self._stream
        if self._window == 0:
            yield data
            return
        part = b""
        while data or len(part) == STEP:  # a full step may have left output inside zlib, with no input left over
            if self._stream.eof:
                if self._coding != "gzip" or not data.startswith(_GZIP_MAGIC[:1]):
                    return  # what follows the last member is padding
                self._stream = zlib.decompressobj(self._window)
            self._begun = True
            try:
                part = self._stream.decompress(data, STEP)
            except zlib.error as error:
                what = f"the {self._coding} body is damaged ({error})"
                raise Quarantined(what, where=self._where, fix="The server must send what it says") from None
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            yield part

    def _format(self, head: bytes) -> int:
        if self._coding == "gzip":
            return zlib.MAX_WBITS | 16 if head.startswith(_GZIP_MAGIC) else 0
        is_zlib = head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0
        return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
