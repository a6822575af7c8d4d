"""Public Telegram channels, by the preview that t.me itself shows to everybody; no account, no API.

The preview's page is full of articles, so its role is "posts" and `read` makes articles of it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ortaq.errors import ConfigError
from ortaq.gather.kind import RemoteKind
from ortaq.model import Discovery, Page, Problem

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog", "www.t.me"})
_RESERVED = frozenset({"joinchat", "addstickers", "proxy", "share", "iv", "socks", "addlist"})


def request_url(address: str) -> str:
    """`@NAME`, `NAME`, `t.me/NAME` and `https://t.me/s/NAME` are all https://t.me/s/NAME.

    An address on any other host (a mirror, the demo region) is kept as it is. Raises ConfigError for what
    can't be a channel: an invitation link, a bare number.
    """
    address = address.strip()
    if _NAME.fullmatch(address.removeprefix("@")):
        return f"https://t.me/s/{address.removeprefix('@')}"
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:
        raise ConfigError("not an address", where=address, fix="Write https://t.me/NAME") from None
    if parts.hostname not in _HOSTS:
        return address
    steps = [step for step in parts.path.split("/") if step]
    name = steps[1] if steps[:1] == ["s"] and len(steps) > 1 else steps[0] if steps else ""
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise ConfigError("not a public Telegram channel", where=address, fix="Write https://t.me/NAME")
    return f"https://t.me/s/{name}"


def discover(page: Page) -> Discovery:
    """No links: the posts are on the page itself. Older pages (`?before=`) are not followed.

    A problem when the page has no posts: the channel is private, closed its preview, or does not exist.
    """
    if b"tgme_widget_message" in page.body:
        return Discovery()
    fix = "Open the address in a browser: a channel without public preview can't be read"
    return Discovery(problems=(Problem(page.url, "no posts on the channel's page", fix),))


kind = RemoteKind("telegram", "posts", discover, request_url)
