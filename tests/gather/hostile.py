"""A real HTTP server on 127.0.0.1 that can behave as badly as the web does.

A path is answered with ready bytes, or by a function that writes to the socket as it likes. Everything asked is
recorded with its time, and so is how many connections were open at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import h2.config
import h2.connection
import h2.events

from ortaq.gather.fetch import Fetcher
from ortaq.model import Source
from ortaq.settings import GatherSettings, SiteSettings

SOURCE = Source("steppe-post", "feed", "http://127.0.0.1/feed")


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]
    at: float
    connection: int


Answer = bytes | Callable[[Seen, asyncio.StreamWriter], Awaitable[None]]


def answer(
    body: bytes | str = b"", status: int = 200, media_type: str = "text/html; charset=utf-8", **headers: str
) -> bytes:
    """A whole response with its Content-Length; `retry_after="5"` becomes `retry-after: 5`."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Some Words", f"content-type: {media_type}"]
    if "content_length" not in headers and status != 304:
        lines.append(f"content-length: {len(data)}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + data


def redirect(location: str, status: int = 302) -> bytes:
    return answer(b"over there", status, location=location.encode().decode("latin-1"))


@dataclass
class Server:
    """Answers by path; what is not listed is 404."""

    answers: dict[str, Answer] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    open: int = 0
    peak: int = 0
    connections: int = 0
    port: int = 0
    server_name: str | None = None  # what the client asked for in its TLS greeting

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}{path}"

    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]

    def pages(self) -> list[Seen]:
        """The requests for anything but the policy files."""
        return [seen for seen in self.seen if seen.path not in ("/robots.txt", "/.well-known/tdmrep.json")]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        me = self.connections
        self.open += 1
        self.peak = max(self.peak, self.open)
        try:
            tls = writer.get_extra_info("ssl_object")
            if tls is not None and tls.selected_alpn_protocol() == "h2":
                await self._serve_h2(reader, writer, me)
            else:
                await self._serve_h1(reader, writer, me)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client went away, as it should from most of these
        finally:
            self.open -= 1
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _serve_h1(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, me: int) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.split(": ", 1) for line in head[1:] if ": " in line)
            seen = Seen(head[0].split(" ")[1], {key.lower(): value for key, value in pairs}, time.monotonic(), me)
            self.seen.append(seen)
            reply = self.answers.get(seen.path, answer(b"no such page", 404))
            if not isinstance(reply, bytes):
                await reply(seen, writer)
                return
            writer.write(reply)
            await writer.drain()

    async def _serve_h2(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, me: int) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while data := await reader.read(65_536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    headers = {str(key): str(value) for key, value in event.headers or ()}
                    seen = Seen(headers[":path"], headers, time.monotonic(), me)
                    self.seen.append(seen)
                    reply = self.answers.get(headers[":path"], answer(b"", 404))
                    if not isinstance(reply, bytes):
                        await reply(seen, writer)
                        return
                    head, _, body = reply.partition(b"\r\n\r\n")
                    lines = head.decode("latin-1").split("\r\n")
                    fields = [(key, value) for key, value in (line.split(": ", 1) for line in lines[1:])]
                    assert event.stream_id
                    connection.send_headers(event.stream_id, [(":status", lines[0].split(" ")[1]), *fields])
                    for start in range(0, len(body), 16_384):
                        connection.send_data(event.stream_id, body[start : start + 16_384])
                    connection.end_stream(event.stream_id)
            writer.write(connection.data_to_send())
            await writer.drain()


@contextlib.asynccontextmanager
async def serving(
    answers: Mapping[str, Answer] | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """A server for the block. Connections that are still busy at its end are cut."""
    server = Server(dict(answers or {}))
    tasks: set[asyncio.Task[None]] = set()

    def greeted(_object: ssl.SSLObject, name: str, _context: ssl.SSLContext) -> None:
        server.server_name = name

    async def track(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await server.serve(reader, writer)
        except asyncio.CancelledError:
            pass
        finally:
            tasks.discard(task)

    if tls is not None:
        tls.sni_callback = greeted
    listener = await asyncio.start_server(track, "127.0.0.1", 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def silent(_seen: Seen, _writer: asyncio.StreamWriter) -> None:
    """Never answers."""
    await asyncio.sleep(60)


def dripping(head: bytes, drop: bytes, every: float = 0.02) -> Answer:
    """`head`, then `drop` for ever, a bit at a time: a slow loris."""

    async def drip(_seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(every)

    return drip


def flooding(head: bytes, block: bytes, times: int | None = None) -> Answer:
    """`head`, then `block` as fast as it goes, for ever or so many times."""

    async def flood(_seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        count = 0
        while times is None or count < times:
            writer.write(block)
            await writer.drain()
            count += 1

    return flood


def gzip_bomb(mebibytes: int) -> Answer:
    """One gzip member of so many MiB of zeros, about a thousandth on the wire, without a Content-Length.

    A full flush ends each MiB on a byte boundary with no references back, so that one packed block can be repeated.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n"
    return flooding(head + gzip.compress(b"")[:10], block, mebibytes)


def fetcher(server: Server, settings: Mapping[str, Any] | None = None, **parts: Any) -> Fetcher:
    """A fetcher that may read the server, without delay unless `settings` (of gather) say so."""
    values: dict[str, Any] = {"delay": 0.0, "timeout": 5.0, "allow_hosts": (server.host,), **(settings or {})}
    return Fetcher(GatherSettings(**values), SiteSettings(contact="desk@ortaq.example"), **parts)
