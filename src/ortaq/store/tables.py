"""The tables as queries see them; `migrations/` makes them, a test holds the two together."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from ortaq.store.codec import from_micros, to_micros


def clean(text: str) -> str:
    """Without what PostgreSQL (NUL) or UTF-8 (lone surrogates) can't hold; U+FFFD stands in their place."""
    text = text.replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    return text


def key16(*parts: str) -> bytes:
    """What texts of any length are looked up by; PostgreSQL indexes no more than 2.7 kB."""
    return hashlib.sha256("\x1f".join(map(clean, parts)).encode()).digest()[:16]


def key8(text: str) -> int:
    return int.from_bytes(key16(text)[:8], "big", signed=True)


class Words(TypeDecorator[str]):
    """Text of any origin."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean(value)


class Instant(TypeDecorator[datetime]):
    """A datetime with a zone, as microseconds since 1970: ordered and compared alike in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_micros(value)


class JsonText(TypeDecorator[Any]):
    """Lists and dicts of texts and numbers."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str:
        return clean(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


metadata = MetaData()


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, metadata, *columns)


def _serial() -> Column[int]:
    return Column("seq", BigInteger, primary_key=True)


articles = _table(
    "articles",
    _serial(),
    Column("id", Words),
    Column("url_key", BigInteger),
    Column("outlet", Words),
    Column("tag", Words),  # BCP 47
    Column("story", Words),  # "" when in none
    Column("at", Instant),
    Column("published_at", Instant),
    Column("revised_at", Instant),
    Column("fetched_at", Instant),  # of the first revision
    Column("seen_at", Instant),  # of the last one
    Column("revisions", Integer),
    Column("segment", BigInteger),
    Column("offset", BigInteger),
    Column("language", Words),
    Column("script", Words),
    Column("url", Words),
    Column("source", Words),
    Column("headline", Words),
    Column("lead", Words),
    Column("authors", JsonText),
    Column("section", Words),
    Column("image", Words),
    Column("made_by", JsonText),
    Column("names", JsonText),
    Column("numbers", JsonText),
    Column("annotation_language", Words),
    Column("annotation_script", Words),
    Column("confidence", Float),
    Column("annotation_made_by", JsonText),
    Column("vector", LargeBinary),  # float32, little-endian
    Column("text", Words),
)
revisions = _table(  # all but the last one, which is in `articles`
    "revisions",
    Column("article", Words, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("seen_at", Instant),
    Column("headline", Words),
    Column("text", Words),
)
copies = _table(
    "copies",
    Column("article", Words, primary_key=True),
    Column("original", Words),
    Column("kind", Words),
    Column("overlap", Float),
)
memberships = _table(
    "memberships",
    Column("article", Words, primary_key=True),
    Column("story", Words),
    Column("score", Float),
    Column("closest", Words),
    Column("shared_names", JsonText),
    Column("shared_numbers", JsonText),
    Column("made_by", JsonText),
    Column("number", BigInteger),
)
stories = _table(
    "stories",
    Column("id", Words, primary_key=True),
    Column("first_at", Instant),
    Column("last_at", Instant),
    Column("articles", Integer),
    Column("languages", JsonText),
    Column("outlets", JsonText),
    Column("countries", JsonText),
    Column("headlines", JsonText),
)
story_facets = _table(
    "story_facets",
    Column("story", Words, primary_key=True),
    Column("kind", Words, primary_key=True),  # language, outlet, country
    Column("value", Words, primary_key=True),
    Column("last_at", Instant),
)
story_changes = _table(
    "story_changes",
    _serial(),
    Column("kind", Words),
    Column("source", Words),
    Column("target", Words),
    Column("articles", JsonText),
    Column("at", Instant),
    Column("why", Words),
)
story_aliases = _table("story_aliases", Column("id", Words, primary_key=True), Column("target", Words))
links = _table(
    "links",
    _serial(),
    Column("key", LargeBinary),
    Column("url", Words),
    Column("outlet", Words),
    Column("source", Words),
    Column("hints", JsonText),
    Column("state", Words),  # pending, done, refused, gone
    Column("reason", Words),
    Column("attempts", Integer),
    Column("due_at", Instant),  # pending: the epoch, or after a failure the next try; done: a recheck, or none
)
pages = _table(
    "pages",
    Column("digest", Words, primary_key=True),
    Column("articles", Integer),
    Column("rejected", JsonText),  # [place, reason, fix] of each article that could not be taken
)
source_states = _table(
    "source_states",
    Column("source", Words, primary_key=True),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("interval", Float),
    Column("due_at", Instant),
    Column("failures", Integer),
    Column("last_error", Words),
    Column("last_ok_at", Instant),
)
decisions = _table(
    "decisions",
    _serial(),
    Column("at", Instant),
    Column("url", Words),
    Column("rule", Words),
    Column("allowed", Boolean),
    Column("reason", Words),
)
problems = _table(
    "problems",
    _serial(),
    Column("key", LargeBinary),
    Column("at", Instant),
    Column("source", Words),
    Column("place", Words),
    Column("reason", Words),
    Column("fix", Words),
    Column("derived", Boolean),  # an archived page tells of it again
)
given_ids = _table(
    "given_ids", Column("key", LargeBinary, primary_key=True), Column("article", Words, primary_key=True)
)
notes = _table("notes", Column("name", Words, primary_key=True), Column("value", Words))
outlets = _table("outlets", Column("id", Words, primary_key=True), Column("country", Words), Column("outlet", JsonText))
outbox = _table("outbox", _serial(), Column("article", Words))
checkpoint = _table(  # row 1: up to where everything is derived; row 2: the furthest it ever was
    "checkpoint", Column("id", Integer, primary_key=True), Column("segment", BigInteger), Column("offset", BigInteger)
)
counters = _table("counters", Column("name", Words, primary_key=True), Column("value", BigInteger))
outlet_totals = _table("outlet_totals", Column("outlet", Words, primary_key=True), Column("articles", BigInteger))

DERIVED = (
    copies, memberships, revisions, articles, stories, story_facets, story_changes, story_aliases,
    pages, outbox, outlet_totals, given_ids,
)  # fmt: skip
"""What `clear_derived` empties, those that refer to articles first; of `kept.PARTLY_DERIVED` it takes a part."""
