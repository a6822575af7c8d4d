"""robots.txt, crawl-delay and TDM reservation: what a site asks for, it gets."""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.errors import Refused, Retry
from ortaq.gather.fetch import TooSoon, html_reserves_tdm
from ortaq.gather.fetch.robots import MAX_ROBOTS, parse_robots, parse_tdmrep
from ortaq.model import Page
from tests.gather.hostile import SOURCE, Answer, Server, answer, fetcher, redirect, serving

PAGE = {"/a": answer("a"), "/private/b": answer("b")}
TDMREP = "/.well-known/tdmrep.json"


def robots(text: str) -> dict[str, Answer]:
    return {**PAGE, "/robots.txt": answer(text, media_type="text/plain")}


def tdmrep(rules: object) -> dict[str, Answer]:
    return {**PAGE, TDMREP: answer(json.dumps(rules), media_type="application/json")}


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: *\nDisallow: /private/", False),
        ("User-agent: *\nDisallow: /\nAllow: /private/b$", True),
        ("User-agent: ortaq\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: Ortaq/2.0\nAllow: /\nUser-agent: *\nDisallow: /", True),
        ("User-agent: OrtaqImages\nDisallow: /", True),
        ("User-agent: Ort\nAllow: /\n\nUser-agent: *\nDisallow: /", False),
        ("\ufeffUser-agent: *\r\nDisallow: *b", False),
        ("User-agent: *\nDisallow:", True),
        ("<html>not found</html>", True),
        ("User-agent: *\nDisallow: /pri%76ate", False),
        ("User-agent: a\nUser-agent: Ortaq\nDisallow: /private # ours too", False),
    ],
)
def test_robots_is_obeyed_and_kept_as_evidence(text: str, allowed: bool) -> None:
    async def run() -> None:
        async with serving(robots(text)) as server, fetcher(server) as web:
            if allowed:
                await web.fetch(server.url("/private/b"), source=SOURCE, role="article")
            else:
                with pytest.raises(Refused, match="robots"):
                    await web.fetch(server.url("/private/b"), source=SOURCE, role="article")
            decisions, pages = web.drain_evidence()
            assert web.drain_evidence() == ([], [])
        assert [(d.url, d.rule, d.allowed) for d in decisions] == [(server.url("/private/b"), "robots.txt", allowed)]
        assert [(p.url, p.role, p.body, p.source) for p in pages] == [
            (server.url("/robots.txt"), "robots", text.encode(), SOURCE.id)
        ]
        assert ("/private/b" in server.paths()) == allowed

    asyncio.run(run())


@pytest.mark.parametrize(
    ("reply", "fate"),
    [
        (answer(b"", 404), "read"),
        (answer(b"", 403), "read"),
        (answer(b"", 500), "later"),
        (answer(b"", 503, retry_after="50"), "later"),
        (answer(b"", 429), "later"),
        (redirect("/robots.txt"), "read"),  # for ever: as if there were none (RFC 9309 2.3.1.2)
        (redirect("/other.txt"), "no"),
        (redirect("http://10.0.0.1/robots.txt"), "no"),
    ],
)
def test_a_robots_file_that_cannot_be_had(reply: bytes, fate: str) -> None:
    async def run() -> None:
        answers = {**PAGE, "/robots.txt": reply, "/other.txt": answer("User-agent: *\nDisallow: /")}
        async with serving(answers) as server, fetcher(server) as web:
            expected = {"read": None, "later": Retry, "no": Refused}[fate]
            for _ in range(2):
                if expected is None:
                    assert isinstance(await web.fetch(server.url("/a"), source=SOURCE, role="article"), Page)
                else:
                    with pytest.raises(expected):
                        await web.fetch(server.url("/a"), source=SOURCE, role="article")
            assert web.drain_evidence()[0][-1].allowed == (expected is None)
        if fate == "later":
            assert server.paths() == ["/robots.txt"]  # remembered for a while
        assert ("/a" in server.paths()) == (expected is None)

    asyncio.run(run())


