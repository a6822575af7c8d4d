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
from typing import Any

from ortaq.errors import StoreError
from ortaq.model import Vector
from ortaq.store.contract import Filters, IndexHit, IndexRow
from ortaq.store.index_table import (
    as_arrow,
    condition,
    open_articles,
    quoted,
    quoted_list,
    read_state,
    replace_table,
    tables,
    write_state,
)
from ortaq.store.vocabulary import TERMS, Vocabulary, count_terms

log = logging.getLogger(__name__)

_KEEP_VERSIONS = timedelta(minutes=10)  # a reader in another process may still use an older version
_COLUMNS = ["article", "story", "language", "outlet", "country", "original", "published_at"]
# With fewer articles every vector is compared, and every token list looked through for a beginning.
APPROXIMATE_FROM = 50_000
# IVF_RQ at 100,000 articles of benchmarks/search_speed.py: 0.965 of the true 100 nearest; 0.946 without the second.
_PROBES = 20
_REFINE = 4
_TRAIN_AGAIN = 4.0  # times the articles the partitions were made for
_COUNT_AGAIN = 1.25  # times the articles the terms were counted in
_PREFIX_TERMS = 50


class LanceIndex:
    """One LanceDB table, opened lazily; safe between threads, readable from other processes while one writes."""

    def __init__(self, path: Path, dimensions: int = 384) -> None:
        self._path = path
        self._dimensions = dimensions
        self._lock = threading.RLock()
        self._opened: tuple[Any, Any] | None = None
        self._words: tuple[int, Vocabulary] | None = None

    def _open(self) -> tuple[Any, Any]:
        """The database and its table of articles."""
        with self._lock:
            if self._opened is None:
                import lancedb

                try:
                    # Zero: every read sees what the last write of any process made.
                    database = lancedb.connect(str(self._path), read_consistency_interval=timedelta(0))
                    self._opened = database, open_articles(database, self._dimensions)
                except StoreError as error:
                    raise StoreError(error.what, where=str(self._path), fix=error.fix) from None
                except (OSError, RuntimeError, ValueError) as error:
                    raise StoreError(
                        f"the index can't be opened: {error}",
                        where=str(self._path),
                        fix="Delete that folder and run `ortaq rebuild --index`; nothing else is lost",
                    ) from error
            return self._opened

    @property
    def _table(self) -> Any:
        return self._open()[1]

    def upsert(self, rows: Sequence[IndexRow]) -> None:
        """Insert or replace by article id; the last of several rows of one article counts."""
        if not rows:
            return
        latest = {row.article: row for row in rows}
        with self._lock:
            merge = self._table.merge_insert("article").when_matched_update_all().when_not_matched_insert_all()
            merge.execute(as_arrow(list(latest.values()), self._dimensions))

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
        from lancedb.query import BooleanQuery, Occur

        query = _text_query(words)
        groups = [" ".join(filter(None, group)) for group in required]
        if groups:
            query = BooleanQuery([(Occur.SHOULD, query), *((Occur.MUST, _text_query(group)) for group in groups)])
        return self._hits(self._table.search(query, query_type="fts"), filters, limit, "_score")

    def search_prefix(self, prefix: str, filters: Filters, limit: int) -> list[IndexHit]:
        """Articles with a token that begins so; their scores say nothing.

        Of many articles, those with the most frequent such tokens, as of the last `optimize` that counted them.
        """
        if not prefix or limit <= 0:
            return []
        if self.count() >= APPROXIMATE_FROM and (words := self._vocabulary()):
            return self.search_text(words.beginning(prefix, _PREFIX_TERMS), filters, limit)
        start = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        likes = " OR ".join(f"tokens LIKE {quoted(pattern)} ESCAPE '\\'" for pattern in (f"{start}%", f"% {start}%"))
        where = " AND ".join(filter(None, (f"({likes})", condition(filters))))
        rows = self._table.search().where(where).select(_COLUMNS).limit(limit).to_arrow().to_pylist()
        return [_hit(row, 0.0) for row in rows]

    def search_vector(self, vector: Vector, filters: Filters, limit: int) -> list[IndexHit]:
        """Cosine similarity in -1..1, best first; nearly exact once there are many articles."""
        if limit <= 0:
            return []
        found = self._table.search(vector, vector_column_name="vector").distance_type("cosine")
        return self._hits(found.nprobes(_PROBES).refine_factor(_REFINE), filters, limit, "_distance")

    def _hits(self, found: Any, filters: Filters, limit: int, score: str) -> list[IndexHit]:
        where = condition(filters)
        if where:
            found = found.where(where, prefilter=True)
        rows = found.select([*_COLUMNS, score]).limit(limit).to_arrow().to_pylist()
        return [_hit(row, row[score] if score == "_score" else 1.0 - row[score]) for row in rows]

    def matched(self, articles: Collection[str], tokens: Collection[str]) -> dict[str, frozenset[str]]:
        """Which of the tokens each article has; an unknown article is left out."""
        if not articles:
            return {}
        asked = frozenset(tokens)
        where = f"article IN ({quoted_list(list(articles))})"
        found = self._table.search().where(where).select(["article", "tokens"]).limit(len(articles)).to_arrow()
        return {row["article"]: asked.intersection(row["tokens"].split(" ")) for row in found.to_pylist()}

    def near_terms(self, term: str, limit: int) -> list[str]:
        """Terms that are spelled nearly so, the nearest and of these the most frequent first."""
        words = self._vocabulary()
        return words.near(term, limit) if words else []

    def _vocabulary(self) -> Vocabulary | None:
        database, _ = self._open()
        if TERMS not in tables(database):
            return None
        table = database.open_table(TERMS)
        with self._lock:
            if self._words is None or self._words[0] != table.version:
                read = table.to_arrow()
                self._words = table.version, Vocabulary(read["term"].to_pylist(), read["count"].to_pylist())
            return self._words[1]

    def count(self) -> int:
        return int(self._table.count_rows())

    def clear(self) -> None:
        """Forget everything, also a damaged table that can't be opened."""
        with self._lock:
            self._opened = self._words = None
            shutil.rmtree(self._path, ignore_errors=True)

    def unfolded(self) -> int:
        """How many rows were written, by whatever process, since they were last folded in by `optimize`."""
        stats = self._table.index_stats("tokens_idx")
        return self.count() if stats is None else int(stats.num_unindexed_rows)

    def optimize(self) -> None:
        """Fold new rows into the indexes, drop versions no reader can still be using, count terms, train vectors."""
        with self._lock:
            database, table = self._open()
            table.optimize(cleanup_older_than=_KEEP_VERSIONS)
            articles, state = self.count(), read_state(database)
            before = dict(state)
            if articles and articles >= _COUNT_AGAIN * state.get(TERMS, 0):
                replace_table(database, TERMS, count_terms(table))
                state[TERMS] = articles
            if articles >= max(APPROXIMATE_FROM, _TRAIN_AGAIN * state.get("vector", 0)):
                from lancedb.index import IvfRq

                log.info("making the index of %d vectors", articles)
                table.create_index("vector", config=IvfRq(distance_type="cosine", num_partitions=int(articles**0.5)))
                state["vector"] = articles
            if state != before:
                write_state(database, state)


def _text_query(words: str) -> Any:
    from lancedb import query

    make: Any = query.MatchQuery  # its defaults are not seen by type checkers
    return make(words, "tokens", operator=query.FullTextOperator.OR)


def _hit(row: dict[str, Any], score: float) -> IndexHit:
    return IndexHit(score=score, **{name: row[name] for name in _COLUMNS})


def open_index(path: Path, dimensions: int = 384) -> LanceIndex:
    """The index in this folder; made when first used."""
    return LanceIndex(path, dimensions)
