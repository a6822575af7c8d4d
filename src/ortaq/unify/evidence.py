"""How much an article has in common with a story beside its vector: names and numbers, weighed by how rare they are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ortaq.unify.weights import Weights

_PRIOR_STORIES = 20  # so that the first stories of an empty working set are not all rare
_MOST = 4.0  # weight of the rarest key
_FEW = 0.1  # a share of the names' weight below this is "nothing in common"
_FEW_ALIKE = 0.35  # ... between texts worded alike, which then differ in what matters
_TELLING = 2.0  # a text whose names weigh less than this names nothing in particular


class Rarity:
    """In how many stories of the working set each key occurs (Spärck Jones 1972)."""

    def __init__(self) -> None:
        self._stories = 0
        self._counts: Counter[str] = Counter()

    def add(self, keys: Iterable[str]) -> None:
        self._stories += 1
        for key in keys:
            self._counts[key] += 1

    def remove(self, keys: Iterable[str]) -> None:
        self._stories -= 1
        for key in keys:
            self._counts[key] -= 1
            if self._counts[key] <= 0:
                del self._counts[key]

    def weight(self, key: str) -> float:
        """0 for a key in a third of all stories or more, up to 4."""
        idf = math.log((self._stories + _PRIOR_STORIES) / (1 + self._counts.get(key, 0)))
        return min(max(idf - 1.0, 0.0), _MOST)

    def total(self, keys: Iterable[str]) -> float:
        return sum(map(self.weight, keys))


@dataclass(frozen=True, slots=True)
class Keys:
    """What a text names: sure names, words that may be names, numbers; each with the number of texts that hold it."""

    names: Mapping[str, int]
    unsure: Mapping[str, int]
    numbers: Mapping[str, int]
    texts: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """The same with each key's weight, and what the sure names weigh together."""

    names: Mapping[str, float]
    unsure: Mapping[str, float]
    numbers: Mapping[str, float]
    total: float


def weigh(keys: Keys, names: Rarity, numbers: Rarity) -> Weighed:
    sure = {key: names.weight(key) for key in keys.names}
    unsure = {key: names.weight(key) for key in keys.unsure}
    return Weighed(sure, unsure, {key: numbers.weight(key) for key in keys.numbers}, sum(sure.values()))


@dataclass(frozen=True, slots=True)
class Shared:
    """What an article and a story have in common; `names` and `numbers` the heaviest first."""

    score: float
    names: tuple[str, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is known of the two texts before their keys are compared: in one language; and worded nearly alike."""

    same_language: bool
    alike: bool = False


def compare(article: Weighed, story: Keys, like: Likeness, names: Rarity, use: Weights) -> Shared:
    """Names and numbers of `article` (or of a second story) against those of `story`.

    A key held by half of the story's texts counts in full, a rarer one less, so that a large story does not share
    something with everything. Texts worded alike that name other places or give other numbers are two events told
    by one template (accidents, weather, exchange rates).
    """

    def held(keys: Mapping[str, float], counts: Mapping[str, int]) -> dict[str, float]:
        return {key: min(1.0, 2 * counts[key] / story.texts) * keys[key] for key in keys if key in counts}

    shared = held(article.names, story.unsure) | held(article.unsure, story.names)
    shared = {key: use.unsure * weight for key, weight in shared.items()} | held(article.names, story.names)
    digits = held(article.numbers, story.numbers)
    by_names, by_numbers = sum(shared.values()), sum(digits.values())
    telling = by_names - use.lone * max(shared.values(), default=0.0)
    score = use.name * min(telling, use.name_cap) + use.number * min(by_numbers, use.number_cap)
    few = _FEW_ALIKE if like.alike else _FEW
    if _differ(by_names, article.total, few) and _differ(by_names, names.total(story.names), few):
        same = use.foreign_names_same if like.same_language else use.foreign_names
        score -= use.other_names if like.alike else same
    if like.alike and article.numbers and story.numbers and not digits:
        score -= use.other_numbers
    return Shared(score, _heaviest(shared), _heaviest(digits))


def _differ(shared: float, all_names: float, few: float) -> bool:
    return all_names >= _TELLING and shared < few * all_names


def _heaviest(shared: Mapping[str, float]) -> tuple[str, ...]:
    ranked = sorted((key for key in shared if shared[key] > 0), key=lambda key: (-shared[key], key))
    return tuple(ranked[:5])
