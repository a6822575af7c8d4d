"""The index: BM25 text search and vectors in LanceDB, in a local folder.

Derived from the records and rebuildable; LanceDB does not fsync, so after a crash the pipeline compares `count` with
the records and feeds the index again when they differ. docs/decisions/index.md says why LanceDB.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from ortaq.errors import StoreError
from ortaq.model import Vector
from ortaq.store.contract import Filters, IndexHit, IndexRow

log = logging.getLogger(__name__)

TABLE = "articles"
HEADLINE_WEIGHT = 1.25  # against a word in the text; tuned, docs/decisions/search.md
_KEEP_VERSIONS = timedelta(minutes=10)  # a reader in another process may still use an older version
_FILTERED = ("story", "outlet", "country", "language")


class LanceIndex:
    """One LanceDB table, opened lazily; safe between threads, readable from other processes while one writes."""

    def __init__(self, path: Path, dimensions: int = 384) -> None:
        self._path = path
        self._dimensions = dimensions
        self._lock = threading.RLock()
        self._opened: Any = None

    @property
    def _table(self) -> Any:
        with self._lock:
            if self._opened is None:
                try:
                    self._opened = self._open()
                except (OSError, RuntimeError, ValueError) as error:
                    raise StoreError(
                        f"the index can't be opened: {error}",
                        where=str(self._path),
                        fix="Delete that folder and run `ortaq rebuild --index`; nothing else is lost",
                    ) from error
            return self._opened

    def _open(self) -> Any:
        import lancedb

        # Zero: every read sees what the last write of any process made.
        database = lancedb.connect(str(self._path), read_consistency_interval=timedelta(0))
        if TABLE in database.list_tables(limit=100).tables:
            return database.open_table(TABLE)
        return _create(database, self._dimensions)

    def upsert(self, rows: Sequence[IndexRow]) -> None:
        """Insert or replace by article id; the last of several rows of one article counts."""
        if not rows:
            return
        latest = {row.article: row for row in rows}
        with self._lock:
            table = self._table
            merge = table.merge_insert("article").when_matched_update_all().when_not_matched_insert_all()
            merge.execute(_arrow(list(latest.values()), self._dimensions))

    def search_text(
        self,
        tokens: Sequence[str],
        filters: Filters,
        limit: int,
        required: Sequence[Collection[str]] = (),
    ) -> list[IndexHit]:
        """BM25 over headline (weighted) and text, best first; articles with any of the tokens.

        An article must have one token of each of the `required` groups.
        """
        words = " ".join(token for token in tokens if token)
        if not words or limit <= 0:
            return []
        query = _text_query(words)
        groups = [" ".join(filter(None, group)) for group in required]
        if groups:
            from lancedb.query import BooleanQuery, Occur

            query = BooleanQuery([(Occur.SHOULD, query), *((Occur.MUST, _text_query(group)) for group in groups)])
        found = self._table.search(query, query_type="fts")
        return self._hits(found, filters, limit, "_score")

    def search_prefix(self, prefix: str, filters: Filters, limit: int) -> list[IndexHit]:
        """Articles with a token that begins so, unranked. Reads the whole token columns: linear in the articles."""
        start = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        if not prefix or limit <= 0:
            return []
        likes = [
            f"{column} LIKE {_quoted(pattern)} ESCAPE '\\'"
            for column in ("headline_tokens", "text_tokens")
            for pattern in (f"{start}%", f"% {start}%")
        ]
        condition = " AND ".join(filter(None, (f"({' OR '.join(likes)})", _condition(filters))))
        columns = ["article", "story", "language", "outlet"]
        rows = self._table.search().where(condition).select(columns).limit(limit).to_arrow().to_pylist()
        return [IndexHit(row["article"], 0.0, row["story"], row["language"], row["outlet"]) for row in rows]

    def search_vector(self, vector: Vector, filters: Filters, limit: int) -> list[IndexHit]:
        """Cosine similarity in -1..1, best first."""
        if limit <= 0:
            return []
        found = self._table.search(vector, vector_column_name="vector").distance_type("cosine")
        hits = self._hits(found, filters, limit, "_distance")
        return [IndexHit(hit.article, 1.0 - hit.score, hit.story, hit.language, hit.outlet) for hit in hits]

    def _hits(self, found: Any, filters: Filters, limit: int, score: str) -> list[IndexHit]:
        condition = _condition(filters)
        if condition:
            found = found.where(condition, prefilter=True)
        columns = ["article", "story", "language", "outlet", score]
        return [
            IndexHit(row["article"], row[score], row["story"], row["language"], row["outlet"])
            for row in found.select(columns).limit(limit).to_arrow().to_pylist()
        ]

    def count(self) -> int:
        return int(self._table.count_rows())

    def clear(self) -> None:
        """Forget everything, also a damaged table that can't be opened."""
        with self._lock:
            self._opened = None
            shutil.rmtree(self._path, ignore_errors=True)

    def optimize(self) -> None:
        """Fold new rows into the indexes and drop versions no reader can still be using."""
        with self._lock:
            self._table.optimize(cleanup_older_than=_KEEP_VERSIONS)


