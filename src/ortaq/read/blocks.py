"""A page as the runs of text a reader sees: one block for each paragraph, heading, list item or line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

_BLOCKS_TEXT = """
    address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre search section summary table tbody
    td tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCKS_TEXT.split())
_UNSEEN_TEXT = """
    script style noscript template svg iframe head select option button textarea object audio video math
"""
_UNSEEN = frozenset(_UNSEEN_TEXT.split())
_LETTERS = re.compile(r"[^\W_]+")
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "th", "td", "caption"])


@dataclass(slots=True)
class Block:
    """One run of text. `link_share`: letters in links to all letters, 0..1; `element` is the nearest block element."""

    text: str
    link_share: float
    heading: bool
    element: HtmlElement
    key: str


def key(text: str) -> str:
    """Letters and digits only, without case: two texts with one key read the same."""
    return "".join(_LETTERS.findall(text.casefold()))


def blocks(tree: HtmlElement) -> list[Block]:
    """The blocks in page order, without the ones nobody sees (scripts, forms' options)."""
    collector = _Collector(tree)
    add, end = collector.add, collector.end
    links = 0  # around the place we are at
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))  # hostile pages nest too deep to recurse
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _UNSEEN:
                walk.skip_subtree()
                continue
            if tag in _BLOCKS:
                end(element)
            elif tag == "a":
                links += 1
            add(element.text, links > 0)
            continue
        if tag in _BLOCKS:
            parent = element.getparent()
            end(tree if parent is None else parent)
        elif tag == "a":
            links -= 1
        if element is not tree:
            add(element.tail, links > 0)
    end(tree)
    return collector.found


class _Collector:
    """The run of text being read, and those already read."""

    def __init__(self, element: HtmlElement) -> None:
        self.found: list[Block] = []
        self._element = element
        self._parts: list[str] = []
        self._linked: list[str] = []

    def add(self, text: str | None, linked: bool) -> None:
        if text and (self._parts or not text.isspace()):
            self._parts.append(text)
            if linked:
                self._linked.append(text)

    def end(self, next_element: HtmlElement) -> None:
        if self._parts:
            text = " ".join("".join(self._parts).split())
            if own := key(text):
                heading = any(above.tag in _HEADINGS for above in _near(self._element))
                self.found.append(Block(text, self._link_share(own), heading, self._element, own))
            self._parts, self._linked = [], []
        self._element = next_element

    def _link_share(self, own: str) -> float:
        if len(self._linked) == len(self._parts):
            return 1.0
        return min(1.0, len(key("".join(self._linked))) / len(own)) if self._linked else 0.0


def _near(element: HtmlElement) -> list[HtmlElement]:
    """The element and its ancestors up to the nearest container."""
    chain = []
    at: HtmlElement | None = element
    while at is not None and at.tag not in ("body", "article", "section", "div", "main"):
        chain.append(at)
        at = at.getparent()
    return chain
