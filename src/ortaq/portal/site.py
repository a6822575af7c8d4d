"""What every page needs: the records, the visitor's interface, and a template to fill."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from importlib import resources
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from ortaq.model import Outlet
from ortaq.portal.headers import SECURITY
from ortaq.portal.i18n import N_, NAMES, Interface, accepted, choose, offset_name
from ortaq.portal.session import COOKIE as DESK_COOKIE
from ortaq.portal.session import Session, Sessions
from ortaq.portal.view import Phrase, marked
from ortaq.publish.clean import excerpt, shown_address, web_address
from ortaq.publish.feeds import FORMATS
from ortaq.search.answer import Searcher
from ortaq.settings import Settings
from ortaq.store.contract import DeskDecision, Position, Records, StoredArticle, StoryQuery

COOKIE = "ui"
COOKIE_SECONDS = 365 * 24 * 3600
# Headlines that most of the region can read, for when a story has none in the visitor's languages.
COMMON = ("ru", "en")


@dataclass(frozen=True, slots=True)
class Site:
    """One portal; reached from a request as `site_of(request)`."""

    settings: Settings
    records: Records
    searcher: Searcher | None
    now: Callable[[], datetime]
    zone: tzinfo
    interfaces: Mapping[str, Interface]
    environments: Mapping[str, Environment]
    sessions: Sessions | None = None
    decide: Callable[[Callable[[Position], DeskDecision]], DeskDecision] | None = None

    def session(self, request: Request) -> Session | None:
        """Who is signed in at the desk; None for everyone else, and where there is no desk."""
        cookie = request.cookies.get(DESK_COOKIE, "")
        return self.sessions.read(cookie, self.now()) if self.sessions and cookie else None

    def outlets(self) -> dict[str, Outlet]:
        return {outlet.id: outlet for outlet in self.records.outlets()}

    def latest_of(self, outlet: str, limit: int) -> list[StoredArticle]:
        """An outlet's articles in its `limit` newest stories, the newest article first, at most `limit` of them."""
        stories = self.records.stories(StoryQuery(outlet=outlet, limit=limit))
        found = self.records.articles([article for story in stories for article in story.articles])
        own = [stored for stored in found if stored.article.outlet == outlet]
        return sorted(own, key=lambda stored: (stored.article.at, stored.article.id), reverse=True)[:limit]


def site_of(request: Request) -> Site:
    """The portal that this request came to."""
    site: Site = request.app.state.site
    return site


def interface_of(request: Request) -> Interface:
    """The interface that the visitor asked for, used last, or whose browser prefers it."""
    site = site_of(request)
    name = choose(
        request.query_params.get("ui"),
        request.cookies.get(COOKIE),
        request.headers.get("accept-language", ""),
        site.settings.site.language,
    )
    return site.interfaces[name]


def reading(request: Request, first: str | None = None) -> list[str]:
    """Languages that the visitor is likely to read, best first: the one asked for, the interface's, the browser's."""
    browser = [name.partition("-")[0].lower() for name in accepted(request.headers.get("accept-language", ""))]
    return list(dict.fromkeys([*([first] if first else []), interface_of(request).language, *browser, *COMMON]))


def base_url(request: Request) -> str:
    """The portal's public address without a final slash."""
    return (site_of(request).settings.site.base_url or str(request.base_url)).rstrip("/")


def link(path: str, **query: object) -> str:
    """A path with its query; what is None or empty is left out."""
    given = {name: str(value) for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}" if given else path


# Other kinds are shown as the operator wrote them.
KINDS = {
    "portal": N_("news portal"),
    "agency": N_("news agency"),
    "newspaper": N_("newspaper"),
    "magazine": N_("magazine"),
    "tv": N_("television"),
    "radio": N_("radio"),
    "channel": N_("channel"),
    "blog": N_("blog"),
    "broadcaster": N_("broadcaster"),
    "think-tank": N_("think tank"),
    "fact-checker": N_("fact-checker"),
    "ministry": N_("ministry"),
    "official": N_("official site"),
}


@cache
def version_of(name: str) -> str:
    """Changes with a static file, so that browsers may keep it."""
    return hashlib.sha256((resources.files("ortaq.portal") / "static" / name).read_bytes()).hexdigest()[:8]


def make_environment(interface: Interface) -> Environment:
    """Templates in one interface language; every value is escaped unless it is Markup."""
    environment = Environment(
        loader=PackageLoader("ortaq.portal"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(interface.translations, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(
        number=interface.number,
        percent=interface.percent,
        decimal=interface.decimal,
        day=interface.day,
        short_day=interface.short_day,
        clock=interface.clock,
        moment=interface.moment,
        language=interface.language_name,
        country=interface.country_name,
        href=web_address,
        address=shown_address,
        excerpt=excerpt,
    )
    environment.globals.update(
        ui=interface,
        ui_names=NAMES,
        link=link,
        marked=marked,
        of_language=of_language,
        feed_formats=FORMATS,
        kinds=KINDS,
        style_version=version_of("ortaq.css"),
        script_version=version_of("search.js"),
    )
    return environment


def of_language(phrase: Phrase) -> Markup:
    """The attributes of an element that holds this phrase."""
    return Markup('lang="{}" dir="{}"').format(phrase.language, phrase.direction)


def page(request: Request, template: str, status: int = 200, **context: object) -> HTMLResponse:
    """A page in the visitor's interface language. It is checked anew at each visit, by its ETag."""
    site, ui, now = site_of(request), interface_of(request), site_of(request).now()
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "ui"]

    def here(**changes: object) -> str:
        kept = {name: value for name, value in query if name not in changes}
        return link(request.url.path, **{**kept, **changes})

    session = site.session(request)
    text = (
        site.environments[ui.language]
        .get_template(template)
        .render(
            site=site.settings.site,
            session=session,
            path=request.url.path,
            now=now,
            today=now.astimezone(site.zone).date(),
            zone_name=f"{site.settings.site.timezone}, {offset_name(now.astimezone(site.zone))}",
            here=here,
            when=lambda at: ui.when(at, now),
            span=lambda first, last: ui.span(first, last, now),
            **context,
        )
    )
    headers = {
        **SECURITY,
        "cache-control": "no-store" if session else "private, no-cache",
        "vary": "Accept-Language, Cookie",
        "content-language": ui.language,
    }
    response = HTMLResponse(text, status, headers)
    if request.query_params.get("ui") in NAMES:
        response.set_cookie(COOKIE, ui.language, COOKIE_SECONDS, httponly=True, samesite="lax")
    return response
