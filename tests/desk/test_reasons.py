"""Why an article is in its story: on the command line, on the page, in the API, and the same after a rebuild."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.desk.inside import ortaq
from tests.home import json_lines, make_home, open_home
from tests.portal.sample import NOW, ask

BRIDGE = "Ақсеңгір қаласында Самат Ерденұлы ұзындығы 412 метр көпір ашты. Құрылыс екі жыл бойы Көкөзен бойында жүрді."
SNOW = "Таулы Кең-Бұлақ асуына қалың қар түсіп, жол таңға дейін жабылды. Жүргізушілер жол бойында түнеп шықты."


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    lines = (json.dumps({"outlet": "tan.example", "language": "kk", **row}, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_home(tmp_path_factory.mktemp("reasons"))
    rows = [
        {"url": "https://tan.example/1", "title": "Көпір ашылды", "text": BRIDGE},
        {"url": "https://tan.example/2", "title": "Асу жабылды", "text": SNOW},
        {"url": "https://tan.example/3", "title": "Жаңа көпір ашылды", "text": f"{BRIDGE} Тұрғындар қуанып жатыр."},
        {"url": "https://tan.example/4", "title": "Көпір ашылды", "text": BRIDGE},
    ]
    ortaq(folder, "import", str(write(folder / "rows.jsonl", rows)))
    return folder


def by_address(home: Path) -> dict[str, str]:
    opened = open_home(home)
    try:
        return {stored.article.url[-1]: stored.article.id for stored, _ in opened.records.iter_annotations()}
    finally:
        opened.close()


def told(home: Path, id: str) -> dict[str, Any]:
    (shown,) = json_lines(ortaq(home, "show", id, "--why", "--json"))
    return {reason["article"]: reason for reason in shown["why"]}


def test_each_membership_says_why(home: Path) -> None:
    ids = by_address(home)
    (first,) = json_lines(ortaq(home, "show", ids["1"], "--why", "--json"))
    assert (first["why"]["because"], first["why"]["closest"], first["why"]["score"]) == ("began", None, None)
    why = told(home, first["story_id"])
    assert set(why) == {ids["1"], ids["3"], ids["4"]}
    joined = why[ids["3"]]
    assert (joined["because"], joined["closest"]) == ("joined", ids["1"])
    assert joined["score"] >= joined["threshold"] > 0
    assert "412" in joined["numbers"]
    assert {"Самат", "Ерденұлы"} & set(joined["names"])
    assert joined["made_by"]["unify"]
    assert (why[ids["4"]]["because"], why[ids["4"]]["closest"]) == ("same_text", ids["1"])
    text = ortaq(home, "show", first["story_id"], "--why")
    assert f"closest to {ids['1']}" in " ".join(text.split())


def test_a_revision_keeps_the_reasons_and_a_rebuild_gives_the_same(home: Path) -> None:
    ids = by_address(home)
    (before,) = json_lines(ortaq(home, "show", ids["3"], "--why", "--json"))
    row = {"url": "https://tan.example/3", "title": "Жаңа көпір ашылды", "text": f"{BRIDGE} Тұрғындар риза."}
    ortaq(home, "import", str(write(home / "again.jsonl", [row])))
    (after,) = json_lines(ortaq(home, "show", ids["3"], "--why", "--json"))
    assert after["text"] != before["text"]
    assert after["why"] == before["why"]
    whole = told(home, after["story_id"])
    ortaq(home, "rebuild")
    assert told(home, after["story_id"]) == whole


@pytest.mark.parametrize(("ui", "question"), [("kk", "Бұл неге осында?"), ("ru", "Почему это здесь?")])
def test_the_page_and_the_api_say_it(home: Path, ui: str, question: str) -> None:
    from ortaq.portal.app import create_app

    opened = open_home(home)
    try:
        story = opened.records.article(by_address(home)["1"]).story
        app = create_app(settings=opened.settings, records=opened.records, searcher=None, now=lambda: NOW)
        page = ask(app, f"/story/{story}?ui={ui}").text
        assert page.count(question) == 3
        assert "412" in page
        answer = ask(app, f"/api/v1/stories/{story}/why").json()
        assert {reason["because"] for reason in answer["reasons"]} == {"began", "joined", "same_text"}
        assert ask(app, "/api/v1/stories/none/why").status_code == 404
    finally:
        opened.close()
