"""Articles with made-up vectors, to place without a model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from ortaq.model import Annotation, Article, CopyLink

NOW = datetime(2026, 5, 1, tzinfo=UTC)
_WORDS = "көпір өзен қала әкім жол үй мектеп бала күн жаңа ескі ұзын биік су тау дала тас ағаш ел жер"
WORDS = _WORDS.split()


@dataclass(frozen=True)
class Stored:
    article: Article
    story: str
    copy_of: CopyLink | None = None
    number: int = 0


def article(id: str, *, days: float = 0.0, text: str = "", url: str = "", headline: str = "") -> Article:
    at = NOW + timedelta(days=days)
    return Article(id, url or f"https://a.example/{id}", "a", "a:1", headline, text, NOW, published_at=at)


def vector(event: int, noise: float, seed: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """A unit vector near that of its event; `noise` 0.5 leaves a cosine of about 0.8 between two of one event."""
    base = np.random.default_rng([1, event]).normal(size=384)
    base /= np.linalg.norm(base)
    other = np.random.default_rng([2, seed]).normal(size=384)
    mixed = base + noise * other / np.linalg.norm(other)
    return (mixed / np.linalg.norm(mixed)).astype(np.float32)


def annotation(
    event: int,
    seed: int,
    *,
    noise: float = 0.5,
    language: str = "kk",
    names: Iterable[str] = (),
    numbers: Iterable[str] = (),
) -> Annotation:
    return Annotation(vector(event, noise, seed), tuple(names), tuple(numbers), language, "Cyrl", 1.0)


def long_text(seed: int, words: int = 120) -> str:
    chosen = np.random.default_rng(seed).integers(0, len(WORDS), words)
    return " ".join(WORDS[number] for number in chosen)
