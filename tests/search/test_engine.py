"""The query syntax over a small store: what is found, and what is left out."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from ortaq.model import Annotation, Article, Membership
from ortaq.pipeline.home import Home
from ortaq.pipeline.indexing import feed_index
from ortaq.search import facets
from ortaq.search.engine import SearchEngine
from ortaq.search.home import search_of
from ortaq.search.ranking import Found, by_words, fuse
from ortaq.store.contract import Filters, IndexHit, Position
from ortaq.understand.terms import query_terms
from tests.home import make_home, open_home, ortaq
from tests.search.test_query import PIECES

# Our own texts: id, outlet, language, day, headline, text.
ARTICLES = (
    ("flood", "Tan", "kk", 3, "Су тасқыны басталды", "Өзен арнасынан асып, ауылды су басты. Тұрғындар көшірілді."),
    ("rest", "Tan", "kk", 5, "Көлдегі демалыс", "Көлдің суы жылы. Туристер мен тұрғындар тасқыны жоқ жағаға келді."),
    ("media", "Dala", "kk", 7, "Медиафорум ашылды", "Журналистер медиафорумға жиналды, су туралы айтқан жоқ."),
    ("bridge", "Bridge", "ru", 9, "Открыт новый мост", "Через реку открыт новый мост, вода спала."),
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = make_home(tmp_path_factory.mktemp("engine"))
    rows = [
        {
            "url": f"https://example.com/{id}",
            "outlet": outlet,
            "title": headline,
            "text": text,
            "published": f"2026-05-{day:02}T08:00:00Z",
            "language": language,
        }
        for id, outlet, language, day, headline, text in ARTICLES
    ]
    path = folder / "articles.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    ortaq(folder, "import", str(path))
    home = open_home(folder)
    yield home
    home.close()


@pytest.fixture(scope="module")
def engine(opened: Home) -> SearchEngine:
    return search_of(opened)


DAY = datetime(2026, 5, 1, tzinfo=UTC)


def put_article(home: Home, id: str, headline: str) -> None:
    made = Article(
        id, f"https://example.com/{id}", "tan", "source", headline, "Мәтін.", DAY, language="kk", script="Cyrl"
    )
    with home.records.write() as writer:
        vector = np.ones(384, np.float32) / np.float32(384**0.5)
        writer.put_article(made, Position(), Annotation(vector, language="kk", script="Cyrl"))
        writer.put_membership(Membership(id, f"s-{id}"))


def ids(ranked: Sequence[Found]) -> list[str]:
    return [one.hit.article for one in ranked]


def found(engine: SearchEngine, query: str, filters: Filters | None = None) -> set[str]:
    hits = engine.search(query, mode="text", filters=filters).hits
    return {hit.article.article.url.rpartition("/")[2] for hit in hits}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("су тасқыны", {"flood", "rest", "media"}),
        ('"су тасқыны"', {"flood"}),
        ("су AND тұрғындар", {"flood", "rest"}),
        ("су AND тұрғындар AND туристер", {"rest"}),
        ("су ЖӘНЕ ауыл НЕМЕСЕ туристер", {"flood", "rest"}),
        ("су -туристер", {"flood", "media"}),
        ('тұрғындар NOT "су тасқыны"', {"rest"}),
        ("медиа*", {"media"}),
        ("медиаф* AND журналистер", {"media"}),
        ("title:су", {"flood"}),
        ("су since:2026-05-04 until:2026-05-06", {"rest"}),
        ("су 03.05.2026", {"flood"}),
        ("мост lang:kk", set()),
        ("мост lang:ru", {"bridge"}),
        ("-су", set()),
        ("", set()),
    ],
)
def test_the_syntax_finds(engine: SearchEngine, query: str, wanted: set[str]) -> None:
    assert found(engine, query) == wanted


def test_the_filters_of_the_page_hold_too(engine: SearchEngine) -> None:
    assert found(engine, "мост lang:ru", Filters(languages=("kk",))) == set()
    assert found(engine, "су", Filters(languages=("kk",))) == {"flood", "rest", "media"}


def test_exclusion_and_phrases_hold_in_every_mode(engine: SearchEngine) -> None:
    for mode in ("meaning", "both"):
        hits = engine.search("су -туристер", mode=mode).hits
        assert "rest" not in {hit.article.article.url.rpartition("/")[2] for hit in hits}
    assert [hit.article.article.headline for hit in engine.search('"су тасқыны"').hits] == ["Су тасқыны басталды"]


def test_what_was_not_understood_is_said(engine: SearchEngine) -> None:
    assert engine.search("су lang:қазақша", mode="text").ignored == ("lang:қазақша",)


def test_no_query_raises_or_takes_a_second(engine: SearchEngine) -> None:
    chance = random.Random(9)
    slowest = 0.0
    engine.search("су")
    for _ in range(60):
        typed = " ".join(chance.choices(PIECES, k=chance.randint(1, 12)))
        start = time.perf_counter()
        engine.search(typed)
        slowest = max(slowest, time.perf_counter() - start)
    assert slowest < 2.0, "one second, and as much for a busy machine"


def test_fusion_prefers_what_both_found() -> None:
    text = [Found(IndexHit("a", 10.0), 1.0), Found(IndexHit("b", 9.0), 0.9)]
    meaning = [IndexHit("b", 0.8), IndexHit("c", 0.7), IndexHit("a", 0.1)]
    assert ids(fuse(text, meaning)) == ["b", "a", "c"]
    assert ids(fuse([], meaning)) == ["b", "c", "a"]
    assert ids(fuse(text, [])) == ["a", "b"]
    assert fuse([], []) == []


def test_what_is_no_nearer_than_chance_is_left_out() -> None:
    text = [Found(IndexHit("a", 10.0), 1.0)]
    ranked = fuse(text, [IndexHit("b", 0.8), IndexHit("a", 0.2), IndexHit("c", 0.1)], least=0.3)
    assert [(one.hit.article, one.near) for one in ranked] == [("a", False), ("b", True)]


def test_an_article_with_every_word_comes_before_one_that_repeats_a_rare_one() -> None:
    hits = [IndexHit("repeats", 9.0), IndexHit("both", 7.0), IndexHit("unseen", 6.0), IndexHit("further", 3.0)]
    ranked = by_words(hits, {"repeats": frozenset("x"), "both": frozenset("xy")}, [{"x"}, {"y"}])
    assert ids(ranked) == ["both", "repeats", "unseen", "further"]
    assert ranked[0].score == pytest.approx(7 / 9)


def test_the_best_of_poor_matches_is_still_poor() -> None:
    asked = [{letter} for letter in "abcdefgh"]
    ranked = by_words([IndexHit("one", 5.0)], {"one": frozenset("a")}, asked)
    assert ranked[0].score < 0.1


def test_a_word_that_nobody_wrote_is_asked_about(opened: Home, engine: SearchEngine) -> None:
    opened.index.optimize()
    assert engine.search("медияфорум", mode="text").suggestion == "медиафорум"
    assert engine.search("көл медияфорум").suggestion == "көл медиафорум"
    assert engine.search("Журналистерр", mode="text").suggestion == "Журналистер"
    for known_or_rubbish in ("медиафорум", "су тасқыны", "йцукенгш фывапро", "медияфорум йцукенгш"):
        assert engine.search(known_or_rubbish, mode="text").suggestion == "", known_or_rubbish


def test_a_hit_says_which_words_it_has(engine: SearchEngine) -> None:
    hits = engine.search("тұрғындар тасқыны көпір", mode="text").hits
    assert {hit.words for hit in hits} == {("тұрғындар", "тасқыны")}
    assert {hit.why for hit in hits} == {"words"}


def test_counts_are_of_what_was_found(engine: SearchEngine) -> None:
    answer = engine.search("су тасқыны мост", mode="text", limit=1)
    assert answer.counts.languages == {"kk": 3, "ru": 1}
    assert sum(answer.counts.outlets.values()) == sum(answer.counts.days.values()) == answer.total == 4
    assert [day.day for day in answer.counts.days] == [3, 5, 7, 9]
    assert answer.complete


def test_pages_follow_each_other_also_when_something_new_came_in(engine: SearchEngine) -> None:
    whole = [hit.article.article.id for hit in engine.search("су тасқыны мост", mode="text").hits]
    first = engine.search("су тасқыны мост", mode="text", limit=2)
    assert first.following == (2, whole[1])
    shifted = engine.search("су тасқыны мост", mode="text", limit=2, offset=3, after=whole[1])
    assert [hit.article.article.id for hit in shifted.hits] == whole[2:]
    assert shifted.following is None


def test_a_kind_of_outlet_is_a_filter(engine: SearchEngine) -> None:
    assert engine.search("су", mode="text", kinds=("agency",)).total == 0
    kinds = engine.search("су", mode="text").counts.kinds
    assert kinds
    assert engine.search("су", mode="text", kinds=tuple(kinds)).total == 3


def test_copies_are_one_hit_within_a_language() -> None:
    def one(id: str, original: str, language: str = "kk", outlet: str = "o") -> Found:
        return Found(IndexHit(id, 1.0, "s", language, outlet, original=original, published_at=DAY), 1.0)

    ranked = [one("copy", "first", outlet="p"), one("first", "first"), one("other", "other"), one("ru", "first", "ru")]
    assert [(shown.hit.article, copies) for shown, copies in facets.fold(ranked)] == [
        ("copy", 1),
        ("other", 0),
        ("ru", 0),
    ]
    told = facets.counts(ranked, {"o": "agency"}, UTC)
    assert told.languages == {"kk": 2, "ru": 1}
    assert told.outlets == {"o": 3, "p": 1}, "narrowed to p, the copy is shown by itself"
    assert told.kinds == {"agency": 3}


def test_an_article_is_found_within_seconds_while_queries_go_on(opened: Home, engine: SearchEngine) -> None:
    """Written to the index by one thread as the pipeline does, asked for by another without a pause."""
    stop, faults = threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            try:
                engine.search("су тасқыны", mode="text")
            except Exception as error:
                faults.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for number in range(3):
            word = f"жаңалықсөз{'абв'[number]}"
            put_article(opened, f"fresh{number}", word)
            started = time.monotonic()
            feed_index(opened.records, opened.index)
            while not opened.index.search_text(query_terms(word), Filters(), 1):
                assert time.monotonic() - started < 5
            assert time.monotonic() - started < 5
    finally:
        stop.set()
        asking.join()
    assert not faults
