"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.postgres import postgres, postgres_schema

__all__ = ["postgres", "postgres_schema"]  # fixtures

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; a stranger's clone does not have it."""
    if not SHARED.is_dir():
        pytest.skip(f"the shared data set is not at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo region gathered over real HTTP with the real model; made once, shared by all test processes."""
    from ortaq.pipeline.lock import writer_lock
    from tests.demo import gather_demo

    root = tmp_path_factory.getbasetemp()
    shared = root.parent if os.environ.get("PYTEST_XDIST_WORKER") else root
    home = shared / "demo-home"
    with writer_lock(shared / "demo.lock"):
        if not (home / "gathered").exists():
            gather_demo(home)
            (home / "gathered").touch()
    return home
