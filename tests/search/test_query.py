"""The query syntax: what is understood, and that nothing a person types is an error."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.search.query import MAX_PARTS, MAX_QUERY, narrowed, parse_query, unquoted
from ortaq.store.contract import Filters

PIECES = (  # noqa: SIM905 - a list of literals would take a page
    '" « » “ ” „ AND OR NOT ЖӘНЕ НЕМЕСЕ ЕМЕС И ИЛИ НЕ && || ! - + * ( ) [ ] : , ; -су +су медиа* *а title: title:су '
    "outlet:tan outlet: lang:kk lang:қазақша lang:kk-Latn country:KZ country:Қазақстан since:2026-11-01 "
    "until:2026-13-45 until:9999-12-31 since:0001-01-01 2026-11-03 03.11.2026 31.02.2026 --"
    " https://example.com/a?b=c su:x -“ к:о:т o‘zbek كىتاپحانا \u200f \u0000 \ud800 \u202e 😀 ~stem 1_000 ' '' OR1 ' %"
).split(" ")


def shape(typed: str) -> list[tuple[object, ...]]:
    return [
        (p.text, *(name for name in ("phrase", "prefix", "title", "excluded") if getattr(p, name)), p.group)
        for p in parse_query(typed).parts
    ]


def test_words_beside_each_other_are_alternatives() -> None:
    assert shape("су тасқыны") == [("су", 0), ("тасқыны", 0)]
    assert not parse_query("су тасқыны").checks
    assert parse_query("су, тасқыны!").ignored == ()


def test_phrases_are_required() -> None:
    for typed in ('"су тасқыны" Атырау', "«су тасқыны» Атырау", "“су тасқыны” Атырау", "„су тасқыны“ Атырау"):
        assert shape(typed) == [("су тасқыны", "phrase", 1), ("Атырау", 0)], typed


@pytest.mark.parametrize("word", ["AND", "ЖӘНЕ", "И"])
def test_and_makes_both_required(word: str) -> None:
    assert shape(f"су {word} тасқыны") == [("су", 1), ("тасқыны", 2)]


def test_or_binds_closer_than_and() -> None:
    assert shape("а OR б AND в") == [("а", 1), ("б", 1), ("в", 2)]
    assert shape("а AND б НЕМЕСЕ в") == [("а", 1), ("б", 2), ("в", 2)]
    assert shape('а ИЛИ "б в"') == [("а", 1), ("б в", "phrase", 1)]


@pytest.mark.parametrize("typed", ["су -тасқыны", "су NOT тасқыны", "су ЕМЕС тасқыны", "су НЕ тасқыны"])
def test_exclusion(typed: str) -> None:
    assert shape(typed) == [("су", 0), ("тасқыны", "excluded", 0)]
    assert parse_query(typed).text == "су"


def test_prefix_and_headline() -> None:
    assert shape("медиа*") == [("медиа", "prefix", 0)]
    assert shape("title:су тақырып:көл") == [("су", "title", 1), ("көл", "title", 2)]


def test_fields_and_days_become_filters() -> None:
    asked = parse_query("су outlet:tan lang:uz-cyrl lang:kk-Cyrl country:kz since:2026-11-01 until:30.11.2026")
    assert asked.text == "су"
    assert asked.ignored == ()
    assert (asked.filters.outlets, asked.filters.countries) == (("tan",), ("KZ",))
    assert asked.filters.languages == ("uz-Cyrl", "kk")
    assert asked.filters.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert asked.filters.until == datetime(2026, 11, 30, 23, 59, 59, 999999, UTC)
    one = parse_query("су 2026-11-03").filters
    assert one.since == datetime(2026, 11, 3, tzinfo=UTC)
    assert one.until == datetime(2026, 11, 3, 23, 59, 59, 999999, UTC)


@pytest.mark.parametrize(
    ("typed", "ignored"),
    [
        ("су lang:қазақша", ("lang:қазақша",)),
        ("су until:2026-13-45", ("until:2026-13-45",)),
        ("AND су", ("AND",)),
        ("су OR", ("OR",)),
        ("су NOT", ("NOT",)),
        ("су -lang:kk", ("-lang:kk",)),
    ],
)
def test_what_makes_no_sense_is_said(typed: str, ignored: tuple[str, ...]) -> None:
    asked = parse_query(typed)
    assert asked.ignored == ignored
    assert asked.text == "су"


def test_words_that_only_look_like_syntax_stay_words() -> None:
    assert parse_query("e-mail и не and").text == "e-mail и не and"
    assert parse_query("https://example.com").text == "https example com"
    assert parse_query("10:30 NATO: ел").text == "10:30 NATO ел"


def test_too_much_is_cut_and_said() -> None:
    asked = parse_query("су " * MAX_QUERY)
    assert len(asked.parts) == MAX_PARTS
    assert len(asked.ignored) > 1


def test_so_many_beginnings_and_no_more() -> None:
    asked = parse_query("аб* вг* де* жз* ик* лм")
    assert [part.text for part in asked.parts] == ["аб", "вг", "де", "жз", "лм"]
    assert asked.ignored == ("ик*",)


def test_quotes_can_be_taken_as_words() -> None:
    relaxed = unquoted(parse_query('су "өзен арнасы" AND тасқын -"ауыл шетінде"'))
    assert [(p.text, p.phrase, p.group) for p in relaxed.parts][1] == ("өзен арнасы", False, 0)
    assert [p.text for p in relaxed.parts if p.excluded and p.phrase] == ["ауыл шетінде"]
    assert relaxed.ignored == ("“өзен арнасы”",)


def test_filters_of_page_and_query_both_hold() -> None:
    page = Filters(languages=("kk", "ru"), since=datetime(2026, 11, 1, tzinfo=UTC))
    both = narrowed(page, parse_query("lang:kk since:2026-11-05").filters)
    assert both == Filters(languages=("kk",), since=datetime(2026, 11, 5, tzinfo=UTC))
    assert narrowed(page, parse_query("lang:uz").filters) is None
    assert narrowed(page, Filters()) == page


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)))
def test_nothing_typed_raises(typed: str) -> None:
    asked = parse_query(typed)
    assert len(asked.parts) <= MAX_PARTS
    assert all(part.text for part in asked.parts)


def test_many_adversarial_queries_parse_quickly() -> None:
    chance = random.Random(5)
    queries = [chance.choice(("", " ")).join(chance.choices(PIECES, k=chance.randint(1, 25))) for _ in range(10_000)]
    queries += [piece * 5_000 for piece in PIECES if piece] + ["“" * 900, '-"' * 500, "a:" * 500]
    slowest = 0.0
    for typed in queries:
        start = time.perf_counter()
        parse_query(typed)
        slowest = max(slowest, time.perf_counter() - start)
    assert slowest < 1.0


def test_a_pasted_headline_quotes_and_asks_for_no_phrase() -> None:
    for headline in (
        "«Дауыс» қоры туралы жаңа есеп шықты",
        "Беҳрӯз Лолазод дирӯз гуфт: «Танҳо бетон кор намекунад»",
        "Minister says “we are ready” for winter",
        "Инженер: «Ар ким кайтарып ала алат»",
    ):
        assert not parse_query(headline).checks, headline
    assert parse_query('"we are ready" minister says winter').parts[0].phrase
    assert parse_query("«біз дайынбыз» қыс").parts[0].phrase
    assert parse_query("қыс келді қар -«біз дайынбыз» түсті").checks
