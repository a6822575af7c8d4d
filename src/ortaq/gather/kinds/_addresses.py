"""Addresses found in listings: made absolute and comparable, and told apart by their looks alone."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit, urlunsplit

MAX_ADDRESS = 2048
MAX_NEXT_PAGES = 20
"""How far "next page" links are followed from a listing."""

_SPACE = re.compile(r"[\x00-\x20\x7f\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069]+")
_HOST = re.compile(r"[a-z0-9._:-]{1,253}")
_SAFE = "%/:=&?~#+!$,;'@()*[]|"
_GENERIC = frozenset({"com", "co", "gov", "org", "net", "edu", "ac", "info", "mil"})
_NAVIGATION = re.compile(
    r"tags?|tagi|tegi?|authors?|avtory?|categor(?:y|ies)|log-?in|sign-?(?:in|up)|register|logout|users?|profile|account"
    r"|search|poisk|about|contacts?|kontakty|privacy|terms|policy|rules|advert|advertising|reklama|subscribe|rss|feeds?"
    r"|sitemap|archives?|wp-admin|wp-login\.php|cart|print|share|vacancy|vacancies|jobs|editorial|redaktsiya"
)
_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|mjs|json|xml|rss|atom|zip|gz|rar|7z|mp[34]|m4a|webm|avi|mov|woff2?|ttf|exe|apk)$",
    re.IGNORECASE,
)
_PAGE_KEYS = frozenset({"page", "p", "paged", "pg", "pagen_1", "_page"})
_PAGE_PATH = re.compile(r"/page[/_-]?(\d{1,6})/?$", re.IGNORECASE)


def absolute(base: str, href: str) -> str | None:
    """The http(s) address that `href` means on a page at `base`, or None when it leads nowhere we may go.

    Spaces and letters outside ASCII are percent-encoded and the fragment is dropped, so that two spellings of one
    address are one. Addresses with a user name, without a host or longer than 2,048 characters are none.
    """
    href = href.strip()
    if not href or len(href) > MAX_ADDRESS:
        return None
    try:
        parts = urlsplit(urljoin(base, _SPACE.sub(lambda m: "%20" if m.group() == " " else "", href)))
        host = (parts.hostname or "").rstrip(".")
        if not host.isascii() and len(host) < 254:
            host = host.encode("idna").decode("ascii").lower()  # names under .қаз and .рф
        port = parts.port
    except ValueError:  # UnicodeError is one
        return None
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port and port != {"http": 80, "https": 443}[parts.scheme]:
        netloc += f":{port}"
    try:
        url = urlunsplit((parts.scheme, netloc, quote(parts.path or "/", _SAFE), quote(parts.query, _SAFE), ""))
    except UnicodeEncodeError:  # a lone surrogate
        return None
    return url if len(url) <= MAX_ADDRESS else None


def host_of(url: str) -> str:
    """The host without "www.", "" when there is none."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        if not host.isascii() and len(host) < 254:
            host = host.encode("idna").decode("ascii").lower()
    except ValueError:
        return ""
    return host.removeprefix("www.")


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one site: the same host, or hosts under one registered name."""
    return _site(host_of(one)) == _site(host_of(other)) != ""


def _site(host: str) -> str:
    labels = host.split(".")
    if host.replace(".", "").isdigit() or ":" in host:
        return host
    own = 3 if len(labels) > 2 and labels[-2] in _GENERIC else 2
    return ".".join(labels[-own:])


def is_navigation(url: str) -> bool:
    """Whether the address looks like a front page, a tag, an author, a login or a file rather than an article."""
    parts = urlsplit(url)
    steps = [step for step in unquote(parts.path).lower().split("/") if step]
    if not steps:
        return not _id_in(parts.query)
    return bool(_FILES.search(steps[-1])) or any(_NAVIGATION.fullmatch(step) for step in steps[:3])


def _id_in(query: str) -> bool:
    return any(key not in _PAGE_KEYS and value.isdigit() for key, value in parse_qsl(query[:500]))


def article_likeness(url: str) -> int:
    """Points for what articles' addresses have: depth, a date, a number, a slug with hyphens, a numeric query."""
    parts = urlsplit(url)
    steps = [step for step in unquote(parts.path).split("/") if step]
    last = steps[-1] if steps else ""
    points = 0
    points += 2 if re.search(r"/(?:19|20)\d\d[/_-]?[01]?\d(?:[/_-]|\b)", parts.path) else 0
    points += 2 if re.search(r"\d{4,}", parts.path) else 1 if re.search(r"\d", last) else 0
    words = len(re.split(r"[-_]", last))
    points += 2 if words >= 4 or len(last) > 40 else 1 if words >= 3 else 0
    points += 1 if len(steps) >= 2 else 0
    points += 1 if re.search(r"\.(?:s?html?|php|aspx?)$", last) else 0
    points += 3 if _id_in(parts.query) else 0
    return points


def next_page(base: str, href: str) -> str | None:
    """A listing's next page, when it is on the same site and its number is not beyond MAX_NEXT_PAGES.

    Without a number in the address nothing says when to stop, so it is not followed.
    """
    url = absolute(base, href)
    if url is None or not same_site(base, url) or url == absolute(base, base):
        return None
    parts = urlsplit(url)
    numbers = [int(value) for key, value in parse_qsl(parts.query[:500]) if key.lower() in _PAGE_KEYS and _small(value)]
    if match := _PAGE_PATH.search(parts.path):
        numbers.append(int(match.group(1)))
    return url if numbers and max(numbers) <= MAX_NEXT_PAGES else None


def _small(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 7
