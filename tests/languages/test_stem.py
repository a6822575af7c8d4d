"""Stems: forms of a word meet, in every script of its language, and no text whatever breaks a stemmer."""

from __future__ import annotations

import gzip
import importlib.util
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq import languages
from ortaq.errors import ConfigError
from ortaq.languages.shape import Stemming
from ortaq.languages.stem import LONGEST_WORD, Stemmer, stem
from ortaq.languages.stem_table import Table
from ortaq.text.normalize import fold
from ortaq.understand.terms import query_terms, terms

ALL = languages.codes()
# A word's forms, the lemma first; of one line all must meet, and of two lines of a language none.
FORMS = """
kk: қала қаланың қалалар қалаларымыздан қаласында қаладағы
kk: кітап кітабы кітаптар кітаптың кітабымызды
kk: мектеп мектебі мектептерде мектепке
kk: бару барды барған бармады барамын баратын
kk: мойын мойны мойнында
ky: үй үйлөр үйүндө үйгө үйдүн
ky: айтуу айтты айткан айтпады айтабыз
ky: көл көлдөр көлүнө көлдөн
ky: китеп китептер китебинде китепке
uz: kitob kitoblar kitobimizda kitobning kitoblaridan
uz: maktab maktabda maktablarimiz maktabga
uz: bo'lmoq bo'ldi bo'lgan bo'ladi
tg: китоб китобҳо китобҳои китобро китобам
tg: донишҷӯ донишҷӯён
tg: кишвар кишварҳои кишвари
tk: kitap kitaby kitaplar kitabyň kitapda
tk: akademiýa akademiýanyň akademiýalara
kaa: қала қалалар қаласында қаланың
kaa: китап китабы китаплардың китапқа
kaa: бар барды барған барады
ug: باش بېشى بېشىنىڭ باشلار
ug: شەھەر شەھىرى شەھەرلەردە شەھەرنىڭ
ug: كىتاب كىتابلار كىتابنى
mn: ном номын номоор номуудыг
mn: цэрэг цэргийн цэргээс
mn: ажиллах ажилласан ажилладаг ажиллав
ru: школа школы школах школами
ru: читать читал читает прочитанный
tr: kitap kitabı kitaplarımızdan kitaba
tr: gelmek geldi gelmiyor
tr: kız kızın kızlar
tr: İstanbul İstanbul'da İstanbul'un
en: nation nations
en: running run runs
"""
NOT_MET = {"прочитанный": "another verb than читать", "номуудыг": "the plural of a word of three letters"}


def lines() -> list[tuple[str, list[str]]]:
    rows = (line.partition(": ") for line in FORMS.strip().splitlines())
    return [(code, [fold(form) for form in forms.split() if form not in NOT_MET]) for code, _, forms in rows]


@pytest.mark.parametrize(("code", "forms"), lines(), ids=lambda value: value if isinstance(value, str) else value[0])
def test_forms_meet_their_lemma(code: str, forms: list[str]) -> None:
    assert {stem(form, code) for form in forms} == {stem(forms[0], code)}


def test_different_words_do_not_meet() -> None:
    found: dict[tuple[str, str], str] = {}
    for code, forms in lines():
        assert found.setdefault((code, stem(forms[0], code)), forms[0]) == forms[0]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("kk", ["мектептерде", "مەكتەپتەردە"]),
        ("uz", ["maktablarimizda", "мактабларимизда"]),
        ("kaa", ["китаплардың", "kitaplardıń"]),
        ("tk", ["kitaplaryň", "китапларың"]),
        ("ug", ["مەكتەپلەرنىڭ", "mekteplerning"]),
    ],
)
def test_the_scripts_of_a_language_have_one_stem(code: str, words: list[str]) -> None:
    assert len({term for word in words for term in terms(word, code) if term.startswith("~")}) == 1


@pytest.mark.parametrize(
    ("code", "text", "query"),
    [
        ("kk", "Қалалардағы мектептер жабылды", "мектеп"),
        ("kk", "Qalalardağy mektepter jabyldy", "қала"),
        ("uz", "Мактабларимизда янги китоблар", "kitob"),
        ("ky", "Айылдагы үйлөр курулду", "үй"),
        ("ru", "В школах столицы", "школа"),
        ("tr", "Okullarımızda yeni kitaplar", "kitap"),
        ("mn", "Улаанбаатарт цэргийн алба", "цэрэг"),
        ("ug", "شەھەرلەردىكى مەكتەپلەر", "شەھەر"),
        ("tg", "Дар мактабҳои шаҳр китобҳо", "китоб"),
    ],
)
def test_a_query_whose_language_is_not_known_finds_other_forms(code: str, text: str, query: str) -> None:
    assert set(query_terms(query)) & {term for term in terms(text, code) if term.startswith("~")}


