"""The API: what it says of itself, and what it answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.portal.sample import article, ask, make_app, open_region, put

ARTICLE_KEYS = {
    "id", "url", "outlet", "language", "script", "title", "lead", "text", "text_complete", "authors", "published",
    "fetched", "story_id", "copies", "quotations", "made_by",
}  # fmt: skip


def test_a_story_tells_of_its_articles(app: FastAPI) -> None:
    story = ask(app, "/api/v1/stories/s-bridge", accept_language="en").json()
    assert story["id"] == "s-bridge"
    assert story["title"] == "Aksengir opens a bridge over the Kokozen"
    assert story["first_published"] == "2026-11-24T06:20:00+00:00"
    assert [one["id"] for one in story["articles"]][:2] == ["a-kk1", "a-ru1"]
    assert set(story["articles"][0]) == {"id", "url", "outlet", "language", "title", "published"}


def test_a_merged_story_redirects(app: FastAPI) -> None:
    answer = ask(app, "/api/v1/stories/s-old")
    assert (answer.status_code, answer.headers["location"]) == (301, "/api/v1/stories/s-bridge")


def test_an_articles_text_is_whole_only_under_a_licence(app: FastAPI) -> None:
    whole, part = (ask(app, f"/api/v1/articles/{id}").json() for id in ("a-kk1", "a-ru1"))
    assert set(whole) == ARTICLE_KEYS
    assert whole["text_complete"] is True
    assert "\n\n" in whole["text"]
    assert part["text_complete"] is False
    assert part["story_id"] == "s-bridge"
    assert part["copies"] == [{"article": "a-ru2", "original": "a-ru1", "kind": "near", "overlap": 0.94}]
    assert ask(app, "/api/v1/articles/a-ru2").json()["copies"] == part["copies"]


def test_an_article_answers_to_the_id_it_was_given(tmp_path: Path) -> None:
    records = open_region(tmp_path)
    with records.write() as writer:
        for given, id in (("kz 1", "a-kk1"), ("2", "a-kk1"), ("2", "a-ru1")):
            writer.put_given_id(given, id)
    app = make_app(records, tmp_path)
    assert ask(app, "/api/v1/articles/kz 1").json() == ask(app, "/api/v1/articles/a-kk1").json()
    assert ask(app, "/article/kz 1").headers["location"].endswith("/article/a-kk1")
    several = ask(app, "/api/v1/articles/2")
    assert several.status_code == 404
    assert {"a-kk1", "a-ru1"} <= set(several.json()["error"]["fix"].split())


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
def test_the_cursor_walks_over_every_story_once(tmp_path: Path, limit: int) -> None:
    records = open_region(tmp_path)
    for number in range(12):  # several at one instant
        put(
            records,
            article(f"y{number}", "dala", "kk", "Cyrl", number // 4, f"Хабар {number}", "Мәтін."),
            f"s-y{number:02}",
        )
    app, seen, cursor = make_app(records, tmp_path), [], ""
    for turn in range(40):
        page = ask(app, f"/api/v1/stories?limit={limit}" + (f"&cursor={cursor}" if cursor else "")).json()
        seen += [story["id"] for story in page["stories"]]
        cursor = page["cursor"]
        if cursor is None:
            break
        # What comes in meanwhile is newer than all that was shown, and must not shift the rest.
        if turn < 3:
            put(records, article(f"z{turn}", "dala", "kk", "Cyrl", -1 - turn, "Жаңа", "Мәтін."), f"s-z{turn}")
    records.close()
    assert cursor is None
    assert len(seen) == len(set(seen)) == 18


def test_stories_are_filtered(app: FastAPI) -> None:
    def ids(query: str) -> set[str]:
        return {story["id"] for story in ask(app, f"/api/v1/stories?{query}").json()["stories"]}

    assert ids("language=ug") == {"s-bridge", "s-radio"}
    assert ids("outlet=stepnoy") == {"s-bridge", "s-museum"}
    assert ids("country=KG") == {"s-bridge", "s-snow"}
    assert ids("until=2026-11-22T00:00:00Z") == {"s-museum"}
    assert ids("since=2026-11-24T11:00:00%2B00:00") == {"s-snow"}


def test_search_and_outlets_and_status(app: FastAPI) -> None:
    found = ask(app, "/api/v1/search?q=412&language=kk").json()
    assert found["total"] == 1
    assert set(found["hits"][0]) == {
        "article_id",
        "story_id",
        "url",
        "title",
        "language",
        "score",
        "snippet",
        "why",
        "words",
        "copies",
    }
    outlets = ask(app, "/api/v1/outlets").json()["outlets"]
    assert {outlet["id"]: outlet["articles"] for outlet in outlets}["dala"] == 4
    status = ask(app, "/api/v1/status").json()
    assert status["counts"]["articles"] == 16


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/stories?limit=0", 400),
        ("/api/v1/stories?cursor=zzz", 400),
        ("/api/v1/stories?cursor=%F0%9F%98%80", 400),
        ("/api/v1/stories?since=2026-11-24", 400),
        ("/api/v1/stories?language=%3C", 400),
        ("/api/v1/search", 400),
        ("/api/v1/search?q=x&mode=y", 400),
        ("/api/v1/stories/none", 404),
        ("/api/v1/articles/none", 404),
        ("/api/v1/none", 404),
    ],
)
def test_errors_have_three_parts(app: FastAPI, path: str, status: int) -> None:
    answer = ask(app, path)
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"what", "where", "fix"}
    assert answer.json()["error"]["what"]


def test_openapi_describes_what_is_answered(app: FastAPI) -> None:
    api = ask(app, "/api/v1/openapi.json").json()
    assert set(api["paths"]) == {
        f"/api/v1/{name}"
        for name in ("stories", "stories/{id}", "stories/{id}/why", "articles/{id}", "outlets", "search", "status")
    }
    assert set(api["components"]["schemas"]["ArticleJson"]["properties"]) == ARTICLE_KEYS
    answers = {"/api/v1/stories": "StoriesJson", "/api/v1/search?q=412": "SearchJson", "/api/v1/status": "StatusJson"}
    for path, name in answers.items():
        assert set(ask(app, path).json()) == set(api["components"]["schemas"][name]["properties"])


def test_the_api_itself_leads_to_its_description(app: FastAPI) -> None:
    answer = ask(app, "/api/v1")
    assert (answer.status_code, answer.headers["location"]) == (307, "/api/v1/docs")


def test_search_turns_its_pages_by_a_cursor(app: FastAPI) -> None:
    whole = ask(app, "/api/v1/search?q=412&limit=100").json()
    seen, cursor = [], ""
    for _ in range(whole["total"]):
        found = ask(app, f"/api/v1/search?q=412&limit=3{cursor and '&cursor=' + cursor}").json()
        seen += [hit["article_id"] for hit in found["hits"]]
        cursor = found["cursor"]
        if cursor is None:
            break
    assert seen == [hit["article_id"] for hit in whole["hits"]]
    assert len(seen) > 3
    assert whole["cursor"] is None
    for damaged in ("x", "4pyT", "MSAyIDM", "LTEgeA"):
        answer = ask(app, f"/api/v1/search?q=412&cursor={damaged}")
        assert (answer.status_code, answer.json()["error"]["where"]) == (400, "cursor")


def test_search_counts_and_narrows_by_kind(app: FastAPI) -> None:
    found = ask(app, "/api/v1/search?q=412").json()
    assert found["kinds"]["agency"] == 2
    assert sum(found["days"].values()) == found["total"]
    narrowed = ask(app, "/api/v1/search?q=412&kind=agency").json()
    assert narrowed["total"] == 2
    assert {hit["why"] for hit in narrowed["hits"]} == {"words"}


@pytest.mark.parametrize(
    ("address", "fix"),
    [
        ("/api/v1/search?q=412&lang=kk", "Did you mean language?"),
        ("/api/v1/stories?limits=3", "Did you mean limit?"),
        ("/api/v1/status?x=1", "This address has no parameters"),
    ],
)
def test_an_unknown_parameter_is_refused(app: FastAPI, address: str, fix: str) -> None:
    answer = ask(app, address)
    assert answer.status_code == 400
    assert answer.json()["error"]["fix"] == fix
