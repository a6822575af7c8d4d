"""Vectors of two spaces never stand side by side, and a model that is none is said before anything is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ortaq.errors import ConfigError
from ortaq.model import Page
from ortaq.pipeline.space import put_space, stored_embedding, wanted_space
from ortaq.settings import EmbedSettings
from ortaq.understand import space
from ortaq.understand.embed import MODELS, embedder_name, load_embedder
from tests.home import json_lines, make_home, open_home, ortaq_here
from tests.pipeline.test_importing import FIRST, SECOND, item, write_items


def fails(home: Path, *arguments: str) -> str:
    """The line with which the command ends, with exit code 2."""
    return ortaq_here(home, *arguments, expect=2)[1].splitlines()[-1]


def told(home: Path, *arguments: str, expect: int = 0) -> list[Any]:
    return json_lines(ortaq_here(home, *arguments, "--json", expect=expect)[0])


def archived(home: Path) -> int:
    opened = open_home(home)
    try:
        return sum(1 for _ in opened.archive.read())
    finally:
        opened.close()


def test_a_model_that_is_none_is_said_before_anything_is_kept(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", '[embed]\nmodel = "e5-smal"\n')
    path = write_items(tmp_path / "one.jsonl", item(1, FIRST))
    for arguments in (("import", str(path)), ("gather", "--once"), ("rebuild",)):
        assert "e5-smal" in fails(home, *arguments)
    assert not (home / "archive").exists()


def test_a_model_that_cannot_be_loaded_is_said_before_anything_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ortaq.understand.embed.find_spec", lambda name: None)
    home = open_home(make_home(tmp_path / "home", '[embed]\nmodel = "e5-small"\n'))
    page = Page("https://tau.example/1", b"{}", "application/json", datetime.now(UTC), "item", "tau", "tau:jsonl:1")
    with pytest.raises(ConfigError, match="not installed"):
        home.pipeline.take([page])
    assert not list(home.archive.read())
    home.close()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ('[embed]\nmodel = "letters"\ntokens = 64\n', "tokens 128, now 64"),
        ('[embed]\nmodel = "e5-small"\n', "embed letters/1, now e5-small"),
    ],
)
def test_vectors_of_two_spaces_are_not_mixed(tmp_path: Path, changed: str, said: str) -> None:
    home = make_home(tmp_path / "home")
    one = write_items(tmp_path / "one.jsonl", item(1, FIRST))
    two = write_items(tmp_path / "two.jsonl", item(2, SECOND))
    ortaq_here(home, "import", str(one))
    before = told(home, "search", "заң парламент", "--mode", "meaning")
    make_home(home, changed)
    for arguments in (("import", str(two)), ("gather", "--once")):
        line = fails(home, *arguments)
        assert said in line
        assert "`ortaq rebuild`" in line
    assert archived(home) == 1
    assert told(home, "search", "заң парламент", "--mode", "meaning") == before
    [status] = told(home, "status")
    assert status["vectors"]["differ"] == said
    assert said in ortaq_here(home, "status")[0]
    checks = {check["check"]: check for check in told(home, "doctor", expect=1)}
    assert [said in fault for fault in checks["vectors are of the settings' model"]["faults"]] == [True]
    ortaq_here(home, "rebuild")
    ortaq_here(home, "import", str(two))
    [status] = told(home, "status")
    assert status["vectors"]["differ"] == ""


def test_other_versions_of_our_figures_are_another_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = make_home(tmp_path / "home")
    ortaq_here(home, "import", str(write_items(tmp_path / "one.jsonl", item(1, FIRST))))
    opened = open_home(home)
    opened.pipeline.drain()
    made = space.VERSION
    monkeypatch.setattr("ortaq.understand.space.VERSION", "next")
    with pytest.raises(ConfigError, match=f"space {made}, now next"):
        opened.pipeline.drain()
    with opened.records.write() as writer:
        writer.put_note("space", "")  # as records of before notes were kept: the articles say it
    with pytest.raises(ConfigError, match=f"space {made}, now next"):
        opened.pipeline.drain()
    opened.close()


def test_an_embedders_name_is_known_without_loading_it() -> None:
    assert {model: embedder_name(EmbedSettings(model=model)) for model in MODELS} == {
        model: load_embedder(EmbedSettings(model=model)).name for model in MODELS
    }
    assert wanted_space(EmbedSettings())["tokens"] == "128"


@pytest.mark.parametrize("prefix", ["", "query: "])
def test_queries_are_asked_of_the_stored_vectors_model_whatever_its_name(tmp_path: Path, prefix: str) -> None:
    home = make_home(tmp_path / "home")
    opened = open_home(home)
    before = EmbedSettings(model="openai:intfloat/multilingual-e5", prefix=prefix, tokens=64)
    with opened.records.write() as writer:
        put_space(writer, before)
    asked = stored_embedding(opened.records, EmbedSettings())
    assert (asked.model, asked.prefix, asked.tokens) == (before.model, prefix, 64)
    opened.close()
