"""RSS 2.0 (RSS Advisory Board), Atom 1.0 (RFC 4287) and JSON Feed 1.1 of one list of entries. Excerpts only."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from ortaq.publish.clean import legal, web_address

if TYPE_CHECKING:
    from lxml.etree import _Element

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
XML = "http://www.w3.org/XML/1998/namespace"


@dataclass(frozen=True, slots=True)
class Entry:
    """One item. `id` is an IRI that never changes; `link` is its page here; `language` a BCP 47 tag or ""."""

    id: str
    link: str
    title: str
    summary: str
    published_at: datetime
    updated_at: datetime
    author: str
    language: str = ""
    original: str = ""  # the outlet's own address, left out when it is no web address


@dataclass(frozen=True, slots=True)
class Feed:
    """A list of entries, newest first. `updated_at` is used when there is none."""

    id: str
    title: str
    description: str
    home: str
    address: str  # where this feed itself is
    language: str
    author: str
    updated_at: datetime
    entries: tuple[Entry, ...] = ()

    @property
    def changed_at(self) -> datetime:
        return max((entry.updated_at for entry in self.entries), default=self.updated_at)


def rss(feed: Feed) -> bytes:
    """RSS 2.0 with atom:link to itself and dc:creator, since RSS's own <author> must be an e-mail address."""
    from lxml import etree

    root = etree.Element("rss", version="2.0", nsmap={"atom": ATOM, "dc": DC})
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.home)
    _add(channel, "description", feed.description)
    if feed.language:
        _add(channel, "language", feed.language)
    _add(channel, "lastBuildDate", _rfc822(feed.changed_at))
    _add(channel, f"{{{ATOM}}}link", "", href=feed.address, rel="self", type="application/rss+xml")
    for entry in feed.entries:
        item = etree.SubElement(channel, "item")
        _add(item, "title", entry.title, language=entry.language)
        _add(item, "link", entry.link)
        _add(item, "description", entry.summary, language=entry.language)
        _add(item, f"{{{DC}}}creator", entry.author)
        _add(item, "guid", entry.id, isPermaLink="false")
        _add(item, "pubDate", _rfc822(entry.published_at))
    return _bytes(root)


def atom(feed: Feed) -> bytes:
    """Atom 1.0; rel="via" points to the outlet's own page."""
    from lxml import etree

    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    if feed.language:
        root.set(f"{{{XML}}}lang", feed.language)
    add: Callable[..., _Element] = lambda parent, name, *rest, **more: _add(parent, f"{{{ATOM}}}{name}", *rest, **more)  # noqa: E731
    add(root, "id", feed.id)
    add(root, "title", feed.title)
    add(root, "subtitle", feed.description)
    add(root, "updated", _rfc3339(feed.changed_at))
    add(root, "link", "", rel="self", href=feed.address, type="application/atom+xml")
    add(root, "link", "", rel="alternate", href=feed.home, type="text/html")
    add(add(root, "author"), "name", feed.author)
    for item in feed.entries:
        entry = add(root, "entry", language=item.language)
        add(entry, "id", item.id)
        add(entry, "title", item.title)
        add(entry, "link", "", rel="alternate", href=item.link, type="text/html")
        if original := web_address(item.original):
            add(entry, "link", "", rel="via", href=original)
        add(entry, "published", _rfc3339(item.published_at))
        add(entry, "updated", _rfc3339(item.updated_at))
        add(add(entry, "author"), "name", item.author)
        add(entry, "summary", item.summary)
    return _bytes(root)


def json_feed(feed: Feed) -> bytes:
    """JSON Feed 1.1; `external_url` is the outlet's own page."""
    items = []
    for entry in feed.entries:
        item: dict[str, Any] = {
            "id": entry.id,
            "url": entry.link,
            "title": legal(entry.title),
            "content_text": legal(entry.summary),
            "date_published": _rfc3339(entry.published_at),
            "date_modified": _rfc3339(entry.updated_at),
            "authors": [{"name": legal(entry.author)}],
        }
        if entry.language:
            item["language"] = entry.language
        if original := web_address(entry.original):
            item["external_url"] = original
        items.append(item)
    whole: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": legal(feed.title),
        "description": legal(feed.description),
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "authors": [{"name": legal(feed.author)}],
    }
    if feed.language:
        whole["language"] = feed.language
    return json.dumps(whole | {"items": items}, ensure_ascii=False, indent=1).encode()


@dataclass(frozen=True, slots=True)
class Format:
    """How a feed is written, and what it is sent as."""

    write: Callable[[Feed], bytes]
    media_type: str
    label: str


FORMATS: Mapping[str, Format] = {
    "rss": Format(rss, "application/rss+xml", "RSS"),
    "atom": Format(atom, "application/atom+xml", "Atom"),
    "json": Format(json_feed, "application/feed+json", "JSON Feed"),
}


def _add(parent: _Element, name: str, text: str = "", *, language: str = "", **attributes: str) -> _Element:
    from lxml import etree

    element = etree.SubElement(parent, name, {key: legal(value) for key, value in attributes.items()})
    if text:
        element.text = legal(text)
    if language:
        element.set(f"{{{XML}}}lang", language)
    return element


def _bytes(root: _Element) -> bytes:
    from lxml import etree

    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written


def _rfc3339(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _rfc822(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC))
