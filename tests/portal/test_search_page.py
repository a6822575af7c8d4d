"""The search page: what it says of what was found, and that its address is all of it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from ortaq.portal.search_page import BARS, bars
from tests.portal.sample import ask


def page(app: FastAPI, path: str) -> html.HtmlElement:
    return html.document_fromstring(ask(app, path, accept_language="en").text)


def test_a_hit_says_why_and_links_narrow(app: FastAPI) -> None:
    shown = page(app, "/search?q=412&mode=text")
    assert "412" in shown.xpath("string(//p[contains(@class, 'why')])")
    facets = shown.xpath("//aside//a/@href")
    assert "/search?q=412&mode=text&kind=agency" in facets
    assert "/search?q=412&mode=text&language=kk" in facets
    narrowed = page(app, "/search?q=412&mode=text&kind=agency")
    assert narrowed.xpath("//select[@name='kind']/option[@selected]/@value") == ["agency"]
    assert len(narrowed.xpath("//ol[@class='results']/li")) == 2


def test_a_suggestion_is_a_link_and_not_a_silent_change(app: FastAPI) -> None:
    shown = page(app, "/search?q=Көкозен&kind=portal")
    link = shown.xpath("//p[@class='suggestion']/a")[0]
    assert link.get("href").startswith("/search?")
    assert "kind=portal" in link.get("href")
    assert shown.xpath("//input[@id='q']/@value") == ["Көкозен"]


def test_only_the_search_page_may_run_a_script(app: FastAPI) -> None:
    policy = "content-security-policy"
    assert "script-src 'self'" in ask(app, "/search?q=412").headers[policy]
    assert "script-src" not in ask(app, "/").headers[policy]


def test_days_are_drawn_as_bars_that_link(app: FastAPI) -> None:
    shown = page(app, "/search?q=а&ui=en")
    links = shown.xpath("//*[local-name()='svg']//a/@href")
    assert links
    assert all("from=2026-" in link and "to=2026-" in link for link in links)


@given(st.dictionaries(st.integers(0, 3_000), st.integers(1, 500), max_size=80))
def test_bars_hold_every_article_once(told: dict[int, int]) -> None:
    start = date(2020, 1, 1)
    made = bars({start + timedelta(days=day): count for day, count in sorted(told.items())})
    assert len(made) <= BARS
    if len(told) < 2:
        assert made == []
    else:
        assert sum(bar.count for bar in made) == sum(told.values())
        assert all(first.last < second.first for first, second in pairwise(made))
        assert (made[0].first, made[-1].last) == (start + timedelta(min(told)), start + timedelta(max(told)))
        assert max(float(bar.height) for bar in made) == 100
