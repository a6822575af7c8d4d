"""One page as one WARC 1.1 record in one gzip member, and the record back as a page.

Standard: ISO 28500:2017 (WARC 1.1), its Annex D for gzip members. What the standard has no field for travels as ASCII
JSON in `Ortaq-Page`; `Ortaq-Chain` holds the SHA-256 of the header block of the record before. That block names
its own block digest and its own chain link, so one digest vouches for all that came before it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import uuid4

from ortaq import __version__
from ortaq.errors import Quarantined
from ortaq.model import Json, Page
from ortaq.store.codec import hints_from_json, hints_to_json

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

GENESIS = "sha256:" + "0" * 64
"""What the very first record is chained to."""

MAX_RECORD = 256_000_000
"""Bytes of one record, uncompressed: more is refused when writing and taken for damage when reading."""

_LONG_JSON = 8_000  # above it the JSON is deflated: other tools refuse header blocks of 64 kB
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}")  # RFC 9110, 5.6.2
_PLAIN = re.compile(r"(?:[!-~](?:[\t -~]{0,4000}[!-~])?)?")
_CODINGS = ("content-encoding", "transfer-encoding")


@dataclass(frozen=True, slots=True)
class Record:
    """A whole record; `page` is None for the warcinfo that opens a segment. Digests are written `sha256:HEX`."""

    id: str
    info: str  # the record id of the warcinfo of its segment
    link: str  # digest of the record before
    digest: str  # of this one
    payload_digest: str  # as claimed
    page: Page | None


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def encode_info(file_name: str, link: str) -> tuple[bytes, str, str]:
    """The warcinfo that opens a segment: (gzip member, digest, record id)."""
    body = (
        f"software: Ortaq/{__version__}\r\n"
        "format: WARC File Format 1.1\r\n"
        "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
    ).encode("ascii")
    id = f"<urn:uuid:{uuid4()}>"
    headers = {
        "WARC-Type": "warcinfo",
        "WARC-Record-ID": id,
        "WARC-Date": _warc_date(datetime.now(UTC)),
        "WARC-Filename": file_name,
        "WARC-Block-Digest": sha256(body),
        "Ortaq-Chain": link,
    }
    member, digest = _write("warcinfo", "", headers, body, "application/warc-fields", None)
    return member, digest, id


def encode(page: Page, info: str, link: str) -> tuple[bytes, str]:
    """(gzip member, digest) of the page, in the segment opened by `info`, after the record with digest `link`."""
    known: Json = {"role": page.role, "outlet": page.outlet, "source": page.source}
    uri = _safe_uri(page.url)
    is_http = (
        page.role != "item"
        and bool(page.headers)
        and 100 <= page.status <= 999
        and uri.startswith(("http://", "https://"))
    )
    plain, aside = _split_headers(page) if is_http else ([], [[i, *pair] for i, pair in enumerate(page.headers)])
    content_type = (
        page.media_type if page.media_type and _PLAIN.fullmatch(page.media_type) else "application/octet-stream"
    )
    known |= {
        key: value
        for key, value, needed in (
            ("url", page.url, uri != page.url),
            ("final_url", page.final_url, page.final_url),
            ("status", page.status, not is_http and page.status != 200),
            ("media_type", page.media_type, is_http or content_type != page.media_type),
            ("headers", aside, aside),
            ("hints", hints_to_json(page.hints), hints_to_json(page.hints)),
        )
        if needed
    }
    head = ""
    if is_http:
        head = "".join(f"{name}: {value}\r\n" for name, value in plain) + "\r\n"
        head = f"HTTP/1.1 {page.status} {_phrase(page.status)}\r\n{head}"
    headers = {
        "WARC-Type": "response" if is_http else "resource",
        "WARC-Record-ID": f"<urn:uuid:{uuid4()}>",
        "WARC-Warcinfo-ID": info,
        "WARC-Date": _warc_date(page.fetched_at),
        "WARC-Target-URI": uri,
        "WARC-Payload-Digest": sha256(page.body),
        "WARC-Block-Digest": sha256(head.encode("ascii") + page.body),
        "Ortaq-Chain": link,
        "Ortaq-Page": _pack(known),
    }
    http = (f"{page.status} {_phrase(page.status)}", plain) if is_http else None
    return _write(headers["WARC-Type"], uri, headers, page.body, "" if is_http else content_type, http)


def _write(
    kind: str,
    uri: str,
    headers: dict[str, str],
    body: bytes,
    content_type: str,
    http: tuple[str, list[tuple[str, str]]] | None,
) -> tuple[bytes, str]:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    record = writer.create_warc_record(
        uri,
        kind,
        payload=BytesIO(body),
        length=len(body),
        warc_content_type=content_type,
        warc_headers_dict=headers,
        http_headers=StatusAndHeaders(http[0], http[1], protocol="HTTP/1.1") if http else None,
    )
    writer.write_record(record)
    return out.getvalue(), sha256(record.rec_headers.to_bytes())


def _split_headers(page: Page) -> tuple[list[tuple[str, str]], list[list[object]]]:
    """Headers that stand in the HTTP block as they are, and [index, name, value] of those that can't.

    Codings and a length that no longer fit the decoded body would mislead other readers of the file; control
    characters could forge headers.
    """
    plain: list[tuple[str, str]] = []
    aside: list[list[object]] = []
    for index, (name, value) in enumerate(page.headers):
        lower = name.lower()
        fits = lower not in _CODINGS and (lower != "content-length" or value == str(len(page.body)))
        if fits and _TOKEN.fullmatch(name) and _PLAIN.fullmatch(value):
            plain.append((name, value))
        else:
            aside.append([index, name, value])
    return plain, aside


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _safe_uri(url: str) -> str:
    if _URI.fullmatch(url):
        return url
    safe = quote(url, safe=":/?#[]@!$&'()*+,;=%~-._", errors="surrogatepass")
    return safe if _URI.fullmatch(safe) else f"urn:ortaq:{safe or 'none'}"


def _warc_date(at: datetime) -> str:
    if at.utcoffset() is None:
        raise ValueError(f"an instant needs a time zone: {at.isoformat()}")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _pack(values: Json) -> str:
    text = json.dumps(values, separators=(",", ":"))
    if len(text) <= _LONG_JSON:
        return text
    return "deflate," + base64.b64encode(zlib.compress(text.encode("ascii"))).decode("ascii")


def _unpack(text: str) -> Json:
    if text.startswith("deflate,"):
        inflate = zlib.decompressobj()
        text = inflate.decompress(base64.b64decode(text[8:]), MAX_RECORD).decode("ascii")
    values: Json = json.loads(text)
    return values


def decode(raw: bytes) -> Record:
    """A record from its uncompressed bytes, its block digest checked. Raises ValueError when it is not one of ours."""
    from fastwarc.warc import WarcRecord

    try:
        head = raw[: raw.index(b"\r\n\r\n") + 4]
        record = WarcRecord.from_bytes(raw)
        # A flipped bit in a header name would otherwise read as a missing field.
        headers = {name.lower(): value for name, value in record.headers.items()}
        length = int(headers["content-length"])
        if raw[len(head) + length :] != b"\r\n\r\n":
            raise ValueError("its length is wrong")
        if sha256(raw[len(head) : len(head) + length]) != headers["warc-block-digest"]:
            raise ValueError("its block digest is wrong")
        is_info = headers["warc-type"] == "warcinfo"
        return Record(
            id=headers["warc-record-id"],
            info=headers["warc-record-id"] if is_info else headers["warc-warcinfo-id"],
            link=headers["ortaq-chain"],
            digest=sha256(head),
            payload_digest="" if is_info else headers["warc-payload-digest"],
            page=None if is_info else _page(record, headers),
        )
    except KeyError as error:
        raise ValueError(f"it has no {error.args[0]}") from None
    except (OSError, TypeError, AttributeError, IndexError, zlib.error) as error:
        raise ValueError(str(error)) from None


def _page(record: WarcRecord, headers: dict[str, str]) -> Page:
    known = _unpack(headers["ortaq-page"])
    is_http = headers["warc-type"] == "response"
    pairs: list[tuple[str, str]] = []
    status = known.get("status", 200)
    if is_http:
        record.parse_http(max_header_len=MAX_RECORD)
        http = record.http_headers
        if http is None or http.status_line is None:
            raise ValueError("it has no HTTP headers")
        pairs = list(http.items())
        status = int(http.status_line.split(" ", 2)[1])
    for index, name, value in known.get("headers", ()):
        pairs.insert(index, (name, value))
    return Page(
        url=known.get("url", headers["warc-target-uri"]),
        body=record.reader.read(),
        media_type=known.get("media_type", headers["content-type"]),
        fetched_at=datetime.fromisoformat(headers["warc-date"]),
        role=known["role"],
        outlet=known["outlet"],
        source=known["source"],
        final_url=known.get("final_url", ""),
        status=status,
        headers=tuple(pairs),
        hints=hints_from_json(known.get("hints", {})),
    )


def check_size(page: Page) -> None:
    """Raises Quarantined for a page that the archive would not read back."""
    if len(page.body) > MAX_RECORD // 2:
        raise Quarantined(
            f"{len(page.body):,} bytes are too many for one record",
            where=page.url,
            fix=f"Split the input into parts of at most {MAX_RECORD // 2:,} bytes",
        )
