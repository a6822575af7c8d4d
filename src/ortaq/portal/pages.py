"""The pages people read."""

from __future__ import annotations

from itertools import pairwise

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ortaq.errors import NotFound
from ortaq.model import Revision
from ortaq.portal import params, view
from ortaq.portal.desk import story_desk
from ortaq.portal.diff import word_diff
from ortaq.portal.site import link, page, reading, site_of
from ortaq.search.why import reasons, shared_names
from ortaq.store.contract import StoredArticle, StoryQuery
from ortaq.unify import threshold

router = APIRouter(include_in_schema=False)

STORIES = 30  # on a page of the front page
LATEST = 50  # an outlet's newest stories


@router.get("/")
def front(request: Request) -> Response:
    """Stories, the newest first, with the most widely told one on top."""
    site, query = site_of(request), request.query_params
    language, country = params.identifier(query, "language"), params.identifier(query, "country")
    day, number = params.day(query, "day"), params.page_number(query)
    stories = site.records.stories(
        StoryQuery(
            language=language,
            country=country,
            since=params.starts(day, site.zone),
            until=params.ends(day, site.zone),
            limit=STORIES + 1,
            offset=(number - 1) * STORIES,
        )
    )
    more, stories = len(stories) > STORIES, stories[:STORIES]
    top = view.leading(stories) if number == 1 else None
    languages = reading(request, language)
    outlets = site.outlets().values()
    return page(
        request,
        "front.html",
        lead=view.card(top, languages, site.records.articles(top.articles)) if top else None,
        cards=[view.card(story, languages) for story in stories if story is not top],
        languages=sorted(
            {name for outlet in outlets for name in outlet.languages} | ({language} if language else set())
        ),
        countries=sorted({outlet.country for outlet in outlets if outlet.country} | ({country} if country else set())),
        language=language,
        country=country,
        day=day,
        number=number,
        more=more,
        counts=site.records.counts(),
        feed={"language": language},
    )


@router.get("/story/{id}")
def story(request: Request, id: str) -> Response:
    """One event as the outlets told it."""
    site = site_of(request)
    found = site.records.story(id)
    if found.id != id:
        return RedirectResponse(link(f"/story/{found.id}", **dict(request.query_params)), status_code=301)
    languages = reading(request)
    members = site.records.articles(found.articles)
    pieces = view.pieces(members, site.outlets())
    columns = view.columns(pieces, languages)
    newsroom = story_desk(request, found)
    return page(
        request,
        "story.html",
        card=view.card(found, languages, members),
        story=found,
        pieces=pieces,
        heads={one.stored.article.id: one for top in pieces for one in (top, *top.copies)},
        columns=columns,
        timeline=view.timeline(columns),
        why=reasons(members, threshold(site.settings.unify)),
        changes=site.records.story_changes(found.id),
        newsroom=newsroom,
        names=newsroom["names"],
        feed={"story": found.id},
    )


@router.get("/article/{id}")
def article(request: Request, id: str) -> Response:
    """What we know of one article: where it is, what it begins with, how it changed, who copied it."""
    site, outlets = site_of(request), site_of(request).outlets()
    stored = site.records.article(id)
    if stored.article.id != id:
        return RedirectResponse(link(f"/article/{stored.article.id}", **dict(request.query_params)), status_code=301)
    outlet = view.outlet_of(stored, outlets)
    links = site.records.copies_of(id)
    copies = {copy.article.id: view.piece(copy, outlets) for copy in site.records.articles([c.article for c in links])}
    known = stored.copy_of and site.records.articles([stored.copy_of.original])
    return page(
        request,
        "article.html",
        stored=stored,
        article=stored.article,
        piece=view.piece(stored, outlets),
        outlet=outlet,
        shared=_shared_words(stored),
        paragraphs=[part for part in stored.article.text.split("\n\n") if part.strip()] if outlet.full_text else [],
        revisions=_revisions(site.records.revisions(id), outlet.full_text) if stored.revisions > 1 else [],
        copies=[(copies[copy.article], copy) for copy in links if copy.article in copies],
        original=view.piece(known[0], outlets) if known else None,
        story=_story_card(request, stored.story),
        feed={"outlet": outlet.id},
    )


def _shared_words(stored: StoredArticle) -> list[str]:
    """Names, as this article writes them, and numbers that it has in common with its story."""
    numbers = stored.membership.shared_numbers if stored.membership else ()
    return [*shared_names(stored), *numbers]


def _story_card(request: Request, id: str) -> view.Card | None:
    try:
        return view.card(site_of(request).records.story(id), reading(request))
    except NotFound:  # an article is stored before its story in the pipeline's transaction order
        return None


def _revisions(revisions: list[Revision], full_text: bool) -> list[dict[str, object]]:
    """Each revision after the first with what changed in it: the text only where the licence lets us show it."""
    return [
        {
            "number": new.number,
            "at": new.seen_at,
            "headline": word_diff(old.headline, new.headline) if old.headline != new.headline else None,
            "text": word_diff(old.text, new.text) if full_text and old.text != new.text else None,
            "text_changed": old.text != new.text,
        }
        for old, new in pairwise(revisions)
    ]


@router.get("/outlets")
def outlets(request: Request) -> Response:
    """Everyone we read, by country."""
    site = site_of(request)
    latest = site.records.latest_per_outlet()
    countries: dict[str, list[object]] = {}
    for outlet in sorted(site.records.outlets(), key=lambda outlet: (outlet.country, outlet.name.casefold())):
        countries.setdefault(outlet.country, []).append((outlet, *latest.get(outlet.id, (0, None))))
    return page(request, "outlets.html", countries=countries, feed={})


@router.get("/outlet/{id}")
def outlet(request: Request, id: str) -> Response:
    """One outlet and its latest articles."""
    site, known = site_of(request), site_of(request).outlets()
    if id not in known:
        raise NotFound(f"no outlet {id!r}")
    count, newest = site.records.latest_per_outlet().get(id, (0, None))
    return page(
        request,
        "outlet.html",
        outlet=known[id],
        count=count,
        newest=newest,
        latest=[view.piece(stored, known) for stored in site.latest_of(id, LATEST)],
        feed={"outlet": id},
    )


@router.get("/about")
def about(request: Request) -> Response:
    """How it works and what it does not know."""
    return page(request, "about.html", counts=site_of(request).records.counts(), feed={})
