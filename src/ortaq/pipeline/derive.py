"""Archive → records: reads what was archived after the checkpoint and derives articles, copies and stories from it.

Everything one batch of archive records leads to is one transaction with the new checkpoint. So a crash between any two
steps is made good by the next `drain`, and `rebuild` is a drain from the beginning.
"""

from __future__ import annotations

import dataclasses
import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ortaq.model import Annotation, Article, Discovery, Outlet, Page, Problem, ReadResult
from ortaq.outlets import unknown_outlet
from ortaq.pipeline import desk
from ortaq.pipeline.executor import Executor, InProcess
from ortaq.pipeline.indexing import feed_index
from ortaq.pipeline.lock import writer_lock
from ortaq.pipeline.prepare import Annotator, Prepared, prepared, stored
from ortaq.pipeline.sources import put_children, put_discovery, put_source_state, recheck_at
from ortaq.pipeline.space import check_space, put_space
from ortaq.pipeline.steps import (
    Texts,
    batches,
    changed_articles,
    page_digest,
    same_text,
    text_key,
)
from ortaq.pipeline.words import feed_followers, feed_words
from ortaq.settings import Settings
from ortaq.store.archive import DamagedRecord
from ortaq.store.contract import Archive, DeskDecision, Index, PageFate, Position, Records, StoredArticle, Writer
from ortaq.understand.embed import Embedder
from ortaq.unify import Unifier

log = logging.getLogger(__name__)

WITH_TEXT = ("article", "posts", "item")  # roles of pages
UNKNOWN = "unknown"  # the outlet of a document that nobody said the origin of


@dataclass
class Tally:
    """What became of the pages of one run: read = new + revised + known + quarantined, counted in articles."""

    pages: int = 0
    new: int = 0
    revised: int = 0
    known: int = 0
    quarantined: int = 0
    problems: list[Problem] = field(default_factory=list)  # of this run's pages

    def add(self, other: Tally) -> None:
        for item in dataclasses.fields(self):
            setattr(self, item.name, getattr(self, item.name) + getattr(other, item.name))


