"""When was this published, when revised? Sources in the order of our trust in them; no date rather than a wrong one.

1. JSON-LD of the article (datePublished, dateModified)
2. meta elements (article:published_time and its many cousins)
3. microdata (itemprop)
4. time elements in the article's head
5. what the listing said (feed, sitemap)
6. the visible text around the headline
7. the address (/2024/03/05/)

A date is refused when it is before 1990, more than two days after the page was fetched, or only a year or month. A
bare day is made exact by an instant of a lower source that falls on that day.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from lxml.html import HtmlElement

from ortaq.model import Hints
from ortaq.read.blocks import Block
from ortaq.read.dates import ParsedDate, parse_date, zone_of
from ortaq.read.structured import Structured, text_of
from ortaq.read.urls import country_of

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=2)
NEAR = 12  # blocks looked at on each side of the headline
SHORT = 90  # characters of a line that may be a dateline

_PUBLISHED_TEXT = """
    article:published_time og:article:published_time og:published_time og:pubdate published_time article:published
    article:publicationdate article.published datepublished date_published publish_date publishdate publish-date
    published-date pubdate pub_date pub-date publication_date publication-date parsely-pub-date sailthru.date
    cxenseparse:recs:publishtime cxenseparse:publishtime mediator_published_time dc.date.issued dcterms.issued
    dc.issued dcterms.created dc.date.created dc.date dcterms.date citation_publication_date originalpublicationdate
    rnews:datepublished article_date_original date.created creation_date timestamp dcsext.articlefirstpublished
    lastpubdate article:post_time bt:pubdate shareaholic:article_published_time ptime displaydate date
"""
_PUBLISHED = tuple(_PUBLISHED_TEXT.split())
_REVISED_TEXT = """
    article:modified_time og:article:modified_time og:updated_time article:updated_time datemodified
    dc.date.modified dcterms.modified last-modified lastmod article:modified parsely-updated revision_date
    modified_time updated_time
"""
_REVISED = tuple(_REVISED_TEXT.split())
_IN_PATH = re.compile(r"(?:^|[/_-])((?:19|20)\d\d)([/_-])(\d{1,2})\2(\d{1,2})(?=[/_.-]|$)")
_IN_PATH_TIGHT = re.compile(r"/((?:19|20)\d\d)(\d\d)(\d\d)(?=[/_.-]|$)")
_DATE_CLASS = re.compile(r"date|time|publish|posted|datum|tarih|sana|kun|ognoo|дата|күні", re.I)
_REVISION_WORDS = re.compile(
    r"updated|modified|обновл|измен|жаңарт|жаңыл|yangilan|янгилан|нав шуд|täzele|güncelle|шинэчил|يېڭىلان", re.I
)


@dataclass(frozen=True, slots=True)
class Dates:
    published_at: datetime | None = None
    revised_at: datetime | None = None


def page_dates(
    tree: HtmlElement,
    found: list[Block],
    told: Structured,
    *,
    url: str,
    headline: str,
    hints: Hints,
    fetched_at: datetime,
) -> Dates:
    """Published and revised. `found` are the page's blocks, `hints` what the listing said."""
    country, hint = hints.zone or country_of(url), hints.published_at

    def parsed(text: str) -> ParsedDate | None:
        return _sane(parse_exact(text, country), fetched_at)

    def candidates() -> Iterator[ParsedDate | None]:
        for text in _told_published(told):
            yield parsed(text)
        for text in _time_elements(tree):
            yield parsed(text)
        if hint is not None:
            yield _sane(ParsedDate(hint, "minute", zoned=True), fetched_at)
        yield _sane(_visible(found, headline, country, fetched_at), fetched_at)
        yield _sane(_from_address(url), fetched_at)

    published = _first_exact(candidates())
    revised = next((value for text in _told_revised(told) if (value := parsed(text)) is not None), None)
    if revised is not None and published is not None and revised.at <= published.at:
        revised = None
    return Dates(published.at if published else None, revised.at if revised else None)


def parse_exact(text: str, country: str) -> ParsedDate | None:
    """A machine's date: ISO 8601, RFC 2822, seconds since 1970, or else as people write it."""
    text = text.strip()
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return ParsedDate(datetime.fromtimestamp(int(text[:10]), UTC), "minute", zoned=True)
    if re.fullmatch(r"\d{4}|\d{4}-\d\d|\d{1,9}", text):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return parse_date(text, country=country)
    if len(text) <= 10:
        return ParsedDate(at.replace(tzinfo=UTC), "day")
    zoned = at.tzinfo is not None
    try:
        return ParsedDate((at if zoned else at.replace(tzinfo=zone_of(country))).astimezone(UTC), "minute", zoned)
    except OverflowError:
        return None


