"""Feeds: what the region's sites really serve, what is broken in it, and what is hostile."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ortaq.gather.kinds.feed import MAX_ITEMS, kind
from ortaq.model import Discovery, Page

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def page(body: bytes | str, media_type: str = "application/rss+xml", url: str = "https://tau.example/rss/") -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page(url, data, media_type, NOW, "listing", "tau", "tau:feed:x")


def discover(body: bytes | str, media_type: str = "application/rss+xml") -> Discovery:
    return kind.discover(page(body, media_type))


RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Тау хабары</title><link>https://tau.example/</link><language>kz</language>
<atom:link rel="next" href="https://tau.example/rss/?page=2"/>
<item><title><![CDATA[Көктөбеде су &amp; жарық <b>қосылды</b>]]></title><link>/news/12345-su?a=1&b=2</link>
<pubDate>Mon, 01 Sep 2025 10:00:00 +0500</pubDate><dc:creator>Айгүл Серік</dc:creator><category>Қоғам</category>
<description><![CDATA[<p>Бүгін таңертең&nbsp;су келді.</p>]]></description>
<content:encoded><![CDATA[<p>Толық мәтін</p>]]></content:encoded>
<enclosure url="/img/1.jpg" type="image/jpeg" length="1"/></item>
<item><title>Екінші</title><guid isPermaLink="true">https://tau.example/news/2</guid></item>
<item><title>Үшінші</title><guid isPermaLink="false">no-address</guid></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ky" xml:base="https://too.example/kabar/">
<title>Тоо</title><entry><title type="html">Жаңы &lt;i&gt;көпүрө&lt;/i&gt;</title>
<link rel="alternate" href="2025/bridge"/><link rel="enclosure" type="image/png" href="/b.png"/>
<published>2025-09-01T10:00:00Z</published><updated>2025-09-02T10:00:00Z</updated>
<author><name>Нурлан</name></author><summary>Кыска</summary></entry>
<entry xml:lang="ru"><title>Мост</title><link href="ru/bridge"/>
<updated>2025-09-02T10:00:00Z</updated></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://a.example/"><title>A</title></channel>
<item rdf:about="https://a.example/1"><title>Хабар</title><link>https://a.example/1</link>
<dc:date>2025-09-01T10:00:00+06:00</dc:date><dc:language>tg</dc:language></item></rdf:RDF>"""


def test_rss_gives_links_with_hints() -> None:
    found = discover(RSS)
    assert found.problems == ()
    assert [link.url for link in found.links] == [
        "https://tau.example/news/12345-su?a=1&b=2",
        "https://tau.example/news/2",
    ]
    hints = found.links[0].hints
    assert hints.title == "Көктөбеде су & жарық қосылды"
    assert hints.published_at == datetime(2025, 9, 1, 5, tzinfo=UTC)
    assert hints.language == "kk"  # the region's sites write the country's code
    assert hints.authors == ("Айгүл Серік",)
    assert hints.section == "Қоғам"
    assert hints.summary == "Бүгін таңертең су келді."
    assert hints.image == "https://tau.example/img/1.jpg"
    assert found.listings == ("https://tau.example/rss/?page=2",)


def test_atom_resolves_against_xml_base_and_knows_languages() -> None:
    found = discover(ATOM, "application/atom+xml")
    assert [link.url for link in found.links] == [
        "https://too.example/kabar/2025/bridge",
        "https://too.example/kabar/ru/bridge",
    ]
    first, second = (link.hints for link in found.links)
    assert (first.title, first.language, first.authors) == ("Жаңы көпүрө", "ky", ("Нурлан",))
    assert first.published_at == datetime(2025, 9, 1, 10, tzinfo=UTC)
    assert first.image == "https://too.example/b.png"
    assert second.language == "ru"
    assert second.published_at == datetime(2025, 9, 2, 10, tzinfo=UTC)


def test_rdf_and_old_rss() -> None:
    link = discover(RDF).links[0]
    assert (link.url, link.hints.language) == ("https://a.example/1", "tg")
    assert link.hints.published_at == datetime(2025, 9, 1, 4, tzinfo=UTC)
    old = '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://x/rss.dtd">'
    found = discover(
        old
        + '<rss version="0.91"><channel><item><title>A</title><link>http://a.example/1</link></item></channel></rss>'
    )
    assert [link.url for link in found.links] == ["http://a.example/1"]
    assert found.problems == ()


