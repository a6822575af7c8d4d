"""Several processes make the same records as one, also of texts that change from one batch to the next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.home import json_lines, make_home, ortaq_here, snapshot
from tests.pipeline.test_importing import FIRST, SECOND, THIRD, item, write_items


def test_two_processes_make_the_same_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The second batch is read and annotated before the first one's text is stored: it seems unchanged until then.
    monkeypatch.setattr("ortaq.pipeline.steps.BATCH_PAGES", 4)
    seen = write_items(tmp_path / "seen.jsonl", item(1, FIRST))
    others = [item(number, f"{THIRD} {number}") for number in range(2, 9)]
    rows = [item(1, SECOND), *others, item(1, FIRST, language="kk")]
    path = write_items(tmp_path / "items.jsonl", *rows, item(20, ""))
    made: list[dict[str, Any]] = []
    for processes in ("1", "2"):
        home = make_home(tmp_path / f"home{processes}")
        for file, expect in ((seen, 0), (path, 1)):
            arguments = ("import", str(file), "--processes", processes, "--json")
            [told] = json_lines(ortaq_here(home, *arguments, expect=expect)[0])
        assert (told["new"], told["revised"], told["quarantined"]) == (9, 2, 1)
        made.append(snapshot(home))
        for article in made[-1]["articles"].values():
            article.pop("fetched")
    assert made[0] == made[1]
    assert max(len(one["revisions"]) for one in made[1]["articles"].values()) == 3
