"""A document of a press office to one article: Word (docx), OpenDocument, PDF, RTF, plain text.

Nothing is unpacked to disk, macros and links are never followed, and what a file claims to expand to is checked
before it is expanded.
"""

from __future__ import annotations

from datetime import datetime

from ortaq.errors import Quarantined
from ortaq.model import Article, Page, Problem, ReadResult, short_id
from ortaq.read.clean import clean
from ortaq.read.dates import ParsedDate, parse_date
from ortaq.read.formats import READERS
from ortaq.read.pdf import MAX_CHARACTERS
from ortaq.read.shorts import headline_from, paragraphs_of
from ortaq.read.urls import address_of, canonical_url, country_of
from ortaq.read.version import VERSION
from ortaq.read.when import AHEAD, EARLIEST

MAX_BYTES = 50_000_000  # of a document as it comes
HEADLINE = 200  # characters of a first line that can be a headline
DATELINE = 120

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_document(page: Page) -> ReadResult:
    """The article in a document. Raises Quarantined with the reason when there is none."""
    if len(page.body) > MAX_BYTES:
        raise Quarantined(f"the document has {len(page.body):,} bytes, more than {MAX_BYTES:,}", where=page.url)
    kind = _kind(page)
    if kind not in READERS:
        raise Quarantined(
            f"can't read {page.media_type or 'this kind of file'}", where=page.url, fix="Save it as docx or PDF"
        )
    problems: list[Problem] = []
    text = clean(READERS[kind](page, problems))
    if not text:
        raise Quarantined("the document holds no text", where=page.url, fix="Recognize a scan's letters (OCR) first")
    headline, body, dated = split_document(
        text[:MAX_CHARACTERS], page.fetched_at, page.hints.zone or country_of(page.url)
    )
    if len(text) > MAX_CHARACTERS:
        problems.append(Problem(page.url, f"only the first {MAX_CHARACTERS:,} characters were read"))
    url = canonical_url(page.final_url or page.url)
    article = Article(
        id=short_id("a", url) if url else short_id("a", page.outlet, page.url or text),
        url=url or address_of(page.url),
        outlet=page.outlet,
        source=page.source,
        headline=headline,
        text=body,
        fetched_at=page.fetched_at,
        language=page.hints.language or "und",
        authors=page.hints.authors,
        section=page.hints.section,
        published_at=dated.at if dated else page.hints.published_at,
        made_by={"read": f"{kind}/{VERSION}"},
    )
    return ReadResult((article,), tuple(problems))


def split_document(text: str, fetched_at: datetime, country: str = "") -> tuple[str, str, ParsedDate | None]:
    """(headline, body, date) of a press text: the first line that is a headline, the dateline beside it, the rest.

    A first line too long for a headline stays in the body, and its first sentence is the headline.
    """
    lines = paragraphs_of(text).split("\n\n")
    dated: ParsedDate | None = None
    headline = ""
    for _ in range(3):
        if not lines:
            break
        found = _dateline(lines[0], fetched_at, country) if dated is None else None
        if found is not None:
            dated = found
        elif not headline and len(lines) > 1 and len(lines[0]) <= HEADLINE and not lines[0].endswith((",", ";")):
            headline = lines[0].rstrip(".") if not lines[0].endswith("...") else lines[0]
        else:
            break
        lines = lines[1:]
    if not lines:  # nothing but a headline or a date
        return headline or headline_from(text), paragraphs_of(text), dated
    return headline or headline_from("\n".join(lines)), "\n\n".join(lines), dated


def _dateline(line: str, fetched_at: datetime, country: str) -> ParsedDate | None:
    """The date on a line that holds a date and at most a place."""
    if len(line) > DATELINE or sum(char.isalpha() for char in line) > 60:
        return None
    found = parse_date(line, country=country)
    return found if found is not None and EARLIEST <= found.at <= fetched_at + AHEAD else None


def _kind(page: Page) -> str:
    start = page.body[:1024]
    if b"%PDF-" in start:
        return "pdf"
    if start.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    if start.startswith(_OLE):
        if (
            "EncryptedPackage".encode("utf-16-le") in page.body[:200_000]
            or "EncryptedPackage".encode("utf-16-le") in page.body
        ):
            raise Quarantined("the document is protected by a password", where=page.url, fix="Save it without one")
        raise Quarantined("the old binary Word format", where=page.url, fix="Save it as docx")
    if start.startswith(b"PK"):
        return "odt" if b"opendocument" in start else "docx"
    media = page.media_type.split(";")[0].strip().lower()
    if media.startswith("text/") or (not media and b"\x00" not in start):
        return "text"
    if any(name in media for name in ("word", "opendocument", "pdf", "rtf")):
        raise Quarantined("the document is damaged", where=page.url, fix="Get it again")
    return media
