"""The query syntax over a small store: what is found, and what is left out."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Sequence

import pytest

from ortaq.pipeline.home import Home
from ortaq.search.engine import SearchEngine
from ortaq.search.home import search_of
from ortaq.search.ranking import Found, by_words, fuse
from ortaq.store.contract import Filters, IndexHit
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
