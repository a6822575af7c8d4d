"""Copies folded, and counts of all that was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo

from ortaq.search.ranking import Found
from ortaq.store.contract import Counts, IndexHit


def fold(ranked: Iterable[Found]) -> list[tuple[Found, int]]:
    """The best-ranked of the articles that repeat one text in one language, and how many others there are."""
    first: dict[tuple[str, str], Found] = {}
    times: Counter[tuple[str, str]] = Counter()
    for one in ranked:
        key = _text_of(one.hit)
        first.setdefault(key, one)
        times[key] += 1
    return [(one, times[key] - 1) for key, one in first.items()]


def counts(ranked: Sequence[Found], kinds: Mapping[str, str], zone: tzinfo) -> Counts:
    """By value, copies folded within each: as many as narrowing to that value would give. `kinds` are of outlets."""
    hits = [one.hit for one in ranked]
    days = Counter(
        day for day, _ in {(h.published_at.astimezone(zone).date(), _text_of(h)) for h in hits if h.published_at}
    )
    return Counts(
        languages=_tally((hit.language, hit) for hit in hits),
        outlets=_tally((hit.outlet, hit) for hit in hits),
        countries=_tally((hit.country, hit) for hit in hits if hit.country),
        kinds=_tally((kinds[hit.outlet], hit) for hit in hits if kinds.get(hit.outlet)),
        days=dict(sorted(days.items())),
    )


def _tally(values: Iterable[tuple[str, IndexHit]]) -> dict[str, int]:
    told = Counter(value for value, _ in dict.fromkeys((value, _text_of(hit)) for value, hit in values))
    return dict(told.most_common())


def _text_of(hit: IndexHit) -> tuple[str, str]:
    return hit.original or hit.article, hit.language
