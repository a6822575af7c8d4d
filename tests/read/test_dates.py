"""Dates in the region's languages; the figures come from benchmarks/dates.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from benchmarks.dates import DATA, load, measure, ours
from hypothesis import given
from hypothesis import strategies as st

from ortaq.languages import date_words
from ortaq.read.date_words import joints, lexicon
from ortaq.read.dates import parse_date

REFERENCE = datetime(2024, 3, 6, 9, 0, tzinfo=UTC)


def test_benchmark_set_stays_right() -> None:
    cases = load(DATA)
    assert len(cases) >= 360
    for split in ("dev", "test"):
        values = {row.metric: row.value for row in measure(cases, split, "ortaq", ours) if row.language == "*all"}
        assert values["right"] >= 0.98
        assert values["wrong"] <= 0.005


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024 жылғы 5 наурыз, 10:45", "2024-03-05T05:45"),
        ("5-март, 2024-жыл, саат 14:00", "2024-03-05T09:00"),
        ("2024 йил 14 апрель, соат 11.30", "2024-04-14T06:30"),
        ("12:40 05.03.2024", "2024-03-05T07:40"),
        ("2024-يىلى 2-ئاينىڭ 19-كۈنى، 18:30", "2024-02-19T13:30"),
    ],
)
def test_time_in_the_countrys_zone(text: str, expected: str) -> None:
    found = parse_date(text, country="uz")
    assert found is not None
    assert found.at.strftime("%Y-%m-%dT%H:%M") == expected
    assert (found.precision, found.zoned) == ("minute", False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-05T10:45:00+05:00", "2024-03-05T05:45"),
        ("Feb 24, 2022 04:10 UTC", "2022-02-24T04:10"),
        ("24 февраля 2022 14:05 МСК", "2022-02-24T11:05"),
        ("Thu, 14 Apr 2022 10:15:00 +0600", "2022-04-14T04:15"),
        ("Jan. 17, 2024 6:15 PM UTC-5", "2024-01-17T23:15"),
        ("5 March 2024 12:05 am GMT", "2024-03-05T00:05"),
    ],
)
def test_a_named_zone_wins(text: str, expected: str) -> None:
    found = parse_date(text, country="kz")
    assert found is not None
    assert found.at.strftime("%Y-%m-%dT%H:%M") == expected
    assert found.zoned


def test_a_bare_day_is_midnight_utc() -> None:
    found = parse_date("5 марти соли 2024", country="tj")
    assert found is not None
    assert (found.at, found.precision) == (datetime(2024, 3, 5, tzinfo=UTC), "day")


@pytest.mark.parametrize("code", sorted(date_words()))
def test_today_and_yesterday_need_a_reference(code: str) -> None:
    words = date_words()[code]
    for forms, days in ((words.today, 0), (words.yesterday, 1)):
        for form in forms:
            assert parse_date(f"{form}, 10:45") is None
            found = parse_date(f"{form}, 10:45", reference=REFERENCE)
            assert found is not None, form
            assert found.at == datetime(2024, 3, 6, 10, 45, tzinfo=UTC) - timedelta(days=days)


@pytest.mark.parametrize("code", sorted(date_words()))
def test_every_month_of_every_language(code: str) -> None:
    taken = {"maý."}  # June to Kazakhs in Latin letters, and the full name of May to Turkmens
    for number, forms in enumerate(date_words()[code].months, 1):
        for form in forms:
            if form in taken or form[0].isdigit():  # "3-р сар": a number and the word for month
                continue
            found = parse_date(f"17 {form} 2023")
            assert found is not None, form
            assert found.at.date().isoformat() == f"2023-{number:02}-17", form


@pytest.mark.parametrize(
    ("text", "day"),
    [("5 наурыз", "2024-03-05"), ("5-nji mart, 10:45", "2024-03-05"), ("3-р сарын 5", "2024-03-05"),
     ("31 декабря", "2023-12-31"), ("December 31", "2023-12-31"), ("3-ئاينىڭ 5-كۈنى", "2024-03-05")],
)  # fmt: skip
def test_a_day_without_a_year_is_the_nearest_past_one(text: str, day: str) -> None:
    assert parse_date(text) is None
    found = parse_date(text, reference=REFERENCE)
    assert found is not None
    assert found.at.date().isoformat() == day


def test_month_first_only_for_the_united_states() -> None:
    here, there = parse_date("03/05/2024"), parse_date("03/05/2024", country="us")
    assert here is not None
    assert there is not None
    assert (here.at.month, there.at.month) == (5, 3)


def test_no_word_means_two_months() -> None:
    seen: dict[str, int] = {}
    for words in date_words().values():
        for number, forms in enumerate(words.months, 1):
            for form in forms:
                if not form.endswith("."):
                    assert seen.setdefault(form, number) == number, form
    assert lexicon().marks["наурыз"] == "M3;"


def test_joints_belong_to_known_languages() -> None:
    assert set(joints()) <= set(date_words())


@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    parse_date(text)
    parse_date(text, reference=REFERENCE, country="kz")


@given(st.dates(min_value=datetime(1990, 1, 1).date(), max_value=datetime(2090, 1, 1).date()), st.data())
def test_round_trip_in_any_language(day: object, data: st.DataObject) -> None:
    from datetime import date

    assert isinstance(day, date)
    code = data.draw(st.sampled_from(sorted(date_words())))
    words = date_words()[code]
    month = words.months[day.month - 1][0]
    patterns = [f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}", f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}"]
    if not joints()[code].day_first:
        patterns.append(f"{day.year} {words.year_words[0]} {day.day} {month}")
    found = parse_date(data.draw(st.sampled_from(patterns)))
    assert found is not None
    assert found.at.date() == day
