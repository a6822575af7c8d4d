"""What comes from files says where it came from: documents by their address, items by file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ortaq.gather.kinds.folder import kind as folder
from ortaq.gather.kinds.jsonl import kind as jsonl
from ortaq.model import Article, Page, Problem, ReadResult, Source
from ortaq.read import read_page
from tests.read.samples import NOW, PARAGRAPHS, html

SOURCE = Source("sample", "folder", "file:///press")


def read_files(kind: object, path: Path) -> list[ReadResult]:
    pages = list(kind.pages(path, SOURCE, NOW))  # type: ignore[attr-defined]
    assert all(isinstance(page, Page) for page in pages)
    return [read_page(page) for page in pages]


def only(results: list[ReadResult]) -> Article:
    (result,) = results
    return result.articles[0]


@pytest.mark.parametrize("name", ["көпір.txt", "a b#1.txt"])
def test_a_document_has_the_address_of_its_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("\n\n".join(PARAGRAPHS["kk"]), encoding="utf-8")
    article = only(read_files(folder, path))
    assert article.url == path.as_uri()
    assert only(read_files(folder, tmp_path)) == article


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("", None),
        ("https://sample.kz/news/kopir?utm_source=x", "https://sample.kz/news/kopir"),
        ("https://sample.kz/", None),  # every page of a badly made site
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("/news/kopir", None),
    ],
)
def test_a_saved_page_has_the_address_that_it_names(tmp_path: Path, link: str, expected: str | None) -> None:
    path = tmp_path / "saved.html"
    path.write_text(html(head=f'<link rel="canonical" href="{link}">' if link else ""), encoding="utf-8")
    assert only(read_files(folder, path)).url == (expected or path.as_uri())


def test_problems_of_items_name_file_line_and_address(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    items = [
        {"url": "https://sample.kz/1", "text": "Мәтін"},
        {"url": "https://sample.kz/2", "text": ""},
        {"outlet": "sample", "text": 5},
        {"url": "https://sample.kz/4", "text": "Мәтін", "published": "ертең"},
    ]
    path.write_text("\n".join(map(json.dumps, items)), encoding="utf-8")
    problems: list[Problem] = [problem for result in read_files(jsonl, path) for problem in result.problems]
    assert [problem.where for problem in problems] == [
        f"{path}:2 (https://sample.kz/2)",
        f"{path}:3",
        f"{path}:4 (https://sample.kz/4)",
    ]
