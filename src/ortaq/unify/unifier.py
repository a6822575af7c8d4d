"""Copies and stories together: what the pipeline asks of each article."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from ortaq.model import Annotation, Article
from ortaq.settings import UnifySettings
from ortaq.unify.copies import CopyFinder
from ortaq.unify.rules import Rules
from ortaq.unify.stories import Placed, Placement, StoryBuilder
from ortaq.unify.translations import TranslationFinder
from ortaq.unify.version import VERSION
from ortaq.unify.weights import TUNED
from ortaq.unify.working import REMEMBERED


def threshold(settings: UnifySettings) -> float:
    """The score from which on an article joins a story."""
    return settings.threshold or TUNED.join


class Unifier:
    """The working set of both. The same sequence of articles gives the same answers. Not for several threads."""

    remembered = REMEMBERED
    """What follows depends on the last so many articles, and on the other articles of their stories."""

    def __init__(self, settings: UnifySettings) -> None:
        self._copies = CopyFinder(self.remembered)
        self._translations = TranslationFinder(self.remembered)
        self._stories = StoryBuilder(settings, remembered=self.remembered)

    def place(self, article: Article, annotation: Annotation, story: str = "") -> Placement:
        """The article's copies and story; `story` is the one it is in already, when it was placed before."""
        copies = self._copies.find(article, new=not story)
        placement = self._stories.place(article, annotation, copies[0] if copies else None, story)
        membership = replace(placement.membership, made_by={"unify": VERSION})
        repeats = any(link.article == article.id for link in copies)
        outline = self._translations.remember(article, new=not story, copy=repeats)
        if outline and not repeats:
            copies += self._translations.find(outline, self._stories.told_elsewhere(article.id))
        return replace(placement, membership=membership, copies=copies)

    def obey(self, rules: Rules) -> None:
        """From now on, respect what people decided."""
        self._stories.rules = rules

    def stories_of(self, articles: Iterable[str]) -> set[str]:
        """The stories of the working set that hold any of the articles."""
        return self._stories.stories_of(articles)

    def reload(self, stories: Collection[str], placed: Iterable[tuple[Placed, Annotation]]) -> None:
        """Take these stories in anew, as people have put them together; see `StoryBuilder.reload`."""
        self._stories.reload(stories, placed)

    def restore(self, placed: Iterable[tuple[Placed, Annotation]]) -> None:
        """Fill an empty working set with articles in the order they were first placed (see `remembered`)."""

        def originals() -> Iterator[tuple[Article, str]]:
            for stored, annotation in placed:
                self._stories.restore([(stored, annotation)])
                link = stored.copy_of
                self._translations.remember(stored.article, copy=link is not None)
                yield stored.article, link.original if link and link.folds else ""

        self._copies.restore(originals())
