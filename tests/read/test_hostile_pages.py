"""Pages made to take for ever: each is read, or refused with its reason, in a few seconds."""

from __future__ import annotations

import time

import pytest

from ortaq.read import read_page
from tests.read.samples import html, page


@pytest.mark.parametrize("joint", ['="x"', "/", " "])
def test_a_hundred_thousand_attributes(joint: str) -> None:
    tag = "<div " + "".join(f"a{number}{joint}" for number in range(100_000)) + ">"
    result = read_page(page(html(after_text=tag)))
    assert "attributes" in result.problems[0].reason


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 100_000,
        "<p>a" + "\u0301\u0323" * 500_000 + "</p>",
        "<p>" + ". " * 300_000,
        "<p>" + "[if " * 300_000,
        "<p>" + "&lt;!--[if x]&gt;" * 100_000 + "&lt;![endif]--&gt;",
    ],
    ids=["deep", "marks", "dots", "brackets", "conditions"],
)
def test_the_article_is_read_in_time(text: str) -> None:
    start = time.process_time()
    result = read_page(page(html(after_text=text)))
    assert time.process_time() - start < 5
    assert result.articles[0].headline


@pytest.mark.parametrize("element", ["<h1>a</h1>", "<a href='/x'>a</a>", "<time>1 May</time>"])
def test_more_elements_than_any_article_has_are_refused_at_once(element: str) -> None:
    start = time.process_time()
    result = read_page(page(html(after_text=element * 100_000)))
    assert time.process_time() - start < 3
    assert "elements" in result.problems[0].reason
