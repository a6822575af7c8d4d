"""The records: what was derived of the archive, in SQLite or PostgreSQL; the reading half and the way to a writer."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ortaq.errors import NotFound, StoreError
from ortaq.model import (
    Annotation,
    CopyLink,
    Decision,
    Link,
    Outlet,
    Problem,
    Revision,
    Story,
    StoryChange,
)
from ortaq.store import kept
from ortaq.store import tables as t
from ortaq.store.codec import hints_from_json, outlet_from_json
from ortaq.store.contract import PageFate, PendingLink, Position, SourceState, StoredArticle, StoryQuery
from ortaq.store.database import begin_read, begin_write, connect, failing_as_store_error
from ortaq.store.desk import SqlDesk
from ortaq.store.queries import story_select, waiting_links, with_articles
from ortaq.store.rows import ANNOTATION, STORED, annotation_of, stored_of
from ortaq.store.story_rows import CHUNK, chunks
from ortaq.store.story_words import SqlStoryWords
from ortaq.store.writer import SqlWriter

_a, _c = t.articles.c, t.copies.c
_COUNTED = ("articles", "stories", "copies", "links_pending", "links_refused", "links_gone", "problems")


def open_records(url: str) -> SqlRecords:
    """The records at an SQLAlchemy URL, its schema made or brought up to date. Raises ConfigError, StoreError."""
    return SqlRecords(connect(url))


class SqlRecords:
    """See `contract.Records`. Shared by threads; other processes may read and write at the same time."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._owner: int | None = None

    def close(self) -> None:
        self._engine.dispose()

    @property
    def desk(self) -> SqlDesk:
        return SqlDesk(self._reading, self.write)

    @property
    def words(self) -> SqlStoryWords:
        return SqlStoryWords(self._reading, self._writing)

    @contextmanager
    def write(self) -> Iterator[SqlWriter]:
        """Writers take turns. Raises StoreError within a `write()` of the same thread, which would wait for itself."""
        with self._writing() as connection:
            writer = SqlWriter(connection)
            yield writer
            writer.finish()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        if self._owner == threading.get_ident():
            raise StoreError("a write transaction was begun within another", fix="Use the writer that is open")
        # Threads wait here, in order, rather than for the database, where waiting has a time limit.
        with self._turn, failing_as_store_error(self._engine), begin_write(self._engine) as connection:
            self._owner = threading.get_ident()
            try:
                yield connection
            finally:
                self._owner = None

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with failing_as_store_error(self._engine), begin_read(self._engine) as connection:
            yield connection

    def checkpoint(self) -> Position | None:
        with self._reading() as connection:
            return kept.position(connection, kept.NOW)

    def reached(self) -> Position | None:
        with self._reading() as connection:
            return kept.position(connection, kept.FURTHEST)

    def note(self, name: str) -> str:
        n = t.notes.c
        with self._reading() as connection:
            return connection.execute(sa.select(n.value).where(n.name == name)).scalar() or ""

    def clear_derived(self) -> None:
        with self._writing() as connection:
            kept.clear_derived(connection)

    def article(self, id: str) -> StoredArticle:
        found = self.articles([id]) or self.articles(self.articles_given(id))
        if not found:
            raise NotFound(f"no article has the id {id!r}")
        if len(found) > 1:
            which = ", ".join(f"{one.article.id} ({one.article.outlet})" for one in found)
            raise NotFound(f"{len(found)} articles were given the id {id!r}", fix=f"Ask for one of them: {which}")
        return found[0]

    def articles(self, ids: Sequence[str]) -> list[StoredArticle]:
        found: dict[str, StoredArticle] = {}
        with self._reading() as connection:
            for part in chunks(dict.fromkeys(ids)):
                rows = connection.execute(STORED.where(_a.id.in_(part)))
                found |= {row.id: stored_of(row) for row in rows}
        return [found[id] for id in ids if id in found]

    def article_id_by_url(self, url: str) -> str | None:
        query = sa.select(_a.id).where(_a.url_key == t.key8(url), _a.url == url).order_by(_a.seq).limit(1)
        with self._reading() as connection:
            return connection.execute(query).scalar()

    def articles_given(self, given: str) -> list[str]:
        g = t.given_ids.c
        with self._reading() as connection:
            found = connection.execute(sa.select(g.article).where(g.key == t.key16(given)).order_by(g.article))
            return list(found.scalars())

    def revisions(self, article: str) -> list[Revision]:
        r = t.revisions.c
        earlier = sa.select(r.number, r.seen_at, r.headline, r.text).where(r.article == article).order_by(r.number)
        last = sa.select(_a.revisions, _a.seen_at, _a.headline, _a.text).where(_a.id == article)
        with self._reading() as connection:
            rows = [*connection.execute(earlier), *connection.execute(last)]
        return [Revision(article, *row) for row in rows]

    def copies_of(self, article: str) -> list[CopyLink]:
        query = sa.select(_c.article, _c.original, _c.kind, _c.overlap).where(_c.original == article)
        with self._reading() as connection:
            return [CopyLink(*row) for row in connection.execute(query.order_by(_c.article))]

    def story(self, id: str) -> Story:
        seen: set[str] = set()
        with self._reading() as connection:
            wanted: str | None = id
            while wanted is not None and wanted not in seen:
                seen.add(wanted)
                row = connection.execute(sa.select(t.stories).where(t.stories.c.id == wanted)).first()
                if row is not None:
                    return with_articles(connection, [row])[0]
                aliases = t.story_aliases.c
                wanted = connection.execute(sa.select(aliases.target).where(aliases.id == wanted)).scalar()
        raise NotFound(f"no story has the id {id!r}")

    def stories(self, query: StoryQuery) -> list[Story]:
        with self._reading() as connection:
            return with_articles(connection, connection.execute(story_select(query)).all())

    def story_changes(self, story: str | None = None) -> list[StoryChange]:
        c = t.story_changes.c
        query = sa.select(c.kind, c.source, c.target, c.articles, c.at, c.why).order_by(c.seq)
        if story is not None:
            query = query.where(sa.or_(c.source == story, c.target == story))
        with self._reading() as connection:
            return [StoryChange(*row[:3], tuple(row.articles), *row[4:]) for row in connection.execute(query)]

    def iter_annotations(self, since: datetime | None = None) -> Iterator[tuple[StoredArticle, Annotation]]:
        """Read in pages of some hundred, each a transaction of its own: a slow reader holds nothing up."""
        if since is not None:
            # The recent ones are few and anywhere in the table: found by the index on time first.
            yield from self._annotated([row.seq for row in self._rows(sa.select(_a.seq).where(_a.at >= since))])
            return
        query = STORED.add_columns(_a.vector)
        last = -1
        while rows := self._rows(query.where(_a.seq > last).order_by(_a.seq).limit(CHUNK)):
            yield from ((stored_of(row), annotation_of(row)) for row in rows)
            last = rows[-1].seq

    def iter_recent(self, articles: int) -> Iterator[tuple[StoredArticle, Annotation]]:
        last = self._rows(sa.select(_a.seq, _a.story).order_by(_a.seq.desc()).limit(articles))
        found = {row.seq for row in last}
        for part in chunks(dict.fromkeys(row.story for row in last if row.story)):
            found |= {row.seq for row in self._rows(sa.select(_a.seq).where(_a.story.in_(part)))}
        yield from self._annotated(found)

    def iter_stories(self, stories: Sequence[str]) -> Iterator[tuple[StoredArticle, Annotation]]:
        parts = (self._rows(sa.select(_a.seq).where(_a.story.in_(part))) for part in chunks(dict.fromkeys(stories)))
        yield from self._annotated(row.seq for part in parts for row in part)

    def _annotated(self, numbers: Iterable[int]) -> Iterator[tuple[StoredArticle, Annotation]]:
        query = STORED.add_columns(_a.vector)
        for part in chunks(sorted(numbers)):
            rows = self._rows(query.where(_a.seq.in_(part)).order_by(_a.seq))
            yield from ((stored_of(row), annotation_of(row)) for row in rows)

    def _rows(self, query: sa.Select[Any]) -> Sequence[Any]:
        with self._reading() as connection:
            return connection.execute(query).all()

    def due_sources(self, ids: Sequence[str], now: datetime) -> list[SourceState]:
        states = {state.source: state for state in self.source_states()}
        asked = [states.get(id, SourceState(id)) for id in dict.fromkeys(ids)]
        return [state for state in asked if state.due_at is None or state.due_at <= now]

    def source_states(self) -> list[SourceState]:
        rows = self._rows(sa.select(t.source_states).order_by(t.source_states.c.source))
        return [SourceState(**row._mapping) for row in rows]

    def pending_links(self, now: datetime, limit: int, per_outlet: int = 50) -> list[PendingLink]:
        """The first of every outlet come before the second ones, and so on.

        `checked_at` is when the article of a link that is due for a recheck was first fetched.
        """
        with self._reading() as connection:
            rows = connection.execute(waiting_links(now, limit, per_outlet)).all()
            again = [row.url for row in rows if row.state == "done"]
            fetched: dict[str, datetime] = {}
            for part in chunks(again):
                query = sa.select(_a.url, _a.fetched_at).where(_a.url_key.in_([t.key8(url) for url in part]))
                fetched |= {row.url: row.fetched_at for row in connection.execute(query)}
        return [
            PendingLink(
                row.url,
                row.outlet,
                row.source,
                Link(row.url, hints_from_json(row.hints)),
                row.attempts,
                fetched.get(row.url) if row.state == "done" else None,
            )
            for row in rows
        ]

    def known_pages(self, digests: Sequence[str]) -> dict[str, PageFate]:
        with self._reading() as connection:
            return kept.pages(connection, digests)

    def requeue_index(self) -> int:
        with self._writing() as connection:
            connection.execute(sa.delete(t.outbox))
            every = sa.select(_a.id).order_by(_a.seq)
            connection.execute(sa.insert(t.outbox).from_select(["article"], every))
            return connection.execute(sa.select(sa.func.count()).select_from(t.outbox)).scalar_one()

    def outlets(self) -> list[Outlet]:
        return [outlet_from_json(row.outlet) for row in self._rows(sa.select(t.outlets).order_by(t.outlets.c.id))]

    def decisions(self, limit: int = 100) -> list[Decision]:
        """The newest first."""
        c = t.decisions.c
        query = sa.select(c.at, c.url, c.rule, c.allowed, c.reason).order_by(c.at.desc(), c.seq.desc()).limit(limit)
        return [Decision(*row) for row in self._rows(query)]

    def problems(self, limit: int = 100) -> list[tuple[datetime, str, Problem]]:
        """(last time, source, problem), the newest first."""
        c = t.problems.c
        query = sa.select(t.problems).order_by(c.at.desc(), c.seq.desc()).limit(limit)
        return [(row.at, row.source, Problem(row.place, row.reason, row.fix)) for row in self._rows(query)]

    def counts(self) -> Mapping[str, int]:
        with self._reading() as connection:
            held = {row.name: row.value for row in connection.execute(sa.select(t.counters))}
            small = {
                table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in (t.outlets, t.outbox)
            }
        return {name: held.get(name, 0) for name in _COUNTED} | small

    def latest_per_outlet(self) -> Mapping[str, tuple[int, datetime | None]]:
        """Outlets without an article included."""
        totals = t.outlet_totals.c
        newest = sa.select(sa.func.max(_a.at)).where(_a.outlet == totals.outlet).scalar_subquery()
        with self._reading() as connection:
            registered = connection.execute(sa.select(t.outlets.c.id).order_by(t.outlets.c.id)).scalars()
            found: dict[str, tuple[int, datetime | None]] = dict.fromkeys(registered, (0, None))
            rows = connection.execute(sa.select(totals.outlet, totals.articles, newest).where(totals.articles > 0))
            found |= {outlet: (count, at) for outlet, count, at in rows}
        return found

    def outbox(self, limit: int) -> list[tuple[int, str]]:
        query = sa.select(t.outbox.c.seq, t.outbox.c.article).order_by(t.outbox.c.seq).limit(limit)
        return [(seq, article) for seq, article in self._rows(query)]

    def outbox_done(self, up_to: int) -> None:
        with self._writing() as connection:
            connection.execute(sa.delete(t.outbox).where(t.outbox.c.seq <= up_to))

    def vectors(self, ids: Sequence[str]) -> dict[str, Annotation]:
        found: dict[str, Annotation] = {}
        with self._reading() as connection:
            for part in chunks(dict.fromkeys(ids)):
                rows = connection.execute(sa.select(_a.id, *ANNOTATION).where(_a.id.in_(part)))
                found |= {row.id: annotation_of(row) for row in rows}
        return found
