"""What every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; a stranger's clone does not have it."""
    if not SHARED.is_dir():
        pytest.skip(f"the shared data set is not at {SHARED}")
    return SHARED
