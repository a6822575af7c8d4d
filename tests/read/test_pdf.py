"""PDF files as programs make them, in every script that runs from right to left; their text is invented."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from ortaq.read import read_page
from ortaq.read.bidi import logical_order
from ortaq.read.pdf import Sign, line_text
from tests.read.samples import page

FOLDER = Path(__file__).parent / "pdf"
TEXTS = {
    "ug": (
        "كۆكجاردا يېڭى كۆۋرۈك ئېچىلدى",
        "كۆكجار شەھىرىدە دەريا ئۈستىگە سېلىنغان يېڭى كۆۋرۈك بۈگۈن ئېچىلدى؛ ئۇزۇنلۇقى 1,250 مېتىر "
        "(Aqsu Build 2024)، باھاسى 3.5% ئۆستى. "
        "شەھەر باشلىقى «Aqsu Group» شىركىتى بىلەن 12.05.2023 كۈنى توختام تۈزگەن. "
        "تېلېفون: +7 701 555-12-34، info@sample.kz.",
    ),
    "kk": (
        "كوكجاردا جاڭا كوپىر اشىلدى",
        "كوكجار قالاسىندا وزەن ۇستىنەن سالىنعان جاڭا كوپىر بۇگىن اشىلدى، ونى سالۋعا 3 جىل كەتتى، كوپىر تاۋلىگىنە "
        "10 000 كولىك وتكىزە الادى (Aqsu Build, 2024). "
        "تۇرعىندار بۇل جولدىڭ اشىلۋىن كوپتەن كۇتكەنىن، ەندى جۇمىسقا ەرتەرەك جەتەتىنىن ايتادى. "
        "ءبىر كۇندە ٪15 نەمەسە ١٢٣ ادام.",
    ),
    "ky": (
        "كۅكجاردا جاڭى كۅپۉرۅ اچىلدى",
        "كۅكجار شاارىندا دارىيانىن ۉستۉنە سالىنعان جاڭى كۅپۉرۅ بۉگۉن اچىلدى، انى سالۇۇعا ۉچ جىل كەتتى. "
        "شاار باشچىسى «Aqsu Build» كومپانىياسى مەنەن كەلىشىم تۉزدۉ.",
    ),
    "ru": (
        "В Кокжаре открыли новый мост",
        "Новый мост через реку (Bridge One) открыли утром, стройка шла три года. "
        "Мост пропустит 10 000 машин в сутки, сказал мэр города. "
        "Көкжарда жаңа көпір ашылды, oʻzbekcha koʻprik, türkçe köprü; по-уйгурски мост — كۆۋرۈك, и всё.",
    ),
}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.pdf")), ids=lambda path: path.stem)
def test_the_text_is_in_the_order_of_reading(path: Path) -> None:
    headline, text = TEXTS[path.name.split(".")[0]]
    result = read_page(page(path.read_bytes(), media_type="application/pdf"))
    assert result.problems == ()
    article = result.articles[0]
    assert article.headline == headline
    assert " ".join(article.text.split()) == text
    assert article.published_at == datetime(2024, 3, 5, tzinfo=UTC)


ARABIC = st.sampled_from(
    ["كۆكجار", "شەھىرىدە", "دەريا", "ئۈستىگە", "كوپىر", "تاۋلىگىنە", "جەتەتىنىن", "دارىيانىن", "كۅپۉرۅ"]
)
PHRASE = st.sampled_from(["Aqsu", "Aqsu Build", "info@sample.kz", "Көкжар", "Boeing 737", "A/B", "x-y_z", "COVID-19"])
NUMBER = st.sampled_from(["5", "2024", "1,250", "12.05.2023", "10:45", "3.5%", "2024-03-05", "١٢٣", "٣٫٥"])
ASIDE = st.one_of(PHRASE, NUMBER).flatmap(lambda word: st.sampled_from([word, f"({word})", f"«{word}»", f"[{word}]"]))


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A line as people write it: right-to-left words, between them single phrases and numbers."""
    words = [draw(ARABIC)]
    for _ in range(draw(st.integers(0, 6))):
        if draw(st.booleans()):
            words.append(draw(ASIDE))
        words.append(draw(ARABIC) + draw(st.sampled_from(["", "", "،", "؛", ".", ":", "!"])))
    return " ".join(words)


@given(lines())
def test_what_the_bidirectional_algorithm_shows_is_read_back(line: str) -> None:
    assert logical_order(list(get_display(line, base_dir="R")), rtl=True) == line


@given(lines(), st.sampled_from(["По-уйгурски: ", "Uyghur: "]))
def test_inside_a_line_that_runs_from_left_to_right(line: str, before: str) -> None:
    words = [word for word in line.split() if word.isalpha() and not word.isascii() and word[0] > "\u0600"]
    text = f"{before}{' '.join(words)} — so."
    assert logical_order(list(get_display(text, base_dir="L")), rtl=False) == text


@given(st.text(alphabet="كۆ ل.،(«»)1a-%:/\u064b", max_size=60), st.booleans())
def test_nothing_is_lost_or_added(text: str, rtl: bool) -> None:
    turned = str.maketrans(")»", "(«")
    assert sorted(logical_order(list(text), rtl=rtl).translate(turned)) == sorted(text.translate(turned))


def signs(visual: str, *, width: float = 5.0) -> list[Sign]:
    return [
        Sign(char, place * width, (place + 1) * width, 0.0, 10.0) for place, char in enumerate(visual) if char != " "
    ]


def test_spaces_come_from_the_gaps_and_the_given_order_does_not_count() -> None:
    visual = get_display("كۆكجار 2024 (Aqsu)", base_dir="R")
    assert line_text(signs(visual)[::-1], rtl=True) == "كۆكجار 2024 (Aqsu)"


@pytest.mark.parametrize("ligature", ["لا", "ال", "ﻻ"])
def test_a_ligature_is_read_whichever_way_a_file_spells_it(ligature: str) -> None:
    parts = [Sign(char, 5.0, 10.0, 0.0, 10.0) for char in ligature]
    line = [Sign("ق", 10.0, 15.0, 0.0, 10.0), *parts, Sign("س", 0.0, 5.0, 0.0, 10.0)]
    assert line_text(line, rtl=True) == "قلاس"


def test_a_mark_stays_with_its_letter() -> None:
    line = [Sign("ب", 5, 10, 0, 10), Sign("\u064e", 6.5, 8, 10, 12), Sign("د", 0, 5, 0, 10)]
    assert line_text([line[1], line[2], line[0]], rtl=True) == "بَد"


def test_a_line_that_runs_up_the_page_is_left_alone() -> None:
    line = [Sign(char, 0, 5, place * 5, place * 5 + 5) for place, char in enumerate("كۆك")]
    assert line_text(line, rtl=True) == "كۆك"
