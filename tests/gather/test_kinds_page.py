"""Section pages of made-up sites in several languages and templates, and Telegram's addresses."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.errors import ConfigError
from ortaq.gather.kinds.page import kind
from ortaq.gather.kinds.telegram import kind as telegram
from ortaq.model import Discovery, Page

NAVIGATION = (
    '<nav><a href="/qogam-zhanalyqtary-2025">Қоғам жаңалықтарының барлығы осында</a></nav>'
    '<ul class="main-menu"><li><a href="/sayasat/ekonomika-2025-zhyl">Саясат пен экономика туралы бәрі</a></li></ul>'
    '<footer><a href="/redaktsiya-turaly-1234">Редакция туралы толық ақпарат алу</a></footer>'
)


def discover(body: bytes | str, url: str = "https://tau.example/news/", media_type: str = "text/html") -> Discovery:
    data = body.encode() if isinstance(body, str) else body
    return kind.discover(Page(url, data, media_type, datetime(2026, 1, 1, tzinfo=UTC), "listing", "tau", "s"))


def found_on(body: bytes | str, url: str = "https://tau.example/news/") -> list[str]:
    return [link.url for link in discover(body, url).links]


def test_cards_with_picture_and_headline_give_one_link_each_in_order() -> None:
    titles = ["Көктөбеде су қайта қосылды", "Өзен жағасында жаңа бақ ашылды", "Мектепте ашық сабақ өтті бүгін"]
    cards = "".join(
        f'<div class="card"><a class="pic" href="/news/qala/{n}5321-zhanalyq"><img src="x.jpg"></a>'
        f'<h3><a href="/news/qala/{n}5321-zhanalyq#comments">{title}</a></h3><a href="/author/a">Айгүл Серік</a>'
        f'<a href="/tags/su">су</a></div>'
        for n, title in enumerate(titles, 1)
    )
    found = discover(f"<html><body>{NAVIGATION}<main>{cards}</main></body></html>")
    assert [link.hints.title for link in found.links] == titles
    assert [link.url for link in found.links] == [f"https://tau.example/news/qala/{n}5321-zhanalyq" for n in (1, 2, 3)]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("pattern", "titles"),
    [
        (
            "/?id={n}",
            ["ئۈرۈمچىدە يېڭى كىتابخانا ئېچىلدى", "دېھقانلار بازىرى قايتا ئېچىلدى", "مەكتەپتە يىغىن ئۆتكۈزۈلدى بۈگۈن"],
        ),
        (
            "/index.php?newsid={n}&lang=tg",
            ["Дар Душанбе китобхонаи нав кушода шуд", "Боғи нав дар назди дарё", "Мактаб имрӯз кушода шуд"],
        ),
        (
            "/2025/09/0{n}/kitob",
            ["Toshkentda yangi kutubxona ochildi", "Daryo bo‘yida yangi bog‘ ochildi", "Maktabda ochiq dars o‘tildi"],
        ),
        (
            "/news/1234{n}.html",
            ["Улаанбаатарт шинэ номын сан нээгдэв", "Голын эрэгт цэцэрлэг нээлээ", "Сургуульд нээлттэй хичээл болов"],
        ),
        (
            "/täzelikler/täze-kitaphana-açyldy-{n}",
            ["Aşgabatda täze kitaphana açyldy", "Derýanyň kenarynda bag açyldy", "Mekdepde açyk sapak geçirildi"],
        ),
        (
            "/kk/article/su-{n}",
            [
                "Qalada jańa kitaphana ashyldy búgin",
                "Ózen jaǵasynda baq ashyldy búgin",
                "Mektepte ashyq sabaq ótti búgin",
            ],
        ),
    ],
)
def test_any_writing_and_any_style_of_address(pattern: str, titles: list[str]) -> None:
    items = "".join(
        f'<li class="item"><a href="{pattern.format(n=n)}">{title}</a></li>' for n, title in enumerate(titles, 1)
    )
    found = discover(f"<body>{NAVIGATION}<div><ul>{items}</ul></div></body>", "https://tau.example/")
    assert [link.hints.title for link in found.links] == titles


def test_windows_1251_page() -> None:
    items = "".join(
        f'<p class="n"><a href="/news/1234{n}">В Бишкеке открыли новую библиотеку {n}</a></p>' for n in range(4)
    )
    html = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head>{items}'
    found = discover(html.encode("windows-1251"))
    assert found.links[3].hints.title == "В Бишкеке открыли новую библиотеку 3"


def test_what_is_not_an_article() -> None:
    text = "Осы жерде ұзақ сілтеме мәтіні бар"
    hrefs = [
        "mailto:a@tau.example", "javascript:void(0)", "#top", "/", "/news/", "https://other.example/news/2025/09/01/a-b-c-d",
        "/login/2025-09-01-news", "/tag/2025-09-01-news", "/author/2025-09-01-aigul",
        "/files/2025/09/report-full-text.zip",
        "https://t.me/share/url?url=12345", "http://[", "tel:+77001234567",
    ]  # fmt: skip
    assert found_on("<main>" + "".join(f'<p><a href="{href}">{text}</a></p>' for href in hrefs) + "</main>") == []


def test_subdomains_base_and_next_page() -> None:
    items = "".join(
        f'<article><a href="2025/0{n}-kitob-ochildi-shaharda">Yangi kutubxona ochildi {n}</a></article>'
        for n in range(1, 4)
    )
    found = discover(
        f'<base href="https://uz.tau.example/oz/"><main>{items}</main>'
        '<a rel="next" href="?page=2">»</a><a rel="next" href="?page=3">»</a>'
    )
    assert found.links[0].url == "https://uz.tau.example/oz/2025/01-kitob-ochildi-shaharda"
    assert found.listings == ("https://uz.tau.example/oz/?page=2",)


def test_a_page_without_articles_is_a_problem() -> None:
    assert "no article links" in discover("<html><body><div id=app></div></body></html>").problems[0].reason
    assert discover(b"").problems
    assert discover(b"\x00\x01\x02").problems


@pytest.mark.parametrize(
    "piece",
    ["<div>", '<a href="/n/12345-a-b-c-d">', "<a href=/n/1><div>", "<", "<!--", '<a href="' + "x" * 100 + '">',
     "&#1;", "<ul class=a><li>", "<base href=x>", "<a rel=next>"],
)  # fmt: skip
def test_time_grows_no_faster_than_the_input(piece: str) -> None:
    began = time.perf_counter()
    discover("<main>" + piece * 100_000)
    assert time.perf_counter() - began < 10


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))))
@settings(max_examples=150, deadline=None)
def test_any_bytes(body: bytes) -> None:
    for data in (body, b"<a href='" + body + b"'>Some long headline of an article</a>", b"<html><a " + body):
        for link in discover(data).links:
            assert link.url.startswith(("http://", "https://"))


def test_addresses_in_other_letters_are_one_spelling() -> None:
    text = "Осы жерде ұзақ сілтеме мәтіні бар"
    html = f'<main><p><a href="//бақ.қаз:443/жаңа-хабар-2025?a=ә#b">{text}</a></p></main>'
    assert found_on(html, "https://бақ.қаз/") == [
        "https://xn--80ab33a.xn--80ao21a/%D0%B6%D0%B0%D2%A3%D0%B0-%D1%85%D0%B0%D0%B1%D0%B0%D1%80-2025?a=%D3%99"
    ]


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("@tau_habar", "https://t.me/s/tau_habar"),
        ("tau_habar", "https://t.me/s/tau_habar"),
        ("t.me/tau_habar", "https://t.me/s/tau_habar"),
        ("https://t.me/tau_habar", "https://t.me/s/tau_habar"),
        ("https://t.me/s/tau_habar?before=5", "https://t.me/s/tau_habar"),
        ("http://telegram.me/tau_habar/", "https://t.me/s/tau_habar"),
        ("http://tg.localhost:8601/s/tau_habar", "http://tg.localhost:8601/s/tau_habar"),
    ],
)
def test_telegram_addresses(address: str, wanted: str) -> None:
    assert telegram.request_url(address) == wanted
    assert telegram.request_url(wanted) == wanted


@pytest.mark.parametrize(
    "address",
    ["https://t.me/+AbCdEf", "https://t.me/joinchat/x", "https://t.me/", "t.me/s", "https://t.me/12", "http://[::1"],
)
def test_what_is_no_channel(address: str) -> None:
    with pytest.raises(ConfigError):
        telegram.request_url(address)


def test_telegram_page_has_posts_or_a_problem() -> None:
    page = Page(
        "https://t.me/s/a", b'<div class="tgme_widget_message">', "text/html", datetime.now(UTC), "posts", "a", "s"
    )
    assert telegram.role == "posts"
    assert telegram.discover(page) == Discovery()
    empty = Page("https://t.me/s/a", b"<html>", "text/html", datetime.now(UTC), "posts", "a", "s")
    assert "no posts" in telegram.discover(empty).problems[0].reason
