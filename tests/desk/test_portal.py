"""The desk on the portal: only behind its token, only by its own forms, and what it decides holds."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from ortaq import desk
from ortaq.errors import ConfigError
from ortaq.portal.app import create_app
from ortaq.portal.session import LASTS, Sessions
from ortaq.settings import DeskSettings, Settings
from tests.desk.world import World
from tests.portal.sample import NOW, Substring, ask

TOKEN = "күнделікті-кілт-0123456789"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.take(*(made.page(number, 1) for number in (1, 2, 3)), *(made.page(number, 2) for number in (4, 5)))
    yield made
    made.close()


def portal(world: World, enabled: bool = True, token: str = TOKEN) -> FastAPI:
    settings = replace(Settings(home=world.folder), desk=DeskSettings(enabled=enabled, token=token))
    return create_app(
        settings=settings,
        records=world.records,
        searcher=Substring(world.records),
        now=lambda: NOW,
        decide=world.pipeline.decide,
    )


def post(app: FastAPI, path: str, cookie: str = "", site: str = "", **fields: object) -> httpx.Response:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.example") as client:
            headers = {"content-type": "application/x-www-form-urlencoded", "accept-language": "en"}
            headers |= {"cookie": cookie} if cookie else {}
            headers |= {"sec-fetch-site": site} if site else {}
            return await client.post(path, content=urlencode(fields, doseq=True), headers=headers)

    return asyncio.run(go())


def signed_in(app: FastAPI) -> tuple[str, str]:
    """The cookie, and the token for forms."""
    answer = post(app, "/desk/sign-in", name="Айгүл Тасова", token=TOKEN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    cookie = answer.headers["set-cookie"]
    assert {"httponly", "path=/", "samesite=strict"} <= {part.strip().lower() for part in cookie.split(";")}
    given = cookie.partition(";")[0]
    page = ask(app, "/desk", cookie=given, accept_language="en")
    assert page.headers["cache-control"] == "no-store"
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found
    return given, found[1]


def test_without_the_setting_there_is_no_desk(world: World) -> None:
    app = portal(world, enabled=False)
    assert ask(app, "/desk").status_code == 404
    assert post(app, "/desk/decide", do="undo 1").status_code in (404, 405)
    with pytest.raises(ConfigError, match="at least 16 characters"):
        portal(world, token="short")


def test_the_public_sees_no_buttons(world: World) -> None:
    app = portal(world)
    page = ask(app, f"/story/{world.stories()['1']}", accept_language="en").text
    assert "/desk/" not in page
    assert "Айгүл" not in page
    assert "Sign in" in ask(app, "/desk", accept_language="en").text


def test_one_click_decides_and_one_takes_it_back(world: World) -> None:
    app, (bridge, snow) = portal(world), (world.stories()["1"], world.stories()["4"])
    cookie, csrf = signed_in(app)
    page = html.document_fromstring(ask(app, f"/story/{bridge}", cookie=cookie, accept_language="en").text)
    buttons = page.xpath("//button[@name='do']/@value")
    assert {f"split {world.id(3)}", f"pin {world.id(1)}"} <= set(buttons)
    assert page.xpath("//input[@name='csrf']/@value")[0] == csrf
    forms = {form.get("id") for form in page.xpath("//form[@action='/desk/decide']")}
    assert {"one", "desk"} <= forms
    assert set(page.xpath("//button/@form|//input/@form")) <= forms

    def click(do: str, **fields: object) -> str:
        answer = post(app, "/desk/decide", cookie, "same-origin", csrf=csrf, story=bridge, do=do, **fields)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    assert click(f"split {world.id(3)}") == f"/story/{bridge}"
    assert world.stories()["3"] != bridge
    last = world.records.desk.decisions()[-1]
    assert (last.who, last.at, last.kind) == ("Айгүл Тасова", NOW, "split")
    told = ask(app, f"/story/{bridge}", cookie=cookie, accept_language="en").text
    assert f'value="undo {last.seq}"' in told
    click(f"undo {last.seq}")
    assert world.stories()["3"] == bridge
    click("move", article=[world.id(2), world.id(3)], other=f"https://portal.example/story/{snow}?ui=kk")
    assert world.stories()["2"] == world.stories()["3"] == snow
    click(f"pin {world.id(1)}")
    assert "Unpin" in ask(app, f"/story/{bridge}", cookie=cookie, accept_language="en").text
    click("merge", other=snow)
    assert set(world.stories().values()) == {bridge}
    assert ask(app, f"/story/{snow}").status_code == 301
    public = ask(app, f"/story/{bridge}", accept_language="en").text
    assert "The newsroom decided it." in public
    assert "The newsroom put it here by hand." in public
    assert "Айгүл" not in public
    assert "Айгүл Тасова" in ask(app, "/desk", cookie=cookie).text


def test_a_form_that_is_not_ours_changes_nothing(world: World) -> None:
    app, (bridge, snow) = portal(world), (world.stories()["1"], world.stories()["4"])
    cookie, csrf = signed_in(app)
    other = Sessions("another token of some length").begin("another token of some length", "Мен", NOW)
    merge = {"story": bridge, "do": f"merge {snow}"}
    refused = [
        post(app, "/desk/decide", "", csrf=csrf, **merge),
        post(app, "/desk/decide", cookie, csrf="", **merge),
        post(app, "/desk/decide", cookie, csrf=csrf[:-1] + "ж", **merge),
        post(app, "/desk/decide", cookie, "cross-site", csrf=csrf, **merge),
        post(app, "/desk/decide", cookie, "same-site", csrf=csrf, **merge),
        post(app, "/desk/decide", f"desk={other}", csrf=csrf, **merge),
        post(app, "/desk/decide", cookie[:-2] + "AA", csrf=csrf, **merge),
    ]
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    assert post(app, "/desk/decide", cookie, csrf=csrf, story="x" * 70_000).status_code == 413
    assert ask(app, f"/desk/decide?{urlencode(merge)}", cookie=cookie).status_code == 405
    assert world.records.desk.decisions() == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"do": "merge", "other": ""}, 400),
        ({"do": "merge", "other": "snone"}, 400),
        ({"do": "merge", "other": "/story/<b>"}, 400),
        ({"do": "split"}, 400),
        ({"do": "split anone"}, 400),
        ({"do": "undo ²"}, 400),
        ({"do": "undo 99"}, 400),
        ({"do": "erase"}, 400),
        ({}, 400),
    ],
)
def test_what_makes_no_sense_is_answered_in_words(world: World, fields: dict[str, str], status: int) -> None:
    app = portal(world)
    cookie, csrf = signed_in(app)
    answer = post(app, "/desk/decide", cookie, csrf=csrf, story=world.stories()["1"], **fields)
    assert (answer.status_code, "<h1" in answer.text) == (status, True)
    assert world.records.desk.decisions() == []


def test_what_can_not_be_decided_is_said_in_the_readers_language(world: World) -> None:
    app, bridge = portal(world), world.stories()["1"]
    cookie, csrf = signed_in(app)
    same = post(app, "/desk/decide", cookie, csrf=csrf, story=bridge, do=f"merge {bridge}")
    assert (same.status_code, "That is this very story" in same.text) == (400, True)
    kazakh = post(app, "/desk/decide", f"{cookie}; ui=kk", csrf=csrf, story=bridge, do=f"merge {bridge}")
    assert "Бұл дәл осы оқиға" in kazakh.text
    alone = [world.id(4), world.id(5)]
    everything = post(app, "/desk/decide", cookie, csrf=csrf, story=world.stories()["4"], do="split", article=alone)
    assert "Choose some of its articles, not all" in everything.text
    assert world.records.desk.decisions() == []


def test_the_log_names_stories_by_their_headlines(world: World) -> None:
    app, (bridge, snow) = portal(world), (world.stories()["1"], world.stories()["4"])
    cookie, csrf = signed_in(app)
    post(app, "/desk/decide", cookie, csrf=csrf, story=bridge, do=f"move {world.id(3)}", other=snow)
    page = html.document_fromstring(ask(app, "/desk", cookie=cookie, accept_language="en").text)
    named = {link.get("href"): link.text_content() for link in page.xpath("//ul[@class='changes']//a")}
    assert named == {f"/story/{id}": next(iter(world.records.story(id).headlines.values())) for id in (bridge, snow)}


def test_guessing_the_token_is_slowed_down(world: World) -> None:
    app = portal(world)
    assert post(app, "/desk/sign-in", name="", token=TOKEN).status_code == 403
    answers = [post(app, "/desk/sign-in", name="Мен", token=f"guess{number}") for number in range(12)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429] * 2
    assert not any("set-cookie" in answer.headers for answer in answers)
    assert post(app, "/desk/sign-in", name="Мен", token=TOKEN).status_code == 429


def test_a_session_ends(world: World) -> None:
    sessions = Sessions(TOKEN)
    cookie = sessions.begin(TOKEN, "Айша", NOW)
    assert cookie
    session = sessions.read(cookie, NOW + LASTS - timedelta(seconds=1))
    assert session
    assert session.who == "Айша"
    assert sessions.read(cookie, NOW + LASTS) is None
    assert Sessions(TOKEN + "!").read(cookie, NOW) is None
    app = portal(world)
    given, csrf = signed_in(app)
    bridge = world.stories()["1"]
    late = post(app, "/desk/decide", "", csrf=csrf, story=bridge, do=f"pin {world.id(1)}")
    assert (late.status_code, "no longer signed in" in late.text, "fault is on our side" in late.text) == (
        403,
        True,
        False,
    )
    back = html.document_fromstring(late.text).xpath("//form[@action='/desk/sign-in']//input[@type='hidden']")[0]
    again = post(app, "/desk/sign-in", name="Айша", token=TOKEN, **{back.get("name"): back.get("value")})
    assert again.headers["location"] == f"/story/{bridge}"
    gone = post(app, "/desk/sign-out", given, csrf=csrf)
    assert "Max-Age=0" in gone.headers["set-cookie"]


@given(st.text(max_size=80) | st.from_regex(r"[\w=-]{0,20}\.[\w=-]{0,50}", fullmatch=True))
def test_no_cookie_that_we_did_not_sign_is_a_session(cookie: str) -> None:
    assert Sessions(TOKEN).read(cookie, NOW) is None


def test_the_log_is_the_desks(world: World) -> None:
    world.decide(desk.merge, world.stories()["1"], world.stories()["4"])
    app = portal(world)
    cookie, _ = signed_in(app)
    for ui, words in (("kk", "Қайтарып алу"), ("ru", "Отменить"), ("en", "Take back")):
        assert words in ask(app, f"/desk?ui={ui}", cookie=cookie).text
