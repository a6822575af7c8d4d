"""What the rest of Ortaq may ask of the store; the implementations are tested against this.

Three parts, in the order of what may be lost: the archive (never), the records (derived, but exact and
transactional), the index (derived from the records, follows them through an outbox).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from ortaq.model import (
    Annotation,
    Article,
    CopyLink,
    Decision,
    Link,
    Membership,
    Outlet,
    Page,
    Problem,
    Revision,
    Story,
    StoryChange,
    StoryWords,
    Vector,
)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where an archive record begins; positions are ordered as the records were written."""

    segment: int = 0
    offset: int = 0


class Archive(Protocol):
    """Append-only WARC 1.1 segments of gzip members, each record chained by hash to the one before it."""

    def append(self, pages: Sequence[Page]) -> list[Position]:
        """Write the pages and return only when they are on the disk (fsync). Safe between processes."""

    def read(self, after: Position | None = None) -> Iterator[tuple[Position, Position, Page]]:
        """(start, end, page) of each record after the given end position, oldest first, in bounded memory.

        A damaged record raises Quarantined with its place; a torn tail (a crash while writing) ends the iteration.
        """

    def get(self, position: Position) -> Page:
        """One record. Raises NotFound."""

    def verify(self) -> Iterator[Problem]:
        """Check every digest and the chain."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """When to read a source again, and what to ask the server with."""

    source: str
    etag: str = ""
    last_modified: str = ""
    interval: float = 0.0  # seconds; 0: not learned yet
    due_at: datetime | None = None  # None: at once
    failures: int = 0
    last_error: str = ""
    last_ok_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PendingLink:
    """An article's address that waits to be fetched."""

    url: str
    outlet: str
    source: str
    link: Link
    attempts: int = 0
    checked_at: datetime | None = None  # when its article was first fetched, for a recheck


@dataclass(frozen=True, slots=True)
class PageFate:
    """What became of a page: how many articles it gave, and why others of it could not be taken."""

    articles: int = 1
    rejected: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with all that was derived of it, except its vector."""

    article: Article
    position: Position
    story: str
    membership: Membership | None = None
    copy_of: CopyLink | None = None
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    revisions: int = 1

    @property
    def number(self) -> int:
        """How manieth article this was to be placed, 0 when not known."""
        return self.membership.number if self.membership else 0


@dataclass(frozen=True, slots=True)
class StoryQuery:
    """A page of stories, the newest `last_published_at` first."""

    language: str | None = None  # stories with at least one article in it; a tag as `model.tag` makes it
    outlet: str | None = None
    country: str | None = None
    since: datetime | None = None  # stories with an article at or after it
    until: datetime | None = None  # stories that began before it
    min_articles: int = 1
    limit: int = 50
    offset: int = 0


class Writer(Protocol):
    """One transaction of the pipeline: everything or nothing, the archive position included."""

    def checkpoint(self, position: Position) -> None:
        """Everything up to this archive position (an end position) is now derived."""

    def put_note(self, name: str, value: str) -> None:
        """Remember something about the records as a whole; "space" is forgotten by `clear_derived`."""

    def put_article(self, article: Article, position: Position, annotation: Annotation) -> bool:
        """Insert, or replace with a further revision when headline or text changed. False: known and the same.

        A changed or new article enters the outbox.
        """

    def put_given_id(self, given: str, article: str) -> None:
        """An id that the article's own outlet or an import gave it; several articles may have the same."""

    def put_copy(self, copy: CopyLink) -> None: ...

    def put_membership(self, membership: Membership) -> None:
        """Put the article into the story, out of any other; the story row and the outbox follow."""

    def put_story_change(self, change: StoryChange) -> None:
        """Record a merge or split and move the articles' memberships."""

    def put_links(self, outlet: str, source: str, links: Sequence[Link]) -> int:
        """Remember new links as pending; a link known already (any state) is left alone. Returns how many are new."""

    def settle_link(
        self,
        url: str,
        state: Literal["done", "refused", "gone"],
        reason: str = "",
        recheck_at: datetime | None = None,
        if_pending: bool = False,
    ) -> None:
        """No longer pending. A "done" link with `recheck_at` is due again then, to see silent edits.

        An unknown url is ignored (an imported page has no link); with `if_pending` one that is settled is, too.
        """

    def put_page(self, digest: str, fate: PageFate = PageFate()) -> None:
        """Remember that a page with this digest is in the archive and derived."""

    def postpone_link(self, url: str, until: datetime, reason: str) -> None:
        """Count an attempt; not before `until`."""

    def put_off_link(self, url: str, until: datetime) -> None:
        """Not before `until`; nothing was asked, so no attempt is counted."""

    def put_source_state(self, state: SourceState) -> None: ...

    def put_decision(self, decision: Decision) -> None: ...

    def put_problem(self, problem: Problem, at: datetime, source: str = "", derived: bool = False) -> None:
        """`derived`: the archive tells of it again, so that a rebuild may forget it."""

    def put_outlet(self, outlet: Outlet) -> None: ...


