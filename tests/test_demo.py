"""The demo region from its outlets' sites to stories, measured against what is true of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from ortaq.demo.content import DOMAIN, load_region, truth
from ortaq.model import tag
from ortaq.search.home import search_of
from ortaq.store.contract import StoredArticle
from tests.home import json_lines, open_home, ortaq

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def port(demo_home: Path) -> int:
    return int((demo_home / "site-port").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def articles(demo_home: Path) -> dict[str, StoredArticle]:
    """By address."""
    home = open_home(demo_home)
    try:
        return {stored.article.url: stored for stored, _ in home.records.iter_annotations()}
    finally:
        home.close()


def test_the_region_is_as_large_as_it_says() -> None:
    outlets = load_region()
    written = [article for outlet in outlets for article in outlet.articles]
    assert len(outlets) >= 12
    assert len({article.language for article in written}) >= 9
    assert len({article.event for article in written}) == 40
    assert len(written) >= 200
    originals = {f"{article.outlet}/{article.slug}" for article in written}
    assert len(originals) == len(written), "a slug is used once in an outlet"
    assert {article.copy_of for article in written if article.copy_of} <= originals


def test_every_article_that_may_be_taken_is_there(articles: dict[str, StoredArticle], port: int) -> None:
    assert set(truth(port)) <= set(articles)
    outlets = Counter(stored.article.outlet for stored in articles.values())
    assert outlets["stepvesti"] == 0, "it answers 503"
    assert outlets["lakesideledger"] == 0, "its robots.txt says no"


def test_a_forbidden_outlet_is_asked_for_its_robots_txt_only(demo_home: Path) -> None:
    asked = (demo_home / "asked").read_text(encoding="utf-8").splitlines()
    assert {line.split()[1] for line in asked if line.startswith("lakesideledger ")} <= {
        "/robots.txt",
        "/.well-known/tdmrep.json",
    }
    assert any(line.startswith("stepvesti /rss.xml") for line in asked)


def test_what_went_wrong_is_said(demo_home: Path) -> None:
    (status,) = json_lines(ortaq(demo_home, "status", "--json"))
    assert any("503" in source["error"] for source in status["failing_sources"])
    assert any("lakesideledger" in refused["url"] for refused in status["refused"])


def test_languages_and_scripts_are_known(articles: dict[str, StoredArticle], port: int) -> None:
    by_language: dict[str, list[bool]] = defaultdict(list)
    for url, (language, _) in truth(port).items():
        found = articles[url].article
        by_language[language].append(tag(found.language, found.script) == language)
    shares = {language: sum(right) / len(right) for language, right in by_language.items()}
    assert min(shares.values()) >= 0.9, shares


def test_texts_are_whole_and_clean(articles: dict[str, StoredArticle], port: int) -> None:
    for outlet in load_region():
        for written in outlet.articles:
            url = f"http://{outlet.id}.{DOMAIN}:{port}{written.path}"
            if url not in articles:
                continue
            got = articles[url].article
            text = (written.revised or written.text).body
            last = text.split("\n\n")[-1]
            assert got.headline == (written.revised or written.text).headline
            assert last in got.text, f"the last paragraph is missing: {url}"
            assert "Telegram" not in got.text.replace(text, ""), f"page furniture in the text: {url}"
            assert got.published_at == written.published, url


def test_events_become_stories(articles: dict[str, StoredArticle], port: int) -> None:
    """B-cubed (Bagga and Baldwin, 1998) of the stories against the events."""
    gold = {url: event for url, (_, event) in truth(port).items()}
    story = {url: articles[url].story for url in gold}
    by_story, by_event = defaultdict(set), defaultdict(set)
    for url in gold:
        by_story[story[url]].add(url)
        by_event[gold[url]].add(url)
    shared = {url: len(by_story[story[url]] & by_event[gold[url]]) for url in gold}
    precision = sum(shared[url] / len(by_story[story[url]]) for url in gold) / len(gold)
    recall = sum(shared[url] / len(by_event[gold[url]]) for url in gold) / len(gold)
    assert precision >= 0.95, (precision, recall)
    assert 2 * precision * recall / (precision + recall) >= 0.9, (precision, recall)


def test_alike_events_of_one_day_stay_two_stories(articles: dict[str, StoredArticle], port: int) -> None:
    stories = defaultdict(set)
    for url, (_, event) in truth(port).items():
        stories[event.split("-")[0]].add(articles[url].story)
    assert not stories["e11"] & stories["e12"]
    assert not stories["e23"] & stories["e24"]


def test_copies_are_folded_under_the_first(articles: dict[str, StoredArticle], port: int) -> None:
    written = {f"{one.outlet}/{one.slug}": one for outlet in load_region() for one in outlet.articles}

    def url(one: object) -> str:
        article = written[str(one)]
        return f"http://{article.outlet}.{DOMAIN}:{port}{article.path}"

    found, missing = 0, []
    for name, one in written.items():
        if not one.copy_of or written[one.copy_of].language != one.language or url(name) not in articles:
            continue
        copy = articles[url(name)].copy_of
        original = articles[url(one.copy_of)].article.id
        if copy and copy.original == original:
            found += 1
        else:
            missing.append(name)
    assert found >= 8, missing
    assert len(missing) <= found // 4, missing


def test_corrections_are_seen_as_revisions(articles: dict[str, StoredArticle], port: int) -> None:
    corrected = [one for outlet in load_region() for one in outlet.articles if one.revised]
    assert len(corrected) == 2
    for one in corrected:
        stored = articles[f"http://{one.outlet}.{DOMAIN}:{port}{one.path}"]
        assert stored.revisions == 2
        assert stored.article.revised_at is not None


def test_a_search_in_one_language_finds_the_event_in_others(demo_home: Path) -> None:
    hits = json_lines(ortaq(demo_home, "search", "землетрясение", "--json", "--limit", "20"))
    assert len({hit["language"] for hit in hits}) >= 3
    assert set(hits[0]) == {
        "article_id",
        "story_id",
        "url",
        "title",
        "language",
        "score",
        "snippet",
        "why",
        "words",
        "copies",
    }


def test_an_article_and_its_story_are_shown(demo_home: Path) -> None:
    first = json_lines(ortaq(demo_home, "stories", "--json", "--min-articles", "3", "--limit", "1"))[0]
    keys = {"id", "title", "languages", "outlets", "first_published", "last_published", "words", "articles"}
    assert set(first) == keys
    (article,) = json_lines(ortaq(demo_home, "show", first["articles"][0]["id"], "--json"))
    assert {"id", "url", "outlet", "language", "script", "title", "lead", "text", "authors", "published"} < set(article)
    assert {"fetched", "story_id", "copies", "made_by"} < set(article)
    assert article["story_id"] == first["id"]
    assert "read" in article["made_by"]
    (again,) = json_lines(ortaq(demo_home, "show", first["id"], "--json"))
    assert again["id"] == first["id"]


def test_nonsense_finds_nothing_and_a_headline_finds_its_event_in_other_languages(demo_home: Path) -> None:
    home = open_home(demo_home)
    try:
        search = search_of(home).search
        for nonsense in ("asdfgh qwerty", "йцукен фыва", "xkcd 9000 blorp", "ھجغق پچژش", "zzz", "12345"):
            assert [hit.article.article.headline for hit in search(nonsense, mode="meaning").hits] == [], nonsense
        # The region is gathered in small batches: their words are counted all the same.
        assert [search(typed).suggestion for typed in ("минестр", "tunel")] == ["министр", "tunnel"]
        stories: dict[str, list[StoredArticle]] = defaultdict(list)
        for stored, _ in home.records.iter_annotations():
            stories[stored.story].append(stored)
        wide = [told for told in stories.values() if len({one.article.language for one in told}) >= 4]
        asked: Counter[str] = Counter()
        found: Counter[str] = Counter()
        for one in sorted((one for told in wide for one in told), key=lambda one: one.article.headline):
            language = one.article.language
            if asked[language] < 8:
                hits = search(one.article.headline, limit=20).hits
                asked[language] += 1
                found[language] += any(
                    hit.article.story == one.story and hit.article.article.language != language for hit in hits
                )
        assert len(asked) >= 11
        assert {code: found[code] for code in asked if found[code] < 0.7 * asked[code]} == {}
    finally:
        home.close()
