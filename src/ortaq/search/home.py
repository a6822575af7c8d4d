"""The search over an opened home folder."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from ortaq.pipeline.home import Home
from ortaq.pipeline.space import stored_embedding
from ortaq.search.engine import SearchEngine


def search_of(home: Home) -> SearchEngine:
    """With the model of the stored vectors, and days in its time zone."""
    settings = home.settings
    return SearchEngine(
        home.records,
        home.index,
        home.embed_query,
        model=stored_embedding(home.records, settings.embed).model,
        zone=ZoneInfo(settings.site.timezone),
    )
