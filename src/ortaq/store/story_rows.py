"""A story's row and facets, made anew from its member articles at the end of a transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

import sqlalchemy as sa

from ortaq.model import Json
from ortaq.store import tables as t

T = TypeVar("T")
CHUNK = 500  # values in one IN (...)


def chunks(values: Collection[T]) -> Iterator[Sequence[T]]:
    listed = list(values)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


def refresh(connection: sa.Connection, stories: Collection[str]) -> int:
    """Recompute these stories; one without articles loses its row. Returns by how many the stories grew."""
    grown = 0
    countries: dict[str, str] = {
        row.id: row.country for row in connection.execute(sa.select(t.outlets.c.id, t.outlets.c.country))
    }
    for part in chunks(stories):
        grown += _refresh(connection, part, countries)
    return grown


def _refresh(connection: sa.Connection, stories: Sequence[str], countries: dict[str, str]) -> int:
    a = t.articles.c
    members = connection.execute(
        sa.select(a.story, a.at, a.id, a.outlet, a.tag).where(a.story.in_(stories)).order_by(a.story, a.at, a.id)
    )
    rows: list[Json] = []
    facets: list[Json] = []
    for story, group in groupby(members, attrgetter("story")):
        row = _row(story, group, countries)
        rows.append(row)
        facets += [
            {"story": story, "kind": kind, "value": value, "last_at": row["last_at"]}
            for kind, values in (("language", "languages"), ("outlet", "outlets"), ("country", "countries"))
            for value in row[values]
        ]
    _fill_headlines(connection, rows)
    connection.execute(sa.delete(t.story_facets).where(t.story_facets.c.story.in_(stories)))
    gone = connection.execute(sa.delete(t.stories).where(t.stories.c.id.in_(stories))).rowcount
    if rows:
        connection.execute(sa.insert(t.stories), rows)
        connection.execute(sa.insert(t.story_facets), facets)
        alive = [row["id"] for row in rows]
        connection.execute(sa.delete(t.story_aliases).where(t.story_aliases.c.id.in_(alive)))
    return len(rows) - gone


def _row(story: str, members: Iterable[Any], countries: dict[str, str]) -> Json:
    """The story's row; `headlines` holds the earliest article's id for each language until they are filled in."""
    earliest: dict[str, str] = {}
    outlets: dict[str, None] = {}
    count, first, last = 0, None, None
    for member in members:  # oldest first
        first, last = first or member.at, member.at
        count += 1
        earliest.setdefault(member.tag, member.id)
        outlets[member.outlet] = None
    found = dict.fromkeys(countries.get(outlet, "") for outlet in outlets)
    return {
        "id": story,
        "first_at": first,
        "last_at": last,
        "articles": count,
        "languages": list(earliest),
        "outlets": list(outlets),
        "countries": [country for country in found if country],
        "headlines": earliest,
    }


def _fill_headlines(connection: sa.Connection, rows: list[Json]) -> None:
    a = t.articles.c
    wanted = {id for row in rows for id in row["headlines"].values()}
    headlines: dict[str, str] = {}
    for part in chunks(wanted):
        found = connection.execute(sa.select(a.id, a.headline).where(a.id.in_(part)))
        headlines |= {row.id: row.headline for row in found}
    for row in rows:
        row["headlines"] = {language: headlines[id] for language, id in row["headlines"].items()}
