"""How near in meaning is a text that has nothing to do with the query? What is no nearer is not shown.

Everything is near to something, and how near depends on the query: so it is judged by how near the query lies to news
that has nothing to do with it, as `unify.background` does for stories. docs/decisions/search.md has the figures.
"""

from __future__ import annotations

import math

from ortaq.model import Annotation, Vector
from ortaq.unify.background import FIGURES, closest

_BELOW = 0.025  # under the tenth nearest of the 512 background texts; cost nothing on both tuning sets
_TENTH = 2.06  # standard deviations: where the tenth highest of 512 normal values lies
_SURE = 0.7  # standard deviations over the highest that chance is likely to give


def least(vector: Vector, model: str) -> float:
    """The cosine that a hit must reach; -1 for a model of which no background is known."""
    return _tenth(vector, model) - _BELOW if model in FIGURES else -1.0


def least_of_unknown(vector: Vector, model: str, articles: int) -> float:
    """The same for a query of which not a word is in any article: nearer than the nearest of so many by chance.

    The highest of n normal values is about sqrt(2 ln n) standard deviations.
    """
    if model not in FIGURES:
        return -1.0
    return _tenth(vector, model) / _TENTH * (math.sqrt(2 * math.log(max(articles, 2))) + _SURE)


def _tenth(vector: Vector, model: str) -> float:
    return float(closest(Annotation(vector, made_by={"embed": model}))[-1])
