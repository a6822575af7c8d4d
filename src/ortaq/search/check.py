"""Does an article have what the query asks for beyond bags of words: phrases, headline words, prefixes, exclusions?

Looked at in the article's own words, so only for the hits that are shown or nearly so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from ortaq.languages.search_form import query_readings
from ortaq.model import Article
from ortaq.search.query import Part
from ortaq.text.tokens import words
from ortaq.understand.terms import STEM_MARK, terms, word_terms

_LOOK_AT = 40_000  # characters of an article


def passes(article: Article, parts: Sequence[Part]) -> bool:
    """No excluded part is there, and one part of each AND group is."""
    groups: dict[int, bool] = {}
    made: dict[bool, list[tuple[str, ...]]] = {}
    for part in parts:
        if part.title not in made:
            text = article.headline if part.title else f"{article.headline}\n{article.text}"
            made[part.title] = [word_terms(word, article.language) for word in words(text[:_LOOK_AT])]
        if part.excluded:
            if _has(made[part.title], part, article.language):
                return False
        elif part.group and not groups.get(part.group):
            groups[part.group] = _has(made[part.title], part, article.language)
    return all(groups.values())


def _has(text: Sequence[tuple[str, ...]], part: Part, language: str) -> bool:
    """A phrase's words stand next to each other in this order, in any form; other parts' words all stand somewhere."""
    wanted = [_wanted(word, language) for word in part.text.split()]
    if part.prefix:
        starts = tuple(term for term in wanted[0] if not term.startswith(STEM_MARK))
        return any(term.startswith(starts) for found in text for term in found)
    if not part.phrase:
        return all(any(not word.isdisjoint(found) for found in text) for word in wanted)
    return any(
        all(not word.isdisjoint(text[start + place]) for place, word in enumerate(wanted))
        for start in range(len(text) - len(wanted) + 1)
    )


@lru_cache(1 << 12)
def _wanted(word: str, language: str) -> frozenset[str]:
    """The word's terms as it stands and as a word of the article's language, not those of other languages."""
    readings: Collection[tuple[str, str]] = query_readings(word)
    return frozenset(term for code, written in readings if code in ("", language) for term in terms(written, code))
