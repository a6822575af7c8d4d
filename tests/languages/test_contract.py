"""The contract says what a language lacks: each missing or wrong piece, in the sentence its contributor needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from ortaq import languages
from ortaq.languages.contract import missing
from ortaq.languages.shape import Language, PersonNames, Stemming
from ortaq.languages.spellings import Spellings
from ortaq.model import DEFAULT_SCRIPTS

KK = languages.load("kk")
CYRL = KK.scripts["Cyrl"]


def said(language: Language) -> list[str]:
    return missing(language, tuple(DEFAULT_SCRIPTS))


def with_script(**changes: Any) -> Language:
    return replace(KK, scripts={**KK.scripts, "Cyrl": replace(CYRL, **changes)})


def without(table: Mapping[Any, Any], key: Any) -> dict[Any, Any]:
    return {name: value for name, value in table.items() if name != key}


LANGUAGE = [
    ({"names": without(KK.names, "mn")}, "[names] has no name of the language in 'mn'"),
    ({"names": without(KK.names, "kk")}, "[names] lacks 'kk', the language's own name for itself"),
    ({"default_script": "Grek"}, "default_script 'Grek' has no table [scripts.Grek]"),
    ({"script_names": without(KK.script_names, "Arab")}, "[script_names] has no Arab"),
    ({"stemming": Stemming()}, "[stem] must have suffixes, or a library; how they are written: stem_table.py"),
    ({"person_names": PersonNames()}, "[person_names] must have honorifics: mister, president, professor"),
    ({"sources": ()}, "sources must say where the data comes from"),
    ({"spellings": Spellings()}, "[transliterate] must have search_script: the script that a search compares in"),
    (
        {"spellings": Spellings(search_script="Cyrl")},
        "[transliterate] has no table [transliterate.Latn-Cyrl], so its Latn texts are not found",
    ),
]
SCRIPT = [
    ({"months": CYRL.months[:11]}, "months must have 12 lines, it has 11"),
    ({"weekdays": CYRL.weekdays[:6]}, "weekdays must have 7 lines, it has 6"),
    ({"stop_words": CYRL.stop_words[:3]}, "stop_words must have at least 30 items, it has 3"),
    ({"quotation_verbs": ()}, "quotation_verbs must have at least 5 items, it has 0"),
    ({"abbreviations": ()}, "abbreviations must have at least 3 items, it has 0"),
    ({"examples": CYRL.examples[:1]}, "examples must have at least 3 items, it has 1"),
    ({"quotes": ("«",)}, "quotes are pairs of two characters, not '«'"),
    ({"direction": "up"}, "direction must be ltr or rtl, not 'up'"),
    ({"distinctive": "q"}, "distinctive has letters that alphabet lacks: q"),
    ({"number_words": without(CYRL.number_words, 70)}, "number_words has no word for 70"),
    (
        {"number_words": {**CYRL.number_words, 7: ("алты",)}},
        "number_words: 'алты' stands for 6 and for 7",
    ),
    (
        {"quotation_patterns": ("Q V",)},
        "quotation_patterns: 'Q V' must have Q or T, and S, with blanks between: see shape.py",
    ),
    ({"today": ("today",)}, "today: 'today' is written in Latn, not in Cyrl"),
    ({"today": ("бүгiн",)}, "today: write 'бүгін' where the file has 'бүгiн'"),
    (
        {"alphabet": CYRL.alphabet.replace("ө", ""), "distinctive": "ұ"},
        "alphabet lacks 'ө', which stands in the example 'Қала әкімдігі көктемгі тасқынға дайындық туралы есеп берді.'",
    ),
    ({"examples": (*CYRL.examples, "Бір. Екі.")}, "the example 'Бір. Екі.' must be one sentence"),
    *(({key: ()}, f"{key} must have at least 1 items, it has 0") for key in ("year_words", "today", "that_words")),
    *(({key: ()}, f"{key} must have at least 1 items, it has 0") for key in ("according_to", "speaker_pronouns")),
]


def test_nothing_is_said_of_a_whole_language() -> None:
    assert said(KK) == []


@pytest.mark.parametrize(("changes", "sentence"), LANGUAGE)
def test_what_a_language_lacks(changes: dict[str, Any], sentence: str) -> None:
    assert f"kk.toml: {sentence}" in said(replace(KK, **changes))


@pytest.mark.parametrize(("changes", "sentence"), SCRIPT)
def test_what_a_script_lacks(changes: dict[str, Any], sentence: str) -> None:
    assert f"kk.toml: [scripts.Cyrl] {sentence}" in said(with_script(**changes))


def test_one_form_is_one_month() -> None:
    months = (*CYRL.months[:11], (*CYRL.months[11], "қаңтар"))
    assert "kk.toml: months: 'қаңтар' stands for month 1 and for month 12" in said(with_script(months=months))
