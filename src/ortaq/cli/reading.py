"""The commands that read: stories, search, show."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ortaq.cli.home import open_home
from ortaq.cli.output import print_json, print_table, printable, progress
from ortaq.errors import ConfigError, NotFound
from ortaq.model import Article, Story, tag
from ortaq.pipeline.home import Home
from ortaq.publish.json_records import ReasonJson, story_json
from ortaq.store.contract import Filters, StoredArticle, StoryQuery

if TYPE_CHECKING:
    from ortaq.search.answer import Answer, Hit

PAGE = 200  # stories read from the records at a time


def list_stories(
    folder: Path | None,
    *,
    language: str | None,
    outlet: str | None,
    country: str | None,
    since: datetime | None,
    min_articles: int,
    limit: int | None,
    json: bool,
) -> None:
    """Print stories, the newest first."""
    with open_home(folder) as home:
        left = limit if limit is not None else (sys.maxsize if json else 20)
        offset = 0
        rows = []
        while left > 0:
            query = StoryQuery(
                language=language,
                outlet=outlet,
                country=country,
                since=_utc(since),
                min_articles=min_articles,
                limit=min(PAGE, left),
                offset=offset,
            )
            found = home.records.stories(query)
            articles = _articles(home, [id for story in found for id in story.articles])
            for story in found:
                members = [articles[id] for id in story.articles if id in articles]
                if json:
                    print_json(cast(Any, story_json(story, members, [language] if language else [])))
                else:
                    rows.append(_story_row(story, language))
            offset += len(found)
            left -= len(found)
            if len(found) < PAGE:
                break
        if not json:
            print_table(["last", "id", "articles", "languages", "headline"], rows)


def _story_row(story: Story, language: str | None) -> list[str]:
    headline = story.headlines.get(language or "") or next(iter(story.headlines.values()), "")
    when = f"{story.last_published_at:%Y-%m-%d %H:%M}"
    return [when, story.id, str(len(story.articles)), " ".join(story.languages), headline]


def _articles(home: Home, ids: list[str]) -> dict[str, Article]:
    return {item.article.id: item.article for item in home.records.articles(ids)}


def search(
    folder: Path | None,
    query: str,
    *,
    limit: int,
    language: str | None,
    outlet: str | None,
    country: str | None,
    kind: str | None,
    since: datetime | None,
    until: datetime | None,
    mode: str,
    counts: bool,
    json: bool,
) -> None:
    """Print hits, best first, or how many of what there are; exit code 1 when there are none."""
    from ortaq.search.engine import MODES
    from ortaq.search.home import search_of

    if mode not in MODES:
        raise ConfigError(f"unknown mode {mode!r}", where="--mode", fix=f"Use one of {', '.join(MODES)}")
    with open_home(folder) as home:
        if home.records.counts()["outbox"]:
            with progress("Finishing the index"):
                home.pipeline.ensure_index()
        filters = Filters.of_one(language, outlet, country, _utc(since), _utc(until))
        kinds = (kind,) if kind else ()
        answer = search_of(home).search(query, filters=filters, kinds=kinds, mode=mode, limit=limit)
    if counts:
        _print_counts(answer, json)
    else:
        for hit in answer.hits:
            _print_hit(hit, json)
    if answer.ignored:
        print("left out of the search:", printable(", ".join(answer.ignored)), file=sys.stderr)
    if answer.suggestion:
        print("did you mean:", printable(answer.suggestion), file=sys.stderr)
    if not answer.hits:
        print("nothing found", file=sys.stderr)
        sys.exit(1)


def _print_hit(hit: Hit, json: bool) -> None:
    article = hit.article.article
    if json:
        from ortaq.search.told import hit_told

        print_json(cast(Any, hit_told(hit, article)))
        return
    facts = [tag(article.language, article.script), article.outlet, f"{article.at:%Y-%m-%d}"]
    if hit.copies:
        facts.append(f"{hit.copies} more with the same text")
    why = [*([f"words: {' '.join(hit.words)}"] if hit.words else []), *(["near in meaning"] if hit.meaning else [])]
    print(f"{printable(article.headline)}  [{', '.join(facts)}]")
    print(f"  {printable(hit.snippet)}\n  {printable('; '.join(why))}\n  {article.id}  {printable(article.url)}\n")


def _print_counts(answer: Answer, json: bool) -> None:
    by = answer.counts
    days = {day.isoformat(): count for day, count in by.days.items()}
    told = {"languages": by.languages, "countries": by.countries, "outlets": by.outlets, "kinds": by.kinds}
    if json:
        rest = {name: dict(values) for name, values in told.items()}
        print_json({"total": answer.total, "complete": answer.complete, **rest, "days": days})
        return
    print(f"{answer.total} found" + ("" if answer.complete else ", and more that were not looked at"))
    rows = [
        [name, value, str(count)] for name, values in {**told, "days": days}.items() for value, count in values.items()
    ]
    print_table(["by", "value", "articles"], rows)


def show(folder: Path | None, id: str, *, why: bool, json: bool) -> None:
    """Print an article or a story; `why` adds the reasons. Raises NotFound."""
    from ortaq.search.told import article_told

    with open_home(folder) as home:
        try:
            stored = home.records.article(id)
        except NotFound as error:
            _show_story(home, id, error, why=why, json=json)
            return
        outlets = {outlet.id: outlet for outlet in home.records.outlets()}
        article = stored.article
        made = article_told(stored, article, home.records, outlets.get(article.outlet), full=True)
        because = _reasons(home, [stored])[stored.article.id] if why else None
        if json:
            print_json(cast(Any, {**made, **({"why": because} if because else {})}))
            return
        for key, value in made.items():
            if key not in ("text", "quotations"):
                print(f"{key:12} {_plain(value)}")
        if because:
            print(f"{'why':12} {_said(because)}")
        for one in made["quotations"]:
            print(f"{'quotation':12} {printable(one['speaker'])}: {printable(one['text'])}")
        print("\n" + "\n".join(printable(line) for line in stored.article.text.split("\n")))


def _show_story(home: Home, id: str, no_article: NotFound, *, why: bool, json: bool) -> None:
    try:
        story = home.records.story(id)
    except NotFound:
        if no_article.fix:  # it says which articles the id may mean
            raise no_article from None
        raise NotFound(f"no article and no story has the id {id!r}", fix="Find one by `ortaq search`") from None
    stored = home.records.articles(story.articles)
    made = story_json(story, [item.article for item in stored])
    because = _reasons(home, stored) if why else {}
    if json:
        print_json(cast(Any, {**made, **({"why": list(because.values())} if why else {})}))
        return
    if story.id != id:
        print(f"{id} was merged into {story.id}:\n")
    print(f"{printable(made['title'])}\n{story.id}  {' '.join(story.languages)}\n")
    rows = [
        [
            (article["published"] or "unknown")[:16],
            article["language"],
            article["outlet"],
            article["id"],
            article["title"],
            *([_said(because[article["id"]])] if why else []),
        ]
        for article in made["articles"]
    ]
    print_table(["published", "language", "outlet", "id", "headline", *(["why"] if why else [])], rows)
    for change in home.records.story_changes(story.id):
        print(f"{change.at:%Y-%m-%d %H:%M} {change.kind}: {change.source} into {change.target}: {change.why}")


def _reasons(home: Home, articles: list[StoredArticle]) -> dict[str, ReasonJson]:
    from ortaq.search.why import reasons
    from ortaq.unify import threshold

    return reasons(articles, threshold(home.settings.unify))


def _said(why: ReasonJson) -> str:
    """A reason in one line."""
    match why["because"]:
        case "desk":
            return f"the desk put it here (decision {why['decision']})"
        case "began":
            return "began a story: nothing known was close enough"
        case "same_text":
            return f"the same text as {why['closest']}"
        case _:
            common = [f"{name}: {', '.join(why[name])}" for name in ("names", "numbers") if why[name]]
            score = f"likeness {why['score']:.2f} (joins from {why['threshold']:.2f})"
            return "; ".join([f"closest to {why['closest']}", score, *common])


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    if isinstance(value, dict):
        return " ".join(f"{key}={_plain(item)}" for key, item in value.items())
    return printable("" if value is None else str(value))


def _utc(instant: datetime | None) -> datetime | None:
    return instant.replace(tzinfo=UTC) if instant and instant.tzinfo is None else instant
