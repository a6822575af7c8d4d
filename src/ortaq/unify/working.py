"""The working set: the stories that the last articles went to, found by vector, with how often each key occurs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from ortaq.model import Vector
from ortaq.unify.evidence import Rarity
from ortaq.unify.members import Floats, Member, Working, new_story

REMEMBERED = 32_768
"""Articles: a story that none of the last so many went to leaves the working set, and takes no more articles.

It leaves by that alone, and not when the stories are many, so that the working set follows from the last articles and
their stories, however the stories came about: that is what `restore` is given.
"""

_SCANNED = 1_024  # more stories than this are first narrowed down by the signs of their components
_PROBED = 256  # ... to so many: the nearest three are among them in 998 of 1,000 cases (news and halves)


class WorkingSet:
    """Stories in slots. A story id, an article id, a slot each lead to the others in constant time."""

    def __init__(self, window: float, remembered: int = REMEMBERED) -> None:
        self.names, self.numbers = Rarity(), Rarity()
        self._window = window
        self._remembered = remembered
        self._order = 0
        self._stories: list[Working] = []
        self._slot_of: dict[str, int] = {}  # by story, the one longest untouched first
        self._story_of: dict[str, str] = {}  # by article
        self._middles: Floats = np.zeros((0, 0), np.float32)
        self._signs: npt.NDArray[np.uint64] = np.zeros((0, 0), np.uint64)  # a column a slot
        self._spans: npt.NDArray[np.float64] = np.zeros((2, 0))

    def __len__(self) -> int:
        return len(self._stories)

    def next_order(self) -> int:
        """The number of a new article; stories that no recent one went to leave."""
        self._order += 1
        while self._stories:
            oldest = self._stories[next(iter(self._slot_of.values()))]
            if oldest.touched > self._order - self._remembered:
                break
            self._drop(oldest.id)
        return self._order

    def take_order(self, number: int) -> int:
        """The number of an article placed before, oldest first; 0, not known, is counted on. No story leaves."""
        self._order = number or self._order + 1
        return self._order

    def story(self, id: str) -> Working:
        return self._stories[self._slot_of[id]]

    def story_of(self, article: str) -> Working | None:
        """The story that the article is in, when it is in the working set."""
        id = self._story_of.get(article)
        return None if id is None else self.story(id)

    def __contains__(self, story: str) -> bool:
        return story in self._slot_of

    def nearest(self, vector: Vector, at: float, count: int) -> list[tuple[Working, float]]:
        """The stories whose middles are closest to the vector, with an article within the window of `at`; and their
        cosines, highest first. Above 1,024 stories some that are not among the very closest may be missed.
        """
        spans = self._spans[:, : len(self._stories)]
        slots = np.flatnonzero((spans[0] <= at + self._window) & (spans[1] >= at - self._window))
        if not len(slots):
            return []
        if len(slots) > _SCANNED:
            signs = self._signs[:, : len(self._stories)] ^ _signs(vector)[:, None]
            distances = np.bitwise_count(signs).sum(axis=0, dtype=np.uint16)[slots]
            # All at the last distance, so that what is found does not depend on the order of the slots.
            slots = slots[distances <= np.partition(distances, _PROBED)[_PROBED]]
        # Not @: BLAS would share the work among threads, which on busy cores wait ten times as long as they compute.
        cosines = np.einsum("ij,j->i", self._middles[slots], vector)
        best = np.argsort(-cosines, kind="stable")[:count]
        return [(self._stories[slots[place]], float(cosines[place])) for place in best.tolist()]

    def put(self, id: str, member: Member) -> None:
        """A new article of a story that is here, or begins with it."""
        if id in self:
            self.add(self.story(id), member)
        else:
            self.begin(id, member)

    def reload(self, stories: Iterable[str], placed: Iterable[tuple[str, Member]]) -> None:
        """Put the members, in their order, into these stories, which are empty before; those now quiet leave."""
        stories = set(stories)
        for id in stories & self._slot_of.keys():
            self._drop(id)
        for id, member in placed:
            self.put(id, member)
        for id in stories & self._slot_of.keys():
            if self.story(id).touched <= self._order - self._remembered:
                self._drop(id)
        self._slot_of = dict(sorted(self._slot_of.items(), key=lambda entry: self._stories[entry[1]].touched))

    def begin(self, id: str, member: Member) -> None:
        story = new_story(id, member)
        slot = len(self._stories)
        if slot == len(self._middles):
            self._grow(max(64, 2 * slot), len(story.middle))
        self._stories.append(story)
        self._slot_of[id] = slot
        self._story_of[member.article] = id
        self._note(story)

    def add(self, story: Working, member: Member) -> None:
        """A new article."""
        self._forget_keys(story)
        story.add([member.article], [member])
        self._story_of[member.article] = story.id
        self._note(story)
        self._slot_of[story.id] = self._slot_of.pop(story.id)

    def revise(self, story: Working, member: Member) -> None:
        """An article's new state; nothing happens when it is not among the kept ones. Its order stays the old one."""
        if any(kept.article == member.article for kept in story.kept):
            self._forget_keys(story)
            story.add([], [member])
            self._note(story)

    def merge(self, older: Working, younger: Working) -> tuple[str, ...]:
        """The younger one's articles go into the older, which counts as touched now; returns their ids.

        The older is the one to stay; a pinned story stays however young it is.
        """
        moved = tuple(sorted(younger.articles))  # not in the order of merges, which a restart forgets
        self._drop(younger.id)
        self._forget_keys(older)
        older.add(moved, younger.kept)
        older.first, older.last = min(older.first, younger.first), max(older.last, younger.last)
        older.touched = max(older.touched, younger.touched)
        older.order = min(older.order, younger.order)
        self._story_of.update(dict.fromkeys(moved, older.id))
        self._note(older)
        self._slot_of[older.id] = self._slot_of.pop(older.id)
        return moved

    def _grow(self, size: int, dimensions: int) -> None:
        self._middles = _grown(self._middles, (size, dimensions))
        self._signs = _grown(self._signs, (-(-dimensions // 64), size))
        self._spans = _grown(self._spans, (2, size))

    def _note(self, story: Working) -> None:
        """Bring the arrays and key counts up to date with the story."""
        slot = self._slot_of[story.id]
        self._middles[slot] = story.middle
        self._signs[:, slot] = _signs(story.middle)
        self._spans[:, slot] = story.first, story.last
        self.names.add(story.names)
        self.numbers.add(story.numbers)

    def _forget_keys(self, story: Working) -> None:
        self.names.remove(story.names)
        self.numbers.remove(story.numbers)

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
            self._middles[slot] = self._middles[last]
            self._signs[:, slot] = self._signs[:, last]
            self._spans[:, slot] = self._spans[:, last]
        self._stories.pop()


def _signs(vector: Iterable[float]) -> npt.NDArray[np.uint64]:
    """One bit a component, in words of 64."""
    bits = np.packbits(np.asarray(vector) > 0)
    if len(bits) % 8:
        bits = np.concatenate([bits, np.zeros(-len(bits) % 8, np.uint8)])
    return bits.view(np.uint64)


def _grown(array: npt.NDArray[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
    larger = np.zeros(shape, array.dtype)
    larger[tuple(slice(size) for size in array.shape)] = array
    return larger
