"""One write transaction: what is put is gathered and written in few statements; stories follow at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from ortaq.model import (
    Annotation,
    Article,
    CopyLink,
    Decision,
    Json,
    Link,
    Membership,
    Outlet,
    Problem,
    StoryChange,
)
from ortaq.store import kept
from ortaq.store import tables as t
from ortaq.store.codec import EPOCH, hints_to_json, outlet_to_json
from ortaq.store.contract import PageFate, Position, SourceState
from ortaq.store.rows import article_row, member_row
from ortaq.store.story_rows import chunks, refresh
from ortaq.store.story_words import enqueue

_a = t.articles.c
_KNOWN = sa.select(
    _a.headline, _a.text, _a.revisions, _a.seen_at, _a.published_at, _a.fetched_at, _a.story, _a.outlet
).where(_a.id == sa.bindparam("wanted"))
_STATE = tuple(column.name for column in t.source_states.c)
_COPY = tuple(column.name for column in t.copies.c)


class SqlWriter:
    """See `contract.Writer`. Made by `SqlRecords.write`, which calls `finish` before it commits."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._new: dict[str, Json] = {}
        self._members: dict[str, Membership] = {}
        self._copies: dict[str, CopyLink] = {}
        self._stale: dict[str, None] = {}  # stories
        self._touched: dict[str, None] = {}  # articles, for the outbox
        self._pages: dict[str, PageFate] = {}
        self._given: dict[tuple[bytes, str], None] = {}
        self._merges: list[tuple[str, str]] = []
        self._counts: Counter[str] = Counter()
        self._outlets: Counter[str] = Counter()

    def checkpoint(self, position: Position) -> None:
        kept.put_position(self._connection, position)

    def put_note(self, name: str, value: str) -> None:
        self._connection.execute(sa.delete(t.notes).where(t.notes.c.name == name))
        self._connection.execute(sa.insert(t.notes), [{"name": name, "value": value}])

    def put_article(self, article: Article, position: Position, annotation: Annotation) -> bool:
        if article.id in self._new:
            self._flush()
        row = article_row(article, position, annotation)
        known = self._connection.execute(_KNOWN, {"wanted": article.id}).first()
        if known is None:
            self._new[article.id] = row
            self._touched[article.id] = None
            self._counts["articles"] += 1
            self._outlets[article.outlet] += 1
            return True
        if (known.headline, known.text) == (t.clean(article.headline), t.clean(article.text)):
            return False
        self._flush()
        self._connection.execute(
            sa.insert(t.revisions),
            [
                {
                    "article": article.id,
                    "number": known.revisions,
                    "seen_at": known.seen_at,
                    "headline": known.headline,
                    "text": known.text,
                }
            ],
        )
        published = known.published_at or article.published_at
        row |= {
            "story": known.story,
            "revisions": known.revisions + 1,
            "fetched_at": known.fetched_at,
            "published_at": published,
            "revised_at": article.revised_at or article.fetched_at,
            "at": published or known.fetched_at,
        }
        self._connection.execute(sa.update(t.articles).where(_a.id == article.id).values(row))
        self._outlets[known.outlet] -= 1
        self._outlets[article.outlet] += 1
        self._mark(known.story)
        self._touched[article.id] = None
        return True

    def put_given_id(self, given: str, article: str) -> None:
        self._given[(t.key16(given), article)] = None

    def put_copy(self, copy: CopyLink) -> None:
        self._copies[copy.article] = copy

    def put_membership(self, membership: Membership) -> None:
        self._members[membership.article] = membership

    def put_story_change(self, change: StoryChange) -> None:
        self._flush()
        self._connection.execute(
            sa.insert(t.story_changes),
            [
                {
                    "kind": change.kind,
                    "source": change.source,
                    "target": change.target,
                    "articles": list(change.articles),
                    "at": change.at,
                    "why": change.why,
                }
            ],
        )
        for part in chunks(change.articles):
            moving = self._connection.execute(
                sa.select(_a.id, _a.story).where(_a.id.in_(part), _a.story != "", _a.story != change.target)
            ).all()
            ids = [row.id for row in moving]
            self._mark(change.target, *(row.story for row in moving))
            self._touched |= dict.fromkeys(ids)
            self._connection.execute(sa.update(t.articles).where(_a.id.in_(ids)).values(story=change.target))
            m = t.memberships.c
            self._connection.execute(sa.update(t.memberships).where(m.article.in_(ids)).values(story=change.target))
        self._merges.append((change.source, change.target))

    def put_links(self, outlet: str, source: str, links: Sequence[Link]) -> int:
        by_key: dict[bytes, Link] = {}
        for link in links:
            by_key.setdefault(t.key16(link.url), link)
        known: set[bytes] = set()
        for part in chunks(by_key):
            known |= {
                row.key for row in self._connection.execute(sa.select(t.links.c.key).where(t.links.c.key.in_(part)))
            }
        rows = [
            {
                "key": key,
                "url": link.url,
                "outlet": outlet,
                "source": source,
                "hints": hints_to_json(link.hints),
                "state": "pending",
                "reason": "",
                "attempts": 0,
                "due_at": EPOCH,
            }
            for key, link in by_key.items()
            if key not in known
        ]
        if rows:
            self._connection.execute(sa.insert(t.links), rows)
        self._counts["links_pending"] += len(rows)
        return len(rows)

    def settle_link(
        self,
        url: str,
        state: Literal["done", "refused", "gone"],
        reason: str = "",
        recheck_at: datetime | None = None,
        if_pending: bool = False,
    ) -> None:
        here = t.links.c.key == t.key16(url)
        was = self._connection.execute(sa.select(t.links.c.state).where(here)).scalar()
        if was == "pending" or (was is not None and not if_pending):
            due = recheck_at if state == "done" else None
            change = sa.update(t.links).where(here).values(state=state, reason=reason, attempts=0, due_at=due)
            self._connection.execute(change)
            self._counts[f"links_{was}"] -= 1
            self._counts[f"links_{state}"] += 1

    def postpone_link(self, url: str, until: datetime, reason: str) -> None:
        change = sa.update(t.links).where(t.links.c.key == t.key16(url))
        self._connection.execute(change.values(attempts=t.links.c.attempts + 1, due_at=until, reason=reason))

    def put_off_link(self, url: str, until: datetime) -> None:
        change = sa.update(t.links).where(t.links.c.key == t.key16(url))
        self._connection.execute(change.values(due_at=until))

    def put_page(self, digest: str, fate: PageFate = PageFate()) -> None:  # noqa: B008 - a frozen value
        self._pages[digest] = fate

    def put_source_state(self, state: SourceState) -> None:
        self._connection.execute(sa.delete(t.source_states).where(t.source_states.c.source == state.source))
        self._connection.execute(sa.insert(t.source_states), [{name: getattr(state, name) for name in _STATE}])

    def put_decision(self, decision: Decision) -> None:
        names = ("at", "url", "rule", "allowed", "reason")
        self._connection.execute(sa.insert(t.decisions), [{name: getattr(decision, name) for name in names}])

    def put_problem(self, problem: Problem, at: datetime, source: str = "", derived: bool = False) -> None:
        self._counts["problems"] += kept.put_problem(self._connection, problem, at, source, derived)

    def put_outlet(self, outlet: Outlet) -> None:
        c = t.outlets.c
        was = self._connection.execute(sa.select(c.country).where(c.id == outlet.id)).scalar()
        self._connection.execute(sa.delete(t.outlets).where(c.id == outlet.id))
        row = {"id": outlet.id, "country": outlet.country, "outlet": outlet_to_json(outlet)}
        self._connection.execute(sa.insert(t.outlets), [row])
        if was != outlet.country:
            f = t.story_facets.c
            self._flush()
            found = self._connection.execute(sa.select(f.story).where(f.kind == "outlet", f.value == outlet.id))
            self._mark(*(row.story for row in found))

    def finish(self) -> None:
        """Write what is still held back and what follows from it: stories, outbox, counters."""
        self._flush()
        kept.add_pages(self._connection, self._pages)
        kept.add_given_ids(self._connection, self._given)
        if self._stale:
            self._counts["stories"] += refresh(self._connection, self._stale)
            enqueue(self._connection, self._stale)
        for source, target in self._merges:
            self._add_alias(source, target)
        if self._touched:
            self._connection.execute(sa.insert(t.outbox), [{"article": id} for id in self._touched])
        self._add(t.counters, self._counts)
        self._add(t.outlet_totals, self._outlets)

    def _mark(self, *stories: str) -> None:
        self._stale |= {story: None for story in stories if story}

    def _flush(self) -> None:
        """Write the articles, memberships and copies gathered so far."""
        new, self._new = self._new, {}
        members, self._members = self._members, {}
        copies, self._copies = self._copies, {}
        moved: dict[str, str] = {}
        before: dict[str, str] = {}
        for part in chunks([id for id in members if id not in new]):
            before |= {row.id: row.story for row in self._connection.execute(
                sa.select(_a.id, _a.story).where(_a.id.in_(part))
            )}  # fmt: skip
        for id, member in members.items():
            if id in new:
                new[id]["story"] = member.story
            elif before.get(id) != member.story:
                moved[id] = member.story
                self._touched[id] = None
                self._mark(before.get(id, ""))
            self._mark(member.story)
        if new:
            self._connection.execute(sa.insert(t.articles), list(new.values()))
        if moved:
            move = sa.update(t.articles).where(_a.id == sa.bindparam("wanted")).values(story=sa.bindparam("target"))
            self._connection.execute(move, [{"wanted": id, "target": story} for id, story in moved.items()])
        if members:
            self._replace(t.memberships, {id: member_row(member) for id, member in members.items()})
        if copies:
            rows = {id: {name: getattr(copy, name) for name in _COPY} for id, copy in copies.items()}
            self._counts["copies"] += len(rows) - self._replace(t.copies, rows)
            self._touched |= dict.fromkeys(copies)

    def _replace(self, table: sa.Table, rows: dict[str, Json]) -> int:
        """Put rows that are keyed by article; returns how many replaced others."""
        replaced = 0
        for part in chunks(rows):
            replaced += self._connection.execute(sa.delete(table).where(table.c.article.in_(part))).rowcount
        self._connection.execute(sa.insert(table), list(rows.values()))
        return replaced

    def _add_alias(self, source: str, target: str) -> None:
        alive = self._connection.execute(sa.select(t.stories.c.id).where(t.stories.c.id == source)).first()
        if alive is None and source != target:
            self._connection.execute(sa.delete(t.story_aliases).where(t.story_aliases.c.id == source))
            self._connection.execute(sa.insert(t.story_aliases), [{"id": source, "target": target}])

    def _add(self, table: sa.Table, changes: Counter[str]) -> None:
        key, value = table.c
        rows = [{"wanted": name, "change": change} for name, change in changes.items() if change]
        if rows:
            known = set(
                self._connection.execute(sa.select(key).where(key.in_([row["wanted"] for row in rows]))).scalars()
            )
            if new := [{key.name: row["wanted"], value.name: 0} for row in rows if row["wanted"] not in known]:
                self._connection.execute(sa.insert(table), new)
            add = sa.update(table).where(key == sa.bindparam("wanted")).values({value: value + sa.bindparam("change")})
            self._connection.execute(add, rows)
