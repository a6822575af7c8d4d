"""The desk's hand: what is decided holds, is respected afterwards, can be taken back, and outlives a rebuild."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ortaq import desk
from ortaq.errors import ConfigError, NotFound, OrtaqError
from ortaq.model import Page
from ortaq.pipeline.derive import Pipeline
from ortaq.unify import Unifier
from tests.desk.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def rebuilt(world: World) -> dict[str, Any]:
    world.reopen()
    world.pipeline.rebuild()
    return world.state()


def three_and_two(world: World) -> tuple[str, str]:
    """Articles 1 to 3 on one event, 4 and 5 on another; their stories."""
    world.take(*(world.page(number, 1) for number in (1, 2, 3)), *(world.page(number, 2) for number in (4, 5)))
    stories = world.stories()
    assert len({stories[name] for name in "123"}) == len({stories[name] for name in "45"}) == 1
    assert stories["1"] != stories["4"]
    return stories["1"], stories["4"]


def test_merged_stories_are_one_and_what_comes_later_joins_it(world: World) -> None:
    bridge, snow = three_and_two(world)
    made = world.decide(desk.merge, bridge, snow)
    assert (made.seq, made.who, made.kind, made.source, made.target) == (1, "Айша", "merge", snow, bridge)
    assert set(world.stories().values()) == {bridge}
    assert world.records.story(snow).id == bridge, "the old id leads to the new one"
    world.take(world.page(6, 2))
    assert world.stories()["6"] == bridge
    assert rebuilt(world) == world.state()


def test_a_split_off_article_never_drifts_back(world: World) -> None:
    bridge, _ = three_and_two(world)
    made = world.decide(desk.split, bridge, [world.id(3)])
    assert world.stories()["3"] == made.target != bridge
    assert world.records.story(bridge).id == bridge
    # Between the two: without the decision each of these would merge them.
    world.take(*(world.page(number, 1, noise=10) for number in range(10, 20)))
    stories = world.stories()
    assert stories["1"] == stories["2"] == bridge
    assert stories["3"] == made.target
    whole = world.state()
    assert rebuilt(world) == whole
    world.decide(desk.undo, None)
    assert world.stories()["3"] == bridge


def test_without_the_decision_the_two_would_be_merged(world: World) -> None:
    """The test above would pass where nothing merges by itself: so it is shown that something does."""
    world.take(world.page(1, 1, noise=130), world.page(2, 1, noise=120), world.page(3, 1, noise=125))
    first, second, third = (world.stories()[name] for name in "123")
    assert len({first, second, third}) == 3
    world.take(*(world.page(number, 1, noise=5) for number in range(10, 14)))
    assert len(set(world.stories().values())) < 4, "articles between them have merged them"


def test_a_forbidden_merge_does_not_happen(world: World) -> None:
    pages = [world.page(1, 1, noise=130), world.page(2, 1, noise=120)]
    world.take(*pages)
    one, two = world.stories()["1"], world.stories()["2"]
    world.decide(desk.merge, one, two)
    split = world.decide(desk.split, one, [world.id(2)])
    world.take(*(world.page(number, 1, noise=5) for number in range(10, 14)))
    stories = world.stories()
    assert stories["1"] == one
    assert stories["2"] == split.target
    assert rebuilt(world) == world.state()


def test_an_article_goes_to_another_story_and_leads_there_when_it_was_alone(world: World) -> None:
    bridge, snow = three_and_two(world)
    world.decide(desk.move, world.id(3), snow)
    assert world.stories()["3"] == snow
    stored = world.records.article(world.id(3))
    assert stored.membership is not None
    assert stored.membership.made_by["desk"] == "1"
    world.take(world.page(9, 9))
    alone = world.stories()["9"]
    world.decide(desk.move, world.id(9), bridge)
    assert world.records.story(alone).id == bridge
    assert rebuilt(world) == world.state()
    world.decide(desk.undo, 2)
    assert world.stories()["9"] == alone == world.records.story(alone).id


def test_a_pinned_article_keeps_its_story_whichever_is_older(world: World) -> None:
    world.take(world.page(1, 1, noise=130), world.page(2, 1, noise=120))
    older, younger = world.stories()["1"], world.stories()["2"]
    world.decide(desk.pin, world.id(2))
    world.take(*(world.page(number, 1, noise=5) for number in range(10, 14)))
    stories = world.stories()
    assert stories["2"] == younger
    assert stories["1"] == younger, "the older one goes into the pinned one"
    assert world.records.story(older).id == younger
    assert rebuilt(world) == world.state()


def test_two_pinned_articles_stay_two_stories(world: World) -> None:
    world.take(world.page(1, 1, noise=130), world.page(2, 1, noise=120))
    before = world.stories()
    world.decide(desk.pin, world.id(1))
    world.decide(desk.pin, world.id(2))
    world.take(*(world.page(number, 1, noise=5) for number in range(10, 14)))
    assert {name: world.stories()[name] for name in "12"} == before
    assert rebuilt(world) == world.state()


def test_a_revision_stays_where_the_desk_put_it(world: World) -> None:
    _, snow = three_and_two(world)
    world.decide(desk.move, world.id(3), snow)
    world.take(world.page(3, 1, text="оқиға1 дыбыс50 жаңа мәтін келді"))
    stored = world.records.article(world.id(3))
    assert (stored.revisions, stored.story) == (2, snow)
    assert stored.membership is not None
    assert stored.membership.made_by["desk"] == "1"


def test_what_makes_no_sense_is_refused_and_not_recorded(world: World) -> None:
    bridge, snow = three_and_two(world)
    senseless: list[tuple[Any, tuple[object, ...], str]] = [
        (desk.merge, (bridge, bridge), "one story already"),
        (desk.split, (bridge, [world.id(4)]), "is not in story"),
        (desk.split, (bridge, [world.id(number) for number in (1, 2, 3)]), "nothing would be left"),
        (desk.split, (bridge, []), "no article"),
        (desk.move, (world.id(1), bridge), "already"),
        (desk.undo, (None,), "no decision"),
    ]
    for what, arguments, said in senseless:
        with pytest.raises(ConfigError, match=said):
            world.decide(what, *arguments)
    unknown: list[tuple[Any, tuple[object, ...]]]
    unknown = [(desk.merge, (bridge, "snone")), (desk.pin, ("anone",)), (desk.undo, (7,))]
    for what, arguments in unknown:
        with pytest.raises(NotFound):
            world.decide(what, *arguments)
    with pytest.raises(ConfigError, match="name"):
        world.pipeline.decide(lambda place: desk.pin(world.records, world.id(1), desk.By("\n", world.clock, place)))
    assert world.records.desk.decisions() == []
    world.decide(desk.pin, world.id(1))
    with pytest.raises(ConfigError, match="pinned already"):
        world.decide(desk.pin, world.id(1))
    world.decide(desk.undo, None)
    with pytest.raises(ConfigError, match="was taken back by decision 2"):
        world.decide(desk.undo, 1)
    with pytest.raises(ConfigError, match="takes another one back"):
        world.decide(desk.undo, 2)
    world.decide(desk.move, world.id(1), snow)
    world.decide(desk.move, world.id(1), bridge)
    with pytest.raises(ConfigError, match="Undo 4 first"):
        world.decide(desk.undo, 3)


def test_a_decision_recorded_and_not_followed_is_made_good(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the two transactions: what was acknowledged is followed by the next run of anything."""
    bridge, snow = three_and_two(world)
    position = world.records.checkpoint()
    assert position is not None
    desk.merge(world.records, bridge, snow, desk.By("Айша", world.clock, position))
    assert world.records.desk.applied() == 0
    assert len(set(world.stories().values())) == 2
    world.reopen()
    world.take(world.page(6, 2))
    assert set(world.stories().values()) == {bridge}
    assert rebuilt(world) == world.state()


