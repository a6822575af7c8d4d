"""What the local kinds share: opening a file of unknown size, naming it in a problem, whose page it is."""

from __future__ import annotations

from pathlib import Path

from ortaq.gather.kinds._addresses import host_of
from ortaq.model import Source


def shown(path: Path) -> str:
    """The path for people; a name that is not UTF-8 must not break what prints or stores it."""
    return str(path).encode("utf-8", "replace").decode("utf-8")


def why(error: OSError) -> str:
    """The system's reason without the path, which `where` has already."""
    return error.strerror or type(error).__name__


def owner(source: Source, named: str, url: str) -> str:
    """Whose page it is: the source's outlet, or the one the item names, or the host of its address; "" for nobody."""
    from ortaq.ids import slug

    name = source.outlet or named or host_of(url)
    return slug(name) if name else ""
