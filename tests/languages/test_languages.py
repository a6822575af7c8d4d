"""Every language has the same shape, and its months agree with CLDR where CLDR has them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from babel import Locale

from ortaq import languages, registry
from ortaq.errors import ConfigError
from ortaq.languages.contract import missing
from ortaq.languages.shape import read
from ortaq.text import fold, script_of, sentences

SERVED = ("en", "kaa", "kk", "ky", "mn", "ru", "tg", "tk", "tr", "ug", "uz")
KK = Path(languages.__file__).with_name("kk.toml")


def test_all_served_languages_are_there() -> None:
    assert set(SERVED) <= set(languages.codes())


@pytest.mark.parametrize("code", languages.codes())
def test_contract(code: str) -> None:
    language = languages.load(code)
    assert language.code == code
    lacking = missing(language, SERVED)
    assert not lacking, "\n".join(lacking)


@pytest.mark.parametrize("code", languages.codes())
def test_what_is_written_in_a_script_is_in_that_script(code: str) -> None:
    for name, script in languages.load(code).scripts.items():
        for word in (*script.stop_words, *script.quotation_verbs, *script.examples, *script.today):
            assert script_of(word) == name, word
        letters = {letter for example in script.examples for letter in example.lower() if letter.isalpha()}
        assert letters <= set(script.alphabet) | {"’", "ʻ", "\u0307"}, f"{code}-{name}: alphabet lacks {letters}"
        for example in script.examples:
            assert sentences(example, script.abbreviations) == [example]


@pytest.mark.parametrize(
    ("code", "locale"),
    [(code, code) for code in SERVED] + [("uz", "uz_Cyrl"), ("kk", "kk_Arab")],
)
def test_months_and_weekdays_agree_with_cldr(code: str, locale: str) -> None:
    cldr = Locale.parse(locale)
    words = languages.load(code).date_words
    # Babel 2.18 resolves the stand-alone names of uz_Cyrl into another locale's, whichever was read before it.
    for context in ("format",) if "_" in locale else ("format", "stand-alone"):
        for month, name in cldr.months[context]["wide"].items():
            if not name.startswith("M0") and not name.startswith("M1"):
                assert fold(name) in {fold(form) for form in words.months[month - 1]}
        for day, name in cldr.days[context]["wide"].items():
            assert fold(name) in {fold(form) for form in words.weekdays[day]}, name


@pytest.mark.parametrize("code", languages.codes())
def test_no_month_form_means_two_months(code: str) -> None:
    seen: dict[str, int] = {}
    for number, forms in enumerate(languages.date_words()[code].months):
        for form in forms:
            assert seen.setdefault(fold(form), number) == number, form


@pytest.mark.parametrize(
    ("tag", "reader", "name"),
    [
        ("kk", "ru", "казахский"),
        ("uz-Cyrl", "kk", "өзбек тілі (кирилл жазуы)"),
        ("kaa-Latn", "en", "Karakalpak (Latin)"),
        ("ru-Cyrl", "en", "Russian"),
        ("tt", "ru", "татарский"),
        ("az", "kaa", "Azerbaijani"),
        ("qqq", "en", "qqq"),
        ("en", "zz", "English"),
    ],
)
def test_display_name(tag: str, reader: str, name: str) -> None:
    assert languages.display_name(tag, reader) == name


def test_every_language_has_a_name_in_every_other() -> None:
    names = {(code, reader): languages.display_name(code, reader) for code in SERVED for reader in SERVED}
    for reader in SERVED:
        assert len({names[code, reader] for code in SERVED}) == len(SERVED)


def test_a_broken_file_says_what_is_missing(tmp_path: Path) -> None:
    broken = tmp_path / "xx.toml"
    text = KK.read_text(encoding="utf-8")
    broken.write_text(text.replace("weekdays =", "week ="), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"xx\.toml.*weekdays"):
        read(broken)
    broken.write_text("code = ", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"xx\.toml"):
        read(broken)
    broken.write_text(text.replace('mn = "казах"\n', "").replace("қаңтар, ", "қaңтар, ", 1), encoding="utf-8")
    assert missing(read(broken), SERVED) == [
        "kk.toml: [names] has no name of the language in 'mn'",
        "kk.toml: [scripts.Cyrl] months: write 'қаңтар' where the file has 'қaңтар'",
    ]


def test_a_strangers_language_enters_by_the_same_door(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "xk.toml"
    path.write_text(KK.read_text(encoding="utf-8").replace('code = "kk"', 'code = "xk"'), encoding="utf-8")
    module = SimpleNamespace(xk=read(path), wrong="no language")
    points = [SimpleNamespace(name=name, value=f"a_package:{name}") for name in ("xk", "wrong", "kk")]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    monkeypatch.setitem(__import__("sys").modules, "a_package", module)
    caches = (registry.names, registry.load, languages.load)
    for cached in caches:
        cached.cache_clear()
    try:
        assert languages.load("xk").code == "xk"
        assert languages.load("kk").code == "kk"
        with pytest.raises(ConfigError, match="is no Language"):
            languages.load("wrong")
        with pytest.raises(ConfigError, match="unknown language 'yy'"):
            languages.load("yy")
    finally:
        for cached in caches:
            cached.cache_clear()
