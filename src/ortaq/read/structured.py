"""What a page says of itself to machines: JSON-LD, meta elements, microdata. Values only, nothing is judged here."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

MAX_SCRIPT = 2_000_000  # characters of one JSON-LD block
MAX_SCRIPTS = 50
MAX_NODES = 20_000  # values walked in all blocks together

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|CreativeWork)$")
_PAGE = re.compile(r"(?:WebPage|ItemPage)$")
# Lists of other articles: what stands in them is not of this page.
_ELSEWHERE_TEXT = """
    itemlistelement relatedlink haspart ispartof isbasedon citation mentions comment review subjectof video about
    publisher author creator image mainentity breadcrumb potentialaction significantlink blogpost
"""
_ELSEWHERE = frozenset(_ELSEWHERE_TEXT.split())
_OF_PAGE = frozenset({"mainentityofpage"})
_COMMENT = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_LONE_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|inLanguage|description)"\s*:\s*"((?:[^"\\]|\\.){1,2000})"'
)

Linked = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Structured:
    """`article` is the JSON-LD object of this page's article ({} without one); `meta` maps lower-case names to values
    in page order; `micro` maps itemprop names to values, the article's own only."""

    article: Linked = field(default_factory=dict)
    page: Linked = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    breadcrumbs: tuple[str, ...] = ()
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    micro: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def first_meta(self, *names: str) -> str:
        return next((value for name in names for value in self.meta.get(name, ())), "")


def structured(tree: HtmlElement, titles: tuple[str, ...], urls: tuple[str, ...]) -> Structured:
    """All of it. `titles` and `urls` of the page help to find its own article among several in JSON-LD."""
    articles: list[Linked] = []
    pages: list[Linked] = []
    crumbs: tuple[str, ...] = ()
    nodes = list(_nodes(tree))
    names = {str(node["@id"]): text for node in nodes if "@id" in node and (text := text_of(node.get("name")))}
    for node in nodes:
        types = [kind for kind in _list(node.get("@type")) if isinstance(kind, str)]
        if any(_ARTICLE.search(kind) for kind in types):
            articles.append(node)
        elif any(_PAGE.search(kind) for kind in types):
            pages.append(node)
        elif "BreadcrumbList" in types and not crumbs:
            crumbs = _crumbs(node)
    article = _own(articles, titles, urls)
    return Structured(
        article=article,
        authors=tuple(_authors(article.get("author"), names)),
        page=pages[0] if pages else {},
        breadcrumbs=crumbs,
        meta=_meta(tree),
        micro=_microdata(tree),
    )


def text_of(value: Any) -> str:
    """A JSON-LD value as one string: a string, a number, an object with a name, or the first of a list."""
    for item in _list(value):
        if isinstance(item, Mapping):
            item = item.get("name") or item.get("@value") or item.get("url") or item.get("@id")
        if isinstance(item, str) and item.strip():
            return html.unescape(item).strip()
    return ""


def _authors(value: Any, names: Mapping[str, str]) -> Iterator[str]:
    """Names of authors: given here, or by reference (@id) to an object elsewhere on the page."""
    for item in _list(value)[:20]:
        if isinstance(item, Mapping):
            name = text_of(item.get("name")) or names.get(str(item.get("@id")), "")
        else:
            name = text_of(item)
        if name:
            yield name


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _nodes(tree: HtmlElement) -> Iterator[Linked]:
    """The JSON-LD objects that speak of this page, outer ones first."""
    count = 0
    scripts = tree.xpath("//script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]")
    for script in scripts[:MAX_SCRIPTS]:
        waiting = _list(_json(script.text or ""))
        while waiting and count < MAX_NODES:
            value = waiting.pop(0)
            count += 1
            if isinstance(value, list):
                waiting.extend(value)
            elif isinstance(value, Mapping):
                yield value
                for name, inner in value.items():
                    if isinstance(inner, (Mapping, list)) and name.lower() not in _ELSEWHERE | _OF_PAGE:
                        waiting.append(inner)
                if isinstance(main := value.get("mainEntity"), Mapping) and _is_article(main):
                    waiting.append(main)


def _is_article(node: Linked) -> bool:
    return any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in _list(node.get("@type")))


def _json(text: str) -> Any:
    """JSON as pages write it: in comments, with raw line breaks, with a comma too many; else what can be picked out."""
    text = text[:MAX_SCRIPT]
    for attempt in (text, _COMMENT.sub("", _COMMENT.sub("", text)), _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    picked: dict[str, str] = {}
    if re.search(r'"@type"\s*:\s*\[?\s*"\w*(?:Article|Posting)"', text):
        for name, value in _LONE_FIELD.findall(text):
            try:
                picked.setdefault(name, json.loads(f'"{value}"', strict=False))
            except ValueError:
                continue
    return {"@type": "Article", **picked} if picked else None


def _own(articles: list[Linked], titles: tuple[str, ...], urls: tuple[str, ...]) -> Linked:
    """This page's article: the one with its address or headline, or else the only one."""
    if not articles:
        return {}
    keys = {_key(title) for title in titles if title}
    ends = {_tail(url) for url in urls if url}
    for node in articles:
        told = [text_of(node.get(name)) for name in ("url", "mainEntityOfPage", "@id")]
        main = node.get("mainEntityOfPage")
        if isinstance(main, Mapping):
            told.append(str(main.get("@id") or main.get("url") or ""))
        if any(_tail(url) in ends for url in told if url):
            return node
    for node in articles:
        headline = _key(text_of(node.get("headline") or node.get("name")))
        if headline and any(headline in key or key in headline for key in keys if len(key) > 10):
            return node
    return articles[0] if len(articles) == 1 else {}


def _key(text: str) -> str:
    return "".join(char for char in html.unescape(text).casefold() if char.isalnum())


def _tail(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", url.split("#")[0].split("?")[0]).rstrip("/").lower()


def _crumbs(node: Linked) -> tuple[str, ...]:
    names = []
    for item in _list(node.get("itemListElement"))[:20]:
        if isinstance(item, Mapping):
            names.append(text_of(item.get("name")) or text_of(item.get("item")))
    return tuple(name for name in names if name and not name.startswith("http"))


def _meta(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        if content:
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                if name := element.get(attribute):
                    found.setdefault(name.strip().lower(), []).append(html.unescape(content))
    return {name: tuple(values) for name, values in found.items()}


def _microdata(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    """Values by itemprop, in page order. A scope that is no article (a comment, a related item) is left out."""
    found: dict[str, list[str]] = {}
    for place in tree.xpath("//*[@itemprop]")[:2_000]:
        element = place
        if not isinstance(element.tag, str) or (element.tag == "meta" and not element.get("content")):
            continue
        scopes = [
            scope.get("itemtype") or "" for scope in element.iterancestors() if scope.get("itemscope") is not None
        ]
        outer = [kind for kind in scopes if kind]
        if any(re.search(r"(?:Comment|ItemList|Product|Event|UserComments)$", kind) for kind in outer):
            continue
        if element.get("itemscope") is not None and (inner := element.xpath(".//*[@itemprop='name']")):
            element_names, element = element.get("itemprop") or "", inner[0]
        else:
            element_names = element.get("itemprop") or ""
        value = element.get("content") or element.get("datetime")
        if value is None:
            value = element.text_content()[:2_000]
        if value.strip():
            for name in element_names.split():
                found.setdefault(name.lower(), []).append(" ".join(value.split()))
    return {name: tuple(values) for name, values in found.items()}
