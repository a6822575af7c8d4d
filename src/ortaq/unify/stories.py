"""Which story is an article of? Online clustering over a bounded working set of stories.

An article joins the story that is closest to it by centered vectors, rare names and numbers, and time, when that is
close enough; else it begins a story. A story that an article shows to be the same as another is merged into the
older one, and the merge is told. The same sequence of articles gives the same stories.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from ortaq.model import Annotation, Article, CopyLink, Membership, StoryChange, short_id
from ortaq.settings import UnifySettings
from ortaq.unify.members import Member, Working, member_of
from ortaq.unify.rules import NO_RULES, Rules
from ortaq.unify.scoring import Crowd, Scored, Scorer
from ortaq.unify.weights import TUNED, Weights
from ortaq.unify.working import REMEMBERED, WorkingSet

_NEAREST = 12  # stories looked at: the neighborhood
_SCORED = 6  # of them the scores are worked out; as good as all twelve
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

    @property
    def copy_of(self) -> CopyLink | None: ...

    @property
    def number(self) -> int: ...


class StoryBuilder:
    """Holds the working set: the stories of the last `remembered` articles. Not for several threads."""

    def __init__(self, settings: UnifySettings, weights: Weights = TUNED, remembered: int = REMEMBERED) -> None:
        self._join = settings.threshold or weights.join
        self._merge = weights.merge + self._join - weights.join
        self._near = self._join - weights.near
        self._set = WorkingSet(settings.window_days * _DAY, remembered)
        self._scorer = Scorer(weights, self._join, self._set.names, self._set.numbers)
        self.rules: Rules = NO_RULES

    def __len__(self) -> int:
        return len(self._set)

    def place(
        self, article: Article, annotation: Annotation, copy: CopyLink | None = None, story: str = ""
    ) -> Placement:
        """Put the article into a story, or begin one.

        The same text goes where its other copy is; a changed copy has an advantage there, no more, for one template
        may tell of two events. An article placed before (a new revision of it) stays in its story, also in one that
        has left the working set when the caller names it as `story`.
        """
        if known := self._set.story_of(article.id):
            order = next((kept.order for kept in known.kept if kept.article == article.id), 0)
            self._set.revise(known, member_of(order, article, annotation))
            return Placement(Membership(article.id, known.id))
        if story:
            return Placement(Membership(article.id, story))
        member = member_of(self._set.next_order(), article, annotation)
        twin = "" if copy is None else copy.original if copy.article == article.id else copy.article
        into = self._set.story_of(twin)
        if copy and copy.kind == "exact" and into:
            self._set.add(into, member)
            return Placement(Membership(article.id, into.id, copy.overlap, twin, number=member.order))
        matches, crowd = self._matches(member, into)
        if not matches or matches[0].score < self._join:
            begun = short_id("s", article.id)
            self._set.begin(begun, member)
            return Placement(Membership(article.id, begun, number=member.order))
        best = matches[0]
        self._set.add(best.story, member)
        changes = self._merged(best.story, matches, crowd, article)
        into, shared = self._set.story_of(article.id) or best.story, best.shared
        membership = Membership(
            article.id, into.id, best.score, best.closest, shared.names, shared.numbers, number=member.order
        )
        return Placement(membership, changes)

    def told_elsewhere(self, article: str) -> list[str]:
        """The kept articles of its story: first those in its language (maybe in another script), then the closest."""
        story = self._set.story_of(article)
        own = next((kept for kept in story.kept if kept.article == article), None) if story else None
        if story is None or own is None:
            return []
        closeness = story.likeness(own.vector, own.language)
        other = [kept.language != own.language for kept in story.kept]
        order = sorted(range(len(story.kept)), key=lambda place: (other[place], -float(closeness[place])))
        return [story.kept[place].article for place in order if story.kept[place] is not own]

    def restore(self, placed: Iterable[tuple[Placed, Annotation]]) -> None:
        """Fill an empty working set with articles in the order they were first placed.

        What follows is decided as if all had been placed here, if the last `remembered` articles are among them and
        every other article of their stories.
        """
        for stored, annotation in placed:
            self._set.put(stored.story, member_of(self._set.take_order(stored.number), stored.article, annotation))

    def stories_of(self, articles: Iterable[str]) -> set[str]:
        """The stories of the working set that hold any of the articles."""
        return {story.id for article in articles if (story := self._set.story_of(article))}

    def reload(self, stories: Collection[str], placed: Iterable[tuple[Placed, Annotation]]) -> None:
        """What these stories hold was changed from outside: take them in anew, from all articles that are in them now,
        in the order they were first placed. What follows is decided as after a `restore`.
        """
        members = (
            (stored.story, member_of(stored.number, stored.article, annotation)) for stored, annotation in placed
        )
        self._set.reload(stories, members)

    def _matches(self, member: Member, twin: Working | None) -> tuple[list[Scored], Crowd]:
        """The nearest stories within the window, best first."""
        nearest = self._set.nearest(member.vector, member.at, _NEAREST)
        asked = self._scorer.ask(member, [cosine for _, cosine in nearest])
        stories = {story.id: story for story, _ in nearest[:_SCORED]} | ({twin.id: twin} if twin else {})
        scored = [
            self._scorer.score(asked, story, copied=story is twin, patched=self.rules.patched(story.articles))
            for story in stories.values()
        ]
        return sorted(scored, key=lambda match: (-match.score, match.story.id)), asked.crowd

    def _merged(self, story: Working, matches: list[Scored], crowd: Crowd, article: Article) -> tuple[StoryChange, ...]:
        """Merge with the further stories near the article that its story, grown by it, is now close to."""
        changes: list[StoryChange] = []
        for other in [match.story for match in matches[1:] if match.score >= self._near]:
            score = self._scorer.between(story, other, crowd)
            if score >= self._merge and (pair := self._may_merge(story, other)):
                older, younger = pair
                moved = self._set.merge(older, younger)
                why = f"{article.id} is close to both; the stories' likeness is {score:.2f}"
                changes.append(StoryChange("merge", younger.id, older.id, moved, article.fetched_at, why))
                story = older
        return tuple(changes)

    def _may_merge(self, first: Working, second: Working) -> tuple[Working, Working] | None:
        """The story to stay and the one to go into it, the older staying; None where people decided otherwise."""
        older, younger = (first, second) if first.order < second.order else (second, first)
        if self.rules.forbid(older.articles, younger.articles):
            return None
        if not self.rules.hold(younger.articles):
            return older, younger
        return None if self.rules.hold(older.articles) else (younger, older)