def test_robots_is_asked_for_once_a_day() -> None:
    clock = [datetime(2026, 3, 1, tzinfo=UTC)]

    async def run() -> None:
        async with serving(PAGE) as server, fetcher(server, now=lambda: clock[0]) as web:
            await asyncio.gather(*(web.fetch(server.url("/a"), source=SOURCE, role="article") for _ in range(5)))
            clock[0] += timedelta(hours=23)
            await web.fetch(server.url("/a"), source=SOURCE, role="article")
            assert server.paths().count("/robots.txt") == 1
            clock[0] += timedelta(hours=2)
            await web.fetch(server.url("/a"), source=SOURCE, role="article")
            assert server.paths().count("/robots.txt") == 2

    asyncio.run(run())


def test_robots_of_a_redirects_target_counts_too() -> None:
    async def run() -> None:
        async with serving(robots("User-agent: *\nDisallow: /")) as other, serving() as server:
            server.answers["/a"] = redirect(other.url("/a"))
            async with fetcher(server, {"allow_hosts": ("127.0.0.1",)}) as web:
                with pytest.raises(Refused, match="robots"):
                    await web.fetch(server.url("/a"), source=SOURCE, role="article")
        assert other.paths() == ["/robots.txt"]

    asyncio.run(run())


def starts(server: Server) -> list[float]:
    return [later.at - earlier.at for earlier, later in pairwise(server.pages())]


def test_crawl_delay_and_one_connection_are_kept() -> None:
    async def run() -> None:
        answers = robots("User-agent: *\nCrawl-delay: 0.3")
        async with serving(answers) as server, fetcher(server, {"delay": 0.05}) as web:
            await asyncio.gather(*(web.fetch(server.url("/a"), source=SOURCE, role="article") for _ in range(4)))
            rules = [decision.rule for decision in web.drain_evidence()[0]]
        assert min(starts(server)) >= 0.25
        assert (server.peak, server.connections) == (1, 1)
        assert rules.count("crawl-delay") == 1

    asyncio.run(run())


def test_the_delay_setting_holds_between_any_two_requests_and_hosts_do_not_wait_for_each_other() -> None:
    async def run() -> None:
        settings = {"delay": 0.2, "allow_hosts": ("127.0.0.1",)}
        async with serving(PAGE) as one, serving(PAGE) as two, fetcher(one, settings) as web:
            urls = [one.url("/a"), two.url("/a")] * 2
            await asyncio.gather(*(web.fetch(url, source=SOURCE, role="article") for url in urls))
        for server in (one, two):
            gaps = [later.at - earlier.at for earlier, later in pairwise(server.seen)]
            assert len(gaps) == 3  # robots.txt, tdmrep.json and two pages
            assert min(gaps) >= 0.15
        assert one.seen[0].at < two.seen[1].at  # they took turns, neither was first finished
        assert two.seen[0].at < one.seen[1].at

    asyncio.run(run())


def test_a_crawl_delay_beyond_patience_lets_one_page_through_and_says_when_to_come_back() -> None:
    async def run() -> None:
        async with serving(robots("User-agent: *\nCrawl-delay: 300")) as server, fetcher(server) as web:
            server.answers["/from"] = redirect("/a")
            async with fetcher(server, {"max_crawl_delay": 0.2}) as strict:
                await strict.fetch(server.url("/from"), source=SOURCE, role="article")
                with pytest.raises(TooSoon) as caught:
                    await strict.fetch(server.url("/a"), source=SOURCE, role="article")
            await web.fetch(server.url("/a"), source=SOURCE, role="article")
        assert caught.value.after is not None
        assert 295 < caught.value.after <= 300

    asyncio.run(run())


@pytest.mark.parametrize(
    ("rules", "reserved"),
    [
        ([{"location": "/*", "tdm-reservation": 1}], True),
        ([{"location": "/", "tdm-reservation": "1"}], True),
        ([{"location": "/private/", "tdm-reservation": 1}], False),
        ([{"location": "/a", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}], False),
        ([{"location": "/*a$", "tdm-reservation": 1, "tdm-policy": "https://x.example/p"}], True),
        ([{"location": "/", "tdm-reservation": 2}], False),
        ({"location": "/", "tdm-reservation": 1}, False),
        ([None, 3, {"location": 5}, {"location": "/\nAllow: /"}], False),
    ],
)
def test_tdmrep_file(rules: object, reserved: bool) -> None:
    async def run() -> None:
        async with serving(tdmrep(rules)) as server, fetcher(server) as web:
            if reserved:
                with pytest.raises(Refused, match=r"tdmrep\.json"):
                    await web.fetch(server.url("/a"), source=SOURCE, role="article")
            else:
                await web.fetch(server.url("/a"), source=SOURCE, role="article")
            decisions, pages = web.drain_evidence()
            async with fetcher(server, {"honor_tdm": False}) as careless:
                await careless.fetch(server.url("/a"), source=SOURCE, role="article")
        assert pages[-1].url == server.url(TDMREP)
        assert all(d.allowed for d in decisions) != reserved
        assert server.paths().count(TDMREP) == 1

    asyncio.run(run())


