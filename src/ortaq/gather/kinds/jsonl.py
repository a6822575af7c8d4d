"""JSON Lines (https://jsonlines.org): one article a line, the file plain or gzip, of any length."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ortaq.gather.kind import LocalKind
from ortaq.gather.kinds._addresses import absolute
from ortaq.gather.kinds._bytes import Unpacked
from ortaq.gather.kinds._files import owner, shown, why
from ortaq.model import FROM_FILE, Page, Problem, Source

MAX_LINE = 5_000_000
"""Bytes of one line; a longer one is refused without being held in memory."""
MAX_BAD = 1_000
"""So many unusable lines, and more than a half of all: the file is something else."""
SUFFIXES = (".jsonl", ".ndjson", ".json", ".jsonl.gz", ".ndjson.gz", ".json.gz")


def accepts(path: Path) -> bool:
    """A file named so."""
    return path.name.lower().endswith(SUFFIXES) and path.is_file()


def pages(path: Path, source: Source, now: datetime) -> Iterator[Page | Problem]:
    """One page a line, role "item", its body the line itself. Blank lines are skipped.

    The item's outlet is the source's, or else the one it names, or else the host of its address.
    """
    where = shown(path)
    try:
        with path.open("rb") as raw:
            stream = Unpacked(raw)
            yield from _items(stream, where, source, now)
            if stream.problem:
                yield Problem(where, stream.problem, "Get the file again, or unpack it yourself")
    except OSError as error:
        yield Problem(where, f"the file can't be read: {why(error)}", "Check its permissions")


def _items(stream: Unpacked, where: str, source: Source, now: datetime) -> Iterator[Page | Problem]:
    good = bad = 0
    for number, line in _lines(stream):
        if line is not None and not line:
            continue
        if number == 1 and line == b"[":
            yield Problem(where, "a JSON array, not one object a line", "Convert it: jq -c '.[]' FILE > FILE.jsonl")
            return
        item = _item(line, f"{where}:{number}", source, now)
        good, bad = (good + 1, bad) if isinstance(item, Page) else (good, bad + 1)
        yield item
        if bad >= MAX_BAD and bad > good:
            yield Problem(
                where, f"{bad} lines that can't be used, {good} that can; the rest was not read", "Is this JSON Lines?"
            )
            return


def _lines(stream: Unpacked) -> Iterator[tuple[int, bytes | None]]:
    """(number, line without white space around it), None for a line that is too long."""
    number = 1
    waiting = bytearray()
    too_long = False
    while piece := stream.read():
        if not waiting and not too_long and not piece.strip():
            number += piece.count(b"\n")  # a hundred million empty lines must not take minutes
            continue
        *whole, rest = piece.split(b"\n")
        for part in whole:
            if not too_long:
                waiting += part
            line = None if too_long or len(waiting) > MAX_LINE else bytes(waiting).strip()
            yield number, line.removeprefix(b"\xef\xbb\xbf") if line and number == 1 else line
            waiting.clear()
            too_long = False
            number += 1
        if not too_long:
            waiting += rest
        if len(waiting) > MAX_LINE:
            too_long = True
            waiting.clear()
    # The end of a file that was cut off is no line; the stream's own problem tells of it.
    if too_long:
        yield number, None
    elif waiting and not stream.problem:
        yield number, bytes(waiting).strip()


def _item(line: bytes | None, where: str, source: Source, now: datetime) -> Page | Problem:
    if line is None:
        return Problem(where, f"the line is longer than {MAX_LINE // 1_000_000} MB", "Split the item, or leave it out")
    try:
        item = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Problem(where, f"not UTF-8 at byte {error.start} of the line", "Convert the file to UTF-8")
    except json.JSONDecodeError as error:
        return Problem(where, f"not JSON at column {error.colno}: {error.msg}", "Correct that line")
    except (ValueError, RecursionError):
        return Problem(where, "JSON nested too deeply, or with a number too long")
    if not isinstance(item, dict):
        return Problem(where, "not a JSON object", 'Write one {"url": ..., "title": ..., "text": ...} a line')
    address = item.get("url")
    url = absolute(address, address) if isinstance(address, str) else None
    named = item.get("outlet")
    outlet = owner(source, named.strip() if isinstance(named, str) else "", url or "")
    if not outlet:
        return Problem(where, "names no outlet and has no web address", 'Add "outlet": "ID", or import with an outlet')
    return Page(
        url=url or f"urn:ortaq:item:{hashlib.sha256(line).hexdigest()[:32]}",
        body=line,
        media_type="application/json",
        fetched_at=now,
        role="item",
        outlet=outlet,
        source=source.id,
        headers=((FROM_FILE, where),),
    )


kind = LocalKind("jsonl", accepts, pages)
