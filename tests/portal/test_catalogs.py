"""The interface is whole in every language."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message

from ortaq.portal.catalog import extract, read_catalog, updated, waiting
from ortaq.portal.i18n import NAMES, SOURCE, load_translations

LANGUAGES = [language for language in NAMES if language != SOURCE]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def strings(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_of_code_and_templates_is_translated(language: str) -> None:
    wanted = {message.id for message in extract() if message.id}
    catalog = read_catalog(language)
    assert len(wanted) > 100
    assert wanted == {message.id for message in catalog if message.id}, "run python -m ortaq.portal.catalog"
    assert waiting(catalog) == []
    assert not [message.id for message in catalog if message.id and message.fuzzy]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    def placeholders(message: Message) -> bool:
        wanted = {name for text in strings(message.id) for name in PLACEHOLDER.findall(text)}
        return all(set(PLACEHOLDER.findall(text)) == wanted for text in strings(message.string or ""))

    assert not [message.id for message in read_catalog(language) if message.id and not placeholders(message)]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("ru", {1: "1 публикация", 2: "2 публикации", 5: "5 публикаций", 11: "11 публикаций", 21: "21 публикация"}),
        ("kk", {1: "1 мақала", 2: "2 мақала", 21: "21 мақала"}),
        ("en", {1: "1 article", 2: "2 articles", 21: "21 articles"}),
    ],
)
def test_numbers_govern_the_right_forms(language: str, forms: dict[int, str]) -> None:
    translations = load_translations(language)
    for number, form in forms.items():
        assert translations.ngettext("%(shown)s article", "%(shown)s articles", number) % {"shown": number} == form


def test_the_catalogs_are_as_the_tool_leaves_them() -> None:
    """Run `python -m ortaq.portal.catalog` and translate what it names when this fails."""
    template = extract()
    for language in LANGUAGES:
        catalog, changed = updated(language, template)
        assert not changed, language
        assert not waiting(catalog), language
