"""The archive: what the world said, kept for ever in append-only WARC segments."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ortaq.errors import NotFound, Quarantined, StoreError
from ortaq.model import Page, Problem
from ortaq.store.contract import Position
from ortaq.store.segments import BUFFER, Segments, Tail, make_folder, save
from ortaq.store.walk import Entry, record_at, walk
from ortaq.store.warc import GENESIS, check_size, sha256


class DamagedRecord(Quarantined):
    """Bytes of the archive that are no record; reading can go on with `read(error.resume)`."""

    start: Position
    resume: Position

    @classmethod
    def at(cls, path: Path, start: Position, resume: Position, reason: str) -> DamagedRecord:
        error = cls(
            f"an archive record can't be read: {reason}",
            where=f"{path}, bytes {start.offset} to {resume.offset}",
            fix="Restore this file from a copy; the records before and after it are whole",
        )
        error.start, error.resume = start, resume
        return error


def open_archive(path: Path, segment_bytes: int) -> WarcArchive:
    """The archive in the folder `path`, which is made at the first append; a segment is closed at `segment_bytes`."""
    return WarcArchive(path, segment_bytes)


class WarcArchive:
    """See `contract.Archive`. Holds no open files, so it can be shared by threads and survives a fork."""

    def __init__(self, path: Path, segment_bytes: int) -> None:
        self._segments = Segments(path, segment_bytes)

    def append(self, pages: Sequence[Page]) -> list[Position]:
        """Raises Quarantined for a page too large for a record, StoreError when the disk fails."""
        for page in pages:
            check_size(page)
        if not pages:
            return []
        try:
            make_folder(self._segments.folder)
            with self._segments.locked() as lock:
                tail = self._segments.find_tail(lock)
                positions: list[Position] = []
                while len(positions) < len(pages):
                    tail, written = self._segments.fill(tail, pages[len(positions) :])
                    positions += written
                save(lock, tail)
                return positions
        except OSError as error:
            raise StoreError(
                f"the archive can't be written: {error.strerror or error}",
                where=str(self._segments.folder),
                fix="Check free space and permissions; nothing of this batch was acknowledged",
            ) from error

    def read(self, after: Position | None = None) -> Iterator[tuple[Position, Position, Page]]:
        """Raises DamagedRecord (a Quarantined) where bytes are no record, StoreError when `after` lies past the end.

        The archive is read up to where it ended when the iteration began.
        """
        after = after or Position()
        sizes, known = self._segments.snapshot()
        if after.segment and after.offset > sizes.get(after.segment, -1):
            raise StoreError(
                f"the archive ends before segment {after.segment}, byte {after.offset}, which was read before",
                where=str(self._segments.folder),
                fix="Restore the missing WARC files, or run `ortaq rebuild` to accept the loss",
            )
        for number in sorted(number for number in sizes if number >= after.segment):
            path = self._segments.file(number)
            start = after.offset if number == after.segment else 0
            with path.open("rb", buffering=BUFFER) as file:
                for entry in walk(file, start, sizes[number]):
                    begin, end = Position(number, entry.start), Position(number, entry.end)
                    if entry.record is None:
                        if _is_torn(entry, number, sizes, known):
                            return
                        raise DamagedRecord.at(path, begin, end, entry.reason)
                    if entry.record.page is not None:
                        yield begin, end, entry.record.page

    def get(self, position: Position) -> Page:
        """Raises NotFound where no record begins, DamagedRecord where one did."""
        path = self._segments.file(position.segment)
        missing = NotFound(
            f"no archive record begins at segment {position.segment}, byte {position.offset}", where=str(path)
        )
        try:
            with path.open("rb", buffering=0) as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(position.offset)
                if file.read(2) != b"\x1f\x8b":
                    raise missing
                try:
                    record, _ = record_at(file, position.offset, size)
                except ValueError as error:
                    raise DamagedRecord.at(path, position, replace(position, offset=size), str(error)) from None
        except FileNotFoundError:
            raise missing from None
        if record.page is None:
            raise missing
        return record.page

    def verify(self) -> Iterator[Problem]:
        """A problem for each damaged record, digest, broken link, missing segment, and for an end that was cut off."""
        sizes, known = self._segments.snapshot()
        numbers = sorted(sizes)
        if known and known.size > sizes.get(known.segment, 0):
            yield Problem(
                str(self._segments.file(known.segment)),
                f"{known.size} bytes were acknowledged, {sizes.get(known.segment, 0)} are there",
                "Restore this file from a copy",
            )
        if numbers:
            for number in sorted(set(range(1, numbers[-1])) - set(numbers)):
                yield Problem(str(self._segments.file(number)), "the segment is missing", "Restore it from a copy")
        digest: str | None = GENESIS
        for number in numbers:
            digest = yield from self._verify_segment(number, sizes, known, digest)

    def _verify_segment(
        self, number: int, sizes: Mapping[int, int], known: Tail | None, digest: str | None
    ) -> Generator[Problem, None, str | None]:
        path = self._segments.file(number)
        info: str | None = None
        with path.open("rb", buffering=BUFFER) as file:
            for entry in walk(file, 0, sizes[number]):
                where = f"{path}, bytes {entry.start} to {entry.end}"
                record = entry.record
                if record is None:
                    torn = _is_torn(entry, number, sizes, known)
                    fix = "The next append moves it aside" if torn else "Restore this file from a copy"
                    yield Problem(where, f"no record: {entry.reason}", fix)
                    digest = None
                    continue
                # After damage, what the next record should link to can't be known.
                if digest is not None and record.link != digest:
                    yield Problem(where, "the chain is broken: a record before it was changed or is missing")
                info = info or record.info
                if record.info != info:
                    yield Problem(where, "the record belongs to another segment")
                if record.page is not None and sha256(record.page.body) != record.payload_digest:
                    yield Problem(where, "the payload digest is wrong")
                digest = record.digest
        return digest


def _is_torn(entry: Entry, number: int, sizes: Mapping[int, int], known: Tail | None) -> bool:
    """Whether bytes that are no record are the rest of an interrupted append, not damage to what was acknowledged."""
    if number != max(sizes) or entry.end != sizes[number]:
        return False
    return known is None or known.segment != number or entry.start >= known.size
