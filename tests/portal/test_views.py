"""The pure functions under the pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from ortaq.portal.diff import word_diff
from ortaq.portal.i18n import accepted, choose, load_interfaces, load_zone, offset_name
from ortaq.portal.languages import direction, html_tag
from ortaq.portal.view import marked

WORDS = st.lists(st.sampled_from(["бір", "екі", "үш", ",", "тау", " "]), max_size=40).map(" ".join)


@given(WORDS, WORDS)
def test_a_diff_tells_both_texts(old: str, new: str) -> None:
    changes = word_diff(old, new)
    if not any(kind == "gap" for kind, _ in changes):
        assert "".join(text for kind, text in changes if kind != "added") == old
        assert "".join(text for kind, text in changes if kind != "removed") == new


def test_a_diff_shortens_what_stayed() -> None:
    long = "сөз " * 400
    changes = word_diff(f"{long}ескі {long}", f"{long}жаңа {long}")
    assert [kind for kind, _ in changes] == ["gap", "same", "removed", "added", "same", "gap"]


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6))
def test_marks_never_change_the_text(text: str, marks: list[tuple[int, int]]) -> None:
    made = marked(text, marks)
    assert made.replace("<mark>", "").replace("</mark>", "") == html_escape(text)


def html_escape(text: str) -> str:
    from markupsafe import escape

    return str(escape(text))


def test_marks_are_marked() -> None:
    assert marked("көпір <b> ашылды", [(0, 5), (10, 16)]) == "<mark>көпір</mark> &lt;b&gt; <mark>ашылды</mark>"
    assert html.fragment_fromstring(f"<p>{marked('a<b', [(0, 3)])}</p>").text_content() == "a<b"


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Қазақстан", "ltr"),
        ("BBC ئاقسەڭگىردە كۆۋرۈك", "rtl"),
        ("", "ltr"),
        ("123", "ltr"),
        ("ҚазТАГ: ئا", "ltr"),
        ("قازاق ەلى", "rtl"),
    ],
)
def test_direction_goes_by_most_letters(text: str, way: str) -> None:
    assert direction(text) == way


@pytest.mark.parametrize(
    ("language", "script", "tag"),
    [
        ("kk", "Cyrl", "kk"),
        ("kk", "Arab", "kk-Arab"),
        ("uz", "Cyrl", "uz-Cyrl"),
        ("uz-Cyrl", "", "uz-Cyrl"),
        ("und", "Latn", ""),
        ("<b>", "", ""),
        ("kk", "Zzzz", "kk"),
    ],
)
def test_tags_say_the_script_where_it_is_not_the_usual_one(language: str, script: str, tag: str) -> None:
    assert html_tag(language, script) == tag


@given(st.text(max_size=80))
def test_any_accept_language_header_is_taken(header: str) -> None:
    assert choose(None, None, header, "kk") in ("kk", "ru", "en")
    assert all(name.isascii() for name in accepted(header))


def test_times_are_as_short_as_can_be() -> None:
    ui = load_interfaces(load_zone("Asia/Tashkent"), lambda tag, _: tag, {})["en"]
    now = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # the 25th in Tashkent
    assert ui.when(now - timedelta(minutes=30), now) == "00:30"
    assert ui.when(now - timedelta(hours=2), now) == "Nov 24, 23:00"
    assert ui.when(now - timedelta(days=700), now) == "Dec 25, 2024, 01:00"
    assert ui.span(now - timedelta(hours=2), now, now) == "Nov 24, 23:00 – 01:00"
    assert offset_name(now.astimezone(load_zone("Asia/Kolkata"))) == "UTC+5:30"
    assert offset_name(now.astimezone(load_zone("America/St_Johns"))) == "UTC-3:30"
