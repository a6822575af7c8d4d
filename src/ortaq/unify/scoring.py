"""How close is an article to a story, or a story to a story? All in units of cosine, against `Weights.join`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ortaq.unify.background import COHORT
from ortaq.unify.evidence import Keys, Likeness, Rarity, Shared, Weighed, compare, weigh
from ortaq.unify.members import Floats, Member, Working
from ortaq.unify.weights import Weights

_DAY = 86_400.0
_OWN_EVENT = 2  # of the stories nearest to an article, may be on its event, and so are no neighborhood


@dataclass(frozen=True, slots=True)
class Crowd:
    """What an article's neighborhood takes off its scores, and how close it is: `off` and `crowding`."""

    off: float
    crowding: float


@dataclass(frozen=True, slots=True)
class Asked:
    """An article whose story is looked for."""

    member: Member
    keys: Weighed
    crowd: Crowd


@dataclass(frozen=True, slots=True)
class Scored:
    """A story's score for an article, the article of the story that is closest, and what they share."""

    story: Working
    score: float
    closest: str
    shared: Shared


class Scorer:
    """Scores by weights and by how rare each key is among the stories of the working set."""

    def __init__(self, weights: Weights, join: float, names: Rarity, numbers: Rarity) -> None:
        self._use = weights
        self._join = join
        self._names, self._numbers = names, numbers

    def ask(self, member: Member, cosines: Sequence[float]) -> Asked:
        """The article, with the cosines of the stories nearest to it, highest first."""
        names, unsure, numbers = (dict.fromkeys(each, 1) for each in (member.names, member.unsure, member.numbers))
        keys = Keys(names, unsure, numbers, 1)
        return Asked(member, weigh(keys, self._names, self._numbers), self._crowd(member.cohort, cosines))

    def score(self, asked: Asked, story: Working, *, copied: bool, patched: bool = False) -> Scored:
        """An article's likeness to a story: of the closest article in it and of the mean of its languages.

        A story `patched` together by people may be of unlike parts: the mean is then that of the closest one's part.
        """
        member, use = asked.member, self._use
        likeness = story.likeness(member.vector, member.language)
        nearest = int(likeness.argmax())
        closest = story.kept[nearest]
        closeness = self._closeness(likeness, self._part(story, nearest) if patched else story.shares)
        alike = closest.language == member.language and float(likeness[nearest]) >= use.alike
        like = Likeness(set(story.languages) == {member.language}, alike)
        shared = compare(asked.keys, _keys(story), like, self._names, use)
        if like.same_language:
            short = member.short and story.short
            score = self._in_one_language(closeness, shared.score, (asked.crowd.crowding + story.crowding) / 2, short)
        else:
            score = closeness + shared.score - asked.crowd.off
        score += use.copied if copied else 0.0
        score -= self._away(story.first - member.at, member.at - story.last)
        return Scored(story, round(score, 6), closest.article, shared)

    def between(self, first: Working, second: Working, crowd: Crowd) -> float:
        """Two stories' score: that of the smaller one's articles against the larger, in the mean."""
        small, large = (first, second) if len(first.kept) <= len(second.kept) else (second, first)
        use = self._use
        closeness, alike = 0.0, False
        for share, member in zip(small.shares.tolist(), small.kept, strict=True):
            likeness = large.likeness(member.vector, member.language)
            nearest = int(likeness.argmax())
            alike = alike or (large.languages[nearest] == member.language and float(likeness[nearest]) >= use.alike)
            closeness += share * self._closeness(likeness, large.shares)
        languages = set(first.languages) | set(second.languages)
        like = Likeness(set(first.languages) == set(second.languages), alike)
        ours = weigh(_keys(small), self._names, self._numbers)
        shared = compare(ours, _keys(large), like, self._names, use).score
        if len(languages) == 1:
            crowding, short = (first.crowding + second.crowding) / 2, first.short and second.short
            score = self._in_one_language(closeness, shared, crowding, short)
        else:
            score = closeness + shared - crowd.off
        return round(score - self._away(second.first - first.last, first.first - second.last), 6)

    def _crowd(self, cohort: Floats, cosines: Sequence[float]) -> Crowd:
        """Where all news is alike (one country's politics, one outlet's weather), a story must stand out from the next
        ten. The two nearest may be the event itself. What the stream does not show yet, the background does.
        """
        stream = np.array(cosines[_OWN_EVENT : _OWN_EVENT + COHORT], np.float32)
        use, behind = self._use, float(cohort.mean())
        off = use.crowd * max(0.0, float(stream.sum()) / COHORT - use.lonely, behind - use.lonely_behind)
        return Crowd(off, float(np.sort(np.concatenate([stream, cohort]))[-COHORT:].mean()))

    def _closeness(self, likeness: Floats, shares: Floats) -> float:
        return self._use.member * float(likeness.max()) + (1 - self._use.member) * float(shares @ likeness)

    def _part(self, story: Working, nearest: int) -> Floats:
        """The shares of those kept articles that are as close to this one as articles of a story are."""
        one = story.kept[nearest]
        near = story.likeness(one.vector, one.language) >= self._join
        near[nearest] = True
        shares: Floats = np.where(near, story.shares, np.float32(0))
        shares /= shares.sum()
        return shares

    def _in_one_language(self, closeness: float, shared: float, crowding: float, short: bool) -> float:
        """Texts in one language share its words, whatever they tell of, and no other language bears witness: so the
        cosine must stand out from what surrounds both. What names and numbers add there did not hold on unseen pairs.
        """
        use = self._use
        score = closeness - use.own_crowd * crowding - use.own + self._join
        return score + use.own_differ * min(shared, 0.0) - (use.short if short else 0.0)

    def _away(self, before: float, after: float) -> float:
        """What distance in time takes off; of two spans at most one of the gaps is positive."""
        return self._use.day * (1 - math.exp(-max(0.0, before, after) / (3 * _DAY)))


def _keys(story: Working) -> Keys:
    return Keys(story.names, story.unsure, story.numbers, len(story.kept))
