"""The whole way over PostgreSQL: import, search, show, a second process, rebuild."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.home import QUICK, json_lines, make_home, ortaq, ortaq_here, snapshot

TEXTS = {
    "kk": "Парламент жаңа заңды бір ауыздан мақұлдады. Бұл туралы баспасөз қызметі бүгін хабарлады.",
    "ru": "На шахте произошла авария, спасатели работали всю ночь, два человека находятся в больнице.",
    "uz": "Shaharda yangi ko‘prik ochildi, uni uch yil qurishdi, endi yo‘l ikki barobar qisqaradi.",
}


def test_import_search_show_and_rebuild(tmp_path: Path, postgres_schema: str) -> None:
    home = make_home(tmp_path / "home", f'{QUICK}[store]\nrecords = "{postgres_schema}"\n')
    path = tmp_path / "items.jsonl"
    rows: list[dict[str, Any]] = [
        {
            "id": f"n-{language}",
            "url": f"https://tau.example/{language}",
            "outlet": "tau",
            "title": text[:30],
            "text": text,
        }
        for language, text in TEXTS.items()
    ]
    rows.append(rows[0] | {"url": "https://dala.example/1", "outlet": "dala", "id": "copy"})
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows) + "{\n", encoding="utf-8")

    def told(*arguments: str, expect: int = 0) -> list[Any]:
        return json_lines(ortaq_here(home, *arguments, "--json", expect=expect)[0])

    [imported] = told("import", str(path), expect=1)
    assert (imported["new"], imported["known"], imported["quarantined"]) == (4, 0, 1)
    assert {hit["url"] for hit in told("search", "көпір OR ko‘prik", "--mode", "text")} == {"https://tau.example/uz"}
    assert told("search", "авария на шахте")[0]["language"] == "ru"
    [shown] = told("show", "n-kk")
    assert shown["text"] == TEXTS["kk"]
    assert [copy["kind"] for copy in shown["copies"]] == ["exact"]
    assert not (home / "records.sqlite").exists()

    before = snapshot(home)
    [status] = told("status")
    ortaq(home, "rebuild")  # in a process of its own
    assert snapshot(home) == before
    assert told("status")[0]["counts"] == status["counts"]
    [again] = told("import", str(path), expect=1)
    assert (again["new"], again["known"], again["quarantined"]) == (0, 4, 1)
