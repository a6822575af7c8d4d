"""What one run of gathering has done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class GatherTally:
    """What has been done so far; shown as progress."""

    sources: int = 0  # listings read
    unchanged: int = 0  # listings and articles that had not changed
    pages: int = 0  # pages archived
    new: int = 0
    revised: int = 0
    refused: int = 0
    failed: int = 0
    waiting: int = 0  # addresses to fetch that are known and due
