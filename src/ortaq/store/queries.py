"""Questions about stories and links that must stay fast with a million rows behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ortaq.model import Story
from ortaq.store import tables as t
from ortaq.store.contract import StoryQuery
from ortaq.store.story_rows import chunks
from ortaq.store.story_words import words_of


def story_select(query: StoryQuery) -> sa.Select[Any]:
    """One facet leads, by its index in the order of time; the others are looked up for each candidate."""
    s = t.stories.c
    pairs = (("outlet", query.outlet), ("country", query.country), ("language", query.language))
    wanted = [(kind, value) for kind, value in pairs if value is not None]
    select = sa.select(t.stories)
    last, id = s.last_at, s.id
    for number, (kind, value) in enumerate(wanted):
        facet = t.story_facets.alias(f"facet_{number}")
        here = sa.and_(facet.c.kind == kind, facet.c.value == value)
        if number == 0:
            select = select.join(facet, facet.c.story == s.id).where(here)
            last, id = facet.c.last_at, facet.c.story
        else:
            select = select.where(sa.exists().where(here, facet.c.story == s.id))
    if query.since is not None:
        select = select.where(last >= query.since)
    if query.until is not None:
        select = select.where(s.first_at < query.until)
    if query.min_articles > 1:
        select = select.where(s.articles >= query.min_articles)
    return select.order_by(last.desc(), id.desc()).limit(query.limit).offset(query.offset)


def waiting_links(now: datetime, limit: int, per_outlet: int) -> sa.Select[Any]:
    """Links that are due, the oldest `per_outlet` of each outlet, in rounds over the outlets.

    Outlets are found by jumping from one to the next in the index, and each gives its first few: a site with a
    million waiting addresses costs no more than one with fifty.
    """
    waiting = t.links.c.due_at.is_not(None)
    found = sa.select(sa.func.min(t.links.c.outlet).label("outlet")).where(waiting).cte("found", recursive=True)
    following = sa.select(sa.func.min(t.links.c.outlet)).where(waiting, t.links.c.outlet > found.c.outlet)
    found = found.union_all(sa.select(following.scalar_subquery()).where(found.c.outlet.is_not(None)))
    due = t.links.alias("due")
    first = (
        sa.select(due.c.seq)
        .where(due.c.outlet == found.c.outlet, due.c.due_at.is_not(None), due.c.due_at <= now)
        .order_by(due.c.due_at, due.c.seq)
        .limit(per_outlet)
        .correlate(found)
    )
    c = t.links.c
    turn = sa.func.row_number().over(partition_by=c.outlet, order_by=(c.due_at, c.seq))
    return (
        sa.select(c.url, c.outlet, c.source, c.hints, c.attempts, c.state)
        .select_from(found.join(t.links, c.seq.in_(first)))
        .order_by(turn, c.due_at, c.seq)
        .limit(limit)
    )


def with_articles(connection: sa.Connection, rows: Sequence[Any]) -> list[Story]:
    """Rows of `stories` with their articles, oldest first."""
    a = t.articles.c
    members: dict[str, list[str]] = {row.id: [] for row in rows}
    for part in chunks(members):
        query = sa.select(a.story, a.id).where(a.story.in_(part)).order_by(a.story, a.at, a.id)
        for story, article in connection.execute(query):
            members[story].append(article)
    words = words_of(connection, members)
    return [
        Story(
            id=row.id,
            headlines=row.headlines | {one.language: one.headline for one in words[row.id]},
            languages=tuple(row.languages),
            outlets=tuple(row.outlets),
            countries=tuple(row.countries),
            first_published_at=row.first_at,
            last_published_at=row.last_at,
            articles=tuple(members[row.id]),
            words=words[row.id],
        )
        for row in rows
    ]
