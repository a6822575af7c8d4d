"""Annotations: names meet across scripts, numbers tell, vectors lie in one space."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.model import Article
from ortaq.settings import EmbedSettings
from ortaq.understand.annotate import annotate, query_vector, telling_numbers
from ortaq.understand.embed import Embedder, load_embedder
from ortaq.understand.names import MAX_KEYS, UNSURE, name_keys, skeleton
from ortaq.understand.space import common_space

NOW = datetime(2026, 5, 1, tzinfo=UTC)


class Recorder:
    """An embedder that remembers what it was given."""

    name = "recorder"
    dimensions = 4

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.texts += texts
        return np.tile(np.array([1, 0, 0, 0], np.float32), (len(texts), 1))


def article(headline: str, text: str, lead: str = "", language: str = "und") -> Article:
    return Article("a1", "https://a.example/1", "a", "a:1", headline, text, NOW, language, lead=lead)


@pytest.mark.parametrize(
    "spellings",
    [
        {"ru": "Трампу", "kk": "Трамптың", "uz": "Trampning", "tr": "Trump'ın", "en": "Trump", "tg": "Трампро"},
        {"ru": "Вашингтоне", "kk": "Вашингтонда", "uz": "Vashingtonda", "tk": "Waşingtonda", "en": "Washington"},
        {"ru": "Токаева", "kk": "Тоқаев", "ky": "Токаев", "uz": "Toʻqayev", "en": "Tokayev"},
        {"ru": "Эрдогана", "kk": "Ердоғанға", "tr": "Erdoğan'ın", "en": "Erdogan", "ug": "ئەردوغانغا"},
        {"ru": "Бишкеке", "ky": "Бишкекте", "en": "Bishkek", "ug": "بىشكەك"},
    ],
)
def test_one_name_meets_in_every_spelling(spellings: dict[str, str]) -> None:
    assert len({skeleton(word, language) for language, word in spellings.items()}) == 1


def test_names_are_capitalized_words_that_no_sentence_beginning_explains() -> None:
    keys = name_keys("Вчера в Караганде открыли мост. Мост построил инженер Сериков.", "ru", "Cyrl")
    assert set(keys) == {skeleton("Караганда", "ru"), skeleton("Сериков", "ru")}
    assert name_keys("The Mayor Of Almaty Opens The Largest Bridge", "en", "Latn") == ()
    assert name_keys("ҚАЛАДА ЖАҢА КӨПІР АШЫЛДЫ", "kk", "Cyrl") == ()


def test_arabic_script_gives_keys_that_are_marked_unsure() -> None:
    keys = name_keys("بۈگۈن بىشكەك شەھىرىدە يېڭى كۆۋرۈك ئېچىلدى", "ug", "Arab")
    assert UNSURE + skeleton("Бишкек", "ru") in keys
    assert all(key.startswith(UNSURE) for key in keys)


@given(st.text(max_size=300), st.sampled_from(["kk", "tr", "uz", "ug", "xx"]), st.sampled_from(["Cyrl", "Arab"]))
def test_any_text_has_name_keys(text: str, language: str, script: str) -> None:
    keys = name_keys(text, language, script)
    assert keys == name_keys(text, language, script)
    assert list(keys) == sorted(set(keys))
    assert len(keys) <= MAX_KEYS
    assert all(len(key.removeprefix(UNSURE)) in range(2, 6) for key in keys)


def test_numbers_that_tell_events_apart() -> None:
    text = "В 2024 году 1 200 000 тенге, 3,5 процента, 7 домов и 32 школы."
    assert telling_numbers(text, "ru") == ("1200000", "3.5", "32")


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("kk", ("25 мың адам келді", "Жиырма бес мың адам келді", "25 000 адам келді", "25 мыңнан астам адам келді")),
        ("kk", ("25 myñ adam keldı", "Jiyrma bes myñ adam keldı", "25 مىڭ ادام كەلدى", "جيىرما بەس مىڭ ادام كەلدى")),
        ("ky", ("25 миң киши келди", "Жыйырма беш миң киши келди", "25 миңден ашык киши келди")),
        ("uz", ("25 ming kishi keldi", "Yigirma besh ming kishi keldi", "25 минг киши", "Йигирма беш мингта китоб")),
        ("tg", ("25 ҳазор нафар омад", "Бисту панҷ ҳазор нафар омад", "бист у панҷ ҳазор нафар")),
        ("tk", ("25 müň adam geldi", "Ýigrimi bäş müň adam geldi", "25 мүң адам гелди")),
        ("kaa", ("25 mıń adam keldi", "Jigirma bes mıń adam keldi", "25 мың адам", "Йигирме бес мың адам")),
        ("ug", ("25 مىڭ ئادەم كەلدى", "يىگىرمە بەش مىڭ ئادەم كەلدى", "25 ming adem", "yigirme besh ming adem")),
        ("mn", ("25 мянган хүн ирлээ", "Хорин таван мянган хүн ирлээ", "25 мянгаас олон хүн")),
        ("ru", ("25 тыс. человек", "Двадцать пять тысяч человек", "более двадцати пяти тысяч", "25 000 человек")),
        ("tr", ("25 bin kişi geldi", "Yirmi beş bin kişi geldi", "yirmibeş bin kişi", "25.000 kişi")),
        ("en", ("25 thousand people", "Twenty-five thousand people", "25,000 people", "twenty five thousand")),
    ],
)
def test_a_number_is_one_however_it_is_written(language: str, texts: tuple[str, ...]) -> None:
    assert {telling_numbers(text, language) for text in texts} == {("25000",)}


def test_an_article_is_read_from_its_headline_lead_and_text() -> None:
    recorder = Recorder()
    (made,) = annotate([article("Headline", "The text goes on.", "A lead.")], recorder)
    assert recorder.texts == ["Headline\nA lead.\nThe text goes on."]
    assert made.made_by["embed"] == "recorder"
    annotate([article("Headline", "A lead. The text goes on.", "A lead.")], recorder)
    assert recorder.texts[1] == "Headline\nA lead. The text goes on."


def test_language_and_script_are_found() -> None:
    texts = [
        (
            "Қалада жаңа көпір ашылды",
            "Сейсенбі күні Қарағандыда өзен үстіндегі жаңа көпір ашылды, деп хабарлады әкімдік.",
        ),
        ("شەھەردە يېڭى كۆۋرۈك ئېچىلدى", "سەيشەنبە كۈنى شەھەردە دەريا ئۈستىدىكى يېڭى كۆۋرۈك ئېچىلدى."),
        ("Shaharda yangi koʻprik ochildi", "Seshanba kuni shaharda daryo ustidagi yangi koʻprik ochildi."),
    ]
    found = annotate([article(*text) for text in texts], Recorder())
    assert [(each.language, each.script) for each in found] == [("kk", "Cyrl"), ("ug", "Arab"), ("uz", "Latn")]
    assert all(each.confidence > 0.5 for each in found)


def test_no_articles_no_annotations() -> None:
    assert annotate([], Recorder()) == []


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(EmbedSettings(threads=2))


def test_translations_stand_out_more_in_the_common_space(embedder: Embedder) -> None:
    kazakh = "Сейсенбі күні қалада өзен үстіндегі жаңа көпір ашылды, оны көруге көп адам келді."
    russian = "Во вторник в городе открылся новый мост через реку, посмотреть на него пришло много людей."
    other = "Қазақстан футбол құрамасы кездесуде екі гол соғып, жеңіске жетті."
    raw = embedder.embed([kazakh, russian, other])
    rows = common_space(raw, ["kk-Cyrl", "ru-Cyrl", "kk-Cyrl"], embedder.name)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows[0] @ rows[1] - rows[0] @ rows[2] > 2 * (raw[0] @ raw[1] - raw[0] @ raw[2])


def test_a_query_lies_in_the_space_of_the_articles(embedder: Embedder) -> None:
    text = "Во вторник в городе открылся новый мост через реку."
    (made,) = annotate([article("", text)], embedder)
    assert np.allclose(query_vector(text, embedder), made.vector, atol=1e-5)


def test_languages_without_figures_take_their_scripts(embedder: Embedder) -> None:
    raw = embedder.embed(["Во вторник в городе открылся новый мост через реку."])
    unknown = common_space(raw, ["xx-Cyrl"], embedder.name)
    assert unknown @ common_space(raw, ["ru-Cyrl"], embedder.name).T > 0.7
    assert np.isfinite(common_space(raw, ["und-Zyyy"], embedder.name)).all()
    assert np.array_equal(common_space(raw, ["ru-Cyrl"], "a model without figures"), raw)
