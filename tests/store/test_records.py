"""The records behave alike on SQLite and PostgreSQL, and a transaction is everything or nothing."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from ortaq.errors import ConfigError, NotFound, StoreError
from ortaq.model import (
    CopyLink,
    Decision,
    Hints,
    Link,
    Membership,
    Outlet,
    Problem,
    Revision,
    Source,
    StoryChange,
    tag,
)
from ortaq.store import tables
from ortaq.store.contract import PageFate, Position, SourceState, StoryQuery
from ortaq.store.database import begin_read, migrations
from ortaq.store.queries import story_select
from ortaq.store.records import SqlRecords, open_records
from ortaq.store.writer import SqlWriter
from tests.store.samples import AT, annotation, article
from tests.store.workers import Worker, write_transactions

P = Position(1, 100)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database, or a schema of one, with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'records.sqlite'}"
    schema: str = request.getfixturevalue("postgres_schema")
    return schema


@pytest.fixture
def records(url: str) -> Iterator[SqlRecords]:
    opened = open_records(url)
    yield opened
    opened.close()


def put(records: SqlRecords, *numbers: int, story: str = "") -> None:
    with records.write() as writer:
        for number in numbers:
            writer.put_article(article(number), P, annotation(number))
            if story:
                writer.put_membership(Membership(article(number).id, story))


def drain(records: SqlRecords) -> list[str]:
    """The articles in the outbox, which is emptied."""
    entries = records.outbox(1000)
    if entries:
        records.outbox_done(entries[-1][0])
    return [id for _, id in entries]


# Articles and revisions


def test_an_article_comes_back_exactly(records: SqlRecords) -> None:
    full = article(
        1,
        section="Қоғам",
        image="https://tan.example/1.jpg",
        revised_at=AT + MINUTE,
        authors=("А", "Б"),
        url="https://x/ы",
    )
    bare = article(2, published_at=None, authors=(), lead="", language="und", script="Zyyy", made_by={})
    with records.write() as writer:
        assert writer.put_article(full, Position(3, 2**40), annotation(1))
        assert writer.put_article(bare, P, annotation(2))
        writer.put_membership(Membership(full.id, "s1", 0.75, bare.id, ("өзен",), ("12", "2026")))
        writer.put_copy(CopyLink(full.id, bare.id, "near", 0.5))
    stored = records.article(full.id)
    assert stored.article == full
    assert stored.position == Position(3, 2**40)
    assert stored.membership == Membership(full.id, "s1", 0.75, bare.id, ("өзен",), ("12", "2026"))
    assert stored.copy_of == CopyLink(full.id, bare.id, "near", 0.5)
    assert (stored.story, stored.revisions) == ("s1", 1)
    assert (stored.names, stored.numbers) == (annotation(1).names, annotation(1).numbers)
    other = records.article(bare.id)
    assert other.article == bare
    assert (other.story, other.membership, other.copy_of) == ("", None, None)
    found = records.vectors([full.id, "unknown"])[full.id]
    assert np.array_equal(found.vector, annotation(1).vector)
    assert found.vector.dtype == np.float32
    assert (found.language, found.script, found.confidence) == ("kk", "Cyrl", 0.93)
    assert (found.names, found.made_by) == (annotation(1).names, {"embed": "e5-small"})
    assert records.copies_of(bare.id) == [CopyLink(full.id, bare.id, "near", 0.5)]


def test_instants_with_any_zone_are_the_same_instant(records: SqlRecords) -> None:
    old = datetime(1937, 5, 1, 23, 59, 59, 999999, tzinfo=UTC)
    with records.write() as writer:
        writer.put_article(article(1, published_at=old), P, annotation())
    assert records.article(article(1).id).article.published_at == old
    with pytest.raises((ValueError, StoreError), match="time zone"), records.write() as writer:
        writer.put_article(article(2, fetched_at=datetime(2026, 1, 1)), P, annotation())


def test_articles_come_in_the_order_asked(records: SqlRecords) -> None:
    put(records, *range(1200))
    ids = [article(number).id for number in random.Random(3).sample(range(1200), 1100)]
    assert [stored.article.id for stored in records.articles([*ids, "unknown", ids[0]])] == [*ids, ids[0]]
    assert records.articles([]) == []
    with pytest.raises(NotFound, match="unknown"):
        records.article("unknown")


def test_an_article_is_found_by_its_address(records: SqlRecords) -> None:
    long = "https://tan.example/" + "ұ" * 5000
    with records.write() as writer:
        writer.put_article(article(1, url=long), P, annotation())
        writer.put_article(article(2), P, annotation())
    assert records.article_id_by_url(long) == article(1).id
    assert records.article_id_by_url(article(2).url) == article(2).id
    assert records.article_id_by_url("https://tan.example/none") is None


def test_an_article_is_found_by_the_id_it_was_given(records: SqlRecords) -> None:
    put(records, 1, 2, 3)
    for _ in range(2):
        with records.write() as writer:
            writer.put_given_id("x-1", article(1).id)
            writer.put_given_id("№ 7" * 2_000, article(2).id)
            writer.put_given_id("№ 7" * 2_000, article(3).id)
            writer.put_given_id(article(3).id, article(1).id)
    assert records.article("x-1").article == article(1)
    assert records.article(article(3).id).article == article(3), "its own id comes first"
    with pytest.raises(NotFound, match=f"2 articles .*{article(2).id} .*{article(3).id}"):
        records.article("№ 7" * 2_000)
    with pytest.raises(NotFound):
        records.article("x-2")


def test_hostile_text_is_kept_as_far_as_a_database_can(records: SqlRecords) -> None:
    hostile = article(1, headline="a\0b\ud800c", text="'); DROP TABLE articles; --\0", url="https://x/\udcff\0")
    with records.write() as writer:
        assert writer.put_article(hostile, P, annotation())
    with records.write() as writer:
        assert not writer.put_article(hostile, P, annotation())
        writer.put_problem(Problem("\0\ud800", "bad\0", "\udc00"), AT)
        assert writer.put_links("o", "s", [Link("https://x/\0", Hints(title="\0\ud800"))]) == 1
        assert writer.put_links("o", "s", [Link("https://x/\0")]) == 0
    assert records.article(hostile.id).article.headline == "a\ufffdb\ufffdc"
    assert records.article(hostile.id).article.text.startswith("'); DROP TABLE")
    assert records.article_id_by_url(hostile.url) == hostile.id


def test_the_same_article_again_writes_nothing(records: SqlRecords) -> None:
    put(records, 1, story="s1")
    drain(records)
    later = article(1, fetched_at=AT + 90 * MINUTE, lead="other", authors=("X",))
    with records.write() as writer:
        assert not writer.put_article(later, Position(9, 9), annotation(5))
    assert records.article(later.id).article == article(1)
    assert records.article(later.id).position == P
    assert drain(records) == []


@pytest.mark.parametrize("together", [False, True], ids=["in later transactions", "in one transaction"])
def test_a_changed_text_is_a_revision(records: SqlRecords, together: bool) -> None:
    first = article(1, outlet="old")
    second = article(1, text="жаңа", fetched_at=AT + 60 * MINUTE, published_at=AT + 50 * MINUTE)
    third = article(1, headline="түзетілді", text="жаңа", fetched_at=AT + 70 * MINUTE, revised_at=AT + 65 * MINUTE)
    if together:
        with records.write() as writer:
            assert [writer.put_article(a, P, annotation()) for a in (first, second, second, third)] == [
                True,
                True,
                False,
                True,
            ]
    else:
        for put_now in (first, second, third):
            with records.write() as writer:
                assert writer.put_article(put_now, Position(1, 7), annotation())
                writer.put_membership(Membership(first.id, "s1"))
    stored = records.article(first.id)
    assert stored.revisions == 3
    assert (stored.article.headline, stored.article.text) == ("түзетілді", "жаңа")
    assert stored.article.fetched_at == first.fetched_at
    assert stored.article.published_at == first.published_at
    assert stored.article.revised_at == AT + 65 * MINUTE
    assert records.revisions(first.id) == [
        Revision(first.id, 1, first.fetched_at, first.headline, first.text),
        Revision(first.id, 2, AT + 60 * MINUTE, second.headline, "жаңа"),
        Revision(first.id, 3, AT + 70 * MINUTE, "түзетілді", "жаңа"),
    ]
    assert records.revisions("unknown") == []
    assert records.counts()["articles"] == 1
    assert records.latest_per_outlet() == {"tan": (1, first.published_at)}
    if not together:
        assert records.story("s1").headlines == {"kk": "түзетілді"}


def test_a_revision_without_a_time_of_its_own(records: SqlRecords) -> None:
    with records.write() as writer:
        writer.put_article(article(1, published_at=None), P, annotation())
    with records.write() as writer:
        writer.put_article(article(1, text="жаңа", fetched_at=AT + 60 * MINUTE), P, annotation())
    stored = records.article(article(1).id).article
    assert stored.revised_at == AT + 60 * MINUTE
    assert stored.published_at == article(1).published_at  # the first one known


def test_annotations_stream_in_the_order_stored(records: SqlRecords) -> None:
    numbers = random.Random(1).sample(range(1300), 1300)
    put(records, *numbers)
    streamed = list(records.iter_annotations())
    assert [stored.article.id for stored, _ in streamed] == [article(number).id for number in numbers]
    assert np.array_equal(streamed[7][1].vector, annotation(numbers[7]).vector)
    since = AT + timedelta(seconds=650)
    recent = [stored.article.id for stored, _ in records.iter_annotations(since)]
    assert recent == [article(number).id for number in numbers if number >= 650]


def test_the_last_articles_come_with_their_whole_stories(records: SqlRecords) -> None:
    for number, story in enumerate(("s1", "s2", "s1", "s2", "s2", "s2", "s1", "s3")):
        put(records, number, story=story)
    recent = [stored.article.id for stored, _ in records.iter_recent(2)]
    assert recent == [article(number).id for number in (0, 2, 6, 7)]


# Copies


def test_a_copy_has_one_original(records: SqlRecords) -> None:
    put(records, 1, 2, 3)
    ids = [article(number).id for number in (1, 2, 3)]
    with records.write() as writer:
        writer.put_copy(CopyLink(ids[1], ids[0], "near", 0.7))
        writer.put_copy(CopyLink(ids[2], ids[0], "exact", 1.0))
    drain(records)
    with records.write() as writer:
        writer.put_copy(CopyLink(ids[2], ids[1], "translation", 0.9))
    assert records.copies_of(ids[0]) == [CopyLink(ids[1], ids[0], "near", 0.7)]
    assert records.article(ids[2]).copy_of == CopyLink(ids[2], ids[1], "translation", 0.9)
    assert records.counts()["copies"] == 2
    assert drain(records) == [ids[2]]
    with pytest.raises(StoreError), records.write() as writer:
        writer.put_copy(CopyLink(ids[0], "unknown", "near", 0.7))


# Stories


def test_tags_name_the_script_only_when_it_is_unusual() -> None:
    assert [tag("kk", "Cyrl"), tag("kk", "Latn"), tag("kk", "Arab")] == ["kk", "kk-Latn", "kk-Arab"]
    assert [tag("uz", "Latn"), tag("uz", "Cyrl"), tag("ug", "Arab"), tag("ug", "Latn")] == [
        "uz",
        "uz-Cyrl",
        "ug",
        "ug-Latn",
    ]
    assert [tag("kaa", "Latn"), tag("mn", "Mong"), tag("en", "Latn"), tag("de", "Latn"), tag("ky", "Zyyy")] == [
        "kaa",
        "mn-Mong",
        "en",
        "de",
        "ky",
    ]


def fill_stories(records: SqlRecords) -> None:
    """s1: Kazakh, Uzbek in Cyrillic and in Latin, from two countries; s2: one Kyrgyz article; s3: two Kazakh ones."""
    with records.write() as writer:
        writer.put_outlet(Outlet("tan", "Таң", country="KZ"))
        writer.put_outlet(Outlet("tong", "Tong", country="UZ"))
        for made, story in (
            (article(3, outlet="tong", language="uz", script="Cyrl", headline="Дарё тошди"), "s1"),
            (article(2), "s1"),
            (article(1), "s1"),
            (article(4, outlet="tong", language="uz", script="Latn", headline="Daryo toshdi"), "s1"),
            (article(5, outlet="elsewhere", language="ky"), "s2"),
            (article(6), "s3"),
            (article(7), "s3"),
        ):
            writer.put_article(made, P, annotation())
            writer.put_membership(Membership(made.id, story))


def test_a_story_is_made_of_its_articles(records: SqlRecords) -> None:
    fill_stories(records)
    story = records.story("s1")
    assert story.headlines == {"kk": article(1).headline, "uz-Cyrl": "Дарё тошди", "uz": "Daryo toshdi"}
    assert story.languages == ("kk", "uz-Cyrl", "uz")
    assert story.outlets == ("tan", "tong")
    assert story.countries == ("KZ", "UZ")
    assert (story.first_published_at, story.last_published_at) == (article(1).at, article(4).at)
    assert story.articles == tuple(article(number).id for number in (1, 2, 3, 4))
    assert records.story("s2").countries == ()
    assert records.counts()["stories"] == 3
    assert sorted(drain(records)) == [article(number).id for number in range(1, 8)]
    with records.write() as writer:
        writer.put_outlet(Outlet("tong", "Tong", country="TJ"))
        writer.put_outlet(Outlet("elsewhere", "E", country="KG"))
    assert records.story("s1").countries == ("KZ", "TJ")
    assert records.story("s2").countries == ("KG",)


def test_an_article_of_unknown_language_takes_the_one_identified(records: SqlRecords) -> None:
    with records.write() as writer:
        writer.put_article(article(1, language="und", script="Zyyy"), P, annotation())
        writer.put_membership(Membership(article(1).id, "s1"))
    assert records.story("s1").languages == ("kk",)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (StoryQuery(), ["s3", "s2", "s1"]),
        (StoryQuery(limit=1, offset=1), ["s2"]),
        (StoryQuery(limit=0), []),
        (StoryQuery(language="kk"), ["s3", "s1"]),
        (StoryQuery(language="uz-Cyrl"), ["s1"]),
        (StoryQuery(language="kk-Latn"), []),
        (StoryQuery(outlet="tan"), ["s3", "s1"]),
        (StoryQuery(country="UZ"), ["s1"]),
        (StoryQuery(country="KZ", outlet="tong", language="uz"), ["s1"]),
        (StoryQuery(country="KZ", language="ky"), []),
        (StoryQuery(min_articles=2), ["s3", "s1"]),
        (StoryQuery(min_articles=3, language="kk"), ["s1"]),
        (StoryQuery(since=AT + timedelta(seconds=5)), ["s3", "s2"]),
        (StoryQuery(since=AT + timedelta(seconds=5), language="kk"), ["s3"]),
        (StoryQuery(until=AT + timedelta(seconds=6)), ["s2", "s1"]),
        (StoryQuery(until=AT + timedelta(seconds=7), since=AT + timedelta(seconds=6)), ["s3"]),
    ],
)
def test_stories_can_be_asked_for(records: SqlRecords, query: StoryQuery, expected: list[str]) -> None:
    fill_stories(records)
    found = records.stories(query)
    assert [story.id for story in found] == expected
    assert found == [records.story(id) for id in expected]


def test_an_article_is_in_one_story(records: SqlRecords) -> None:
    fill_stories(records)
    drain(records)
    with records.write() as writer:
        writer.put_membership(Membership(article(1).id, "s2", 0.4))
        writer.put_membership(Membership(article(5).id, "s4"))
        writer.put_membership(Membership(article(2).id, "s1", 0.1))  # only the reason changes
    assert records.story("s1").articles == tuple(article(number).id for number in (2, 3, 4))
    assert records.story("s1").headlines["kk"] == article(2).headline
    assert records.story("s2").articles == (article(1).id,)
    assert records.story("s4").articles == (article(5).id,)
    stored = records.article(article(1).id)
    assert (stored.story, stored.membership) == ("s2", Membership(article(1).id, "s2", 0.4))
    assert sorted(drain(records)) == [article(1).id, article(5).id]
    with records.write() as writer:
        writer.put_membership(Membership(article(5).id, "s2"))
    with pytest.raises(NotFound):
        records.story("s4")
    assert records.counts()["stories"] == 3
    with pytest.raises(StoreError), records.write() as writer:
        writer.put_membership(Membership("unknown", "s1"))


def test_a_merged_story_is_found_by_its_old_id(records: SqlRecords) -> None:
    fill_stories(records)
    drain(records)
    merge = StoryChange("merge", "s2", "s1", (article(5).id,), AT, "same names")
    with records.write() as writer:
        writer.put_story_change(merge)
    assert records.story("s2") == records.story("s1")
    assert records.story("s1").articles[-1] == article(5).id
    assert records.article(article(5).id).membership == Membership(article(5).id, "s1")
    assert drain(records) == [article(5).id]
    everything = records.story("s1").articles
    with records.write() as writer:
        writer.put_story_change(StoryChange("merge", "s1", "s3", everything, AT, "closer"))
    assert records.story("s2").id == records.story("s1").id == "s3"
    assert records.counts()["stories"] == 1
    split = StoryChange("split", "s3", "s2", (article(5).id,), AT, "another river")
    with records.write() as writer:
        writer.put_story_change(split)
    assert records.story("s2").articles == (article(5).id,)
    assert records.story("s1").id == "s3"
    assert records.story_changes("s2") == [merge, split]
    assert len(records.story_changes()) == 3


def test_stories_merged_in_a_circle_within_one_transaction(records: SqlRecords) -> None:
    put(records, 1, story="s1")
    put(records, 2, story="s2")
    one, both = (article(1).id,), (article(1).id, article(2).id)
    with records.write() as writer:
        writer.put_story_change(StoryChange("merge", "s1", "s2", one, AT, ""))
        writer.put_story_change(StoryChange("merge", "s2", "s1", both, AT, ""))
    assert records.story("s2").id == records.story("s1").id == "s1"
    with pytest.raises(NotFound):
        records.story("s3")


# Links, sources, decisions, problems, outlets


def test_links_are_remembered_once(records: SqlRecords) -> None:
    hints = Hints("Тақырып", AT, "kk", ("А",), "қысқа", "Қоғам", "https://x/i.png")
    with records.write() as writer:
        new = [Link("https://x/1", hints), Link("https://x/2"), Link("https://x/1")]
        assert writer.put_links("tan", "tan:1", new) == 2
    with records.write() as writer:
        assert writer.put_links("tan", "tan:1", [Link("https://x/3"), Link("https://x/2")]) == 1
        assert writer.put_links("tan", "tan:1", []) == 0
    pending = records.pending_links(AT, 10)
    assert [link.url for link in pending] == ["https://x/1", "https://x/2", "https://x/3"]
    assert pending[0].link == Link("https://x/1", hints)
    assert (pending[0].outlet, pending[0].source) == ("tan", "tan:1")
    with records.write() as writer:
        writer.settle_link("https://x/1", "done")
        writer.settle_link("https://x/3", "gone", "404")
        writer.settle_link("https://x/never-seen", "done")
        writer.postpone_link("https://x/2", AT + MINUTE, "503")
        assert writer.put_links("tan", "tan:1", [Link("https://x/1")]) == 0
    assert records.pending_links(AT, 10) == []
    [again] = records.pending_links(AT + MINUTE, 10)
    assert (again.url, again.attempts) == ("https://x/2", 1)
    counts = records.counts()
    assert (counts["links_pending"], counts["links_gone"], counts["links_refused"]) == (1, 1, 0)
    with records.write() as writer:
        writer.settle_link("https://x/3", "refused", "robots.txt")
    assert (records.counts()["links_gone"], records.counts()["links_refused"]) == (0, 1)


def test_a_link_put_off_counts_no_attempt(records: SqlRecords) -> None:
    with records.write() as writer:
        writer.put_links("tan", "tan:1", [Link("https://x/1")])
        writer.put_off_link("https://x/1", AT + MINUTE)
    assert records.pending_links(AT, 10) == []
    assert records.pending_links(AT + MINUTE, 10)[0].attempts == 0


def test_a_done_link_is_rechecked(records: SqlRecords) -> None:
    known = article(1)
    with records.write() as writer:
        writer.put_links("tan", "tan:1", [Link(known.url), Link("https://x/no-article"), Link("https://x/gone")])
        writer.put_article(known, P, annotation())
        writer.postpone_link(known.url, AT, "503")
        writer.settle_link(known.url, "done", recheck_at=AT + MINUTE)
        writer.settle_link("https://x/no-article", "done", recheck_at=AT + 2 * MINUTE)
        writer.settle_link("https://x/gone", "gone", recheck_at=AT + MINUTE)
    assert records.pending_links(AT, 10) == []
    assert records.counts()["links_pending"] == 0
    again = records.pending_links(AT + 2 * MINUTE, 10)
    assert [(link.url, link.attempts, link.checked_at) for link in again] == [
        (known.url, 0, known.fetched_at),
        ("https://x/no-article", 0, None),
    ]
    with records.write() as writer:
        writer.settle_link(known.url, "done")
        writer.postpone_link("https://x/no-article", AT + 9 * MINUTE, "503")
    assert records.pending_links(AT + 8 * MINUTE, 10) == []
    [later] = records.pending_links(AT + 9 * MINUTE, 10)
    assert later.attempts == 1


def test_a_big_site_starves_no_other(records: SqlRecords) -> None:
    with records.write() as writer:
        writer.put_links("big", "big:1", [Link(f"https://big/{n}") for n in range(1500)])
        writer.put_links("small", "small:1", [Link(f"https://small/{n}") for n in range(3)])
        writer.put_links("a", "a:1", [Link("https://a/0")])
        writer.put_links("later", "later:1", [Link("https://later/0")])
        writer.postpone_link("https://later/0", AT + MINUTE, "503")
    found = [link.url.removeprefix("https://") for link in records.pending_links(AT, 6)]
    assert sorted(found[:3]) == ["a/0", "big/0", "small/0"]
    assert sorted(found[3:5]) == ["big/1", "small/1"]
    assert len(found) == 6
    everything = records.pending_links(AT, 1000, per_outlet=50)
    assert [link.url for link in everything if link.outlet == "big"] == [f"https://big/{n}" for n in range(50)]
    assert len(everything) == 54


def test_pages_are_known_by_their_digests(records: SqlRecords) -> None:
    with records.write() as writer:
        for digest in ("d1", "d2", "d1"):
            writer.put_page(digest)
    with records.write() as writer:
        writer.put_page("d2")
        writer.put_page("d3", PageFate(0, (Problem("x", "y", "z"),)))
    assert records.known_pages(["d1", "d3", "d4"]) == {"d1": PageFate(1), "d3": PageFate(0, (Problem("x", "y", "z"),))}
    assert records.known_pages([]) == {}
    records.clear_derived()
    assert records.known_pages(["d1"]) == {}


def test_the_index_can_be_fed_again(records: SqlRecords) -> None:
    assert records.requeue_index() == 0
    put(records, 2, 1, 3)
    before = records.outbox(10)
    records.outbox_done(before[0][0])
    assert records.requeue_index() == 3
    again = records.outbox(10)
    assert [id for _, id in again] == [article(2).id, article(1).id, article(3).id]
    assert again[0][0] > before[-1][0]


def test_sources_become_due(records: SqlRecords) -> None:
    soon = SourceState("tan:1", '"etag"', "Sat, 21 Mar 2026", 300.0, AT + MINUTE, 2, "timeout", AT)
    past = SourceState("tan:2", due_at=AT - MINUTE)
    with records.write() as writer:
        writer.put_source_state(SourceState("tan:1"))
        writer.put_source_state(soon)
        writer.put_source_state(past)
    assert records.source_states() == [soon, past]
    assert records.due_sources(["tan:3", "tan:1", "tan:2"], AT) == [SourceState("tan:3"), past]
    assert records.due_sources(["tan:1"], AT + MINUTE) == [soon]
    assert records.due_sources([], AT) == []


def test_decisions_problems_outlets(records: SqlRecords) -> None:
    decisions = [
        Decision(AT + number * MINUTE, f"https://x/{number}", "robots.txt", number % 2 == 0, "") for number in range(3)
    ]
    outlet = Outlet("tan", "Таң", languages=("kk", "ru"), sources=(Source("tan", "feed", "https://x/rss", "kk"),))
    with records.write() as writer:
        for decision in decisions:
            writer.put_decision(decision)
        writer.put_problem(Problem("https://x/1", "no text", "look"), AT, "tan:1")
        writer.put_problem(Problem("https://x/2", "no text"), AT + MINUTE, "tan:1")
        writer.put_problem(Problem("https://x/1", "no text", "look"), AT + 2 * MINUTE, "tan:1")
        writer.put_outlet(Outlet("tan", "old"))
        writer.put_outlet(outlet)
        writer.put_outlet(Outlet("aral", "Арал", full_text=True))
    assert records.decisions(2) == decisions[:0:-1]
    assert records.problems() == [
        (AT + 2 * MINUTE, "tan:1", Problem("https://x/1", "no text", "look")),
        (AT + MINUTE, "tan:1", Problem("https://x/2", "no text")),
    ]
    assert records.outlets() == [Outlet("aral", "Арал", full_text=True), outlet]
    assert (records.counts()["problems"], records.counts()["outlets"]) == (2, 2)


def test_counts_and_the_latest_of_each_outlet(records: SqlRecords) -> None:
    names = ["articles", "stories", "copies", "outlets", "problems", "outbox"]
    names += ["links_pending", "links_refused", "links_gone"]
    assert records.counts() == dict.fromkeys(names, 0)
    assert records.latest_per_outlet() == {}
    fill_stories(records)
    with records.write() as writer:
        writer.put_outlet(Outlet("quiet", "Quiet"))
    assert records.counts() == dict.fromkeys(names, 0) | {"articles": 7, "stories": 3, "outlets": 3, "outbox": 7}
    assert records.latest_per_outlet() == {
        "tan": (4, article(7).at),
        "tong": (2, article(4).at),
        "elsewhere": (1, article(5).at),
        "quiet": (0, None),
    }


def test_the_outbox_gives_each_article_once_a_transaction(records: SqlRecords) -> None:
    put(records, 2, 1, story="s1")
    put(records, 3)
    entries = records.outbox(2)
    assert [id for _, id in entries] == [article(2).id, article(1).id]
    records.outbox_done(entries[-1][0])
    [(last, id)] = records.outbox(10)
    assert id == article(3).id
    records.outbox_done(last)
    put(records, 4)
    assert records.outbox(10)[0][0] > last  # numbers are never used again


# Transactions


def test_rollback_leaves_nothing(records: SqlRecords) -> None:
    put(records, 1, story="s1")
    drain(records)
    before = (records.counts(), records.story("s1"), records.checkpoint())

    def everything(writer: SqlWriter) -> None:
        writer.checkpoint(Position(5, 5))
        writer.put_outlet(Outlet("tan", "T", country="KZ"))
        writer.put_article(article(2), P, annotation())
        writer.put_article(article(1, text="changed"), P, annotation())
        writer.put_membership(Membership(article(2).id, "s1"))
        writer.put_copy(CopyLink(article(2).id, article(1).id, "near", 0.5))
        writer.put_story_change(StoryChange("move", "s1", "s2", (article(1).id,), AT, ""))
        writer.put_links("tan", "x", [Link("https://x/1")])
        writer.put_page("d")
        writer.put_problem(Problem("x", "y"), AT)
        writer.put_decision(Decision(AT, "x", "y", True, ""))
        writer.put_source_state(SourceState("x"))

        if fails:
            raise KeyError

    fails = True
    with pytest.raises(KeyError), records.write() as writer:
        everything(writer)
    fails = False
    assert (records.counts(), records.story("s1"), records.checkpoint()) == before
    assert records.revisions(article(1).id)[-1].text == article(1).text
    assert not any((records.decisions(), records.source_states(), records.story_changes()))
    with records.write() as writer:
        everything(writer)
    assert records.checkpoint() == Position(5, 5)
    assert records.counts()["articles"] == 2


def test_clear_derived_keeps_what_the_archive_cannot_tell(records: SqlRecords) -> None:
    fill_stories(records)
    state = SourceState("tan:1", interval=300.0)
    decision = Decision(AT, "https://x/1", "robots.txt", True, "")
    with records.write() as writer:
        writer.checkpoint(Position(2, 3))
        writer.put_article(article(1, text="changed"), P, annotation())
        writer.put_copy(CopyLink(article(2).id, article(1).id, "near", 0.5))
        writer.put_story_change(StoryChange("merge", "s1", "s3", records.story("s1").articles, AT, ""))
        writer.put_links("tan", "tan:1", [Link("https://x/1")])
        writer.settle_link("https://x/1", "gone")
        writer.put_problem(Problem("x", "y"), AT)
        writer.put_problem(Problem("x", "of a page"), AT, derived=True)
        writer.put_source_state(state)
        writer.put_decision(decision)
        writer.put_given_id("7", article(1).id)
        writer.put_note("space", "of vectors")
        writer.put_note("other", "kept")
    records.clear_derived()
    assert (records.checkpoint(), records.reached()) == (None, Position(2, 3))
    assert (records.note("space"), records.note("other")) == ("", "kept")
    counts = dict(records.counts())
    assert (counts.pop("outlets"), counts.pop("problems"), counts.pop("links_gone")) == (2, 1, 1)
    assert set(counts.values()) == {0}
    assert records.source_states() == [state]
    assert records.decisions() == [decision]
    assert records.problems() == [(AT, "", Problem("x", "y"))]
    assert not any(
        (records.story_changes(), records.stories(StoryQuery()), records.outbox(9), records.articles_given("7"))
    )
    with records.write() as writer:
        writer.checkpoint(Position(1, 1))
        writer.settle_link("https://x/1", "done", if_pending=True)
    assert (records.checkpoint(), records.reached()) == (Position(1, 1), Position(2, 3)), "the furthest stays"
    assert records.counts()["links_gone"] == 1, "what became of it stays"
    with pytest.raises(NotFound):
        records.story("s1")
    fill_stories(records)
    assert records.counts()["articles"] == 7
    assert len(records.revisions(article(1).id)) == 1


def test_threads_write_in_turns_while_others_read(records: SqlRecords) -> None:
    put(records, 0, story="s")
    failures: list[BaseException] = []

    def work(job: Callable[[int], None], first: int) -> None:
        try:
            for number in range(first, first + 10):
                job(number)
        except BaseException as error:
            failures.append(error)

    def read(_: int) -> None:
        # Row and members are of one moment, whatever is written meanwhile.
        story = records.stories(StoryQuery())[0]
        assert story.last_published_at == records.article(story.articles[-1]).article.at

    def write(number: int) -> None:
        put(records, number, story="s")

    threads = [threading.Thread(target=work, args=(write, first)) for first in (100, 200, 300)]
    threads += [threading.Thread(target=work, args=(read, 0)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert records.counts()["articles"] == len(records.story("s").articles) == 31


def test_a_write_within_a_write_is_refused_and_not_a_deadlock(records: SqlRecords) -> None:
    with pytest.raises(StoreError, match="within another"), records.write(), records.write():
        pass
    put(records, 1)
    assert records.counts()["articles"] == 1


def test_processes_open_a_new_database_and_write_at_once(url: str) -> None:
    writers = [Worker(write_transactions, url, base, 20) for base in (0, 100)]
    for writer in writers:
        assert len(writer.rest()) == 20
        assert writer.process.exitcode == 0
    records = open_records(url)
    counts = records.counts()
    assert (counts["articles"], counts["outbox"], counts["stories"]) == (120, 120, 7)
    records.close()


def test_kill_9_loses_nothing_acknowledged_and_doubles_nothing(url: str) -> None:
    chance = random.Random(7)
    records = open_records(url)
    expected = 0
    for attempt in range(10):
        base = attempt * 10_000
        writer = Worker(write_transactions, url, base, 10_000)
        first = writer.first()
        time.sleep(chance.uniform(0, 0.03))
        writer.process.kill()
        last_told = [first, *writer.rest()][-1]
        with records.write():  # waits until the killed one's transaction is settled
            pass
        done = records.checkpoint()
        assert done
        assert done.offset >= last_told >= base
        expected += (done.offset - base + 1) * 3
        counts = records.counts()
        assert counts["articles"] == counts["outbox"] == expected
    stories = records.stories(StoryQuery())
    assert sum(len(story.articles) for story in stories) == expected
    assert len(list(records.iter_annotations())) == expected
    records.close()


# Schema and addresses


def test_the_migrated_schema_is_the_one_queries_see(records: SqlRecords, url: str) -> None:
    found = sa.inspect(records._engine)
    for table in tables.metadata.sorted_tables:
        assert [column["name"] for column in found.get_columns(table.name)] == [column.name for column in table.c]
    assert set(found.get_table_names()) == {*tables.metadata.tables, "schema_version"}


def test_records_of_the_first_schema_are_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    old = sa.create_engine(f"sqlite:///{path}")
    with old.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE schema_version (version INTEGER NOT NULL)")
        for statement in migrations()[1]("sqlite"):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("INSERT INTO schema_version VALUES (1)")
        connection.exec_driver_sql("INSERT INTO checkpoint VALUES (1, 2, 3)")
        connection.exec_driver_sql("INSERT INTO pages VALUES ('d')")
        connection.exec_driver_sql("INSERT INTO problems VALUES (1, x'00', 0, 's', 'p', 'r', 'f')")
    old.dispose()
    records = open_records(f"sqlite:///{path}")
    assert (records.checkpoint(), records.reached()) == (Position(2, 3), Position(2, 3))
    assert records.known_pages(["d"]) == {"d": PageFate()}
    records.clear_derived()
    assert [problem for _, _, problem in records.problems()] == [Problem("p", "r", "f")]
    records.close()


def test_every_migration_has_a_number_of_its_own() -> None:
    names = [file.name for file in files("ortaq.store.migrations").iterdir() if file.name.endswith(".sql")]
    assert sorted(int(name[:4]) for name in names) == list(range(1, len(names) + 1)), "and none is left out"


def test_reopening_keeps_all_and_a_newer_database_is_refused(records: SqlRecords, url: str) -> None:
    put(records, 1)
    again = open_records(url)
    assert again.counts()["articles"] == 1
    again.close()
    with records._engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO schema_version VALUES (999)"))
    with pytest.raises(ConfigError, match="999"):
        open_records(url)


@pytest.mark.parametrize(
    "wrong", ["", "records.sqlite", "mysql://x/y", "oracle://x", "sqlite://", "sqlite:///:memory:"]
)
def test_other_addresses_are_refused(wrong: str) -> None:
    with pytest.raises(ConfigError):
        open_records(wrong)


def test_an_unreachable_database_names_itself_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_records(f"postgresql://user:secret@/none?host={tmp_path}")
    assert "user:***@" in str(caught.value)
    assert "secret" not in str(caught.value)
    (tmp_path / "file").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_records(f"sqlite:///{tmp_path / 'file'}")


# Speed


@pytest.mark.parametrize(
    "query",
    [
        StoryQuery(),
        StoryQuery(language="kk", outlet="tan", country="KZ"),
        StoryQuery(language="kk", since=AT, min_articles=2),
    ],
)
def test_stories_are_found_by_index_and_not_sorted(tmp_path: Path, query: StoryQuery) -> None:
    records = open_records(f"sqlite:///{tmp_path / 'records.sqlite'}")
    sql = str(story_select(query).compile(records._engine, compile_kwargs={"literal_binds": True}))
    with begin_read(records._engine) as connection:
        plan = [row[-1] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + sql)]
    assert not any("TEMP B-TREE" in step for step in plan), plan
    assert not any(step.startswith("SCAN") and "USING" not in step for step in plan), plan
    records.close()


def test_waiting_links_are_found_without_reading_all(tmp_path: Path) -> None:
    records = open_records(f"sqlite:///{tmp_path / 'records.sqlite'}")
    with records.write() as writer:
        for outlet in range(20):
            writer.put_links(f"o{outlet}", "s", [Link(f"https://x/{outlet}/{n}") for n in range(2500)])
    begin = time.perf_counter()
    assert len(records.pending_links(AT, 100, per_outlet=10)) == 100
    assert time.perf_counter() - begin < 0.5
    records.close()


def test_insertion_speed(tmp_path: Path) -> None:
    """Articles a second of processor time, which a loaded machine changes little; measured: 2,900."""
    records = open_records(f"sqlite:///{tmp_path / 'records.sqlite'}")
    notes = [annotation(number, 384) for number in range(100)]
    text = "Су деңгейі көтерілді. " * 60
    begin = time.process_time()
    for start in range(0, 10_000, 100):
        with records.write() as writer:
            for number in range(start, start + 100):
                made = article(number, text=f"{text}{number}")
                writer.put_article(made, Position(1, number), notes[number % 100])
                writer.put_membership(Membership(made.id, f"s{number // 3}"))
            writer.checkpoint(Position(1, start))
    speed = 10_000 / (time.process_time() - begin)
    assert records.counts()["articles"] == 10_000
    assert speed > 1_500, speed
    records.close()
