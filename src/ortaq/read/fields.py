"""Headline, lead, authors, section, image, address and language of a page, each from its most trusted source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement

from ortaq.model import Hints
from ortaq.read.blocks import key
from ortaq.read.clean import clean_line
from ortaq.read.structured import Structured, text_of
from ortaq.read.urls import canonical_url, country_of

MAX_HEADLINE = 400
MAX_LEAD = 1_000
MAX_AUTHORS = 8

_SEPARATORS = re.compile(r"\s+[|•·»–—-]\s+|\s*[|•»]\s*|\s+::\s+")
_BY = re.compile(
    r"^(?:by|written by|text|von|автор(?:ы|лар[ыи]?)?|авторы|текст|муаллиф|muallif|нависанда|awtor|zohlagan|müellif|"
    r"yazar|haber|сэтгүүлч|зохиогч|ئاپتور|مۇئەللىپ|اۆتور|mátin)\s*[:\-–—]?\s+|^(?:by|автор|муаллиф|muallif|yazar)\s*:\s*",
    re.I,
)
_AUTHOR_SPLIT = re.compile(r"\s*(?:[,;|/•]|\s(?:and|и|жана|және|va|ва|we|ve|hám|ۋە|&)\s)\s*")
_NO_AUTHOR = re.compile(
    r"https?:|www\.|@|\d{3}|^(?:admin|administrator|editor|redaktor|редактор|user|root|null|none|staff)$", re.I
)
_AUTHOR_LINKS = etree.XPath("//a[contains(concat(' ', @rel, ' '), ' author ')]")
_BYLINES = etree.XPath(
    "//*[@class][contains(@class, 'byline') or contains(@class, 'author-name') or contains(@class, 'author__name')]"
)
_SLUG = re.compile(r"[(:)]|^[a-z\d]+(?:[-_][a-z\d]+)+$")  # part of an address, or a picture's credit
# A country's code where its language's was meant.
_MISTAKEN = {"kz": "kk", "kg": "ky", "tj": "tg", "tm": "tk", "cyr": "", "lat": ""}


def title_candidates(tree: HtmlElement) -> tuple[str, ...]:
    """All that the page calls itself, the most trusted first: h1, og:title, twitter:title, title."""
    found = [h1.text_content() for h1 in tree.xpath("//h1")[:5]]
    found += tree.xpath("//meta[@property='og:title' or @name='og:title' or @name='twitter:title']/@content")[:4]
    found += [title.text_content() for title in tree.xpath("//title")[:1]]
    return tuple(dict.fromkeys(line for text in found if (line := clean_line(str(text)[:2_000]))))


def headline_of(tree: HtmlElement, told: Structured, hints: Hints) -> str:
    """The h1 that agrees with what the page tells machines, or else JSON-LD's headline, og:title, title, the hint."""
    linked = clean_line(text_of(told.article.get("headline")) or text_of(told.article.get("name")))
    shared = clean_line(told.first_meta("og:title", "twitter:title"))
    titles = tree.xpath("//title")
    title = clean_line(titles[0].text_content()) if titles else ""
    site = clean_line(told.first_meta("og:site_name"))
    heads = [line for h1 in tree.xpath("//h1")[:5] if (line := clean_line(h1.text_content()))]
    known = [key(text) for text in (linked, shared, title, hints.title) if text]
    for head in heads:
        own = key(head)
        if len(own) > 5 and own != key(site) and any(own in other or other in own for other in known if len(other) > 5):
            return head[:MAX_HEADLINE]
    for text in (linked, shared):
        if text:
            return _without_site(text, site)[:MAX_HEADLINE]
    lone = [head for head in heads if key(head) != key(site)]
    if len(lone) == 1 and len(lone[0]) > 10:
        return lone[0][:MAX_HEADLINE]
    micro = next(iter(told.micro.get("headline", ())), "")
    return (clean_line(micro) or _without_site(title, site) or clean_line(hints.title))[:MAX_HEADLINE]


def lead_of(told: Structured, hints: Hints, headline: str) -> str:
    """The description the outlet wrote; "" for one that is cut or only repeats the headline."""
    for text in (
        text_of(told.article.get("description")),
        told.first_meta("og:description", "description", "twitter:description"),
        hints.summary,
    ):
        line = clean_line(re.sub(r"<[^<>]{0,500}>", " ", text))
        if line and not line.endswith(("…", "...")) and key(line) not in key(headline):
            return line[:MAX_LEAD]
    return ""


