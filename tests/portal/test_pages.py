"""The pages, in every interface language."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from fastapi import FastAPI
from lxml import html

from ortaq.errors import ConfigError, StoreError
from ortaq.portal.app import create_app
from ortaq.store.contract import Position
from ortaq.store.records import SqlRecords
from tests.portal.sample import NOW, ask, make_app, settings

PATHS = (
    "/", "/?language=ug", "/?country=UZ&day=2026-11-23", "/story/s-bridge", "/story/s-radio", "/article/a-kk1",
    "/article/a-ug1", "/article/a-ru2", "/outlets", "/outlet/dala", "/search", "/search?q=412&language=kk&mode=text",
    "/about", "/api/v1/docs", "/nothing/here", "/?page=none",
)  # fmt: skip
LATIN_WORDS = {"kk": "Оқиғалар", "ru": "Сюжеты", "en": "Stories"}


def tree(text: str) -> html.HtmlElement:
    return html.document_fromstring(text)


@pytest.mark.parametrize("ui", ["kk", "ru", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_in_the_interface_language_and_well_built(app: FastAPI, path: str, ui: str) -> None:
    answer = ask(app, path, accept_language=ui)
    assert answer.status_code in (200, 404 if "nothing" in path else 400 if "none" in path else 200)
    page = tree(answer.text)
    assert page.get("lang") == ui == answer.headers["content-language"]
    assert LATIN_WORDS[ui] in page.xpath("string((//header//nav)[last()])")
    assert len(page.xpath("//main")) == len(page.xpath("//h1")) == 1
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert page.xpath("//a[@class='skip']/@href") == ["#main"]
    assert path.startswith("/search") or not page.xpath("//script")
    assert not page.xpath(
        "//script[not(@src) or node()]|//style|//img|//iframe|//*[@style]|//*[starts-with(name(@*), 'on')]"
    )
    assert not page.xpath(
        "//input[not(@type='hidden')][not(@id) and not(ancestor::label)]|//select[not(ancestor::label)]"
    )
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for target in page.xpath("//a/@href[starts-with(., '#')]"):
        assert target[1:] in ids, target


def test_the_front_page_shows_headlines_in_the_languages_one_reads(app: FastAPI) -> None:
    assert "Ақсеңгірде Көкөзен арқылы жаңа көпір ашылды" in tree(ask(app, "/").text).xpath("string(//h2[@id='lead'])")
    uyghur = tree(ask(app, "/?language=ug", accept_language="en").text)
    lead = uyghur.xpath("//h2[@id='lead']")[0]
    assert (lead.get("lang"), lead.get("dir")) == ("ug", "rtl")
    kyrgyz = tree(ask(app, "/", accept_language="ky,en;q=0.5").text)
    assert kyrgyz.get("lang") == "en", "there is no Kyrgyz interface"
    titles = kyrgyz.xpath("//*[contains(@class, 'headline')]//text()")
    assert "Кең-Булак ашуусу калың кардан улам жабылды" in titles, "the browser says that one reads Kyrgyz"
    assert "Aksengir opens a bridge over the Kokozen" in titles


def test_the_front_page_filters_by_language_country_and_day(app: FastAPI) -> None:
    def stories(query: str) -> set[str]:
        return {href for href in tree(ask(app, query).text).xpath("//main//a/@href") if href.startswith("/story/s-")}

    assert {link.partition("#")[0] for link in stories("/?language=ug")} == {"/story/s-bridge", "/story/s-radio"}
    assert "/story/s-apple" in stories("/?country=UZ")
    assert "/story/s-snow" not in stories("/?country=UZ")
    assert stories("/?day=2026-11-21") == {"/story/s-museum"}
    assert stories("/?day=1999-01-01") == set()


def test_the_front_page_turns_over(tmp_path: Path) -> None:
    from tests.portal.sample import article, open_region, put

    records = open_region(tmp_path)
    for number in range(40):
        put(records, article(f"x{number}", "dala", "kk", "Cyrl", number, f"Хабар {number}", "Мәтін."), f"s-x{number}")
    app = make_app(records, tmp_path)
    first, second = tree(ask(app, "/").text), tree(ask(app, "/?page=2").text)
    links = [set(page.xpath("//h2//a/@href|//h3//a/@href")) for page in (first, second)]
    assert len(links[0]) == 30
    assert len(links[0] | links[1]) == 46
    assert not links[0] & links[1]
    assert first.xpath("//a[@rel='next']/@href") == ["/?page=2"]
    assert second.xpath("//a[@rel='prev']/@href") == ["/"]
    assert not second.xpath("//a[@rel='next']")
    records.close()


def test_a_story_stands_in_columns_with_copies_under_their_originals(app: FastAPI) -> None:
    page = tree(ask(app, "/story/s-bridge", accept_language="ru,ky;q=0.8").text)
    columns = page.xpath("//details[@class='column']/@id")
    assert columns[:2] == ["in-ru", "in-ky"], "what the visitor reads comes first"
    assert set(columns) == {"in-ru", "in-ky", "in-kk", "in-uz", "in-uz-Cyrl", "in-ug", "in-en"}
    copies = page.xpath("//details[@id='in-ru']//details[@class='copies']")[0]
    assert copies.xpath(".//li/@id") == ["a-a-ru2"]
    assert "94" in copies.text_content()
    assert len(page.xpath("//svg//circle")) == 8
    assert page.xpath("//svg//circle[@class='copy']/title/text()")[0].startswith("12:10")
    times = page.xpath("//ol[@class='times']/li//span[@class='time']//time/@datetime")
    assert times == sorted(times)
    assert "Reason: shared names" in tree(ask(app, "/story/s-bridge?ui=en").text).xpath(
        "string(//ul[@class='changes'])"
    )


def test_a_merged_story_leads_to_the_one_it_went_into(app: FastAPI) -> None:
    answer = ask(app, "/story/s-old?ui=en")
    assert (answer.status_code, answer.headers["location"]) == (301, "/story/s-bridge?ui=en")


def test_an_article_is_whole_only_under_a_licence(app: FastAPI) -> None:
    licensed, other = ask(app, "/article/a-kk1?ui=en").text, ask(app, "/article/a-en1?ui=en").text
    assert "бес жүзге жуық" in tree(licensed).xpath("string(//div[@class='text'])")
    assert "CC BY 4.0" in licensed
    assert tree(other).xpath("//blockquote")
    assert tree(licensed).xpath("//a[@class='button']/@rel") == ["noopener noreferrer nofollow external"]


def test_an_article_shows_what_was_changed(app: FastAPI) -> None:
    kazakh = tree(ask(app, "/article/a-kk1?ui=ru").text)
    assert "Изменена 1 раз" in kazakh.text_content()
    assert [text.strip() for text in kazakh.xpath("//del/text()")] == ["екі", "мыңға"]
    assert [text.strip() for text in kazakh.xpath("//ins/text()")] == ["үш", "бес жүзге"]
    english = tree(ask(app, "/article/a-en1?ui=en").text)
    assert "412-metre" in "".join(english.xpath("//p[contains(@class, 'changed')]/del//text()"))
    assert "More soon" not in "".join(english.xpath("//ins//text()")), "the text is not ours to show"
    assert "The text was changed." in english.text_content()


def test_an_article_says_of_which_it_is_a_copy_and_who_copied_it(app: FastAPI) -> None:
    assert tree(ask(app, "/article/a-ru2").text).xpath("//ul[@class='under']//a/@href") == [
        "/outlet/stepnoy",
        "/article/a-ru1",
    ]
    assert tree(ask(app, "/article/a-ru1").text).xpath("//ul[@class='under']//a/@href") == [
        "/outlet/dala",
        "/article/a-ru2",
    ]


def test_right_to_left_text_is_marked_and_the_page_around_it_is_not(app: FastAPI) -> None:
    page = tree(ask(app, "/article/a-ug1").text)
    assert page.get("dir") is None
    assert (page.xpath("//h1")[0].get("lang"), page.xpath("//h1")[0].get("dir")) == ("ug", "rtl")
    assert page.xpath("//blockquote/@dir") == ["rtl"]


def test_dates_are_in_the_interface_language_and_name_their_zone(app: FastAPI) -> None:
    assert "2026 ж. 24 қараша, 11:20 (UTC+5)" in ask(app, "/article/a-kk1?ui=kk").text.replace("\u202f", " ")
    assert "24 ноября 2026" in ask(app, "/article/a-kk1?ui=ru").text.replace("\xa0", " ")
    assert "November 24, 2026, 11:20 (UTC+5)" in ask(app, "/article/a-kk1?ui=en").text


def test_the_search_address_makes_the_same_search(app: FastAPI) -> None:
    page = tree(ask(app, "/search?q=412&language=ru&from=2026-11-24&to=2026-11-24&mode=text&ui=en").text)
    assert page.xpath("//h2[@id='hits']/text()") == ["2 articles found"]
    assert page.xpath("//input[@id='q']/@value") == ["412"]
    assert page.xpath("//option[@selected]/@value") == ["ru", "text"]
    assert page.xpath("//input[@type='date']/@value") == ["2026-11-24", "2026-11-24"]
    assert page.xpath("//mark/text()") == ["412", "412"]
    assert "/search?q=412&from=2026-11-24&to=2026-11-24&mode=text" in page.xpath("//aside//a/@href")
    assert tree(ask(app, "/search?q=412&to=2026-11-20").text).xpath("//ol/li[@class='empty']")


def test_without_a_searcher_the_search_page_says_so(region: SqlRecords) -> None:
    app = create_app(settings=settings(Path("home")), records=region, searcher=None, now=lambda: NOW)
    assert "Search is not available here." in ask(app, "/search?q=x&ui=en").text
    assert ask(app, "/api/v1/search?q=x").status_code == 503
    assert ask(app, "/feeds/rss?q=x").status_code == 400


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("/?day=yesterday", "“yesterday” is not a date"),
        ("/?day=0001-01-01", "is not a date"),
        ("/?page=0", "write a number from 1 to 500"),
        ("/?page=-1", "is not a page number"),
        ("/?page=9999999999999999999999", "is not a page number"),
        ("/?language=%3Cb%3E", "“&lt;b&gt;” can"),
        ("/search?mode=psychic", "“psychic” can"),
        ("/search?q=" + "a" * 301, "at most 300 characters"),
        ("/?page=%C2%B2", "is not a page number"),
    ],
)
def test_a_wrong_address_is_answered_in_plain_words(app: FastAPI, query: str, words: str) -> None:
    answer = ask(app, query, accept_language="en")
    assert answer.status_code == 400
    assert words in answer.text.replace("&#39;", "'")


def test_the_language_one_chose_is_remembered(app: FastAPI) -> None:
    answer = ask(app, "/?ui=ru", accept_language="en")
    assert "ui=ru" in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert tree(ask(app, "/", accept_language="en", cookie="ui=ru").text).get("lang") == "ru"
    assert tree(ask(app, "/?ui=xx", accept_language="en-GB,kk;q=0.2").text).get("lang") == "en"
    assert tree(ask(app, "/", accept_language="kk;q=nonsense,de;q=0.9,;;q").text).get("lang") == "kk", "the site's own"


def test_the_records_failing_is_said_politely(region: SqlRecords, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app(region, Path("home"))

    def fails(*_: object) -> Position | None:
        raise StoreError("the disk is gone", where="/secret/path")

    def breaks(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(region, "stories", fails)
    monkeypatch.setattr(region, "checkpoint", fails)
    monkeypatch.setattr(region, "story_changes", breaks)
    answers = [ask(app, path, accept_language="en") for path in ("/", "/story/s-bridge", "/healthz")]
    assert [answer.status_code for answer in answers] == [503, 500, 503]
    assert not [answer for answer in answers if "secret" in answer.text]
    assert all(answer.headers["content-security-policy"] for answer in answers)
    assert ask(app, "/api/v1/stories").json()["error"]["what"] == "the disk is gone"


def test_a_wrong_time_zone_is_refused_at_once(region: SqlRecords) -> None:
    with pytest.raises(ConfigError, match="unknown time zone"):
        make_app(region, Path("home"), timezone="Asia/Nowhere")


def test_a_made_up_site_says_so_on_every_page(region: SqlRecords) -> None:
    app = make_app(region, Path("home"), fictional=True)
    for path in PATHS:
        assert "made-up region" in ask(app, path, accept_language="en").text
    assert "made up" in tree(ask(app, "/article/a-kk1?ui=en").text).xpath("string(//main//span[@class='badge'])")
