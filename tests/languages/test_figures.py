"""`ortaq languages`, the figures it shows, and the tool that writes them."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ortaq import languages
from ortaq.cli.app import app
from ortaq.languages import figures

TOOL = Path(__file__).parents[2] / "tools" / "language_figures.py"


def ask(*arguments: str) -> str:
    answer = CliRunner().invoke(app, ["languages", *arguments])
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_the_table_has_a_row_a_language() -> None:
    told = ask()
    for code in languages.codes():
        assert languages.load(code).autonym in told
        assert languages.display_name(code, "en") in told
    assert "Arab ←" in told


def test_the_rows_as_json() -> None:
    rows = {row["code"]: row for row in map(json.loads, ask("--json").splitlines())}
    assert tuple(rows) == languages.codes()
    assert [one["script"] for one in rows["kk"]["scripts"]] == ["Cyrl", "Latn", "Arab"]
    assert all(row["figures"] for row in rows.values()), "run tools/language_figures.py for a language without figures"
    assert rows["ru"]["has"]["stemmer"] == "pymorphy3"


@pytest.mark.parametrize("code", languages.codes())
def test_all_that_is_known_is_shown(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    told = ask(code)
    flat = " ".join(told.split())
    for script in languages.load(code).scripts.values():
        for word in (*script.stop_words, *script.examples, *script.number_words[1000], *script.months[4]):
            assert word in flat
    assert f"{code}.toml" in told
    known = json.loads(ask(code, "--json"))
    assert known["code"] == code
    assert known["scripts"][languages.load(code).default_script]["number_words"]["5"]


def test_an_unknown_language_is_said() -> None:
    assert "unknown language 'zz'" in str(CliRunner().invoke(app, ["languages", "zz"]).exception)


def test_figures_are_written_from_rows_of_a_benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def row(language: str, system: str, metric: str, value: float) -> dict[str, str | float]:
        return {"task": "stem", "language": language, "system": system, "metric": metric, "value": value, "n": 7}

    rows = [
        row("kk", "ortaq", "recall", 0.5),
        row("kk", "snowball 3", "recall", 0.9),
        row("*min", "ortaq", "recall", 0.1),
        row("tt", "ortaq", "recall", 0.2),
        row("uz-Cyrl", "ortaq", "words_per_second", 9e4),
    ]
    file, told = tmp_path / "figures.tsv", tmp_path / "rows.json"
    monkeypatch.setattr(figures, "FILE", file)
    for value in (0.5, 0.75):
        rows[0]["value"] = value
        told.write_text(json.dumps(rows), encoding="utf-8")
        command = ["--command", "languages --task stem --data kk.tsv", "--on", "2026-01-02"]
        monkeypatch.setattr(sys, "argv", [str(TOOL), str(told), *command])
        runpy.run_path(str(TOOL), run_name="__main__")
    figures._all.cache_clear()
    assert figures.figures("kk") == (
        figures.Figure("kk", "stem", "recall", 0.75, 7, "2026-01-02", "languages --task stem --data kk.tsv"),
    )
    assert figures.figures("uz") == ()
