"""Respelling and the common space: weak languages come nearer to their translations, and no text breaks it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.settings import EmbedSettings
from ortaq.text import normalize
from ortaq.understand.embed import Embedder, load_embedder
from ortaq.understand.respell import CHANGES, RELATIVES, spellings
from ortaq.understand.space import FIGURES, common_space, embed_in_common_space, model_figures

TAGS = sorted({*CHANGES, *RELATIVES, "kk-Cyrl", "ru-Cyrl", "und-Zyyy", "tk-Arab"})
NTREX = Path("parallel/ntrex.dev.jsonl.gz")


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(EmbedSettings(threads=2))


@settings(deadline=None)  # the word lists are read by the first
@given(st.text(max_size=200), st.sampled_from(TAGS))
def test_any_text_has_a_spelling_whose_figures_are_there(text: str, tag: str) -> None:
    written = spellings(text, tag)
    assert written
    means = model_figures(FIGURES["e5-small"]).means
    for spelling, name in written:
        assert isinstance(spelling, str)
        assert name in means or name == tag


@pytest.mark.parametrize("tag", TAGS)
def test_a_long_text_costs_no_more_than_its_length(tag: str) -> None:
    for text in ("ж" * 100_000, "ئا" * 50_000, "gözel " * 20_000, "Ӯ" * 60_000):
        assert spellings(text, tag)


@pytest.mark.parametrize(
    ("tag", "text", "spelling", "name"),
    [
        ("tk-Latn", "Täze köpri açyldy", "köprü", "tk-Latn~tr"),
        ("ug-Arab", "يېڭى كۆۋرۈك ئېچىلدى", "yeni", "ug-Arab~tr"),
        ("tg-Cyrl", "Пули нав кушода шуд", "شد", "tg-Cyrl~fa"),
        ("kaa-Cyrl", "Жаңа көпир ашылды", "көпір", "kk-Cyrl"),
        ("kaa-Latn", "Jańa kópir ashıldı", "көпір", "kk-Cyrl"),
        ("uz-Cyrl", "Янги кўприк очилди", "koʻprik", "uz-Latn"),
        ("kk-Latn", "Jaña köpir aşyldy", "Жаңа", "kk-Cyrl"),
    ],
)
def test_a_text_is_written_as_a_relative_would_write_it(tag: str, text: str, spelling: str, name: str) -> None:
    written, named = spellings(text, tag)[-1]
    assert spelling in written
    assert named == name


def test_numbers_names_and_other_scripts_stay() -> None:
    for tag in TAGS:
        (written, _) = spellings("2024 — 3,5% https://example.org", tag)[-1]
        assert "2024" in written
        assert "3,5" in written
    assert "Ankara" in spellings("Ankara Mary", "tk-Latn")[-1][0]


def test_one_row_a_text_whatever_the_number_of_its_spellings(embedder: Embedder) -> None:
    texts = ["Täze köpri açyldy", "Пули нав кушода шуд", "Жаңа көпір ашылды", "يېڭى كۆۋرۈك ئېچىلدى", ""]
    tags = ["tk-Latn", "tg-Cyrl", "kk-Cyrl", "ug-Arab", "und-Zyyy"]
    rows = embed_in_common_space(texts, tags, embedder)
    assert rows.shape == (len(texts), embedder.dimensions)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    for text, tag, row in zip(texts, tags, rows, strict=True):
        assert np.allclose(embed_in_common_space([text], [tag], embedder)[0], row, atol=1e-5)
    assert np.allclose(rows[2], common_space(embedder.embed([texts[2]]), ["kk-Cyrl"], embedder.name)[0], atol=1e-5)
    assert len(embed_in_common_space([], [], embedder)) == 0


@pytest.mark.shared
def test_weak_languages_find_their_translations(embedder: Embedder, shared_data: Path) -> None:
    with gzip.open(shared_data / NTREX, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines][::11]

    def vectors(language: str, tag: str) -> npt.NDArray[np.float32]:
        return embed_in_common_space([normalize(row[language]) for row in rows], [tag] * len(rows), embedder)

    russian = vectors("ru", "ru-Cyrl")
    for language, tag in (("tk", "tk-Latn"), ("tg", "tg-Cyrl"), ("ug", "ug-Arab")):
        nearest = (vectors(language, tag) @ russian.T).argmax(axis=1)
        assert (nearest == np.arange(len(rows))).mean() >= 0.93, language
