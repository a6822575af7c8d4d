"""The made-up region, once for all tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from ortaq.store.records import SqlRecords
from tests.portal.sample import make_app, open_region


@pytest.fixture(scope="package")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlRecords]:
    """The region's store; not to be written to."""
    records = open_region(tmp_path_factory.mktemp("region"))
    yield records
    records.close()


@pytest.fixture(scope="package")
def app(region: SqlRecords) -> FastAPI:
    """The portal over the region."""
    return make_app(region, Path("home"))
