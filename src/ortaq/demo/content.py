"""The demo region read from its files: outlets, articles, and what a reader of them should find (the truth).

Everything in `region/` is fictional. `truth()` is the file beside the demo that tests and benchmarks measure against:
for every article its language and the event it tells of.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

PORT = 8601
DOMAIN = "localhost"


@dataclass(frozen=True, slots=True)
class Text:
    """What an article says at one time; `at` is None for the first version."""

    headline: str
    lead: str
    body: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One planned article of one outlet; `revised` is its later version where it was corrected."""

    outlet: str
    language: str
    event: str
    slug: str
    published: datetime
    section: str
    authors: tuple[str, ...]
    text: Text
    revised: Text | None = None
    copy_of: str = ""

    @property
    def path(self) -> str:
        return f"/{self.language.lower()}/{self.published:%Y/%m/%d}/{self.slug}.html"


@dataclass(frozen=True, slots=True)
class DemoOutlet:
    """An outlet and how the local site plays it."""

    id: str
    name: str
    languages: tuple[str, ...]
    sources: tuple[tuple[str, str, str], ...]  # kind, path, language
    feed: Literal["rss", "atom", "json", "rdf"] = "rss"
    charset: str = "utf-8"
    status: int = 200
    robots: Literal["allow", "disallow"] = "allow"
    layout: str = "classic"
    metadata: str = "plain"
    page_sections: Mapping[str, str] = field(default_factory=dict)
    articles: tuple[DemoArticle, ...] = field(default=(), repr=False)


def region_folder() -> Traversable:
    return files("ortaq.demo") / "region"


@cache
def load_region() -> tuple[DemoOutlet, ...]:
    """Every outlet of the region with its articles, oldest first."""
    tables = tomllib.loads((region_folder() / "outlets.toml").read_text(encoding="utf-8"))["outlet"]
    return tuple(_outlet(table) for table in tables)


@cache
def house_style() -> dict[str, Any]:
    """Language to `date` (a pattern with {day} and {time}) and `words` of the page furniture."""
    return tomllib.loads((region_folder() / "house-style.toml").read_text(encoding="utf-8"))


def outlets_toml(port: int = PORT) -> str:
    """The outlets as a home folder's outlets.toml has them, with the local site on this port."""
    return (region_folder() / "outlets.toml").read_text(encoding="utf-8").replace(f":{PORT}/", f":{port}/")


def truth(port: int = PORT) -> dict[str, tuple[str, str]]:
    """Address of each article that can be gathered to (language tag, event id); posts of channels are not in it."""
    return {
        f"http://{outlet.id}.{DOMAIN}:{port}{article.path}": (article.language, article.event)
        for outlet in load_region()
        if outlet.status == 200 and outlet.robots == "allow"
        for article in outlet.articles
    }


def _outlet(table: dict[str, Any]) -> DemoOutlet:
    id = table["id"]
    origin = f"http://{id}.{DOMAIN}:{PORT}"
    return DemoOutlet(
        id=id,
        name=table["name"],
        languages=tuple(table["languages"]),
        sources=tuple(
            (source["kind"], source["address"].removeprefix(origin), source["language"]) for source in table["source"]
        ),
        articles=tuple(sorted(_articles(id, table["languages"]), key=lambda article: article.published)),
        **table["demo"],
    )


def _articles(outlet: str, languages: list[str]) -> list[DemoArticle]:
    found = []
    for language in languages:
        file = region_folder() / "articles" / f"{outlet}.{language}.toml"
        if not file.is_file():
            continue
        for table in tomllib.loads(file.read_text(encoding="utf-8"))["article"]:
            revised = table.get("revised")
            found.append(
                DemoArticle(
                    outlet=outlet,
                    language=language,
                    event=table["event"],
                    slug=table["slug"],
                    published=_instant(table["published"]),
                    section=table.get("section", ""),
                    authors=tuple(table.get("authors", ())),
                    text=Text(table["headline"], table["lead"], table["body"].strip()),
                    revised=revised
                    and Text(revised["headline"], revised["lead"], revised["body"].strip(), _instant(revised["at"])),
                    copy_of=table.get("copy_of", ""),
                )
            )
    return found


def _instant(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
