"""Copies are found by stated edits, and nothing else is."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.unify.copies import CopyFinder
from ortaq.unify.shingles import shingles
from tests.unify.samples import article, long_text


def found(first: str, second: str) -> list[tuple[str, float]]:
    finder = CopyFinder(bits=10)
    assert finder.find(article("a1", text=first)) == ()
    links = finder.find(article("a2", days=1, text=second))
    assert all((link.article, link.original) == ("a2", "a1") for link in links)
    return [(link.kind, link.overlap) for link in links]


def test_the_same_words_are_an_exact_copy_whatever_the_signs_and_capitals() -> None:
    text = long_text(1)
    assert found(text, text) == [("exact", 1.0)]
    assert found(text, text.replace(" ", ",  ").upper() + "!") == [("exact", 1.0)]


def test_a_few_changed_words_are_a_near_copy() -> None:
    words = long_text(1).split()
    words[10], words[60], words[100] = "бір", "екі", "үш"
    ((kind, overlap),) = found(long_text(1), " ".join(words))
    assert kind == "near"
    assert 0.8 < overlap < 1


def test_a_text_inside_a_longer_one_is_a_part() -> None:
    short, long = long_text(1, 60), f"{long_text(2, 200)} {long_text(1, 60)} {long_text(3, 200)}"
    assert found(long, short) == [("part", 1.0)]
    assert found(short, long) == [("part", 1.0)]


def test_a_third_of_a_text_is_no_copy() -> None:
    assert found(f"{long_text(1, 60)} {long_text(2, 120)}", f"{long_text(1, 60)} {long_text(3, 120)}") == []


def test_other_words_or_very_short_texts_are_no_copies() -> None:
    assert found(long_text(1), long_text(2)) == []
    assert found("Толығырақ біздің сайтта", "Толығырақ біздің сайтта") == []
    assert found("", "") == []


def test_another_state_of_one_address_is_no_copy_of_itself() -> None:
    finder = CopyFinder(bits=10)
    finder.find(article("a1", text=long_text(1)))
    assert finder.find(article("a1", text=long_text(1) + " жаңа")) == ()
    assert finder.find(article("a2", text=long_text(1), url="https://a.example/a1")) == ()
    ((link),) = finder.find(article("a3", text=long_text(1) + " жаңа"))
    assert (link.original, link.kind) == ("a1", "exact")


def test_the_original_is_the_earliest_published_in_whatever_order_they_come() -> None:
    finder = CopyFinder(bits=10)
    text = long_text(1)
    finder.find(article("late", days=2, text=text))
    assert [(link.article, link.original) for link in finder.find(article("early", days=0, text=text))] == [
        ("late", "early")
    ]
    assert [(link.article, link.original) for link in finder.find(article("middle", days=1, text=text))] == [
        ("middle", "early")
    ]


def test_the_original_is_known_after_any_number_of_copies() -> None:
    finder = CopyFinder(bits=10)
    finder.find(article("first", text=long_text(1)))
    for number in range(40):
        ((link),) = finder.find(article(f"copy{number}", days=1 + number, text=long_text(1)))
        assert link.original == "first"


def test_memory_is_bounded_and_the_oldest_give_way() -> None:
    finder = CopyFinder(remembered=10, bits=8)
    for number in range(50):
        assert finder.find(article(f"a{number}", text=long_text(100 + number))) == ()
    assert finder.find(article("again", text=long_text(149)))[0].original == "a49"
    assert finder.find(article("gone", text=long_text(100))) == ()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 60), st.integers(1, 30))
def test_the_last_articles_are_enough_to_go_on_the_same(seed: int, cut: int, remembered: int) -> None:
    rng = random.Random(seed)
    articles = []
    for number in range(60):  # copies of copies: some words are changed each time
        text = long_text(rng.randrange(6), 60).split()
        for _ in range(rng.randrange(4)):
            text[rng.randrange(60)] = rng.choice(("бір", "екі", "үш"))
        articles.append(article(f"a{number}", days=rng.randrange(5), text=" ".join(text)))
    whole = CopyFinder(remembered, bits=8)
    original: dict[str, str] = {}
    for one in articles[:cut]:
        original |= {link.article: link.original for link in whole.find(one)}
    restored = CopyFinder(remembered, bits=8)
    restored.restore((one, original.get(one.id, "")) for one in articles[max(0, cut - remembered) : cut])
    assert [restored.find(one) for one in articles[cut:]] == [whole.find(one) for one in articles[cut:]]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_compared(first: str, second: str) -> None:
    made = shingles(first)
    assert list(made.hashes) == sorted(set(made.hashes.tolist()))
    for kind, overlap in found(first, second):
        assert kind in ("exact", "near", "part")
        assert 0 < overlap <= 1
