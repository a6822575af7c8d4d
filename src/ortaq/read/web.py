"""One HTML page to one article."""

from __future__ import annotations

import logging
import re
from datetime import datetime
from itertools import islice

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from ortaq.errors import Quarantined
from ortaq.model import Article, Hints, short_id
from ortaq.read.blocks import blocks
from ortaq.read.body import read_body
from ortaq.read.clean import clean
from ortaq.read.fields import (
    authors_of,
    headline_of,
    image_of,
    language_of,
    lead_of,
    section_of,
    title_candidates,
)
from ortaq.read.structured import structured, text_of
from ortaq.read.urls import believed_canonical, canonical_url
from ortaq.read.version import VERSION
from ortaq.read.when import page_dates

MAX_HTML = 8_000_000
"""Characters of a page we parse; news pages are below one million."""

_TAG = re.compile(r"""<[a-zA-Z](?:[^"'>]++|"[^"]*+"|'[^']*+')*+""")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
MAX_ATTRIBUTES = 20_000
"""Attributes of one element; libxml2 needs the square of their number. Scripts that look like tags have up to 6,000."""
MAX_ELEMENTS = 40_000
"""Elements of a page; news pages have a few thousand, and trafilatura needs the square of some kinds' number."""

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it could not use is in our problems


def read_html(
    text: str,
    *,
    url: str,
    fetched_at: datetime,
    outlet: str = "",
    source: str = "",
    hints: Hints | None = None,
) -> Article:
    """The article on a page. `url` is the address it was fetched from, after redirects.

    Raises Quarantined when the page is too large, is no HTML, or has no article's text.
    """
    hints = hints or Hints()
    tree = parse(text, where=url)
    titles = title_candidates(tree)
    declared = next(iter(tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil') = 'canonical']/@href")), "")
    told = structured(tree, titles, (url, str(declared)))
    headline = headline_of(tree, told, hints)
    found = blocks(tree)
    lead = lead_of(told, hints, headline)
    body = read_body(tree, found, titles=(headline, *titles), lead=lead, told=text_of(told.article.get("articleBody")))
    paragraphs = [line for paragraph in body.paragraphs if (line := clean(paragraph))]
    if not paragraphs:
        raise Quarantined(
            "no article text on the page", where=url, fix="Check that the address is an article's, not made by scripts"
        )
    address = believed_canonical(str(declared), url)
    dates = page_dates(tree, found, told, url=url, headline=headline, hints=hints, fetched_at=fetched_at)
    return Article(
        id=short_id("a", address or url),
        url=address,
        outlet=outlet,
        source=source,
        headline=headline or paragraphs[0][:120],
        text=clean("\n\n".join(paragraphs)),
        fetched_at=fetched_at,
        language=language_of(tree, told, hints, url),
        lead=lead,
        authors=authors_of(tree, told, hints),
        section=section_of(told, hints),
        image=image_of(told, hints, canonical_url(url)),
        published_at=dates.published_at,
        revised_at=dates.revised_at,
        made_by={"read": f"{body.reader}/{VERSION}"},
    )


def parse(text: str, *, where: str) -> HtmlElement:
    """The element tree of a page, without comments. Raises Quarantined for a text that is too large or no HTML."""
    if len(text) > MAX_HTML:
        raise Quarantined(f"the page has {len(text):,} characters, more than {MAX_HTML:,}", where=where)
    if len(text) > 2 * MAX_ATTRIBUTES and any(
        len(_QUOTED.sub(" ", tag).replace("/", " ").split()) > MAX_ATTRIBUTES
        for tag in _TAG.findall(text)
        if len(tag) > 2 * MAX_ATTRIBUTES
    ):
        raise Quarantined(f"an element with more than {MAX_ATTRIBUTES:,} attributes", where=where)
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        # Bytes, because lxml refuses strings with an encoding declaration.
        tree = lxml_html.document_fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise Quarantined("the page is empty or no HTML", where=where) from None
    if len(text) > 3 * MAX_ELEMENTS and next(islice(tree.iter(), MAX_ELEMENTS, None), None) is not None:
        raise Quarantined(f"the page has more than {MAX_ELEMENTS:,} elements", where=where)
    return tree