@pytest.mark.parametrize(
    "reply",
    [
        answer("x", TDM_Reservation="1"),
        answer('<html><head><META content="1" NAME="tdm-reservation"/></head>'),
        answer("<meta name=tdm-reservation content=1>", media_type="application/xhtml+xml"),
    ],
)
def test_a_page_that_reserves_its_rights_is_not_handed_on(reply: bytes) -> None:
    async def run() -> None:
        async with serving({"/a": reply}) as server, fetcher(server) as web:
            with pytest.raises(Refused, match="reserved"):
                await web.fetch(server.url("/a"), source=SOURCE, role="article")
            last = web.drain_evidence()[0][-1]
            assert (last.rule, last.allowed) == ("tdm-reservation", False)
            async with fetcher(server, {"honor_tdm": False}) as careless:
                await careless.fetch(server.url("/a"), source=SOURCE, role="article")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("html", "reserved"),
    [
        ('<meta name="tdm-reservation" content="1">', True),
        ("<meta name='TDM-Reservation' content=' 1 '>", True),
        ('<meta name="tdm-reservation" content="0">', False),
        ('<!-- <meta name="tdm-reservation" content="1"> --><p>', False),
        ('<meta name="tdm-policy" content="1"><meta name="x" content="tdm-reservation">', False),
        ('<meta data-name="tdm-reservation" data-content="1">', False),
        ("", False),
    ],
)
def test_meta_tag(html: str, reserved: bool) -> None:
    assert html_reserves_tdm(html.encode()) == reserved
    assert html_reserves_tdm(html.encode("utf-16")) == reserved


@given(st.binary(max_size=300) | st.text(alphabet="<>meta-!= \"'tdm-reservation1content", max_size=200).map(str.encode))
def test_policy_parsers_take_any_bytes(body: bytes) -> None:
    rules = parse_robots(body)
    assert rules.allows("http://x.example/a") in (True, False)
    assert html_reserves_tdm(body) in (True, False)
    with contextlib.suppress(ValueError):
        parse_tdmrep(body)


@given(
    st.lists(st.sampled_from(["User-agent: *", "User-agent: Ortaq", "User-agent: O", "Disallow: /", "Allow: /a", ""]))
)
def test_another_robots_group_never_changes_what_ours_says(lines: list[str]) -> None:
    ours = ["", "User-agent: Ortaq", "Disallow: /secret", ""]
    foreign = [line for line in lines if line != "User-agent: Ortaq"]
    alone = parse_robots("\n".join(ours).encode())
    among = parse_robots("\n".join(["User-agent: Elsewhere", *foreign, *ours]).encode())
    for path in ("/", "/a", "/secret"):
        assert alone.allows(f"http://x.example{path}") == among.allows(f"http://x.example{path}")


def test_hostile_policy_files() -> None:
    with pytest.raises(ValueError):
        parse_tdmrep(b"[" * 400_000)
    late = b"User-agent: *\nDisallow: /" + b"x" * 40 + b"\n" + b"#" * MAX_ROBOTS + b"\nDisallow: /\n"
    assert parse_robots(late).allows("http://x.example/a")
    cut = b"User-agent: *\n" + b"\n" * (MAX_ROBOTS - 14 - 11) + b"Disallow: /only-this"
    assert parse_robots(cut).allows("http://x.example/other")
    stars = b"User-agent: *\nDisallow: /" + b"*a" * 200_000
    assert parse_robots(stars).allows("http://x.example/" + "a" * 5_000)
    assert not html_reserves_tdm(b"<meta tdm-reservation " * 50_000)
    assert not html_reserves_tdm(b"tdm-reservation<!--" * 50_000)
    assert not html_reserves_tdm(b"<meta " + b"name=" * 50_000 + b"tdm-reservation>")
