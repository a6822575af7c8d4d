"""The portal as one ASGI application, and how it is served."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from ortaq import __version__
from ortaq.errors import ConfigError, NotFound, OrtaqError, Retry, StoreError
from ortaq.languages import display_name
from ortaq.portal import api, desk, pages, search_api, search_page, syndication
from ortaq.portal.headers import SECURITY, AnswerHeaders
from ortaq.portal.i18n import load_interfaces, load_zone
from ortaq.portal.languages import NameLanguage
from ortaq.portal.params import BadRequest
from ortaq.portal.session import Sessions
from ortaq.portal.site import Site, interface_of, make_environment, page
from ortaq.search.answer import Searcher
from ortaq.settings import Settings
from ortaq.store.contract import Records

STATIC = Path(__file__).parent / "static"
log = logging.getLogger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(
    *,
    settings: Settings,
    records: Records,
    searcher: Searcher | None,
    now: Callable[[], datetime] = utc_now,
    name_language: NameLanguage = display_name,
    decide: desk.Decide | None = None,
) -> FastAPI:
    """Pages, API and feeds over these records. Without a searcher, search says that it is not available.

    The desk is there when it is enabled and can `decide`. Raises ConfigError for an unknown time zone, and for a desk
    without a proper token.
    """
    zone = load_zone(settings.site.timezone)
    own_countries = {outlet.country: outlet.country_name for outlet in records.outlets() if outlet.country_name}
    interfaces = load_interfaces(zone, name_language, own_countries)
    app = FastAPI(
        title=f"{settings.site.name} API",
        version=__version__,
        description="News of Central Asia as stories across languages. Texts belong to their outlets.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.site = Site(
        settings=settings,
        records=records,
        searcher=searcher,
        now=now,
        zone=zone,
        interfaces=interfaces,
        environments={name: make_environment(interface) for name, interface in interfaces.items()},
        sessions=Sessions(settings.desk.token) if settings.desk.enabled and decide else None,
        decide=decide,
    )
    app.include_router(pages.router)
    app.include_router(syndication.router)
    app.include_router(search_page.router)
    app.include_router(api.router)
    app.include_router(search_api.router)
    if app.state.site.sessions:
        app.include_router(desk.router)
    app.mount("/static", StaticFiles(directory=STATIC))
    _add_small_files(app, records)
    _add_errors(app)
    app.add_middleware(AnswerHeaders)
    return app


def _add_small_files(app: FastAPI, records: Records) -> None:
    @app.get("/healthz", include_in_schema=False)
    def health() -> Response:
        """200 while the records answer."""
        try:
            records.checkpoint()
        except StoreError as error:
            return JSONResponse({"status": "failing", "reason": error.what}, 503)
        return JSONResponse({"status": "ok", "version": __version__}, headers={"cache-control": "no-store"})

    @app.get("/robots.txt", include_in_schema=False)
    def robots() -> Response:
        # Searches cost time and lead to endless addresses; everything else may be read by machines.
        return PlainTextResponse(
            "User-agent: *\nDisallow: /search\nDisallow: /desk\nDisallow: /api/v1/search\nAllow: /\n"
        )

    @app.get("/favicon.ico", include_in_schema=False)
    def favicon() -> Response:
        return FileResponse(STATIC / "favicon.svg", media_type="image/svg+xml")


def _add_errors(app: FastAPI) -> None:
    """Every error in words: a page in the interface language, or JSON under /api/."""

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = str(first["loc"][-1])
        return _failure(request, 400, ConfigError(first["msg"], where=where, fix="See /api/v1/docs"))

    @app.exception_handler(BadRequest)
    def bad(request: Request, error: BadRequest) -> Response:
        message = interface_of(request).translations.gettext(error.message) % error.values
        return _failure(request, 400, ConfigError(message))

    @app.exception_handler(desk.SignedOut)
    def signed_out(request: Request, error: desk.SignedOut) -> Response:
        return desk.sign_in_page(request, 403, ended=True, back=error.back)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        response = _failure(request, error.status_code, OrtaqError(HTTPStatus(error.status_code).phrase))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(OrtaqError)
    def known(request: Request, error: OrtaqError) -> Response:
        if isinstance(error, StoreError | Retry):
            log.error("%s %s: %s", request.method, request.url.path, error)
        return _failure(request, _status(error), error)

    @app.exception_handler(Exception)
    def unknown(request: Request, error: Exception) -> Response:
        # Logged with its traceback by the server; the visitor is told nothing of the inside.
        return _failure(request, 500, OrtaqError("something went wrong here", fix="Try again later"))


def _status(error: OrtaqError) -> int:
    match error:
        case NotFound():
            return 404
        case ConfigError():
            return 400
        case StoreError() | Retry():
            return 503
        case _:
            return 500


def _failure(request: Request, status: int, error: OrtaqError) -> Response:
    if request.url.path.startswith("/api/"):
        text = {"what": error.what, "where": error.where, "fix": error.fix}
        return JSONResponse({"error": text}, status, headers=SECURITY)
    return page(request, "error.html", status, code=status, error=error, feed={})
