"""The desk's log: what people decided, append-only, and the one transaction in which the records follow a decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ortaq.model import StoryChange
from ortaq.store import tables as t
from ortaq.store.contract import DeskDecision, Position
from ortaq.store.desk_tables import desk_applied, desk_decisions
from ortaq.store.story_rows import chunks
from ortaq.store.writer import SqlWriter

_d = desk_decisions.c
_LISTS = ("articles", "beside", "apart")


class SqlDesk:
    """See `contract.DeskLog`. Made by `SqlRecords.desk`."""

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[sa.Connection]],
        writing: Callable[[], AbstractContextManager[SqlWriter]],
    ) -> None:
        self._reading = reading
        self._writing = writing

    def put(self, decision: DeskDecision) -> DeskDecision:
        place = decision.position
        row = {name: getattr(decision, name) for name in ("at", "who", "kind", "source", "target", "undoes")}
        row |= {name: list(getattr(decision, name)) for name in _LISTS}
        row |= {"segment": place.segment, "offset": place.offset}
        with self._writing() as writer:
            # The newest number, and not the driver's: SQLite and PostgreSQL alike, and nobody else writes meanwhile.
            writer._connection.execute(sa.insert(desk_decisions).inline(), [row])
            seq = writer._connection.execute(sa.select(sa.func.max(_d.seq))).scalar_one()
        return replace(decision, seq=seq)

    def decisions(self, after: int = 0) -> list[DeskDecision]:
        with self._reading() as connection:
            rows = connection.execute(sa.select(desk_decisions).where(_d.seq > after).order_by(_d.seq)).all()
        return [_decision(row) for row in rows]

    def applied(self) -> int:
        with self._reading() as connection:
            return connection.execute(sa.select(desk_applied.c.seq)).scalar() or 0

    def apply(self, seq: int, changes: Sequence[StoryChange], marks: Mapping[str, str]) -> None:
        m = t.memberships.c
        with self._writing() as writer:
            for change in changes:
                writer.put_story_change(change)
            for part in chunks(marks):
                rows = writer._connection.execute(sa.select(m.article, m.made_by).where(m.article.in_(part))).all()
                for row in rows:
                    made_by = {**row.made_by, "desk": marks[row.article]}
                    if not marks[row.article]:
                        del made_by["desk"]
                    marked = sa.update(t.memberships).where(m.article == row.article).values(made_by=made_by)
                    writer._connection.execute(marked)
            writer._connection.execute(sa.delete(desk_applied))
            writer._connection.execute(sa.insert(desk_applied).values(id=1, seq=seq).inline())


def _decision(row: Any) -> DeskDecision:
    return DeskDecision(
        seq=row.seq,
        at=row.at,
        who=row.who,
        kind=row.kind,
        source=row.source,
        target=row.target,
        articles=tuple(row.articles),
        beside=tuple(row.beside),
        apart=tuple(row.apart),
        undoes=row.undoes,
        position=Position(row.segment, row.offset),
    )
