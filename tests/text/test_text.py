"""The text room: one spelling for one word, whatever comes in."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.text import fold, normalize, numbers, script_of, sentences, words

# Text that is likely to hit the rules: letters of our scripts, look-alikes, apostrophes, marks and junk.
NASTY = st.text(
    alphabet=st.one_of(
        st.sampled_from("aeopcyxiı İIсеорхуіәөүғқңўґoOgGsdl'‘’ʻʼ`´ \u0301\u0306\u0307\u0308\u00ad\u200b\u200c\u200d"),
        st.sampled_from("ەکیيىكهھءٴڭۇابپ\ufefb\ufb8a\ufe70\ufe71\ufdfaᠮᠣᠩ\u202f\u180e0123 .,:!?«»\n\u00a0٣۴"),
        st.characters(),
    ),
    max_size=60,
)


@settings(deadline=None)  # other work on the machine is no failure of ours; test_linear holds the speed
@given(NASTY)
def test_nothing_raises_and_forms_are_stable(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode("utf-8")
    folded = fold(text)
    assert fold(folded) == folded
    assert len(script_of(text)) == 4


@settings(deadline=None)
@given(NASTY)
def test_words_and_sentences_only_cut(text: str) -> None:
    place = 0
    for word in words(text):
        place = text.index(word, place) + len(word)
        assert words(word) == [word]
    place = 0
    for sentence in sentences(text):
        place = text.index(sentence, place) + len(sentence)
        assert sentence == sentence.strip() != ""
        assert sentences(sentence) == [sentence]
    for number in numbers(text):
        assert number.isascii()
        float(number)


@settings(deadline=None)
@given(st.text("abcçdefgğhıijklñoöqsşuüúǵóxyzʻ'’ ", max_size=40) | st.text("абвгдеёжзійқңөұүһҳўҷӣӯыьэюя ", max_size=40))
def test_capitals_never_part_what_folding_joins(text: str) -> None:
    assert fold(text.upper()) == fold(text) == fold(text.title())


@pytest.mark.parametrize(
    ("mixed", "right"),
    [
        ("Қaзaқcтaн", "Қазақстан"),  # Latin a and c
        ("Тeгерaн", "Тегеран"),
        ("Тоjikiston", "Tojikiston"),  # Cyrillic Т and о
        ("Қəзір", "Қәзір"),  # Latin schwa
        ("SMSке", "SMSке"),  # a Latin word with a Cyrillic ending is no mistake
        ("IT-компания", "IT-компания"),
        ("сoсo", "сосо"),  # nothing but twins: the script of the majority, Cyrillic on a tie
        ("ɵлкɵ", "өлкө"),
        ("Türkmenistan", "Türkmenistan"),
    ],
)
def test_look_alike_letters(mixed: str, right: str) -> None:
    assert normalize(mixed) == right


@pytest.mark.parametrize("apostrophe", "'`´ʻʼ‘’")
def test_uzbek_apostrophes_have_one_form(apostrophe: str) -> None:
    given_ = f"O{apostrophe}zbekiston bog{apostrophe}i, ma{apostrophe}no, TOG{apostrophe}LAR, bog{apostrophe} bor"
    assert normalize(given_) == "Oʻzbekiston bogʻi, ma’no, TOGʻLAR, bogʻ bor"
    assert fold(given_) == "o'zbekiston bog'i, ma'no, tog'lar, bog' bor"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("the dog's o'clock, O'Brien won't", "the dog’s o’clock, O’Brien won’t"),
        ("'going to'", "'going to'"),
        ("Türkiye'nin", "Türkiye’nin"),
        ("Alonso'nun güçlü takımı", "Alonso’nun güçlü takımı"),
        ("пам'ять", "пам’ять"),
    ],
)
def test_other_apostrophes(text: str, right: str) -> None:
    assert normalize(text) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("ﺋﯘﻳﻐﯘﺭ", "ئۇيغۇر"),  # presentation forms
        ("ئۇیغۇر تیلی", "ئۇيغۇر تىلى"),  # Persian yeh: a consonant beside a vowel, else the vowel
        ("کېلەچەک", "كېلەچەك"),  # Persian kaf
        ("ءتىل ەلى", "ٴتىل ەلى"),  # Kazakh: hamza before the word
        ("جەھان", "جەھان"),
        ("می‌روند", "می‌روند"),  # Persian keeps its yeh and its non-joiner
        ("كتاب في", "كتاب في"),  # Arabic as well
        ("په تعمیراتي سکتور کې", "په تعمیراتي سکتور کې"),  # and Pashto
        ("قـــازاق", "قازاق"),
    ],
)
def test_arabic_script(text: str, right: str) -> None:
    assert normalize(text) == right


def test_invisible_junk() -> None:
    assert normalize("ин\u00adфор\u200bма\ufeffция\u00a0бар\x00") == "информация бар"
    assert normalize("и\u0306од") == "йод"
    assert normalize("a\ud800b") == "a\ufffdb"


def test_folding_meets_across_turkic_and_english_i() -> None:
    assert fold("İSTANBUL") == fold("istanbul") == fold("i̇stanbul") == fold("Istanbul")
    assert fold("ISPARTA") == fold("Isparta") == fold("ısparta")
    assert fold("ЁЛКА") == fold("елка")
    assert fold("Қазақстан") == "қазақстан"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Қазақстан", "Cyrl"),
        ("Oʻzbekiston", "Latn"),
        ("ئۇيغۇر", "Arab"),
        ("ᠮᠣᠩᠭᠣᠯ", "Mong"),
        ("新闻 news and more", "Latn"),
        ("新闻消息", "Hans"),
        ("BBC компаниясы", "Cyrl"),
        ("2024, 15:30", "Zyyy"),
        ("", "Zyyy"),
        ("ಕನ್ನಡ", "Zzzz"),
    ],
)
def test_script(text: str, script: str) -> None:
    assert script_of(text) == script


def test_words() -> None:
    assert words("Ол 2024-жылы 1 200 000 сом, 3,5 % тапты.") == [
        "Ол",
        "2024",
        "жылы",
        "1 200 000",
        "сом",
        "3,5",
        "тапты",
    ]
    assert words("o‘zbek, ma’no; адам-заат — COVID-19!") == ["o‘zbek", "ma’no", "адам-заат", "COVID-19"]
    assert words("ئۇيغۇر ٴتىل، بار") == ["ئۇيغۇر", "ٴتىل", "بار"]
    assert words("ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ") == ["ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 200 000", ["1200000"]),
        ("1\u00a0200,5", ["1200.5"]),
        ("1,200,000.25", ["1200000.25"]),
        ("1.200.000,25", ["1200000.25"]),
        ("1,200", ["1200"]),
        ("3,5 % и 3.5", ["3.5", "3.5"]),
        ("0,125", ["0.125"]),
        ("12.05.2024 10:30", ["12", "5", "2024", "10", "30"]),
        ("в 2024 100 человек", ["2024", "100"]),
        ("۱۲٬۵۰۰ ۳٫۵", ["12500", "3.5"]),
        ("G20, COVID-19", []),
        ("2024-жылы 5-май", ["2024", "5"]),
    ],
)
def test_numbers(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


def test_sentences() -> None:
    text = "А. Садыков келді. Ол 5 млн. Теңге алды! «Жақсы!» — деді ол. 2. Dünya Savaşı bitti. Бітті ме? Иә"
    assert sentences(text, ["млн."]) == [
        "А. Садыков келді.",
        "Ол 5 млн. Теңге алды!",
        "«Жақсы!» — деді ол.",
        "2. Dünya Savaşı bitti.",
        "Бітті ме?",
        "Иә",
    ]
    assert sentences("Бірінші жол\nекінші жол. ") == ["Бірінші жол", "екінші жол."]
    assert sentences("ئۇ كەلدى. قاچان؟ بۈگۈن.") == ["ئۇ كەلدى.", "قاچان؟", "بۈگۈن."]
    assert sentences("Нан, сүт т.б. Алды.", ["т. б."]) == ["Нан, сүт т.б. Алды."]


@pytest.mark.parametrize("unit", ["aа'", "o'", "1 234 ", "1.", "а-", ". ", "'o ", "\u200c", "ی", ".'", "\n ", "а."])
def test_linear(unit: str) -> None:
    def seconds(times: int) -> float:
        text = unit * times
        start = time.process_time()
        fold(text), words(text), numbers(text), sentences(text, ["т.б."]), script_of(text)
        return time.process_time() - start

    small, large = min(seconds(4_000) for _ in range(3)), seconds(64_000)
    assert large < 16 * small * 5 + 0.05  # quadratic would be 256 times
