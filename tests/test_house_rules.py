"""Rules that hold for the whole tree; DESIGN's invariants that import-linter does not hold."""

from __future__ import annotations

import ast
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "ortaq"
MODULES = sorted(PACKAGE.rglob("*.py"))
ROOMS = sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))

# path under src/ortaq: why it is over 300 lines
LONG_FILES = {
    "model.py": "our nouns, to be read as one page",
    "store/contract.py": "all that may be asked of the store, to be read as one page",
}
LONG_FUNCTIONS: dict[str, str] = {}  # path:function: why it is over 60 lines


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_opens_by_saying_what_goes_in_what_comes_out_and_what_never_happens(room: Path) -> None:
    said = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    missing = [word for word in ("In:", "Out:", "Never:") if word not in said]
    assert not missing, f"{room.name}/__init__.py must open with the lines In:, Out:, Never:"


def test_no_file_is_long_without_a_reason() -> None:
    lengths = {str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    long = {name: lines for name, lines in lengths.items() if lines > 300 and name not in LONG_FILES}
    assert not long, "split these, or say in LONG_FILES why not"


def test_no_function_is_long_without_a_reason() -> None:
    long = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                name = f"{path.relative_to(PACKAGE)}:{node.name}"
                if lines > 60 and name not in LONG_FUNCTIONS:
                    long.append(f"{name} ({lines})")
    assert not long, "split these, or say in LONG_FUNCTIONS why not"


@pytest.mark.parametrize("stage", ["gather", "read", "understand", "unify"])
def test_stages_do_not_import_one_another_even_inside_functions(stage: str) -> None:
    others = {f"ortaq.{name}" for name in ("gather", "read", "understand", "unify") if name != stage}
    for path in (PACKAGE / stage).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                named = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            crossing = [name for name in named if any(name == one or name.startswith(one + ".") for one in others)]
            assert not crossing, f"{path.relative_to(PACKAGE)} imports {crossing}"


def test_help_comes_at_once() -> None:
    """In processor seconds, the best of five: another program on the machine must not fail it."""

    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, "-m", "ortaq", "--help"], capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert "rebuild" in done.stdout
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    assert min(seconds() for _ in range(5)) < 0.3


def test_no_file_speaks_of_a_machine() -> None:
    """Paths of somebody's machine have no place in the project."""
    for path in [*MODULES, *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        text = path.read_text(encoding="utf-8")
        assert "/work/" not in text, path
        assert "/root/" not in text, path
