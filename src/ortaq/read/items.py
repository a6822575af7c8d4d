"""One JSON object of an import: id?, url, outlet, title, text, published?, language?."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from ortaq.errors import Quarantined
from ortaq.ids import slug
from ortaq.model import Article, Page, Problem, ReadResult, short_id
from ortaq.read.blocks import blocks
from ortaq.read.charset import decode
from ortaq.read.clean import clean, clean_line
from ortaq.read.fields import language_code
from ortaq.read.shorts import headline_from, paragraphs_of
from ortaq.read.urls import canonical_url, country_of
from ortaq.read.version import VERSION
from ortaq.read.when import AHEAD, EARLIEST, parse_exact

MAX_TEXT = 2_000_000
_FIELDS = {
    "id": ("id",),
    "url": ("url", "link"),
    "outlet": ("outlet",),
    "title": ("title", "headline"),
    "text": ("text", "body"),
    "published": ("published", "published_at", "date"),
    "language": ("language", "lang"),
}
_SPARED = {*_FIELDS["published"], *_FIELDS["language"]}
"""An article is read without them: what can't be used of these is a problem and no reason to lose its text."""
_TAG = re.compile(r"</(?:p|div|a|b|i|strong|em|li|h[1-6]|span)\s*>|<br\s*/?>", re.I)


def read_item(page: Page) -> ReadResult:
    """The article of an item. Raises Quarantined, naming the field, when it holds no usable text."""
    item = _object(page)
    values = {name: _string(item, keys, page.url) for name, keys in _FIELDS.items()}
    problems = list(_told_wrong(item, page.url))
    text = _plain(values["text"])
    if not text:
        raise Quarantined('the field "text" is missing or empty', where=page.url, fix="Give the article's text")
    if len(text) > MAX_TEXT:
        raise Quarantined(f'the field "text" is longer than {MAX_TEXT:,} characters', where=page.url)
    url = canonical_url(values["url"])
    if values["url"] and not url:
        problems.append(Problem(page.url, 'the field "url" is no http address', "Give it as https://..."))
    outlet = page.outlet or values["outlet"]
    # Its name rather than the id made of that name: an outlet that nobody knows yet is called so.
    named = values["outlet"] if slug(values["outlet"]) == outlet else outlet
    if not outlet:
        raise Quarantined('the field "outlet" is missing', where=page.url, fix="Name the outlet, in the item or import")
    published = None
    if values["published"]:
        told = parse_exact(values["published"], page.hints.zone or country_of(url))
        if told is not None and EARLIEST <= told.at <= page.fetched_at + AHEAD:
            published = told.at
        else:
            wrong = "is no date" if told is None else "is in the future, or before there was news"
            reason = f'the field "published" {wrong}; the article is kept without it'
            problems.append(Problem(page.url, reason, "Write it as 2024-03-05T10:45:00+05:00"))
    title = clean_line(values["title"])
    digest = hashlib.sha256(f"{title}\x1f{text}".encode("utf-8", "replace")).hexdigest()
    article = Article(
        id=short_id("a", url) if url else short_id("a", outlet, values["id"] or digest),
        url=url,
        outlet=named,
        source=page.source,
        headline=title or headline_from(text),
        text=text,
        fetched_at=page.fetched_at,
        language=language_code(values["language"]) or language_code(page.hints.language or "") or "und",
        published_at=published,
        made_by={"read": f"item/{VERSION}"},
        given_id=values["id"],
    )
    return ReadResult((article,), tuple(problems))


def _told_wrong(item: dict[str, Any], where: str) -> Iterator[Problem]:
    for name in sorted(_SPARED & item.keys()):
        if item[name] is not None and not isinstance(item[name], str):
            yield Problem(where, f'the field "{name}" is no string and was passed over', "Write it in quotation marks")


def _object(page: Page) -> dict[str, Any]:
    text, _ = decode(page.body, "charset=utf-8")
    try:
        item = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Quarantined(f"not valid JSON: {error}", where=page.url, fix="Write one object a line") from None
    if not isinstance(item, dict):
        raise Quarantined("the item is no JSON object", where=page.url, fix='Write {"url": ..., "title": ..., ...}')
    return item


def _string(item: dict[str, Any], keys: tuple[str, ...], where: str) -> str:
    for name in keys:
        value = item.get(name)
        if value is None or (not isinstance(value, str) and name in _SPARED):
            continue
        if name == "id" and isinstance(value, int):
            return str(value)
        if not isinstance(value, str):
            raise Quarantined(f'the field "{name}" is no string', where=where, fix="Write it in quotation marks")
        return value.strip()
    return ""


def _plain(text: str) -> str:
    """Cleaned; markup is taken out only from what evidently is HTML."""
    if len(_TAG.findall(text)) >= 2:
        with contextlib.suppress(ValueError, etree.ParserError):
            text = "\n\n".join(block.text for block in blocks(lxml_html.fromstring(f"<div>{text}</div>")))
    return clean(paragraphs_of(clean(text)))
