"""The search over an opened home folder."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from ortaq.pipeline.home import Home
from ortaq.search.engine import SearchEngine


def search_of(home: Home) -> SearchEngine:
    """With the home's model, and days in its time zone."""
    settings = home.settings
    return SearchEngine(
        home.records,
        home.index,
        home.embed_query,
        model=settings.embed.model,
        zone=ZoneInfo(settings.site.timezone),
    )
