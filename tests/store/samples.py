"""Made-up records for the tests of the store; light to import, so that the tests' subprocesses start fast."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import numpy as np

from ortaq.model import Annotation, Article, Hints, Page

AT = datetime(2026, 3, 21, 8, 30, 15, 123456, tzinfo=timezone(timedelta(hours=5)))


def page(number: int = 0, body: bytes | None = None, **fields: object) -> Page:
    made = Page(
        url=f"https://tan.example/{number}",
        body=f"<p>Қар ерте еріді, {number}</p>".encode() if body is None else body,
        media_type="text/html; charset=utf-8",
        fetched_at=AT,
        role="article",
        outlet="tan",
        source="tan:abc",
        headers=(("Content-Type", "text/html"), ("Date", "Sat, 21 Mar 2026 03:30:15 GMT")),
        hints=Hints(title="Қар ерте еріді", published_at=AT, language="kk", authors=("Ә. Сейіт",)),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def article(number: int, **fields: object) -> Article:
    made = Article(
        id=f"a{number:06}",
        url=f"https://tan.example/{number}",
        outlet="tan",
        source="tan:abc",
        headline=f"Өзен тасыды {number}",
        text=f"Бірінші абзац {number}.\n\nЕкінші абзац.",
        fetched_at=AT + timedelta(minutes=number),
        language="kk",
        script="Cyrl",
        lead="Бірінші абзац",
        authors=("Ә. Сейіт",),
        published_at=AT + timedelta(seconds=number),
        made_by={"read": "1"},
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def annotation(number: int = 0, dimensions: int = 8) -> Annotation:
    vector = np.random.default_rng(number).standard_normal(dimensions).astype(np.float32)
    return Annotation(
        vector=vector / np.linalg.norm(vector),
        names=("өзен", f"сейіт {number}"),
        numbers=("2026",),
        language="kk",
        script="Cyrl",
        confidence=0.93,
        made_by={"embed": "e5-small"},
    )
