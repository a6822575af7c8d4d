"""One request at a time: politely timed, to a checked address, within limits of time and size."""

from __future__ import annotations

import asyncio
import random
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import httpcore
import httpx

from ortaq.errors import OrtaqError, Quarantined, Retry
from ortaq.gather.fetch.addresses import DEFAULT_PORTS, AddressRefused, check_url, host_of
from ortaq.gather.fetch.body import ACCEPT_ENCODING, WIRE_SLACK, read_body, too_large
from ortaq.gather.fetch.hosts import Host, Hosts, TooSoon
from ortaq.gather.fetch.network import CheckedNetwork, connection
from ortaq.gather.schedule import backoff, parse_retry_after
from ortaq.model import Decision, Page
from ortaq.settings import GatherSettings

MAX_HEADERS = 65_536  # bytes of all response headers together; HTTP/2 connections are told the same
MAX_DRAIN = 65_536  # bytes of an unwanted body that are read to keep the connection
ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"

BODY_STATUS = frozenset({200, 203})
REDIRECT_STATUS = frozenset({301, 302, 303, 307, 308})
OVERLOADED = frozenset({429, 502, 503, 504})  # the host, rather than this address, is in trouble

Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Evidence:
    """What was decided, and the files it was decided on, until the caller takes them."""

    decisions: list[Decision] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)


@dataclass(slots=True)
class Budget:
    """Seconds of network time left for a fetch, its redirects included; waiting for one's turn is free."""

    left: float


@dataclass(frozen=True, slots=True)
class Answer:
    """One response. `body` is unpacked, and empty unless the status is one of BODY_STATUS."""

    url: httpx.URL
    status: int
    headers: Headers
    body: bytes
    at: datetime

    def header(self, name: str) -> str:
        return header(self.headers, name)

    @property
    def location(self) -> str:
        """Where a redirect leads, "" for any other answer. Bytes beyond ASCII are UTF-8, as browsers take them."""
        if self.status not in REDIRECT_STATUS:
            return ""
        raw = self.header("location").encode("latin-1")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("latin-1")

    @property
    def media_type(self) -> str:
        """Type and subtype in lower case, without parameters."""
        return self.header("content-type").partition(";")[0].strip().lower() or "application/octet-stream"


