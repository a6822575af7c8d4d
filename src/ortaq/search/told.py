"""What is told of an article and of a hit, the same on the command line and by the API."""

from __future__ import annotations

from ortaq.model import Article, Outlet
from ortaq.publish.json_records import ArticleJson, HitJson, article_json, hit_json
from ortaq.search.answer import Hit
from ortaq.store.contract import Records, StoredArticle
from ortaq.understand.quotations import quotations


def article_told(
    stored: StoredArticle, article: Article, records: Records, outlet: Outlet | None, *, full: bool = False
) -> ArticleJson:
    """The article as it may be shown, with what it repeats, what repeats it, and whom it quotes."""
    copies = [*([stored.copy_of] if stored.copy_of else []), *records.copies_of(article.id)]
    quoted = quotations(article.text, article.language, article.script)
    return article_json(article, outlet, story=stored.story, copies=copies, full=full, quotations=quoted)


def hit_told(hit: Hit, article: Article) -> HitJson:
    """The hit, with its article as it may be shown."""
    return hit_json(
        article,
        story=hit.article.story,
        score=hit.score,
        snippet=hit.snippet,
        why=hit.why,
        words=hit.words,
        copies=hit.copies,
    )
