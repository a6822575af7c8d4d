"""Did you mean: for a word that is in no article, the nearest one that is, as an article writes it."""

from __future__ import annotations

from ortaq.store.contract import Filters, Index, Records
from ortaq.text.tokens import words
from ortaq.understand.terms import STEM_MARK, query_terms, word_terms

MAX_WORDS = 3  # of one query
_READINGS = 4  # of a word, in other scripts
_LOOK_AT = 20_000  # characters of an article


def suggestion(typed: str, unknown: list[str], index: Index, records: Records) -> str:
    """The query with every unknown word replaced; "" when that can't be done: half a guess helps nobody."""
    if len(unknown) > MAX_WORDS:
        return ""
    for word in unknown:
        near = _nearest(word, index, records)
        if not near:
            return ""
        typed = typed.replace(word, near, 1)
    return typed if unknown else ""


def _nearest(word: str, index: Index, records: Records) -> str:
    forms = [term for term in query_terms(word) if not term.startswith(STEM_MARK)][:_READINGS]
    for form in forms:
        for term in index.near_terms(form, 1):
            found = index.search_text([term], Filters(), 1)
            for stored in records.articles([hit.article for hit in found]):
                text = f"{stored.article.headline}\n{stored.article.text}"[:_LOOK_AT]
                for written in words(text):
                    if term in word_terms(written, stored.article.language):
                        return written if word[:1].isupper() else written.lower()
    return ""
