"""Servers that mean harm, or are badly broken: every one of them ends in an error with a name, in time, in memory."""

from __future__ import annotations

import asyncio
import gzip
import os
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from ortaq.errors import OrtaqError, Quarantined, Retry
from ortaq.model import Page
from tests.gather.hostile import SOURCE, Answer, answer, dripping, fetcher, flooding, redirect, serving, silent

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"


def fate(reply: Answer, **settings: object) -> OrtaqError | Page:
    """What becomes of a page that is answered so; the same host must be readable afterwards."""

    async def run() -> OrtaqError | Page:
        async with serving({"/": reply, "/well": answer("well")}) as server, fetcher(server, settings) as web:
            result: object
            try:
                result = await web.fetch(server.url(), source=SOURCE, role="article")
            except OrtaqError as error:
                result = error
            after = await web.fetch(server.url("/well"), source=SOURCE, role="article")
            assert isinstance(after, Page)
            assert after.body == b"well"
        assert isinstance(result, OrtaqError | Page)
        return result

    return asyncio.run(run())


@pytest.mark.parametrize(
    "reply",
    [
        flooding(OK + b"\r\n", b"x" * 65_536),
        flooding(CHUNKED, b"8000\r\n" + b"x" * 0x8000 + b"\r\n"),
        flooding(OK + b"content-encoding: gzip\r\n\r\n", gzip.compress(b"x" * 100_000)),
        flooding(OK + b"content-encoding: gzip\r\n\r\n", gzip.compress(b"") * 500),
        answer(b"x", content_length="2000000000"),
        answer(zlib.compress(bytes(5_000_000)), content_encoding="deflate"),
    ],
    ids=["endless", "endless chunks", "endless gzip", "endless empty gzip", "announced", "deflate"],
)
def test_a_body_over_the_limit_is_quarantined_with_both_sizes(reply: Answer) -> None:
    result = fate(reply, max_bytes=1_000_000)
    assert isinstance(result, Quarantined)
    assert "1,000,000" in result.what


def test_a_body_of_exactly_the_limit_is_read() -> None:
    for reply in (answer(b"x" * 1_000), answer(gzip.compress(b"x" * 1_000), content_encoding="gzip")):
        page = fate(reply, max_bytes=1_000)
        assert isinstance(page, Page)
        assert len(page.body) == 1_000
    assert isinstance(fate(answer(b"x" * 1_001), max_bytes=1_000), Quarantined)


BOMB = """
import asyncio, pathlib, re, resource, sys
from ortaq.errors import Quarantined
from tests.gather.hostile import SOURCE, fetcher, gzip_bomb, serving

async def main() -> None:
    async with serving({"/": gzip_bomb(1024)}) as server, fetcher(server, {"timeout": 10.0}) as web:
        try:
            await web.fetch(server.url(), source=SOURCE, role="article")
        except Quarantined as error:
            print(error)

asyncio.run(main())
status = pathlib.Path("/proc/self/status")
if status.exists():  # getrusage would count the test process that started this one
    print(int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) * 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_a_gzip_bomb_of_a_gibibyte_costs_no_memory() -> None:
    root = Path(__file__).resolve().parents[2]
    environ = {**os.environ, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"}
    done = subprocess.run([sys.executable, "-c", BOMB], env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    message, peak = done.stdout.strip().splitlines()
    assert "too large" in message
    assert "20,000,000" in message
    assert int(peak) < 200_000_000


@pytest.mark.parametrize(
    "reply",
    [
        silent,
        dripping(OK, b"x-filler: y\r\n"),
        dripping(OK + b"\r\n", b"x"),
        dripping(CHUNKED, b"1\r\nx\r\n"),
        dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        dripping(b"HTTP/1.1 404 Not Found\r\n\r\n", b"x"),
    ],
    ids=["silent", "headers", "body", "chunks", "continue", "error body"],
)
def test_a_slow_loris_is_cut_off_in_time(reply: Answer) -> None:
    began = time.monotonic()
    result = fate(reply, timeout=0.3)
    assert isinstance(result, Retry)
    assert "timeout" in result.what
    assert time.monotonic() - began < 10


def test_the_timeout_counts_redirects_but_not_waiting() -> None:
    async def slow(_seen: object, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(redirect("/"))

    result = fate(slow, timeout=0.5, max_redirects=50)
    assert isinstance(result, Retry)
    assert isinstance(fate(answer("x"), timeout=0.3, delay=0.4), Page)


def test_a_redirect_loop_ends() -> None:
    result = fate(redirect("/"), max_redirects=3)
    assert isinstance(result, Quarantined)
    assert "3 redirects" in result.what


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"short", content_length="5000"),
        CHUNKED + b"zz\r\nhello\r\n",
        CHUNKED + b"5\r\nhello\r\n",
        CHUNKED + b"5\r\nhelloworld\r\n0\r\n\r\n",
        CHUNKED + b"-5\r\nhello\r\n",
        OK + b"content-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
        OK + b"content-length: -3\r\n\r\nabc",
        OK + b"content-length: \xd9\xa3\r\n\r\nabc",
        answer(gzip.compress(b"the end is missing" * 50)[:-12], content_encoding="gzip"),
        answer(gzip.compress(b"")[:1], content_encoding="gzip"),
        OK + b"x\0y: z\r\n\r\n",
        OK + b"name with spaces: z\r\n\r\n",
        OK + b"x: " + b"y" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 twohundred OK\r\n\r\n",
        b"HTTP/1.1 99999 OK\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"",
    ],
)
def test_broken_answers_are_tried_again(reply: bytes) -> None:
    async def cut(_seen: object, writer: asyncio.StreamWriter) -> None:
        writer.write(reply)

    assert isinstance(fate(cut), Retry)


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"\x1f\x8b\x08\x00" + b"\xff" * 100, content_encoding="gzip"),
        answer(b"\xff\xff\xff\xff" * 20, content_encoding="deflate"),
        answer(b"x", content_encoding="br"),
        answer(b"x", content_encoding="gzip, gzip"),
        answer(b"x", content_encoding="\xff\xfe"),
        OK + b"x: %b\r\n" % (b"y" * 900) * 80 + b"content-length: 0\r\n\r\n",
        OK + b"location: \xff\xfe\r\nconnection: close\r\n\r\n" + b"x" * 9_000,
        b"HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n",
        answer(b"x", 700),
    ],
)
def test_answers_that_can_not_be_used_are_quarantined(reply: bytes) -> None:
    assert isinstance(fate(reply, max_bytes=5_000), Quarantined)


def test_a_plain_body_that_is_labeled_gzip_is_taken_as_it_is() -> None:
    for body in (b"<p>plain</p>", b""):
        page = fate(answer(body, content_encoding="gzip"))
        assert isinstance(page, Page)
        assert page.body == body


def test_junk_in_headers_survives_as_latin_1() -> None:
    page = fate(
        OK + b"x-junk: \xff\xfe \xd0\xb0\r\nContent-Type: TEXT/HTML ; charset=\xff\r\ncontent-length: 1\r\n\r\nx"
    )
    assert isinstance(page, Page)
    assert dict(page.headers)["x-junk"].encode("latin-1") == b"\xff\xfe \xd0\xb0"
    assert page.media_type == "text/html"
