"""A story's own words are chosen from its articles, and each says from which."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ortaq.unify.words import CHARACTERS, SENTENCES, Telling, choose
from tests.unify.samples import vector

TEXT = (
    "Ақсеңгірде ұзындығы 412 метр көпір ашылды. Қала әкімі салтанатқа қатысты. Құрылыс екі жылға созылды. "
    "Бұған дейін тұрғындар паром күтетін. Жолдың қалған бөлігі келесі жылы салынады."
)


def telling(id: str, headline: str, text: str = TEXT, language: str = "kk", noise: float = 0.3) -> Telling:
    return Telling(id, language, headline, text, vector(1, noise, sum(map(ord, id))))


def test_the_headline_is_of_the_article_in_the_middle() -> None:
    far = telling("far", "Көпір туралы мүлде басқа пікір айтылды", noise=1.5)
    near = [telling(f"n{number}", f"Ақсеңгірде жаңа көпір ашылды, {number}") for number in range(4)]
    (words,) = choose([far, *near])
    assert words.headline_article != "far"
    assert words.headline in {one.headline for one in near}


def test_no_headline_that_shouts_or_lures_where_there_is_a_plain_one() -> None:
    for bad in (
        "АҚСЕҢГІРДЕ ЖАҢА КӨПІР АШЫЛДЫ",
        "Сұмдық жаңалық! Мұны көріңіз",
        "Ақсеңгірде не болды?",
        "Көпір",
        "",
        "В АКСЕНГИРЕ ОТКРЫЛИ МОСТ",
    ):
        told = [telling("a1", bad, noise=0.2), telling("a2", "Ақсеңгірде жаңа көпір ашылды", noise=0.3)]
        (words,) = choose(told)
        assert words.headline_article == "a2", bad


def test_scripts_without_capitals_do_not_shout() -> None:
    (words,) = choose([telling("a1", "ئاقسەڭگىردە يېڭى كۆۋرۈك ئېچىلدى", language="ug", noise=0.1)])
    assert words.headline == "ئاقسەڭگىردە يېڭى كۆۋرۈك ئېچىلدى"


def test_each_language_has_its_own_words() -> None:
    told = [telling("a1", "Ақсеңгірде көпір ашылды"), telling("a2", "В Аксенгире открыли мост", "", language="ru")]
    kk, ru = choose(told)
    assert (kk.language, kk.headline_article, ru.language, ru.summary) == ("kk", "a1", "ru", ())


def test_the_summary_begins_as_the_article_and_goes_on_with_what_others_tell_too() -> None:
    told = [
        telling("a1", "Ақсеңгірде көпір ашылды", noise=0.05),
        *(
            telling(f"b{number}", "Көпір туралы", "Бұған дейін тұрғындар паром күтетін. Ол енді тарихта қалды.")
            for number in range(3)
        ),
    ]
    (words,) = choose(told)
    assert words.summary_article == "a1"
    assert words.summary[0] == "Ақсеңгірде ұзындығы 412 метр көпір ашылды."
    assert "Бұған дейін тұрғындар паром күтетін." in words.summary


def test_no_half_of_a_quotation() -> None:
    text = "Ақсеңгірде бүгін үлкен көпір ашылды. «Біз мұны екі жыл бойы күттік. Енді жол қысқарды», – деді әкім."
    (words,) = choose([telling("a1", "Ақсеңгірде көпір ашылды", text)])
    assert words.summary == ("Ақсеңгірде бүгін үлкен көпір ашылды.",)


def test_the_headline_is_not_said_again() -> None:
    (words,) = choose([telling("a1", "Ақсеңгірде ұзындығы 412 метр көпір ашылды")])
    assert words.summary[0] == "Қала әкімі салтанатқа қатысты."


@given(
    st.lists(
        st.tuples(st.text(max_size=80), st.text(max_size=400), st.sampled_from(["kk", "ru", "ug", "uz-Cyrl", "und"])),
        min_size=1,
        max_size=8,
    )
)
def test_nothing_is_invented(rows: list[tuple[str, str, str]]) -> None:
    told = [telling(f"a{number}", headline, text, language) for number, (headline, text, language) in enumerate(rows)]
    known = {one.article: one for one in told}
    found = choose(told)
    assert [words.language for words in found] == list(dict.fromkeys(language for _, _, language in rows))
    for words in found:
        assert words.headline == known[words.headline_article].headline
        assert known[words.headline_article].language == known[words.summary_article].language == words.language
        assert all(sentence in known[words.summary_article].text for sentence in words.summary)
        assert len(words.summary) <= SENTENCES
        assert len(" ".join(words.summary)) <= CHARACTERS


def test_a_vector_of_nothing_is_no_error() -> None:
    (words,) = choose([Telling("a1", "kk", "Ақсеңгірде көпір ашылды", TEXT, np.zeros(384, np.float32))])
    assert words.headline_article == "a1"
