"""The desk's log as people read it."""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import TypedDict

from ortaq.store.contract import DeskDecision, Records


class DecisionJson(TypedDict):
    """What somebody at the desk decided: `articles` went from story `source` to `target`.

    `undoes` is the decision that an undo takes back, `undone_by` the undo that took this one back.
    """

    decision: int
    at: str
    who: str
    kind: str
    source: str
    target: str
    articles: list[str]
    undoes: int | None
    undone_by: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision, and the number of the one that took it back, 0 while it stands."""

    decision: DeskDecision
    undone_by: int

    @property
    def can_be_undone(self) -> bool:
        return not self.undone_by and self.decision.kind != "undo"


def entries(records: Records) -> list[Entry]:
    """Every decision, the newest first."""
    decisions = records.desk.decisions()
    undone_by = {one.undoes: one.seq for one in decisions if one.undoes}
    return [Entry(one, undone_by.get(one.seq, 0)) for one in reversed(decisions)]


def decision_json(entry: Entry) -> DecisionJson:
    """For programs."""
    decision = entry.decision
    return {
        "decision": decision.seq,
        "at": decision.at.isoformat(),
        "who": decision.who,
        "kind": decision.kind,
        "source": decision.source,
        "target": decision.target,
        "articles": list(decision.articles),
        "undoes": decision.undoes or None,
        "undone_by": entry.undone_by or None,
    }
