"""The words chosen for stories, and which stories wait for theirs: each whose articles changed, in that transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager

import sqlalchemy as sa
from sqlalchemy import Column, Integer, Table

from ortaq.model import Annotation, StoryWords
from ortaq.store import tables as t
from ortaq.store.contract import StoredArticle
from ortaq.store.rows import ANNOTATION, STORED, annotation_of, stored_of
from ortaq.store.story_rows import chunks
from ortaq.store.tables import JsonText, Words, metadata

story_words = Table(
    "story_words",
    metadata,
    Column("story", Words, primary_key=True),
    Column("language", Words, primary_key=True),
    Column("place", Integer),
    Column("headline", Words),
    Column("headline_article", Words),
    Column("summary", JsonText),
    Column("summary_article", Words),
)
words_queue = Table("words_queue", metadata, Column("story", Words, primary_key=True))

NEWEST = 32  # articles of each language that a story's words are chosen from


def enqueue(connection: sa.Connection, stories: Collection[str]) -> None:
    """These stories wait for their words."""
    q = words_queue.c.story
    for part in chunks(stories):
        waiting = set(connection.execute(sa.select(q).where(q.in_(part))).scalars())
        if new := [{"story": story} for story in part if story not in waiting]:
            connection.execute(sa.insert(words_queue), new)


def words_of(connection: sa.Connection, stories: Mapping[str, Collection[str]]) -> dict[str, tuple[StoryWords, ...]]:
    """Story to its words, given the articles of each; words from an article that has gone elsewhere are left out."""
    w = story_words.c
    found: dict[str, list[StoryWords]] = {story: [] for story in stories}
    for part in chunks(stories):
        for row in connection.execute(sa.select(story_words).where(w.story.in_(part)).order_by(w.story, w.place)):
            if {row.headline_article, row.summary_article} <= set(stories[row.story]):
                found[row.story].append(
                    StoryWords(
                        row.language, row.headline, row.headline_article, tuple(row.summary), row.summary_article
                    )
                )
    return {story: tuple(words) for story, words in found.items()}


class SqlStoryWords:
    """See `contract.WordsQueue`. Made by `SqlRecords.words`."""

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[sa.Connection]],
        writing: Callable[[], AbstractContextManager[sa.Connection]],
    ) -> None:
        self._reading = reading
        self._writing = writing

    def waiting(self, limit: int) -> list[str]:
        with self._reading() as connection:
            query = sa.select(words_queue.c.story).order_by(words_queue.c.story).limit(limit)
            return list(connection.execute(query).scalars())

    def newest(self, stories: Sequence[str]) -> list[tuple[StoredArticle, Annotation]]:
        a = t.articles.c
        turn = sa.func.row_number().over(partition_by=(a.story, a.tag), order_by=(a.at.desc(), a.id.desc()))
        ranked = sa.select(a.id, turn.label("turn")).where(a.story.in_(stories)).subquery()
        chosen = sa.select(ranked.c.id).where(ranked.c.turn <= NEWEST)
        query = STORED.add_columns(*(column for column in ANNOTATION if column.name not in ("names", "numbers")))
        with self._reading() as connection:
            rows = connection.execute(query.where(a.id.in_(chosen)).order_by(a.story, a.at, a.id)).all()
        return [(stored_of(row), annotation_of(row)) for row in rows]

    def put(self, words: Mapping[str, Sequence[StoryWords]]) -> None:
        rows = [
            {
                "story": story,
                "language": one.language,
                "place": place,
                "headline": one.headline,
                "headline_article": one.headline_article,
                "summary": list(one.summary),
                "summary_article": one.summary_article,
            }
            for story, found in words.items()
            for place, one in enumerate(found)
        ]
        with self._writing() as connection:
            for part in chunks(words):
                connection.execute(sa.delete(story_words).where(story_words.c.story.in_(part)))
                connection.execute(sa.delete(words_queue).where(words_queue.c.story.in_(part)))
            if rows:
                connection.execute(sa.insert(story_words), rows)
