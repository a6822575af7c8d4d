"""Vectors without a model: hashed letter trigrams. No meaning and no way across scripts, but instant and anywhere.

The hashing trick, Weinberger et al., ICML 2009, with signed hashes.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ortaq.text.normalize import fold

_DIMENSIONS = 384
_CHARACTERS = 2_000


class LetterVectors:
    """Close vectors mean many letters in common: good for copies and for one language, blind across languages."""

    name = "letters/1"
    dimensions = _DIMENSIONS

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit rows, shape (n, 384)."""
        rows = np.zeros((len(texts), _DIMENSIONS), np.float32)
        for row, text in zip(rows, texts, strict=True):
            folded = f" {' '.join(fold(text[:_CHARACTERS]).split())} "
            hashes = [zlib.crc32(folded[at : at + 3].encode("utf-8", "replace")) for at in range(len(folded) - 2)]
            slots = np.array(hashes, np.int64)
            np.add.at(row, slots % _DIMENSIONS, np.where(slots & 0x80000000, -1.0, 1.0))
            row[0] += 1e-6  # a text without letters has a direction too
            row /= np.linalg.norm(row)
        return rows
