"""The index through its contract."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ortaq.errors import StoreError
from ortaq.model import Annotation
from ortaq.store.contract import Filters, IndexRow
from ortaq.store.index import LanceIndex, open_index

DAY = datetime(2026, 11, 3, tzinfo=UTC)


def vector(seed: int) -> np.ndarray:
    made = np.random.default_rng(seed).standard_normal(384).astype(np.float32)
    return made / np.linalg.norm(made)


def row(number: int, headline: str, text: str, language: str = "kk", **changes: object) -> IndexRow:
    plain = IndexRow(
        article=f"a{number}",
        story=f"s{number}",
        outlet="tan",
        country="KZ",
        language=language,
        published_at=DAY + timedelta(days=number),
        copy=False,
        headline_tokens=headline,
        text_tokens=text,
        annotation=Annotation(vector(number)),
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


@pytest.fixture
def index(tmp_path: Path) -> LanceIndex:
    made = open_index(tmp_path / "index")
    made.upsert(
        [
            row(1, "медиафорум астана", "орталық азия медиафорум өтті"),
            row(2, "су тасқыны", "орталық өзен арнасынан асты", language="ky", outlet="o'q"),
            row(3, "сайлау", "сайлау күні белгілі болды астана", language="uz-Cyrl", copy=True, country="UZ"),
        ]
    )
    return made


def found(index: LanceIndex, words: str, filters: Filters | None = None) -> list[str]:
    return [hit.article for hit in index.search_text(words.split(), filters or Filters(), 10)]


def test_headline_words_weigh_more_than_words_in_the_text(index: LanceIndex) -> None:
    assert found(index, "астана") == ["a1", "a3"]
    assert set(found(index, "орталық")) == {"a1", "a2"}
    assert found(index, "жоқсөз") == []


def test_each_filter_leaves_out_what_it_should(index: LanceIndex) -> None:
    assert found(index, "орталық", Filters(languages=("ky",))) == ["a2"]
    assert found(index, "орталық", Filters(outlets=("o'q",))) == ["a2"], "a quote in a value is a value"
    assert found(index, "астана", Filters(copies=False)) == ["a1"]
    assert found(index, "астана", Filters(countries=("UZ",))) == ["a3"]
    assert found(index, "астана", Filters(since=DAY + timedelta(days=2))) == ["a3"]
    assert found(index, "астана", Filters(until=DAY + timedelta(days=2))) == ["a1"]


def test_vectors_come_back_by_cosine(index: LanceIndex) -> None:
    hits = index.search_vector(vector(2), Filters(), 2)
    assert hits[0].article == "a2"
    assert hits[0].score == pytest.approx(1.0, abs=1e-5)
    assert [hit.article for hit in index.search_vector(vector(2), Filters(languages=("kk",)), 5)] == ["a1"]


def test_the_same_row_twice_is_the_same_as_once_and_a_new_one_replaces(index: LanceIndex) -> None:
    index.upsert([row(1, "медиафорум астана", "орталық азия медиафорум өтті")])
    index.upsert([row(2, "көпір", "ашылды"), row(2, "жаңа көпір", "ашылды")])
    index.optimize()
    assert index.count() == 3
    assert found(index, "орталық") == ["a1"]
    assert found(index, "жаңа") == ["a2"]


def test_another_reader_sees_what_was_written(index: LanceIndex, tmp_path: Path) -> None:
    other = open_index(tmp_path / "index")
    assert other.count() == 3
    index.upsert([row(4, "жаңалық", "бар")])
    assert found(other, "жаңалық") == ["a4"]


def test_a_damaged_folder_is_said_and_can_be_cleared(index: LanceIndex, tmp_path: Path) -> None:
    for file in (tmp_path / "index").rglob("*"):
        if file.is_file():
            file.write_bytes(b"damaged")
    broken = open_index(tmp_path / "index")
    with pytest.raises(StoreError, match="rebuild"):
        broken.count()
    broken.clear()
    assert broken.count() == 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.text(max_size=12), max_size=5), value=st.text(max_size=10))
def test_no_word_and_no_filter_value_breaks_a_search(index: LanceIndex, words: list[str], value: str) -> None:
    index.search_text(words, Filters(outlets=(value,)), 3)
    index.search_text(words, Filters(), 3, [words])
    index.search_prefix(value, Filters(), 3)


def test_a_hit_has_a_word_of_each_required_group(index: LanceIndex) -> None:
    def ids(*required: list[str]) -> list[str]:
        return sorted(hit.article for hit in index.search_text(["орталық", "астана"], Filters(), 10, required))

    assert ids() == ["a1", "a2", "a3"]
    assert ids(["астана"]) == ["a1", "a3"]
    assert ids(["астана"], ["азия", "өзен"]) == ["a1"]
    assert ids(["жоқсөз"]) == []


def test_a_prefix_finds_words_that_begin_so(index: LanceIndex) -> None:
    def ids(prefix: str, filters: Filters | None = None) -> list[str]:
        return sorted(hit.article for hit in index.search_prefix(prefix, filters or Filters(), 10))

    assert ids("медиа") == ["a1"]
    assert ids("астан") == ["a1", "a3"]
    assert ids("астан", Filters(countries=("UZ",))) == ["a3"]
    assert ids("форум") == [], "in the middle of a word"
    assert ids("%") == ids("_") == ids("'") == ids("\\") == []


def test_what_an_article_has_of_the_tokens(index: LanceIndex) -> None:
    found = index.matched(["a1", "a3", "none"], ["астана", "сайлау", "o'q"])
    assert found == {"a1": {"астана"}, "a3": {"астана", "сайлау"}}
    assert index.matched([], ["астана"]) == {}


def test_terms_that_are_spelled_nearly_so(index: LanceIndex) -> None:
    assert index.near_terms("медиафорим", 3) == [], "not counted yet"
    index.upsert([row(4, "медиафорум", "тасқын сайлаушы ~тасқыны"), row(5, "медиафорус", "тасқын")])
    index.optimize()
    assert index.near_terms("медиафорим", 3) == ["медиафорум", "медиафорус"], "the more frequent first"
    assert index.near_terms("медиафроум", 1) == ["медиафорум"], "swapped neighbors are one mistake"
    assert index.near_terms("тасқынн", 3) == ["тасқын", "тасқыны"], "no stems"
    assert index.near_terms("су", 3) == index.near_terms("2026", 3) == [], "too short, or a number, to guess at"


def test_many_articles_are_searched_by_parts(index: LanceIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beginnings by the counted terms, vectors by partitions: as good here as reading everything."""
    monkeypatch.setattr("ortaq.store.index.APPROXIMATE_FROM", 300)
    index.upsert([row(number, f"сөз{number}", "мәтін") for number in range(10, 400)])
    index.optimize()
    assert {hit.article for hit in index.search_prefix("сөз39", Filters(), 20)} == {
        f"a{n}" for n in (39, *range(390, 400))
    }
    index.upsert([row(500, "жаңа", "мәтін")])
    for number in (20, 333, 500):
        assert index.search_vector(vector(number), Filters(), 3)[0].article == f"a{number}"


def test_an_index_of_another_version_is_refused_with_what_to_do(index: LanceIndex, tmp_path: Path) -> None:
    other = open_index(tmp_path / "index", dimensions=384)
    other._table.drop_columns(["original"])
    with pytest.raises(StoreError, match="rebuild --index"):
        open_index(tmp_path / "index").count()
