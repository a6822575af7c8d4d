"""The text of an article page: which reader is believed, and what is taken out of what it found.

The first reader is trafilatura. Where the page's own JSON-LD holds a text that is much longer and covers what was read,
that text is believed instead. Otherwise the second reader adds what the first missed: paragraphs that stand in the same
place of the page's structure as those it took. Then is taken out what is no text of the article: a repeated headline, a
lead that stands apart, a dateline, paragraphs that only point to other articles, and what stands twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import html as lxml_html
from lxml.html import HtmlElement

from ortaq.read.blocks import Block, blocks, key
from ortaq.read.dates import parse_date

# Tuned 2026-11 on pages/article_extraction.dev and pages/trafilatura_eval with `python -m benchmarks.pages`.
LINK_SHARE = 0.7  # of a paragraph's letters in links, from which it counts as a pointer elsewhere
LINK_WORDS = 4  # shorter link paragraphs may be names of things
LINK_LENGTH = 250
LINK_TOTAL = 0.3  # of the text: above it the links are what the article is about
REPEAT_SHARE = 0.25  # of the text in one run of repeated paragraphs, from which the run is a second copy
PARAGRAPH = 80  # letters of a block that is text for certain
MISSED_SHARE = 0.2  # of the text: less than that missing is left alone
HEAD = 3  # paragraphs at the beginning that may be headline, lead, dateline
DATELINE = 60
MANY = 3_000  # paragraphs; no article has as many, and looking for what is missed or repeated takes their square
TOLD_SHARE = 1.6  # times longer than what we read: JSON-LD's articleBody is believed


_BULLET = re.compile(r"^[-–•|*]\s+")


@dataclass(frozen=True, slots=True)
class Body:
    """Paragraphs and the reader that found them: "trafilatura", "json-ld" or "blocks"."""

    paragraphs: tuple[str, ...]
    reader: str


def read_body(
    tree: HtmlElement, found: Sequence[Block], *, titles: Sequence[str], lead: str = "", told: str = ""
) -> Body:
    """The article's paragraphs. `found` are the blocks of `tree`, which is left as it was; `titles` are what the page
    calls itself; `told` is JSON-LD's articleBody, plain or HTML."""
    paragraphs, reader = _first_reader(tree), "trafilatura"
    told_paragraphs = _told_paragraphs(told)
    if _length(told_paragraphs) > TOLD_SHARE * _length(paragraphs) and _covers(told_paragraphs, paragraphs):
        paragraphs, reader = told_paragraphs, "json-ld"
    by_key = {block.key: block for block in reversed(found)}
    keys = _Keys()
    if reader == "trafilatura" and len(paragraphs) <= MANY:
        fuller = _with_missed(paragraphs, found, keys)
        if len(fuller) > len(paragraphs):
            paragraphs, reader = fuller, "trafilatura+blocks"
    paragraphs = _without_head(paragraphs, titles, lead, by_key, keys)
    paragraphs = _without_pointers(paragraphs, by_key, keys)
    return Body(tuple(_without_copy(paragraphs, keys) if len(paragraphs) <= MANY else paragraphs), reader)


class _Keys(dict[str, str]):
    """`key` of each text, computed once."""

    def __missing__(self, text: str) -> str:
        self[text] = own = key(text)
        return own


def _first_reader(tree: HtmlElement) -> list[str]:
    from trafilatura import bare_extraction

    document = bare_extraction(tree, include_comments=False, include_tables=True, include_formatting=False)
    text = getattr(document, "text", "") or ""
    return [line.strip() for line in text.split("\n") if line.strip()]


def _told_paragraphs(told: str) -> list[str]:
    if not told.strip():
        return []
    if re.search(r"</?(?:p|br|div|a|strong|b|em|i|h\d|ul|li)\b[^>]*>", told, re.I):
        try:
            return [block.text for block in blocks(lxml_html.fromstring(f"<div>{told}</div>"))]
        except (ValueError, lxml_html.etree.ParserError):
            return []
    return [line.strip() for line in told.split("\n") if line.strip()]


def _length(paragraphs: Iterable[str]) -> int:
    return sum(map(len, paragraphs))


