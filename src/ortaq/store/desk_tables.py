"""The desk's tables: the log, which is never cleared, and how far the derived records follow it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table

from ortaq.store.tables import Instant, JsonText, Words, metadata

desk_decisions = Table(
    "desk_decisions",
    metadata,
    Column("seq", BigInteger, primary_key=True),
    Column("at", Instant),
    Column("who", Words),
    Column("kind", Words),
    Column("source", Words),
    Column("target", Words),
    Column("articles", JsonText),
    Column("beside", JsonText),
    Column("apart", JsonText),
    Column("undoes", BigInteger),
    Column("segment", BigInteger),
    Column("offset", BigInteger),
)
desk_applied = Table("desk_applied", metadata, Column("id", Integer, primary_key=True), Column("seq", BigInteger))
