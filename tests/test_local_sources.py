"""Files and folders as sources in outlets.toml, read by `gather` like the rest."""

from __future__ import annotations

import json
from pathlib import Path

from tests.home import json_lines, make_home, ortaq

FIRST = "Парламент жаңа заңды бір ауыздан мақұлдады. Бұл туралы баспасөз қызметі хабарлады."
SECOND = "Шахтада апат болды, құтқарушылар түні бойы жұмыс істеді, екі адам ауруханада жатыр."


def item(number: int, text: str, **more: object) -> str:
    values = {"url": f"https://tau.example/{number}", "title": f"Тақырып {number}", "text": text, **more}
    return json.dumps(values, ensure_ascii=False) + "\n"


def test_a_folder_is_gathered_and_read_again_when_it_changed(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    folder = tmp_path / "from the office"
    folder.mkdir()
    (folder / "one.jsonl").write_text(item(1, FIRST), encoding="utf-8")
    assert "folder" in ortaq(home, "outlets", "add", str(folder), "--name", "Тау")
    assert "1 of 1 sources answer" in ortaq(home, "outlets", "check")
    assert "1 new articles" in ortaq(home, "gather", "--once")
    assert "0 new articles" in ortaq(home, "gather", "--once", "--now")
    (folder / "two.jsonl").write_text(item(2, SECOND), encoding="utf-8")
    assert "0 sources read" in ortaq(home, "gather", "--once")  # not due yet
    assert "1 new articles" in ortaq(home, "gather", "--once", "--now")
    [outlet] = json_lines(ortaq(home, "outlets", "list", "--json"))
    assert (outlet["id"], outlet["name"], outlet["articles"]) == ("tau", "Тау", 2)


def test_a_source_that_is_not_there_fails_and_says_so(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    (home / "outlets.toml").write_text(
        '[[outlet]]\nid = "tau"\nname = "Тау"\n[[outlet.source]]\nkind = "jsonl"\naddress = "missing.jsonl"\n',
        encoding="utf-8",
    )
    assert "1 failed" in ortaq(home, "gather", "--once")
    [status] = json_lines(ortaq(home, "status", "--json"))
    assert str(home / "missing.jsonl") in status["failing_sources"][0]["error"]


def test_a_text_that_changes_there_and_back_within_one_batch(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    (tmp_path / "a.jsonl").write_text(item(1, FIRST), encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(item(1, SECOND) + item(1, FIRST, language="kk"), encoding="utf-8")
    ortaq(home, "import", str(tmp_path / "a.jsonl"))
    assert "2 new (2 of them revised)" in ortaq(home, "import", str(tmp_path / "b.jsonl"))
    [story] = json_lines(ortaq(home, "stories", "--json"))
    assert json_lines(ortaq(home, "show", story["articles"][0]["id"], "--json"))[0]["text"] == FIRST


def test_an_outlet_nobody_told_of_is_made_from_its_name(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    (tmp_path / "a.jsonl").write_text(item(1, FIRST, outlet="Қазақ үні"), encoding="utf-8")
    ortaq(home, "import", str(tmp_path / "a.jsonl"))
    [outlet] = json_lines(ortaq(home, "outlets", "list", "--json"))
    assert (outlet["id"], outlet["name"], outlet["articles"]) == ("qazaq-uni", "Қазақ үні", 1)
