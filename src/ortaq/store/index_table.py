"""The index's LanceDB tables: the articles, and what `optimize` counted when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from ortaq.errors import StoreError
from ortaq.store.contract import Filters, IndexRow

ARTICLES = "articles"
STATE = "state"
HEADLINE_TIMES = 2  # a word of the headline counts as so many in the text; tuned, docs/decisions/search.md
FILTERED = ("story", "outlet", "country", "language")


def tables(database: Any) -> set[str]:
    """The names of the tables there are."""
    return set(database.list_tables(limit=100).tables)


def open_articles(database: Any, dimensions: int) -> Any:
    """The table of articles, made when it is not there. Raises StoreError for one of another version's columns."""
    if ARTICLES not in tables(database):
        return _create(database, dimensions)
    table = database.open_table(ARTICLES)
    if table.schema.names != schema(dimensions).names:
        raise StoreError("the index is of another version", fix="Run `ortaq rebuild --index`; nothing is lost")
    return table


def _create(database: Any, dimensions: int) -> Any:
    from lancedb.index import FTS, Bitmap, BTree

    table = database.create_table(ARTICLES, schema=schema(dimensions), exist_ok=True)
    # Our own analysis made the tokens: LanceDB must only split them at spaces.
    plain = FTS(
        base_tokenizer="whitespace",
        lower_case=False,
        stem=False,
        remove_stop_words=False,
        ascii_folding=False,
        max_token_length=None,
    )
    table.create_index("tokens", config=plain)
    table.create_index("article", config=BTree())
    table.create_index("published_at", config=BTree())
    for column in FILTERED[1:]:
        table.create_index(column, config=Bitmap())
    return table


def schema(dimensions: int) -> Any:
    import pyarrow as pa

    return pa.schema(
        [
            pa.field("article", pa.string(), nullable=False),
            *(pa.field(name, pa.string()) for name in FILTERED),
            pa.field("original", pa.string()),
            pa.field("published_at", pa.timestamp("us", "UTC")),
            pa.field("copy", pa.bool_()),
            pa.field("tokens", pa.string()),
            pa.field("vector", pa.list_(pa.float32(), dimensions)),
        ]
    )


def as_arrow(rows: Sequence[IndexRow], dimensions: int) -> Any:
    """The rows as an Arrow table of this schema."""
    import numpy as np
    import pyarrow as pa

    vectors = np.stack([row.annotation.vector for row in rows]).astype(np.float32, copy=False)
    columns = [pa.array([row.article for row in rows])]
    columns += [pa.array([getattr(row, name) for row in rows], pa.string()) for name in FILTERED]
    columns += [
        pa.array([row.original or row.article for row in rows]),
        pa.array([row.published_at for row in rows], pa.timestamp("us", "UTC")),
        pa.array([row.copy for row in rows]),
        pa.array([" ".join([row.headline_tokens] * HEADLINE_TIMES + [row.text_tokens]).strip() for row in rows]),
        pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), dimensions),
    ]
    return pa.Table.from_arrays(columns, schema=schema(dimensions))


def condition(filters: Filters) -> str:
    """The SQL condition of the filters; every value is quoted, none is trusted."""
    parts = []
    for column, values in (
        ("language", filters.languages),
        ("outlet", filters.outlets),
        ("country", filters.countries),
    ):
        if values:
            parts.append(f"{column} IN ({quoted_list(values)})")
    for operator, instant in ((">=", filters.since), ("<=", filters.until)):
        if instant is not None:
            parts.append(f"published_at {operator} timestamp {quoted(cast(Any, instant).isoformat())}")
    if not filters.copies:
        parts.append("copy = false")
    return " AND ".join(parts)


def quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def quoted_list(values: Sequence[str]) -> str:
    return ", ".join(map(quoted, values))


def read_state(database: Any) -> dict[str, int]:
    """How many articles there were when something was last counted or trained."""
    if STATE not in tables(database):
        return {}
    rows = database.open_table(STATE).to_arrow().to_pylist()
    return {row["name"]: row["articles"] for row in rows}


def write_state(database: Any, state: dict[str, int]) -> None:
    import pyarrow as pa

    rows = pa.table({"name": pa.array(list(state)), "articles": pa.array(list(state.values()), pa.int64())})
    replace_table(database, STATE, rows)


def replace_table(database: Any, name: str, rows: Any) -> None:
    """LanceDB warns on stderr where there is nothing to overwrite."""
    database.create_table(name, rows, mode="overwrite" if name in tables(database) else "create")
