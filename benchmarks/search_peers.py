"""Other engines to search beside ours: SQLite FTS5 and tantivy, each with its own analysis and default BM25."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from benchmarks.common import peer
from ortaq.text.tokens import words

Text = tuple[str, str, str]
"""Id, headline, text."""
Search = Callable[[str, int], list[str]]
"""A query and a limit to ids, best first."""

_TANTIVY_STEMMERS = {"en": "english", "ru": "russian", "tr": "turkish"}


def fts5(texts: Sequence[Text], tokenizer: str) -> Search:
    """SQLite FTS5, any of the words, bm25() with the headline weighted twice."""
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, headline, body, tokenize='{tokenizer}')")
    database.executemany("INSERT INTO t VALUES (?, ?, ?)", texts)

    def search(query: str, limit: int) -> list[str]:
        shortest = 3 if tokenizer == "trigram" else 1
        asked = " OR ".join(f'"{word}"' for word in words(query) if len(word) >= shortest)
        if not asked:
            return []
        order = "SELECT id FROM t WHERE t MATCH ? ORDER BY bm25(t, 0, 2.0, 1.0) LIMIT ?"
        return [row[0] for row in database.execute(order, (asked, limit))]

    return search


def tantivy(texts: Sequence[Text], language: str) -> Search:
    """tantivy: lower case, and its Snowball stemmer where it has one for the language."""
    import tantivy as library

    analysis = library.TextAnalyzerBuilder(library.Tokenizer.simple()).filter(library.Filter.lowercase())
    if language in _TANTIVY_STEMMERS:
        analysis = analysis.filter(library.Filter.stemmer(_TANTIVY_STEMMERS[language]))
    schema = library.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("headline", "body"):
        schema = schema.add_text_field(name, tokenizer_name="own")
    index = library.Index(schema.build())
    index.register_tokenizer("own", analysis.build())
    writer = index.writer(50_000_000, 1)
    for id, headline, body in texts:
        writer.add_document(library.Document(id=id, headline=headline, body=body))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(query: str, limit: int) -> list[str]:
        asked = " ".join(words(query))
        if not asked:
            return []
        parsed, _ = index.parse_query_lenient(asked, ["headline", "body"], field_boosts={"headline": 2.0})
        return [searcher.doc(address)["id"][0] for _, address in searcher.search(parsed, limit).hits]

    return search


def peers(texts: Sequence[Text], language: str) -> dict[str, Search]:
    """Every peer over these texts, by its name and version."""
    return {
        f"sqlite-fts5-unicode61 {sqlite3.sqlite_version}": fts5(texts, "unicode61"),
        f"sqlite-fts5-trigram {sqlite3.sqlite_version}": fts5(texts, "trigram"),
        peer("tantivy"): tantivy(texts, language),
    }
