"""The search page: the address says it all, so a search can be passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ortaq.portal import params, view
from ortaq.portal.headers import SECURITY
from ortaq.portal.site import page, site_of
from ortaq.search.answer import Answer
from ortaq.store.contract import Filters

router = APIRouter(include_in_schema=False)

HITS = 20  # on a page
BARS = 48  # days in the picture of when; over a longer time a bar stands for several days
_CHOICES = ("language", "outlet", "country", "kind")
# The one page with a script, our own file: search as you type. Without it the page does the same, slower.
HEADERS = {"content-security-policy": SECURITY["content-security-policy"] + "; script-src 'self'"}


@router.get("/search")
def search(request: Request) -> Response:
    """Articles by words and by meaning."""
    site, query = site_of(request), request.query_params
    words, mode, number = params.words(query), params.mode(query), params.page_number(query)
    chosen = {name: params.identifier(query, name) for name in _CHOICES}
    since, until = params.day(query, "from"), params.day(query, "to")
    answer = Answer()
    if words and site.searcher:
        answer = site.searcher.search(
            words,
            filters=Filters.of_one(
                chosen["language"],
                chosen["outlet"],
                chosen["country"],
                params.starts(since, site.zone),
                params.ends(until, site.zone),
            ),
            kinds=(chosen["kind"],) if chosen["kind"] else (),
            mode=mode,
            limit=HITS,
            offset=(number - 1) * HITS,
        )
    known = site.outlets()
    response = page(
        request,
        "search.html",
        words=words,
        mode=mode,
        chosen=chosen,
        since=since,
        until=until,
        number=number,
        more=answer.following is not None,
        answer=answer,
        hits=[(hit, view.piece(hit.article, known)) for hit in answer.hits],
        bars=bars(answer.counts.days),
        available=site.searcher is not None,
        outlets=known,
        languages=sorted({name for outlet in known.values() for name in outlet.languages}),
        countries=sorted({outlet.country for outlet in known.values() if outlet.country}),
        outlet_kinds=sorted({outlet.kind for outlet in known.values() if outlet.kind}),
        feed={"q": words, **{name: chosen[name] for name in _CHOICES}} if words else {},
    )
    response.headers.update(HEADERS)
    return response


@dataclass(frozen=True, slots=True)
class Bar:
    """What was found from `first` to `last`; `x`, `y`, `width` and `height` in percent of the picture."""

    first: date
    last: date
    count: int
    x: str
    y: str
    width: str
    height: str


def bars(days: Mapping[date, int]) -> list[Bar]:
    """When what was found appeared, at most BARS bars of equally many days; none for a single day."""
    if len(days) < 2:
        return []
    first, last = min(days), max(days)
    step = -(-((last - first).days + 1) // BARS)
    number = -(-((last - first).days + 1) // step)
    told = [0] * number
    for day, count in days.items():
        told[(day - first).days // step] += count
    most = max(told)
    return [
        Bar(
            first=start,
            last=min(start + timedelta(days=step - 1), last),
            count=count,
            x=f"{100 * place / number:.2f}",
            width=f"{80 / number:.2f}",
            y=f"{100 - height:.1f}",
            height=f"{height:.1f}",
        )
        for place, count in enumerate(told)
        if count
        for start, height in [(first + timedelta(days=place * step), max(100 * count / most, 4))]
    ]
