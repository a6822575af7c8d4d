"""What do we know of each language?

In:    a BCP 47 code.
Out:   a Language: its names, scripts, months, date patterns, stop words.
Never: code that works for one language only where data can say it.
"""

from __future__ import annotations

from functools import cache

from ortaq import registry
from ortaq.errors import ConfigError
from ortaq.languages.shape import DateWords, Language, Script

__all__ = ["DateWords", "Language", "Script", "codes", "date_words", "display_name", "load"]


def codes() -> tuple[str, ...]:
    """The codes of all known languages, built-in ones first."""
    return tuple(registry.names(registry.LANGUAGES))


@cache
def load(code: str) -> Language:
    """The language with this BCP 47 primary code. Raises ConfigError for one that is not registered."""
    language = registry.load(registry.LANGUAGES, code)
    if not isinstance(language, Language):
        where = registry.names(registry.LANGUAGES)[code]
        raise ConfigError(
            f"language {code!r} is no Language", where=where, fix="Make it with ortaq.languages.shape.read"
        )
    return language


@cache
def date_words() -> dict[str, DateWords]:
    """Month names and the other words of dates of every language, by code."""
    return {code: load(code).date_words for code in codes()}


@cache
def display_name(tag: str, in_language: str) -> str:
    """The name of a language (`uz`, `uz-Cyrl`) in another; its script is named where it has several.

    A language that we know nothing of is named as in CLDR, or else by its code.
    """
    code, _, script = tag.partition("-")
    reader = in_language.partition("-")[0]
    if code not in codes():
        return _cldr_name(code, reader) or code
    language = load(code)
    name = language.names.get(reader) or _cldr_name(code, reader) or language.autonym
    if script in language.scripts and len(language.scripts) > 1:
        names = load(reader).script_names if reader in codes() else {}
        return f"{name} ({names.get(script, script)})"
    return name


def _cldr_name(code: str, reader: str) -> str | None:
    from babel import Locale
    from babel.core import UnknownLocaleError

    for locale in (reader, "en"):
        try:
            name = Locale.parse(locale).languages.get(code)
        except (UnknownLocaleError, ValueError):
            continue
        if name:
            return str(name)
    return None
