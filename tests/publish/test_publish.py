"""What leaves the house is legal, short enough, and the same each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ortaq.model import Article, CopyLink, Outlet, Quotation, Story
from ortaq.publish.clean import EXCERPT, excerpt, legal, web_address
from ortaq.publish.feeds import Entry, Feed, atom, json_feed, rss
from ortaq.publish.json_records import article_json, best_headline, story_json

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ARTICLE = Article("a1", "https://dala.example/1", "dala", "dala:1", "Көпір ашылды", "Сөйлем. " * 200, AT, "kk", "Cyrl")
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_feeds_of_any_text_are_valid(title: str, summary: str, author: str) -> None:
    entry = Entry("urn:ortaq:article:1", "https://o.example/a", title, summary, AT, AT, author, "kk", "javascript:x")
    feed = Feed(
        "urn:ortaq:feed:1", title, summary, "https://o.example/", "https://o.example/f", "kk", author, AT, (entry,)
    )
    for written in (rss(feed), atom(feed)):
        root = etree.fromstring(written)
        texts = root.xpath("//*[local-name()='item' or local-name()='entry']/*[local-name()='title']/text()")
        # A carriage return written as a reference comes back as it was.
        assert "".join(texts) == legal(title)
        assert b"javascript" not in written or "javascript" in title + summary + author
    json_feed(feed).decode()


def test_a_feed_without_entries_is_valid() -> None:
    feed = Feed("urn:ortaq:feed:1", "Т", "С", "https://o.example/", "https://o.example/f", "kk", "O", AT)
    for written in (rss(feed), atom(feed)):
        read = feedparser.parse(written)
        assert not read.bozo
        assert read.feed.updated_parsed[:5] == (2026, 11, 24, 12, 0)


@given(st.text(max_size=1500), st.integers(20, 500))
def test_an_excerpt_is_a_beginning_within_its_limit(text: str, limit: int) -> None:
    made = excerpt(text, limit)
    assert len(made) <= limit
    assert " ".join(text.split()).startswith(made.removesuffix("…"))


def test_an_excerpt_ends_with_a_sentence_or_else_a_word() -> None:
    assert excerpt("Бірінші сөйлем. Екінші сөйлем бар.", 25) == "Бірінші сөйлем."
    assert excerpt("бір екі үш төрт бес алты", 12) == "бір екі үш…"
    assert (
        excerpt("ئاقسەڭگىر شەھىرىدە كۆۋرۈك ئېچىلدى. ئەمدى يول قىسقىرايدۇ.", 40) == "ئاقسەڭگىر شەھىرىدە كۆۋرۈك ئېچىلدى."
    )
    assert excerpt("қысқа", 400) == "қысқа"
    assert len(excerpt("х" * 5000)) == EXCERPT


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://a.example/б?x=1#y", True), ("http://a.example", True), ("HTTPS://A.EXAMPLE/", True),
        ("javascript:alert(1)", False), ("java\tscript:alert(1)", False), ("ftp://a.example/", False),
        ("//a.example", False), ("/a", False), ("https:", False), ("http://[", False), ("https://a.example/\\x", False),
        ("file:///x", False), ("mailto:a@b.example", False),
    ],
)  # fmt: skip
def test_only_web_addresses_are_linked(url: str, fine: bool) -> None:
    assert (web_address(url) is not None) is fine


def test_an_article_is_whole_where_the_licence_or_the_owner_says_so() -> None:
    free = Outlet("dala", "Дала", full_text=True)
    assert article_json(ARTICLE, None, story="s")["text_complete"] is False
    assert len(article_json(ARTICLE, replace(free, full_text=False), story="s")["text"]) <= EXCERPT
    assert article_json(ARTICLE, free, story="s")["text"] == ARTICLE.text
    said = [Quotation("Сөйлем. Сөйлем", "Ахметова", True), Quotation("not in the excerpt", "Ахметова", False)]
    shown = article_json(ARTICLE, None, story="s", quotations=said)["quotations"]
    assert shown == [{"text": "Сөйлем. Сөйлем", "speaker": "Ахметова", "direct": True}]
    owner = article_json(ARTICLE, None, story="s", copies=[CopyLink("a2", "a1", "part", 0.51239)], full=True)
    assert owner["text_complete"] is True
    assert owner["copies"] == [{"article": "a2", "original": "a1", "kind": "part", "overlap": 0.5124}]
    assert owner["published"] is None
    assert len(article_json(ARTICLE, free, story="s", quotations=said)["quotations"]) == 2


def test_a_story_has_the_headline_one_can_read() -> None:
    headlines = {"uz-Cyrl": "Кўприк", "ru": "Мост"}
    assert best_headline(headlines, ["kk", "uz", "ru"]) == ("uz-Cyrl", "Кўприк")
    assert best_headline(headlines, ["ru", "uz"]) == ("ru", "Мост")
    assert best_headline(headlines, ["en"]) == ("uz-Cyrl", "Кўприк")
    assert best_headline({}, ["en"]) == ("und", "")
    story = Story("s", headlines, ("uz-Cyrl", "ru"), ("dala",), ("KZ",), AT, AT, ("a1",))
    assert story_json(story, [ARTICLE], ["ru"])["title"] == "Мост"
