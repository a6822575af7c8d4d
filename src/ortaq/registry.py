"""The extension points: named things that come in by a visible table or by an installed package's entry point.

Built-ins and strangers enter by the same door: a group's table maps names to "module:attribute", and entry points
of the same group (`ortaq.sources`, `ortaq.languages`) add to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from ortaq.errors import ConfigError

SOURCES = "ortaq.sources"
LANGUAGES = "ortaq.languages"

BUILT_IN: Mapping[str, Mapping[str, str]] = {
    SOURCES: {
        "feed": "ortaq.gather.kinds.feed:kind",
        "sitemap": "ortaq.gather.kinds.sitemap:kind",
        "page": "ortaq.gather.kinds.page:kind",
        "telegram": "ortaq.gather.kinds.telegram:kind",
        "folder": "ortaq.gather.kinds.folder:kind",
        "jsonl": "ortaq.gather.kinds.jsonl:kind",
        "webarchive": "ortaq.gather.kinds.webarchive:kind",
    },
    # Every language is one file; `ortaq.languages.built_in` gives each as an attribute.
    LANGUAGES: {
        path.stem: f"ortaq.languages.built_in:{path.stem}"
        for path in sorted((Path(__file__).parent / "languages").glob("*.toml"))
    },
}


@cache
def names(group: str) -> Mapping[str, str]:
    """All names of a group with where they are, built-ins first; a stranger can't replace a built-in."""
    table = dict(BUILT_IN[group])
    for point in entry_points(group=group):
        table.setdefault(point.name, point.value)
    return table


@cache
def load(group: str, name: str) -> Any:
    """The thing registered as `name`. Raises ConfigError when there is none."""
    table = names(group)
    if name not in table:
        raise ConfigError(f"unknown {group.removeprefix('ortaq.')[:-1]} {name!r}", fix=f"Known: {', '.join(table)}")
    module, _, attribute = table[name].partition(":")
    return getattr(import_module(module), attribute)
