"""What the pages show, prepared from records by pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup, escape

from ortaq.model import Outlet, Story, tag
from ortaq.portal.languages import direction, html_tag
from ortaq.publish.clean import excerpt
from ortaq.publish.json_records import best_headline
from ortaq.store.contract import StoredArticle

SHOWN_IN_COLUMN = 6  # articles of one language before the rest is folded


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of someone's text with what a browser must know to write and speak it."""

    text: str
    language: str  # BCP 47, "" when unknown
    direction: str


def phrase(text: str, language: str, script: str = "") -> Phrase:
    """A text in its language; headlines without one of their own get a dash, so that links can be hit."""
    return Phrase(text.strip() or "—", html_tag(language, script), direction(text))


@dataclass(frozen=True, slots=True)
class Card:
    """A story on a list."""

    story: Story
    headline: Phrase
    language: str
    others: tuple[Phrase, ...]
    lead: Phrase | None = None
    lead_article: str = ""
    headline_article: str = ""


def tongue(stored: StoredArticle) -> str:
    """The article's language as stories name it: with its script where that is not the usual one."""
    return tag(stored.article.language, stored.article.script)


def card(story: Story, reading: Sequence[str], articles: Sequence[StoredArticle] = ()) -> Card:
    """A story with its headline in the first language the visitor reads, and its summary there, if one is chosen yet;
    else the beginning of one of the `articles` is its lead.
    """
    language, headline = best_headline(story.headlines, reading)
    chosen_words = next((one for one in story.words if one.language == language), None)
    lead, source = None, ""
    if chosen_words and chosen_words.summary:
        lead, source = phrase(" ".join(chosen_words.summary), language), chosen_words.summary_article
    elif chosen := [stored for stored in articles if tongue(stored) == language]:
        first = next((s for s in chosen if s.article.headline == headline), chosen[0]).article
        lead, source = phrase(excerpt(first.lead or first.text, 260), language), first.id
    return Card(
        story=story,
        headline=phrase(headline, language),
        language=language,
        others=tuple(phrase(text, other) for other, text in story.headlines.items() if other != language),
        lead=lead,
        lead_article=source,
        headline_article=chosen_words.headline_article if chosen_words else "",
    )


def leading(stories: Sequence[Story]) -> Story | None:
    """The story told by the most outlets in the most languages; the newest of equals."""
    return max(stories, key=lambda s: (len(s.outlets), len(s.languages), s.last_published_at), default=None)


@dataclass(frozen=True, slots=True)
class Piece:
    """An article in a story's column, with its copies (same language) folded under it, oldest first."""

    stored: StoredArticle
    outlet: Outlet
    headline: Phrase
    excerpt: Phrase
    copies: tuple[Piece, ...] = ()

    @property
    def language(self) -> str:
        return tongue(self.stored)


@dataclass(frozen=True, slots=True)
class Column:
    """All of a story in one language, oldest first; `copies` counts the folded ones."""

    language: str
    pieces: tuple[Piece, ...]
    count: int

    @property
    def shown(self) -> tuple[Piece, ...]:
        return self.pieces[:SHOWN_IN_COLUMN]

    @property
    def folded(self) -> tuple[Piece, ...]:
        return self.pieces[SHOWN_IN_COLUMN:]


def piece(stored: StoredArticle, outlets: Mapping[str, Outlet], copies: Sequence[Piece] = ()) -> Piece:
    """An article as lists show it."""
    article = stored.article
    return Piece(
        stored=stored,
        outlet=outlet_of(stored, outlets),
        headline=phrase(article.headline, article.language, article.script),
        excerpt=phrase(excerpt(article.lead or article.text, 240), article.language, article.script),
        copies=tuple(copies),
    )


def outlet_of(stored: StoredArticle, outlets: Mapping[str, Outlet]) -> Outlet:
    """The article's outlet; one that is no longer configured keeps its id as name and gives no licence."""
    name = stored.article.outlet
    return outlets.get(name) or Outlet(id=name, name=name)


def pieces(articles: Iterable[StoredArticle], outlets: Mapping[str, Outlet]) -> list[Piece]:
    """Articles oldest first, each copy folded under its original where that is here and in the same language."""
    ordered = sorted(articles, key=lambda stored: (stored.article.at, stored.article.id))
    here = {stored.article.id: stored for stored in ordered}
    under: dict[str, list[StoredArticle]] = {}
    top: list[StoredArticle] = []
    for stored in ordered:
        link = stored.copy_of
        original = here.get(link.original) if link else None
        foldable = original and original is not stored and link and link.folds and tongue(original) == tongue(stored)
        # A copy of a copy is shown by itself: one level of folding is all that readers can follow.
        if foldable and original and not (original.copy_of and original.copy_of.folds):
            under.setdefault(original.article.id, []).append(stored)
        else:
            top.append(stored)
    return [
        piece(stored, outlets, [piece(copy, outlets) for copy in under.get(stored.article.id, [])]) for stored in top
    ]


def columns(made: Sequence[Piece], reading: Sequence[str]) -> list[Column]:
    """One column a language: those the visitor reads first, then the fullest."""
    by_language: dict[str, list[Piece]] = {}
    for one in made:
        by_language.setdefault(one.language, []).append(one)

    def rank(language: str) -> int:
        known = [place for place, one in enumerate(reading) if one in (language, language.partition("-")[0])]
        return min(known, default=len(reading))

    found = [
        Column(language, tuple(ones), sum(1 + len(one.copies) for one in ones))
        for language, ones in by_language.items()
    ]
    return sorted(found, key=lambda column: (rank(column.language), -column.count, column.language))


@dataclass(frozen=True, slots=True)
class Dot:
    """An article on the time line; `x` in percent of the width."""

    x: str
    piece: Piece
    copy: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One language's dots."""

    language: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lanes from `ticks[0]` to `ticks[-1]`, each tick an instant with its place in percent."""

    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[str, datetime], ...]


def timeline(made: Sequence[Column]) -> Timeline | None:
    """Who published when; None for fewer than two articles, or all at the same minute."""
    dots = [
        (column.language, one, copy)
        for column in made
        for top in column.pieces
        for one, copy in [(top, False), *((c, True) for c in top.copies)]
    ]
    if len(dots) < 2:
        return None
    times = [one.stored.article.at for _, one, _ in dots]
    first, whole = min(times), max(times) - min(times)
    if whole < timedelta(minutes=1):
        return None
    at = {one.stored.article.id: 2 + 96 * ((one.stored.article.at - first) / whole) for _, one, _ in dots}
    lanes = tuple(
        Lane(
            column.language,
            tuple(
                Dot(f"{at[one.stored.article.id]:.2f}%", one, copy)
                for language, one, copy in dots
                if language == column.language
            ),
        )
        for column in made
    )
    return Timeline(lanes, (("2%", first), ("50%", first + whole / 2), ("98%", first + whole)))


def marked(text: str, marks: Sequence[tuple[int, int]]) -> Markup:
    """The text, escaped, with the marked stretches in <mark>; marks that overlap or lie outside are left out."""
    out, end = Markup(), 0
    for start, stop in sorted(marks):
        if end <= start < stop <= len(text):
            out += escape(text[end:start]) + Markup("<mark>{}</mark>").format(text[start:stop])
            end = stop
    return out + escape(text[end:])
