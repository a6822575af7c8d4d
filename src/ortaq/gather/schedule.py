"""When to ask again: after a failure, and for a feed that changes now and then. Pure functions over numbers."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from statistics import median

BASE = 60.0  # seconds; about the wait after a first failure
CEILING = 86_400.0  # seconds; the longest wait of our own making
MAX_AFTER = 7 * 86_400.0  # seconds; a server that asks for more is asked again then

FIRST = 900.0  # seconds; the first interval of a feed that says nothing of its own rhythm
GROW = 1.5
SHRINK = 0.5


def backoff(
    attempts: int, after: float | None, rng: random.Random, *, base: float = BASE, ceiling: float = CEILING
) -> float:
    """Seconds to wait after the `attempts`-th failure in a row (1 is the first).

    Doubles from `base` to `ceiling`, with "equal jitter": half is fixed, half is random, so that many that failed
    together don't come back together (M. Brooker, "Exponential Backoff and Jitter", AWS 2015). Never less than
    `after`, what the server asked for, itself spread by a tenth and believed up to MAX_AFTER.
    """
    doubled = min(ceiling, base * 2.0 ** min(max(attempts, 1) - 1, 60))
    own = doubled / 2 + rng.uniform(0, doubled / 2)
    if after is None or math.isnan(after) or after <= 0:
        return own
    asked = min(after, MAX_AFTER)
    return max(own, asked + rng.uniform(0, asked / 10))


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Seconds from a Retry-After header (RFC 9110 section 10.2.3: seconds or a date); None when it is neither."""
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,12}", value):
        return float(value)
    try:
        at = parsedate_to_datetime(value)
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        return max(0.0, (at - now).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def next_interval(previous: float, changed: bool, *, least: float, most: float, gaps: Sequence[float] = ()) -> float:
    """Seconds until a feed is read again. `previous` is the interval before this reading, 0 when none is learned.

    Multiplicative: halved when the feed had news, half as much again when it had none (as Apache Nutch's
    AdaptiveFetchSchedule does). That settles where ln 2 weighs as much as ln 1.5, that is where 37 % of readings find
    news: for news that come at random at rate r, at an interval of 0.46 / r, so an item waits 0.23 / r on average.

    `gaps` are seconds between the feed's newest entries by their own dates, when it has such. Their median is where an
    unlearned feed starts, and pulls a feed that had news half-way (on a logarithmic scale); a feed without news is left
    to grow, so one that has died is not read at its old rhythm for ever. Always within `least`..`most`.
    """
    known = [gap for gap in gaps if math.isfinite(gap) and gap > 0]
    rhythm = _clamp(median(known), least, most) if known else None
    if not math.isfinite(previous) or previous <= 0:
        return _clamp(FIRST if rhythm is None else rhythm, least, most)
    learned = _clamp(previous * (SHRINK if changed else GROW), least, most)
    return _clamp(math.sqrt(learned * rhythm), least, most) if changed and rhythm is not None else learned


def _clamp(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))
