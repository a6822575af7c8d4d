"""The desk's decisions, applied: the records follow them, and the clusterer respects them.

A decision is applied where the archive was when it was made, live as in a rebuild: before anything archived later is
placed. So what comes later is placed with regard to it, and the same archive and log give the same stories.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from ortaq.errors import NotFound
from ortaq.model import StoryChange
from ortaq.store.contract import DeskDecision, Records
from ortaq.unify import Rules, Unifier


def standing(decisions: Sequence[DeskDecision]) -> list[DeskDecision]:
    """Those that no later one of them takes back."""
    undone = {decision.undoes for decision in decisions}
    return [decision for decision in decisions if decision.kind != "undo" and decision.seq not in undone]


def rules(decisions: Sequence[DeskDecision]) -> Rules:
    """What the clusterer must respect after these decisions."""
    kept = standing(decisions)
    apart = [(one.articles, one.apart) for one in kept if one.apart]
    pinned = {article for one in kept if one.kind == "pin" for article in one.articles}
    joined = {article for one in kept if one.kind in ("merge", "move") for article in one.articles}
    return Rules(apart, pinned, joined)


def obey(records: Records, decision: DeskDecision, earlier: Sequence[DeskDecision], working: Unifier | None) -> None:
    """Apply a decision to the records, and to the working set if there is one.

    An article that there is no longer (another reader made nothing of its page) is passed over.
    """
    members = records.articles(decision.articles)
    target = decision.target if decision.kind == "pin" else _target(records, decision)
    leaving: dict[str, list[str]] = {}
    for stored in members:
        if decision.kind != "pin" and stored.story != target:
            leaving.setdefault(stored.story, []).append(stored.article.id)
    changes = [
        StoryChange(_kind(decision, earlier), story, target, tuple(ids), decision.at, f"desk decision {decision.seq}")
        for story, ids in leaving.items()
    ]
    marks: dict[str, str] = {}
    if decision.kind != "pin":
        marks = dict.fromkeys((stored.article.id for stored in members), "")
        for one in standing([*earlier, decision]):
            if one.kind != "pin":
                marks |= {article: str(one.seq) for article in one.articles if article in marks}
    records.desk.apply(decision.seq, changes, marks)
    if working is not None:
        if changes:
            stories = {target, *leaving, *working.stories_of(marks)}
            working.reload(stories, records.iter_stories(sorted(stories)))
        working.obey(rules([*earlier, decision]))


def _target(records: Records, decision: DeskDecision) -> str:
    """The story that the articles go to; where a rebuild has given it another id, the one that holds most of its
    articles.
    """
    try:
        alive = records.story(decision.target).id == decision.target
    except NotFound:
        alive = False
    held = Counter(stored.story for stored in records.articles(decision.beside))
    if alive or not held:
        return decision.target
    return min(held, key=lambda story: (-held[story], story))


def _kind(decision: DeskDecision, earlier: Sequence[DeskDecision]) -> Literal["merge", "split", "move"]:
    """What happened to the stories, in the words of their history."""
    if decision.kind in ("merge", "split", "move"):
        return decision.kind
    undone = next((one.kind for one in earlier if one.seq == decision.undoes), "")
    return "split" if undone == "merge" else "move"
