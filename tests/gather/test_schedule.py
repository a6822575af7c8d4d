"""When to ask again."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.gather.schedule import CEILING, MAX_AFTER, backoff, next_interval, parse_retry_after

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@given(st.integers(1, 10_000), st.integers(0, 2**32))
def test_backoff_doubles_within_its_jitter_up_to_the_ceiling(attempts: int, seed: int) -> None:
    full = min(CEILING, 60.0 * 2 ** min(attempts - 1, 60))
    assert full / 2 <= backoff(attempts, None, random.Random(seed)) <= full


@given(st.integers(1, 50), st.floats(allow_nan=True, allow_infinity=True), st.integers(0, 2**32))
def test_backoff_is_never_sooner_than_the_server_asked(attempts: int, after: float, seed: int) -> None:
    wait = backoff(attempts, after, random.Random(seed))
    assert math.isfinite(wait)
    assert 30.0 <= wait <= MAX_AFTER * 1.1
    if after > 0:
        assert wait >= min(after, MAX_AFTER)


def test_backoff_spreads_those_that_failed_together() -> None:
    rng = random.Random(1)
    waits = [backoff(3, 600.0, rng) for _ in range(100)]
    assert len({round(wait) for wait in waits}) > 30
    assert backoff(1, None, rng, base=0.0) == 0.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(days=2), usegmt=True), 0.0),
        ("Sunday, 01-Mar-26 12:00:30 GMT", 30.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("9" * 400, None),
        ("Mon, 99 Foo 2026 25:61:61 GMT", None),
        ("١٢٠", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


@given(st.text(max_size=40))
def test_retry_after_never_raises(value: str) -> None:
    wait = parse_retry_after(value, NOW)
    assert wait is None or wait >= 0


@given(
    st.floats(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=5),
)
def test_the_interval_stays_within_its_bounds(previous: float, changed: bool, gaps: list[float]) -> None:
    assert 300 <= next_interval(previous, changed, least=300, most=86_400, gaps=gaps) <= 86_400


def test_news_shorten_the_interval_and_silence_lengthens_it() -> None:
    assert next_interval(1_000, True, least=300, most=86_400) == 500
    assert next_interval(1_000, False, least=300, most=86_400) == 1_500


def test_a_new_feed_starts_at_its_own_rhythm() -> None:
    assert next_interval(0, True, least=300, most=86_400, gaps=[7_000, 7_200, 90_000]) == 7_200
    assert next_interval(0, True, least=300, most=86_400) == 900


def test_a_dead_feed_is_read_ever_more_rarely_whatever_its_old_rhythm() -> None:
    interval = 300.0
    for _ in range(20):
        interval = next_interval(interval, False, least=300, most=86_400, gaps=[300, 300])
    assert interval == 86_400


def test_the_interval_settles_where_the_docstring_says() -> None:
    """News at random, once in 4,000 seconds: 37 % of readings should find some."""
    rng = random.Random(7)
    rate, interval, found, total = 1 / 4_000, 900.0, 0, 20_000
    for _ in range(total):
        changed = rng.random() < 1 - math.exp(-rate * interval)
        found += changed
        interval = next_interval(interval, changed, least=1, most=1e9)
    assert found / total == pytest.approx(0.37, abs=0.01)
