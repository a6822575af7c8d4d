"""Sitemaps: the protocol, its news extension, indexes, packing; and what is hostile."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.gather.kinds.sitemap import MAX_BYTES, MAX_PARTS, MAX_URLS, kind
from ortaq.model import Discovery, Page

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = (
    f'<?xml version="1.0" encoding="UTF-8"?><urlset {NS} '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
    'xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">'
    "<url><loc>https://tau.example/habar/1</loc><lastmod>2025-09-01</lastmod><news:news><news:publication>"
    "<news:name>Тау</news:name><news:language>kaz</news:language></news:publication>"
    "<news:publication_date>2025-09-01T08:00:00+05:00</news:publication_date><news:title>Су &amp; жарық</news:title>"
    "</news:news><image:image><image:loc>/i/1.jpg</image:loc></image:image>"
    "<video:video><video:title>V</video:title></video:video></url>"
    "<url><loc>https://tau.example/habar/2</loc><lastmod>2025-09-03</lastmod></url>"
    "<url><loc>https://tau.example/</loc></url><url><loc>https://tau.example/tag/su</loc></url>"
    "<url><loc>https://other.example/3</loc></url></urlset>"
)


def discover(body: bytes | str, url: str = "https://tau.example/sitemap.xml") -> Discovery:
    data = body.encode() if isinstance(body, str) else body
    return kind.discover(Page(url, data, "application/xml", datetime(2026, 1, 1, tzinfo=UTC), "listing", "tau", "s"))


def test_news_sitemap_and_lastmod_only_orders() -> None:
    found = discover(NEWS)
    assert [link.url for link in found.links] == ["https://tau.example/habar/2", "https://tau.example/habar/1"]
    assert found.links[0].hints.published_at is None
    hints = found.links[1].hints
    assert (hints.title, hints.language, hints.image) == ("Су & жарық", "kk", "https://tau.example/i/1.jpg")
    assert hints.published_at == datetime(2025, 9, 1, 3, tzinfo=UTC)
    assert [problem.reason for problem in found.problems] == ["sitemap: 1 addresses on other sites were left out"]


def test_index_leads_to_its_parts_the_newest_first() -> None:
    parts = "".join(
        f"<sitemap><loc>https://tau.example/s{n}.xml.gz</loc><lastmod>2025-0{n}-01</lastmod></sitemap>"
        for n in (1, 3, 2)
    )
    found = discover(f"<sitemapindex {NS}>{parts}</sitemapindex>")
    assert found.listings == tuple(f"https://tau.example/s{n}.xml.gz" for n in (3, 2, 1))
    assert found.links == ()


def test_index_is_bounded() -> None:
    parts = "".join(f"<sitemap><loc>https://tau.example/s{n}.xml</loc></sitemap>" for n in range(MAX_PARTS + 1))
    found = discover(f"<sitemapindex {NS}>{parts}</sitemapindex>")
    assert len(found.listings) == MAX_PARTS
    assert found.problems


def test_packed_sitemap_whole_cut_and_bomb() -> None:
    packed = gzip.compress(NEWS.encode())
    assert len(discover(packed).links) == 2
    many = (
        f"<urlset {NS}>"
        + "".join(f"<url><loc>https://tau.example/a/{n}-{n * n}</loc></url>" for n in range(5000))
        + "</urlset>"
    )
    cut = discover(gzip.compress(many.encode())[:-5000])
    assert 100 < len(cut.links) < 5000
    assert any("cut off" in problem.reason for problem in cut.problems)
    bomb = gzip.compress(b"<urlset>" + b" " * (MAX_BYTES + 10_000_000), 9)
    found = discover(bomb)
    assert any("unpacks to more than" in problem.reason for problem in found.problems)


def test_text_sitemap_and_feed_as_sitemap() -> None:
    found = discover("\ufeffhttps://tau.example/a/1\r\nhttps://tau.example/қала/2\nnot an address\n")
    assert [link.url for link in found.links] == [
        "https://tau.example/a/1",
        "https://tau.example/%D2%9B%D0%B0%D0%BB%D0%B0/2",
    ]
    rss = "<rss><channel><item><title>T</title><link>https://tau.example/a/1</link></item></channel></rss>"
    assert discover(rss).links[0].hints.title == "T"


def test_no_namespace_a_wrong_one_and_a_default_prefix() -> None:
    for head, tag in (("<urlset>", "url"), ('<urlset xmlns="http://wrong.example/">', "url")):
        assert len(discover(f"{head}<{tag}><loc> https://tau.example/a/1 </loc></{tag}></urlset>").links) == 1
    prefixed = '<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>https://tau.example/a/1</s:loc></s:url></s:urlset>'
    assert len(discover(prefixed).links) == 1


def test_a_cut_sitemap_yields_whole_addresses() -> None:
    whole = (
        f"<urlset {NS}>"
        + "".join(f"<url><loc>https://tau.example/a/{n:05}</loc></url>" for n in range(100))
        + "</urlset>"
    )
    for end in range(400, 700, 7):
        found = discover(whole[:end])
        assert {len(link.url) for link in found.links} == {len("https://tau.example/a/00000")}
        assert found.problems


def test_more_than_the_protocol_allows() -> None:
    body = (
        "<urlset>"
        + "".join(f"<url><loc>https://tau.example/a/{n}</loc></url>" for n in range(MAX_URLS + 10))
        + "</urlset>"
    )
    found = discover(body)
    assert len(found.links) == MAX_URLS
    assert any(str(MAX_URLS) in problem.reason for problem in found.problems)


def test_a_web_page_and_an_empty_one_are_problems() -> None:
    assert "web page" in discover("<!DOCTYPE html><html><body>404</body></html>").problems[0].reason
    assert "empty" in discover(b"").problems[0].reason


def test_entities_are_never_expanded() -> None:
    found = discover(
        '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "https://tau.example/secret">]>'
        "<urlset><url><loc>https://tau.example/a/1?&x;</loc></url><url><loc>&a;</loc></url></urlset>"
    )
    assert "root:" not in repr(found)
    assert "secret" not in repr(found.links)


@pytest.mark.parametrize(
    "piece",
    [
        "<url>",
        "<url><loc>",
        "<",
        "<![CDATA[",
        "<url><loc>https://tau.example/1</loc></url>",
        "&",
        "</url",
        "<url><image:loc/></url>",
    ],
)
def test_time_grows_no_faster_than_the_input(piece: str) -> None:
    began = time.perf_counter()
    discover("<urlset>" + piece * 100_000)
    discover("<urlset><url>" + piece * 100_000 + "</url></urlset>")
    assert time.perf_counter() - began < 10


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes(body: bytes) -> None:
    for data in (body, b"\x1f\x8b" + body, gzip.compress(body)[:-3], b"<urlset>" + body):
        assert isinstance(discover(data), Discovery)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_mutated_sitemaps_never_raise(data: st.DataObject) -> None:
    body = bytearray(NEWS.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body)))
        body[start : start + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    for link in discover(bytes(body)).links:
        assert link.url.startswith(("http://", "https://"))
