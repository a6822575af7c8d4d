"""A text as a set of hashed word 3-grams (Broder 1997, "On the resemblance and containment of documents")."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ortaq.text.normalize import fold
from ortaq.text.tokens import words

Hashes = npt.NDArray[np.uint32]
SHINGLE = 3
MAX_WORDS = 20_000  # of one text; what comes after is not compared


@dataclass(frozen=True, slots=True)
class Shingles:
    """`hashes` sorted, each once; `whole` stands for the whole sequence of words."""

    hashes: Hashes
    words: int
    whole: int


def shingles(text: str) -> Shingles:
    """The text's shingles: of its folded words, without punctuation."""
    found = words(fold(text))[:MAX_WORDS]
    codes = np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in found], np.uint64)
    whole = zlib.crc32(" ".join(found).encode("utf-8", "replace")) << 32 | zlib.adler32(codes.tobytes())
    if len(codes) < SHINGLE:
        return Shingles(np.zeros(0, np.uint32), len(found), whole)
    mixed = np.zeros(len(codes) - SHINGLE + 1, np.uint64)
    for place in range(SHINGLE):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + codes[place : place + len(mixed)]
    return Shingles(np.unique(_scrambled(mixed)), len(found), whole)


def _scrambled(values: npt.NDArray[np.uint64]) -> Hashes:
    """The finalizer of splitmix64 (Steele et al. 2014), upper half."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((values ^ (values >> np.uint64(31))) >> np.uint64(32)).astype(np.uint32)
