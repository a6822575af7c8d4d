"""Which addresses may be read: http and https on the public internet, and the private hosts that settings allow.

The check is made where the connection is made (`network.py`), on the very address that is connected to, so that a
name which resolves to something else a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx

from ortaq.errors import Refused, Retry

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""(host, port) to IP addresses as text, in the order to try; raises OSError when the name has none."""

MAX_URL = 8_000  # bytes; what RFC 9110 section 4.1 asks everyone to support
DEFAULT_PORTS = {"http": 80, "https": 443}

_NAME = re.compile(
    r"(?=.{1,253}\.?$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?"
)
_USER = re.compile(r"[^/?#]*//[^/?#]*@")
_ENDS_IN_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$")  # WHATWG URL: such a host is an IPv4 address
_GLOBAL_6 = IPv6Network("2000::/3")  # the only part of IPv6 given out for global unicast (RFC 4291)
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")
# Special-purpose blocks (RFC 6890) that ipaddress calls global, in some of its versions at least.
_SPECIAL_4 = tuple(IPv4Network(block) for block in ("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4"))
_SPECIAL_6 = tuple(IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "3fff::/20"))


def check_url(text: str) -> httpx.URL:
    """The address to request: absolute, its host in ASCII, without fragment.

    Raises Refused for anything but http and https, user names, hosts that are numbers in disguise
    (`2130706433`, `0x7f.1`), and what is no address at all.
    """
    try:
        url = httpx.URL(text)
        host = url.raw_host.decode("ascii").lower()
    except (httpx.InvalidURL, UnicodeError, ValueError, TypeError) as error:
        raise _refused("not a web address", text, f"Correct it ({error})") from None
    if url.scheme not in DEFAULT_PORTS:
        raise _refused(f"only http and https are read, not {url.scheme or 'an address without a scheme'}", text)
    if url.userinfo or _USER.match(text):
        raise _refused("an address with a user name or password in it is not read", text)
    if url.port is not None and not 0 < url.port < 65_536:
        raise _refused(f"there is no port {url.port}", text)
    if len(str(url)) > MAX_URL:
        raise _refused(f"longer than {MAX_URL} bytes", text[:200])
    if as_address(host) is None or "%" in host:
        if not _NAME.fullmatch(host):
            raise _refused("not a host name", text)
        if _ENDS_IN_NUMBER.search(host):
            raise _refused("an IP address must be written as four decimal numbers", text)
    return url.copy_with(host=host.rstrip("."), fragment=None)


def host_of(url: httpx.URL) -> tuple[str, int]:
    """(host in lower-case ASCII, port) of a checked address."""
    return url.raw_host.decode("ascii"), url.port or DEFAULT_PORTS[url.scheme]


def origin_of(url: httpx.URL) -> str:
    """Scheme, host and port (RFC 6454): what one robots.txt speaks for."""
    host, port = host_of(url)
    name = f"[{host}]" if ":" in host else host
    return f"{url.scheme}://{name}" + ("" if port == DEFAULT_PORTS[url.scheme] else f":{port}")


def as_address(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address that `host` is, strictly written, or None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def why_not_public(address: IPv4Address | IPv6Address) -> str:
    """Empty for an address of the public internet, else the reason in words (RFC 6890 and its registries)."""
    if isinstance(address, IPv6Address):
        return _why_not_public_6(address)
    if address.is_loopback:
        return "a loopback address"
    if address.is_link_local:
        return "a link-local address"
    if address.is_multicast:
        return "a multicast address"
    if not address.is_global or any(address in block for block in _SPECIAL_4):
        return "a private or reserved address"
    return ""


def _why_not_public_6(address: IPv6Address) -> str:
    if address.scope_id is not None or address.is_link_local:
        return "a link-local address"
    if address.is_loopback:
        return "a loopback address"
    if address.is_multicast:
        return "a multicast address"
    if address.ipv4_mapped is not None:
        return "an IPv4 address dressed as IPv6"
    inner: IPv4Address | None = None
    if address in _NAT64:
        inner = IPv4Address(int(address) & 0xFFFF_FFFF)
    elif address in _SIX_TO_FOUR:
        inner = address.sixtofour
    if inner is not None:
        reason = why_not_public(inner)
        return f"{reason} ({inner}) inside IPv6" if reason else ""
    if address not in _GLOBAL_6 or not address.is_global or any(address in block for block in _SPECIAL_6):
        return "a private or reserved address"
    return ""


class AddressPolicy:
    """Public addresses, and whatever the hosts named in `allow_hosts` ("host" or "host:port") resolve to."""

    def __init__(self, allow_hosts: Iterable[str], resolver: Resolver | None = None) -> None:
        self._allowed = {_allow_key(entry) for entry in allow_hosts}
        self._resolve = resolver or system_resolver

    def allows_private(self, host: str, port: int) -> bool:
        host = host.lower().rstrip(".")
        return (host, None) in self._allowed or (host, port) in self._allowed

    async def addresses(self, host: str, port: int) -> list[str]:
        """Resolve once and check every answer. Raises Refused when any is not public, Retry when there is none."""
        host = host.lower().rstrip(".")
        literal = as_address(host)
        if literal is not None:
            found = [str(literal)]
        elif host == "localhost" or host.endswith(".localhost"):
            found = ["127.0.0.1", "::1"]  # RFC 6761 section 6.3: never asked of the DNS
        else:
            try:
                found = list(dict.fromkeys(await self._resolve(host, port)))
            except (OSError, UnicodeError) as error:
                raise Retry(f"the name does not resolve ({error})", where=host, fix="Check the name") from None
        if not found:
            raise Retry("the name has no address", where=host, fix="Check the name")
        if not self.allows_private(host, port):
            for text in found:
                address = as_address(text)
                reason = "not an address" if address is None else why_not_public(address)
                if reason:
                    raise AddressRefused(
                        f"{text} is {reason}",
                        where=f"{host}:{port}",
                        fix="A private host must be named in gather.allow_hosts",
                    )
        return found


class AddressRefused(Refused):
    """The host is, or resolves to, something that is not the public internet."""


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """The operating system's resolver; raises OSError."""
    answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(answer[4][0]) for answer in answers]


def _allow_key(entry: str) -> tuple[str, int | None]:
    entry = entry.strip().lower()
    if as_address(entry.strip("[]")) is not None:  # a bare IPv6 address has colons of its own
        return entry.strip("[]"), None
    host, colon, port = entry.rpartition(":")
    if colon and port.isascii() and port.isdigit():
        return host.strip("[]").rstrip("."), int(port)
    return entry.rstrip("."), None


def _refused(what: str, where: str, fix: str = "Correct the address") -> AddressRefused:
    return AddressRefused(what, where=where, fix=fix)
