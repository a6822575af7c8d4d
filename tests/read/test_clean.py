"""Cleaning repairs damage and leaves good text alone."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.read.clean import clean, clean_line, repair_mojibake


@pytest.mark.parametrize(
    ("damaged", "good"),
    [
        ("[bookmark: _GoBack]20-21 желтоқсанда", "20-21 желтоқсанда"),
        ("мәтін[if gte mso 9]<xml></xml>[endif]", "мәтін<xml></xml>"),
        ("a<!--[if gte mso 9]><xml>junk</xml><![endif]-->b", "ab"),
        ("сөз<o:p></o:p>", "сөз"),
        ("талқылады. . Әлемге", "талқылады. Әлемге"),
        ("талқылады..", "талқылады."),
        ("«сөз».. Ол", "«сөз». Ол"),
        ("бір,, екі", "бір, екі"),
        ("Broadcasting  эволюциясы", "Broadcasting эволюциясы"),
        ("мем\u00adле\u200bкет", "мемлекет"),
        ("Ð¢Ð¾Ò›Ð°ÐµÐ² айтты", "Тоқаев айтты"),
        ("РљР°Р·Р°С…СЃС‚Р°РЅ Рё РјРёСЂ", "Казахстан и мир"),
        ("Itâ€™s here", "It’s here"),
        ("Ñ\x82ÐµÐºÑ\x81Ñ\x82", "текст"),
        ("бір\r\n\r\n\r\n\r\nекі", "бір\n\nекі"),
        ("кафе\u0301", "кафе\u0301"),
        ("и\u0306од", "йод"),
        ('HYPERLINK "http://a.kz/x" сілтеме', "сілтеме"),
    ],
)
def test_repairs(damaged: str, good: str) -> None:
    assert clean(damaged) == good


@pytest.mark.parametrize(
    "text",
    [
        "Олай... ма?.. Иә!.. Міне, «сөз…» деді.",
        "a . . . b",
        "1..5 және ../жол",
        "می‌خواهم",  # ZWNJ
        "ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ ᠠᠷᠠ\u180eᠠ",  # NNBSP and MVS
        "👨\u200d👩\u200d👧",
        "ПІДІЙ, РІРІ, НАТО-С»",
        "«ОПЕК+» – С…",
        "Île-de-France, naïve, Ünal, Şükrü",
        "Ўзбекистон, Ғиждувон, ҳәм Нөкис",
        "دۇنيا مىقياسىدا، «ئۇيغۇر»",
    ],
)
def test_leaves_good_text_alone(text: str) -> None:
    assert clean(text) == text


def test_a_line_is_one_line() -> None:
    assert clean_line(" бір \n\n екі\u00a0үш ") == "бір екі үш"


@given(st.text(max_size=300))
def test_idempotent_and_never_raises(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


_WORD = st.text(st.sampled_from("абвгғдежзийкқлмнңоөпрстуұүфхһцчшщъыіьэюяАКҚМНІ"), min_size=1, max_size=12)


@given(st.lists(_WORD, min_size=1, max_size=20))
def test_kazakh_words_are_never_changed(words: list[str]) -> None:
    text = " ".join(words)
    assert clean(text) == text


@given(st.lists(_WORD, min_size=1, max_size=6), st.sampled_from(["windows-1251", "iso-8859-1"]))
def test_misread_words_come_back_or_stay(words: list[str], encoding: str) -> None:
    text = " ".join(words)
    try:
        misread = text.encode().decode(encoding)
    except UnicodeDecodeError:
        return
    assert repair_mojibake(misread) in (text, misread)


@pytest.mark.shared
def test_real_news_holds_no_mojibake(shared_data: Path) -> None:
    path = shared_data / "identify" / "dev.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in list(lines)[::5]:
            text = json.loads(line)["text"]
            assert repair_mojibake(text) == text
