"""Web archives: WARC (ISO 28500), plain or gzip, and WACZ (https://specs.webrecorder.net/wacz/1.1.1/)."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, cast
from urllib.parse import urlsplit

from ortaq.gather.kind import LocalKind
from ortaq.gather.kinds._bytes import MAX_RATIO, RATIO_FREE, Readable, Unpacked
from ortaq.gather.kinds._files import owner, shown, why
from ortaq.gather.kinds.folder import MAX_BYTES, MEDIA_TYPES
from ortaq.model import Page, Problem, Source

SUFFIXES = (".warc", ".warc.gz", ".wacz")
MAX_MEMBERS = 10_000
MAX_HEADERS = 100
WANTED = frozenset(MEDIA_TYPES.values()) | {"text/rtf"}


def accepts(path: Path) -> bool:
    """A file named so."""
    return path.name.lower().endswith(SUFFIXES) and path.is_file()


def pages(path: Path, source: Source, now: datetime) -> Iterator[Page | Problem]:
    """The web pages and documents that answered 200, role "article", fetched when the archive says.

    Pictures, scripts, style sheets, robots.txt, redirects and errors are skipped without a word. Of an archive that
    was cut off, what comes before the cut is read. Nothing is written to the disk.
    """
    where = shown(path)
    try:
        if path.name.lower().endswith(".wacz"):
            yield from _wacz(path, where, source, now)
        else:
            with path.open("rb") as raw:
                yield from _warc(raw, where, source, now)
    except OSError as error:
        yield Problem(where, f"the file can't be read: {why(error)}", "Check its permissions")


def _wacz(path: Path, where: str, source: Source, now: datetime) -> Iterator[Page | Problem]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        yield Problem(where, f"not a WACZ file: {error}", "Get the file again")
        return
    with archive:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            yield Problem(where, f"{len(members)} files in it; only the first {MAX_MEMBERS} are looked at")
        for member in members[:MAX_MEMBERS]:
            name = member.filename
            place = f"{where}!{name[:300].encode('utf-8', 'replace').decode('utf-8')}"
            if name.startswith(("/", "\\")) or ".." in PurePosixPath(name.replace("\\", "/")).parts or name[1:2] == ":":
                yield Problem(place, "a file name that leads out of the archive; ignored")
            elif name.startswith("archive/") and name.lower().endswith((".warc", ".warc.gz")):
                if member.file_size > max(RATIO_FREE, MAX_RATIO * member.compress_size):
                    yield Problem(place, f"unpacks to more than {MAX_RATIO} times its size: taken for a bomb")
                    continue
                try:
                    with archive.open(member) as raw:
                        yield from _warc(raw, place, source, now)
                except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
                    # RuntimeError: it is encrypted; NotImplementedError: a compression nobody uses
                    yield Problem(place, f"can't be unpacked: {error}")


class _Guarded(Unpacked):
    """An unpacked stream as fastwarc wants it; an error of the file below ends it as a problem, not in fastwarc."""

    def read(self, size: int = 1 << 16) -> bytes:
        try:
            return super().read(size)
        except (OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile) as error:
            return self._end(f"can't be read further: {error}")


def _warc(raw: Readable, where: str, source: Source, now: datetime) -> Iterator[Page | Problem]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    stream = _Guarded(raw)
    seen = False
    try:
        every = WarcRecordType.any_type
        for record in ArchiveIterator(cast(Any, stream), record_types=every, parse_http=True, auto_decode="none"):
            seen = True
            if (found := _record(record, where, source, now)) is not None:
                yield found
    except (OSError, ValueError, EOFError) as error:
        if not stream.problem:
            yield Problem(where, f"damaged: {error}; what came before was read", "Get the file again")
            return
    except BaseException as error:
        # A fault inside fastwarc is a Rust panic, which is no Exception; everything else goes on its way.
        if type(error).__name__ != "PanicException":
            raise
        yield Problem(
            where, "damaged in a way that fastwarc can't read; what came before was read", "Get the file again"
        )
        return
    if stream.problem:
        yield Problem(where, stream.problem, "Get the file again")
    elif not seen:
        yield Problem(where, "no WARC record in it", "Is this a WARC file?")


def _record(record: Any, where: str, source: Source, now: datetime) -> Page | Problem | None:
    url = record.headers.get("WARC-Target-URI", "").strip("<> ")
    place = f"{where}!{url[:300].encode('utf-8', 'replace').decode('utf-8')}"
    http = record.http_headers
    record_type = record.headers.get("WARC-Type")
    if record_type is None or record.headers.get("Content-Length") is None:
        return Problem(where, "cut off or damaged inside a record's header")
    if record_type not in {"response", "resource"}:
        return None
    if record_type == "response":
        if not url.startswith(("http://", "https://")):
            return None
        if http is None or not isinstance(http.status_code, int):
            return Problem(place, "cut off before its HTTP headers ended")
        if http.status_code != 200:
            return None
    # A map without headers is false, hence "is not None".
    label = (http.get("Content-Type") if http is not None else record.headers.get("Content-Type")) or ""
    media_type = label.lower().partition(";")[0].strip()
    if (media_type and media_type not in WANTED) or _is_robots(url):
        return None
    if record.content_length > MAX_BYTES:
        return Problem(place, f"larger than {MAX_BYTES // 1_000_000} MB")
    body = record.reader.read(MAX_BYTES + 1)
    if len(body) < record.content_length:
        return Problem(place, "cut off; the part that is there was not taken")
    if not media_type:
        return None
    headers = http.to_tuples()[:MAX_HEADERS] if http is not None else ()
    decoded = _decoded(body, http) if http is not None else body
    if isinstance(decoded, str):
        return Problem(place, decoded)
    if not decoded.strip():
        return None
    outlet = owner(source, "", url)
    if not outlet:
        return Problem(place, "belongs to no outlet", "Import it with an outlet")
    return Page(
        url=url,
        body=decoded,
        media_type=media_type,
        fetched_at=_date(record, now),
        role="article",
        outlet=outlet,
        source=source.id,
        headers=tuple((name, value[:8_000]) for name, value in headers if name.lower() not in _CODINGS),
    )


_CODINGS = frozenset({"content-encoding", "transfer-encoding", "content-length"})


def _decoded(body: bytes, http: Any) -> bytes | str:
    """The body free of transfer and content coding, or why it can't be.

    Many archivers store the body decoded and leave the header in place: what is plainly not coded is taken as it is.
    """
    codings = [part.strip() for part in (http.get("Content-Encoding") or "").lower().split(",") if part.strip()]
    if "chunked" in (http.get("Transfer-Encoding") or "").lower():
        codings.append("chunked")
    for coding in reversed(codings[-4:]):
        if coding == "identity":
            continue
        if coding not in {"chunked", "gzip", "x-gzip", "deflate", "br", "zstd"}:
            return f"unknown content coding {coding[:40]!r}"
        try:
            body = _without(coding, body)
        except (OSError, zlib.error) as error:
            if not _is_plain(body):
                return f"the body's {coding} coding is damaged: {error}"
        if len(body) > MAX_BYTES:
            return f"unpacks to more than {MAX_BYTES // 1_000_000} MB"
    return body


def _without(coding: str, body: bytes) -> bytes:
    """At most MAX_BYTES + 1 bytes of the body without one coding. Raises OSError or zlib.error."""
    from fastwarc.stream_io import BrotliReader, ChunkedReader, ZstdReader

    if coding in {"gzip", "x-gzip", "deflate"}:
        raw = coding == "deflate" and body[:1] != b"\x78"  # RFC 9110 says zlib, some servers send bare DEFLATE
        packed = zlib.decompressobj(31 if coding != "deflate" else -15 if raw else 15)
        unpacked = packed.decompress(body, MAX_BYTES + 1)
        if not packed.eof and len(unpacked) <= MAX_BYTES:
            raise zlib.error("cut off")
        return unpacked
    reader = {"chunked": ChunkedReader, "br": BrotliReader, "zstd": ZstdReader}[coding](io.BytesIO(body))
    unpacked = b""
    while len(unpacked) <= MAX_BYTES and (piece := reader.read(1 << 20)):
        unpacked += piece
    return unpacked


def _is_plain(body: bytes) -> bool:
    return body.lstrip()[:1] in {b"<", b"%", b"{"} or not any(byte < 9 for byte in body[:1_000])


def _is_robots(url: str) -> bool:
    try:
        return urlsplit(url).path == "/robots.txt"
    except ValueError:
        return True


def _date(record: Any, now: datetime) -> datetime:
    try:
        at: datetime | None = record.record_date
    except ValueError:
        return now
    if at is None:
        return now
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


kind = LocalKind("webarchive", accepts, pages)
