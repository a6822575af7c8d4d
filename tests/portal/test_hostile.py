"""Whatever outlets write stays text: in pages, feeds and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from lxml import etree, html

from ortaq.model import Outlet
from tests.portal.sample import article, ask, make_app, open_region, put

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}%(x)s ]]> \u202e\x07\x00 &amp;"
BAD_URLS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "urn:example:a",
    "//evil.example/x",
    "http://",
    "https://[::1",
    "http:\\\\evil.example",
    " vbscript:x",
    "",
)


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    home = tmp_path_factory.mktemp("evil")
    records = open_region(home)
    # NUL is no character that a store must keep.
    text = EVIL.replace("\x00", "")
    with records.write() as writer:
        writer.put_outlet(
            Outlet("evil", text, "javascript:alert(2)", "<b>", "<i>x</i>", ("kk", "<u>"), text, description=text)
        )
    for number, url in enumerate(BAD_URLS):
        made = article(
            f"evil{number}", "evil", "kk", "Cyrl", 5, f"{text} {number}", f"{text}\n\n{text} Тағы бір сөйлем."
        )
        put(records, replace(made, url=url, authors=(text,), lead=text), "s-evil")
    put(records, replace(made, id="changed", text="Бір мәтін."), "s-evil")
    put(records, replace(made, id="changed", headline=text + "!", text=text), "s-evil")
    put(records, replace(made, id="bare", headline="", text="", lead="", language="und", script="Zyyy"), "s-bare")
    yield make_app(records, Path("home"), name="<b>Site</b>", contact="javascript:alert(3)")
    records.close()


PATHS = [
    "/",
    "/story/s-evil",
    "/story/s-bare",
    "/article/bare",
    "/article/changed",
    "/outlets",
    "/outlet/evil",
    "/search?q=alert",
    "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "/about",
    "/api/v1/docs",
    "/?language=%3Cscript%3E",
    "/story/%3Cscript%3E",
    "/search?q=%22%3E%3Cscript%3E&language=kk",
    *(f"/article/evil{n}" for n in range(len(BAD_URLS))),
]


@pytest.mark.parametrize("path", PATHS)
def test_hostile_text_is_only_text_on_every_page(evil: FastAPI, path: str) -> None:
    for ui in ("kk", "ru", "en"):
        answer = ask(evil, path, accept_language=ui)
        assert answer.status_code in (200, 400, 404)
        page = html.document_fromstring(answer.text.replace("\x07", ""))
        own = "self::script[not(node()) and starts-with(@src, '/static/search.js?v=')]"
        assert not page.xpath(f"(//script|//img|//b|//i|//u[1]|//*[@onerror])[not({own})]")
        hrefs = page.xpath("//@href|//@src|//@action|//@cite")
        assert all(href.startswith(("/", "#", "https://")) and not href.startswith("//") for href in hrefs), hrefs
        assert "49" not in page.xpath("string(//h1)"), "templates are not made of outlets' text"


@pytest.mark.parametrize("number", range(len(BAD_URLS)))
def test_an_address_that_is_none_of_the_web_is_shown_but_not_linked(evil: FastAPI, number: int) -> None:
    page = html.document_fromstring(ask(evil, f"/article/evil{number}", accept_language="en").text.replace("\x07", ""))
    assert not page.xpath("//a[@class='button']")
    assert "which is not on the web" in page.text_content()


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
@pytest.mark.parametrize("query", ["", "?outlet=evil", "?story=s-evil", "?q=alert", "?story=s-bare"])
def test_hostile_text_is_only_text_in_feeds(evil: FastAPI, form: str, query: str) -> None:
    answer = ask(evil, f"/feeds/{form}{query}")
    assert answer.status_code == 200
    if form == "json":
        assert [item for item in json.loads(answer.content)["items"] if item["id"]]
        return
    root = etree.fromstring(answer.content)
    assert not root.xpath("//*[local-name()='script' or local-name()='img']")
    links = root.xpath("//*[local-name()='link']/@href|//*[local-name()='link'][not(@href)]/text()")
    assert all(link.startswith(("http://portal.example", "https://")) for link in links)


def test_hostile_text_survives_the_api_unharmed(evil: FastAPI) -> None:
    made = ask(evil, "/api/v1/articles/evil0").json()
    assert made["title"] == EVIL.replace("\x00", "") + " 0"
    assert made["url"] == "javascript:alert(1)", "the API tells what is; it is for programs to judge"
    assert ask(evil, "/api/v1/articles/evil0").headers["content-type"] == "application/json"


def test_where_a_document_lies_on_our_disk_is_not_told() -> None:
    from ortaq.publish.clean import shown_address

    assert shown_address("file:///home/desk/secret%20plans/a.pdf") == "file:a.pdf"
    assert shown_address("https://a.example/b/c.pdf") == "https://a.example/b/c.pdf"
