"""Articles and what belongs to them, as rows and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import sqlalchemy as sa

from ortaq.model import Annotation, Article, CopyLink, Json, Membership, tag
from ortaq.store import tables as t
from ortaq.store.contract import Position, StoredArticle

_a, _m, _c = t.articles.c, t.memberships.c, t.copies.c
ANNOTATION = (
    _a.vector, _a.names, _a.numbers, _a.annotation_language, _a.annotation_script, _a.confidence, _a.annotation_made_by
)  # fmt: skip
STORED = (
    sa.select(
        *(column for column in _a if column.name not in ("vector", "url_key", "tag", "at", "seen_at")),
        _m.story.label("member_story"), _m.score, _m.closest, _m.shared_names, _m.shared_numbers,
        _m.made_by.label("member_made_by"), _m.number,
        _c.original, _c.kind.label("copy_kind"), _c.overlap,
    )
    .select_from(
        t.articles.outerjoin(t.memberships, _m.article == _a.id).outerjoin(t.copies, _c.article == _a.id)
    )
)  # fmt: skip


def article_row(article: Article, position: Position, annotation: Annotation) -> Json:
    of = article if article.language != "und" else annotation
    return {
        "id": article.id,
        "url_key": t.key8(article.url),
        "outlet": article.outlet,
        "tag": tag(of.language, of.script),
        "story": "",
        "at": article.at,
        "published_at": article.published_at,
        "revised_at": article.revised_at,
        "fetched_at": article.fetched_at,
        "seen_at": article.fetched_at,
        "revisions": 1,
        "segment": position.segment,
        "offset": position.offset,
        "language": article.language,
        "script": article.script,
        "url": article.url,
        "source": article.source,
        "headline": article.headline,
        "lead": article.lead,
        "authors": list(article.authors),
        "section": article.section,
        "image": article.image,
        "made_by": dict(article.made_by),
        "names": list(annotation.names),
        "numbers": list(annotation.numbers),
        "annotation_language": annotation.language,
        "annotation_script": annotation.script,
        "confidence": annotation.confidence,
        "annotation_made_by": dict(annotation.made_by),
        "vector": np.asarray(annotation.vector, dtype="<f4").tobytes(),
        "text": article.text,
    }


def member_row(member: Membership) -> Json:
    return {
        "article": member.article,
        "story": member.story,
        "score": member.score,
        "closest": member.closest,
        "shared_names": list(member.shared_names),
        "shared_numbers": list(member.shared_numbers),
        "made_by": dict(member.made_by),
        "number": member.number,
    }


def stored_of(row: Any) -> StoredArticle:
    """From a row of `STORED`."""
    member = None
    if row.member_story is not None:
        member = Membership(
            article=row.id,
            story=row.member_story,
            score=row.score,
            closest=row.closest,
            shared_names=tuple(row.shared_names),
            shared_numbers=tuple(row.shared_numbers),
            made_by=row.member_made_by,
            number=row.number,
        )
    return StoredArticle(
        article=Article(
            id=row.id,
            url=row.url,
            outlet=row.outlet,
            source=row.source,
            headline=row.headline,
            text=row.text,
            fetched_at=row.fetched_at,
            language=row.language,
            script=row.script,
            lead=row.lead,
            authors=tuple(row.authors),
            section=row.section,
            image=row.image,
            published_at=row.published_at,
            revised_at=row.revised_at,
            made_by=row.made_by,
        ),
        position=Position(row.segment, row.offset),
        story=row.story,
        membership=member,
        copy_of=None if row.original is None else CopyLink(row.id, row.original, row.copy_kind, row.overlap),
        names=tuple(row.names),
        numbers=tuple(row.numbers),
        revisions=row.revisions,
    )


def annotation_of(row: Any) -> Annotation:
    """From a row with the columns of `ANNOTATION`."""
    return Annotation(
        vector=np.frombuffer(row.vector, dtype="<f4").astype(np.float32, copy=False),
        names=tuple(row.names),
        numbers=tuple(row.numbers),
        language=row.annotation_language,
        script=row.annotation_script,
        confidence=row.confidence,
        made_by=row.annotation_made_by,
    )