@dataclass(frozen=True, slots=True)
class DeskDecision:
    """What somebody at the desk decided: that `articles` of story `source` belong into story `target`.

    `seq` numbers the decisions, 0 before it is put. `beside` are the articles of the target then, by which it is found
    should a rebuild have given it another id. `apart` are those that stayed behind in the source, which the clusterer
    must keep apart from now on. A pin leaves its article where it is, and lets no merge take it away. `undoes` is the
    number of the decision that an undo takes back, else 0.
    """

    at: datetime
    who: str
    kind: Literal["merge", "split", "move", "pin", "undo"]
    source: str
    target: str
    articles: tuple[str, ...]
    beside: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    undoes: int = 0
    position: Position = Position()  # up to where the archive was derived
    seq: int = 0


class DeskLog(Protocol):
    """The desk's decisions: append-only, kept for ever, and how far the derived records follow them."""

    def put(self, decision: DeskDecision) -> DeskDecision:
        """Keep it, durably when this returns; returns it with its number."""

    def decisions(self, after: int = 0) -> list[DeskDecision]:
        """Those with a higher number than `after`, oldest first."""

    def applied(self) -> int:
        """The number of the last decision that the records follow, 0 for none; a rebuild begins again."""

    def apply(self, seq: int, changes: Sequence[StoryChange], marks: Mapping[str, str]) -> None:
        """In one transaction: make the changes, mark memberships with their decision ("": none), follow up to `seq`."""


class WordsQueue(Protocol):
    """The stories whose words are to be chosen: those whose articles changed since."""

    def waiting(self, limit: int) -> list[str]: ...

    def newest(self, stories: Sequence[str]) -> list[tuple[StoredArticle, Annotation]]:
        """The stories' newest articles in each language, oldest first, with vectors (and without names, numbers)."""

    def put(self, words: Mapping[str, Sequence[StoryWords]]) -> None:
        """In place of these stories' words; they wait no longer."""


