"""The search as JSON."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from typing_extensions import TypedDict

from ortaq.errors import Retry
from ortaq.portal import cursors, params
from ortaq.portal.api import ERRORS, NAME, Country, ErrorJson, Language, Limit, OutletName, Since, Until
from ortaq.portal.params import MAX_QUERY, Mode
from ortaq.portal.site import site_of
from ortaq.publish.clean import for_strangers
from ortaq.publish.json_records import HitJson
from ortaq.search.told import hit_told
from ortaq.store.contract import Filters

router = APIRouter(prefix="/api/v1", tags=["ortaq"], dependencies=[Depends(params.only_known)])


class SearchJson(TypedDict):
    """A page of hits; ask for the next with `cursor`, null on the last one.

    `total` and the counts are of all that matches, copies folded; where `complete` is false there is more than that.
    `suggestion` is the query with words that no article has replaced by likely ones, "" if none. `ignored` was not
    understood.
    """

    hits: list[HitJson]
    total: int
    complete: bool
    languages: dict[str, int]
    countries: dict[str, int]
    outlets: dict[str, int]
    kinds: dict[str, int]
    days: dict[str, int]
    ignored: list[str]
    suggestion: str
    cursor: str | None


RESPONSES: dict[int | str, dict[str, Any]] = {400: ERRORS[400], 503: {"model": ErrorJson}}


@router.get("/search", responses=RESPONSES)
def search(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=MAX_QUERY, description="words, in any language")],
    language: Language = None,
    outlet: OutletName = None,
    country: Country = None,
    kind: Annotated[str | None, Query(pattern=NAME, description="kind of outlet, as agency")] = None,
    since: Since = None,
    until: Until = None,
    mode: Mode = "both",
    limit: Limit = 20,
    cursor: Annotated[str | None, Query(max_length=200, description="from the page before")] = None,
) -> SearchJson:
    """Articles by words (`text`), by what they mean (`meaning`), or by both."""
    searcher = site_of(request).searcher
    if searcher is None:
        raise Retry("search is not available here", where="/api/v1/search", fix="Ask who runs this site")
    place, last = _read_cursor(cursor) if cursor else (0, "")
    filters = Filters.of_one(language, outlet, country, since, until)
    kinds = (kind,) if kind else ()
    answer = searcher.search(q, filters=filters, kinds=kinds, mode=mode, limit=limit, offset=place, after=last)
    following = answer.following
    return {
        "hits": [hit_told(hit, for_strangers(hit.article.article)) for hit in answer.hits],
        "total": answer.total,
        "complete": answer.complete,
        "languages": dict(answer.counts.languages),
        "countries": dict(answer.counts.countries),
        "outlets": dict(answer.counts.outlets),
        "kinds": dict(answer.counts.kinds),
        "days": {day.isoformat(): count for day, count in answer.counts.days.items()},
        "ignored": list(answer.ignored),
        "suggestion": answer.suggestion,
        "cursor": cursors.encoded(f"{following[0]} {following[1]}") if following else None,
    }


def _read_cursor(cursor: str) -> tuple[int, str]:
    """The place after the last hit shown, and that hit: it is looked for first, since what is new shifts places."""
    try:
        place, id = cursors.decoded(cursor).split(" ")
        if not (place.isdigit() and int(place[:9]) <= cursors.MAX_PLACE):
            raise ValueError
    except ValueError:
        raise cursors.damaged() from None
    return int(place), id
