"""What a site lets us take: robots.txt (RFC 9309) and the W3C TDM Reservation Protocol. Pure functions over bytes."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass

from protego import Protego

PRODUCT = "Ortaq"  # our product token in robots.txt
MAX_ROBOTS = 500 * 1024  # bytes that are read of a file; RFC 9309 section 2.5 asks for at least 500 KiB
MAX_RULES = 1_000  # of a tdmrep.json
MAX_META = 262_144  # bytes of an HTML page searched for its meta tags

_AGENT_LINE = re.compile(r"^([ \t]*user-?agent[ \t]*:)[ \t]*([^\r\n#]*)", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(r"[A-Za-z_-]*")
_SOMEBODY = "somebody-else"
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_META = re.compile(r"<meta\b([^<>]{0,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w-])(name|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Robots:
    """A parsed robots.txt."""

    _rules: Protego

    def allows(self, url: str) -> bool:
        return self._rules.can_fetch(url, PRODUCT)

    @property
    def crawl_delay(self) -> float | None:
        """Seconds between requests, when the file names them for us or for everyone."""
        return self._rules.crawl_delay(PRODUCT)


def parse_robots(body: bytes) -> Robots:
    """Read what concerns us; what can't be read is passed over, as RFC 9309 section 2.2 wants.

    Groups are found by the whole product token (section 2.2.1): a group for `Ort` or `OrtaqImages` is not ours,
    `ortaq/2.0` is.
    """
    whole = body[:MAX_ROBOTS]
    if len(body) > MAX_ROBOTS:  # the line that was cut might say something else than the whole one
        whole = whole[: max(whole.rfind(b"\n"), whole.rfind(b"\r")) + 1]
    text = whole.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").replace("\0", "")
    return Robots(Protego.parse(_AGENT_LINE.sub(_exact_agent, text)))


def _exact_agent(line: re.Match[str]) -> str:
    # Protego matches any prefix of our token; RFC 9309 wants the token itself.
    value = line[2].strip()
    token = _TOKEN.match(value)
    ours = token is not None and token[0].lower() == PRODUCT.lower()
    return f"{line[1]} {'*' if value.startswith('*') else PRODUCT if ours else _SOMEBODY}"


@dataclass(frozen=True, slots=True)
class TdmRules:
    """A parsed tdmrep.json: (pattern, location as written, reserved) in the file's order, the most specific first."""

    rules: tuple[tuple[Protego, str, bool], ...] = ()

    def reservation(self, url: str) -> tuple[bool, str]:
        """(reserved, the location that says so): the first matching rule counts; (False, "") when none matches."""
        for pattern, location, reserved in self.rules:
            if not pattern.can_fetch(url, PRODUCT):
                return reserved, location
        return False, ""


def parse_tdmrep(body: bytes) -> TdmRules:
    """TDMRep section 'TDM File on the Origin Server'. Raises ValueError for what is no such file.

    A rule with a value other than 0 and 1 is a protocol error and counts as unset, as the protocol wants.
    """
    try:
        data = json.loads(body.removeprefix(codecs.BOM_UTF8))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(data, list):
        raise ValueError("not a list of rules")
    rules = []
    for item in data[:MAX_RULES]:
        location = item.get("location") if isinstance(item, dict) else None
        if not isinstance(location, str) or not location.isprintable():
            continue
        value = str(item.get("tdm-reservation")).strip()
        if value in ("0", "1"):
            # The location's pattern is robots.txt's own (*, $, percent-encoding), so its parser is asked.
            pattern = Protego.parse(f"User-agent: *\nDisallow: {location.split('#')[0].strip()}")
            rules.append((pattern, location, value == "1"))
    return TdmRules(tuple(rules))


def header_reserves_tdm(headers: tuple[tuple[str, str], ...]) -> bool:
    """Does a response header say `tdm-reservation: 1`?"""
    return any(name.lower() == "tdm-reservation" and value.strip() == "1" for name, value in headers)


def html_reserves_tdm(body: bytes) -> bool:
    """Does an HTML page say `<meta name="tdm-reservation" content="1">`? Comments are not looked at."""
    head = body[:MAX_META]
    utf_16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = head.decode("utf-16", "replace") if utf_16 else head.decode("latin-1")  # the tag itself is ASCII
    if "tdm-reservation" not in text.lower():
        return False
    for tag in _META.finditer(_COMMENT.sub("", text)):
        values = {m[1].lower(): (m[2] or m[3] or m[4] or "").strip().lower() for m in _ATTRIBUTE.finditer(tag[1])}
        if values.get("name") == "tdm-reservation" and values.get("content") == "1":
            return True
    return False
