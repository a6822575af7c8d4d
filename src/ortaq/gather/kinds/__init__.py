"""The built-in source kinds, one file each; `ortaq.registry` names them, and a package can add its own.

In:    a fetched listing, or a path on this machine.
Out:   article links with hints, or pages ready for the archive; a problem for each input that can't be used.
Never: the network, the database, an exception for bad bytes.
"""

from __future__ import annotations

from pathlib import Path

from ortaq.errors import ConfigError
from ortaq.gather.kind import LocalKind
from ortaq.registry import SOURCES, load, names


def local_kinds() -> list[LocalKind]:
    """The registered kinds that read files, in the registry's order."""
    kinds = [load(SOURCES, name) for name in names(SOURCES)]
    return [kind for kind in kinds if isinstance(kind, LocalKind)]


def find_local_kind(path: Path) -> LocalKind:
    """The first local kind that accepts the path. Raises ConfigError when there is none, or no such path."""
    if not path.exists():
        raise ConfigError("no such file or folder", where=str(path), fix="Check the path")
    kinds = local_kinds()
    for kind in kinds:
        if kind.accepts(path):
            return kind
    known = ", ".join(kind.name for kind in kinds)
    raise ConfigError(
        "no source kind can read this file",
        where=str(path),
        fix=f"Kinds of files: {known} (.txt .html .docx .pdf .odt .rtf, .jsonl and .warc plain or .gz, .wacz)",
    )