def header(headers: Headers, name: str) -> str:
    """The first value of a header (name in lower case), or ""."""
    return next((value for key, value in headers if key.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Ask:
    """How to ask. `page_delay` is the host's crawl-delay (0: not a page), `truncate` cuts a large body short."""

    budget: Budget
    headers: Sequence[tuple[str, str]] = ()
    max_bytes: int = 0
    truncate: bool = False
    page_delay: float = 0.0


class Client:
    """Sends requests. Raises AddressRefused (logged as a decision), Retry, TooSoon, Quarantined."""

    def __init__(
        self,
        settings: GatherSettings,
        user_agent: str,
        network: CheckedNetwork,
        tls: ssl.SSLContext,
        evidence: Evidence,
        now: Callable[[], datetime],
        rng: random.Random,
    ) -> None:
        self._settings = settings
        self._user_agent = user_agent
        self._evidence = evidence
        self._now = now
        self._rng = rng
        self._everyone = asyncio.Semaphore(max(1, settings.concurrency))
        self._hosts = Hosts(settings.connections_per_host, lambda: connection(network, tls))

    async def aclose(self) -> None:
        await self._hosts.aclose()

    def check(self, text: str) -> httpx.URL:
        """The address to request, see `check_url`; a refusal is logged."""
        try:
            return check_url(text)
        except AddressRefused as refusal:
            self._log_refusal(text, refusal)
            raise

    def follow(self, answer: Answer) -> httpx.URL:
        """The checked address that a redirect leads to; a refusal is logged."""
        try:
            joined = str(answer.url.join(answer.location))
        except (httpx.InvalidURL, UnicodeError, ValueError):
            joined = answer.location
        return self.check(joined)

    async def get(self, url: httpx.URL, ask: Ask) -> Answer:
        """One request to a checked address, redirects not followed. The host is paused when it is in trouble."""
        host = await self._hosts.get(_host_name(url))
        patience = max(self._settings.max_crawl_delay, self._settings.delay)
        try:
            async with host.turn(
                self._everyone, delay=self._settings.delay, page_delay=ask.page_delay, patience=patience
            ) as pool:
                answer = await self._timed(pool, url, ask)
        except AddressRefused as refusal:
            self._log_refusal(str(url), refusal)
            raise
        except TooSoon:
            raise
        except Retry:
            self._pause(host, None, ask)
            raise
        if answer.status in OVERLOADED:
            self._pause(host, self.retry_after(answer), ask)
        else:
            host.failures = 0
        return answer

    def retry_after(self, answer: Answer) -> float | None:
        """Seconds that the server asked us to stay away."""
        return parse_retry_after(answer.header("retry-after"), answer.at)

    def _pause(self, host: Host, after: float | None, ask: Ask) -> None:
        host.failures += 1
        base = 2 * max(self._settings.delay, ask.page_delay)
        host.pause(backoff(host.failures, after, self._rng, base=base, ceiling=self._settings.max_interval))

    def _log_refusal(self, url: str, refusal: AddressRefused) -> None:
        self._evidence.decisions.append(Decision(self._now(), url, "address", False, refusal.what))

    async def _timed(self, pool: httpcore.AsyncConnectionPool, url: httpx.URL, ask: Ask) -> Answer:
        started = time.monotonic()
        try:
            async with asyncio.timeout(ask.budget.left):
                return await self._exchange(pool, url, ask)
        except TimeoutError:
            what = f"no complete answer within gather.timeout, {self._settings.timeout:g} seconds"
            raise Retry(what, where=str(url), fix="It is asked for again") from None
        finally:
            ask.budget.left -= time.monotonic() - started

    async def _exchange(self, pool: httpcore.AsyncConnectionPool, url: httpx.URL, ask: Ask) -> Answer:
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        try:
            async with pool.stream("GET", target, headers=self._headers(url, ask)) as response:
                headers = _decoded(response.headers, str(url))
                status, at = response.status, self._now()
                if status in BODY_STATUS:
                    body = await self._body(response, headers, str(url), ask)
                    return Answer(url, status, headers, body, at)
                drained = await _drain(response)
            if not drained:
                await pool.aclose()
            return Answer(url, status, headers, b"", at)
        except OrtaqError:
            raise
        except Exception as error:
            # httpcore's own errors, and what h2, h11, ssl and anyio let through when a server breaks their protocols.
            what = f"the connection failed ({type(error).__name__}: {str(error)[:200]})"
            raise Retry(what, where=str(url), fix="It is asked for again") from error

    def _headers(self, url: httpx.URL, ask: Ask) -> list[tuple[bytes, bytes]]:
        pairs = [("User-Agent", self._user_agent), ("Accept", ACCEPT), ("Accept-Encoding", ACCEPT_ENCODING)]
        encoded = [(key.encode("ascii"), value.encode("latin-1")) for key, value in (*pairs, *ask.headers)]
        return [(b"Host", url.netloc), *encoded]

    async def _body(self, response: httpcore.Response, headers: Headers, where: str, ask: Ask) -> bytes:
        length = header(headers, "content-length")
        if not ask.truncate and length.isdigit() and int(length) > ask.max_bytes + WIRE_SLACK:
            raise too_large(f"{int(length):,} bytes by its Content-Length", ask.max_bytes, where)
        coding = ", ".join(value for key, value in headers if key.lower() == "content-encoding")
        return await read_body(response.aiter_stream(), coding, ask.max_bytes, where, truncate=ask.truncate)


def _host_name(url: httpx.URL) -> str:
    """http and https of one host, on their usual ports, are one server to be polite to."""
    host, port = host_of(url)
    return host if port == DEFAULT_PORTS[url.scheme] else f"{host} port {port}"


def _decoded(raw: Sequence[tuple[bytes, bytes]], where: str) -> Headers:
    """Header bytes as Latin-1, which loses nothing and is what HTTP once meant (RFC 9110 section 5.5)."""
    size = sum(len(key) + len(value) + 4 for key, value in raw)
    if size > MAX_HEADERS:
        raise Quarantined(f"{size:,} bytes of response headers, more than {MAX_HEADERS:,}", where=where)
    return tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in raw)


async def _drain(response: httpcore.Response) -> bool:
    """Read a small rest, so that the connection can be used again. False when it was too much."""
    size = 0
    async for chunk in response.aiter_stream():
        size += len(chunk)
        if size > MAX_DRAIN:
            return False
    return True
