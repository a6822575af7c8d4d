"""Bad input from end to end, through the command line: a clear line each, the rest goes on, memory stays bounded."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.gather.hostile import Answer, answer, flooding, redirect, serving
from tests.home import QUICK, environment, json_lines, make_home, ortaq

MEMORY = 1 << 30  # bytes
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is measured in Linux's way")
GOOD_TEXT = "Ойдан шығарылған хабар: көпір ашылды, оған қала тұрғындары түгел жиналды. " * 4

BOMB = (
    """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">"""
    + "".join(
        f'<!ENTITY {name} "{("&" + before + ";") * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><rss version='2.0'><channel><title>&i;</title><item><title>&i;</title></item></channel></rss>"
)


# The kernel's own high-water mark of this program alone; getrusage would count the test process that started it.
WATCHED = """
import atexit, pathlib, re, sys

out = pathlib.Path(sys.argv.pop(1))
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: out.write_text(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]))
from ortaq.cli import main
main()
"""


def measured(home: Path, *arguments: str) -> tuple[int, str, str, int]:
    """(exit code, stdout, stderr, largest memory in bytes) of a command."""
    peak = home / "peak"
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(peak), *arguments, "--home", str(home)],
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
        env=environment(),
    )
    return done.returncode, done.stdout, done.stderr, int(peak.read_text()) * 1024


def item(number: int, **changes: Any) -> str:
    row = {"url": f"https://tan.example/{number}", "outlet": "tan.example", "title": f"Көпір {number}"}
    return json.dumps({**row, "text": GOOD_TEXT, "language": "kk", **changes}, ensure_ascii=False)


