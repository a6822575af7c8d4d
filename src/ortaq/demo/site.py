"""The local web site of the demo region: every outlet at http://ID.localhost:PORT/, over real HTTP.

What real sites do is done here too: feeds of every kind, sitemaps, section pages, a channel, three page layouts, four
ways of saying a date, windows-1251, a site that answers 503, one whose robots.txt says no, ETag and Last-Modified.
"""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import jinja2

from ortaq.demo import feeds
from ortaq.demo.content import DOMAIN, DemoArticle, DemoOutlet, Text, house_style, load_region

RIGHT_TO_LEFT = {"ug", "kk-Arab"}
OTHERS = 6  # "read also" links on an article's page
CHANNEL_POSTS = 8


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    media_type: str
    body: bytes
    modified: datetime | None = None


class DemoSite(ThreadingHTTPServer):
    """Serves the whole region; `revise()` puts the corrected versions of corrected articles online.

    They stay online: with the same `memory`, a file's path, a site that is started again serves them at once.
    """

    daemon_threads = True

    def __init__(self, port: int = 0, host: str = "127.0.0.1", memory: Path | None = None) -> None:
        super().__init__((host, port), _Handler)
        self._memory = memory
        self.revised = memory is not None and memory.exists()
        self.requests: list[tuple[str, str]] = []  # (host, path): what was asked, for tests of politeness

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def revise(self) -> None:
        self.revised = True
        if self._memory is not None:
            self._memory.write_text("The demo's outlets have corrected their articles.\n", encoding="utf-8")

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, name="demo-site", daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no event."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "OrtaqDemo"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        site = cast(DemoSite, self.server)
        host = (self.headers.get("Host") or "").partition(":")[0].removesuffix(f".{DOMAIN}")
        path = urlsplit(self.path).path
        site.requests.append((host, path))
        outlet = _outlets().get(host)
        answer = (
            respond(outlet, path, site.port, site.revised) if outlet else Answer(404, "text/plain", b"no such site")
        )
        self._send(answer)

    do_HEAD = do_GET

    def _send(self, answer: Answer) -> None:
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        fresh = answer.status == 200 and self.headers.get("If-None-Match") == tag
        body = b"" if fresh else answer.body
        self.send_response(304 if fresh else answer.status)
        self.send_header("ETag", tag)
        if answer.status == 503:
            self.send_header("Retry-After", "3600")
        if answer.modified is not None:
            self.send_header("Last-Modified", format_datetime(answer.modified.astimezone(UTC), usegmt=True))
        if not fresh:
            self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the demo's own progress is what the user reads."""


def respond(outlet: DemoOutlet, path: str, port: int, revised: bool) -> Answer:
    """What the outlet's site answers for a path."""
    origin = f"http://{outlet.id}.{DOMAIN}:{port}"
    if path == "/robots.txt":
        rule = "Disallow: /" if outlet.robots == "disallow" else "Disallow: /search/"
        return Answer(200, "text/plain", f"User-agent: *\n{rule}\n".encode())
    if path.startswith("/.well-known/"):
        return Answer(404, "text/plain", b"404")
    if outlet.status != 200:
        return Answer(outlet.status, "text/html", b"<h1>503 Service Unavailable</h1>")
    for kind, source_path, language in outlet.sources:
        if path == source_path:
            items = [article for article in reversed(outlet.articles) if article.language == language]
            return _source(outlet, kind, path, language, items, origin, revised)
    for article in outlet.articles:
        if path == article.path:
            return _article_page(outlet, article, origin, revised)
    if path == "/":
        return _listing(outlet, outlet.languages[0], list(reversed(outlet.articles)), outlet.name, origin, revised)
    return Answer(404, "text/html", b"<h1>404</h1>")