class Pipeline:
    """The stages joined over one store. Threads and processes that write wait for each other."""

    def __init__(
        self,
        settings: Settings,
        archive: Archive,
        records: Records,
        index: Index,
        embedder: Callable[[], Embedder],
        executor: Executor | None = None,
    ) -> None:
        self.settings = settings
        self.archive = archive
        self.records = records
        self.index = index
        self._executor = executor or InProcess()
        self._annotator = Annotator(self._executor, settings.embed, embedder)
        self._working: Unifier | None = None
        self._working_at: tuple[Position | None, int] = (None, 0)  # the checkpoint, the desk's last decision

    def take(self, pages: Sequence[Page]) -> Tally:
        """Archive the pages, then derive them; when this returns nothing of them can be lost."""
        with writer_lock(self.settings.home / "writer.lock"):
            check_space(self.records, self.settings.embed)
            if any(page.role in WITH_TEXT for page in pages):
                self._annotator.check()  # a model that can't be loaded says so before anything is kept
            if pages:
                self.archive.append(pages)
            return self._drain(lambda pages: None)

    def drain(self, advance: Callable[[int], None] = lambda pages: None) -> Tally:
        """Derive everything archived after the checkpoint; `advance` is told how many pages were done, for progress."""
        with writer_lock(self.settings.home / "writer.lock"):
            check_space(self.records, self.settings.embed)
            return self._drain(advance)

    def rebuild(self, advance: Callable[[int], None] = lambda pages: None) -> Tally:
        """Forget everything derived and derive it again. Interrupted, the next run of anything goes on with it."""
        with writer_lock(self.settings.home / "writer.lock"):
            self._annotator.check()  # as in `take`
            self._forget()
            self.records.clear_derived()
            self.index.clear()
            return self._drain(advance)

    def decide(self, record: Callable[[Position], DeskDecision]) -> DeskDecision:
        """Let the desk record a decision on the records as they are, with all that was archived; then follow it.

        `record` is told up to where the archive was derived; what it has put is not lost when we are killed here.
        """
        with writer_lock(self.settings.home / "writer.lock"):
            check_space(self.records, self.settings.embed)
            self._drain(lambda pages: None)
            decision = record(self.records.checkpoint() or Position())
            self._drain(lambda pages: None)
            return decision

    def ensure_index(self) -> int:
        """Feed the index what it lacks; returns how many articles were fed. It is fed whole when its count is wrong."""
        with writer_lock(self.settings.home / "writer.lock"):
            feed_words(self.records)
            fed = feed_index(self.records, self.index)
            if self.index.count() != self.records.counts()["articles"]:
                log.warning("the index does not hold what the records hold; feeding it again")
                self.index.clear()
                self.records.requeue_index()
                fed += feed_index(self.records, self.index)
            return fed

    def put_outlets(self, outlets: Sequence[Outlet]) -> None:
        """Bring the records' outlets up to the configured ones."""
        known = {outlet.id: outlet for outlet in self.records.outlets()}
        new = [outlet for outlet in outlets if known.get(outlet.id) != outlet]
        if new:
            with self.records.write() as writer:
                for outlet in new:
                    writer.put_outlet(outlet)

    def _forget(self) -> None:
        self._working, self._working_at = None, (None, 0)

    def _drain(self, advance: Callable[[int], None]) -> Tally:
        total = Tally()
        checkpoint, applied = self.records.checkpoint(), self.records.desk.applied()
        decisions = self.records.desk.decisions()
        followed = [one for one in decisions if one.seq <= applied]
        waiting = deque(decisions[len(followed) :])
        if (checkpoint, applied) != self._working_at:
            self._forget()  # another process has written

        def obey(place: Position | None) -> None:
            while waiting and (place is None or waiting[0].position <= place):
                desk.obey(self.records, waiting[0], followed, self._working)
                followed.append(waiting.popleft())
                self._working_at = self._working_at[0], followed[-1].seq

        try:
            parts = batches(self._archived(checkpoint), [one.position for one in waiting])
            for part in prepared(parts, self._executor, self._annotator, self.records):
                obey(part.batch[0][0])
                if self._working is None:
                    self._working = Unifier(self.settings.unify)
                    self._working.restore(self.records.iter_recent(Unifier.remembered))
                    self._working.obey(desk.rules(followed))
                total.add(self._derive(part))
                self._working_at = part.batch[-1][1], followed[-1].seq if followed else 0
                feed_followers(self.records, self.index)
                advance(len(part.batch))
            obey(None)
        except BaseException:
            self._forget()  # the working set may hold what the transaction took back
            raise
        feed_followers(self.records, self.index)
        return total

    def _archived(self, after: Position | None) -> Iterator[tuple[Position, Position, Page]]:
        """The archive's records; a damaged one is quarantined and passed over."""
        while True:
            try:
                yield from self.archive.read(after)
                return
            except DamagedRecord as damage:
                problem = Problem(damage.where, damage.what, damage.fix)
                with self.records.write() as writer:
                    writer.put_problem(problem, datetime.now(UTC), derived=True)
                after = damage.resume

    def _derive(self, one: Prepared) -> Tally:
        known = stored(self.records, one.articles)
        annotations, faults = self._annotator.complete(one, changed_articles(one.articles, known))
        reached = self.records.reached()
        tally = Tally(pages=len(one.batch))
        with self.records.write() as writer:
            if annotations:
                put_space(writer, self.settings.embed)
            known_outlets = {name: it.id for it in self.records.outlets() for name in (it.name, it.id)}
            for (start, end, page), result, discovery in zip(one.batch, one.results, one.discoveries, strict=True):
                links = put_discovery(writer, page, discovery) if discovery else 0
                rejected = [faults[key] for key in map(text_key, result.articles) if key in faults]
                done = Tally(problems=[*result.problems, *rejected])
                for article in result.articles:
                    if text_key(article) not in faults:
                        placed = self._with_outlet(writer, article, known_outlets)
                        outcome = self._put_article(writer, placed, start, known, annotations)
                        setattr(done, outcome, getattr(done, outcome) + 1)
                if result.problems and not result.articles:
                    rejected = [result.problems[0]]
                done.quarantined = len(rejected)
                for problem in done.problems:
                    writer.put_problem(problem, page.fetched_at, page.source, derived=True)
                if page.role != "robots":
                    fate = PageFate(done.new + done.revised + done.known, tuple(rejected))
                    writer.put_page(page_digest(page), fate)
                news = links > 0 or done.new + done.revised > 0
                self._settle(writer, page, result, discovery, news, known, live=reached is None or end > reached)
                tally.add(done)
            writer.checkpoint(one.batch[-1][1])
        return tally

    def _settle(
        self,
        writer: Writer,
        page: Page,
        result: ReadResult,
        discovery: Discovery | None,
        news: bool,
        stored: Mapping[str, StoredArticle],
        *,
        live: bool,
    ) -> None:
        """What is to be fetched next because of this page. Nothing of it depends on the text's meaning.

        Not `live`: it was derived before, and what came of it then stays.
        """
        if page.role == "article":
            seen = [stored[article.id].article.fetched_at for article in result.articles if article.id in stored]
            again = recheck_at(min(seen), page.fetched_at, self.settings.gather) if seen else None
            writer.settle_link(page.url, "done", recheck_at=again, if_pending=not live)
        elif live and page.role in ("listing", "posts"):
            found = discovery or Discovery()
            dates = [link.hints.published_at for link in found.links]
            dates += [article.published_at for article in result.articles]
            put_source_state(writer, self.records, page, news, [date for date in dates if date], self.settings.gather)
            put_children(writer, self.records, page, found)

    def _with_outlet(self, writer: Writer, article: Article, known: dict[str, str]) -> Article:
        """The article under its outlet's id; an outlet that nobody told us of is made from its name in the article."""
        called = article.outlet or urlsplit(article.url).hostname or UNKNOWN
        if called not in known:
            made = unknown_outlet(called)
            if made.id not in known:
                known[made.id] = made.id
                writer.put_outlet(made)
            known[called] = made.id
        return dataclasses.replace(article, outlet=known[called])

    def _put_article(
        self,
        writer: Writer,
        article: Article,
        position: Position,
        stored: dict[str, StoredArticle],
        annotations: Texts[Annotation],
    ) -> str:
        """Returns what became of it, as a field of Tally."""
        assert self._working is not None  # noqa: S101 - _drain made it
        if article.given_id:
            writer.put_given_id(article.given_id, article.id)
        before = stored.get(article.id)
        if before is not None and same_text(before.article, article):
            return "known"
        annotation = annotations[text_key(article)]
        article = dataclasses.replace(
            article,
            language=annotation.language,
            script=annotation.script,
            published_at=(before.article.published_at if before else None) or article.published_at,
            made_by={**article.made_by, **annotation.made_by},
        )
        writer.put_article(article, position, annotation)
        if before is not None:  # a revision: the article appeared when it was first seen
            article = dataclasses.replace(article, fetched_at=before.article.fetched_at)
        placement = self._working.place(article, annotation, before.story if before else "")
        for link in placement.copies:
            writer.put_copy(link)
        if before is None:  # a revision stays in its story, for the reasons that brought it there
            writer.put_membership(placement.membership)
        for change in placement.changes:
            writer.put_story_change(change)
        stored[article.id] = StoredArticle(article, position, placement.membership.story)
        return "revised" if before else "new"
