"""A story as the working set holds it: some of its articles, and what follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ortaq.model import Annotation, Article, Vector
from ortaq.unify import background
from ortaq.unify.weights import reliability

Floats = npt.NDArray[np.float32]

FIRST, LAST = 2, 4  # kept articles of each language in a story
SHORT = 200  # characters; a text below it is hardly more than a headline
UNSURE = "?"  # marks a key that may be no name (Arabic script has no capitals), as in understand/names


@dataclass(frozen=True, slots=True)
class Member:
    """One article, `at` in seconds since 1970, `order` its place in the sequence of articles."""

    order: int
    article: str
    at: float
    language: str
    vector: Vector
    names: frozenset[str]
    unsure: frozenset[str]
    numbers: frozenset[str]
    cohort: Floats  # cosines to the closest background texts
    short: bool


def member_of(order: int, article: Article, annotation: Annotation) -> Member:
    names = frozenset(name for name in annotation.names if not name.startswith(UNSURE))
    unsure = frozenset(name.removeprefix(UNSURE) for name in annotation.names if name.startswith(UNSURE))
    return Member(
        order=order,
        article=article.id,
        at=article.at.timestamp(),
        language=annotation.language,
        vector=annotation.vector,
        names=names,
        unsure=unsure,
        numbers=frozenset(annotation.numbers),
        cohort=background.closest(annotation),
        short=len(article.headline) + len(article.text) < SHORT,
    )


@dataclass(slots=True)
class Working:
    """A story. What it is like follows from its kept members alone, whatever way they came together.

    Of each language the first two and the last four articles placed are kept, so that neither a flood of articles nor
    a merge makes a story's memory or cost grow without bound; `articles` holds all ids. `shares` weighs the kept ones:
    a language with many articles counts no more than one with a single article; `middle` is their mean so weighed.
    """

    id: str
    order: int
    articles: list[str]
    kept: list[Member]
    first: float
    last: float
    touched: int = 0  # order of the last article
    names: Counter[str] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    matrix: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    shares: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    reliabilities: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    languages: tuple[str, ...] = ()
    crowding: float = 0.0  # mean over the kept articles of how close the background is to them
    short: bool = False  # all kept articles are
    middle: Vector = field(default_factory=lambda: np.zeros(0, np.float32))

    def add(self, articles: Iterable[str], members: Iterable[Member]) -> None:
        """Take in article ids, and members among them; a member of a kept article takes that one's place."""
        self.articles.extend(articles)
        held = {member.article: member for member in self.kept}
        for member in members:
            held[member.article] = member
            self.touched = max(self.touched, member.order)
            self.first, self.last = min(self.first, member.at), max(self.last, member.at)
        of_language: dict[str, list[Member]] = {}
        for member in sorted(held.values(), key=lambda member: member.order):
            of_language.setdefault(member.language, []).append(member)
        chosen = [each if len(each) <= FIRST + LAST else each[:FIRST] + each[-LAST:] for each in of_language.values()]
        share = {each[0].language: 1 / (len(each) * len(chosen)) for each in chosen}
        self.kept = sorted((member for each in chosen for member in each), key=lambda member: member.order)
        self.languages = tuple(member.language for member in self.kept)
        self.matrix = np.stack([member.vector for member in self.kept])
        self.shares = np.array([share[language] for language in self.languages], np.float32)
        self.reliabilities = np.array([reliability(language) for language in self.languages], np.float32)
        self.middle = self.shares @ self.matrix
        self.crowding = float(np.mean([member.cohort for member in self.kept]))
        self.short = all(member.short for member in self.kept)
        self.names = Counter(name for member in self.kept for name in member.names)
        self.unsure = Counter(name for member in self.kept for name in member.unsure)
        self.numbers = Counter(number for member in self.kept for number in member.numbers)

    def likeness(self, vector: Vector, language: str) -> Floats:
        """Cosines of a text's vector to the kept articles, corrected for what each pair of languages loses."""
        cosines: Floats = self.matrix @ vector
        lost = self.reliabilities * reliability(language)
        same = [other == language for other in self.languages]
        lost[same] = 1.0
        return cosines / lost**0.5


def new_story(id: str, member: Member) -> Working:
    """A story of one article."""
    story = Working(id, member.order, [], [], member.at, member.at)
    story.add([member.article], [member])
    return story
