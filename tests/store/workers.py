"""What the tests' other processes do, and how they are started: forked from a server that has everything imported."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ortaq.model import Membership
from ortaq.store.archive import open_archive
from ortaq.store.contract import Position
from ortaq.store.records import open_records
from tests.store.samples import annotation, article, page

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


class Worker:
    """A process that acknowledges what it has written, number by number."""

    def __init__(self, target: Any, *args: object) -> None:
        self._receiver, sender = _context.Pipe(duplex=False)
        self.process = _context.Process(target=target, args=(sender, *args))
        self.process.start()
        sender.close()

    def first(self) -> int:
        """The first number, once it is written."""
        number: int = self._receiver.recv()
        return number

    def rest(self) -> list[int]:
        """All further ones, when the process has ended."""
        numbers: list[int] = []
        try:
            while True:
                numbers.append(self._receiver.recv())
        except EOFError:
            self._receiver.close()
            self.process.join(60)
            return numbers


def append_pages(told: Connection, folder: Path, name: str, batches: int) -> None:
    """Batches of five pages numbered on from 0, of the outlet `name`."""
    archive = open_archive(folder, 60_000)
    for batch in range(batches):
        archive.append([page(n, (str(n) * 900).encode(), outlet=name) for n in range(batch * 5, batch * 5 + 5)])
        told.send(batch)


def write_transactions(told: Connection, url: str, base: int, count: int) -> None:
    """Transactions of three articles in one of seven stories, with the transaction's number as checkpoint."""
    records = open_records(url)
    for number in range(base, base + count):
        with records.write() as writer:
            for part in range(3):
                made = article(number * 3 + part)
                writer.put_article(made, Position(1, number), annotation())
                writer.put_membership(Membership(made.id, f"s{number % 7}"))
            writer.checkpoint(Position(1, number))
        told.send(number)
    records.close()
