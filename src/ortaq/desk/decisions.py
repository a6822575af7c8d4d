"""Each kind of decision: checked against the records as they are now, then put into the log.

All take the records, what is meant, who decides, when, and up to where the archive was derived. All raise NotFound for
an unknown story or article, and Undecidable for what makes no sense; then nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ortaq.desk.log import entries
from ortaq.errors import ConfigError, NotFound, Undecidable
from ortaq.model import Story, short_id
from ortaq.store.contract import DeskDecision, Position, Records

LONGEST_NAME = 100  # characters of who decides


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, when, and on what: the archive up to `position`."""

    who: str
    at: datetime
    position: Position

    def __post_init__(self) -> None:
        if not self.who.strip() or not self.who.isprintable() or len(self.who) > LONGEST_NAME:
            raise ConfigError(
                f"a decision needs a name of 1 to {LONGEST_NAME} printable characters", fix="Say who decides"
            )


def merge(records: Records, into: str, story: str, by: By) -> DeskDecision:
    """All of `story` goes into `into`, whose id stays; the other id leads there from now on."""
    target, source = records.story(into), records.story(story)
    if target.id == source.id:
        raise Undecidable(f"{into} and {story} are one story already", because="same_story", fix="Name two stories")
    made = DeskDecision(by.at, by.who, "merge", source.id, target.id, source.articles, beside=target.articles)
    return _put(records, made, by)


def split(records: Records, story: str, articles: Sequence[str], by: By) -> DeskDecision:
    """These articles of the story become a story of their own."""
    source = records.story(story)
    chosen = tuple(dict.fromkeys(articles))
    if not chosen:
        raise Undecidable("no article is named", because="no_article", fix="Name the articles to take out")
    for article in chosen:
        if records.article(article).story != source.id:
            raise Undecidable(
                f"article {article} is not in story {source.id}",
                because="elsewhere",
                fix=f"See `ortaq show {source.id}`",
            )
    left = _without(source, chosen)
    if not left:
        raise Undecidable(
            "nothing would be left of the story", because="nothing_left", fix="Name some of its articles, not all"
        )
    target = short_id("s", "desk", source.id, *chosen, by.at.isoformat())
    return _put(records, DeskDecision(by.at, by.who, "split", source.id, target, chosen, apart=left), by)


def move(records: Records, article: str, story: str, by: By) -> DeskDecision:
    """The article goes to another story. If it was alone, its story's id leads there from now on."""
    target, source = records.story(story), records.story(records.article(article).story)
    if source.id == target.id:
        raise Undecidable(
            f"article {article} is in story {target.id} already", because="same_story", fix="Name another story"
        )
    left = _without(source, (article,))
    made = DeskDecision(by.at, by.who, "move", source.id, target.id, (article,), beside=target.articles, apart=left)
    return _put(records, made, by)


def pin(records: Records, article: str, by: By) -> DeskDecision:
    """The article stays in the story where it is, whatever the program finds."""
    story = records.article(article).story
    for entry in entries(records):
        if entry.can_be_undone and entry.decision.kind == "pin" and article in entry.decision.articles:
            raise Undecidable(
                f"article {article} is pinned already, by decision {entry.decision.seq}", because="pinned"
            )
    return _put(records, DeskDecision(by.at, by.who, "pin", story, story, (article,)), by)


def undo(records: Records, number: int | None, by: By) -> DeskDecision:
    """Take a decision back, the last one that stands if none is named; its articles go back where they were."""
    log = entries(records)
    standing = [entry.decision for entry in log if entry.can_be_undone]
    if number is None and not standing:
        raise Undecidable("there is no decision to take back", because="none")
    known = {entry.decision.seq: entry for entry in log}
    entry = known.get(standing[0].seq if number is None else number)
    if entry is None:
        raise NotFound(f"no decision has the number {number}", fix="See `ortaq desk log`")
    decision = entry.decision
    if not entry.can_be_undone:
        why = f"was taken back by decision {entry.undone_by}" if entry.undone_by else "takes another one back"
        raise Undecidable(f"decision {decision.seq} {why}", because="taken_back", fix="Make the decision anew instead")
    for later in standing:
        if later.seq > decision.seq and _moved_too(later, decision):
            raise Undecidable(
                f"decision {later.seq} came later and moved the same articles",
                because="moved_later",
                fix=f"Undo {later.seq} first",
            )
    here = [stored.story for stored in records.articles(decision.articles)]
    made = DeskDecision(
        by.at,
        by.who,
        "undo",
        source=here[0] if here else decision.target,
        target=_home(records, decision),
        articles=decision.articles,
        beside=decision.apart,
        undoes=decision.seq,
    )
    return _put(records, made, by)


def _moved_too(later: DeskDecision, decision: DeskDecision) -> bool:
    """Whether a later decision moved what this one did, or what it left behind, so that there is no way back."""
    if "pin" in (later.kind, decision.kind):
        return False
    same = {*decision.articles, *(decision.apart if later.kind == "merge" else ())}
    return not same.isdisjoint(later.articles)


def _home(records: Records, decision: DeskDecision) -> str:
    """Where the articles go back to: their story, or the one that it has been merged into meanwhile.

    A story that the decision itself has emptied begins again under its old id.
    """
    if decision.kind == "pin" or not decision.apart:
        return decision.source
    try:
        return records.story(decision.source).id
    except NotFound:
        return decision.source


def _put(records: Records, decision: DeskDecision, by: By) -> DeskDecision:
    return records.desk.put(replace(decision, position=by.position))


def _without(story: Story, articles: Sequence[str]) -> tuple[str, ...]:
    return tuple(article for article in story.articles if article not in articles)
