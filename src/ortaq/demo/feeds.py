"""The demo outlets' feeds and sitemaps, in the four formats that outlets use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from ortaq.demo.content import DemoArticle, DemoOutlet, Text

MEDIA_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "json": "application/feed+json",
}


@dataclass(frozen=True, slots=True)
class Entry:
    url: str
    text: Text
    article: DemoArticle


def render(kind: str, outlet: DemoOutlet, language: str, address: str, entries: Sequence[Entry]) -> tuple[str, str]:
    """The feed's text, to be encoded in the outlet's charset, and its media type."""
    make = {"rss": _rss, "atom": _atom, "rdf": _rdf, "json": _json}[kind]
    return make(outlet, language, address, entries), MEDIA_TYPES[kind]


def _head(outlet: DemoOutlet) -> str:
    return f'<?xml version="1.0" encoding="{outlet.charset}"?>\n'


def _rss(outlet: DemoOutlet, language: str, address: str, entries: Sequence[Entry]) -> str:
    items = "".join(
        f"<item><title>{escape(entry.text.headline)}</title><link>{escape(entry.url)}</link>"
        f'<guid isPermaLink="true">{escape(entry.url)}</guid><description>{escape(entry.text.lead)}</description>'
        f"<category>{escape(entry.article.section)}</category>"
        f"<pubDate>{format_datetime(entry.article.published)}</pubDate></item>\n"
        for entry in entries
    )
    return (
        f'{_head(outlet)}<rss version="2.0"><channel><title>{escape(outlet.name)}</title>'
        f"<link>{escape(address)}</link><description>{escape(outlet.name)}</description>"
        f"<language>{language}</language>\n{items}</channel></rss>\n"
    )


def _atom(outlet: DemoOutlet, language: str, address: str, entries: Sequence[Entry]) -> str:
    newest = max((entry.text.at or entry.article.published for entry in entries), default=None)
    items = "".join(
        f"<entry><title>{escape(entry.text.headline)}</title><id>{escape(entry.url)}</id>"
        f'<link rel="alternate" href={quoteattr(entry.url)}/>'
        f"<published>{entry.article.published.isoformat()}</published>"
        f"<updated>{(entry.text.at or entry.article.published).isoformat()}</updated>"
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in entry.article.authors)
        + f"<summary>{escape(entry.text.lead)}</summary></entry>\n"
        for entry in entries
    )
    updated = f"<updated>{newest.isoformat()}</updated>" if newest else ""
    return (
        f'{_head(outlet)}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}"><title>{escape(outlet.name)}'
        f'</title><id>{escape(address)}</id><link rel="self" href={quoteattr(address)}/>{updated}\n{items}</feed>\n'
    )


def _rdf(outlet: DemoOutlet, language: str, address: str, entries: Sequence[Entry]) -> str:
    listed = "".join(f"<rdf:li rdf:resource={quoteattr(entry.url)}/>" for entry in entries)
    items = "".join(
        f"<item rdf:about={quoteattr(entry.url)}><title>{escape(entry.text.headline)}</title>"
        f"<link>{escape(entry.url)}</link><description>{escape(entry.text.lead)}</description>"
        f"<dc:date>{entry.article.published.isoformat()}</dc:date></item>\n"
        for entry in entries
    )
    return (
        f'{_head(outlet)}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel rdf:about={quoteattr(address)}><title>{escape(outlet.name)}</title><link>{escape(address)}</link>"
        f"<description>{escape(outlet.name)}</description><dc:language>{language}</dc:language>"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def _json(outlet: DemoOutlet, language: str, address: str, entries: Sequence[Entry]) -> str:
    items = [
        {
            "id": entry.url,
            "url": entry.url,
            "title": entry.text.headline,
            "summary": entry.text.lead,
            "date_published": entry.article.published.isoformat(),
            "authors": [{"name": name} for name in entry.article.authors],
            "language": language,
        }
        for entry in entries
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "feed_url": address,
        "language": language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def news_sitemap(outlet: DemoOutlet, language: str, entries: Sequence[Entry]) -> bytes:
    """A news sitemap, https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap."""
    rows = "".join(
        f"<url><loc>{escape(entry.url)}</loc><news:news><news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>{language.partition('-')[0]}</news:language></news:publication>"
        f"<news:publication_date>{entry.article.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(entry.text.headline)}</news:title></news:news></url>\n"
        for entry in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{rows}</urlset>\n'
    ).encode()
