"""The languages that come with Ortaq: every TOML file in this folder, as an attribute named by its code.

The registry's table lists the same files, so that a new language is one new file and nothing else. A package of yours
registers its own with an entry point of the group `ortaq.languages` to a `Language`, made by `shape.read(path)`.
"""

from __future__ import annotations

from pathlib import Path

from ortaq.languages.shape import Language, read


def __getattr__(name: str) -> Language:
    path = Path(__file__).with_name(f"{name}.toml")
    if name.startswith("_") or not path.is_file():
        raise AttributeError(name)
    return read(path)
