"""Maps a pure stage over items: in this process, or over a pool of processes. Order is kept."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from types import TracebackType
from typing import Protocol, Self, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")


class Executor(Protocol):
    """`function` must be importable by name and its items picklable, so that another process can run it."""

    @property
    def processes(self) -> int: ...

    def map(self, function: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
        """The results in order. Several processes begin at once; one begins each when it is asked for."""

    def close(self) -> None: ...


class InProcess:
    """No pool: for small work, and for finding faults."""

    processes = 1

    def map(self, function: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
        return map(function, items)

    def close(self) -> None:
        """Nothing to close."""


class Processes:
    """A pool of `count` processes, started afresh (spawn): forking a process that has threads can hang it."""

    def __init__(self, count: int) -> None:
        self._pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
        self.processes = count

    def map(self, function: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
        # Four rounds a process: big enough to be worth sending, small enough that no process idles long.
        chunk = max(1, len(items) // (4 * self.processes))
        return self._pool.map(function, items, chunksize=chunk)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def make_executor(processes: int) -> Executor:
    """One process: no pool."""
    return Processes(processes) if processes > 1 else InProcess()
