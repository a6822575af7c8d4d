"""Quotations: who says what, in every language and script; names in quotation marks are none; no text breaks it."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from benchmarks.languages_quotations import ours, read, same_speaker, same_words
from hypothesis import given
from hypothesis import strategies as st

from ortaq import languages
from ortaq.model import Quotation
from ortaq.understand.quotations import MAX_QUOTATIONS, quotations

DATA = Path(__file__).parents[2] / "benchmarks" / "data" / "quotations.tsv"
ROWS = [*read(DATA, "dev"), *read(DATA, "test")]


@pytest.mark.parametrize("variety", sorted({row.variety for row in ROWS}))
def test_the_labelled_sentences(variety: str) -> None:
    """Every quotation is found and none where there is none; nearly all speakers (Arabic script has no capitals)."""
    rows = [row for row in ROWS if row.variety == variety]
    speakers = 0
    for row in rows:
        found = ours(row.text, row.language, row.script)
        assert len(found) == bool(row.quotation), row.text
        if found:
            assert same_words(found[0][0], row.quotation), row.text
            speakers += same_speaker(found[0][1], row.speaker)
    assert speakers >= (8 if variety.endswith("Arab") else 9), f"{speakers} of 10"


def test_the_set_has_every_language_and_kind() -> None:
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    kinds = {"before", "after", "indirect", "partial", "none", "more"}
    for split in ("dev", "test"):
        found = {(row["language"], row["kind"]) for row in rows if row["split"] == split}
        lacking = {(code, kind) for code in languages.codes() for kind in kinds} - found
        assert not lacking, f"write sentences of these into {DATA.name}"


@pytest.mark.parametrize(
    ("code", "text", "found"),
    [
        ("ru", "«Мы готовы», — заявил он.", [Quotation("Мы готовы", "он", True)]),
        ("ru", "В суде сообщили, что дело закрыто.", [Quotation("дело закрыто", "В суде", False)]),
        (
            "ru",
            "Он сказал, что фильм «Белый пароход» покажут завтра.",
            [Quotation("фильм «Белый пароход» покажут завтра", "Он", False)],
        ),
        (
            "ru",
            "Айбек Осмонов отметил: «Работы завершены. Осталось принять». Депутат добавил, что всё готово.",
            [
                Quotation("Работы завершены. Осталось принять", "Айбек Осмонов", True),
                Quotation("всё готово", "Депутат", False),
            ],
        ),
        ("kk", "Ол көпір ашылады деп мәлімдеді.", [Quotation("көпір ашылады", "Ол", False)]),
        (
            "kk",
            "Айдос Ерланұлы Сәрсенов «Біз бұл жұмысты аяқтадық» деп хабарлады.",
            [Quotation("Біз бұл жұмысты аяқтадық", "Айдос Ерланұлы Сәрсенов", True)],
        ),
        ("kk", "Бүгін «Қала жаңалығы, жаңа күн» деп хабарлады.", []),
        ("en", '"We are ready," he said. "It took years."', [Quotation("We are ready", "he", True)]),
        ("en", "The “Silk Road” cafe said nothing.", []),
        ("tr", "Vali Ali Aksu'nun ifadesine göre yol bitti artık.", [Quotation("yol bitti artık", "Ali Aksu", False)]),
        ("xx", "«Мы готовы», — заявил он.", []),
    ],
)  # fmt: skip
def test_single_sentences(code: str, text: str, found: list[Quotation]) -> None:
    assert quotations(text, code) == found


def test_a_quotation_does_not_go_over_a_paragraph() -> None:
    assert quotations("«Жол ашық\nболады», — деді Асан Үсен.", "kk") == []


def test_at_most_so_many() -> None:
    text = "«Біз бұл жұмысты аяқтадық», — деді Асан Үсен. " * (MAX_QUOTATIONS + 5)
    assert len(quotations(text, "kk")) == MAX_QUOTATIONS


PARTS = ["«", "»", '"', "“", "”", "деді", "деп", "Асан", "Үсен", "айтуынша", ",", ".", ": ", " — ", "жол ашылады", "\n"]


@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PARTS), max_size=60).map(" ".join)),
    st.sampled_from(languages.codes()),
)
def test_any_text_is_read(text: str, code: str) -> None:
    for one in quotations(text, code):
        assert one.text.strip()
        assert one.speaker.strip()
        assert "\ue000" not in one.text + one.speaker


@pytest.mark.parametrize(
    "unit", ["деді ", "«а ", "Асан Үсен ", "«Жол жол», ", "«", "айтуынша, ", "деп деді ", "а: «б» "]
)
def test_time_is_linear(unit: str) -> None:
    start = time.process_time()
    quotations(unit * 20_000, "kk")
    quotations((unit * 70 + ". ") * 100, "ru")
    assert time.process_time() - start < 5
