"""The numbers behind "is it the same event?".

Tuned in November 2026 on stories/ntrex_halves.dev, the news files, the labelled pairs and the demo region, together, by
`python tools/tune_stories.py --data ../shared/data --cache DIR --search 900` and a grid around what it found; but
`other_names`, `other_numbers`, `alike`, `copied`, `unsure` by hand, and `own*`, `short` on the pairs alone (the tool
prints them cross-validated). What came out, and on unseen halves: docs/decisions/stories.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """All in units of cosine between vectors of the common space."""

    join: float = 0.44  # an article joins the best story from this score on
    merge: float = 0.42  # two stories become one from this score on, when an article joins one of them
    near: float = 0.16  # ... and is no further than this below `join` from the other
    member: float = 0.54  # share of the closest article in a story's likeness, the rest is the mean over its languages
    name: float = 0.023  # for each unit of a shared name's weight
    name_cap: float = 2.3  # of the summed weights
    lone: float = 0.5  # of the heaviest shared name's weight that is left out: one name in common is little
    unsure: float = 0.34  # a name that only a word without capitals confirms counts this much
    number: float = 0.02  # for each unit of a shared number's weight
    number_cap: float = 9.0
    foreign_names: float = 0.085  # taken off when both name things and (nearly) nothing is shared
    foreign_names_same: float = 0.29  # ... in one language, where a shared name can't hide behind a spelling
    other_names: float = 0.6  # ... and worded alike: one template, two events
    other_numbers: float = 0.3  # taken off texts worded alike that share no number
    alike: float = 0.6  # cosine in one language from which two texts are worded alike
    day: float = 0.09  # taken off for a story far in time: day * (1 - exp(-days / 3))
    crowd: float = 1.4  # taken off for each unit that the article's next ten stories are closer to it than `lonely`
    lonely: float = 0.09
    lonely_behind: float = 0.19  # ... or that the ten closest texts of the background are closer than this
    own: float = 0.35  # between texts in one language alone: joins are from here on, once the crowd is taken off
    own_crowd: float = 1.0  # ... the mean closeness of what surrounds both, times this
    own_differ: float = 0.4  # ... this much of what other names and numbers take off
    short: float = 0.15  # ... taken off when both are hardly more than a headline
    copied: float = 0.1  # added where a text is that this one repeats with changes


TUNED = Weights()

RELIABILITY: Mapping[str, float] = {
    "en": 0.77, "kk": 0.84, "ky": 0.82, "uz": 0.82, "tg": 0.76, "tk": 0.71, "mn": 0.80, "ug": 0.74,
    "tr": 0.72, "ru": 0.80,
}  # fmt: skip
"""Mean cosine of a language's centered sentence vectors to the mean of their translations (SIB-200, by
`tools.language_means`, here with a ridge of 20; with 60 each is 0.00 to 0.01 lower). Between two languages a cosine is
divided by the root of their product, which is half of Spearman's correction for attenuation (1904): the whole would
lift chance as much as likeness."""

UNKNOWN_RELIABILITY = 0.65


def reliability(language: str) -> float:
    return RELIABILITY.get(language, UNKNOWN_RELIABILITY)
