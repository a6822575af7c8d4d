"""Language tags on pages: their names, and which way their writing runs."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache

from ortaq.model import tag

NameLanguage = Callable[[str, str], str]
"""(BCP 47 tag, interface language) to the language's name in that language."""


def html_tag(language: str, script: str = "") -> str:
    """The tag of a text for `lang=`; "", which means unknown there, for an undetermined language."""
    if language in ("", "und") or not (language.isascii() and language.replace("-", "").isalnum()):
        return ""
    return language if "-" in language else tag(language, "" if script == "Zzzz" else script)


@cache
def _runs_right_to_left(character: str) -> bool | None:
    kind = unicodedata.bidirectional(character)
    return True if kind in ("R", "AL") else False if kind == "L" else None


def direction(text: str) -> str:
    """ "rtl" or "ltr", by most of the letters; `dir=auto` would ask the first one, often a foreign brand's name."""
    strong = [runs for character in text[:500] if (runs := _runs_right_to_left(character)) is not None]
    return "rtl" if sum(strong) * 2 > len(strong) else "ltr"
