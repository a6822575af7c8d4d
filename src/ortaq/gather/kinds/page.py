"""Section pages: which of a page's many links are its articles, by rules that know no site and no language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import lxml.html

from ortaq.gather.kind import RemoteKind
from ortaq.gather.kinds._addresses import absolute, article_likeness, is_navigation, next_page, same_site
from ortaq.gather.kinds._bytes import decode
from ortaq.gather.kinds._words import plain
from ortaq.model import Discovery, Hints, Link, Page, Problem

MAX_ANCHORS = 5_000
MAX_LINKS = 500
THRESHOLD = 6
"""Points an anchor needs; see _points. Chosen by hand on the made-up pages of tests/gather/test_kinds_page.py."""

_FURNITURE = frozenset({"nav", "footer", "form", "menu", "noscript", "template"})
_FURNITURE_WORDS = (
    "nav",
    "menu",
    "footer",
    "breadcrumb",
    "pagination",
    "pager",
    "social",
    "share",
    "tags",
    "cookie",
    "lang",
)
_CONTENT = frozenset({"main", "article", "h1", "h2", "h3", "h4"})


@dataclass(frozen=True, slots=True)
class _Anchor:
    url: str
    text: str
    template: str
    in_content: bool


def discover(page: Page) -> Discovery:
    """The page's article links in their order, with the anchor text as title, and at most one next page."""
    base = page.final_url or page.url
    text = decode(page)
    try:
        # As bytes, because lxml refuses a str that has an encoding declaration.
        parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (ValueError, lxml.html.etree.LxmlError):
        return Discovery(
            problems=(Problem(page.url, "this is not a web page", "Correct the source's address or kind"),)
        )
    base = _base(root, base)
    anchors = list(_anchors(root, page.final_url or page.url, base))
    repeated = Counter(anchor.template for anchor in _longest(anchors))
    links = tuple(
        Link(anchor.url, Hints(title=anchor.text))
        for anchor in _longest(anchors)
        if _points(anchor, repeated[anchor.template]) >= THRESHOLD
    )
    problems = []
    if not links:
        fix = "If the site builds its pages by script, look for its feed or sitemap"
        problems.append(Problem(page.url, "no article links found on this page", fix))
    if len(links) > MAX_LINKS:
        problems.append(Problem(page.url, f"{len(links)} links; only the first {MAX_LINKS} were taken"))
    return Discovery(links[:MAX_LINKS], tuple(islice(_next(root, base), 1)), tuple(problems))


def _base(root: Any, base: str) -> str:
    for element in islice(root.iter("base"), 1):
        return absolute(base, element.get("href") or "") or base
    return base


def _anchors(root: Any, site: str, base: str) -> Iterator[_Anchor]:
    here = absolute(site, site)
    for element in islice(root.iter("a"), MAX_ANCHORS):
        url = absolute(base, element.get("href") or "")
        if url is None or url == here or not same_site(site, url) or is_navigation(url):
            continue
        path: list[str] = []
        in_content = element.find("h2") is not None or element.find("h3") is not None
        for parent in islice(element.iterancestors(), 30):
            words = f"{parent.get('class') or ''} {parent.get('id') or ''} {parent.get('role') or ''}".lower()[:200]
            if parent.tag in _FURNITURE or any(_is_furniture(word) for word in words.split()):
                break
            in_content = in_content or parent.tag in _CONTENT
            if len(path) < 3:
                path.append(f"{parent.tag}.{'.'.join(words.split()[:2])}")
        else:
            text = plain(" ".join(islice(element.itertext(), 40))[:2_000], 300)
            template = f"{(element.get('class') or '')[:100]}<{'<'.join(path)}"
            yield _Anchor(url, text or plain(element.get("title"), 300), template, in_content)


def _is_furniture(word: str) -> bool:
    parts = word.replace("_", "-").split("-")
    return any(part in _FURNITURE_WORDS for part in parts) or word in {"navbar", "navigation", "mainmenu", "topmenu"}


def _longest(anchors: list[_Anchor]) -> list[_Anchor]:
    """One anchor an address: a picture and a headline often lead to the same article; the longer text wins."""
    best: dict[str, _Anchor] = {}
    for anchor in anchors:
        known = best.get(anchor.url)
        if known is None or len(anchor.text) > len(known.text):
            best[anchor.url] = anchor  # keeps the place of the first
    return list(best.values())


def _points(anchor: _Anchor, siblings: int) -> int:
    """What speaks for an article: its address (0-8), a headline's length in words or letters, its place, repetition."""
    points = min(article_likeness(anchor.url), 5)
    letters = len(anchor.text)
    words = anchor.text.count(" ") + 1
    points += 3 if letters >= 25 and words >= 3 else 1 if letters >= 12 and words >= 2 else -2
    points += 1 if anchor.in_content else 0
    return points + (2 if siblings >= 4 else 1 if siblings >= 2 else 0)


def _next(root: Any, base: str) -> Iterator[str]:
    for element in root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split() and (url := next_page(base, element.get("href") or "")):
            yield url


kind = RemoteKind("page", "listing", discover)
