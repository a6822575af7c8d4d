"""Values as JSON and instants as numbers, the same way in the archive and in the records."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from ortaq.model import Hints, Json, Outlet, Source

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC: one order and one equality, whatever the zone. ValueError without a zone."""
    if at.utcoffset() is None:
        raise ValueError(f"an instant needs a time zone: {at.isoformat()}")
    return (at - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def hints_to_json(hints: Hints) -> Json:
    """Only what was said; an empty dict for empty hints."""
    values: Json = {
        "title": hints.title,
        "published_at": hints.published_at.isoformat() if hints.published_at else None,
        "language": hints.language,
        "authors": list(hints.authors),
        "summary": hints.summary,
        "section": hints.section,
        "image": hints.image,
        "zone": hints.zone,
    }
    # "" is a language somebody gave; for the rest it is the default.
    return {key: value for key, value in values.items() if value or (key == "language" and value is not None)}


def hints_from_json(values: Json) -> Hints:
    """The inverse of `hints_to_json`. Raises ValueError or TypeError on anything else."""
    at = values.get("published_at")
    return Hints(
        **values
        | {
            "published_at": datetime.fromisoformat(at) if at else None,
            "authors": tuple(values.get("authors", ())),
        }
    )


def outlet_to_json(outlet: Outlet) -> Json:
    return asdict(outlet)


def outlet_from_json(values: Json) -> Outlet:
    return Outlet(
        **values
        | {
            "languages": tuple(values["languages"]),
            "sources": tuple(Source(**source) for source in values["sources"]),
        }
    )
