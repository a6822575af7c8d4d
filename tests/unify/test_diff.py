"""Differences tell all of both texts, and are bounded."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ortaq.unify import differences


def test_a_changed_word_is_shown_alone() -> None:
    before, after = "Көпір дүйсенбі күні ашылды.\n\nЖол жабық.", "Көпір сейсенбі күні ашылды.\n\nЖол жабық."
    assert differences(before, after) == [
        ("equal", "Көпір"),
        ("delete", " дүйсенбі"),
        ("insert", " сейсенбі"),
        ("equal", " күні ашылды.\n\nЖол жабық."),
    ]


@given(st.text("ab \n", max_size=60), st.text("ab \n", max_size=60))
def test_both_texts_can_be_told_from_the_differences(before: str, after: str) -> None:
    runs = differences(before, after)
    assert "".join(text for operation, text in runs if operation != "insert") == before
    assert "".join(text for operation, text in runs if operation != "delete") == after
    assert all(text for _, text in runs)
    assert all(one[0] != two[0] for one, two in pairwise(runs))


def test_hostile_texts_take_bounded_time() -> None:
    start = time.process_time()
    differences("a " * 200_000, "a b " * 100_000)
    differences("a\n" * 200_000, "a\nb\n" * 100_000)
    assert time.process_time() - start < 5
