"""The shape of a language's section [transliterate]: how its scripts are written in one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Transliteration:
    """How a text of one script is written in another; `letters` and `words` are explained in `respell.py`.

    `writes` names the older alphabet that this table writes; `seen` are letters and groups of letters by which a text
    in the alphabet that it reads is known; `plain_i` says that this alphabet has no dotted capital İ.

    Vowel harmony: `front` and `back` are the letters that tell it, `read_mark` marks a word as front when read, and
    `mark` is put before a word with a letter of `mark_for` and none of `mark_not` when written. `first_only` are the
    letters that are front only as a word's first vowel. By `stem_front` and `stem_back`, letters of the target script,
    it is told what follows a listed stem. `opposite` is the table back.
    """

    source: str
    target: str
    letters: str
    words: str = ""
    vowels: str = ""
    punctuation: str = ""
    writes: str = ""
    seen: str = ""
    plain_i: bool = False
    front: str = ""
    back: str = ""
    mark: str = ""
    mark_for: str = ""
    mark_not: str = ""
    read_mark: str = ""
    first_only: str = ""
    stem_front: str = ""
    stem_back: str = ""
    opposite: Transliteration | None = None


@dataclass(frozen=True)
class Spellings:
    """What its scripts make of a language. `search_script` is the one that a search compares in, `merged` are rules
    for what another script of the language can't tell apart; `dotless_i`: its Latin alphabet has both ı and i."""

    tables: tuple[Transliteration, ...] = ()
    search_script: str = ""
    merged: str = ""
    dotless_i: bool = False


def read_spellings(table: Mapping[str, Any]) -> Spellings:
    """From [transliterate]: its tables are named by scripts and alphabet (Cyrl-Latn, Cyrl-Latn-2018); `stems` are
    words for all tables to a script."""
    stems: Mapping[str, str] = table.get("stems", {})
    made: dict[tuple[str, ...], Transliteration] = {}
    for key, fields in table.items():
        if "-" in key:
            source, target, *alphabet = key.split("-")
            writes = "" if "seen" in fields else "".join(alphabet)
            words = f"{stems.get(target, '')} {fields.get('words', '')}"
            made[source, target, *alphabet] = Transliteration(
                source, target, writes=writes, **{**fields, "words": words}
            )
    tables = tuple(
        replace(one, opposite=made.get((target, source, *alphabet)))
        for (source, target, *alphabet), one in made.items()
    )
    plain = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
    return Spellings(tables, **plain)