def test_feedburner_gives_the_original_address() -> None:
    found = discover(
        '<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item><title>A</title>'
        "<link>http://feeds.example/~r/1</link><feedburner:origLink>https://tau.example/1</feedburner:origLink>"
        "</item></channel></rss>"
    )
    assert [link.url for link in found.links] == ["https://tau.example/1"]


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("windows-1251", "windows-1251", ""),
        ("windows-1251", "utf-8", ""),
        ("windows-1251", "iso-8859-1", ""),
        ("windows-1251", "", "; charset=koi8-r"),
        ("koi8-r", "koi8-r", ""),
        ("koi8-r", "windows-1251", ""),
        ("utf-8", "windows-1251", "; charset=windows-1251"),
        ("utf-8-sig", "", ""),
        ("utf-16", "utf-16", ""),
        ("utf-8", "no-such-encoding", "; charset=rot13"),
    ],
)
def test_encodings_declared_and_mislabelled(encoding: str, declared: str, header: str) -> None:
    title = "В Бишкеке открыли новую библиотеку для детей и взрослых"
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = f"{declaration}<rss><channel><item><title>{title}</title><link>https://a.example/1</link></item></channel></rss>"
    found = discover(text.encode(encoding), f"text/xml{header}")
    assert [link.hints.title for link in found.links] == [title]


@pytest.mark.parametrize(
    "title", ["Қазақстанда жаңа әуежай ашылды", "Ўзбекистонда ҳаво исийди", "Тоҷикистон ва ӯзбекон"]
)
def test_bad_bytes_in_utf8_do_not_make_it_another_encoding(title: str) -> None:
    body = (
        f"<rss><channel><item><title>{title} ".encode()
        + b"\xff\xd0 x</title><link>https://a.example/1</link></item></channel></rss>"
    )
    assert discover(body).links[0].hints.title.startswith(title)


@pytest.mark.parametrize(
    "date",
    [
        "",
        "вчера",
        "12 сентября 2025",
        "0000-00-00",
        "Mon, 99 Foo 9999",
        "2025/09/01 10:00",
        "2025-09-01 10:00:00",
        "2025-13-45T99:99:99Z",
    ],
)
def test_a_date_that_is_none_stays_none(date: str) -> None:
    text = f"<rss><channel><item><title>A</title><link>https://a.example/1</link><pubDate>{date}</pubDate></item></channel></rss>"
    assert discover(text).links[0].hints.published_at is None


@pytest.mark.parametrize("cut", [0.45, 0.6, 0.75, 0.9])
def test_a_cut_feed_yields_its_whole_items(cut: float) -> None:
    items = "".join(
        f"<item><title>Title {n}</title><link>https://a.example/news/{n:04}</link></item>" for n in range(100)
    )
    text = f"<rss><channel><title>T</title>{items}</channel></rss>"
    part = text[: int(len(text) * cut)]
    found = discover(part)
    assert len(found.links) == part.count("</item>")
    assert {len(link.url) for link in found.links} == {len("https://a.example/news/0000")}
    assert any("cut off" in problem.reason for problem in found.problems)


def test_unbound_prefixes_stray_ampersands_and_html_entities() -> None:
    found = discover(
        "<rss><channel><item><title>Б&uuml;rgen &laquo;a&raquo; & R&D &nosuch; x</title>"
        "<link>https://a.example/?id=1&nbsp=2&copy=3</link><dc:creator>X</dc:creator>"
        "<yandex:full-text>text</yandex:full-text></item></channel></rss>"
    )
    assert found.links[0].hints.title == "Бürgen «a» & R&D &nosuch; x"
    assert found.links[0].hints.authors == ("X",)
    assert found.links[0].url.startswith("https://a.example/?id=1&")


def test_a_web_page_is_no_feed_and_says_where_the_feed_is() -> None:
    found = discover(
        '<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/feed/"></head></html>',
        "text/html",
    )
    assert "not a feed" in found.problems[0].reason
    assert "https://tau.example/feed/" in found.problems[0].fix


def test_dangerous_addresses_are_no_links() -> None:
    links = [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://[::1",
        "http://u:p@a.example/",
        "data:text/html,x",
        "//",
        "http://",
    ]
    items = "".join(f"<item><title>A</title><link>{link}</link></item>" for link in links)
    assert discover(f"<rss><channel>{items}</channel></rss>").links == ()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]>',
        f'<!DOCTYPE rss [<!ENTITY l9 "{"x" * 100_000}">]>',
        '<!DOCTYPE rss [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
        '<!-- <![CDATA[ --><!DOCTYPE rss [<!ENTITY l9 SYSTEM "file:///etc/passwd">]><!-- ]]> -->',
        '<!DOCTYPE rss SYSTEM "file:///etc/passwd">',
    ],
)
def test_entities_are_never_expanded(doctype: str) -> None:
    item = f"<item><title>A{'&l9;' * 50}</title><link>https://a.example/1</link></item>"
    began = time.perf_counter()
    found = discover(f'<?xml version="1.0"?>{doctype}<rss><channel>{item}</channel></rss>')
    assert time.perf_counter() - began < 2
    text = repr(found)
    assert "root:" not in text
    assert "lollol" not in text
    assert "xxxxxxxx" not in text
    assert len(text) < 5_000
    assert [link.url for link in found.links] == ["https://a.example/1"]


def _item(inside: str) -> str:
    return f"<rss><channel><item><link>https://a.example/1</link>{inside}</item></channel></rss>"


