"""The small tables beside the articles: where the pipeline stands, what became of pages, problems, given ids."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from ortaq.model import Problem
from ortaq.store import tables as t
from ortaq.store.contract import PageFate, Position
from ortaq.store.desk_tables import desk_applied
from ortaq.store.story_rows import chunks
from ortaq.store.story_words import story_words, words_queue

NOW, FURTHEST = 1, 2  # rows of `checkpoint`
PARTLY_DERIVED = (t.problems, t.counters, t.checkpoint, t.notes)
_DERIVED_COUNTS = ("articles", "stories", "copies", "problems")
_DERIVED_NOTES = ("space",)


def clear_derived(connection: sa.Connection) -> None:
    """See `contract.Records.clear_derived`."""
    if connection.dialect.name == "postgresql":
        # DELETE would check the references to each article one by one.
        connection.execute(sa.text(f"TRUNCATE {', '.join(table.name for table in t.DERIVED)}"))
    else:
        for table in t.DERIVED:
            connection.execute(sa.delete(table))
    for table in (desk_applied, story_words, words_queue):
        connection.execute(sa.delete(table))
    connection.execute(sa.delete(t.problems).where(t.problems.c.derived))
    connection.execute(sa.delete(t.checkpoint).where(t.checkpoint.c.id == NOW))
    connection.execute(sa.delete(t.notes).where(t.notes.c.name.in_(_DERIVED_NOTES)))
    connection.execute(sa.delete(t.counters).where(t.counters.c.name.in_(_DERIVED_COUNTS)))
    left = connection.execute(sa.select(sa.func.count()).select_from(t.problems)).scalar_one()
    connection.execute(sa.insert(t.counters), [{"name": "problems", "value": left}])


def position(connection: sa.Connection, which: int) -> Position | None:
    c = t.checkpoint.c
    row = connection.execute(sa.select(c.segment, c.offset).where(c.id == which)).first()
    return Position(*row) if row else None


def put_position(connection: sa.Connection, now: Position) -> None:
    """Everything up to `now` is derived; the furthest follows, but never goes back."""
    furthest = max(position(connection, FURTHEST) or now, now)
    connection.execute(sa.delete(t.checkpoint))
    rows = [(NOW, now), (FURTHEST, furthest)]
    connection.execute(
        sa.insert(t.checkpoint), [{"id": id, "segment": at.segment, "offset": at.offset} for id, at in rows]
    )


def put_problem(connection: sa.Connection, problem: Problem, at: datetime, source: str, derived: bool) -> int:
    """The same problem again only gets a new time: a feed that stays broken is one line, not thousands.

    Returns by how many the problems grew.
    """
    c = t.problems.c
    key = t.key16(source, problem.where, problem.reason)
    change = {"at": at, "fix": problem.fix, "derived": derived}
    if connection.execute(sa.update(t.problems).where(c.key == key).values(change)).rowcount:
        return 0
    row = {"key": key, "source": source, "place": problem.where, "reason": problem.reason}
    connection.execute(sa.insert(t.problems), [row | change])
    return 1


def pages(connection: sa.Connection, digests: Sequence[str]) -> dict[str, PageFate]:
    found: dict[str, PageFate] = {}
    for part in chunks(dict.fromkeys(digests)):
        for row in connection.execute(sa.select(t.pages).where(t.pages.c.digest.in_(part))):
            found[row.digest] = PageFate(row.articles, tuple(Problem(*one) for one in row.rejected))
    return found


def add_pages(connection: sa.Connection, fates: Mapping[str, PageFate]) -> None:
    known = pages(connection, list(fates))
    rows = [
        {
            "digest": digest,
            "articles": fate.articles,
            "rejected": [[one.where, one.reason, one.fix] for one in fate.rejected],
        }
        for digest, fate in fates.items()
        if digest not in known
    ]
    if rows:
        connection.execute(sa.insert(t.pages), rows)


def add_given_ids(connection: sa.Connection, pairs: Collection[tuple[bytes, str]]) -> None:
    g = t.given_ids.c
    known: set[tuple[bytes, str]] = set()
    for part in chunks({key for key, _ in pairs}):
        rows = connection.execute(sa.select(g.key, g.article).where(g.key.in_(part)))
        known |= {(bytes(row.key), row.article) for row in rows}
    if new := [{"key": key, "article": article} for key, article in pairs if (key, article) not in known]:
        connection.execute(sa.insert(t.given_ids), new)
