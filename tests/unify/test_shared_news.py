"""Real news in ten languages, with the real model: one event is one story, and different events stay apart."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ortaq.model import Article
from ortaq.settings import EmbedSettings, UnifySettings
from ortaq.understand.annotate import annotate
from ortaq.understand.embed import load_embedder
from ortaq.unify import Unifier

NOW = datetime(2026, 5, 1, tzinfo=UTC)
DOCUMENTS, OTHERS = 14, 60


def rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.mark.shared
@pytest.mark.slow
def test_one_event_in_ten_languages_is_one_story(shared_data: Path) -> None:
    documents = rows(shared_data / "news" / "multi_ntrex.jsonl.gz")
    names = sorted({row["id"].rpartition(".")[0] for row in documents})[::2][:DOCUMENTS]
    chosen = [row for row in documents if row["id"].rpartition(".")[0] in names]
    for other in ("ky_24kg", "kk_tengrinews"):
        chosen += rows(shared_data / "news" / f"{other}.jsonl.gz")[:OTHERS]
    random.Random(1).shuffle(chosen)
    articles = [
        Article(row["id"], row["url"], "o", "s", row["title"], row["text"], NOW, row["language"]) for row in chosen
    ]
    unifier = Unifier(UnifySettings())
    annotations = annotate(articles, load_embedder(EmbedSettings(tokens=96, threads=2)))
    story: dict[str, str] = {}
    for article, annotation in zip(articles, annotations, strict=True):
        placement = unifier.place(article, annotation)
        for change in placement.changes:
            story.update(dict.fromkeys(change.articles, change.target))
        story[article.id] = placement.membership.story
    together: dict[str, Counter[str]] = defaultdict(Counter)
    for row in chosen:
        together[story[row["id"]]][row["id"].rpartition(".")[0] if row["outlet"] == "ntrex.example" else ""] += 1
    whole = {name for group in together.values() for name, count in group.items() if name and count >= 5}
    assert len(whole) >= 0.9 * len(names)
    # Events are not thrown together, other news is not drawn in, and a topic (years of weather on one day) is no story.
    mixed = [group for group in together.values() if len(group) > 1]
    assert len(mixed) <= 2, mixed
    assert max(group[""] for group in together.values()) <= 10
