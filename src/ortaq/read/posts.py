"""A Telegram channel's public preview page (https://t.me/s/NAME): one article a post."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from ortaq.model import Article, Page, Problem, ReadResult, short_id
from ortaq.read.charset import decode
from ortaq.read.clean import clean, clean_line
from ortaq.read.shorts import headline_from, paragraphs_of
from ortaq.read.version import VERSION
from ortaq.read.web import parse
from ortaq.read.when import AHEAD, EARLIEST, parse_exact

MAX_POSTS = 500
_POST = re.compile(r"[A-Za-z]\w{2,63}/\d{1,12}")
_BACKGROUND = re.compile(r"background-image\s*:\s*url\(\s*['\"]?(https?://[^'\")\s]{1,1000})", re.I)


def read_posts(page: Page) -> ReadResult:
    """Posts with a text, oldest first as on the page; service messages and pictures without words are left out."""
    text, _ = decode(page.body, page.media_type)
    tree = parse(text, where=page.url)
    articles: list[Article] = []
    problems: list[Problem] = []
    messages = tree.xpath("//*[contains(concat(' ', @class, ' '), ' tgme_widget_message ')][@data-post]")
    for message in messages[:MAX_POSTS]:
        name = message.get("data-post", "")
        if "service_message" in (message.get("class") or "") or not _POST.fullmatch(name):
            continue
        if (article := _article(message, f"https://t.me/{name}", page)) is not None:
            articles.append(article)
    if not messages:
        problems.append(
            Problem(page.url, "no posts on the page", "Check that the channel exists and has its public preview on")
        )
    return ReadResult(tuple(articles), tuple(problems))


def _article(message: HtmlElement, url: str, page: Page) -> Article | None:
    bodies = [each for each in _by_class(message, "tgme_widget_message_text") if not _in_reply(each, message)]
    text = clean(paragraphs_of(clean("\n".join(map(_text, bodies)))))
    if not text:
        return None
    times = message.xpath(".//a[contains(@class, 'tgme_widget_message_date')]//time/@datetime") or message.xpath(
        ".//time/@datetime"
    )
    told = parse_exact(str(times[-1]), "") if times else None
    published = told.at if told and EARLIEST <= told.at <= page.fetched_at + AHEAD else None
    images = [
        match[1]
        for each in _by_class(message, "tgme_widget_message_photo_wrap")
        if (match := _BACKGROUND.search(each.get("style") or ""))
    ]
    authors = [
        clean_line(each.text_content())[:100]
        for name in ("from_author", "forwarded_from_name")
        for each in _by_class(message, f"tgme_widget_message_{name}")
    ]
    return Article(
        id=short_id("a", url),
        url=url,
        outlet=page.outlet,
        source=page.source,
        headline=headline_from(text),
        text=text,
        fetched_at=page.fetched_at,
        language=page.hints.language or "und",
        authors=tuple(dict.fromkeys(filter(None, authors[:2]))),
        image=images[0] if images else "",
        published_at=published,
        made_by={"read": f"posts/{VERSION}"},
    )


def _by_class(message: HtmlElement, name: str) -> list[HtmlElement]:
    return list(message.xpath(f".//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"))


def _in_reply(element: HtmlElement, message: HtmlElement) -> bool:
    """True for the quoted post that a reply shows above its own text."""
    for above in element.iterancestors():
        if above is message:
            return False
        if "tgme_widget_message_reply" in (above.get("class") or ""):
            return True
    return False


def _text(element: HtmlElement) -> str:
    parts: list[str] = [element.text or ""]
    for child in element.iterdescendants():
        if child.tag == "br":
            parts.append("\n")
        elif child.text:
            parts.append(child.text)
        parts.append(child.tail or "")
    return "".join(parts)
