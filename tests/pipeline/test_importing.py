"""What an import says of its items, the first time and every other, and what no item can spoil."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from ortaq.errors import NotFound
from ortaq.gather.kinds import find_local_kind
from ortaq.model import Source
from ortaq.pipeline.importing import import_path
from ortaq.understand.hashed import LetterVectors
from tests.home import json_lines, make_home, open_home, ortaq_here

FIRST = "Парламент жаңа заңды бір ауыздан мақұлдады. Бұл туралы баспасөз қызметі хабарлады."
SECOND = "Шахтада апат болды, құтқарушылар түні бойы жұмыс істеді, екі адам ауруханада жатыр."
THIRD = "Қалада жаңа көпір ашылды, оны үш жыл бойы салған, енді жол екі есе қысқарады."


def write_items(path: Path, *items: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), encoding="utf-8")
    return path


def item(number: int, text: str, **more: object) -> dict[str, Any]:
    return {"url": f"https://tau.example/{number}", "title": f"Тақырып {number}", "text": text, **more}


def import_json(home: Path, path: Path, expect: int) -> dict[str, Any]:
    [told] = json_lines(ortaq_here(home, "import", str(path), "--json", expect=expect)[0])
    assert told["read"] == told["new"] + told["known"] + told["quarantined"]
    return dict(told)


def test_a_second_import_rejects_what_the_first_did(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    items = [item(1, FIRST), item(2, ""), item(2, ""), item(3, SECOND), item(3, SECOND)]
    path = write_items(tmp_path / "items.jsonl", *items)
    first = import_json(home, path, expect=1)
    assert (first["new"], first["known"], first["quarantined"]) == (2, 1, 2)
    again = import_json(home, path, expect=1)
    assert (again["new"], again["known"], again["quarantined"]) == (0, 3, 2)
    assert again["problems"] == first["problems"]
    assert "text" in again["problems"][0]["reason"]


def test_a_rebuild_keeps_the_quarantine(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    path = write_items(tmp_path / "items.jsonl", item(1, FIRST), item(2, ""))
    with path.open("a", encoding="utf-8") as file:
        file.write('{"url": "https://tau.example/3", "title": \n')  # never archived: no page can tell of it again
    import_json(home, path, expect=1)
    [before] = json_lines(ortaq_here(home, "status", "--json")[0])
    assert len(before["quarantine"]) == 2
    ortaq_here(home, "rebuild")
    [after] = json_lines(ortaq_here(home, "status", "--json")[0])
    told = [{(one["where"], one["reason"]) for one in status["quarantine"]} for status in (before, after)]
    assert told[0] == told[1]
    assert after["counts"] == before["counts"]
    assert import_json(home, path, expect=1)["quarantined"] == 2


class FailsOn(LetterVectors):
    """An embedder with a fault that one text shows."""

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if any("көпір" in text for text in texts):
            raise IndexError("a fault of ours")
        return super().embed(texts)


def test_a_fault_in_annotating_one_text_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_home(tmp_path / "home")
    monkeypatch.setattr("ortaq.pipeline.home.load_embedder", lambda settings: FailsOn())
    home = open_home(folder)
    path = write_items(tmp_path / "items.jsonl", item(1, FIRST), item(2, THIRD), item(3, SECOND))
    for new, known in ((2, 0), (0, 2)):
        source = Source("tau", "jsonl", path.as_uri())
        done = import_path(home.pipeline, find_local_kind(path), path, source, datetime.now(UTC))
        assert (done.new, done.known, done.quarantined) == (new, known, 1)
        assert "fault of ours" in done.problems[0].reason
        assert done.problems[0].where == "https://tau.example/2"
    assert home.records.counts()["articles"] == 2
    assert [problem.where for _, _, problem in home.records.problems()] == ["https://tau.example/2"]
    home.close()
    monkeypatch.undo()
    assert "3 articles" in ortaq_here(folder, "rebuild")[0], "the page was kept"
    [status] = json_lines(ortaq_here(folder, "status", "--json")[0])
    assert status["quarantine"] == []


def test_an_item_is_shown_by_the_id_it_gave_itself(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    path = write_items(
        tmp_path / "items.jsonl",
        item(1, FIRST, id="kz-1", outlet="tau"),
        item(2, SECOND, id=17, outlet="tau"),
        {"title": "Көпір", "text": THIRD, "id": "17", "outlet": "dala"},
    )
    import_json(home, path, expect=0)
    for _ in range(2):
        [shown] = json_lines(ortaq_here(home, "show", "kz-1", "--json")[0])
        assert (shown["url"], shown["text"]) == ("https://tau.example/1", FIRST)
        assert json_lines(ortaq_here(home, "show", shown["id"], "--json")[0]) == [shown]
        opened = open_home(home)
        with pytest.raises(NotFound, match=r"2 articles were given the id '17'.*\(dala\)|.*\(tau\)") as which:
            opened.records.article("17")
        assert {"(tau)", "(dala)"} <= set(str(which.value).replace(",", " ").split())
        opened.close()
        ortaq_here(home, "show", "17", expect=1)
        ortaq_here(home, "rebuild")
