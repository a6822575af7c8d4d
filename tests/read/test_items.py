"""Items of an import."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ortaq.model import Article, short_id
from ortaq.read import read_page
from tests.read.samples import page

ITEM = {
    "id": "7",
    "url": "https://sample.kg/a?utm_source=x",
    "outlet": "ulgu",
    "title": "Жаңы көпүрө ачылды",
    "text": "Биринчи абзац.\nЭкинчи абзац..",
    "published": "2024-03-05T10:45:00+06:00",
    "language": "ky-KG",
}


def read(item: object, outlet: str = "sample") -> tuple[Article | None, list[str]]:
    body = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
    result = read_page(page(body, role="item", media_type="application/json", outlet=outlet, url="urn:line:3"))
    return (result.articles[0] if result.articles else None), [problem.reason for problem in result.problems]


def test_a_whole_item() -> None:
    article, problems = read(ITEM, outlet="")
    assert problems == []
    assert article is not None
    assert article.url == "https://sample.kg/a"
    assert article.id == short_id("a", "https://sample.kg/a")
    assert article.outlet == "ulgu"
    assert article.headline == ITEM["title"]
    assert article.text == "Биринчи абзац.\n\nЭкинчи абзац."
    assert article.published_at == datetime(2024, 3, 5, 4, 45, tzinfo=UTC)
    assert article.language == "ky"


def test_the_sources_outlet_wins() -> None:
    article, _ = read(ITEM)
    assert article is not None
    assert article.outlet == "sample"


def test_without_an_address_the_id_comes_from_the_item() -> None:
    bare = {"title": "Т", "text": "Мәтін"}
    one, _ = read({**bare, "id": "1"})
    two, _ = read({**bare, "id": "2"})
    none, _ = read(bare)
    again, _ = read(bare)
    assert one is not None
    assert two is not None
    assert none is not None
    assert again is not None
    assert one.id == short_id("a", "sample", "1")
    assert len({one.id, two.id, none.id}) == 3
    assert none.id == again.id
    assert none.url == ""


def test_html_in_the_text_is_taken_out() -> None:
    article, _ = read({"text": "<p>Бір &amp; екі</p><p>Үш <script>x()</script></p>", "title": "Т"})
    assert article is not None
    assert article.text == "Бір & екі\n\nҮш"
    kept, _ = read({"text": "x <- 5 and a < b > c", "title": "Т"})
    assert kept is not None
    assert kept.text == "x <- 5 and a < b > c"


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"title": "Т"}, '"text" is missing'),
        ({"text": "  "}, '"text" is missing'),
        ({"text": 5}, '"text" is no string'),
        ({"text": "a", "title": ["x"]}, '"title" is no string'),
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[1]", "no JSON object"),
        ('"x"', "no JSON object"),
    ],
)
def test_unusable_items_name_the_field(item: object, reason: str) -> None:
    article, problems = read(item)
    assert article is None
    assert reason in problems[0]


def test_a_bad_date_or_address_leaves_the_article() -> None:
    article, problems = read({"text": "Мәтін", "published": "ертең", "url": "ftp://x"})
    assert article is not None
    assert (article.published_at, article.url, article.headline) == (None, "", "Мәтін")
    assert len(problems) == 2


def test_numbers_where_text_was_expected() -> None:
    article, problems = read({"id": 7, "text": "Мәтін", "published": 1709617500, "language": ["kk"]})
    assert article is not None
    assert (article.id, article.published_at) == (short_id("a", "sample", "7"), None)
    assert [reason.split('"')[1] for reason in problems] == ["language", "published"]


def test_the_outlets_name_is_kept() -> None:
    article, _ = read({"text": "Мәтін", "outlet": "Қазақ үні"}, outlet="qazaq-uni")
    assert article is not None
    assert article.outlet == "Қазақ үні"


def test_no_outlet_anywhere() -> None:
    article, problems = read({"text": "Мәтін"}, outlet="")
    assert article is None
    assert '"outlet"' in problems[0]
