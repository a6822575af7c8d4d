"""Feeds: RSS 0.9 to 2.0, RDF, Atom, JSON Feed 1.0 and 1.1, as the region's sites really serve them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lxml import etree

from ortaq.gather.kind import RemoteKind
from ortaq.gather.kinds._addresses import absolute, next_page
from ortaq.gather.kinds._bytes import decode
from ortaq.gather.kinds._words import instant, language, plain, w3c_instant
from ortaq.gather.kinds._xml import harmless, tree
from ortaq.model import Discovery, Hints, Link, Page, Problem

MAX_ITEMS = 2_000
MAX_FIELDS = 100
"""Children of one item that are looked at; real items have under thirty."""
MAX_TEXT = 20_000
"""Characters kept of one field; a listing only gives hints, the article itself is fetched."""

_ITEM_NAMES = frozenset({"item", "entry"})
_UNREAD = frozenset({"encoded", "content", "full-text", "yandex"})
_ALTERNATE = re.compile(r"<link\b[^<>]{0,400}application/(?:rss|atom|feed)\+(?:xml|json)[^<>]{0,400}>", re.IGNORECASE)
_HREF = re.compile(r"""href\s{0,4}=\s{0,4}["']?([^"'\s<>]{1,500})""", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"\s*\d{4}")
_JSON_ITEMS = re.compile(r'"items"\s{0,99}:\s{0,99}\[')


def discover(page: Page) -> Discovery:
    """Links with hints, at most one next page, and what could not be read."""
    base = page.final_url or page.url
    text = decode(page).lstrip("\ufeff \t\r\n")
    if not text:
        return _nothing(page, "the feed is empty", "Ask the outlet, or look whether its address changed")
    if text[0] == "{":
        return _json_feed(page, base, text)
    return _xml_feed(page, base, text)


def _nothing(page: Page, reason: str, fix: str = "") -> Discovery:
    return Discovery(problems=(Problem(page.url, reason, fix),))


def _xml_feed(page: Page, base: str, text: str) -> Discovery:
    if re.match(r"(?:<!doctype html|<html)", text[:2000], re.IGNORECASE) or not re.search(
        r"<(?:\w+:)?(?:rss|rdf|feed)", text, re.IGNORECASE
    ):
        return _not_a_feed(page, base, text)
    text, reasons = harmless(text)
    root, damage = tree(text)
    reasons += damage
    if root is None:
        return Discovery(problems=tuple(Problem(page.url, reason) for reason in reasons))
    reasons += _prune(root)
    try:
        data = etree.tostring(root, encoding="utf-8")
        # What is not well-formed even now would go to feedparser's other parser, which hostile input can hang.
        etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        parsed = _feedparser(data, base)
    except Exception as error:  # feedparser promises nothing about hostile input; the page stays in the archive
        return _nothing(page, f"the feed could not be parsed: {error!r}")
    feed = parsed.get("feed", {})
    spoken = language(feed.get("language"))
    links = _unique((_entry(entry, base, spoken) for entry in parsed.get("entries", ())), base)
    if not links and not reasons:
        reasons = ["no item with a link in it"] if parsed.get("entries") else []
    following = (
        next_page(base, str(link.get("href", ""))) for link in feed.get("links", ()) if link.get("rel") == "next"
    )
    return Discovery(
        links=links,
        listings=tuple([url for url in following if url][:1]),
        problems=tuple(Problem(page.url, f"feed: {reason}") for reason in reasons),
    )


def _not_a_feed(page: Page, base: str, text: str) -> Discovery:
    match = _ALTERNATE.search(text[:200_000])
    href = _HREF.search(match.group()) if match else None
    found = absolute(base, href.group(1)) if href else None
    fix = (
        f"The page names this feed: {found}" if found else "Use the kind `page` for a web page, or correct the address"
    )
    return _nothing(page, "this is not a feed", fix)


def _prune(root: Any) -> list[str]:
    """Cut what makes feedparser slow and is of no use here: whole texts, endless items, long fields."""
    reasons = []
    items = 0
    surplus = []
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname.lower() if element.tag.isascii() else element.tag
        if name in _ITEM_NAMES:
            items += 1
            if items > MAX_ITEMS:
                surplus.append(element)
                continue
            surplus.extend(element[MAX_FIELDS:])
        elif name in _UNREAD and not len(element.attrib.get("url", "")):
            surplus.append(element)
        if element.text and len(element.text) > MAX_TEXT:
            element.text = element.text[:MAX_TEXT]
    for element in surplus:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    if items > MAX_ITEMS:
        reasons.append(f"{items} items; only the first {MAX_ITEMS} were taken")
    return reasons


def _feedparser(data: bytes, base: str) -> Mapping[str, Any]:
    import feedparser  # here, because it takes a tenth of a second to import

    headers = {"content-type": "application/xml; charset=utf-8", "content-location": base}
    parsed: Mapping[str, Any] = feedparser.parse(
        io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    return parsed


def _entry(entry: Any, base: str, spoken: str | None) -> Link | None:
    candidates = [entry.get("feedburner_origlink"), entry.get("link"), entry.get("id")]
    url = next(
        (found for value in candidates if isinstance(value, str) and (found := _address(base, value))),
        None,
    )
    if url is None:
        return None
    tags = entry.get("tags") or [{}]
    return Link(
        url,
        Hints(
            title=plain(entry.get("title"), 500),
            published_at=_published(entry),
            language=_spoken(entry) or spoken,
            authors=_authors(entry),
            summary=plain(entry.get("summary"), 500),
            section=plain(tags[0].get("term") or tags[0].get("label"), 80),
            image=_image(entry, base),
        ),
    )


def _spoken(entry: Any) -> str | None:
    own = (entry.get("title_detail") or {}).get("language")  # xml:lang, inherited
    return language(entry.get("dc_language")) or language(entry.get("language")) or language(own)


def _published(entry: Any) -> datetime | None:
    # feedparser answers for `updated` when only `published` is there and the other way round: ask in this order.
    key = "published" if "published" in entry else "updated"
    if key not in entry:
        return None
    written = str(entry[key])
    if _YEAR_FIRST.match(written):  # feedparser makes 1 November of 2025/09/01
        return w3c_instant(written)
    parsed = entry.get(f"{key}_parsed")
    return instant(tuple(parsed)) if parsed else None


def _address(base: str, value: str) -> str | None:
    # An id is an address only when it says so itself; "12345" or "tag:..." is not one.
    return absolute(base, value) if value.lower().startswith(("http://", "https://", "/")) else None


def _authors(entry: Any) -> tuple[str, ...]:
    names = [plain(author.get("name"), 80) for author in entry.get("authors") or () if isinstance(author, Mapping)]
    return tuple(dict.fromkeys(name for name in names if name))[:10]


def _image(entry: Any, base: str) -> str:
    media = [*(entry.get("media_content") or ()), *(entry.get("enclosures") or ())]
    pictures = [one for one in media if str(one.get("type", "") or one.get("medium", "")).startswith("image")]
    for one in [*pictures, *(entry.get("media_thumbnail") or ())]:
        if found := absolute(base, str(one.get("url") or one.get("href") or "")):
            return found
    return ""


def _unique(links: Iterator[Link | None], base: str) -> tuple[Link, ...]:
    seen: dict[str, Link] = {}
    for link in links:
        if link is not None and link.url != base:
            seen.setdefault(link.url, link)
    return tuple(seen.values())


def _json_feed(page: Page, base: str, text: str) -> Discovery:
    """JSON Feed 1.0 and 1.1, https://www.jsonfeed.org/version/1.1/."""
    head: Any = {}
    reasons = []
    try:
        head = json.loads(text)
        items = head.get("items")
        if not isinstance(items, list):
            return _nothing(page, "this JSON is not a JSON Feed: it has no list `items`", "Correct the address")
    except (ValueError, RecursionError):
        items = list(_whole_items(text))
        reasons.append(f"feed: damaged or cut off JSON; {len(items)} whole items were kept")
    if len(items) > MAX_ITEMS:
        reasons.append(f"feed: {len(items)} items; only the first {MAX_ITEMS} were taken")
    spoken = language(head.get("language"))
    links = _unique((_json_item(item, base, spoken) for item in items[:MAX_ITEMS]), base)
    further = next_page(base, head["next_url"]) if isinstance(head.get("next_url"), str) else None
    return Discovery(links, (further,) if further else (), tuple(Problem(page.url, reason) for reason in reasons))


def _whole_items(text: str) -> Iterator[Any]:
    start = _JSON_ITEMS.search(text)
    if start is None:
        return
    decoder = json.JSONDecoder()
    place = start.end()
    for _ in range(MAX_ITEMS):
        while text[place : place + 1] in {" ", "\t", "\r", "\n", ","}:
            place += 1
        try:
            item, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return
        yield item


def _json_item(item: Any, base: str, spoken: str | None) -> Link | None:
    if not isinstance(item, dict):
        return None
    values = (item.get("url"), item.get("external_url"), item.get("id"))
    url = next((found for value in values if isinstance(value, str) and (found := _address(base, value))), None)
    if url is None:
        return None
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [plain(author.get("name"), 80) for author in authors or () if isinstance(author, dict)]
    tags = item.get("tags")
    image = item.get("image") or item.get("banner_image")
    return Link(
        url,
        Hints(
            title=plain(item.get("title"), 500),
            published_at=w3c_instant(item.get("date_published")) or w3c_instant(item.get("date_modified")),
            language=language(item.get("language")) or spoken,
            authors=tuple(dict.fromkeys(name for name in names if name))[:10],
            summary=plain(item.get("summary") or item.get("content_text"), 500),
            section=plain(tags[0], 80) if isinstance(tags, list) and tags else "",
            image=(absolute(base, image) or "") if isinstance(image, str) else "",
        ),
    )


kind = RemoteKind("feed", "listing", discover)
