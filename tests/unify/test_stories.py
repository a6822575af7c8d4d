"""Stories: determinism, restore, merges, templates, time, and bounds, on made-up vectors."""

from __future__ import annotations

import random
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.model import Annotation, Article, CopyLink, short_id
from ortaq.settings import UnifySettings
from ortaq.understand import names
from ortaq.unify import members
from ortaq.unify.stories import Placement, StoryBuilder
from tests.unify.samples import Stored, annotation, article

LANGUAGES = ("kk", "ru", "uz", "tk", "ug")


def stream(seed: int, events: int = 12, each: int = 6, noise: float = 0.6) -> list[tuple[Article, Annotation]]:
    """Shuffled articles of several events in several languages, with a name and a number of each event."""
    made = []
    for event in range(events):
        for number in range(each):
            made.append(
                (
                    article(f"e{event}n{number}", days=event % 5 + number / 10),
                    annotation(
                        event,
                        seed * 1000 + event * 10 + number,
                        noise=noise,
                        language=LANGUAGES[number % len(LANGUAGES)],
                        names=[f"name{event}", "common"],
                        numbers=[str(100 + event)],
                    ),
                )
            )
    random.Random(seed).shuffle(made)
    return made


def final(placements: list[Placement]) -> dict[str, str]:
    """Article to story, after all merges."""
    story: dict[str, str] = {}
    for placement in placements:
        for change in placement.changes:
            story.update({id: change.target for id in story if story[id] == change.source})
        story[placement.membership.article] = placement.membership.story
    return story


def place(builder: StoryBuilder, items: list[tuple[Article, Annotation]]) -> list[Placement]:
    return [builder.place(*item) for item in items]


def test_events_become_stories() -> None:
    story = final(place(StoryBuilder(UnifySettings()), stream(1)))
    of_event = defaultdict(set)
    for id, found in story.items():
        of_event[id.split("n")[0]].add(found)
    assert all(len(found) == 1 for found in of_event.values())
    assert len(set(story.values())) == 12


def test_a_story_is_named_for_its_first_article() -> None:
    first = StoryBuilder(UnifySettings()).place(article("a1"), annotation(1, 1))
    assert first.membership.story == short_id("s", "a1")


def test_the_same_sequence_gives_the_same_placements() -> None:
    items = stream(2)
    assert place(StoryBuilder(UnifySettings()), items) == place(StoryBuilder(UnifySettings()), items)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.5, 1.4), st.integers(0, 72))
def test_restored_in_the_middle_it_goes_on_the_same(seed: int, noise: float, cut: int) -> None:
    items = stream(seed, noise=noise)
    whole = StoryBuilder(UnifySettings())
    before = place(whole, items[:cut])
    restored = StoryBuilder(UnifySettings())
    story = final(before)
    restored.restore((Stored(item, story[item.id]), made) for item, made in items[:cut])
    assert len(restored) == len(whole) == len(set(story.values()))
    assert place(restored, items[cut:]) == place(whole, items[cut:])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.5, 1.4), st.integers(0, 72), st.integers(1, 40))
def test_the_last_articles_and_their_stories_are_enough_to_go_on_the_same(
    seed: int, noise: float, cut: int, remembered: int
) -> None:
    items = stream(seed, noise=noise)
    whole = StoryBuilder(UnifySettings(), remembered=remembered)
    story = final(place(whole, items[:cut]))
    needed = {story[item.id] for item, _ in items[max(0, cut - remembered) : cut]}
    restored = StoryBuilder(UnifySettings(), remembered=remembered)
    restored.restore(
        (Stored(item, story[item.id], number=number), made)
        for number, (item, made) in enumerate(items[:cut], 1)
        if story[item.id] in needed
    )
    assert place(restored, items[cut:]) == place(whole, items[cut:])


def test_many_stories_are_narrowed_down_and_the_right_one_is_found() -> None:
    builder = StoryBuilder(UnifySettings())
    for number in range(3_000):
        builder.place(article(f"a{number}"), annotation(number, number, noise=0.1))
    assert len(builder) == 3_000
    for number in range(0, 3_000, 100):
        placed = builder.place(article(f"b{number}"), annotation(number, 5_000 + number, noise=0.7)).membership
        assert placed.closest == f"a{number}"


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.5, 1.6))
def test_every_article_is_in_one_story_and_every_merge_is_told(seed: int, noise: float) -> None:
    items = stream(seed, noise=noise)
    builder = StoryBuilder(UnifySettings())
    story: dict[str, str] = {}
    for item, made in items:
        placement = builder.place(item, made)
        for change in placement.changes:
            moved = {id for id, found in story.items() if found == change.source}
            assert change.kind == "merge"
            assert moved | {item.id} >= set(change.articles) >= moved
            assert change.why
            story.update(dict.fromkeys(moved, change.target))
        story[item.id] = placement.membership.story
    assert len(builder) == len(set(story.values()))


def test_order_does_not_decide_what_belongs_together() -> None:
    items = stream(3)
    groupings = set()
    for seed in range(5):
        shuffled = random.Random(seed).sample(items, len(items))
        story = final(place(StoryBuilder(UnifySettings()), shuffled))
        groups = defaultdict(set)
        for id, found in story.items():
            groups[found].add(id)
        groupings.add(frozenset(frozenset(group) for group in groups.values()))
    assert len(groupings) == 1


