"""The door of the room: a page in, articles and problems out, whatever the page holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from ortaq.errors import Quarantined
from ortaq.model import Article, Hints, Page, Problem, ReadResult

_HTML = ("text/html", "application/xhtml", "application/xml", "text/xml")


def read_page(page: Page) -> ReadResult:
    """What the page says. Never raises on a page's bytes: what can't be used comes back as problems.

    The role decides: an article's page or document gives one article, a channel's page its posts, an import's item
    one; listings and robots.txt give nothing, gather reads those.
    """
    try:
        result = _read(page)
    except Quarantined as error:
        result = ReadResult(problems=(Problem(error.where or page.url, error.what, error.fix),))
    except Exception as error:  # a parser's bug on hostile bytes must not stop the rest
        reason = f"reading failed with {type(error).__name__}: {str(error)[:200]}"
        result = ReadResult(problems=(Problem(page.url, reason, "Please report the page"),))
    if not result.problems or page.place == page.url:
        return result
    told = [replace(each, where=page.place) if each.where == page.url else each for each in result.problems]
    return replace(result, problems=tuple(told))


def extract(
    html: bytes | str,
    url: str,
    *,
    content_type: str = "",
    fetched_at: datetime | None = None,
    hints: Hints | None = None,
) -> Article:
    """The article on one HTML page, for use alone. Raises Quarantined when there is none.

    `content_type` is the HTTP header's value; `fetched_at` (now by default) bounds the dates that are believed.
    """
    from ortaq.read.charset import decode
    from ortaq.read.web import read_html

    text = html if isinstance(html, str) else decode(html, content_type)[0]
    return read_html(text, url=url, fetched_at=fetched_at or datetime.now(UTC), hints=hints)


def _read(page: Page) -> ReadResult:
    if page.role == "posts":
        from ortaq.read.posts import read_posts

        return read_posts(page)
    if page.role == "item":
        from ortaq.read.items import read_item

        return read_item(page)
    if page.role != "article":
        return ReadResult()
    if not _is_html(page):
        from ortaq.read.documents import read_document

        return read_document(page)
    from ortaq.read.charset import decode
    from ortaq.read.web import read_html

    content_type = next((value for name, value in page.headers if name.lower() == "content-type"), page.media_type)
    article = read_html(
        decode(page.body, content_type)[0],
        url=page.final_url or page.url,
        fetched_at=page.fetched_at,
        outlet=page.outlet,
        source=page.source,
        hints=page.hints,
    )
    return ReadResult((article,))


def _is_html(page: Page) -> bool:
    media = page.media_type.split(";")[0].strip().lower()
    if media.startswith(_HTML):
        return not page.body.lstrip()[:5].startswith((b"%PDF-", b"{\\rtf"))
    if media in ("", "application/octet-stream"):
        start = page.body[:1024].lstrip().lower()
        return start.startswith((b"<!doctype html", b"<html")) or b"<html" in start
    return False
