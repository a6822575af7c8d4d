"""Asks a model server that the operator named: the OpenAI-compatible API, as llama.cpp, vLLM and Ollama have it.

This is not gathering: one address, from the settings, is asked, and an answer is either what was asked for or an error.
The key goes into one header and nowhere else: not into errors, not into logs, not along a redirect.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ortaq.errors import ConfigError, Retry

if TYPE_CHECKING:
    import httpx

ATTEMPTS = 4
MAX_WAIT = 30.0  # seconds between two attempts, whatever the server asks for
MAX_BYTES = 64_000_000  # of an answer; 64 texts with 4,096 numbers each are 6 million
_LATER = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


class ModelServer:
    """The server at `url` (up to and without `/embeddings`); safe to use from several threads."""

    def __init__(self, url: str, key: str, timeout: float, *, section: str, pause: float = 0.5) -> None:
        """`section` names the settings in errors ("embed"); `pause` is the seconds before the second attempt.

        Raises ConfigError for an address or a key that can't be used.
        """
        self._url = url.rstrip("/")
        self._shown = self._url.partition("?")[0]
        self._section = section
        self._key = key
        self._pause = pause
        _check(url, key, section)
        import httpx

        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(headers=headers, timeout=timeout, follow_redirects=False)

    def ask(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON answer to `body`.

        Raises Retry when the server can't be reached or is busy after several attempts, ConfigError when it refuses.
        """
        import httpx

        for attempt in range(1, ATTEMPTS + 1):
            wait = self._pause * 2 ** (attempt - 1)
            try:
                status, headers, data = self._once(path, body)
            except httpx.HTTPError as error:
                reason = f"the model server can't be reached ({type(error).__name__})"
            except httpx.InvalidURL:
                raise self._error("not an address", "url") from None
            else:
                if status not in _LATER:
                    return self._answer(status, data)
                reason = f"the model server answered {status}"
                with contextlib.suppress(ValueError):
                    wait = max(wait, float(headers.get("retry-after", "")))
            if attempt < ATTEMPTS:
                time.sleep(min(wait, MAX_WAIT))
        raise Retry(f"{reason}, {ATTEMPTS} times", where=self._shown, fix="Is it running? Try again later")

    def _once(self, path: str, body: Mapping[str, Any]) -> tuple[int, httpx.Headers, bytes]:
        base, _, query = self._url.partition("?")
        with self._client.stream("POST", base + path + ("?" + query if query else ""), json=body) as response:
            data = bytearray()
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise self._error(f"the answer is longer than {MAX_BYTES:,} bytes", "url")
            return response.status_code, response.headers, bytes(data)

    def _answer(self, status: int, data: bytes) -> Any:
        if status in (401, 403):
            raise self._error(f"the model server refuses the key ({status})", "key")
        if 300 <= status < 400:
            raise self._error(f"the model server sends elsewhere ({status}); a key does not follow", "url")
        if status != 200:
            raise self._error(f"the model server refuses ({status}): {self._said(data)}", "model")
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise self._error("the answer is not JSON", "url") from None

    def _said(self, data: bytes) -> str:
        """What the server says of its refusal, short and in one line."""
        text = data[:2_000].decode("utf-8", "replace")
        text = text.replace(self._key, "[key]") if self._key else text
        return " ".join(text.split())[:200] or "nothing said"

    def _error(self, what: str, setting: str) -> ConfigError:
        section = self._section
        variable = f"ORTAQ_{section}_{setting}".upper()
        fix = f"Set {variable} in the environment" if setting == "key" else f"Check [{section}] {setting}"
        return ConfigError(what, where=self._shown, fix=fix)


def _check(url: str, key: str, section: str) -> None:
    where = f"[{section}] url"
    fix = "Write it as https://host/v1"
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        raise ConfigError("not an address", where=where, fix=fix) from None
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigError("not an http or https address" if url else "no address", where=where, fix=fix)
    if parts.username or parts.password:
        fix = f"Set ORTAQ_{section.upper()}_KEY in the environment"
        raise ConfigError("a password does not belong in the address", where=where, fix=fix)
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise ConfigError(
            "the key has letters that no key has", where=f"[{section}] key", fix="Copy it again, without spaces"
        )
    if key and parts.scheme == "http" and not _private(host):
        raise ConfigError("a key would be sent in the clear", where=where, fix="Use https")


def _private(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