def _sane(value: ParsedDate | None, fetched_at: datetime) -> ParsedDate | None:
    return value if value is not None and EARLIEST <= value.at <= fetched_at + AHEAD else None


def _first_exact(candidates: Iterator[ParsedDate | None]) -> ParsedDate | None:
    first: ParsedDate | None = None
    for value in candidates:
        if value is None:
            continue
        if first is None:
            first = value
        elif value.precision == "minute" and abs(value.at - first.at - timedelta(hours=12)) <= timedelta(hours=24):
            return value if _same_day(first.at.date(), value) else first
        if first.precision == "minute":
            return first
    return first


def _same_day(day: date, value: ParsedDate) -> bool:
    """True when the instant falls on that day in some zone of the world, the region's in the first place."""
    return day in {(value.at + timedelta(hours=hours)).date() for hours in (0, 3, 5, 6, 8)}


def _told_published(told: Structured) -> Iterator[str]:
    for node in (told.article,):
        for name in ("datePublished", "dateCreated", "uploadDate"):
            if text := text_of(node.get(name)):
                yield text
    for name in _PUBLISHED:
        yield from told.meta.get(name, ())[:1]
    if text := text_of(told.page.get("datePublished")):
        yield text
    for name in ("datepublished", "datecreated"):
        yield from told.micro.get(name, ())[:1]


def _told_revised(told: Structured) -> Iterator[str]:
    if text := text_of(told.article.get("dateModified")):
        yield text
    for name in _REVISED:
        yield from told.meta.get(name, ())[:1]
    yield from told.micro.get("datemodified", ())[:1]


def _time_elements(tree: HtmlElement) -> Iterator[str]:
    """time elements of the article: marked as its date, or the first inside the element that holds the headline."""
    for element in tree.xpath(
        "//time[@pubdate or contains(@itemprop, 'datePublished') or contains(@class, 'entry-date')]"
    ):
        yield element.get("datetime") or element.text_content()
        return
    heads = tree.xpath("//h1")
    if not heads:
        return
    at = heads[0]
    for _ in range(3):
        at = at.getparent()
        if at is None or at.tag in ("body", "html"):
            return
        times = [each for each in at.xpath(".//time") if not _is_teaser(each, at)]
        if times:
            yield times[0].get("datetime") or times[0].text_content()
            return


def _is_teaser(element: HtmlElement, top: HtmlElement) -> bool:
    """True inside a link or a list below `top`: the date of another article, or of a comment."""
    for above in element.iterancestors():
        if above is top:
            return False
        if above.tag in ("a", "aside", "nav", "footer") or "comment" in (above.get("class") or "").lower():
            return True
    return False


def _visible(found: list[Block], headline: str, country: str, fetched_at: datetime) -> ParsedDate | None:
    """The first date on a short line near the headline, the lines below it first."""
    place = next((i for i, block in enumerate(found) if block.element.tag == "h1"), None)
    if place is None and headline:
        place = next((i for i, block in enumerate(found) if block.text == headline), None)
    if place is None:
        return None
    below: list[Block] = []
    for block in found[place + 1 : place + 1 + NEAR]:
        if len(block.text) > 3 * SHORT:
            break
        below.append(block)
    above = list(reversed(found[max(0, place - NEAR // 2) : place]))
    for block in [*below, *above]:
        line = _REVISION_WORDS.split(block.text)[0]  # "05.03.2024, updated: 06.03.2024"
        if len(line) > SHORT or block.link_share > 0.5:
            continue
        value = parse_date(line, reference=fetched_at, country=country)
        if value is not None and (len(line) <= 45 or _is_marked(block)):
            return value
    return None


def _is_marked(block: Block) -> bool:
    """The block, or something in it ("<p><span class=date>..."), is called a date."""
    for element in itertools.islice(block.element.iter(), 12):
        names = " ".join(filter(None, (element.get("class"), element.get("id"))))
        if _DATE_CLASS.search(names):
            return True
    return False


def _from_address(url: str) -> ParsedDate | None:
    path = re.sub(r"^\w+://[^/]*", "", url).split("?")[0]
    for match in (_IN_PATH.search(path), _IN_PATH_TIGHT.search(path)):
        if match is None:
            continue
        year, month, day = (int(part) for part in match.groups() if part.isdigit())
        try:
            return ParsedDate(datetime(year, month, day, tzinfo=UTC), "day")
        except ValueError:
            continue
    return None