def authors_of(tree: HtmlElement, told: Structured, hints: Hints) -> tuple[str, ...]:
    """Names of people, from the first source that has any; the outlet's own name is no author."""
    site = {key(text) for text in (told.first_meta("og:site_name"), text_of(told.article.get("publisher"))) if text}
    for source in _told_authors(tree, told, hints):
        names = [name for text in source for name in _names(text) if key(name) not in site]
        if names:
            return tuple(dict.fromkeys(names))[:MAX_AUTHORS]
    return ()


def _told_authors(tree: HtmlElement, told: Structured, hints: Hints) -> Iterator[Iterable[str]]:
    yield told.authors
    yield [
        text
        for name in ("author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author")
        for text in told.meta.get(name, ())
    ]
    yield told.micro.get("author", ())
    yield [each.text_content() for each in _AUTHOR_LINKS(tree)[:MAX_AUTHORS]]
    yield [each.text_content() for each in _BYLINES(tree)[:2]]
    yield hints.authors


def _names(text: str) -> list[str]:
    line = _BY.sub("", clean_line(text[:300]))
    if "://" in line or line.startswith("www."):
        return []
    found = []
    for part in _AUTHOR_SPLIT.split(line):
        name = part.strip(" .:-–—")
        if (
            2 < len(name) <= 60
            and len(name.split()) <= 5
            and not _NO_AUTHOR.search(name)
            and not _SLUG.search(name)
            and any(c.isalpha() for c in name)
        ):
            found.append(name)
    return found


def section_of(told: Structured, hints: Hints) -> str:
    """The outlet's section, "" when the page names none."""
    crumbs = [crumb for crumb in told.breadcrumbs if len(crumb) < 60]
    for text in (
        text_of(told.article.get("articleSection")),
        told.first_meta("article:section"),
        crumbs[-2] if len(crumbs) > 2 else "",
        hints.section,
    ):
        if line := clean_line(text):
            return line[:100]
    return ""


def image_of(told: Structured, hints: Hints, base: str) -> str:
    """The address of the article's picture, absolute and http(s), or ""."""
    image = told.article.get("image")
    for item in image if isinstance(image, list) else [image]:
        url = text_of(item.get("url") or item.get("contentUrl")) if isinstance(item, dict) else text_of(item)
        if found := _absolute(url, base):
            return found
    return _absolute(told.first_meta("og:image", "og:image:url", "twitter:image"), base) or _absolute(hints.image, base)


def _absolute(url: str, base: str) -> str:
    if not url or len(url) > 2_000:
        return ""
    try:
        full = urljoin(base, url.strip())
    except ValueError:
        return ""
    return full if canonical_url(full) and "<" not in full and '"' not in full else ""


def language_of(tree: HtmlElement, told: Structured, hints: Hints, url: str) -> str:
    """The language the page claims, a BCP 47 primary code, "und" when it claims none; another stage checks it."""
    root = tree.getroottree().getroot()
    for text in (
        text_of(told.article.get("inLanguage")),
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or "",
        told.first_meta("og:locale", "content-language", "language", "dc.language"),
        hints.language or "",
    ):
        if code := language_code(text, country_of(url)):
            return code
    return "und"


def language_code(text: str, country: str = "") -> str:
    """The primary code of a language tag as pages write it ("kk_KZ", "KZ", "uz-Cyrl"), "" for none."""
    code = re.split(r"[-_,;\s]", text.strip().lower())[0]
    if code == "kg" and country not in ("", "kg"):
        return ""
    code = _MISTAKEN.get(code, code)
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


def _without_site(title: str, site: str) -> str:
    """A title element without the outlet's name at its end or beginning."""
    parts = _SEPARATORS.split(title)
    if len(parts) < 2:
        return title
    for part in (parts[-1], parts[0]):
        rest = title.removesuffix(part) if part is parts[-1] else title.removeprefix(part)
        rest = rest.strip(" |•·»–—-:")
        own = key(part)
        if rest and (own == key(site) or (not site and len(part.split()) <= 4 and len(rest) > 2 * len(part))):
            return rest
    return title
