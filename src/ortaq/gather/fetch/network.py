"""Connections that go to the checked address, under the name that was asked for."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from functools import cache

import httpcore
import httpx

from ortaq.gather.fetch.addresses import AddressPolicy

MAX_ADDRESSES = 4  # of one host are tried
CONNECT_TIMEOUT = 10.0  # seconds for each of them
KEEP_ALIVE = 15.0  # seconds an idle connection stays open


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves and checks a host, then connects to that very address: there is no second look-up to be fooled.

    httpcore makes the Host header, the TLS server name and the certificate check from the name in the address, which
    this leaves alone.
    """

    def __init__(self, policy: AddressPolicy, inner: httpcore.AsyncNetworkBackend | None = None) -> None:
        self._policy = policy
        self._inner = inner or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises Refused for an address that is not public, and httpcore's errors when none answers."""
        failure: Exception = httpcore.ConnectError("no address")
        for address in (await self._policy.addresses(host, port))[:MAX_ADDRESSES]:
            try:
                return await self._inner.connect_tcp(address, port, CONNECT_TIMEOUT, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("sockets of this machine are not read")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


@cache
def tls_context() -> ssl.SSLContext:
    """Certificates are checked against certifi's list (read once a process); nothing comes from the environment."""
    return httpx.create_ssl_context(verify=True, trust_env=False)


def connection(network: CheckedNetwork, tls: ssl.SSLContext) -> httpcore.AsyncConnectionPool:
    """A pool of one connection, HTTP/2 where the server offers it, no proxy, no retries."""
    return httpcore.AsyncConnectionPool(
        ssl_context=tls,
        max_connections=1,
        keepalive_expiry=KEEP_ALIVE,
        http1=True,
        http2=True,
        retries=0,
        network_backend=network,
    )
