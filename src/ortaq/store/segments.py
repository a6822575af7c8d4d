"""The files of the archive: segments in a folder, and the lock file that says what is known to be on the disk.

`ortaq.lock` serves two ends. It is what `flock` excludes on: one writer, or readers fixing where the archive ends.
And it holds, as one line of JSON, how far the last writer had synced and the digest there, so that opening a segment of
hundreds of megabytes reads only what came after. It is written after the sync and may be lost: then the last segment
is read once.
"""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from io import FileIO
from pathlib import Path

from ortaq.model import Page
from ortaq.store.contract import Position
from ortaq.store.walk import walk
from ortaq.store.warc import GENESIS, encode, encode_info

LOCK_NAME = "ortaq.lock"
BUFFER = 1 << 20
_SEGMENT = re.compile(r"ortaq-(\d{6,})\.warc\.gz")
_STATE_BYTES = 512
_log = logging.getLogger("ortaq.store")


@dataclass(frozen=True, slots=True)
class Tail:
    """Where the archive ends: `size` bytes of a segment are synced, `digest` is the last record's."""

    segment: int = 0
    size: int = 0
    digest: str = GENESIS
    info: str = ""


class Segments:
    """A folder of segments; `segment_bytes` is the size at which one is closed."""

    def __init__(self, folder: Path, segment_bytes: int) -> None:
        self.folder = folder
        self._segment_bytes = segment_bytes

    def file(self, number: int) -> Path:
        return self.folder / f"ortaq-{number:06}.warc.gz"

    def sizes(self) -> dict[int, int]:
        """Segment number to bytes."""
        if not self.folder.is_dir():
            return {}
        return {
            int(match[1]): entry.stat().st_size
            for entry in os.scandir(self.folder)
            if (match := _SEGMENT.fullmatch(entry.name))
        }

    def snapshot(self) -> tuple[dict[int, int], Tail | None]:
        """Segments with sizes, and the saved tail, while nobody writes: what is seen is on the disk."""
        if not self.folder.is_dir():
            return {}, None
        try:
            with self.locked(shared=True) as lock:
                sizes = self.sizes()
                if sizes:
                    # A writer that was killed may have left bytes that are not on the disk yet.
                    _sync(self.file(max(sizes)))
                return sizes, load(lock)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EROFS):
                raise
            # A read-only copy of an archive: nobody writes here.
            return self.sizes(), None

    @contextmanager
    def locked(self, shared: bool = False) -> Iterator[int]:
        """The open lock file; held until the end of the block."""
        lock = os.open(self.folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
            yield lock
        finally:
            os.close(lock)

    def find_tail(self, lock: int) -> Tail:
        """The end of the archive; what a crash left behind it is moved aside. Needs the exclusive lock."""
        sizes = self.sizes()
        known = load(lock)
        if known and known.segment == max(sizes, default=0) and known.size == sizes.get(known.segment, 0):
            return known
        if known and known.size > sizes.get(known.segment, 0):
            _log.error("%s: acknowledged records are missing; a new segment is begun", self.file(known.segment))
            # No position is ever used twice, and the chain keeps pointing at what is gone.
            return Tail(max(known.segment, *sizes, 0) + 1, 0, known.digest)
        if known:
            tail = known
        else:
            # The last segment names its own last digest; only if it holds no whole record the one before must be asked.
            tail = Tail(segment=max(sizes, default=0))
            while tail.segment > 1 and not self._holds_record(tail.segment, sizes):
                tail = replace(tail, segment=tail.segment - 1)
        for number in sorted(number for number in sizes if number >= tail.segment):
            if number != tail.segment:
                tail = replace(tail, segment=number, size=0, info="")
            tail = self._scan(tail, number == max(sizes))
        return tail

    def _holds_record(self, number: int, sizes: Mapping[int, int]) -> bool:
        if number not in sizes:
            return False
        with self.file(number).open("rb") as file:
            return any(entry.record for entry in walk(file, 0, sizes[number]))

    def _scan(self, tail: Tail, is_last: bool) -> Tail:
        """Walk on from `tail` to the last whole record of its segment; cut off what a crash left behind the last."""
        path = self.file(tail.segment)
        with path.open("r+b", buffering=BUFFER) as file:
            size = os.fstat(file.fileno()).st_size
            for entry in walk(file, tail.size, size):
                if entry.record is not None:
                    tail = Tail(tail.segment, entry.end, entry.record.digest, entry.record.info)
                elif entry.end < size:
                    _log.error("%s: damaged from byte %d to %d", path, entry.start, entry.end)
            if tail.size < size and is_last:
                aside = _move_aside(path, tail.size, size)
                _log.warning("%s: a torn record of %d bytes was moved to %s", path, size - tail.size, aside.name)
                os.ftruncate(file.fileno(), tail.size)
            os.fsync(file.fileno())
        return tail

    def fill(self, tail: Tail, pages: Sequence[Page]) -> tuple[Tail, list[Position]]:
        """Write pages until the segment is full, and sync it."""
        if tail.segment == 0 or tail.size >= self._segment_bytes:
            tail = replace(tail, segment=tail.segment + 1, size=0)
        path = self.file(tail.segment)
        begin, is_new = tail.size, not path.exists()
        positions: list[Position] = []
        pending = bytearray()
        # Unbuffered: a file object's own buffer would be written at close, after a failed batch was cut off.
        with path.open("xb" if is_new else "r+b", buffering=0) as file:
            try:
                file.seek(begin)
                if begin == 0:
                    member, digest, info = encode_info(path.name, tail.digest)
                    pending += member
                    tail = replace(tail, size=len(member), digest=digest, info=info)
                for page in pages:
                    if positions and tail.size >= self._segment_bytes:
                        break
                    member, digest = encode(page, tail.info, tail.digest)
                    pending += member
                    if len(pending) >= BUFFER:
                        _write_all(file, pending)
                        pending.clear()
                    positions.append(Position(tail.segment, tail.size))
                    tail = replace(tail, size=tail.size + len(member), digest=digest)
                _write_all(file, pending)
                os.fsync(file.fileno())
            except BaseException:
                os.ftruncate(file.fileno(), begin)
                raise
        if is_new:
            _sync(self.folder)
        return tail, positions


def _write_all(file: FileIO, data: bytes | bytearray) -> None:
    rest = memoryview(bytes(data))
    while rest:
        rest = rest[file.write(rest) :]


def save(lock: int, tail: Tail) -> None:
    """Remember that the archive is synced up to `tail`."""
    os.pwrite(lock, json.dumps(asdict(tail)).ljust(_STATE_BYTES - 1).encode("ascii") + b"\n", 0)


def load(lock: int) -> Tail | None:
    """What `save` remembered, if it is still readable."""
    try:
        return Tail(**json.loads(os.pread(lock, _STATE_BYTES, 0)))
    except (ValueError, TypeError):  # empty, or torn by a crash
        return None


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """Make the folder and see to it that its name is on the disk too."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        _sync(path.parent)


def _move_aside(path: Path, start: int, end: int) -> Path:
    """Copy bytes `start` to `end` of a segment to a new `.torn` file."""
    number = 0
    while True:
        aside = path.with_name(f"{path.name}.{start}-{number}.torn")
        try:
            target = aside.open("xb")
            break
        except FileExistsError:
            number += 1
    with path.open("rb") as source, target:
        source.seek(start)
        while start < end and (chunk := source.read(min(BUFFER, end - start))):
            target.write(chunk)
            start += len(chunk)
        target.flush()
        os.fsync(target.fileno())
    _sync(path.parent)
    return aside