def locked_pdf() -> bytes:
    """A PDF that a password locks: the encryption dictionary is real, its keys match no password we have."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    buffer = io.BytesIO()
    document.save(buffer)
    plain = buffer.getvalue()
    lock = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -44 "
        b"/O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >> /ID [<41414141414141414141414141414141> "
        b"<41414141414141414141414141414141>] "
    )
    at = plain.rindex(b"trailer")
    start = plain.index(b"<<", at) + 2
    return plain[:start] + lock + plain[start:]


def warc_record(number: int) -> bytes:
    html = f"<html><body><article><h1>Мұрағат хабары {number}</h1><p>{GOOD_TEXT}</p></article></body></html>".encode()
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-11-03T08:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000{number}>\r\n"
        f"WARC-Target-URI: https://archive.example/{number}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n")


@pytest.fixture
def bad_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    lines = [
        item(1),
        "{not json",
        item(2, text="x" * 10_000_000),
        item(3, text=""),
        item(4, text=17),
        item(5),
        json.dumps(["a list"]),
        item(6, url="javascript:alert(1)"),
    ]
    (folder / "items.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "bytes.jsonl").write_bytes(item(7).encode() + b"\n\xff\xfe\x00\n" + item(8).encode())
    (folder / "bomb.jsonl.gz").write_bytes(gzip.compress(b"\0" * 300_000_000, 9))
    (folder / "locked.pdf").write_bytes(locked_pdf())
    (folder / "empty.html").write_bytes(b"")
    (folder / "noise.docx").write_bytes(b"PK\x03\x04 no document")
    with zipfile.ZipFile(folder / "climbing.docx", "w") as archive:
        archive.writestr("../../evil.txt", "out of the folder")
        archive.writestr("[Content_Types].xml", "<Types/>")
    with zipfile.ZipFile(folder / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w>" + b" " * 500_000_000)
    records = [warc_record(number) for number in (1, 2)]
    (folder / "cut.warc.gz").write_bytes(b"".join(records)[:-100])
    (folder / "good.txt").write_text(f"Қалада жаңа көпір ашылды\n\n{GOOD_TEXT}", encoding="utf-8")
    return folder


def test_a_folder_of_bad_files_is_imported_as_far_as_it_can_be(tmp_path: Path, bad_folder: Path) -> None:
    home = make_home(tmp_path / "home")
    code, out, err, memory = measured(home, "import", str(bad_folder), "--outlet", "tan", "--json")
    assert code == 1, err
    assert "Traceback" not in err
    assert memory < MEMORY
    (told,) = json_lines(out)
    assert told["read"] == told["new"] + told["known"] + told["quarantined"]
    reasons = {Path(one["where"].rsplit("/", 1)[-1]).name: one["reason"] for one in told["problems"]}
    said = "\n".join(f"{one['where']}: {one['reason']}" for one in told["problems"])
    for name in ("items.jsonl:2", "items.jsonl:3", "bytes.jsonl:2", "locked.pdf", "noise.docx", "climbing.docx"):
        assert name in said, said
    for name in ("bomb.docx", "bomb.jsonl.gz", "cut.warc.gz", "empty.html"):
        assert name in said, said
    assert "password" in reasons["locked.pdf"]
    assert not (tmp_path / "evil.txt").exists()
    assert not (tmp_path.parent / "evil.txt").exists()
    titles = {story["title"] for story in json_lines(ortaq(home, "stories", "--json"))}
    articles = [one for story in json_lines(ortaq(home, "stories", "--json")) for one in story["articles"]]
    assert {one["url"] for one in articles} >= {f"https://tan.example/{number}" for number in (1, 5, 7, 8)}
    assert any(one["url"] == "https://archive.example/1" for one in articles)
    assert any("жаңа көпір" in title for title in titles | {one["title"] for one in articles})
    again, out, _, _ = measured(home, "import", str(bad_folder), "--outlet", "tan", "--json")
    assert again == 1
    assert json_lines(out)[0]["new"] == 0, "what is known is not taken twice"


def article(number: int) -> bytes:
    paragraphs = f"<p>{GOOD_TEXT}</p>" * 2
    return answer(
        f"<html lang='kk'><head><title>Көпір {number}</title></head><body><article><h1>Көпір ашылды {number}</h1>"
        f"{paragraphs}</article></body></html>"
    )


def test_hostile_sites_are_gathered_as_far_as_they_can_be(tmp_path: Path) -> None:
    async def run() -> tuple[int, str, str, int]:
        async with serving() as victim, serving() as server:
            links = [
                *(f"/good/{number}" for number in (1, 2)),
                "/huge",
                "/bomb",
                "/inward",
                "/file",
                "/empty",
                "/loop",
                "/gone",
            ]
            items = "".join(f"<item><title>t {path}</title><link>{server.url(path)}</link></item>" for path in links)
            feed = f"<rss version='2.0'><channel><title>f</title>{items}<item><title>cut"
            block = gzip.compress(b"\0" * 1_000_000)
            answers: dict[str, Answer] = {
                "/feed": answer(feed, media_type="application/rss+xml"),
                "/bomb-feed": answer(BOMB, media_type="application/rss+xml"),
                "/noise-feed": answer(b"\x00\xff<<<>>>", media_type="application/rss+xml"),
                "/good/1": article(1),
                "/good/2": article(2),
                "/huge": flooding(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n", b"x" * 65_536, 16_384),
                "/bomb": answer(b"".join([block] * 1024), content_encoding="gzip"),
                "/inward": redirect(victim.url("/secret")),
                "/file": redirect("file:///etc/passwd"),
                "/empty": answer(b""),
                "/loop": redirect("/loop"),
            }
            server.answers.update(answers)
            victim.answers["/secret"] = article(3)
            home = make_home(
                tmp_path / "home",
                f'{QUICK}[gather]\ndelay = 0.0\ntimeout = 20.0\nallow_hosts = ["{server.host}"]\n',
            )
            sources = "".join(
                f'[[outlet.source]]\nkind = "feed"\naddress = "{server.url(path)}"\n'
                for path in ("/feed", "/bomb-feed", "/noise-feed")
            )
            (home / "outlets.toml").write_text(
                f'[[outlet]]\nid = "bad"\nname = "Bad"\nsite = "{server.url()}"\n{sources}', encoding="utf-8"
            )
            result = await asyncio.to_thread(measured, home, "gather", "--once")
            assert not victim.pages(), "the inner address was asked"
            return result

    code, out, err, memory = asyncio.run(_bounded(run()))
    assert code == 0, err
    assert "Traceback" not in err
    assert memory < MEMORY
    assert "2 new articles" in out, out
    home = tmp_path / "home"
    (status,) = json_lines(ortaq(home, "status", "--json"))
    said = "\n".join(f"{one['where']} {one['reason']}" for one in status["quarantine"] + _renamed(status["refused"]))
    for path in (
        "/huge",
        "/bomb",
        "is a loopback address",
        "passwd",
        "/empty",
        "/loop",
        "/gone",
        "/bomb-feed",
        "/noise-feed",
    ):
        assert path in said, f"{path} is not told in\n{said}"


def _renamed(refused: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{"where": one["url"], "reason": one["reason"]} for one in refused]


async def _bounded(work: Coroutine[Any, Any, Any]) -> Any:
    return await asyncio.wait_for(work, 120)
