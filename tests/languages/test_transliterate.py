"""Transliteration as readers of the languages expect it, and one search form for all scripts of a language."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq import languages
from ortaq.languages.respell import Respelling
from ortaq.languages.search_form import query_readings, search_form, search_forms
from ortaq.languages.spellings import Transliteration
from ortaq.languages.transliterate import romanize, transliterate
from ortaq.text import script_of
from ortaq.text.normalize import fold

PAIRS = Path(__file__).resolve().parents[2] / "benchmarks" / "data" / "transliterate.tsv"
CODES = languages.codes()
SCRIPTS = ("Latn", "Cyrl", "Arab")


def pairs() -> list[tuple[str, str, str, str]]:
    """(language, text, script, text in it), both ways."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file, delimiter="\t")]
    there = [(code, text, target, wanted) for code, _, text, target, wanted in rows]
    return there + [(code, wanted, source, text) for code, source, text, _, wanted in rows]


def test_pairs_written_by_hand() -> None:
    wrong = []
    for code, text, script, wanted in pairs():
        got = transliterate(text, code, script)
        caseless = "Arab" in (script, script_of(text))
        if (fold(got) if caseless else got.replace("’", "ʼ")) != (fold(wanted) if caseless else wanted):
            wrong.append((code, text, got, wanted))
    assert not wrong


@pytest.mark.parametrize(
    ("code", "text", "script", "wanted"),
    [
        ("kk", "ШЫҒЫС Шығыс шығыс", "Latn", "ŞYĞYS Şyğys şyğys"),
        ("kk", "ІІМ мен АҚШ-тың ҚазМұнайГаз", "Latn", "IIM men AQŞ-tyñ QazMūnaiGaz"),
        ("kk", "Qasym-Jomart Toqaev", "Cyrl", "Қасым-Жомарт Тоқаев"),
        ("kk", "İran men IŞKI", "Cyrl", "Иран мен ІШКІ"),
        ("kk", "Tótenshe jaǵdaı týraly", "Cyrl", "Төтенше жағдай туралы"),
        ("kk", "To'tens'e jag'dai' ty'raly", "Cyrl", "Төтенше жағдай туралы"),
        ("kk", "Qazaqstan Respwblïkası twralı", "Cyrl", "Қазақстан Республикасы туралы"),
        ("kk", "قازاقستان، ٴتۇرى؟", "Cyrl", "қазақстан, түрі?"),
        ("kk", "قاسىم-جومارت توقايەۆ", "Latn", "qasym-jomart toqaev"),
        (
            "uz",
            "O‘zbekiston, O'zbekiston, Oʻzbekiston, O`zbekiston, O’zbekiston",
            "Cyrl",
            ", ".join(["Ўзбекистон"] * 5),
        ),
        ("uz", "Республика", "Latn", "Respublika"),
        ("uz", "Ш. Ш. Саидов ЯНГИ Янги АҚШда", "Latn", "Sh. Sh. Saidov YANGI Yangi AQSHda"),
        ("uz", "XX asr, III bob", "Cyrl", "XX аср, III боб"),
        ("tk", "Россия ЁЛ Ёл", "Latn", "Rossiýa ÝOL Ýol"),
        ("kaa", "u'lken, úlken", "Cyrl", "үлкен, үлкен"),
        ("ug", "Uyghur aptonom rayoni, mes'ul", "Arab", "ئۇيغۇر ئاپتونوم رايونى، مەسئۇل"),
        ("ug", "ئۇيغۇر سەنئىتى", "Cyrl", "уйғур сәнъити"),
        ("ky", "Кыргыз эли", "Arab", "قىرعىز ەلى"),
    ],
)
def test_examples(code: str, text: str, script: str, wanted: str) -> None:
    assert transliterate(text, code, script) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "https://kun.uz/yangiliklar",
        "www.gov.uz",
        "kun.uz",
        "info@example.com",
        "@ortaq_uz",
        "#yangilik",
        "12,5 % — 1 200 000",
        "COVID-19",
        "Wikipedia",
        "XIV",
    ],
)
def test_what_is_no_word_of_the_language_stays(text: str) -> None:
    assert transliterate(text, "uz", "Cyrl") == text
    assert transliterate(f"bu {text} ham", "uz", "Cyrl") == f"бу {text} ҳам"


def test_latin_words_in_a_cyrillic_line_stay() -> None:
    text = "Google компаниясы iPhone сатады"
    assert transliterate(text, "kk", "Cyrl") == text
    assert transliterate(text, "kk", "Latn") == "Google kompaniiasy iPhone satady"