def _source(
    outlet: DemoOutlet, kind: str, path: str, language: str, items: list[DemoArticle], origin: str, revised: bool
) -> Answer:
    if kind == "telegram":
        return _channel(outlet, language, items[:CHANNEL_POSTS], path, revised)
    if kind == "page":
        section = outlet.page_sections.get(path)
        chosen = [item for item in items if section in (None, item.section)]
        return _listing(outlet, language, chosen, section or outlet.name, origin, revised)
    entries = [feeds.Entry(origin + item.path, _text(item, revised), item) for item in items]
    if kind == "sitemap":
        return Answer(200, "application/xml", feeds.news_sitemap(outlet, language, entries))
    body, media_type = feeds.render(outlet.feed, outlet, language, origin + path, entries)
    return Answer(200, media_type, body.encode(outlet.charset, "xmlcharrefreplace"))


def _listing(
    outlet: DemoOutlet, language: str, items: list[DemoArticle], heading: str, origin: str, revised: bool
) -> Answer:
    shown = [_item(outlet, item, origin, revised) for item in items]
    return _render("listing.html", outlet, language, heading=heading, items=shown)


def _article_page(outlet: DemoOutlet, article: DemoArticle, origin: str, revised: bool) -> Answer:
    item = _item(outlet, article, origin, revised)
    rest = [other for other in outlet.articles if other.language == article.language and other is not article]
    others = [_item(outlet, other, origin, revised) for other in rest[-OTHERS:]]
    answer = _render("article.html", outlet, article.language, item=item, others=others, jsonld=_jsonld(outlet, item))
    return Answer(200, answer.media_type, answer.body, _text(article, revised).at or article.published)


def _channel(outlet: DemoOutlet, language: str, items: list[DemoArticle], path: str, revised: bool) -> Answer:
    channel = path.rpartition("/")[2]
    posts = [
        {**_item(outlet, item, "", revised), "number": outlet.articles.index(item) + 1} for item in reversed(items)
    ]
    html = (
        _templates()
        .get_template("telegram.html")
        .render(outlet=outlet, language=language, channel=channel, items=posts)
    )
    return Answer(200, "text/html; charset=utf-8", html.encode())


def _render(template: str, outlet: DemoOutlet, language: str, **values: Any) -> Answer:
    sections = list(dict.fromkeys(item.section for item in outlet.articles if item.language == language))
    html = (
        _templates()
        .get_template(template)
        .render(
            outlet=outlet,
            language=language,
            direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
            layout=outlet.layout,
            charset=outlet.charset,
            metadata=outlet.metadata,
            words=house_style()[language]["words"],
            sections=sections,
            feeds=[
                {"url": path, "type": feeds.MEDIA_TYPES[outlet.feed]}
                for kind, path, _ in outlet.sources
                if kind == "feed"
            ],
            **values,
        )
    )
    # A real windows-1251 site says so in the header or in the page; this one in the page only.
    media_type = "text/html" if outlet.charset != "utf-8" else "text/html; charset=utf-8"
    return Answer(200, media_type, html.encode(outlet.charset, "xmlcharrefreplace"))


def _item(outlet: DemoOutlet, article: DemoArticle, origin: str, revised: bool) -> dict[str, Any]:
    text = _text(article, revised)
    pattern = house_style()[article.language]["date"]
    return {
        "path": article.path,
        "url": origin + article.path,
        "headline": text.headline,
        "lead": text.lead,
        "paragraphs": text.body.split("\n\n"),
        "section": article.section,
        "authors": article.authors,
        "published": article.published.isoformat(),
        "modified": text.at.isoformat() if text.at else "",
        "date_line": pattern.format(day=article.published.day, time=f"{article.published:%H:%M}"),
    }


def _jsonld(outlet: DemoOutlet, item: dict[str, Any]) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": item["headline"],
        "description": item["lead"],
        "datePublished": item["published"],
        "dateModified": item["modified"] or item["published"],
        "articleSection": item["section"],
        "author": [{"@type": "Person", "name": name} for name in item["authors"]],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
        "mainEntityOfPage": item["url"],
    }
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _text(article: DemoArticle, revised: bool) -> Text:
    return article.revised if revised and article.revised else article.text


@cache
def _outlets() -> dict[str, DemoOutlet]:
    return {outlet.id: outlet for outlet in load_region()}


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("ortaq.demo"), autoescape=True, undefined=jinja2.StrictUndefined
    )
