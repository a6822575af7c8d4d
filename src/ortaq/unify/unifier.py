"""Copies and stories together: what the pipeline asks of each article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ortaq.model import Annotation, Article
from ortaq.settings import UnifySettings
from ortaq.unify.copies import CopyFinder
from ortaq.unify.stories import Placed, Placement, StoryBuilder


class Unifier:
    """The working set of both. The same sequence of articles gives the same answers. Not for several threads."""

    def __init__(self, settings: UnifySettings) -> None:
        self._copies = CopyFinder()
        self._stories = StoryBuilder(settings)

    def place(self, article: Article, annotation: Annotation, story: str = "") -> Placement:
        """The article's copies and story; `story` is the one it is in already, when it was placed before."""
        copies = self._copies.find(article)
        placement = self._stories.place(article, annotation, copies[0] if copies else None, story)
        return replace(placement, copies=copies)

    def restore(self, placed: Iterable[tuple[Placed, Annotation]]) -> None:
        """Fill an empty working set with articles in the order they were first placed."""
        for stored, annotation in placed:
            self._copies.find(stored.article)
            self._stories.restore([(stored, annotation)])
