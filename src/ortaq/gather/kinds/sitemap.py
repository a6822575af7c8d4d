"""Sitemaps (https://www.sitemaps.org/protocol.html): lists of addresses, indexes, news, plain text, packed or not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from ortaq.gather.kind import RemoteKind
from ortaq.gather.kinds import feed
from ortaq.gather.kinds._addresses import absolute, is_navigation, same_site
from ortaq.gather.kinds._bytes import decode, unpack
from ortaq.gather.kinds._words import language, plain, w3c_instant
from ortaq.gather.kinds._xml import harmless, parser_options
from ortaq.model import Discovery, Hints, Link, Page, Problem

MAX_URLS = 50_000
MAX_BYTES = 52_428_800
"""Both are the protocol's own limits for one sitemap, the second after unpacking."""
MAX_PARTS = 500
"""Parts of an index that are followed, the last modified first."""

_NEVER = datetime(1980, 1, 1, tzinfo=UTC)


def discover(page: Page) -> Discovery:
    """Article addresses, the last modified first, and the parts of an index.

    `lastmod` only orders: sites stamp it with the time of the request. Addresses on other sites are left out, as
    the protocol asks, so that an outlet's sitemap can't speak for another outlet.
    """
    body, problem = unpack(page.body, MAX_BYTES)
    page = replace(page, body=body)
    text = decode(page).lstrip("\ufeff \t\r\n")
    reasons = [problem] if problem else []
    if text[:1] != "<":
        return _found(page, _text_lines(text), reasons or ([] if text else ["the sitemap is empty"]))
    head = text[:5_000].lower()
    if "<html" in head or "<!doctype html" in head:
        fix = "Look for the right address in the site's robots.txt (a line `Sitemap:`), or use the kind `page`"
        return Discovery(problems=(Problem(page.url, "this is a web page, not a sitemap", fix),))
    if "<urlset" not in head and "sitemapindex" not in head and any(name in head for name in ("<rss", "<feed", "<rdf")):
        return feed.discover(page)
    text, harm = harmless(text)
    return _found(page, _elements(text, reasons), reasons + harm)


_Row = tuple[str, Hints, datetime, bool]
"""Address, hints, when last modified, whether it is a part of an index."""


def _text_lines(text: str) -> Iterator[_Row]:
    for line in text.splitlines()[: MAX_URLS + 1]:
        if line.startswith(("http://", "https://")):
            yield line, Hints(), _NEVER, False


def _elements(text: str, reasons: list[str]) -> Iterator[_Row]:
    names = ("{*}url", "{*}sitemap")
    stream = io.BytesIO(text.encode("utf-8"))
    walk = etree.iterparse(stream, events=("end",), tag=names, **parser_options())
    try:
        for _, element in walk:
            yield _row(element)
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        reasons.append(f"damaged: {error}")


def _row(element: Any) -> _Row:
    values: dict[str, str] = {}
    part = element.tag.endswith("sitemap")
    for field in element.iter(etree.Element):
        space, _, local = field.tag.rpartition("}")
        prefix, _, name = local.rpartition(":")  # a prefix that nothing declares
        prefix = prefix or space.rpartition("/sitemap-")[2].partition("/")[0]
        key = f"{prefix}:{name}" if prefix in {"news", "image"} else name
        if field.text and len(field.text) <= 5_000 and len(values) < 30:
            values.setdefault(key, field.text.strip())
    hints = Hints(
        title=plain(values.get("news:title"), 500),
        published_at=w3c_instant(values.get("news:publication_date")),
        language=language(values.get("news:language")),
        image=values.get("image:loc", ""),
    )
    return values.get("loc", ""), hints, w3c_instant(values.get("lastmod")) or hints.published_at or _NEVER, part


def _found(page: Page, rows: Iterator[_Row], reasons: list[str]) -> Discovery:
    base = page.final_url or page.url
    links: dict[str, tuple[datetime, Link]] = {}
    parts: dict[str, datetime] = {}
    elsewhere = 0
    for count, (address, hints, modified, part) in enumerate(rows):
        if count >= MAX_URLS:
            reasons.append(f"more than {MAX_URLS} addresses; the rest was left out")
            break
        url = absolute(base, address)
        if url is None or url == base:
            continue
        if not same_site(base, url):
            elsewhere += 1
        elif part:
            parts.setdefault(url, modified)
        elif not is_navigation(url):
            hints = replace(hints, image=absolute(base, hints.image) or "") if hints.image else hints
            links.setdefault(url, (modified, Link(url, hints)))
    if elsewhere:
        reasons.append(f"{elsewhere} addresses on other sites were left out")
    if len(parts) > MAX_PARTS:
        reasons.append(f"{len(parts)} parts; only the {MAX_PARTS} last modified are read")
    return Discovery(
        links=tuple(link for _, link in sorted(links.values(), key=lambda pair: pair[0], reverse=True)),
        listings=tuple(sorted(parts, key=parts.__getitem__, reverse=True)[:MAX_PARTS]),
        problems=tuple(Problem(page.url, f"sitemap: {reason}") for reason in reasons),
    )


kind = RemoteKind("sitemap", "listing", discover)
