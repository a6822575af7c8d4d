"""A newsroom in small: the true pipeline and records over an archive and an index in memory, and made-up vectors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from ortaq.desk import By
from ortaq.model import Page
from ortaq.pipeline.derive import Pipeline
from ortaq.settings import Settings
from ortaq.store.contract import Archive, Index, Position
from ortaq.store.records import SqlRecords, open_records
from tests.unify.samples import long_text, vector

NOW = datetime(2026, 5, 1, tzinfo=UTC)
_EVENT = re.compile(r"оқиға(\d+) дыбыс(\d+)")


class ListArchive:
    """Pages in a list; a position is a place in it."""

    def __init__(self) -> None:
        self.pages: list[Page] = []

    def append(self, pages: Sequence[Page]) -> list[Position]:
        self.pages += pages
        return []

    def read(self, after: Position | None = None) -> Iterator[tuple[Position, Position, Page]]:
        start = after.offset if after else 0
        for place in range(start, len(self.pages)):
            yield Position(0, place), Position(0, place + 1), self.pages[place]


class NoIndex:
    """Nothing is searched here."""

    def upsert(self, rows: Sequence[object]) -> None: ...

    def clear(self) -> None: ...

    def unfolded(self) -> int:
        return 0

    def count(self) -> int:
        return 0

    def optimize(self) -> None: ...


class EventEmbedder:
    """The vector of the event that a text names, with as much noise as it names."""

    name = "events"
    dimensions = 384

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = []
        for text in texts:
            found = _EVENT.search(text)
            assert found, text
            event, noise = int(found[1]), int(found[2]) / 100
            rows.append(vector(event, noise, abs(hash_of(text))))
        return np.stack(rows)


def hash_of(text: str) -> int:
    return sum(ord(letter) * place for place, letter in enumerate(text, 1)) % 1_000_003


class World:
    """An archive that lives on when the records are made anew or opened again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = ListArchive()
        self.records: SqlRecords = open_records(f"sqlite:///{folder / 'records.sqlite'}")
        self.clock = NOW
        self.reopen()

    def reopen(self) -> None:
        """As another process would find it."""
        self.pipeline = Pipeline(
            Settings(home=self.folder),
            cast(Archive, self.archive),
            self.records,
            cast(Index, NoIndex()),
            EventEmbedder,
        )

    def page(self, number: int, event: int, noise: int = 50, days: float = 0.0, text: str = "") -> Page:
        body = text or f"оқиға{event} дыбыс{noise} бірегей{number} {long_text(number, 40)}"
        row = {
            "url": f"https://tan.example/{number}",
            "outlet": "tan",
            "title": f"оқиға{event} дыбыс{noise}",
            "text": body,
            "published": (NOW - timedelta(days=5) + timedelta(days=days)).isoformat(),
            "language": "kk",
        }
        data = json.dumps(row, ensure_ascii=False).encode()
        return Page(row["url"], data, "application/json", NOW, "item", "tan", "tan:jsonl:1")

    def take(self, *pages: Page) -> None:
        self.pipeline.take(pages)

    def decide(self, what: Any, *arguments: object) -> Any:
        """One of the desk's decisions, a minute after the one before."""
        self.clock += timedelta(minutes=1)
        at = self.clock
        return self.pipeline.decide(lambda position: what(self.records, *arguments, By("Айша", at, position)))

    def stories(self) -> dict[str, str]:
        """Number of the article to its story."""
        return {stored.article.url.rpartition("/")[2]: stored.story for stored, _ in self.records.iter_annotations()}

    def id(self, number: int | str) -> str:
        found = self.records.article_id_by_url(f"https://tan.example/{number}")
        assert found
        return found

    def state(self) -> dict[str, Any]:
        """All that was derived, as it must be the same after a rebuild."""
        members = {
            stored.article.id: (stored.story, stored.membership, stored.copy_of)
            for stored, _ in self.records.iter_annotations()
        }
        changes = self.records.story_changes()
        ids = {name for change in changes for name in (change.source, change.target)}
        return {
            "members": members,
            "changes": changes,
            "led": {name: self.records.story(name).id for name in ids if _is_known(self.records, name)},
            "stories": [self.records.story(id) for id in sorted({story for story, _, _ in members.values()})],
        }

    def close(self) -> None:
        self.records.close()


def _is_known(records: SqlRecords, story: str) -> bool:
    from ortaq.errors import NotFound

    try:
        records.story(story)
    except NotFound:
        return False
    return True
