"""Pages as they come from a well-behaved server, and answers that are none."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

import ortaq
from ortaq.errors import ConfigError, Quarantined, Retry
from ortaq.gather.fetch import Fetcher, NotModified, TooSoon
from ortaq.model import Hints, Page
from ortaq.settings import GatherSettings, SiteSettings
from tests.gather.hostile import SOURCE, answer, fetcher, redirect, serving

TEXT = "Қар жауды: тау жолы жабық. ".encode() * 40


def packed(coding: str) -> bytes:
    raw = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return {
        "gzip": gzip.compress(TEXT),
        "x-gzip": gzip.compress(TEXT[:500]) + gzip.compress(TEXT[500:]),  # two members
        "deflate": zlib.compress(TEXT),
        "deflate, identity": raw.compress(TEXT) + raw.flush(),  # raw, as some servers mean it
        "GZIP": gzip.compress(TEXT) + b"\0" * 700,  # padding after the end
        "identity": TEXT,
    }[coding]


def test_a_page_with_all_that_is_known_of_it() -> None:
    async def run() -> None:
        async with serving({"/a?b=ü": b"", "/a?b=%C3%BC": answer(TEXT, etag='"7"')}) as server, fetcher(server) as web:
            before = datetime.now(UTC)
            page = await web.fetch(server.url("/a?b=ü#part"), source=SOURCE, role="article", hints=Hints(title="Қар"))
        assert isinstance(page, Page)
        assert page.body == TEXT
        assert (page.url, page.final_url) == (server.url("/a?b=ü#part"), server.url("/a?b=%C3%BC"))
        assert (page.media_type, page.status, page.role) == ("text/html", 200, "article")
        assert (page.outlet, page.source, page.hints.title) == ("steppe-post", SOURCE.id, "Қар")
        assert before <= page.fetched_at <= datetime.now(UTC)
        assert ("etag", '"7"') in page.headers
        asked = server.pages()[0].headers
        assert asked["user-agent"] == f"Ortaq/{ortaq.__version__} (+desk@ortaq.example)"
        assert asked["accept-encoding"] == "gzip, deflate"
        assert asked["host"] == server.host
        assert "cookie" not in asked

    asyncio.run(run())


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "deflate, identity", "GZIP", "identity"])
def test_content_coding_is_undone(coding: str) -> None:
    async def run() -> None:
        reply = answer(packed(coding), content_encoding=coding)
        async with serving({"/": reply}) as server, fetcher(server) as web:
            page = await web.fetch(server.url(), source=SOURCE, role="article")
        assert isinstance(page, Page)
        assert page.body == TEXT

    asyncio.run(run())


def test_chunked_bodies_of_any_cut_are_joined() -> None:
    async def run() -> None:
        data = gzip.compress(TEXT)
        chunks = b"".join(b"1\r\n%b\r\n" % data[i : i + 1] for i in range(len(data))) + b"0\r\n\r\n"
        head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-encoding: gzip\r\n\r\n"
        async with serving({"/": head + chunks}) as server, fetcher(server) as web:
            page = await web.fetch(server.url(), source=SOURCE, role="article")
        assert isinstance(page, Page)
        assert page.body == TEXT
        assert page.media_type == "application/octet-stream"

    asyncio.run(run())


def test_a_compressed_body_that_fills_whole_steps_is_complete() -> None:
    async def run() -> None:
        body = bytes(262_144 * 3)  # exactly three steps of the decompressor
        reply = answer(gzip.compress(body), content_encoding="gzip")
        async with serving({"/": reply}) as server, fetcher(server) as web:
            page = await web.fetch(server.url(), source=SOURCE, role="article")
        assert isinstance(page, Page)
        assert page.body == body

    asyncio.run(run())


def test_conditional_requests() -> None:
    async def run() -> None:
        async with serving({"/feed": answer(status=304, etag='"8"')}) as server, fetcher(server) as web:
            date = "Sun, 01 Mar 2026 12:00:00 GMT"
            for _ in range(3):
                result = await web.fetch(
                    server.url("/feed"), source=SOURCE, role="listing", etag='W/"7"', last_modified=date
                )
            with pytest.raises(Retry):  # not asked for
                await web.fetch(server.url("/feed"), source=SOURCE, role="listing")
            with pytest.raises(Retry):  # a stored value that would break out of its header is not sent
                await web.fetch(server.url("/feed"), source=SOURCE, role="listing", etag='"x"\r\nEvil: 1')
        assert isinstance(result, NotModified)
        assert (result.etag, result.last_modified) == ('"8"', date)
        asked = server.pages()
        assert asked[0].headers["if-none-match"] == 'W/"7"'
        assert asked[0].headers["if-modified-since"] == date
        assert "if-none-match" not in asked[3].headers
        assert "evil" not in asked[4].headers
        assert server.connections == 1  # kept open through all of it

    asyncio.run(run())


def test_redirects_are_followed_and_the_last_address_is_kept() -> None:
    async def run() -> None:
        answers = {
            "/1": redirect("2", 301),
            "/2": redirect("/тау#x", 307),
            "/%D1%82%D0%B0%D1%83": answer("снег"),
        }
        async with serving(answers) as server, fetcher(server) as web:
            page = await web.fetch(server.url("/1"), source=SOURCE, role="article")
        assert isinstance(page, Page)
        assert page.final_url == server.url("/%D1%82%D0%B0%D1%83")
        assert server.connections == 1

    asyncio.run(run())


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "not found"), (410, "gone"), (451, "legal"), (403, "403"), (400, "400"), (204, "204"), (206, "206")],
)
def test_answers_that_will_not_change_are_quarantined(status: int, words: str) -> None:
    async def run() -> None:
        async with serving({"/": answer(b"", status)}) as server, fetcher(server) as web:
            with pytest.raises(Quarantined, match=words) as caught:
                await web.fetch(server.url(), source=SOURCE, role="article")
        assert caught.value.where == server.url()

    asyncio.run(run())


@pytest.mark.parametrize("status", [202, 408, 429, 500, 502, 503])
def test_answers_that_may_change_are_tried_again(status: int) -> None:
    async def run() -> None:
        async with serving({"/": answer(b"", status)}) as server, fetcher(server) as web:
            with pytest.raises(Retry, match=str(status)) as caught:
                await web.fetch(server.url(), source=SOURCE, role="article")
        assert caught.value.after is None

    asyncio.run(run())


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_holds_for_the_whole_host(status: int) -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    async def run() -> None:
        answers = {
            "/a": answer(b"", status, retry_after=format_datetime(now + timedelta(seconds=600), usegmt=True)),
            "/b": answer(b"fine"),
        }
        async with serving(answers) as server, fetcher(server, now=lambda: now) as web:
            with pytest.raises(Retry) as caught:
                await web.fetch(server.url("/a"), source=SOURCE, role="article")
            assert caught.value.after == 600
            with pytest.raises(TooSoon) as other:
                await web.fetch(server.url("/b"), source=SOURCE, role="article")
        assert other.value.after is not None
        assert 590 < other.value.after < 661
        assert [seen.path for seen in server.pages()] == ["/a"]

    asyncio.run(run())


def test_a_server_that_is_not_there_is_tried_again() -> None:
    async def run() -> None:
        async with serving() as server:
            pass
        async with fetcher(server) as web:
            with pytest.raises(Retry, match=r"robots\.txt can't be had"):
                await web.fetch(server.url(), source=SOURCE, role="article")

    asyncio.run(run())


def test_environment_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async def run() -> None:
        async with serving({"/": answer(b"direct")}) as server, fetcher(server) as web:
            page = await web.fetch(server.url(), source=SOURCE, role="article")
        assert isinstance(page, Page)

    asyncio.run(run())


def test_a_user_agent_that_http_cannot_carry_is_a_wrong_setting() -> None:
    for contact in ("тау@post.example", "a@b.example\r\nHost: evil"):
        with pytest.raises(ConfigError, match="User-Agent"):
            Fetcher(GatherSettings(), SiteSettings(contact=contact))