def test_older_kazakh_alphabets_are_written_when_asked_for() -> None:
    text = "Төтенше жағдайда үйді шығару"
    assert transliterate(text, "kk", "Latn", "2018") == "Tótenshe jaǵdaıda úıdi shyǵarý"
    assert transliterate(text, "kk", "Latn", "2017") == "To’tens’e jag’dai’da u’i’di s’yg’ary’"
    assert transliterate(text, "kk", "Latn", "wiki") == "Tötenşe jağdayda üydi şığarw"
    for variant in ("2018", "2017", "wiki"):
        assert transliterate(transliterate(text, "kk", "Latn", variant), "kk", "Cyrl") == text


def test_unknown_languages_and_scripts_change_nothing() -> None:
    for code, script in (("qqq", "Latn"), ("kk", "Mong"), ("en", "Cyrl"), ("tr", "Cyrl"), ("ru", "Arab"), ("", "")):
        assert transliterate("Қазақ Kazakh", code, script) == "Қазақ Kazakh"


@pytest.mark.parametrize(
    ("text", "code", "wanted"),
    [
        ("Шымкент", "kk", "Shymkent"),
        ("Oʻzbekiston, Ғафур Ғулом", "uz", "Ozbekiston, Gafur Gulom"),
        ("Юрий Щукин, Елена", "ru", "Yury Shchukin, Yelena"),
        ("Улаанбаатар, Өвөрхангай", "mn", "Ulaanbaatar, Ovorkhangai"),
        ("Душанбе, Ҳисор, Қӯрғонтеппа", "tg", "Dushanbe, Hisor, Qurghonteppa"),
        ("Ысык-Көл", "ky", "Ysyk-Kol"),
        ("ئۈرۈمچى", "ug", "urumchi"),
        ("Çağlayan, İzmir", "tr", "Chaghlayan, Izmir"),
    ],
)
def test_romanize(text: str, code: str, wanted: str) -> None:
    assert romanize(text, code) == wanted


# Alphabets that lose nothing, in words that their orthographies can write.
SYLLABLE = {
    "kk": (tuple("бдзжмңстғқ"), tuple("аоұы")),
    "tk": (tuple("bçdfghjžklmnňprsştwýz"), tuple("aäeioöuüy")),
    "kaa": ((*tuple("bdfgǵjklmnńpqrtvwxz"), "ch", "sh"), tuple("aáeıoóuú")),
    "ug": (tuple("بپتجچخدرزسشغفقكگڭلمنھۋي"), tuple("اەېىوۇۆۈ")),
}


@pytest.mark.parametrize(
    ("code", "source", "target"),
    [
        ("kk", "Cyrl", "Arab"),
        ("kk", "Cyrl", "Latn"),
        ("tk", "Latn", "Cyrl"),
        ("kaa", "Latn", "Cyrl"),
        ("ug", "Arab", "Latn"),
    ],
)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_words_of_loss_free_alphabets_come_back(code: str, source: str, target: str, data: st.DataObject) -> None:
    consonants, vowels = SYLLABLE[code]
    syllable = st.tuples(st.sampled_from(consonants), st.sampled_from(vowels), st.sampled_from(("", *consonants)))
    word = "".join("".join(one) for one in data.draw(st.lists(syllable, min_size=1, max_size=6)))
    assert transliterate(transliterate(word, code, target), code, source) == word


ANY = st.text(max_size=80) | st.text("аәеёиоөуұүыіэюяцчшщъьўқғҳaeiouäöüıİşçgʻ’' اەوۇىكگٴئ.,@:/1X\n", max_size=60)


