"""A page as the runs of text a reader sees: one block for each paragraph, heading, list item or line."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
_NO_LETTER = re.compile(r"[\W_]+")
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
    return _NO_LETTER.sub("", text.casefold())


def blocks(tree: HtmlElement) -> list[Block]:
    """The blocks in page order, without the ones nobody sees (scripts, forms' options)."""
    collector = _Collector(tree)
    # Depth first with an own stack: hostile pages nest deeper than Python may recurse.
    stack: list[tuple[HtmlElement, bool, bool]] = [(tree, False, False)]
    while stack:
        element, linked, leaving = stack.pop()
        is_block = element.tag in _BLOCKS
        if leaving:
            if is_block:
                parent = element.getparent()
                collector.end(tree if parent is None else parent)
            if element is not tree:
                collector.add(element.tail, linked)
            continue
        if not isinstance(element.tag, str) or element.tag in _UNSEEN:
            collector.add(element.tail, linked)
            continue
        if is_block:
            collector.end(element)
        linked_inside = linked or element.tag == "a"
        collector.add(element.text, linked_inside)
        stack.append((element, linked, True))
        stack.extend((child, linked_inside, False) for child in reversed(element))
    collector.end(tree)
    return collector.found


class _Collector:
    """The run of text being read, and those already read."""

    def __init__(self, element: HtmlElement) -> None:
        self.found: list[Block] = []
        self._element = element
        self._parts: list[str] = []
        self._linked: list[str] = []

    def add(self, text: str | None, linked: bool) -> None:
        if text:
            self._parts.append(text)
            if linked:
                self._linked.append(text)

    def end(self, next_element: HtmlElement) -> None:
        text = " ".join("".join(self._parts).split())
        if own := key(text):
            share = min(1.0, len(key("".join(self._linked))) / len(own))
            heading = any(above.tag in _HEADINGS for above in _near(self._element))
            self.found.append(Block(text, share, heading, self._element, own))
        self._element, self._parts, self._linked = next_element, [], []


def _near(element: HtmlElement) -> list[HtmlElement]:
    """The element and its ancestors up to the nearest container."""
    chain = []
    at: HtmlElement | None = element
    while at is not None and at.tag not in ("body", "article", "section", "div", "main"):
        chain.append(at)
        at = at.getparent()
    return chain
