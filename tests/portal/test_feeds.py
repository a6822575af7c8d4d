"""Feeds, as feed readers read them."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import feedparser
import pytest
from fastapi import FastAPI
from lxml import etree, html

from tests.portal.sample import ask

QUERIES = ("", "?language=ug", "?country=UZ", "?outlet=dala", "?story=s-bridge", "?q=412", "?q=412&language=kk")


def same_address(one: str, other: str) -> bool:
    """The order of the parameters says nothing."""
    left, right = urlsplit(one), urlsplit(other)
    return left[:3] == right[:3] and sorted(parse_qsl(left.query)) == sorted(parse_qsl(right.query))


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_feed_reader_reads_it(app: FastAPI, form: str, query: str) -> None:
    answer = ask(app, f"/feeds/{form}{query}")
    assert answer.headers["content-type"] == f"application/{form}+xml; charset=utf-8"
    read = feedparser.parse(answer.content)
    assert not read.bozo
    assert read.version == {"rss": "rss20", "atom": "atom10"}[form]
    assert read.feed.title.startswith("Ortaq")
    (own,) = [link.href for link in read.feed.links if link.rel == "self"]
    assert same_address(own, f"http://portal.example/feeds/{form}{query}")
    assert read.entries
    for entry in read.entries:
        assert entry.id.startswith("urn:ortaq:")
        assert entry.link.startswith("http://portal.example/")
        assert entry.title
        assert entry.published_parsed
        assert entry.author
    assert len({entry.id for entry in read.entries}) == len(read.entries)


@pytest.mark.parametrize("query", QUERIES)
def test_the_json_feed_is_a_json_feed(app: FastAPI, query: str) -> None:
    answer = ask(app, f"/feeds/json{query}")
    assert answer.headers["content-type"].startswith("application/feed+json")
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert same_address(feed["feed_url"], f"http://portal.example/feeds/json{query}")
    assert feed["items"]
    assert all(
        item["id"] and item["url"] and "content_text" in item and item["date_published"] for item in feed["items"]
    )


def test_languages_are_marked_and_texts_are_excerpts(app: FastAPI) -> None:
    root = etree.fromstring(ask(app, "/feeds/atom?story=s-bridge").content)
    languages = root.xpath("//*[local-name()='entry']/@xml:lang")
    assert {"kk", "ru", "uz", "uz-Cyrl", "ug", "en", "ky"} == set(languages)
    assert "Ашылуға" not in ask(app, "/feeds/atom?outlet=dala").text or len(max(root.xpath("//text()"), key=len)) <= 400
    assert root.xpath("//*[local-name()='link'][@rel='via']/@href")[0].startswith("https://")


def test_pages_advertise_their_feeds(app: FastAPI) -> None:
    for path, query in {
        "/": "",
        "/?language=ug": "?language=ug",
        "/outlet/dala": "?outlet=dala",
        "/search?q=412": "?q=412",
    }.items():
        page = html.document_fromstring(ask(app, path).text)
        assert page.xpath("//link[@rel='alternate'][@type]/@href") == [
            f"/feeds/{form}{query}" for form in ("rss", "atom", "json")
        ]


def test_a_feed_that_is_none_is_refused(app: FastAPI) -> None:
    assert ask(app, "/feeds/xls").status_code == 400
    assert ask(app, "/feeds/rss?story=none").status_code == 404
    assert ask(app, "/feeds/rss?outlet=none").status_code == 200