def test_terms_of_a_language_without_a_stemmer_and_of_numbers() -> None:
    assert terms("Cümə günü", "az") == ["cümə", "günü"]
    assert terms("2024 20,5", "kk") == ["2024", "20,5"]
    assert stem("cümə", "az") == "cümə"


def texts() -> st.SearchStrategy[str]:
    letters = "".join(
        {letter for code in ALL for script in languages.load(code).scripts.values() for letter in script.alphabet}
    )
    return st.text(max_size=80) | st.text(alphabet=letters + "'-і", max_size=40)


@given(texts(), st.sampled_from(ALL))
@settings(max_examples=1500, deadline=None)
def test_any_text_gives_a_text_and_a_stem_is_its_own_stem(text: str, code: str) -> None:
    found = stem(text, code)
    assert isinstance(found, str)
    assert bool(found) == bool(text)
    assert stem(found, code) == found


@given(st.characters(categories=["Cs"]), st.sampled_from(ALL))
def test_halves_of_characters_do_no_harm(half: str, code: str) -> None:
    assert stem("ала" + half, code)
    assert stem("ev" + half, code)


@given(st.sampled_from([(code, form) for code, forms in lines() for form in forms]), st.text(max_size=4))
@settings(deadline=None)
def test_stems_of_words_with_something_before_them_are_stable(word: tuple[str, str], before: str) -> None:
    code, form = word
    found = stem(fold(before + form), code)
    assert stem(found, code) == found


def suffixed() -> Iterator[tuple[str, str]]:
    """Long words that keep a table busy."""
    for code in ALL:
        for form in {"лар", "нing", "lar", "ның", "لار", "аас", "ҳои"}:
            yield code, form


def test_time_is_linear_and_speed_is_enough() -> None:
    worst = 0.0
    for code, form in suffixed():
        long = form * 20_000
        start = time.perf_counter()
        assert stem(long, code) == long
        worst = max(worst, time.perf_counter() - start)
    assert worst < 0.05
    for code, form in suffixed():
        stem(form, code)  # what it needs is loaded
        start = time.perf_counter()
        stem((form * LONGEST_WORD)[:LONGEST_WORD], code)
        assert time.perf_counter() - start < 0.5


def test_without_the_library_the_table_stems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    turkish = Stemmer("tr")
    assert turkish.library is None
    assert turkish("kitaplardan") == turkish("kitap")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"suffixes": ("да да да",)}, "can't read the suffix"),
        ({"suffixes": ("да{none}",)}, "no group 'none'"),
        ({"suffixes": ("а>ында",)}, "would make words longer"),
        ({"ends": ("бп",)}, "is no pair"),
    ],
)
def test_a_table_that_cant_be_read_says_so(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        Table(Stemming(script="Cyrl", vowels="аы", **fields), "xx.toml [stem]")


def test_rules_that_undo_one_another_end() -> None:
    table = Table(Stemming(script="Cyrl", vowels="аы", ends=("б=п", "п=б"), suffixes=("ю>й", "й>ю")), "xx")
    assert table.stem("каб") == table.stem("кап") == "каб"
    assert table.stem(table.stem("алаю")) == table.stem("алаю")


@pytest.mark.parametrize("code", ALL)
def test_every_language_has_a_stemmer(code: str) -> None:
    data = languages.load(code).stemming
    assert data.script in languages.load(code).scripts
    assert data.library or data.suffixes
    if languages.load(code).spellings.search_script:
        assert data.script == languages.load(code).spellings.search_script, (
            "stems are made of words in the search script"
        )
    for word in (*data.keep, *(pair.partition("=")[2] for pair in data.irregular)):
        assert fold(word) == word


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("kk", 0.93, 0.03), ("ky", 0.94, 0.03), ("mn", 0.90, 0.03), ("uz", 0.97, 0.01), ("tk", 0.96, 0.03)],
)
def test_figures_on_unimorph(shared_data: Path, name: str, least: float, most: float) -> None:
    with gzip.open(shared_data / "inflections" / f"{name}.dev.tsv.gz", "rt", encoding="utf-8") as lines:
        rows = {tuple(map(fold, line.split("\t")[:2])) for line in lines}
    forms = [(lemma, form) for lemma, form in rows if " " not in lemma + form and lemma != form]
    lemmas = {lemma for lemma, _ in rows}
    shared = Counter(stem(lemma, name) for lemma in lemmas)
    assert sum(stem(lemma, name) == stem(form, name) for lemma, form in forms) / len(forms) >= least
    assert sum(shared[stem(lemma, name)] > 1 for lemma in lemmas) / len(lemmas) <= most
