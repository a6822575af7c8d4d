"""What visitors write in addresses, checked; anything wrong is answered in words they understand."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal, get_args

from starlette.requests import Request

from ortaq.errors import ConfigError
from ortaq.portal.i18n import N_

Mode = Literal["text", "meaning", "both"]
MAX_PAGE = 500
MAX_QUERY = 300  # characters; longer than any headline
_ID = re.compile(r"[\w.:@+-]{1,100}", re.ASCII)


class BadRequest(Exception):
    """An address that can't be answered; `message` is a message id with placeholders for `values`."""

    def __init__(self, message: str, **values: str) -> None:
        self.message = message
        self.values = values
        super().__init__(message % values)


def only_known(request: Request) -> None:
    """Refuses a parameter that the API's address does not have: ignored, it would answer another question."""
    route = request.scope["route"]
    known = [field.alias for field in route.dependant.query_params]
    for name in request.query_params:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            fix = f"Did you mean {near[0]}?" if near else "This address has no parameters"
            raise ConfigError(f"unknown parameter {name[:60]!r}", where=request.url.path, fix=fix)


def identifier(query: Mapping[str, str], name: str) -> str | None:
    """A language, country or outlet; None when not given."""
    value = query.get(name, "").strip()
    if not value:
        return None
    if not _ID.fullmatch(value):
        raise BadRequest(N_("“%(value)s” can't be a value of “%(name)s”."), value=value[:60], name=name)
    return value


def page_number(query: Mapping[str, str]) -> int:
    """The page asked for, counted from 1."""
    value = query.get("page", "").strip() or "1"
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= MAX_PAGE):
        raise BadRequest(
            N_("“%(value)s” is not a page number; write a number from 1 to %(most)s."),
            value=value[:60],
            most=str(MAX_PAGE),
        )
    return int(value)


def day(query: Mapping[str, str], name: str) -> date | None:
    """A date like 2026-11-24; None when not given."""
    value = query.get(name, "").strip()
    if not value:
        return None
    try:
        found = datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        found = date.min
    if not 1900 <= found.year <= 2200:  # beyond these the zone's arithmetic overflows, and there is no news
        raise BadRequest(N_("“%(value)s” is not a date; write it like 2026-11-24."), value=value[:60])
    return found


def mode(query: Mapping[str, str]) -> Mode:
    """How to search."""
    value = query.get("mode", "").strip() or "both"
    for known in get_args(Mode):
        if value == known:
            return known  # type: ignore[no-any-return]
    raise BadRequest(N_("“%(value)s” can't be a value of “%(name)s”."), value=value[:60], name="mode")


def words(query: Mapping[str, str]) -> str:
    """The search words, without control characters; "" when not given."""
    value = " ".join("".join(c if c.isprintable() else " " for c in query.get("q", "")).split())
    if len(value) > MAX_QUERY:
        raise BadRequest(N_("The search is too long; write at most %(most)s characters."), most=str(MAX_QUERY))
    return value


def starts(value: date | None, zone: tzinfo) -> datetime | None:
    """The first instant of a day in the site's zone."""
    return datetime.combine(value, time.min, zone) if value else None


def ends(value: date | None, zone: tzinfo) -> datetime | None:
    """The last instant of a day in the site's zone."""
    if value is None:
        return None
    return datetime.combine(value + timedelta(days=1), time.min, zone) - timedelta(microseconds=1)
