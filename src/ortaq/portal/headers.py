"""What every answer carries: security headers, validators, HEAD."""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY = {
    # No script at all, and no style but our own file: outlets' text has nothing to run even if it got through.
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "cross-origin-opener-policy": "same-origin",
}


class AnswerHeaders:
    """Security headers on everything; ETag and 304 on whole answers; HEAD answered as GET without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        exchange = _Exchange(send, head, Headers(scope=scope).get("if-none-match", ""))
        inner: MutableMapping[str, Any] = {**scope, "method": "GET"} if head else scope
        await self.app(inner, receive, exchange.send)


class _Exchange:
    """Holds the start of one answer back until its first body part tells whether that is all of it."""

    def __init__(self, send: Send, head: bool, known: str) -> None:
        self._send = send
        self._head = head
        self._known = [name.strip().removeprefix("W/") for name in known.split(",")]
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            for name, value in SECURITY.items():
                headers.setdefault(name, value)
            self._start = message
            return
        if message["type"] != "http.response.body":
            if self._start is not None:
                start, self._start = self._start, None
                await self._send(start)
            await self._send(message)
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._start is not None:
            if not more and self._unchanged(self._start, body):
                body = b""
            start, self._start = self._start, None
            await self._send(start)
        await self._send({"type": "http.response.body", "body": b"" if self._head else body, "more_body": more})

    def _unchanged(self, start: Message, body: bytes) -> bool:
        """Gives a whole answer its ETag, and turns it into a 304 when the visitor has it already."""
        headers = MutableHeaders(raw=start["headers"])
        if start["status"] != 200 or "set-cookie" in headers:
            return False
        if "etag" not in headers:
            headers["etag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if headers["etag"].removeprefix("W/") not in self._known:
            return False
        start["status"] = 304
        for name in ("content-length", "content-type"):
            if name in headers:
                del headers[name]
        return True