@settings(max_examples=300, deadline=None)
@given(
    ANY, st.sampled_from([*CODES, "qqq", "kk-Latn", "UZ"]), st.sampled_from(SCRIPTS), st.sampled_from(["", "2018", "x"])
)
def test_nothing_raises_and_search_forms_are_idempotent(text: str, code: str, script: str, variant: str) -> None:
    assert isinstance(transliterate(text, code, script, variant), str)
    assert isinstance(romanize(text, code), str)
    form = search_form(text, code)
    assert search_form(form, code) == form
    assert search_forms(text)[0] == fold(text)
    assert len(query_readings(text)) <= 16


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("piece", ["ш", "ә ", "qo'", "ٴ", "ىك", "ات", "a.", "@", "I", "ьё"])
def test_a_long_text_takes_linear_time(code: str, piece: str) -> None:
    start = time.process_time()
    for script in SCRIPTS:
        transliterate(piece * 10_000, code, script)
    search_form(piece * 10_000, code)
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("code", "spellings"),
    [
        ("kk", ("Мұғалім", "Mūğalım", "MŪĞALIM", "Muǵalim", "مۇعالىم", "ٴمۇعالىم")),
        ("kk", ("Қасым-Жомарт Тоқаев", "Qasym-Jomart Toqaev", "قاسىم-جومارت توقايەۆ")),
        ("kk", ("түр", "tür", "túr", "ٴتۇر")),
        ("kk", ("полиция", "politsiia", "پوليتسييا", "پوليتسيا")),
        ("uz", ("кўргазма", "koʻrgazma", "KO'RGAZMA", "ko`rgazma", "ko‘rgazma", "ko’rgazma", "koʼrgazma")),
        ("uz", ("маъно", "ma’no", "ma'no", "maʼno")),
        ("uz", ("тоғ", "togʻ", "tog‘")),
        ("uz", ("сентябрь", "sentabr", "sentyabr")),
        ("tk", ("Ашгабат", "Aşgabat")),
        ("kaa", ("ҳәўес", "háwes", "ha'wes", "ha’wes")),
        ("ug", ("ئۇيغۇر", "uyghur", "уйғур")),
        ("ug", ("مەسئۇل", "mes’ul", "mes'ul", "мәсъул")),
        ("ky", ("китеп", "كىتەپ")),
        ("ky", ("кыргыз", "قىرعىز")),
    ],
)
def test_spellings_meet_in_the_search_form(code: str, spellings: tuple[str, ...]) -> None:
    forms = {search_form(text, code) for text in spellings}
    assert len(forms) == 1
    wanted = forms.pop()
    for text in spellings:
        assert wanted in search_forms(text), f"a query {text!r} whose language is not known"


def test_different_words_stay_apart() -> None:
    for code, words in (
        ("uz", "oʻt ot xat hat toʻr tor gʻoz goz"),
        ("kk", "қара кара аға ага тіс тиіс"),
        ("ru", "е ё э"),
    ):
        known = words.replace(" ё", "").split()
        assert len({search_form(word, code) for word in known}) == len(known)


def test_a_query_is_read_only_in_languages_that_have_its_letters() -> None:
    assert {code for code, _ in query_readings("ўзбекистон")} == {"", "uz", "kaa"}
    assert {code for code, _ in query_readings("ңөү")} >= {"kk", "ky", "tk"}
    assert query_readings("") == (("", ""),)
    assert query_readings("ქართული") == (("", "ქართული"),)


@pytest.mark.parametrize("code", CODES)
def test_every_rule_of_a_table_can_be_read_and_has_its_letters(code: str) -> None:
    """A contributor's slip (a Latin a in a Cyrillic rule) shows here."""
    language = languages.load(code)
    for table in language.spellings.tables:
        Respelling(table)
        for rule in table.letters.split():
            left = rule.partition("=")[0].replace("V", "").strip("()^$!’ʻ'")
            assert not left or script_of(left) in (table.source, "Zyyy"), (
                f"{code} {table.source}-{table.target}: {rule}"
            )
        for script in {table.source} & set(language.scripts):
            if not table.seen or table.seen.startswith("ū"):
                alphabet = set(language.scripts[script].alphabet) - set("cwʻx")
                lacking = alphabet - set("".join(rule.partition("=")[0] for rule in table.letters.split()))
                assert not lacking, f"{code} {table.source}-{table.target} says nothing of {lacking}"


def test_a_rule_that_can_not_be_read_is_named() -> None:
    with pytest.raises(ValueError, match="'sh' is no rule"):
        Respelling(Transliteration("Latn", "Cyrl", "a=а sh"))


@pytest.mark.shared
def test_real_text_comes_back(shared_data: Path) -> None:
    from benchmarks.common import read_jsonl
    from benchmarks.languages_transliterate import SCRIPTS as MEASURED
    from benchmarks.languages_transliterate import ours, texts_of, there_and_back

    texts = texts_of(read_jsonl(shared_data / "identify" / "dev.jsonl.gz"))
    for code, source, target in MEASURED:
        share, _ = there_and_back(texts[f"{code}-{source}"][:150], code, source, target, ours)
        assert share > 0.965, f"{code}: {source} to {target} and back"