def test_an_article_between_two_stories_merges_them_into_the_older() -> None:
    builder = StoryBuilder(UnifySettings())
    first = builder.place(article("a1"), annotation(1, 1, noise=1.3, names=["n1"], language="ru"))
    second = builder.place(article("a2"), annotation(1, 2, noise=1.3, names=["n2"], language="tr"))
    assert first.membership.story != second.membership.story
    for number in range(3, 9):
        placement = builder.place(article(f"a{number}"), annotation(1, number, noise=0.2, names=["n1", "n2"]))
        if placement.changes:
            break
    (change,) = placement.changes
    assert (change.source, change.target) == (second.membership.story, first.membership.story)
    assert "a2" in change.articles
    assert placement.membership.story == first.membership.story
    assert placement.membership.closest


def test_one_template_two_towns_two_stories() -> None:
    builder = StoryBuilder(UnifySettings())
    one = annotation(1, 1, noise=0.3, names=["krgn", "srkv"], numbers=["45", "120"])
    two = annotation(1, 2, noise=0.3, names=["cmkt", "ablv"], numbers=["31", "80"])
    same = annotation(1, 3, noise=0.3, names=["krgn", "srkv"], numbers=["45"])
    copy = CopyLink("a2", "a1", "near", 0.7)
    first = builder.place(article("a1"), one).membership
    assert builder.place(article("a2"), two, copy).membership.story != first.story
    third = builder.place(article("a3"), same).membership
    assert third.story == first.story
    assert (third.closest, set(third.shared_names), third.shared_numbers) == ("a1", {"krgn", "srkv"}, ("45",))


def test_an_exact_copy_goes_where_its_original_is() -> None:
    builder = StoryBuilder(UnifySettings())
    story = builder.place(article("a1"), annotation(1, 1)).membership.story
    placed = builder.place(article("a2", days=300), annotation(9, 9), CopyLink("a2", "a1", "exact", 1.0)).membership
    assert (placed.story, placed.closest, placed.score) == (story, "a1", 1.0)


def test_an_original_that_comes_late_goes_where_its_copy_is() -> None:
    builder = StoryBuilder(UnifySettings())
    story = builder.place(article("a2", days=1), annotation(1, 1)).membership.story
    placed = builder.place(article("a1"), annotation(1, 1), CopyLink("a2", "a1", "exact", 1.0)).membership
    assert (placed.story, placed.closest) == (story, "a2")


def test_two_headlines_must_be_closer_than_two_texts() -> None:
    texts, headlines = StoryBuilder(UnifySettings()), StoryBuilder(UnifySettings())
    one, two = annotation(1, 1, noise=0.7), annotation(1, 2, noise=0.7)
    assert 0.62 < one.vector @ two.vector < 0.72
    texts.place(article("a1", text="сөз " * 60), one)
    headlines.place(article("a1", headline="бір сөз"), one)
    assert texts.place(article("a2", text="жол " * 60), two).membership.closest == "a1"
    assert headlines.place(article("a2", headline="екі сөз"), two).membership.closest == ""


def test_a_revision_stays_in_its_story() -> None:
    builder = StoryBuilder(UnifySettings())
    story = builder.place(article("a1"), annotation(1, 1)).membership.story
    builder.place(article("a2"), annotation(1, 2))
    assert builder.place(article("a1"), annotation(7, 7)).membership.story == story
    # Also one whose story has left the working set.
    assert builder.place(article("old"), annotation(1, 3), story="sold").membership.story == "sold"


def test_the_window_parts_events_far_in_time_and_old_news_may_come_late() -> None:
    builder = StoryBuilder(UnifySettings(window_days=14))
    now = builder.place(article("a1", days=100), annotation(1, 1, noise=0.2)).membership.story
    old = builder.place(article("a2", days=0), annotation(1, 2, noise=0.2)).membership.story
    assert old != now
    assert builder.place(article("a3", days=1), annotation(1, 3, noise=0.2)).membership.story == old
    assert builder.place(article("a4", days=99), annotation(1, 4, noise=0.2)).membership.story == now


def test_the_working_set_is_bounded() -> None:
    builder = StoryBuilder(UnifySettings(), remembered=40)
    for number in range(500):
        builder.place(article(f"a{number}"), annotation(number, number, noise=0.1))
    assert len(builder) == 40
    assert builder.place(article("b"), annotation(499, 1000, noise=0.1)).membership.closest == "a499"


def test_a_flood_of_one_event_keeps_a_story_small_in_memory() -> None:
    builder = StoryBuilder(UnifySettings())
    for number in range(100):
        builder.place(article(f"a{number}"), annotation(1, number, noise=0.2, language=LANGUAGES[number % 2]))
    assert len(builder) == 1
    story = builder._set.story_of("a0")
    assert story is not None
    assert len(story.articles) == 100
    assert len(story.kept) == 2 * (members.FIRST + members.LAST)


def test_the_mark_of_unsure_names_is_the_same_in_both_rooms() -> None:
    assert members.UNSURE == names.UNSURE
