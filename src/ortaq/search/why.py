"""Why is an article in its story? In the words of the article itself, for a page, the API and the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ortaq.publish.json_records import ReasonJson, reason_json
from ortaq.store.contract import StoredArticle
from ortaq.understand.names import written_as

LOOKED_AT = 4_000  # characters of a text in which the shared names are looked for
SHOWN = 12  # names


def reasons(articles: Sequence[StoredArticle], threshold: float) -> dict[str, ReasonJson]:
    """Article id to its reason; `articles` are a story's, `threshold` the score from which on one joins.

    A reason is that of the moment when the article was placed: the closest article may have gone elsewhere since.
    """
    known = {stored.article.id: stored for stored in articles}
    return {stored.article.id: reason(stored, known, threshold) for stored in articles}


def reason(stored: StoredArticle, known: Mapping[str, StoredArticle], threshold: float) -> ReasonJson:
    """One article's reason; of `known` the closest article is asked whether it holds the same text."""
    membership = stored.membership
    if membership is None:
        return reason_json(stored.article.id, "began", None, threshold)
    if "desk" in membership.made_by:
        because = "desk"
    elif not membership.closest:
        because = "began"
    elif _same_text(stored, known.get(membership.closest)):
        because = "same_text"
    else:
        because = "joined"
    return reason_json(stored.article.id, because, membership, threshold, shared_names(stored))


def shared_names(stored: StoredArticle) -> tuple[str, ...]:
    """The names that the article shares with its story, as it writes them; those in Arabic script are guessed at."""
    membership, article = stored.membership, stored.article
    if membership is None or not membership.shared_names:
        return ()
    text = f"{article.headline}\n{article.text}"[:LOOKED_AT]
    return written_as(text, article.language, article.script, membership.shared_names)[:SHOWN]


def _same_text(stored: StoredArticle, closest: StoredArticle | None) -> bool:
    if stored.copy_of is not None and stored.copy_of.kind == "exact":
        return True
    link = closest.copy_of if closest else None
    return link is not None and link.kind == "exact" and link.original == stored.article.id
