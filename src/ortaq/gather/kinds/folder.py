"""Documents in a folder, and files of the other local kinds that lie among them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ortaq.gather.kind import LocalKind
from ortaq.gather.kinds._files import shown, why
from ortaq.model import Page, Problem, Source

MAX_BYTES = 20_000_000
"""As `gather.max_bytes` by default: what a document on the web may have."""
MAX_DEPTH = 40
MEDIA_TYPES = {
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
}


def accepts(path: Path) -> bool:
    """A folder, or one document."""
    return path.is_dir() or (path.is_file() and path.suffix.lower() in MEDIA_TYPES)


def pages(path: Path, source: Source, now: datetime) -> Iterator[Page | Problem]:
    """One page a document, sorted by path. Hidden files and unknown types are skipped without a word.

    A symbolic link is read only when it leads to a file below the folder; linked folders are not entered. A single
    file that is no document is a problem.
    """
    path = path.absolute()
    if not path.is_dir():
        if path.suffix.lower() in MEDIA_TYPES:
            yield _document(path, source, now)
        else:
            known = " ".join(MEDIA_TYPES)
            yield Problem(shown(path), "not a file that can be read here", f"Readable documents: {known}")
        return
    others = _other_kinds()
    for found in _walk(path, path.resolve(), 0):
        if isinstance(found, Problem):
            yield found
        elif found.suffix.lower() in MEDIA_TYPES:
            yield _document(found, source, now)
        else:
            reader = next((kind for kind in others if kind.accepts(found)), None)
            if reader is not None:
                yield from reader.pages(found, source, now)


def _other_kinds() -> list[LocalKind]:
    from ortaq.gather.kinds import local_kinds

    return [other for other in local_kinds() if other.name != kind.name]


def _walk(folder: Path, root: Path, depth: int) -> Iterator[Path | Problem]:
    if depth > MAX_DEPTH:
        yield Problem(shown(folder), f"folders nested deeper than {MAX_DEPTH}; not entered")
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Problem(shown(folder), f"the folder can't be read: {why(error)}")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = folder / entry.name
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(path, root, depth + 1)
            elif entry.is_symlink() and not path.resolve().is_relative_to(root):
                yield Problem(shown(path), "a link that leads out of the folder; not followed")
            elif entry.is_file():
                yield path
        except (OSError, RuntimeError):  # RuntimeError: links in a circle
            yield Problem(shown(path), "a link that leads nowhere")


def _document(path: Path, source: Source, now: datetime) -> Page | Problem:
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Problem(shown(path), f"the file can't be read: {why(error)}", "Check its permissions")
    if len(body) > MAX_BYTES:
        return Problem(shown(path), f"larger than {MAX_BYTES // 1_000_000} MB", "Split the document")
    if not body:
        return Problem(shown(path), "the file is empty")
    return Page(
        url=path.as_uri(),
        body=body,
        media_type=MEDIA_TYPES[path.suffix.lower()],
        fetched_at=now,
        role="article",
        outlet=source.outlet,
        source=source.id,
    )


kind = LocalKind("folder", accepts, pages)
