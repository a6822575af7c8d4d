"""Connecting to SQLite or PostgreSQL so that both behave alike, and bringing the schema up to date."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from ortaq.errors import ConfigError, StoreError

_WRITE = "ortaq_write"
_LOCK = 0x6F72746171  # "ortaq": PostgreSQL's advisory lock of the one writer
_WORDS = {
    "sqlite": {"serial": "INTEGER PRIMARY KEY AUTOINCREMENT", "text": "TEXT", "bytes": "BLOB"},
    # One byte order of texts in both databases, whatever the server's locale.
    "postgresql": {
        "serial": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        "text": 'TEXT COLLATE "C"',
        "bytes": "BYTEA",
    },
}


def connect(url: str) -> sa.Engine:
    """An engine for the URL, its schema up to date.

    Raises ConfigError for a URL we can't use and for a database made by a newer Ortaq, StoreError when it can't be
    reached.
    """
    engine = _engine(url)
    try:
        with failing_as_store_error(engine):
            if engine.dialect.name == "sqlite":
                _use_wal(engine)
            with begin_write(engine) as connection:
                _migrate(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
        name = parsed.get_backend_name()
        if name in ("postgres", "postgresql"):
            parsed = parsed.set(drivername="postgresql+psycopg")
            return sa.create_engine(parsed, pool_pre_ping=True)
    except ImportError:
        raise ConfigError("PostgreSQL needs its driver", fix="Install it: pip install 'ortaq[cluster]'") from None
    except (ArgumentError, NoSuchModuleError, ValueError):
        name = ""
    if name != "sqlite":
        raise ConfigError(
            "not the address of a database we know",
            where="store.records",
            fix="Write sqlite:///PATH or postgresql://USER@HOST/DATABASE",
        )
    if not parsed.database or parsed.database == ":memory:":
        raise ConfigError("SQLite needs a file", where="store.records", fix="Write sqlite:///PATH")
    Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, connect_args={"timeout": 60})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver begins no transactions of its own: _begin_sqlite does
    cursor = connection.cursor()
    for pragma in ("foreign_keys = ON", "synchronous = FULL", "cache_size = -32000", "temp_store = MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    # A read transaction that turns into a write would fail at once when another process writes.
    write = connection.get_execution_options().get(_WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _use_wal(engine: sa.Engine) -> None:
    raw = engine.raw_connection()
    try:
        for attempt in range(100):
            try:
                raw.cursor().execute("PRAGMA journal_mode = WAL")
                return
            except engine.dialect.loaded_dbapi.OperationalError:
                # Another process opens the same new file; SQLite doesn't wait for this lock by itself.
                if attempt == 99:
                    raise StoreError("the database is locked", where=_place(engine), fix="Try again") from None
                time.sleep(0.1)
    finally:
        raw.close()


@contextmanager
def begin_write(engine: sa.Engine) -> Iterator[sa.Connection]:
    """The one write transaction at a time, over all threads, processes and machines."""
    with engine.connect() as connection:
        connection = connection.execution_options(**{_WRITE: True})
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection


@contextmanager
def begin_read(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction in which all queries see the same state."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def failing_as_store_error(engine: sa.Engine) -> Iterator[None]:
    """Turn a database error into one that names the database and says what to do."""
    try:
        yield
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()
        raise StoreError(
            f"the database failed: {reason[0] if reason else type(error).__name__}",
            where=_place(engine),
            fix="Nothing of this transaction was kept. Check that it is reachable, writable and has space",
        ) from error


def _place(engine: sa.Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _migrate(connection: sa.Connection) -> None:
    steps = migrations()
    connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
    version = connection.exec_driver_sql("SELECT max(version) FROM schema_version").scalar() or 0
    newest = max(steps)
    if version > newest:
        raise ConfigError(
            f"the database has schema {version}, this Ortaq knows {newest}",
            where=_place(connection.engine),
            fix="Install the newer Ortaq again, or name another database in store.records",
        )
    for number in range(version + 1, newest + 1):
        for statement in steps[number](connection.dialect.name):
            connection.exec_driver_sql(statement)
        connection.execute(sa.text("INSERT INTO schema_version (version) VALUES (:n)"), {"n": number})


def migrations() -> dict[int, Callable[[str], list[str]]]:
    """Number to a function that gives its statements for a dialect."""
    return {
        int(file.name[:4]): partial(_statements, file.read_text(encoding="utf-8"))
        for file in files("ortaq.store.migrations").iterdir()
        if file.name.endswith(".sql")
    }


def _statements(text: str, dialect: str) -> list[str]:
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return [part for part in "\n".join(lines).format(**_WORDS[dialect]).split(";") if part.strip()]
