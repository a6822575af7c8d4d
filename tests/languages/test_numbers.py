"""Numbers in words and digits, in every language and each of its scripts."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ortaq import languages
from ortaq.languages.numbers import numbers, read_number

# 0, 11, 20, 25, 47, 100, 305, 1991, 25 000, 2 000 000, as news write them; the scripts of a language together.
WRITTEN = {
    "kk": "нөл|он бір|жиырма|жиырма бес|қырық жеті|жүз|үш жүз бес|мың тоғыз жүз тоқсан бір|жиырма бес мың|екі миллион",
    "ky": "нөл|он бир|жыйырма|жыйырма беш|кырк жети|жүз|үч жүз беш"
    "|миң тогуз жүз токсон бир|жыйырма беш миң|эки миллион",
    "uz": "nol|oʻn bir|yigirma|yigirma besh|qirq yetti|yuz|uch yuz besh|ming toʻqqiz yuz toʻqson bir|yigirma besh ming"
    "|ikki million",
    "tg": "сифр|ёздаҳ|бист|бисту панҷ|чилу ҳафт|сад|сесаду панҷ"
    "|як ҳазору нӯҳсаду наваду як|бисту панҷ ҳазор|ду миллион",
    "tk": "nol|on bir|ýigrimi|ýigrimi bäş|kyrk ýedi|ýüz|üç ýüz bäş"
    "|müň dokuz ýüz togsan bir|ýigrimi bäş müň|iki million",
    "kaa": "nol|on bir|jigirma|jigirma bes|qırıq jeti|júz|úsh júz bes|mıń toǵız júz toqsan bir|jigirma bes mıń"
    "|eki million",
    "ug": "نۆل|ئون بىر|يىگىرمە|يىگىرمە بەش|قىرىق يەتتە|يۈز|ئۈچ يۈز بەش|مىڭ توققۇز يۈز توقسان بىر|يىگىرمە بەش مىڭ"
    "|ئىككى مىليون",
    "mn": "тэг|арван нэг|хорь|хорин тав|дөчин долоо|зуу|гурван зуун тав|мянга есөн зуун ерэн нэг|хорин таван мянга"
    "|хоёр сая",
    "ru": "ноль|одиннадцать|двадцать|двадцать пять|сорок семь|сто|триста пять|тысяча девятьсот девяносто один"
    "|двадцать пять тысяч|два миллиона",
    "tr": "sıfır|on bir|yirmi|yirmi beş|kırk yedi|yüz|üç yüz beş|bin dokuz yüz doksan bir|yirmi beş bin|iki milyon",
    "en": "zero|eleven|twenty|twenty-five|forty-seven|hundred|three hundred and five"
    "|one thousand nine hundred ninety-one|twenty-five thousand|two million",
}
VALUES = [0, 11, 20, 25, 47, 100, 305, 1991, 25_000, 2_000_000]


def test_every_language_is_here() -> None:
    assert set(languages.codes()) <= set(WRITTEN), "write ten numbers of the new language in words"


@pytest.mark.parametrize("code", WRITTEN)
def test_words_are_read(code: str) -> None:
    assert [read_number(text, code) for text in WRITTEN[code].split("|")] == VALUES


@pytest.mark.parametrize("code", WRITTEN)
def test_every_script_of_a_language_has_the_same_numbers(code: str) -> None:
    for name, script in languages.load(code).scripts.items():
        read = {number: read_number(forms[0], f"{code}-{name}") for number, forms in script.number_words.items()}
        assert read == {number: number for number in read}


@pytest.mark.parametrize(
    ("code", "text", "told"),
    [
        ("kk", "25 мың 300 адам", ["25300"]),
        ("kk", "20-25 мыңнан астам", ["20", "25000"]),
        ("kk", "5 миллионер, 25 жүз", ["5", "25"]),
        ("kk", "жиырма бестен он екі кісі", ["25", "12"]),
        ("kk", "жүз адам, мыңдаған кісі", []),
        ("uz", "yigirma beshta kitob", ["25"]),
        ("ru", "25 тысяч, 300 машин", ["25000", "300"]),
        ("ru", "2,5 млн рублей 12.05.2024", ["2500000", "12", "5", "2024"]),
        ("ru", "он пришёл со ста людьми", []),
        ("tg", "як ҳазору дусаду бист кас", ["1220"]),
        ("tr", "yirmibeş bin kişi", ["25000"]),
        ("mn", "сая хэлсэн, 3 сая хүн", ["3000000"]),
        ("en", "twenty or thirty, 3.50 each", ["20", "30", "3.50"]),
        ("xx", "25 мың", ["25"]),
    ],
)
def test_numbers_of_a_text(code: str, text: str, told: list[str]) -> None:
    assert numbers(text, code) == told


@pytest.mark.parametrize("text", ["", "қала", "жиырма қала", "бес бес", "1,5", "12.05.2024", "жиырма, бес"])
def test_what_is_no_whole_number(text: str) -> None:
    assert read_number(text, "kk") is None


TURKIC = [
    (code, script) for code in ("kk", "ky", "uz", "tk", "kaa", "ug", "tr") for script in languages.load(code).scripts
]


def said(number: int, words: dict[int, str]) -> str:
    """A number in words as the Turkic languages say it: one is not said before hundred and thousand."""
    for place in (1_000_000, 1_000, 100):
        if number >= place:
            many = "" if number // place == 1 and place < 1_000_000 else said(number // place, words)
            rest = said(number % place, words) if number % place else ""
            return " ".join(part for part in (many, words[place], rest) if part)
    return " ".join(words[part] for part in (number // 10 * 10, number % 10) if part)


@given(st.integers(1, 999_999_999), st.sampled_from(TURKIC))
@example(479_001_000, ("kk", "Cyrl"))
def test_what_is_said_in_words_is_read_back(number: int, where: tuple[str, str]) -> None:
    code, script = where
    words = {value: forms[0] for value, forms in languages.load(code).script(script).number_words.items()}
    assert read_number(said(number, words), code) == number


@given(
    st.one_of(st.text(), st.lists(st.sampled_from([*WRITTEN["kk"].split(), "25", "1 000", "3,5", "-"])).map(" ".join))
)
def test_any_text_is_read(text: str) -> None:
    for code in ("kk", "tg", "en"):
        assert all(number.replace(".", "").isdecimal() for number in numbers(text, code))
        value = read_number(text, code)
        assert value is None or value >= 0


def test_time_is_linear() -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        numbers(text, "tr")
        return time.process_time() - start

    for unit in ("yirmi beş bin ", "onbeş", "1", "yirmibeşx "):
        seconds(unit * 100)
        assert seconds(unit * 20_000) < 4
