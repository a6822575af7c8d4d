"""Outlets' ids: short, lower-case, ASCII, readable; from a name in any of the region's scripts."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_MAX_ID = 64

# One letter to one or two, for ids only: readable, not reversible. Kazakh, Kyrgyz, Uzbek, Tajik, Mongolian and
# Russian Cyrillic; Uyghur, Kazakh and Persian Arabic letters. Accented Latin letters fall to their base by NFKD.
_LETTERS = str.maketrans(
    "абвгдезийклмнопрстуфыэәғқңөұүһіўҳҷӣӯїıəŋøłđ" + "اآأەبپتثجحدذرزسصضطظغفقكکگلمنھہهةوۇۆۈۋۅۉېىيی",
    "abvgdeziyklmnoprstufyeagqnouuhiohjiuiianold" + "aaaebptsjhdzrzsszztgfqkkglmnhhhaououwooeiyy",
    "ъьعئءؤ'`ʻʼ‘’ʹ\"",
) | str.maketrans(
    {"ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}
    | {"چ": "ch", "خ": "kh", "ژ": "zh", "ش": "sh", "غ": "gh", "ڭ": "ng", "ß": "ss", "æ": "ae"}
)


def slug(name: str) -> str:
    """An outlet's id from its name or host: "Қазақ үні" is "qazaq-uni", "Kun.uz" is "kun.uz". An id stays itself.

    A name with no letter or digit we know (Chinese, Mongolian script) becomes "outlet-" and a part of its hash.
    """
    if is_id(name):
        return name
    text = unicodedata.normalize("NFC", name[:1_000]).lower().translate(_LETTERS)
    text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    text = re.sub(r"[^a-z0-9.]+", "-", text.translate(_LETTERS))
    text = re.sub(r"-*\.[-.]*", lambda m: "." if m.group() == "." else "-", text)
    text = re.sub(r"-{2,}", "-", text)[:_MAX_ID].strip("-.")
    return text if is_id(text) else f"outlet-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def is_id(text: str) -> bool:
    """Whether `text` can be an outlet's id: lower-case ASCII letters and digits, single dots and hyphens between."""
    return len(text) <= _MAX_ID and _ID.fullmatch(text) is not None
