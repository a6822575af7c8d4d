"""Finding records in a segment: one gzip member after the other, stepping over damage.

The gzip members are followed here and not by a WARC library because a crash or a bad disk must leave exact places:
where the last whole record ends and where the next one begins.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ortaq.store.warc import MAX_RECORD, Record, decode

_MAGIC = b"\x1f\x8b\x08\x00\x00\x00\x00\x00"  # gzip, deflate, no flags, no time: as zlib writes it
_CHUNK = 16_384
_WINDOW = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """Bytes `start` to `end` of a segment: a record, or bytes that are none and the reason."""

    start: int
    end: int
    record: Record | None
    reason: str = ""


def record_at(file: BinaryIO, start: int, end: int) -> tuple[Record, int]:
    """The record that begins at `start`, and where it ends. Raises ValueError when no whole one is there."""
    file.seek(start)
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    parts: list[bytes] = []
    at, size = start, 0
    while not inflate.eof:
        chunk = file.read(min(_CHUNK, end - at))
        if not chunk:
            raise ValueError("it is cut off")
        at += len(chunk)
        try:
            # At most 1,032 times the chunk (the limit of deflate), so memory stays bounded before the check.
            parts.append(inflate.decompress(chunk))
        except zlib.error as error:
            raise ValueError(f"its bytes are damaged ({error})") from None
        size += len(parts[-1])
        if size > MAX_RECORD:
            raise ValueError(f"it is over {MAX_RECORD:,} bytes")
    return decode(b"".join(parts)), at - len(inflate.unused_data)


def walk(file: BinaryIO, start: int, end: int) -> Iterator[Entry]:
    """All that lies between two offsets of a segment, `start` being a record's; damage is stepped over."""
    while start < end:
        try:
            record, after = record_at(file, start, end)
        except ValueError as error:
            after = _next_record(file, start + 1, end)
            yield Entry(start, after, None, str(error))
        else:
            yield Entry(start, after, record)
        start = after


def _next_record(file: BinaryIO, start: int, end: int) -> int:
    """Where the next whole record begins, or `end`.

    A page's body can hold gzip members that look like records. Only a record that names this segment's warcinfo,
    whose id is random, is believed; without a readable warcinfo the first one that is whole is.
    """
    try:
        info = record_at(file, 0, end)[0].info.encode("ascii")
    except ValueError:
        info = b""
    while start < end:
        file.seek(start)
        window = file.read(min(_WINDOW, end - start))
        found = window.find(_MAGIC)
        while found >= 0:
            if _looks_like_record(file, start + found, info):
                try:
                    record_at(file, start + found, end)
                except ValueError:
                    pass
                else:
                    return start + found
            found = window.find(_MAGIC, found + 1)
        start += max(len(window) - len(_MAGIC) + 1, 1)
    return end


def _looks_like_record(file: BinaryIO, start: int, info: bytes) -> bool:
    file.seek(start)
    try:
        head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(file.read(1024), 1024)
    except zlib.error:
        return False
    return head.startswith(b"WARC/1.1\r\n") and info in head
