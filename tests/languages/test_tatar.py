"""A language out of a stranger's package, as docs/add-a-language.md tells: registered, checked, imported, found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).with_name("tatar")
TEXTS = {
    "school": "Казанда яңа мәктәпләр ачылды. Укучылар сөенә, укытучылар да шат, дип хәбәр итте министр Айрат Хәсәнов.",
    "bridge": "Шәһәр күперен төзекләндерү эшләре киләсе айда тәмамлана. Бу хакта төзүчеләр хәбәр итте.",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a program with the package installed: its folder, and the metadata that pip would write."""
    site = tmp_path_factory.mktemp("site")
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    points = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in table.items())
        for group, table in project["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(points))
    # Vectors of letters: the words are what is searched here, and no model need be loaded.
    paths = [str(site), str(PACKAGE), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "COLUMNS": "80", "ORTAQ_EMBED_MODEL": "letters"}


def ask(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ortaq", *arguments], capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_package_is_listed_and_lacks_nothing(installed: dict[str, str]) -> None:
    assert "татарча" in ask(installed, "languages")
    assert ask(installed, "languages", "tt", "--check") == "tt: nothing is missing\n"


def test_its_articles_are_found_in_another_form(installed: dict[str, str], tmp_path: Path) -> None:
    home = tmp_path / "home"
    ask(installed, "init", str(home))
    file = tmp_path / "tatar.jsonl"
    rows = [
        {"id": id, "url": f"https://tatar.example/{id}", "outlet": "tatar", "title": text[:24], "text": text}
        for id, text in TEXTS.items()
    ]
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    ask(installed, "import", str(file), "--home", str(home))
    found = ask(installed, "search", "мәктәптә", "--mode", "text", "--json", "--home", str(home))
    hits = [json.loads(line) for line in found.splitlines()]
    assert [(hit["url"], hit["language"]) for hit in hits] == [("https://tatar.example/school", "tt")]


def test_stems_numbers_and_quotations_are_read_by_its_file(installed: dict[str, str]) -> None:
    program = (
        "from ortaq.languages.numbers import read_number\n"
        "from ortaq.languages.stem import stem\n"
        "from ortaq.understand.quotations import quotations\n"
        "print(*sorted({stem(word, 'tt') for word in 'күпер күперен күпернең күперләрдә'.split()}))\n"
        "print(read_number('егерме биш мең', 'tt'))\n"
        "print(quotations('«Күпер көзен ачыла», — диде шәһәр башлыгы Марат Галиев.', 'tt')[0].speaker)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=installed, check=True)
    assert done.stdout == "күпер\n25000\nМарат Галиев\n"