def _text_query(words: str) -> Any:
    from lancedb.query import FullTextOperator, MultiMatchQuery

    columns = ["headline_tokens", "text_tokens"]
    return MultiMatchQuery(words, columns, boosts=[HEADLINE_WEIGHT, 1.0], operator=FullTextOperator.OR)


def _create(database: Any, dimensions: int) -> Any:
    from lancedb.index import FTS, Bitmap, BTree

    table = database.create_table(TABLE, schema=_schema(dimensions), exist_ok=True)
    for column in ("headline_tokens", "text_tokens"):
        # Our own analysis made the tokens: LanceDB must only split them at spaces.
        plain = FTS(
            base_tokenizer="whitespace",
            lower_case=False,
            stem=False,
            remove_stop_words=False,
            ascii_folding=False,
            max_token_length=None,
        )
        table.create_index(column, config=plain)
    table.create_index("article", config=BTree())
    table.create_index("published_at", config=BTree())
    for column in _FILTERED[1:]:
        table.create_index(column, config=Bitmap())
    return table


def _schema(dimensions: int) -> Any:
    import pyarrow as pa

    return pa.schema(
        [
            pa.field("article", pa.string(), nullable=False),
            *(pa.field(name, pa.string()) for name in _FILTERED),
            pa.field("published_at", pa.timestamp("us", "UTC")),
            pa.field("copy", pa.bool_()),
            pa.field("headline_tokens", pa.string()),
            pa.field("text_tokens", pa.string()),
            pa.field("vector", pa.list_(pa.float32(), dimensions)),
        ]
    )


def _arrow(rows: Sequence[IndexRow], dimensions: int) -> Any:
    import numpy as np
    import pyarrow as pa

    vectors = np.stack([row.annotation.vector for row in rows]).astype(np.float32, copy=False)
    columns = [pa.array([row.article for row in rows])]
    columns += [pa.array([getattr(row, name) for row in rows], pa.string()) for name in _FILTERED]
    columns += [
        pa.array([row.published_at for row in rows], pa.timestamp("us", "UTC")),
        pa.array([row.copy for row in rows]),
        pa.array([row.headline_tokens for row in rows]),
        pa.array([row.text_tokens for row in rows]),
        pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), dimensions),
    ]
    return pa.Table.from_arrays(columns, schema=_schema(dimensions))


def _condition(filters: Filters) -> str:
    """The SQL condition of the filters; every value is quoted, none is trusted."""
    parts = []
    for column, values in (
        ("language", filters.languages),
        ("outlet", filters.outlets),
        ("country", filters.countries),
    ):
        if values:
            parts.append(f"{column} IN ({', '.join(_quoted(value) for value in values)})")
    for operator, instant in ((">=", filters.since), ("<=", filters.until)):
        if instant is not None:
            parts.append(f"published_at {operator} timestamp {_quoted(cast(Any, instant).isoformat())}")
    if not filters.copies:
        parts.append("copy = false")
    return " AND ".join(parts)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def open_index(path: Path, dimensions: int = 384) -> LanceIndex:
    """The index in this folder; made when first used."""
    return LanceIndex(path, dimensions)
