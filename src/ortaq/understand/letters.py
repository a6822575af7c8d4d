"""Letter n-grams of many texts at once, and the linear model over them that tells languages apart.

Method: hashed character n-grams with a multinomial logistic regression, as in Joulin et al., "Bag of Tricks for
Efficient Text Classification" (2017), without its hidden layer, and one model for each script. Texts are laid end to
end in one array of code points, so that everything but cutting them is done by NumPy.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ortaq.text import script_of

Ints: TypeAlias = npt.NDArray[np.uint32]
Floats: TypeAlias = npt.NDArray[np.float32]

ORDERS = 5  # n-grams of 1 to 5 letters, spaces included
BITS = 17  # an n-gram falls into one of 2**BITS rows
SCRIPTS = ("Cyrl", "Latn", "Arab")
PAD = " " * (ORDERS - 1)  # between texts: as wide as an n-gram can reach back
_SPACE, _JUNK = 0x20, 0
_APOSTROPHES = "'`´ʻʼʽˈ‘’‛′＇"
_VARIANTS = {"ی": "ى", "ک": "ك", "ھ": "ه", "ہ": "ه", "ە": "ە", "\u0621": "\u0674", "ə": "ə", "ǝ": "ə", "ё": "ё"}


@dataclass(frozen=True)
class Batch:
    """Texts as letters: a pad, then `codes` of each text with its pad; where each begins and how long it is."""

    codes: Ints
    starts: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]  # letters of each text by script: (texts, len(SCRIPTS) + 1), the last one of others


@dataclass(frozen=True)
class Model:
    """Weights of one script: a row for each bucket, a column for each language."""

    languages: tuple[str, ...]
    weights: Floats

    def scores(
        self, rows: npt.NDArray[np.int64], starts: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]
    ) -> Floats:
        """Log-odds (texts, languages) of texts whose rows begin at `starts`; none may be empty."""
        # take is five times as fast as indexing, and clip spares it a copy: rows are always in range.
        sums = np.add.reduceat(np.take(self.weights, rows, axis=0, mode="clip"), starts, axis=0)
        return np.asarray(sums / np.sqrt(sizes)[:, None], dtype=np.float32)


@cache
def _tables() -> tuple[Ints, npt.NDArray[np.int8]]:
    """Code point to letter (small, one form; a space for what is no letter, 0 for junk), and to script number."""
    fold = np.full(0x10000, _SPACE, dtype=np.uint32)
    script = np.full(0x10000, -1, dtype=np.int8)
    for code in range(0x10000):
        char = chr(code)
        kind = unicodedata.category(char)
        if kind in ("Cf", "Mn", "Cc") or char == "\u0640":
            fold[code] = _SPACE if char in "\t\n\r\u200c" else _JUNK
        elif kind[0] == "L" and char not in _APOSTROPHES:
            small = char.lower()[0]
            fold[code] = ord(_VARIANTS.get(small, small))
            name = script_of(char)
            script[code] = SCRIPTS.index(name) if name in SCRIPTS else len(SCRIPTS)
    for char in _APOSTROPHES:
        fold[ord(char)] = ord("ʻ")
    return fold, script


def lay_out(texts: Sequence[str]) -> Batch:
    """The letters of the texts, without case, digits, punctuation and marks."""
    fold, script = _tables()
    joined = PAD + PAD.join(texts) + PAD
    if not unicodedata.is_normalized("NFC", joined):
        texts = [unicodedata.normalize("NFC", text) for text in texts]
        joined = PAD + PAD.join(texts) + PAD
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    raw = np.minimum(raw, np.uint32(0xFFFF))
    lengths = np.fromiter((len(text) + len(PAD) for text in texts), dtype=np.int64, count=len(texts))
    ends = len(PAD) + np.cumsum(lengths)
    scripts = script[raw[len(PAD) :]].astype(np.int64)
    width = len(SCRIPTS) + 1
    cells = np.repeat(np.arange(len(texts)) * width, lengths) + scripts
    counts = np.bincount(cells[scripts >= 0], minlength=len(texts) * width)
    codes = fold[raw]
    # One space between words; the pads must stay as they are.
    keep = codes != _JUNK
    keep[1:] &= (codes[1:] != _SPACE) | (codes[:-1] != _SPACE)
    keep[: len(PAD)] = True
    for back in range(1, len(PAD) + 1):
        keep[ends - back] = True
    borders = np.cumsum(keep)[np.concatenate(([len(PAD)], ends)) - 1]
    return Batch(codes[keep], borders[:-1], np.diff(borders), counts.reshape(len(texts), width))


def buckets(codes: Ints) -> npt.NDArray[np.int64]:
    """(letters, ORDERS): the row of the n-gram of each order that ends at each letter."""
    out = np.empty((len(codes), ORDERS), dtype=np.int64)
    grams = codes.copy()
    for order in range(ORDERS):
        if order:
            grams = np.concatenate((np.zeros(1, dtype=np.uint32), grams[:-1])) * np.uint32(0x01000193) + codes
        mixed = (grams ^ (grams >> np.uint32(15))) * np.uint32(0x9E3779B1) + np.uint32(
            (order * 0x85EBCA6B) & 0xFFFFFFFF
        )
        out[:, order] = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35) >> np.uint32(32 - BITS)
    return out


def save(path: Path, models: dict[str, Model]) -> None:
    """Weights as bytes, one scale a model: the file is small, and what rounding loses is below what training does."""
    arrays: dict[str, Any] = {}
    for script, model in models.items():
        scale = np.float32(np.quantile(np.abs(model.weights), 0.9999) / 127)
        arrays[f"{script}_languages"] = np.array(model.languages)
        arrays[f"{script}_scale"] = np.array(scale)
        arrays[f"{script}_weights"] = np.clip(np.round(model.weights / scale), -127, 127).astype(np.int8)
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def load(path: Path) -> dict[str, Model]:
    models: dict[str, Model] = {}
    with np.load(path, allow_pickle=False) as arrays:
        for script in SCRIPTS:
            weights = arrays[f"{script}_weights"].astype(np.float32) * arrays[f"{script}_scale"]
            models[script] = Model(tuple(str(name) for name in arrays[f"{script}_languages"]), weights)
    return models
