"""Homes for tests: made in a folder, worked on through the command line as a user would."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from ortaq.cli import main
from ortaq.pipeline.home import Home
from ortaq.settings import load_settings

QUICK = '[embed]\nmodel = "letters"\n'  # no language model: for tests that are not about meaning


def make_home(folder: Path, settings: str = QUICK) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ortaq.toml").write_text(settings, encoding="utf-8")
    return folder


def command(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "ortaq", *arguments, "--home", str(home)]


def environment() -> dict[str, str]:
    """Without this machine's own ORTAQ_ settings, but for the model cache."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ORTAQ_") or name == "ORTAQ_CACHE"}
    return {**kept, "COLUMNS": "160"}


def ortaq(home: Path, *arguments: str, expect: int = 0, timeout: float = 240) -> str:
    """Run a command to its end and return its output; fail with what it said when it ends otherwise."""
    done = subprocess.run(
        command(home, *arguments), capture_output=True, text=True, check=False, timeout=timeout, env=environment()
    )
    assert done.returncode == expect, f"ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def ortaq_here(home: Path, *arguments: str, expect: int = 0) -> tuple[str, str]:
    """As `ortaq`, within this process, which saves a second; returns stdout and stderr."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", ["ortaq", *arguments, "--home", str(home)]),
        mock.patch.dict(os.environ, environment(), clear=True),
    ):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    assert code == expect, f"ended with {code}\n{out.getvalue()}\n{err.getvalue()}"
    return out.getvalue(), err.getvalue()


def json_lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def open_home(folder: Path) -> Home:
    return Home(load_settings(folder, {}))


def snapshot(folder: Path) -> dict[str, Any]:
    """All that is derived, without the moments at which it was."""
    home = open_home(folder)
    try:
        rows = {
            stored.article.id: {
                "url": stored.article.url,
                "headline": stored.article.headline,
                "text": stored.article.text,
                "language": stored.article.language,
                "published": stored.article.published_at,
                "fetched": stored.article.fetched_at,
                "story": stored.story,
                "copy_of": stored.copy_of and (stored.copy_of.original, stored.copy_of.kind),
                "revisions": [(one.number, one.headline) for one in home.records.revisions(stored.article.id)],
                "vector": annotation.vector.tobytes(),
            }
            for stored, annotation in home.records.iter_annotations()
        }
        return {
            "articles": rows,
            "changes": [(one.kind, one.source, one.target) for one in home.records.story_changes()],
            "indexed": home.index.count(),
            "outbox": home.records.counts()["outbox"],
        }
    finally:
        home.close()
