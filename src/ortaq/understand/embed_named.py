"""Embedders that the operator names: a model on an OpenAI-compatible server, or one of sentence-transformers.

Their vectors are taken as they are, without the figures of `space`: those belong to one model.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from ortaq.errors import ConfigError
from ortaq.model_server import ModelServer
from ortaq.settings import EmbedSettings

Floats = npt.NDArray[np.float32]

BATCH = 64  # texts a request
# Another model's tokens can't be counted here: this many characters stand for one, as for e5-small on news.
CHARACTERS_PER_TOKEN = 4
BLANK = "."  # stands for an empty text, which servers refuse


class ServerEmbedder:
    """The model `model` on a server with the API of OpenAI's embeddings."""

    def __init__(self, model: str, settings: EmbedSettings) -> None:
        """Asks nothing yet. Raises ConfigError for a missing name, address or key that can't be used."""
        self._model = _named("openai", model)
        self._prefix = settings.prefix
        self._limit = settings.tokens * CHARACTERS_PER_TOKEN
        self._server = ModelServer(settings.url, settings.key, settings.timeout, section="embed")
        self._url = settings.url
        self._width = 0
        self.name = identity("openai", model, settings.prefix)

    @property
    def dimensions(self) -> int:
        """As the server's vectors have; it is asked once."""
        if not self._width:
            self._asked([BLANK])
        return self._width

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit rows, shape (n, dimensions). Raises ConfigError for an answer that is not what was asked for."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        cut = [prepared(text, self._prefix, self._limit) for text in texts]
        return np.concatenate([self._asked(cut[at : at + BATCH]) for at in range(0, len(cut), BATCH)])

    def _asked(self, texts: Sequence[str]) -> Floats:
        body = {"model": self._model, "input": list(texts), "encoding_format": "float"}
        try:
            rows = _rows(self._server.ask("/embeddings", body), len(texts))
        except ValueError as error:
            raise ConfigError(
                f"the model server's answer can't be used: {error}", where=self.name, fix="Check [embed] url and model"
            ) from None
        if self._width and rows.shape[1] != self._width:
            raise ConfigError(
                f"the model server gave vectors of {rows.shape[1]} numbers after {self._width}",
                where=self.name,
                fix="Did its model change? Run ortaq rebuild",
            )
        self._width = rows.shape[1]
        return rows


class SentenceTransformer:
    """A model of sentence-transformers, from its folder or, where the hub can be reached, by its name there."""

    def __init__(self, model: str, settings: EmbedSettings) -> None:
        """Loads the model. Raises ConfigError when the package or the model is not there."""
        name = _named("sentence-transformers", model)
        if find_spec("sentence_transformers") is None:
            raise ConfigError(
                "sentence-transformers is not installed",
                where="[embed] model",
                fix="pip install sentence-transformers, or set model = e5-small",
            )
        from sentence_transformers import SentenceTransformer as Model

        try:
            self._model = Model(name)
        except (OSError, ValueError, RuntimeError) as error:
            told = str(error).splitlines() or [type(error).__name__]
            raise ConfigError(
                f"the model {name} can't be loaded ({told[0][:200]})",
                where="[embed] model",
                fix="Write a folder with the model, or a name on the hub",
            ) from error
        self._prefix = settings.prefix
        self._limit = settings.tokens * CHARACTERS_PER_TOKEN
        self.dimensions = int(self._model.get_sentence_embedding_dimension())
        self.name = identity("sentence-transformers", model, settings.prefix)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit rows, shape (n, dimensions)."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        cut = [prepared(text, self._prefix, self._limit) for text in texts]
        try:
            return _unit(np.asarray(self._model.encode(cut, show_progress_bar=False), np.float32))
        except ValueError as error:
            raise ConfigError(str(error), where=self.name, fix="Use another model") from error


def identity(kind: str, model: str, prefix: str) -> str:
    """What tells these vectors from any others: the model and what is written before each text, not where it runs."""
    return f"{kind}:{model.strip()}" + (f" after {prefix!r}" if prefix else "")


def prepared(text: str, prefix: str, limit: int) -> str:
    """The text as a model is given it: no longer than `limit` characters, valid Unicode, never blank."""
    cut = text[:limit].replace("\0", " ").encode("utf-8", "replace").decode().strip()
    return prefix + (cut or BLANK)


def _named(kind: str, model: str) -> str:
    if name := model.strip():
        return name
    raise ConfigError("no model is named", where="[embed] model", fix=f'Write model = "{kind}:NAME"')


def _rows(answer: Any, count: int) -> Floats:
    """The vectors in an answer, in the order asked. Raises ValueError saying what is wrong with it."""
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, list):
        raise ValueError('it has no list "data"')
    if len(data) != count:
        raise ValueError(f"{len(data)} vectors for {count} texts")
    ordered: list[Any] = [None] * count
    for place, item in enumerate(data):
        if not isinstance(item, dict):
            raise ValueError("an item of data is no object")
        at = item.get("index", place)
        if type(at) is not int or not 0 <= at < count or ordered[at] is not None:
            raise ValueError(f"index {str(at)[:20]!r} is out of place")
        ordered[at] = item.get("embedding")
    if not all(isinstance(each, list) and each and len(each) == len(ordered[0]) for each in ordered):
        raise ValueError("vectors are missing or of different lengths")
    if not all(type(number) in (int, float) for each in ordered for number in each):
        raise ValueError("a vector has something that is no number")
    return _unit(np.array(ordered, np.float64))


def _unit(rows: npt.NDArray[np.floating[Any]]) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or not (lengths > 0).all():
        raise ValueError("a vector has no length, or no finite one")
    unit: Floats = (rows / lengths).astype(np.float32)
    return unit