class Records(Protocol):
    """SQLite in the home folder, or PostgreSQL by URL; the same behavior on both."""

    def write(self) -> AbstractContextManager[Writer]:
        """A transaction: committed durably at the end of the block, rolled back on any exception."""

    @property
    def desk(self) -> DeskLog: ...

    @property
    def words(self) -> WordsQueue: ...

    def checkpoint(self) -> Position | None: ...

    def reached(self) -> Position | None:
        """The furthest that was ever derived: of pages up to there, links and sources have taken notice already."""

    def note(self, name: str) -> str:
        """What was noted under the name, or ""."""

    def clear_derived(self) -> None:
        """Forget everything that the archive can tell again (for rebuild).

        Kept are what only gathering and importing know: source states, links and what became of them, decisions,
        and the problems that were not put as derived; and what the desk decided.
        """

    def article(self, id: str) -> StoredArticle:
        """The article with this id, or the one that was given it. Raises NotFound, also when several were given it."""

    def articles(self, ids: Sequence[str]) -> list[StoredArticle]:
        """In the order asked; unknown ids are left out."""

    def article_id_by_url(self, url: str) -> str | None: ...

    def articles_given(self, given: str) -> list[str]:
        """Ids of the articles that were given this id, in no order that means anything."""

    def revisions(self, article: str) -> list[Revision]: ...

    def copies_of(self, article: str) -> list[CopyLink]: ...

    def story(self, id: str) -> Story:
        """Follows merges: the id of a merged story gives the story it went into. Raises NotFound."""

    def stories(self, query: StoryQuery) -> list[Story]: ...

    def story_changes(self, story: str | None = None) -> list[StoryChange]: ...

    def iter_annotations(self, since: datetime | None = None) -> Iterator[tuple[StoredArticle, Annotation]]:
        """Articles with vectors in the order they were stored, for filling a working set; `since` is of `at`."""

    def iter_recent(self, articles: int) -> Iterator[tuple[StoredArticle, Annotation]]:
        """The last `articles` stored and every other article of their stories, with vectors, in the order stored."""

    def iter_stories(self, stories: Sequence[str]) -> Iterator[tuple[StoredArticle, Annotation]]:
        """The articles of these stories with vectors, in the order stored; unknown stories have none."""

    def due_sources(self, ids: Sequence[str], now: datetime) -> list[SourceState]:
        """The states of those among `ids` that are due, unknown ones included (with a default state)."""

    def source_states(self) -> list[SourceState]: ...

    def pending_links(self, now: datetime, limit: int, per_outlet: int = 50) -> list[PendingLink]:
        """Pending ones whose time has come, and done ones due for a recheck (`attempts` 0, `checked_at` set).

        Oldest first within an outlet, at most `per_outlet` of each, so that one big site does not starve the others.
        """

    def known_pages(self, digests: Sequence[str]) -> dict[str, PageFate]:
        """Those of the digests that `put_page` was told of."""

    def requeue_index(self) -> int:
        """Put every article into the outbox again (the index was lost); returns how many."""

    def outlets(self) -> list[Outlet]: ...

    def decisions(self, limit: int = 100) -> list[Decision]: ...

    def problems(self, limit: int = 100) -> list[tuple[datetime, str, Problem]]: ...

    def counts(self) -> Mapping[str, int]:
        """articles, stories, copies, outlets, links_pending, links_refused, links_gone, problems, outbox."""

    def latest_per_outlet(self) -> Mapping[str, tuple[int, datetime | None]]:
        """Outlet id to (articles, newest published_at or fetched_at)."""

    def outbox(self, limit: int) -> list[tuple[int, str]]:
        """(sequence number, article id) of index updates to make, oldest first."""

    def outbox_done(self, up_to: int) -> None: ...

    def vectors(self, ids: Sequence[str]) -> dict[str, Annotation]: ...


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One article as the index holds it; tokens are already analyzed and separated by spaces."""

    article: str
    story: str
    outlet: str
    country: str
    language: str
    published_at: datetime
    copy: bool
    headline_tokens: str
    text_tokens: str
    annotation: Annotation
    original: str = ""  # the article that this one copies, "" where it is no copy


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must be; an empty one allows all."""

    languages: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    copies: bool = True  # False: copies are left out

    @classmethod
    def of_one(
        cls,
        language: str | None = None,
        outlet: str | None = None,
        country: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Filters:
        """One value at most of each; None and "" allow all."""
        languages, outlets, countries = ((value,) if value else () for value in (language, outlet, country))
        return cls(languages, outlets, countries, since, until)


@dataclass(frozen=True, slots=True)
class IndexHit:
    """`score` is BM25 or a cosine, comparable within one answer only."""

    article: str
    score: float
    story: str = ""
    language: str = ""
    outlet: str = ""
    country: str = ""
    original: str = ""  # the article that this one copies, its own id where it is no copy
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Of all that matches: how many by value, the most first; `days` in order of time."""

    languages: Mapping[str, int] = field(default_factory=dict)
    outlets: Mapping[str, int] = field(default_factory=dict)
    countries: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[date, int] = field(default_factory=dict)


class Index(Protocol):
    """Text (BM25) and vectors over articles. Idempotent: the same row twice is the same as once."""

    def upsert(self, rows: Sequence[IndexRow]) -> None: ...

    def search_text(
        self,
        tokens: Sequence[str],
        filters: Filters,
        limit: int,
        required: Sequence[Collection[str]] = (),
    ) -> list[IndexHit]:
        """BM25 over headline (weighted) and text, best first; articles with any of the tokens.

        An article must have one token of each of the `required` groups.
        """

    def search_prefix(self, prefix: str, filters: Filters, limit: int) -> list[IndexHit]:
        """Articles with a token that begins so; their scores say nothing."""

    def search_vector(self, vector: Vector, filters: Filters, limit: int) -> list[IndexHit]:
        """Cosine similarity, best first."""

    def matched(self, articles: Collection[str], tokens: Collection[str]) -> dict[str, frozenset[str]]:
        """Which of the tokens each article has; an unknown article is left out."""

    def near_terms(self, term: str, limit: int) -> list[str]:
        """Terms that are spelled nearly so, the nearest and of these the most frequent first; not the term itself.

        As of the last `optimize` that counted them.
        """

    def count(self) -> int: ...

    def clear(self) -> None: ...

    def unfolded(self) -> int:
        """How many rows were written, by whatever process, since they were last folded in by `optimize`."""

    def optimize(self) -> None:
        """Fold new rows into the indexes and drop old versions; called by the pipeline between batches."""
