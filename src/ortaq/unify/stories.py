"""Which story is an article of? Online clustering over a bounded working set of stories.

An article joins the story that is closest to it by centered vectors, rare names and numbers, and time, when that is
close enough; else it begins a story. A story that an article shows to be the same as another is merged into the
older one, and the merge is told. The same sequence of articles gives the same stories.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ortaq.model import Annotation, Article, CopyLink, Membership, StoryChange, Vector, short_id
from ortaq.settings import UnifySettings
from ortaq.unify.evidence import Keys, Likeness, Rarity, Shared, Weighed, compare, weigh
from ortaq.unify.members import Member, Working, member_of, new_story
from ortaq.unify.weights import TUNED, Weights

CAPACITY = 16_384  # stories in the working set; the ones longest untouched leave
_NEAREST = 24  # stories whose score is worked out in full
_COHORT = 10
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article went, what else that changed, and what it repeats or is repeated by."""

    membership: Membership
    changes: tuple[StoryChange, ...] = ()
    copies: tuple[CopyLink, ...] = ()


class Placed(Protocol):
    """An article that is in a story already, as the store keeps it."""

    @property
    def article(self) -> Article: ...

    @property
    def story(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Match:
    slot: int
    score: float
    closest: str
    shared: Shared


class StoryBuilder:
    """Holds the working set. Not for several threads."""

    def __init__(self, settings: UnifySettings, weights: Weights = TUNED, capacity: int = CAPACITY) -> None:
        self._weights = weights
        self._join = settings.threshold or weights.join
        self._merge = weights.merge + self._join - weights.join
        self._near = self._join - weights.near
        self._window = settings.window_days * _DAY
        self._capacity = capacity
        self._order = 0
        self._stories: list[Working] = []
        self._slot_of: dict[str, int] = {}  # by story
        self._story_of: dict[str, str] = {}  # by article
        self._names, self._numbers = Rarity(), Rarity()
        self._middles: npt.NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self._spans: npt.NDArray[np.float64] = np.zeros((0, 2))
        self._touched: npt.NDArray[np.int64] = np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self._stories)

    def place(
        self, article: Article, annotation: Annotation, copy: CopyLink | None = None, story: str = ""
    ) -> Placement:
        """Put the article into a story, or begin one.

        The same text goes where its other copy is; a changed copy has an advantage there, no more, for one template
        may tell of two events. An article placed before (a new revision of it) stays in its story, also in one that
        has left the working set when the caller names it as `story`.
        """
        self._order += 1
        member = member_of(self._order, article, annotation)
        if known := self._story_of.get(article.id):
            return self._revise(self._slot_of[known], member)
        if story:
            return Placement(Membership(article.id, story))
        twin = "" if copy is None else copy.original if copy.article == article.id else copy.article
        into = self._story_of.get(twin, "")
        if copy and copy.kind == "exact" and into:
            self._add(self._slot_of[into], member)
            return Placement(Membership(article.id, into, copy.overlap, twin))
        matches, crowd = self._matches(member, self._slot_of.get(into))
        if not matches or matches[0].score < self._join:
            begun = short_id("s", article.id)
            self._begin(new_story(begun, member))
            return Placement(Membership(article.id, begun))
        best = matches[0]
        self._add(best.slot, member)
        changes = self._merged(self._stories[best.slot].id, matches, crowd, article)
        into, shared = self._story_of[article.id], best.shared
        return Placement(Membership(article.id, into, best.score, best.closest, shared.names, shared.numbers), changes)

    def restore(self, placed: Iterable[tuple[Placed, Annotation]]) -> None:
        """Fill an empty working set with articles in the order they were first placed.

        What follows is decided as if they had been placed here, if all articles of their stories are among them.
        """
        for stored, annotation in placed:
            self._order += 1
            member = member_of(self._order, stored.article, annotation)
            if stored.story in self._slot_of:
                self._add(self._slot_of[stored.story], member)
            else:
                self._begin(new_story(stored.story, member))

    def _matches(self, member: Member, twin: int | None) -> tuple[list[_Match], float]:
        """The nearest stories within the window, best first."""
        count = len(self._stories)
        if not count:
            return [], 0.0
        # Not @: BLAS would share the work among threads, which on busy cores wait ten times as long as they compute.
        cosines = np.einsum("ij,j->i", self._middles[:count], member.vector)
        spans = self._spans[:count]
        cosines[(spans[:, 0] > member.at + self._window) | (spans[:, 1] < member.at - self._window)] = -2.0
        nearest = np.argpartition(-cosines, min(_NEAREST, count) - 1)[:_NEAREST]
        nearest = nearest[cosines[nearest] > -2.0]
        slots = set(nearest.tolist()) | ({twin} if twin is not None else set())
        crowd = self._crowd(cosines[nearest])
        keys = Keys(
            dict.fromkeys(member.names, 1), dict.fromkeys(member.unsure, 1), dict.fromkeys(member.numbers, 1), 1
        )
        ours = weigh(keys, self._names, self._numbers)
        found = [self._match(member, ours, slot, slot == twin, crowd) for slot in slots]
        return sorted(found, key=lambda match: (-match.score, self._stories[match.slot].id)), crowd

    def _crowd(self, cosines: Vector) -> float:
        """What a crowded neighborhood takes off: where all news is alike (one country's politics, one outlet's
        weather), a story must stand out from the next ten. The two nearest may be the event itself.
        """
        cohort = np.sort(cosines)[::-1][2 : 2 + _COHORT]
        return self._weights.crowd * max(0.0, float(cohort.sum()) / _COHORT - self._weights.lonely)

    def _match(self, member: Member, ours: Weighed, slot: int, is_twin: bool, crowd: float) -> _Match:
        story, use = self._stories[slot], self._weights
        likeness = story.likeness(member.vector, member.language)
        nearest = int(likeness.argmax())
        closest = story.kept[nearest]
        closeness = use.member * float(likeness[nearest]) + (1 - use.member) * float(story.shares @ likeness)
        alike = closest.language == member.language and float(likeness[nearest]) >= use.alike
        like = Likeness(set(story.languages) == {member.language}, alike)
        shared = compare(ours, _keys(story), like, self._names, use)
        away = self._away(story.first - member.at, member.at - story.last)
        score = closeness + shared.score - crowd - away + (use.copied if is_twin else 0.0)
        return _Match(slot, round(score, 6), closest.article, shared)

    def _away(self, before: float, after: float) -> float:
        """What distance in time takes off; of two spans at most one of the gaps is positive."""
        return self._weights.day * (1 - math.exp(-max(0.0, before, after) / (3 * _DAY)))

    def _merged(self, story: str, matches: list[_Match], crowd: float, article: Article) -> tuple[StoryChange, ...]:
        """Merge with the further stories near the article that its story, grown by it, is now close to."""
        changes: list[StoryChange] = []
        for other in [self._stories[match.slot].id for match in matches[1:] if match.score >= self._near]:
            score = self._between(self._stories[self._slot_of[story]], self._stories[self._slot_of[other]]) - crowd
            if score >= self._merge:
                change = self._join_stories(story, other, article, score)
                changes.append(change)
                story = change.target
        return tuple(changes)

    def _between(self, first: Working, second: Working) -> float:
        """Two stories' score: that of the smaller one's articles against the larger, in the mean."""
        small, large = (first, second) if len(first.kept) <= len(second.kept) else (second, first)
        use = self._weights
        closeness, alike = 0.0, False
        for share, member in zip(small.shares.tolist(), small.kept, strict=True):
            likeness = large.likeness(member.vector, member.language)
            nearest = int(likeness.argmax())
            alike = alike or (large.languages[nearest] == member.language and float(likeness[nearest]) >= use.alike)
            closeness += share * (
                use.member * float(likeness.max()) + (1 - use.member) * float(large.shares @ likeness)
            )
        like = Likeness(set(first.languages) == set(second.languages), alike)
        ours = weigh(_keys(small), self._names, self._numbers)
        shared = compare(ours, _keys(large), like, self._names, use)
        away = self._away(second.first - first.last, first.first - second.last)
        return round(closeness + shared.score - away, 6)

    def _join_stories(self, first: str, second: str, article: Article, score: float) -> StoryChange:
        one, two = self._stories[self._slot_of[first]], self._stories[self._slot_of[second]]
        older, younger = (one, two) if one.order < two.order else (two, one)
        moved = tuple(younger.articles)
        self._drop(younger.id)
        slot = self._slot_of[older.id]
        self._forget_keys(older)
        older.add(moved, younger.kept)
        older.first, older.last = min(older.first, younger.first), max(older.last, younger.last)
        self._note(slot)
        self._story_of.update(dict.fromkeys(moved, older.id))
        why = f"{article.id} is close to both; the stories' likeness is {score:.2f}"
        return StoryChange("merge", younger.id, older.id, moved, article.fetched_at, why)

    def _revise(self, slot: int, member: Member) -> Placement:
        story = self._stories[slot]
        known = next((kept for kept in story.kept if kept.article == member.article), None)
        if known:
            self._forget_keys(story)
            story.add([], [replace(member, order=known.order)])
            self._note(slot)
        return Placement(Membership(member.article, story.id))

    def _begin(self, story: Working) -> None:
        if len(self._stories) >= self._capacity:
            self._evict()
        slot = len(self._stories)
        if slot == len(self._middles):
            size = max(64, 2 * slot)
            self._middles = _grown(self._middles, (size, len(story.middle)))
            self._spans = _grown(self._spans, (size, 2))
            self._touched = _grown(self._touched, (size,))
        self._stories.append(story)
        self._slot_of[story.id] = slot
        self._story_of.update(dict.fromkeys(story.articles, story.id))
        self._note(slot)

    def _add(self, slot: int, member: Member) -> None:
        story = self._stories[slot]
        self._forget_keys(story)
        story.add([member.article], [member])
        self._story_of[member.article] = story.id
        self._note(slot)

    def _note(self, slot: int) -> None:
        """Bring the arrays and key counts up to date with the story in the slot."""
        story = self._stories[slot]
        self._middles[slot] = story.middle
        self._spans[slot] = story.first, story.last
        self._touched[slot] = self._order
        self._names.add(story.names)
        self._numbers.add(story.numbers)

    def _forget_keys(self, story: Working) -> None:
        self._names.remove(story.names)
        self._numbers.remove(story.numbers)

    def _drop(self, id: str) -> None:
        """Take a story out; the last one moves into its slot."""
        slot, last = self._slot_of.pop(id), len(self._stories) - 1
        story = self._stories[slot]
        self._forget_keys(story)
        for article in story.articles:
            del self._story_of[article]
        if slot != last:
            moved = self._stories[slot] = self._stories[last]
            self._slot_of[moved.id] = slot
            for array in (self._middles, self._spans, self._touched):
                array[slot] = array[last]
        self._stories.pop()

    def _evict(self) -> None:
        """Make room: an eighth of the stories, those longest untouched, leave; they take no more articles."""
        leaving = np.argsort(self._touched[: len(self._stories)], kind="stable")[: max(1, self._capacity // 8)]
        for id in [self._stories[slot].id for slot in leaving.tolist()]:
            self._drop(id)


def _keys(story: Working) -> Keys:
    return Keys(story.names, story.unsure, story.numbers, len(story.kept))


def _grown(array: npt.NDArray[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
    larger = np.zeros(shape, array.dtype)
    if array.size:
        larger[: len(array)] = array
    return larger
