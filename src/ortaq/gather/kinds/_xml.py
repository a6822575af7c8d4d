"""XML from strangers, made harmless before any parser sees it.

No document type, no entity of the document's own, nothing from the network, nesting to 256 levels and no more than
MAX_TAGS tags: billion laughs, quadratic blow-up and XXE have nothing to work with. After defusedxml's list of
attacks (https://github.com/tiran/defusedxml) and OWASP's XXE sheet.
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import Any

from lxml import etree

MAX_TAGS = 1_000_000
MAX_ATTRIBUTES = 50

_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_ROOT = re.compile(r"<[A-Za-z_]")
_AMPERSAND = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]+")
_OWN = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_LAST_ITEM = re.compile(r"</(?:\w{1,20}:)?(?:item|entry|url|sitemap)\s*>", re.IGNORECASE)
_KNOWN_PREFIXES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
}


def harmless(text: str) -> tuple[str, list[str]]:
    """The document from its root element on, without what could do harm, and what was wrong with it.

    HTML's named entities become their characters, stray ampersands are escaped. A document that was cut off ends
    after its last whole item: half an item is not believed.
    """
    problems: list[str] = []
    root = _ROOT.search(text)
    if root is None:
        return "", ["no XML element in it"]
    if "<!ENTITY" in text[: root.start()]:
        problems.append("declares entities of its own; they were ignored")
    text = _ILLEGAL.sub("", text[root.start() :])
    # XML is case-sensitive: in lower case these are no declarations any more, wherever they hide.
    text = _DOCTYPE.sub("<!doctype", text).replace("<!ENTITY", "<!entity")
    text, cut = _whole(text)
    if cut:
        problems.append(cut)
    return _escaped(text), problems


def _whole(text: str) -> tuple[str, str]:
    if text.count("<") > 2 * MAX_TAGS:
        place = 0
        for _ in range(2 * MAX_TAGS):
            place = text.index("<", place) + 1
        return _to_last_item(text[:place]), f"more than {MAX_TAGS} elements; the rest was left out"
    name = re.match(r"<([^\s/>]{1,64})", text)
    tail = text[-2000:]
    if name and f"</{name.group(1)}" not in tail and not re.fullmatch(r"<[^<>]{0,2000}/>\s*", tail):
        return _to_last_item(text), "cut off before its end; whole items were kept"
    return text, ""


def _to_last_item(text: str) -> str:
    end = len(text)
    while (end := text.rfind("</", 0, end)) >= 0:
        if match := _LAST_ITEM.match(text, end):
            return text[: match.end()]
    return text


def _escaped(text: str) -> str:
    pieces: list[str] = []
    place = 0
    while (start := text.find("<![CDATA[", place)) >= 0:
        end = text.find("]]>", start)
        if end < 0:
            break
        pieces.append(_AMPERSAND.sub(_ampersand, text[place:start]))
        pieces.append(text[start : end + 3])
        place = end + 3
    pieces.append(_AMPERSAND.sub(_ampersand, text[place:]))
    return "".join(pieces)


def _ampersand(match: re.Match[str]) -> str:
    name = match.group(1)
    if name is None:
        return "&amp;"
    if name in _OWN or name[0] == "#":
        return match.group()
    letters = html5.get(name)
    if letters is None or letters in "<>&\"'":
        return "&amp;" + name
    return letters


def parser_options() -> dict[str, Any]:
    """For lxml's XMLParser and iterparse."""
    return {
        "recover": True,
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
        "encoding": "utf-8",
    }


def tree(text: str) -> tuple[Any, list[str]]:
    """The root element of harmless text, with every prefix bound, or None; and what was wrong."""
    parser = etree.XMLParser(**parser_options())
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, [f"not XML: {error}"]
    fatal = [f"damaged: {entry.message.strip()}" for entry in parser.error_log if entry.level_name == "FATAL"]
    if root is not None:
        _bind_prefixes(root)
    return root, fatal[:1]


def _bind_prefixes(root: Any) -> None:
    # A recovering parser lets through names that no strict parser takes again ("dc:date" unbound, "https:").
    for element in root.iter(etree.Element):
        if _is_odd(element.tag):
            element.tag = _bound(element.tag)
        if len(element.attrib) > MAX_ATTRIBUTES:
            element.attrib.clear()
        for name in [name for name in element.attrib if _is_odd(name)]:
            value = element.attrib.pop(name)
            element.set(_bound(name), value)


def _is_odd(name: str) -> bool:
    return ":" in name.rpartition("}")[2]


def _bound(name: str) -> str:
    prefix, _, local = name.rpartition("}")[2].partition(":")
    local = re.sub(r"[^\w.-]", "-", local).lstrip("-.0123456789") or "x"
    return f"{{{_KNOWN_PREFIXES.get(prefix, 'urn:unbound')}}}{local}"
