"""Feeds of the front page, a language, a country, an outlet, a story or a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ortaq.model import Outlet, Story
from ortaq.portal import params
from ortaq.portal.i18n import N_
from ortaq.portal.languages import html_tag
from ortaq.portal.params import BadRequest
from ortaq.portal.site import base_url, interface_of, link, reading, site_of
from ortaq.portal.view import card, outlet_of
from ortaq.publish.clean import excerpt, shown_address
from ortaq.publish.feeds import FORMATS, Entry, Feed
from ortaq.store.contract import Filters, StoredArticle, StoryQuery

router = APIRouter(include_in_schema=False)

ENTRIES = 50
MAX_AGE = 120  # seconds; feed readers ask far more rarely


@router.get("/feeds/{form}")
def feed(request: Request, form: Literal["rss", "atom", "json"]) -> Response:
    """The newest entries: stories for the front page, a language or a country; else articles."""
    query = request.query_params
    chosen = {name: params.identifier(query, name) for name in ("language", "country", "outlet", "kind", "story")}
    words = params.words(query)
    base = base_url(request)
    made = Feed(
        id=f"urn:ortaq:feed:{link('', **chosen, q=words) or 'front'}",
        title=_title(request, chosen, words),
        description=interface_of(request).translations.gettext("Excerpts only; the whole text is at the outlet."),
        home=base + _home(chosen, words),
        address=base + link(request.url.path, **chosen, q=words),
        language=interface_of(request).language if not chosen["language"] else chosen["language"],
        author=site_of(request).settings.site.name,
        updated_at=site_of(request).now(),
        entries=tuple(_entries(request, chosen, words)),
    )
    written = FORMATS[form]
    headers = {
        "cache-control": f"public, max-age={MAX_AGE}",
        "vary": "Accept-Language, Cookie",
    }
    return Response(written.write(made), media_type=f"{written.media_type}; charset=utf-8", headers=headers)


def _home(chosen: Mapping[str, str | None], words: str) -> str:
    """The page that shows what the feed carries."""
    if words:
        return link("/search", q=words, **{name: chosen[name] for name in ("language", "outlet", "country", "kind")})
    for name in ("story", "outlet"):
        if chosen[name]:
            return f"/{name}/{chosen[name]}"
    return link("/", language=chosen["language"], country=chosen["country"])


def _title(request: Request, chosen: Mapping[str, str | None], words: str) -> str:
    ui, site = interface_of(request), site_of(request)
    parts = [site.settings.site.name]
    if words:
        parts.append(f"“{words}”")
    if chosen["story"]:
        parts.append(card(site.records.story(chosen["story"]), reading(request)).headline.text)
    if chosen["outlet"]:
        outlet = site.outlets().get(chosen["outlet"])
        parts.append(outlet.name if outlet else chosen["outlet"])
    if chosen["language"]:
        parts.append(ui.language_name(chosen["language"]))
    if chosen["country"]:
        parts.append(ui.country_name(chosen["country"]))
    return " · ".join(parts)


def _entries(request: Request, chosen: Mapping[str, str | None], words: str) -> list[Entry]:
    site, base, outlets = site_of(request), base_url(request), site_of(request).outlets()
    if words:
        if site.searcher is None:
            raise BadRequest(N_("Search is not available here."))
        filters = Filters.of_one(chosen["language"], chosen["outlet"], chosen["country"])
        kinds = (chosen["kind"],) if chosen["kind"] else ()
        hits = site.searcher.search(words, filters=filters, kinds=kinds, limit=ENTRIES).hits
        found = sorted((hit.article for hit in hits), key=lambda stored: stored.article.at, reverse=True)
        return [_article_entry(stored, base, outlets) for stored in found]
    if chosen["story"]:
        found = site.records.articles(site.records.story(chosen["story"]).articles)
        found = sorted(found, key=lambda stored: stored.article.at, reverse=True)[:ENTRIES]
        return [_article_entry(stored, base, outlets) for stored in found]
    if chosen["outlet"]:
        found = site.latest_of(chosen["outlet"], ENTRIES)
        found = [s for s in found if chosen["language"] in (None, s.article.language)]
        return [_article_entry(stored, base, outlets) for stored in found]
    stories = site.records.stories(StoryQuery(language=chosen["language"], country=chosen["country"], limit=ENTRIES))
    return [_story_entry(story, base, outlets, reading(request, chosen["language"])) for story in stories]


def _article_entry(stored: StoredArticle, base: str, outlets: Mapping[str, Outlet]) -> Entry:
    article = stored.article
    return Entry(
        id=f"urn:ortaq:article:{article.id}",
        link=f"{base}/article/{article.id}",
        title=article.headline or "—",
        summary=excerpt(article.lead or article.text),
        published_at=article.at,
        updated_at=max(article.at, article.revised_at or article.at),
        author=outlet_of(stored, outlets).name,
        language=html_tag(article.language, article.script),
        original=shown_address(article.url),
    )


def _story_entry(story: Story, base: str, outlets: Mapping[str, Outlet], languages: Sequence[str]) -> Entry:
    shown = card(story, languages)
    return Entry(
        id=f"urn:ortaq:story:{story.id}",
        link=f"{base}/story/{story.id}",
        title=shown.headline.text,
        summary="\n".join(f"{other.language}: {other.text}" for other in shown.others),
        published_at=story.first_published_at,
        updated_at=story.last_published_at,
        author=", ".join(outlets[name].name if name in outlets else name for name in story.outlets),
        language=shown.headline.language,
    )
