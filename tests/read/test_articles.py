"""Articles from HTML pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.model import Article, Hints, short_id
from ortaq.read import extract, read_page
from tests.read.samples import HEADLINES, NOW, PARAGRAPHS, html, page


def read(text: str | bytes, **more: Any) -> Article:
    result = read_page(page(text, **more))
    assert result.problems == ()
    return result.articles[0]


def linked(**fields: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


@pytest.mark.parametrize("language", ["kk", "ug", "mn"])
def test_headline_text_and_language(language: str) -> None:
    article = read(html(language))
    assert article.headline == HEADLINES[language]
    assert article.text == "\n\n".join(PARAGRAPHS[language])
    assert article.language == language
    assert article.script == "Zyyy"
    assert article.made_by == {"read": "trafilatura/2"}
    assert article.id == short_id("a", article.url)


def test_fields_of_linked_data() -> None:
    head = linked(
        headline=HEADLINES["kk"],
        description="Көпірді салуға үш жыл кетті.",
        datePublished="2024-03-05T10:45:00+05:00",
        dateModified="2024-03-06T09:00:00+05:00",
        author=[{"@type": "Person", "name": "Айнұр Үлгіқызы"}, {"@type": "Person", "name": "Ерлан Үлгіұлы"}],
        articleSection="Қоғам",
        image={"@type": "ImageObject", "url": "/img/1.jpg"},
        inLanguage="kk-KZ",
    )
    article = read(html(head=head))
    assert article.lead == "Көпірді салуға үш жыл кетті."
    assert article.published_at == datetime(2024, 3, 5, 5, 45, tzinfo=UTC)
    assert article.revised_at == datetime(2024, 3, 6, 4, 0, tzinfo=UTC)
    assert article.authors == ("Айнұр Үлгіқызы", "Ерлан Үлгіұлы")
    assert article.section == "Қоғам"
    assert article.image == "https://sample.kz/img/1.jpg"


def test_author_by_reference_in_a_graph() -> None:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Sample"},
            {
                "@type": "NewsArticle",
                "headline": HEADLINES["kk"],
                "author": {"@id": "#p"},
                "datePublished": "2024-03-05",
            },
            {"@type": "Person", "@id": "#p", "name": "Айнұр Үлгіқызы"},
        ],
    }
    article = read(html(head=f'<script type="application/ld+json">{json.dumps(graph)}</script>'))
    assert article.authors == ("Айнұр Үлгіқызы",)


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type":"NewsArticle","datePublished":"2024-03-04T01:00:00Z",}',
        '<!-- {"@type":"NewsArticle","datePublished":"2024-03-04T01:00:00Z"} -->',
        '[{"@type":["NewsArticle"],"datePublished":"2024-03-04T01:00:00Z","x":"a\nb"}]',
        '{"@type":"NewsArticle","headline":"a "b" c","datePublished":"2024-03-04T01:00:00Z"',
    ],
)
def test_broken_linked_data(broken: str) -> None:
    head = f'<script type="application/ld+json">{broken}</script>'
    assert read(html(head=head)).published_at == datetime(2024, 3, 4, 1, 0, tzinfo=UTC)


def test_hostile_linked_data() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    many = json.dumps([{"@type": "Thing", "a": [{}] * 10}] * 5_000)
    head = "".join(f'<script type="application/ld+json">{data}</script>' for data in (deep, many))
    assert read(html(head=head)).headline == HEADLINES["kk"]


def test_another_articles_date_in_a_list_is_not_ours() -> None:
    data = {
        "@type": "ItemList",
        "itemListElement": [{"@type": "NewsArticle", "headline": "Басқа", "datePublished": "2020-01-01T00:00:00Z"}],
    }
    url = "https://sample.kz/news/kopir"
    article = read(html(head=f'<script type="application/ld+json">{json.dumps(data)}</script>'), url=url)
    assert article.published_at is None


@pytest.mark.parametrize(
    ("head", "after_headline", "expected"),
    [
        ('<meta property="article:published_time" content="2024-03-05T08:00:00+05:00">', "", "2024-03-05T03:00"),
        ('<meta itemprop="datePublished" content="2024-03-05 08:00">', "", "2024-03-05T03:00"),
        ("", '<time datetime="2024-03-05T08:00:00Z">бүгін</time>', "2024-03-05T08:00"),
        ("", '<div class="күні">2024 жылғы 5 наурыз, 10:45</div>', "2024-03-05T05:45"),
        ("", "<span>Кеше, 18:30</span>", "2024-05-31T13:30"),
        ("", "<div>5 наурыз, 2024, жаңартылды: 6 наурыз, 2024</div>", "2024-03-05T00:00"),
    ],
)
def test_where_the_date_is_found(head: str, after_headline: str, expected: str) -> None:
    article = read(html(head=head, after_headline=after_headline), url="https://sample.kz/news/kopir")
    assert article.published_at is not None
    assert article.published_at.strftime("%Y-%m-%dT%H:%M") == expected


def test_the_address_tells_the_day_and_the_hint_the_hour() -> None:
    hint = datetime(2024, 3, 5, 6, 30, tzinfo=UTC)
    assert read(html()).published_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert read(html(), hints=Hints(published_at=hint)).published_at == hint
    head = linked(headline=HEADLINES["kk"], datePublished="2024-03-05")
    assert read(html(head=head), hints=Hints(published_at=hint)).published_at == hint
    other = Hints(published_at=datetime(2024, 5, 20, 6, 30, tzinfo=UTC))
    assert read(html(head=head), hints=other).published_at == datetime(2024, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize("date", ["2031-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2024", "soon", "2024-13-40"])
def test_no_date_rather_than_a_wrong_one(date: str) -> None:
    head = f'<meta property="article:published_time" content="{date}">'
    assert read(html(head=head), url="https://sample.kz/news/kopir").published_at is None


def test_dates_in_the_text_are_not_its_date() -> None:
    text = "<p>Көпірдің құрылысы 2021 жылғы 12 сәуірде басталған еді, содан бері үш жыл өтті.</p>"
    assert read(html(after_text=text), url="https://sample.kz/news/kopir").published_at is None


def test_pointers_to_other_articles_are_taken_out() -> None:
    pointer = '<p>Оқи отырыңыз: <a href="/x">Көкжарда екінші көпірдің құрылысы басталды</a></p>'
    article = read(html(after_text=pointer + "<p>Көпірдің ұзындығы бес жүз метрге жуық, ені он екі метр.</p>"))
    assert "екінші көпір" not in article.text
    assert "бес жүз метрге" in article.text


def test_the_text_of_linked_data_where_the_page_shows_little() -> None:
    more = [
        f"Көпірдің {number}-тірегі өткен жылдың көктемінде орнатылды, оны тексеруге екі ай кетті."
        for number in range(9)
    ]
    told = "\n".join([*PARAGRAPHS["kk"], *more])
    article = read(html(head=linked(headline=HEADLINES["kk"], articleBody=told)))
    assert article.text == told.replace("\n", "\n\n")
    assert article.made_by == {"read": "json-ld/2"}
    other = "\n".join(more)
    assert read(html(head=linked(headline=HEADLINES["kk"], articleBody=other))).made_by == {"read": "trafilatura/2"}


def test_declared_address_and_tracking() -> None:
    head = '<link rel="canonical" href="https://sample.kz/news/kopir?utm_source=x">'
    assert read(html(head=head), url="https://m.sample.kz/amp/kopir").url == "https://sample.kz/news/kopir"


def test_a_windows_1251_page_that_says_so_in_the_header_only() -> None:
    text = html().replace('<meta charset="utf-8">', "").encode("kz1048", "replace")
    article = read(text, headers=(("Content-Type", "text/html; charset=windows-1251"),))
    assert article.text == "\n\n".join(PARAGRAPHS["kk"])


@pytest.mark.parametrize("body", ["", "   ", "<html></html>", "<html><body><script>x</script></body></html>", "\x00"])
def test_pages_without_text_are_problems(body: str) -> None:
    result = read_page(page(body))
    assert result.articles == ()
    assert result.problems[0].where.startswith("https://sample.kz/")
    assert result.problems[0].reason


def test_listings_and_robots_give_nothing() -> None:
    for role in ("listing", "robots"):
        result = read_page(page("User-agent: *", role=role))
        assert (result.articles, result.problems) == ((), ())


def test_deep_nesting_is_survived() -> None:
    result = read_page(page("<div>" * 30_000 + "мәтін" + "</div>" * 30_000))
    assert len(result.articles) + len(result.problems) >= 1


def test_a_huge_page_is_refused() -> None:
    result = read_page(page("<html><body>" + "а" * 9_000_000))
    assert "more than" in result.problems[0].reason


def test_a_hundred_thousand_attributes_are_refused() -> None:
    attributes = " ".join(f'a{number}="x"' for number in range(100_000))
    result = read_page(page(f'<html><body><div title=">" {attributes}>мәтін</div></body></html>'))
    assert "attributes" in result.problems[0].reason


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["text/html", "application/pdf", "text/plain", "", "application/zip"]))
def test_never_raises(body: bytes, media_type: str) -> None:
    for role in ("article", "posts", "item"):
        read_page(page(body, role=role, media_type=media_type))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.integers(0, 900))
def test_damaged_pages_never_raise(noise: str, place: int) -> None:
    text = html()
    read_page(page((text[:place] + noise + text[place + 7 :]).encode("utf-8", "surrogatepass")))


def test_extract_alone() -> None:
    article = extract(html().encode(), "https://sample.kz/a", fetched_at=NOW)
    assert article.headline == HEADLINES["kk"]
