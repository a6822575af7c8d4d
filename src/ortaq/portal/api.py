"""The API: the same records as the pages show, as JSON. Field names are those of the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from typing_extensions import TypedDict  # pydantic takes no typing.TypedDict before Python 3.12

from ortaq import __version__
from ortaq.model import Story
from ortaq.portal import cursors, params
from ortaq.portal.openapi import describe
from ortaq.portal.site import page, reading, site_of
from ortaq.publish import json_records as records_json
from ortaq.publish.clean import for_strangers
from ortaq.publish.json_records import ArticleJson, OutletJson, StoryJson, StoryReasonsJson
from ortaq.search.told import article_told
from ortaq.search.why import reasons
from ortaq.store.contract import StoredArticle, StoryQuery
from ortaq.unify import threshold

STEP = 101  # stories asked of the store at a time: the greatest page and one more
OVERLAP = 50  # looked at again before the cursor's place, since stories before it may have been merged away

router = APIRouter(prefix="/api/v1", tags=["ortaq"], dependencies=[Depends(params.only_known)])


class StoriesJson(TypedDict):
    """A page of stories, the newest first; ask for the next with `cursor`, null on the last one."""

    stories: list[StoryJson]
    cursor: str | None


class OutletsJson(TypedDict):
    outlets: list[OutletJson]


class StatusJson(TypedDict):
    """How much there is."""

    site: str
    version: str
    now: str
    fictional: bool
    counts: dict[str, int]


class ErrorText(TypedDict):
    what: str
    where: str
    fix: str


class ErrorJson(TypedDict):
    """What every error answer holds."""

    error: ErrorText


NAME = r"^[A-Za-z0-9_.:@+-]{1,100}$"
Language = Annotated[str | None, Query(pattern=NAME, description="BCP 47, as kk, uz-Cyrl")]
OutletName = Annotated[str | None, Query(pattern=NAME, description="an outlet's id")]
Country = Annotated[str | None, Query(pattern=NAME, description="ISO 3166, as KZ")]
Limit = Annotated[int, Query(ge=1, le=100, description="how many at most")]
Since = Annotated[AwareDatetime | None, Query(description="ISO 8601 with zone, not before this instant")]
Until = Annotated[AwareDatetime | None, Query(description="ISO 8601 with zone, not after this instant")]
ERRORS: dict[int | str, dict[str, Any]] = {400: {"model": ErrorJson}, 404: {"model": ErrorJson}}


@router.get("/stories", responses=ERRORS)
def stories(
    request: Request,
    language: Language = None,
    outlet: OutletName = None,
    country: Country = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 30,
    cursor: Annotated[str | None, Query(max_length=200, description="from the page before")] = None,
) -> StoriesJson:
    """Stories, the newest `last_published` first. A story told anew while you turn pages moves to the first one."""
    records = site_of(request).records
    after = _read_cursor(cursor) if cursor else None
    found: list[Story] = []
    offset = max(after.place - OVERLAP, 0) if after else 0
    while len(found) <= limit:
        part = records.stories(StoryQuery(language, outlet, country, since, until, limit=STEP, offset=offset))
        found += [story for story in part if after is None or (story.last_published_at, story.id) < after.key]
        offset += STEP
        if len(part) < STEP:
            break
    shown = found[:limit]
    following = None
    if len(found) > limit:
        following = _make_cursor(shown[-1], (after.place if after else 0) + limit)
    languages = reading(request, language)
    members = {
        stored.article.id: for_strangers(stored.article)
        for stored in records.articles([id for story in shown for id in story.articles])
    }
    return {
        "stories": [
            records_json.story_json(story, [members[id] for id in story.articles if id in members], languages)
            for story in shown
        ],
        "cursor": following,
    }


@router.get("/stories/{id}", response_model=StoryJson, responses=ERRORS)
def story(request: Request, id: str) -> StoryJson | Response:
    """One story; an id that was merged into another redirects there."""
    records = site_of(request).records
    found = records.story(id)
    if found.id != id:
        return RedirectResponse(f"/api/v1/stories/{found.id}", status_code=301)
    articles = [for_strangers(stored.article) for stored in records.articles(found.articles)]
    return records_json.story_json(found, articles, reading(request))


@router.get("/stories/{id}/why", response_model=StoryReasonsJson, responses=ERRORS)
def why(request: Request, id: str) -> StoryReasonsJson | Response:
    """Why each article is in the story: the closest article, the score, and what they have in common."""
    site = site_of(request)
    found = site.records.story(id)
    if found.id != id:
        return RedirectResponse(f"/api/v1/stories/{found.id}/why", status_code=301)
    made = reasons(site.records.articles(found.articles), threshold(site.settings.unify))
    return {"story": id, "reasons": list(made.values())}


@router.get("/articles/{id}", responses=ERRORS)
def article(request: Request, id: str) -> ArticleJson:
    """One article, its whole text where the outlet's licence allows it."""
    site = site_of(request)
    return _article(site.records.article(id), request)


def _article(stored: StoredArticle, request: Request) -> ArticleJson:
    site, shown = site_of(request), for_strangers(stored.article)
    return article_told(stored, shown, site.records, site.outlets().get(shown.outlet))


@router.get("/outlets", responses={400: ERRORS[400]})
def outlets(request: Request) -> OutletsJson:
    """Everyone we read."""
    records = site_of(request).records
    latest = records.latest_per_outlet()
    return {
        "outlets": [records_json.outlet_json(outlet, *latest.get(outlet.id, (0, None))) for outlet in records.outlets()]
    }


@router.get("/status")
def status(request: Request) -> StatusJson:
    """How much there is, and which version answers."""
    site = site_of(request)
    return {
        "site": site.settings.site.name,
        "version": __version__,
        "now": site.now().isoformat(),
        "fictional": site.settings.site.fictional,
        "counts": dict(site.records.counts()),
    }


@router.get("", include_in_schema=False)
def start() -> RedirectResponse:
    """Who asks for the API itself wants to know what it is."""
    return RedirectResponse("/api/v1/docs", status_code=307)


@router.get("/docs", include_in_schema=False)
def docs(request: Request) -> HTMLResponse:
    """The API's description for people, without any script."""
    operations, answers = describe(request.app.openapi())
    return page(request, "api.html", operations=operations, answers=answers, feed={})


@dataclass(frozen=True, slots=True)
class _Cursor:
    """The last story shown, and at which place it was: the key decides, the place says where to look."""

    at: datetime
    id: str
    place: int

    @property
    def key(self) -> tuple[datetime, str]:
        return self.at, self.id


def _make_cursor(story: Story, place: int) -> str:
    return cursors.encoded(f"{story.last_published_at.isoformat()} {place} {story.id}")


def _read_cursor(cursor: str) -> _Cursor:
    try:
        at, place, id = cursors.decoded(cursor).split(" ")
        made = _Cursor(datetime.fromisoformat(at), id, int(place))
        if made.at.tzinfo is None or not 0 <= made.place <= cursors.MAX_PLACE:
            raise ValueError
    except ValueError:
        raise cursors.damaged() from None
    return made
