"""After a rebuild, and after a restart of the sites, gathering goes on as if nothing had been."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ortaq.demo.content import DOMAIN, load_region
from ortaq.demo.site import DemoSite
from ortaq.gather.fetch import Fetcher
from ortaq.model import Link, Problem
from ortaq.pipeline.gathering import Gatherer
from ortaq.pipeline.home import Home
from ortaq.pipeline.tally import GatherTally
from tests.demo import make_part_home
from tests.home import open_home

OUTLETS = ("tanjaryq", "lolanur", "stepvesti", "lakesideledger")  # two that correct, one 503, one robots.txt says no
EVIDENCE = ("/robots.txt", "/.well-known/tdmrep.json")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[DemoSite]:
    site = DemoSite(memory=tmp_path / "corrected")
    site.start()
    yield site
    site.shutdown()
    site.server_close()


@pytest.fixture
def home(tmp_path: Path, site: DemoSite) -> Iterator[Home]:
    home = open_home(make_part_home(tmp_path / "home", site.port, OUTLETS))
    yield home
    home.close()


def gather(home: Home, *, later: float = 0.0, at_once: bool = False) -> GatherTally:
    """One run of `ortaq gather --once`, so many seconds later."""

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=later)

    gatherer = Gatherer(
        home.pipeline, home.outlets, fetcher=lambda: Fetcher(home.settings.gather, home.settings.site, now=now), now=now
    )
    return asyncio.run(gatherer.run(once=True, at_once=at_once))


def revised(home: Home) -> set[str]:
    """The outlets with an article of two states."""
    return {one.article.outlet for one, _ in home.records.iter_annotations() if one.revisions > 1}


def kept_state(home: Home) -> dict[str, Any]:
    later = datetime.now(UTC) + timedelta(days=400)
    return {
        "sources": home.records.source_states(),
        "links": home.records.pending_links(later, 10_000, per_outlet=10_000),
        "problems": {(source, problem) for _, source, problem in home.records.problems()},
        "counts": home.records.counts(),
        "reached": home.records.reached(),
    }


def test_gathering_goes_on_after_a_rebuild_as_before_it(home: Home, site: DemoSite) -> None:
    gather(home)
    source = next(s for outlet in home.outlets for s in outlet.sources if outlet.id == "tanjaryq")
    with home.records.write() as writer:
        writer.put_links("tanjaryq", source.id, [Link(f"http://tanjaryq.{DOMAIN}:{site.port}/never-was")])
    gather(home)
    before = kept_state(home)
    counts = before["counts"]
    assert (counts["links_gone"], counts["links_pending"]) == (1, 0)
    assert any("never-was" in problem.where for _, problem in before["problems"])
    assert len(before["links"]) == counts["articles"], "each is to be rechecked"

    home.pipeline.rebuild()
    assert kept_state(home) == before
    site.requests.clear()
    assert gather(home).pages == 0
    assert not [path for _, path in site.requests if path not in EVIDENCE], "nothing was due"

    site.revise()
    gather(home, later=2 * home.settings.gather.recheck_first)
    assert revised(home) == {"tanjaryq", "lolanur"}


def test_an_interrupted_rebuild_is_gone_on_with_as_a_rebuild(
    home: Home, site: DemoSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ortaq.pipeline.steps.BATCH_PAGES", 8)
    gather(home)
    before = kept_state(home)

    def stop(pages: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        home.pipeline.rebuild(stop)
    assert home.records.counts()["articles"] < before["counts"]["articles"]
    site.requests.clear()
    gather(home)
    assert not [path for _, path in site.requests if path not in EVIDENCE]
    assert kept_state(home) == before


def test_records_that_were_lost_come_back_with_their_rechecks(home: Home, site: DemoSite, tmp_path: Path) -> None:
    gather(home)
    home.close()
    for path in (tmp_path / "home").glob("records.sqlite*"):
        path.unlink()
    again = open_home(tmp_path / "home")
    site.revise()
    gather(again, later=2 * again.settings.gather.recheck_first)
    assert revised(again) == {"tanjaryq", "lolanur"}
    again.close()


def test_a_site_that_is_started_again_serves_what_it_served_last(home: Home, site: DemoSite, tmp_path: Path) -> None:
    gather(home)
    site.revise()
    gather(home, at_once=True)
    articles = {one.article.id: one.revisions for one, _ in home.records.iter_annotations()}
    assert sorted(articles.values())[-2:] == [2, 2]
    site.shutdown()
    site.server_close()
    restarted = DemoSite(site.port, memory=tmp_path / "corrected")
    restarted.start()
    try:
        assert gather(home, at_once=True).unchanged > 0
    finally:
        restarted.shutdown()
        restarted.server_close()
    assert {one.article.id: one.revisions for one, _ in home.records.iter_annotations()} == articles


def test_the_region_corrects_where_these_tests_expect_it() -> None:
    assert {outlet.id for outlet in load_region() if any(one.revised for one in outlet.articles)} < set(OUTLETS)


def test_problems_that_no_archived_page_tells_of_are_kept(home: Home) -> None:
    gather(home)
    told, derived = Problem("items.jsonl:3", "not JSON"), Problem("https://x.example/1", "no text")
    with home.records.write() as writer:
        writer.put_problem(told, datetime.now(UTC), "import")
        writer.put_problem(derived, datetime.now(UTC), "x:page:1", derived=True)
    home.pipeline.rebuild()
    assert [problem for _, _, problem in home.records.problems()] == [told]
    assert home.records.counts()["problems"] == 1