def test_a_rebuild_by_a_reader_that_begins_stories_otherwise_keeps_the_desks_will(world: World) -> None:
    """Story ids come from first articles: when another one is first, the target is found by what it held."""
    bridge, snow = three_and_two(world)
    world.decide(desk.move, world.id(3), snow)
    world.decide(desk.merge, bridge, snow)
    for place in (0, 3):
        world.archive.pages[place] = replace(world.archive.pages[place], body=b"{}")
    rebuilt(world)
    stories = world.stories()
    assert set(stories) == {"2", "3", "5"}
    assert len(set(stories.values())) == 1


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 100_000), st.integers(3, 60))
def test_after_any_decisions_and_arrivals_a_rebuild_and_a_restart_give_the_same(seed: int, remembered: int) -> None:
    chance = random.Random(seed)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Unifier, "remembered", remembered)
        world = World(Path(folder))
        try:
            live(world, chance)
            whole = world.state()
            assert rebuilt(world) == whole
        finally:
            world.close()


def live(world: World, chance: random.Random) -> None:
    """Arrivals, decisions, undos and restarts in any order; each undo of the last decision restores what was before."""
    number = 0
    before: dict[str, str] = {}
    for _ in range(14):
        pages: list[Page] = []
        for _ in range(chance.randrange(6)):
            number += 1
            event, noise = chance.randrange(4), chance.choice((10, 60, 100, 130))
            pages.append(world.page(number, event, noise, days=chance.random() * 4))
        if pages and chance.random() < 0.3:
            pages.append(world.page(number, 0, text=f"оқиға0 дыбыс90 түзетілді {number}"))
        world.take(*pages)
        if chance.random() < 0.2:
            world.reopen()
        if number and chance.random() < 0.8:
            before = world.stories()
            try:
                made = act(world, chance)
            except (ConfigError, NotFound):
                continue
            if made.kind != "undo" and chance.random() < 0.3:
                world.decide(desk.undo, None)
                assert world.stories() == before


def act(world: World, chance: random.Random) -> Any:
    ids = sorted(world.id(name) for name in world.stories())
    stories = sorted(set(world.stories().values()))
    article, story = chance.choice(ids), chance.choice(stories)
    match chance.randrange(5):
        case 0:
            return world.decide(desk.merge, story, chance.choice(stories))
        case 1:
            members = world.records.story(story).articles
            return world.decide(desk.split, story, chance.sample(members, max(1, len(members) // 2)))
        case 2:
            return world.decide(desk.move, article, story)
        case 3:
            return world.decide(desk.pin, article)
        case _:
            return world.decide(desk.undo, chance.choice([None, chance.randrange(1, 6)]))


def test_a_rebuild_stopped_halfway_goes_on_with_its_decisions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    live(world, random.Random(5))
    assert world.records.desk.decisions()
    whole = world.state()
    done = 0

    def stop(pages: int) -> None:
        nonlocal done
        done += 1
        if done == 3:
            raise OrtaqError("killed")

    with pytest.raises(OrtaqError, match="killed"):
        world.pipeline.rebuild(stop)
    assert world.state() != whole
    world.reopen()
    Pipeline.drain(world.pipeline)
    assert world.state() == whole
