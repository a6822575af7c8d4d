"""The words of stories follow their articles: after arrivals, decisions, crashes and rebuilds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ortaq import desk
from ortaq.pipeline import derive
from ortaq.publish.json_records import story_json
from tests.desk.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.take(*(made.page(number, 1) for number in (1, 2, 3)), made.page(4, 2))
    yield made
    made.close()


def test_a_story_has_words_of_its_own_articles(world: World) -> None:
    story = world.records.story(world.stories()["1"])
    (words,) = story.words
    assert {words.headline_article, words.summary_article} <= set(story.articles)
    assert story.headlines[words.language] == words.headline
    assert words.summary
    articles = [stored.article for stored in world.records.articles(story.articles)]
    told = story_json(story, articles)["words"][0]
    assert (told["title_article"], told["summary"]) == (words.headline_article, " ".join(words.summary))
    assert world.records.words.waiting(1) == []


def test_words_go_where_their_article_goes(world: World) -> None:
    story = world.records.story(world.stories()["1"])
    source = story.words[0].headline_article
    split = world.decide(desk.split, story.id, [source])
    assert world.records.story(story.id).words[0].headline_article != source
    assert world.records.story(split.target).words[0].headline_article == source
    whole = world.state()
    world.pipeline.rebuild()
    assert world.state() == whole, "the stories with their words"


def test_killed_before_they_are_chosen_they_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(derive, "feed_followers", killed)
        with pytest.raises(KeyboardInterrupt):
            world.take(world.page(5, 5))
    alone = world.records.story(world.stories()["5"])
    assert (alone.words, len(alone.headlines)) == ((), 1), "the first headline stands in"
    world.pipeline.drain()
    assert world.records.story(alone.id).words
