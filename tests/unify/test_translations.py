"""Translations and texts in another script are told from an outlet's own telling. All texts are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.demo.content import DemoArticle, load_region
from ortaq.model import Article
from ortaq.text.script import script_of
from ortaq.unify.translations import LEAST, TranslationFinder, align, outline

NOW = datetime(2026, 11, 2, tzinfo=UTC)
REGION = [article for outlet in load_region() for article in outlet.articles]


def article(told: DemoArticle) -> Article:
    language, _, script = told.language.partition("-")
    text = told.text.body
    id = f"{told.outlet}/{told.language}/{told.slug}"
    return Article(id, id, told.outlet, "s", "", text, NOW, language, script or script_of(text), published_at=NOW)


def of(event: str, outlet: str) -> list[Article]:
    return [article(told) for told in REGION if told.event == event and told.outlet == outlet]


@pytest.mark.parametrize(
    ("event", "outlet", "kind"),
    [
        ("e13-banknote-rumor", "shynsuzgi", "translation"),  # Russian, Kazakh
        ("e19-flu-vaccination", "shynsuzgi", "translation"),
        ("e22-watershed-report", "suayryq", "translation"),  # English, Russian
        ("e05-koksagym-water-dispute", "zarnoma", "script"),  # Uzbek in Latin and in Cyrillic
        ("e06-gulravot-e-tickets", "zarnoma", "script"),
    ],
)
def test_an_outlets_editions_are_known_for_translations(event: str, outlet: str, kind: str) -> None:
    first, second = of(event, outlet)[:2]
    second = replace(second, published_at=NOW + timedelta(hours=1))
    for one, two in ((first, second), (second, first)):  # whichever comes first to us
        finder = TranslationFinder(100)
        finder.remember(one, copy=False)
        made = finder.remember(two, copy=False)
        assert made is not None
        (link,) = finder.find(made, [one.id])
        assert (link.article, link.original, link.kind) == (second.id, first.id, kind)
        assert link.overlap > 0.8
        assert not link.folds


def test_what_outlets_write_for_themselves_is_no_translation() -> None:
    events = {"e03-akkyr-tunnel-rescue", "e16-tootor-election", "e27-minibus-accident", "e30-railway-agreement"}
    told = [article(one) for one in REGION if one.event in events]
    outlines = [made for one in told if (made := outline(one))]
    pairs = [
        (one, two)
        for place, one in enumerate(outlines)
        for two in outlines[place + 1 :]
        if one.language != two.language and one.article.partition("/")[0] != two.article.partition("/")[0]
    ]
    taken = [pair for pair in pairs if (aligned := align(*pair)) and aligned.likelihood >= 0.95]
    assert len(pairs) > 100
    assert len(taken) <= len(pairs) // 100


def test_a_copy_has_no_translations_of_its_own_and_the_oldest_are_forgotten() -> None:
    first, second = of("e13-banknote-rumor", "shynsuzgi")[:2]
    finder = TranslationFinder(2)
    finder.remember(first, copy=True)
    made = finder.remember(second, copy=False)
    assert made is not None
    assert finder.find(made, [first.id]) == ()
    finder.remember(first, copy=False)
    assert finder.find(made, [first.id])
    for place in range(2):
        finder.remember(replace(first, id=str(place)), copy=False)
    assert finder.find(made, [first.id]) == ()
    assert finder.remember(first, new=False, copy=False) is None


@given(st.lists(st.text("аб ә1.\n", max_size=40), max_size=30), st.lists(st.text("xy 1.\n", max_size=40), max_size=30))
def test_any_two_texts_can_be_asked_about(one: list[str], two: list[str]) -> None:
    texts = [
        outline(Article(id, id, "o", "s", "", ". ".join(parts), NOW, "und", "Zyyy"))
        for id, parts in (("a", one), ("b", two))
    ]
    if texts[0] and texts[1]:
        assert min(len(texts[0].lengths), len(texts[1].lengths)) >= LEAST
        aligned = align(texts[0], texts[1])
        assert aligned is None or 0 <= aligned.likelihood <= 1