HOSTILE: dict[str, Callable[[int], str]] = {
    "categories": lambda n: _item("".join(f"<category>c{i}</category>" for i in range(n))),
    "nesting": lambda n: _item("<a>" * n),
    "open": lambda n: "<rss>" + "<" * n,
    "cdata": lambda n: "<rss>" + "<![CDATA[" * n,
    "comments": lambda n: "<rss>" + "<!-- " * n,
    "ampersands": lambda n: "<rss>" + "&" * n,
    "attributes": lambda n: "<rss " + "".join(f'a{i}="1" ' for i in range(n)) + "/>",
    "namespaces": lambda n: _item("".join(f'<n{i}:a xmlns:n{i}="u{i}"/>' for i in range(n))),
    "tags in title": lambda n: _item(f"<title>{'&lt;' * n}</title>"),
    "links": lambda n: _item("<link>https://a.example/2</link>" * n),
    "items": lambda n: "<rss><channel>" + "<item><link>https://a.example/1</link></item>" * n,
    "doctypes": lambda n: "<!DOCTYPE a [" * n + "<rss/>",
    "spaces": lambda n: "<?xml" + " " * n + "<rss" + " " * n,
    "json": lambda n: '{"items": ' + "[" * n,
    "json spaces": lambda n: '{"items"' + " " * n + ('"items"' + " " * 99) * (n // 100),
    "closers": lambda n: "<rss>" + "</item" * n,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_no_faster_than_the_input(name: str) -> None:
    # 100,000 repetitions are 1 to 4 MB and take a second at most; a quadratic step would take minutes.
    began = time.perf_counter()
    discover(HOSTILE[name](100_000))
    assert time.perf_counter() - began < 10


def test_too_many_items_are_cut_and_said() -> None:
    items = "".join(f"<item><link>https://a.example/{n}</link></item>" for n in range(MAX_ITEMS + 5))
    found = discover(f"<rss><channel>{items}</channel></rss>")
    assert len(found.links) == MAX_ITEMS
    assert f"{MAX_ITEMS + 5} items" in found.problems[0].reason


def json_feed(count: int = 3) -> dict[str, object]:
    items = [
        {
            "id": str(n),
            "url": f"/maqala/{n}",
            "title": f"Тақырып {n}",
            "date_published": "2025-09-01T10:00:00+05:00",
            "authors": [{"name": "A"}],
            "tags": ["Спорт"],
            "image": "/i.png",
        }
        for n in range(count)
    ]
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "language": "kk",
        "items": items,
        "next_url": "/feed.json?page=2",
    }


def test_json_feed() -> None:
    found = discover(json.dumps(json_feed()), "application/feed+json")
    assert found.problems == ()
    assert [link.url for link in found.links] == [f"https://tau.example/maqala/{n}" for n in range(3)]
    hints = found.links[0].hints
    assert hints.published_at == datetime(2025, 9, 1, 5, tzinfo=UTC)
    assert (hints.language, hints.authors, hints.section, hints.image) == (
        "kk",
        ("A",),
        "Спорт",
        "https://tau.example/i.png",
    )
    assert found.listings == ("https://tau.example/feed.json?page=2",)


def test_a_cut_json_feed_yields_its_whole_items() -> None:
    text = json.dumps(json_feed(20), ensure_ascii=False)
    found = discover(text[: len(text) // 2], "application/feed+json")
    assert 5 < len(found.links) < 15
    assert "whole items" in found.problems[0].reason


@pytest.mark.parametrize(
    "text",
    ['{"items": 5}', "{}", '{"items": [1, null, [], {"url": 5}]}', "[1]", '{"items": [{"url": "x"}], "next_url": 7}'],
)
def test_json_that_is_no_feed(text: str) -> None:
    assert discover(text, "application/json").links == ()


@pytest.mark.parametrize(
    "following", ["https://other.example/?page=2", "/rss/", "?page=21", "?token=abc", "javascript:1"]
)
def test_next_pages_are_bounded_and_stay_on_the_site(following: str) -> None:
    assert discover(json.dumps({"items": [], "next_url": following})).listings == ()


def test_empty_body_is_a_problem() -> None:
    assert "empty" in discover(b"").problems[0].reason


@given(st.binary(max_size=300), st.sampled_from(["", "text/xml; charset=utf-16", "text/html; charset=idna"]))
@settings(max_examples=150, deadline=None)
def test_any_bytes(body: bytes, media_type: str) -> None:
    assert isinstance(discover(body, media_type), Discovery)


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_feeds_never_raise(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from([RSS, ATOM, RDF, json.dumps(json_feed())])).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body)))
        end = min(len(body), start + data.draw(st.integers(0, 40)))
        body[start:end] = data.draw(
            st.one_of(
                st.binary(max_size=8), st.sampled_from([b"<", b">", b"&#0;", b"]]>", b"<![CDATA[", b"<!--", b'"'])
            )
        )
    found = discover(bytes(body))
    for link in found.links:
        assert link.url.startswith(("http://", "https://"))
        assert link.url.isascii()