def _covers(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    """True when at least half of the shorter text's words stand in the longer: they are the same article."""
    words, own = Counter(" ".join(longer).split()), Counter(" ".join(shorter).split())
    return not own or sum((words & own).values()) >= 0.5 * sum(own.values())


def _with_missed(paragraphs: list[str], found: Sequence[Block], keys: _Keys) -> list[str]:
    """Put in, where they stand on the page, the long paragraphs whose place in the page's structure is that of most
    paragraphs already taken. They must share the article element with those, and no other headline may come between.
    """
    told = {keys[_BULLET.sub("", text)] for text in paragraphs}
    taken = [block for block in found if block.key in told and len(block.text) >= PARAGRAPH]
    if len(taken) < 2:
        return paragraphs
    place, count = Counter(_place(block.element) for block in taken).most_common(1)[0]
    if count < 0.6 * len(taken):
        return paragraphs
    article = _article(taken[0].element)
    known = "".join(keys[text] for text in paragraphs)
    missed: list[Block] = []
    begun = False
    for block in found:
        begun = begun or block is taken[0]
        if begun and block.element.tag == "h1":
            break
        if (
            begun
            and len(block.text) >= PARAGRAPH
            and block.link_share < 0.3
            and _place(block.element) == place
            and _article(block.element) is article
            and block.key not in known
        ):
            missed.append(block)
    if sum(len(block.text) for block in missed) < MISSED_SHARE * _length(paragraphs):
        return paragraphs
    return _merged(paragraphs, missed, found, keys)


def _merged(paragraphs: list[str], missed: list[Block], found: Sequence[Block], keys: _Keys) -> list[str]:
    """The paragraphs with the missed ones after what stands before them on the page."""
    order = {block.key: number for number, block in enumerate(found)}
    waiting = [(order[block.key], block.text) for block in missed]
    merged: list[str] = []
    for text in paragraphs:
        number = order.get(keys[text])
        while number is not None and waiting and waiting[0][0] < number:
            merged.append(waiting.pop(0)[1])
        merged.append(text)
    return merged + [text for _, text in waiting]


def _place(element: HtmlElement) -> tuple[str, ...]:
    """Where an element stands: its tag, and tag and class of the elements around it."""
    chain = [str(element.tag)]
    at = element.getparent()
    while at is not None and len(chain) < 6:
        chain.append(f"{at.tag}.{at.get('class') or ''}")
        at = at.getparent()
    return tuple(chain)


def _article(element: HtmlElement) -> HtmlElement | None:
    return next(iter(element.iterancestors("article")), None)


def _without_head(
    paragraphs: list[str], titles: Sequence[str], lead: str, by_key: dict[str, Block], keys: _Keys
) -> list[str]:
    """Drop from the beginning what other fields hold: the headline, the lead that stands apart, the dateline."""
    called = [keys[title] for title in titles if title]
    places = Counter(
        _place(block.element) for text in paragraphs if len(text) >= PARAGRAPH and (block := by_key.get(keys[text]))
    )
    usual = places.most_common(1)[0][0] if places else None

    def is_title(own: str) -> bool:
        return len(own) > 8 and any(
            own == title
            or (len(own) > 15 and title.startswith(own))
            or (len(title) > 15 and own.startswith(title) and len(own) < 1.3 * len(title))
            for title in called
        )

    def is_lead(own: str) -> bool:
        block = by_key.get(own)
        return own == keys[lead] and block is not None and _place(block.element) != usual

    def is_dateline(text: str) -> bool:
        return len(text) <= DATELINE and not text.endswith((".", "!", "?", ":")) and parse_date(text) is not None

    return [
        text
        for number, text in enumerate(paragraphs)
        if number >= HEAD or not (is_title(own := keys[text]) or is_lead(own) or is_dateline(text))
    ]


def _without_pointers(paragraphs: list[str], by_key: dict[str, Block], keys: _Keys) -> list[str]:
    """Drop "Read also: ..." and headlines of other articles: link paragraphs that are no headings or addresses."""
    drop = set()
    for place, text in enumerate(paragraphs):
        plain = _BULLET.sub("", text)
        block = by_key.get(keys[plain])
        if (
            block is not None
            and block.link_share >= LINK_SHARE
            and not block.heading
            and len(plain.split()) >= LINK_WORDS
            and len(plain) < LINK_LENGTH
            and not re.match(r"https?://|\S+@\S+", plain)
        ):
            drop.add(place)
    if sum(len(paragraphs[place]) for place in drop) > LINK_TOTAL * _length(paragraphs):
        return paragraphs
    return [text for place, text in enumerate(paragraphs) if place not in drop]


def _without_copy(paragraphs: list[str], known: _Keys) -> list[str]:
    """Drop a run of at least three different paragraphs that repeats an earlier run and is a good part of the text."""
    keys = [known[text] for text in paragraphs]
    first: dict[str, int] = {}
    kept: list[str] = []
    place, total = 0, sum(map(len, keys))
    while place < len(keys):
        run = 0
        start = first.get(keys[place])
        if start is not None:
            while place + run < len(keys) and start + run < place and keys[place + run] == keys[start + run]:
                run += 1
        repeated = keys[place : place + run]
        if run >= 3 and len(set(repeated)) == run and sum(map(len, repeated)) > REPEAT_SHARE * total:
            place += run
            continue
        first.setdefault(keys[place], place)
        kept.append(paragraphs[place])
        place += 1
    return kept
