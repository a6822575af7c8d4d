"""`ortaq desk` as a user runs it; the portal leads from an old story to where it went."""

from __future__ import annotations

import json
from pathlib import Path

from tests.desk.inside import ortaq
from tests.desk.test_reasons import BRIDGE, SNOW, by_address, write
from tests.home import json_lines, make_home, open_home
from tests.portal.sample import NOW, ask


def test_the_desk_on_the_command_line(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    rows = [
        {"url": "https://tan.example/1", "title": "Көпір ашылды", "text": BRIDGE},
        {"url": "https://tan.example/2", "title": "Асу жабылды", "text": SNOW},
        {"url": "https://tan.example/3", "title": "Жаңа көпір ашылды", "text": f"{BRIDGE} Тұрғындар қуанып жатыр."},
    ]
    ortaq(home, "import", str(write(tmp_path / "rows.jsonl", rows)))
    ids = by_address(home)

    def story(name: str) -> str:
        (shown,) = json_lines(ortaq(home, "show", ids[name], "--json"))
        found: str = shown["story_id"]
        return found

    bridge, snow = story("1"), story("2")
    assert story("3") == bridge != snow
    said = ortaq(home, "desk", "merge", bridge, snow, "--as", "Айгүл Тасова")
    assert said.startswith("Decision 1: ")
    assert "ortaq desk undo 1" in said
    assert story("2") == bridge
    assert f"{snow} was merged into {bridge}" in ortaq(home, "show", snow)
    told = json_lines(ortaq(home, "show", bridge, "--why", "--json"))[0]["why"]
    assert {one["article"]: one["decision"] for one in told} == {ids["1"]: None, ids["2"]: "1", ids["3"]: None}
    leads_on(home, snow, bridge)
    split = ortaq(home, "desk", "split", bridge, ids["3"])
    assert story("3") in split
    ortaq(home, "desk", "pin", ids["1"])
    before = {name: story(name) for name in ids}
    ortaq(home, "rebuild")
    assert {name: story(name) for name in ids} == before
    ortaq(home, "desk", "undo", "2")
    assert story("3") == bridge
    assert "in story" in ortaq(home, "desk", "pin", ids["2"], expect=0)
    ortaq(home, "desk", "merge", snow, bridge, expect=2)  # the old id is understood: they are one
    log = json_lines(ortaq(home, "desk", "log", "--json"))
    assert [(one["decision"], one["kind"]) for one in log] == [
        (5, "pin"),
        (4, "undo"),
        (3, "pin"),
        (2, "split"),
        (1, "merge"),
    ]
    assert [one["who"] for one in log][-1] == "Айгүл Тасова"
    assert all(one["who"] and one["at"] for one in log)
    assert (log[1]["undoes"], log[3]["undone_by"]) == (2, 4)
    assert "taken back by 4" in ortaq(home, "desk", "log")


def leads_on(home: Path, old: str, new: str) -> None:
    from ortaq.portal.app import create_app

    opened = open_home(home)
    try:
        app = create_app(settings=opened.settings, records=opened.records, searcher=None, now=lambda: NOW)
        answer = ask(app, f"/story/{old}")
        assert (answer.status_code, answer.headers["location"]) == (301, f"/story/{new}")
        assert json.loads(ask(app, f"/api/v1/stories/{new}").text)["id"] == new
    finally:
        opened.close()
