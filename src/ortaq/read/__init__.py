"""What does this page say?

In:    pages.
Out:   articles: headline, lead, text, authors, dates; problems.
Never: I/O; a date that is only guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ortaq.read.dates import ParsedDate, parse_date
    from ortaq.read.pages import extract, read_page

__all__ = ["ParsedDate", "extract", "parse_date", "read_page"]


def __getattr__(name: str) -> Any:
    # Imported at first use: the readers bring lxml and trafilatura with them.
    if name in ("read_page", "extract"):
        from ortaq.read import pages

        return getattr(pages, name)
    if name in ("ParsedDate", "parse_date"):
        from ortaq.read import dates

        return getattr(dates, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
