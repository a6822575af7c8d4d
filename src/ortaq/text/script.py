"""Which script is a text written in?"""

from __future__ import annotations

import re

# Letters by block, the region's scripts first. Han is reported as simplified: the two can't be told by block.
_BLOCKS: tuple[tuple[str, str], ...] = (
    ("Cyrl", "\u0400-\u0481\u048a-\u052f\u1c80-\u1c88\u2de0-\u2dff\ua640-\ua69f"),
    (
        "Latn",
        "A-Za-zªº\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff\u2c60-\u2c7f\ua722-\ua7ff\uff21-\uff3a\uff41-\uff5a",
    ),
    (
        "Arab",
        "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef\u06fa-\u06fc\u06ff"
        "\u0750-\u077f\u08a0-\u08c9\ufb50-\ufdfb\ufe70-\ufefc",
    ),
    ("Mong", "\u1820-\u1878\u1880-\u18aa"),
    ("Hans", "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"),
    ("Grek", "\u0370-\u0373\u0376\u0377\u037b-\u037d\u0386\u0388-\u03ff\u1f00-\u1fff"),
    ("Armn", "\u0531-\u0588\ufb13-\ufb17"),
    ("Geor", "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2d"),
    ("Hebr", "\u05d0-\u05f2\ufb1d-\ufb4f"),
    ("Deva", "\u0904-\u0939\u0958-\u0961\u0971-\u097f"),
    ("Tibt", "\u0f40-\u0fbc"),
    ("Thai", "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46"),
    ("Hang", "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"),
    ("Jpan", "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fd-\u30ff"),
)
_LETTERS = tuple((script, re.compile(f"[{block}]+")) for script, block in _BLOCKS)
_WORD = re.compile(r"[^\W\d_]+")


def script_of(text: str) -> str:
    """The ISO 15924 code of the script that most letters belong to; `Zyyy` without letters, `Zzzz` for a script
    that is none of those above. On equal counts the earlier one in the table above wins."""
    if text.isascii():
        return "Latn" if _WORD.search(text) else "Zyyy"
    best, most, counted = "Zyyy", 0, 0
    letters = sum(map(len, _WORD.findall(text)))
    for script, pattern in _LETTERS:
        count = sum(map(len, pattern.findall(text)))
        if count > most:
            best, most = script, count
        counted += count
        if counted >= letters:
            break
    return best if most or not letters else "Zzzz"
