"""Politeness: how many requests a host gets at once, and how long after one another."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpcore

from ortaq.errors import Retry

MAX_HOSTS = 256  # whose connections and times are remembered; the idle ones go first


class TooSoon(Retry):
    """It is not this host's turn for longer than a task should sleep; nothing was asked of it, nothing failed."""


class Host:
    """One server's turns. A slot holds the connection that its requests use, one after another."""

    def __init__(self, name: str, slots: int, connect: Callable[[], httpcore.AsyncConnectionPool]) -> None:
        self.name = name
        self.failures = 0  # in a row
        self._slots: asyncio.Queue[httpcore.AsyncConnectionPool] = asyncio.Queue()
        self._pools = [connect() for _ in range(slots)]
        for pool in self._pools:
            self._slots.put_nowait(pool)
        self._starting = asyncio.Lock()
        self._users = 0
        self._last_start = self._last_page = self._not_before = -math.inf

    @property
    def idle(self) -> bool:
        return not self._users and self._not_before < time.monotonic()

    @asynccontextmanager
    async def turn(
        self, everyone: asyncio.Semaphore, *, delay: float, page_delay: float, patience: float
    ) -> AsyncIterator[httpcore.AsyncConnectionPool]:
        """Wait for a slot and the host's time, then for one of `everyone`'s places; gives the connection to use.

        Starts are at least `delay` seconds after the last one of any request and `page_delay` after the last one of
        a page (0: this is no page). Raises TooSoon when the host's time is more than `patience` seconds away. A
        connection on which anything went wrong is closed.
        """
        self._users += 1
        try:
            pool = await self._slots.get()
            try:
                async with self._starting:
                    await self._wait(max(self._last_start + delay, self._last_page + page_delay), patience)
                    await everyone.acquire()
                    self._last_start = time.monotonic()
                    if page_delay:
                        self._last_page = self._last_start
                try:
                    yield pool
                except BaseException:
                    await asyncio.shield(pool.aclose())
                    raise
                finally:
                    everyone.release()
            finally:
                self._slots.put_nowait(pool)
        finally:
            self._users -= 1

    async def _wait(self, until: float, patience: float) -> None:
        left = max(until, self._not_before) - time.monotonic()
        if left > patience:
            raise TooSoon(f"not its turn for {left:.0f} seconds", where=self.name, after=left)
        if left > 0:
            await asyncio.sleep(left)

    def pause(self, seconds: float) -> None:
        """No request starts for so long."""
        self._not_before = max(self._not_before, time.monotonic() + seconds)

    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.aclose()


class Hosts:
    """The hosts by name, the least recently used forgotten when there are too many."""

    def __init__(self, slots: int, connect: Callable[[], httpcore.AsyncConnectionPool]) -> None:
        self._slots = max(1, slots)
        self._connect = connect
        self._hosts: dict[str, Host] = {}

    async def get(self, name: str) -> Host:
        host = self._hosts.pop(name, None) or Host(name, self._slots, self._connect)
        self._hosts[name] = host
        if len(self._hosts) > MAX_HOSTS:
            old = next((known for known in self._hosts.values() if known.idle and known is not host), None)
            if old is not None:
                del self._hosts[old.name]
                await old.aclose()
        return host

    async def aclose(self) -> None:
        for host in self._hosts.values():
            await host.aclose()
        self._hosts.clear()
