"""Records as JSON values: the same fields in the API, on the command line and in files.

Instants are ISO 8601 strings with their zone; what is not known is null, never left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

# pydantic, which checks the API's answers against these, takes no typing.TypedDict before Python 3.12.
from typing_extensions import TypedDict

from ortaq.model import Article, CopyLink, Membership, Outlet, Quotation, Story
from ortaq.publish.clean import excerpt


class StoryArticleJson(TypedDict):
    """An article as its story lists it."""

    id: str
    url: str
    outlet: str
    language: str
    title: str
    published: str | None


class WordsJson(TypedDict):
    """A story in one of its languages: the headline of one article, sentences of one, and which these are."""

    language: str
    title: str
    title_article: str
    summary: str
    summary_article: str


class StoryJson(TypedDict):
    """One event. `title` is in the language asked for, where the story has one in it."""

    id: str
    title: str
    languages: list[str]
    outlets: list[str]
    first_published: str
    last_published: str
    words: list[WordsJson]
    articles: list[StoryArticleJson]


class CopyJson(TypedDict):
    """`article` repeats `original`; `overlap` in 0..1."""

    article: str
    original: str
    kind: str
    overlap: float


class QuotationJson(TypedDict):
    """What was said, and by whom as the article names them; `direct` for words in quotation marks or after a dash."""

    text: str
    speaker: str
    direct: bool


class ArticleJson(TypedDict):
    """`text` is an excerpt, and `text_complete` false, where the outlet's licence does not allow the whole.

    `quotations` were found in the text by a machine; of an excerpt, those that stand in it.
    """

    id: str
    url: str
    outlet: str
    language: str
    script: str
    title: str
    lead: str
    text: str
    text_complete: bool
    authors: list[str]
    published: str | None
    fetched: str
    story_id: str
    copies: list[CopyJson]
    quotations: list[QuotationJson]
    made_by: dict[str, str]


class ReasonJson(TypedDict):
    """Why an article is in its story: `began` it (nothing was close enough), `same_text` (as `closest`), `joined` (its
    `score` with `closest` reached `threshold`), `desk` (the newsroom's `decision`; the rest was found before)."""

    article: str
    because: str
    score: float | None
    threshold: float
    closest: str | None
    names: list[str]
    numbers: list[str]
    decision: str | None
    made_by: dict[str, str]


class StoryReasonsJson(TypedDict):
    """A story's articles with the reasons for each."""

    story: str
    reasons: list[ReasonJson]


class HitJson(TypedDict):
    """An article found; `score` compares inside one answer; `why` is words, meaning or both; `copies` are folded."""

    article_id: str
    story_id: str
    url: str
    title: str
    language: str
    score: float
    snippet: str
    why: str
    words: list[str]
    copies: int


class OutletJson(TypedDict):
    """A news brand, how many of its articles are known, and when the newest one appeared."""

    id: str
    name: str
    site: str
    country: str
    kind: str
    languages: list[str]
    license: str
    full_text: bool
    fictional: bool
    articles: int
    newest: str | None


def best_headline(headlines: Mapping[str, str], preferred: Sequence[str]) -> tuple[str, str]:
    """(language, headline): the first preferred language there is, in any script if not in its own; else the first
    one given; ("und", "") when empty."""
    for wanted in preferred:
        for language in (wanted, *(other for other in headlines if other.partition("-")[0] == wanted)):
            if headlines.get(language):
                return language, headlines[language]
    return next(iter(headlines.items()), ("und", ""))


def story_json(story: Story, articles: Sequence[Article], preferred: Sequence[str] = ()) -> StoryJson:
    """A story with its articles, oldest first."""
    return {
        "id": story.id,
        "title": best_headline(story.headlines, preferred)[1],
        "languages": list(story.languages),
        "outlets": list(story.outlets),
        "first_published": story.first_published_at.isoformat(),
        "last_published": story.last_published_at.isoformat(),
        "words": [
            {
                "language": one.language,
                "title": one.headline,
                "title_article": one.headline_article,
                "summary": " ".join(one.summary),
                "summary_article": one.summary_article,
            }
            for one in story.words
        ],
        "articles": [
            {
                "id": article.id,
                "url": article.url,
                "outlet": article.outlet,
                "language": article.language,
                "title": article.headline,
                "published": article.published_at.isoformat() if article.published_at else None,
            }
            for article in sorted(articles, key=lambda article: (article.at, article.id))
        ],
    }


def reason_json(
    article: str,
    because: str,
    membership: Membership | None,
    threshold: float,
    names: Sequence[str] = (),
) -> ReasonJson:
    """A reason; `names` are the shared ones as the article writes them."""
    closest = membership.closest if membership else ""
    return {
        "article": article,
        "because": because,
        "score": round(membership.score, 4) if membership and closest else None,
        "threshold": threshold,
        "closest": closest or None,
        "names": list(names),
        "numbers": list(membership.shared_numbers) if membership else [],
        "decision": membership.made_by.get("desk") if membership else None,
        "made_by": dict(membership.made_by) if membership else {},
    }


def article_json(
    article: Article,
    outlet: Outlet | None,
    *,
    story: str,
    copies: Sequence[CopyLink] = (),
    full: bool = False,
    quotations: Sequence[Quotation] = (),
) -> ArticleJson:
    """An article; `full` gives the whole text whatever the licence says (for the owner's own eyes).

    `copies` are the copy links the article is part of, on either side, `quotations` those of its text.
    An unknown outlet (None) gives no licence.
    """
    complete = full or (outlet is not None and outlet.full_text)
    text = article.text if complete else excerpt(article.text)
    return {
        "id": article.id,
        "url": article.url,
        "outlet": article.outlet,
        "language": article.language,
        "script": article.script,
        "title": article.headline,
        "lead": article.lead if complete else excerpt(article.lead),
        "text": text,
        "text_complete": complete,
        "authors": list(article.authors),
        "published": article.published_at.isoformat() if article.published_at else None,
        "fetched": article.fetched_at.isoformat(),
        "story_id": story,
        "copies": [copy_json(link) for link in copies],
        "quotations": [
            {"text": one.text, "speaker": one.speaker, "direct": one.direct}
            for one in quotations
            if complete or one.text in text
        ],
        "made_by": dict(article.made_by),
    }


def copy_json(link: CopyLink) -> CopyJson:
    """A copy link."""
    return {"article": link.article, "original": link.original, "kind": link.kind, "overlap": round(link.overlap, 4)}


def hit_json(
    article: Article,
    *,
    story: str,
    score: float,
    snippet: str,
    why: str = "words",
    words: Sequence[str] = (),
    copies: int = 0,
) -> HitJson:
    """A search hit."""
    return {
        "article_id": article.id,
        "story_id": story,
        "url": article.url,
        "title": article.headline,
        "language": article.language,
        "score": score,
        "snippet": snippet,
        "why": why,
        "words": list(words),
        "copies": copies,
    }


def outlet_json(outlet: Outlet, articles: int = 0, newest: datetime | None = None) -> OutletJson:
    """An outlet with what is known of its articles."""
    return {
        "id": outlet.id,
        "name": outlet.name,
        "site": outlet.site,
        "country": outlet.country,
        "kind": outlet.kind,
        "languages": list(outlet.languages),
        "license": outlet.license,
        "full_text": outlet.full_text,
        "fictional": outlet.fictional,
        "articles": articles,
        "newest": newest.isoformat() if newest else None,
    }
