"""Files: folders of documents, JSON Lines, web archives; whole, damaged, endless and hostile."""

from __future__ import annotations

import gzip
import io
import json
import os
import tempfile
import tracemalloc
import uuid
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.errors import ConfigError
from ortaq.gather.kind import LocalKind
from ortaq.gather.kinds import find_local_kind
from ortaq.gather.kinds.folder import kind as folder
from ortaq.gather.kinds.jsonl import MAX_LINE
from ortaq.gather.kinds.jsonl import kind as jsonl
from ortaq.gather.kinds.webarchive import kind as webarchive
from ortaq.model import Page, Problem, Source

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OWN = Source("tau", "folder", "x")
ANYONE = Source("", "jsonl", "x")


def read(kind: LocalKind, path: Path, source: Source = OWN) -> tuple[list[Page], list[Problem]]:
    found = list(kind.pages(path, source, NOW))
    return [one for one in found if isinstance(one, Page)], [one for one in found if isinstance(one, Problem)]


def item(number: int, **more: str) -> bytes:
    values = {"url": f"https://tau.example/{number}", "outlet": "tau.example", "title": "Тақырып", "text": "Мәтін"}
    return json.dumps({**values, **more}, ensure_ascii=False).encode()


def test_documents_in_order_and_nothing_else(tmp_path: Path) -> None:
    for name in (
        "б.txt",
        "a/2.html",
        "a/1.HTM",
        "z.docx",
        "a/.hidden.txt",
        ".git/x.txt",
        "photo.jpg",
        "q.pdf",
        "r.rtf",
        "o.odt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    pages, problems = read(folder, tmp_path)
    assert [page.url.rsplit("/", 1)[1] for page in pages] == [
        "1.HTM",
        "2.html",
        "o.odt",
        "q.pdf",
        "r.rtf",
        "z.docx",
        "%D0%B1.txt",
    ]
    assert problems == []
    assert {(page.role, page.outlet, page.source, page.fetched_at) for page in pages} == {
        ("article", "tau", OWN.id, NOW)
    }
    assert pages[0].media_type == "text/html"
    assert pages == read(folder, tmp_path)[0]


def test_a_single_file_a_wrong_one_an_empty_one_and_a_large_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Мәтін", encoding="utf-8")
    (tmp_path / "a.exe").write_bytes(b"MZ")
    (tmp_path / "empty.txt").touch()
    with (tmp_path / "large.pdf").open("wb") as file:
        file.truncate(30_000_000)
    assert read(folder, tmp_path / "a.txt")[0][0].body == "Мәтін".encode()
    assert "not a file that can be read" in read(folder, tmp_path / "a.exe")[1][0].reason
    pages, problems = read(folder, tmp_path)
    assert len(pages) == 1
    assert [problem.reason for problem in problems] == ["the file is empty", "larger than 20 MB"]


def test_links_lead_nowhere_outside(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "own.txt").write_text("own")
    (inside / "out.txt").symlink_to(secret)
    (inside / "up").symlink_to(tmp_path, target_is_directory=True)
    (inside / "loop.txt").symlink_to(inside / "loop.txt")
    (inside / "gone.txt").symlink_to(inside / "nothing")
    pages, problems = read(folder, inside)
    assert [page.body for page in pages] == [b"own"]
    assert sorted(Path(problem.where).name for problem in problems if "leads out" in problem.reason) == [
        "out.txt",
        "up",
    ]


def test_pipes_and_names_that_are_not_utf8(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_bytes(b"")
    pages, problems = read(folder, tmp_path)
    assert pages == []
    assert len(problems) == 1
    problems[0].where.encode()


def test_a_folder_passes_other_files_to_their_kinds(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(item(1) + b"\n"))
    (tmp_path / "c.warc.gz").write_bytes(warc([("https://tau.example/p", b"<p>1</p>", {})]))
    pages, problems = read(folder, tmp_path, ANYONE)
    assert [page.role for page in pages] == ["article", "item", "article"]
    assert problems == []


@pytest.mark.shared
def test_the_shared_news_all_come_in(shared_data: Path) -> None:
    pages, problems = read(find_local_kind(shared_data / "news"), shared_data / "news", ANYONE)
    assert len(pages) == 3_648
    assert problems == []
    assert {"24.kg", "tengrinews.kz"} <= {page.outlet for page in pages}


def test_jsonl_lines_become_items(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    other = json.dumps({"title": "T", "text": "x", "outlet": "Қазақ үні"}, ensure_ascii=False).encode()
    host = b'{"url": "https://www.tau.example/9", "text": "x"}'
    path.write_bytes(b"\xef\xbb\xbf" + item(1) + b"\r\n\n  \n" + other + b"\n" + host)
    pages, problems = read(jsonl, path, ANYONE)
    assert problems == []
    assert [page.body for page in pages] == [item(1), other, host]
    assert [page.outlet for page in pages] == ["tau.example", "qazaq-uni", "tau.example"]
    assert pages[1].url.startswith("urn:ortaq:item:")
    assert pages[0].media_type == "application/json"
    assert read(jsonl, path, Source("own", "jsonl", "x"))[0][0].outlet == "own"


def test_bad_lines_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    bad = [
        b"{",
        b"[1]",
        b'"x"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"text": "no outlet"}',
        b'{"url": "javascript:1"}',
    ]
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"\n".join([item(0), *bad, item(1)]))
    pages, problems = read(jsonl, path, ANYONE)
    assert len(pages) == 2
    assert [problem.where for problem in problems] == [f"{path}:{number}" for number in range(2, 2 + len(bad))]


def test_a_line_of_10_mb_is_refused_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(item(1) + b"\n")
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b"\n" + item(2) + b"\n" + b"y" * (MAX_LINE + 1))
    tracemalloc.start()
    pages, problems = read(jsonl, path, ANYONE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [page.url for page in pages] == ["https://tau.example/1", "https://tau.example/2"]
    assert [problem.where for problem in problems] == [f"{path}:2", f"{path}:4"]
    assert peak < 4 * MAX_LINE


def test_gzip_cut_damaged_and_bomb(tmp_path: Path) -> None:
    lines = b"\n".join(item(n, text=os.urandom(20).hex()) for n in range(2_000)) + b"\n"
    packed = gzip.compress(lines)
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    pages, problems = read(jsonl, path, ANYONE)
    assert 500 < len(pages) < 1_500
    assert [("cut off" in problem.reason) for problem in problems] == [True]
    path.write_bytes(packed[: len(packed) // 2] + b"\x00" * 50 + packed[len(packed) // 2 + 50 :])
    pages, problems = read(jsonl, path, ANYONE)
    assert 500 < len(pages) < 2_000
    assert problems
    path.write_bytes(gzip.compress(item(1) + b"\n") + gzip.compress(item(2) + b"\n") + b"\x00" * 10)
    assert len(read(jsonl, path, ANYONE)[0]) == 2
    path.write_bytes(gzip.compress(item(1) + b"\n") + b"garbage")
    pages, problems = read(jsonl, path, ANYONE)
    assert (len(pages), len(problems)) == (1, 1)
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(item(1) + b"\n")
        for _ in range(150):
            file.write(b"\n" * 1_000_000)
    pages, problems = read(jsonl, path, ANYONE)
    assert len(pages) == 1
    assert "bomb" in problems[0].reason


def test_what_is_not_json_lines_ends_soon(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"[\n" + item(1) + b"\n]")
    assert "JSON array" in read(jsonl, path, ANYONE)[1][0].reason
    path.write_bytes(b"\xff\n" * 5_000)
    assert len(read(jsonl, path, ANYONE)[1]) == 1_001


def warc(records: Iterable[tuple[str, bytes, dict[str, str]]], status: str = "200 OK", packed: bool = True) -> bytes:
    out = bytearray()
    for url, body, headers in records:
        lines = {"Content-Type": "text/html; charset=utf-8", **headers}.items()
        http = f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines) + "\r\n"
        block = http.encode() + body
        head = (
            f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}>\r\n"
            f"WARC-Date: 2025-09-01T10:00:00Z\r\nWARC-Target-URI: {url}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        record = head.encode() + block + b"\r\n\r\n"
        out += gzip.compress(record) if packed else record
    return bytes(out)


def archive(
    tmp_path: Path, data: bytes, name: str = "a.warc.gz", source: Source = OWN
) -> tuple[list[Page], list[Problem]]:
    (tmp_path / name).write_bytes(data)
    return read(webarchive, tmp_path / name, source)


@pytest.mark.parametrize("packed", [True, False])
def test_warc_pages(tmp_path: Path, packed: bool) -> None:
    records = [(f"https://www.tau.example/{n}", f"<p>{n}</p>".encode(), {"X-A": "b"}) for n in range(3)]
    pages, problems = archive(tmp_path, warc(records, packed=packed), source=ANYONE)
    assert problems == []
    assert [page.body for page in pages] == [b"<p>0</p>", b"<p>1</p>", b"<p>2</p>"]
    assert pages[0].fetched_at == datetime(2025, 9, 1, 10, tzinfo=UTC)
    assert (pages[0].outlet, pages[0].role, pages[0].media_type) == ("tau.example", "article", "text/html")
    assert dict(pages[0].headers) == {"Content-Type": "text/html; charset=utf-8", "X-A": "b"}


def test_warc_skips_what_is_no_article(tmp_path: Path) -> None:
    no = [
        ("https://tau.example/a.png", b"x", {"Content-Type": "image/png"}),
        ("https://tau.example/robots.txt", b"x", {"Content-Type": "text/plain"}),
    ]
    assert archive(tmp_path, warc(no)) == ([], [])
    assert archive(tmp_path, warc([("https://tau.example/1", b"x", {})], status="404 Not Found")) == ([], [])


def test_warc_codings_true_and_false(tmp_path: Path) -> None:
    body = b"<p>coded</p>"
    records = [
        ("https://tau.example/1", gzip.compress(body), {"Content-Encoding": "gzip"}),
        ("https://tau.example/2", b"c\r\n" + body + b"\r\n0\r\n\r\n", {"Transfer-Encoding": "chunked"}),
        ("https://tau.example/3", body, {"Content-Encoding": "gzip"}),
        ("https://tau.example/4", body, {"Content-Encoding": "br", "Transfer-Encoding": "chunked"}),
        ("https://tau.example/5", gzip.compress(body)[:-12], {"Content-Encoding": "gzip"}),
        ("https://tau.example/6", gzip.compress(b" " * 40_000_000), {"Content-Encoding": "gzip"}),
        ("https://tau.example/7", body, {"Content-Encoding": "rot13"}),
    ]
    pages, problems = archive(tmp_path, warc(records))
    assert [page.url[-1] for page in pages] == ["1", "2", "3", "4"]
    assert {page.body for page in pages} == {body}
    assert [problem.where[-1] for problem in problems] == ["5", "6", "7"]


def test_warc_cut_anywhere_keeps_what_came_before(tmp_path: Path) -> None:
    records: list[tuple[str, bytes, dict[str, str]]] = [
        (f"https://tau.example/{n}", b"<p>" + os.urandom(200).hex().encode() + b"</p>", {}) for n in range(4)
    ]
    for packed in (True, False):
        data = warc(records, packed=packed)
        whole = {body for _, body, _ in records}
        for end in range(5, len(data) - 8, 97):
            pages, problems = archive(tmp_path, data[:end], "a.warc.gz" if packed else "a.warc")
            assert {page.body for page in pages} <= whole
            assert len(pages) >= 4 * end // len(data) - 1
            assert len(pages) == 4 or problems or end in _ends(data, packed)


def _ends(data: bytes, packed: bool) -> set[int]:
    """Where a cut is none: between two records."""
    mark = b"\x1f\x8b\x08" if packed else b"WARC/1"
    starts = [place for place in range(len(data) + 1) if data.startswith(mark, place) or place == len(data)]
    return set(starts) if packed else {start - blank for start in starts for blank in range(5)}


def test_garbage_and_bombs_are_problems(tmp_path: Path) -> None:
    for data in (b"", b"garbage" * 100, b"\x1f\x8b garbage", gzip.compress(b"not a warc")):
        pages, problems = archive(tmp_path, data)
        assert (pages, len(problems)) == ([], 1)
    bomb = gzip.compress(
        b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\n" + b"\x00" * 150_000_000
    )
    pages, problems = archive(tmp_path, bomb)
    assert pages == []
    assert problems


def test_wacz(tmp_path: Path) -> None:
    data = warc([("https://tau.example/1", b"<p>1</p>", {})])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("datapackage.json", "{}")
        file.writestr("archive/data.warc.gz", data)
        file.writestr("../archive/evil.warc.gz", data)
        file.writestr("archive/../../evil.warc.gz", data)
        file.writestr("/archive/evil.warc.gz", data)
        file.writestr("archive/cut.warc.gz", data[:-20])
    pages, problems = archive(tmp_path, out.getvalue(), "a.wacz")
    assert [page.url for page in pages] == ["https://tau.example/1"]
    assert len([problem for problem in problems if "leads out" in problem.reason]) == 3
    assert any("cut off" in problem.reason for problem in problems)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wacz"]
    pages, problems = archive(tmp_path, out.getvalue()[:200], "a.wacz")
    assert "not a WACZ" in problems[0].reason


def test_wacz_bomb(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("archive/data.warc", b"\x00" * 120_000_000)
    assert "bomb" in archive(tmp_path, out.getvalue(), "a.wacz")[1][0].reason


def test_finding_the_kind(tmp_path: Path) -> None:
    for name, kind in (
        ("a.TXT", "folder"),
        ("a.jsonl", "jsonl"),
        ("a.json.gz", "jsonl"),
        ("a.warc", "webarchive"),
        ("a.WACZ", "webarchive"),
    ):
        (tmp_path / name).touch()
        assert find_local_kind(tmp_path / name).name == kind
    assert find_local_kind(tmp_path).name == "folder"
    (tmp_path / "a.exe").touch()
    with pytest.raises(ConfigError, match=r"folder, jsonl, webarchive"):
        find_local_kind(tmp_path / "a.exe")
    with pytest.raises(ConfigError, match="no such file"):
        find_local_kind(tmp_path / "nothing")


def test_a_file_that_vanished_is_a_problem(tmp_path: Path) -> None:
    for kind in (folder, jsonl, webarchive):
        pages, problems = read(kind, tmp_path / "gone.txt")
        assert (pages, len(problems)) == ([], 1)


WHOLE = {
    "a.jsonl": b"\n".join(item(n) for n in range(5)),
    "a.jsonl.gz": gzip.compress(b"\n".join(item(n) for n in range(5))),
    "a.warc": warc([(f"https://tau.example/{n}", b"<p>x</p>", {}) for n in range(3)], packed=False),
    "a.warc.gz": warc([(f"https://tau.example/{n}", b"<p>x</p>", {}) for n in range(3)]),
}


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_mutated_files_never_raise(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*WHOLE, "a.wacz"]))
    body = bytearray(WHOLE.get(name, b"PK\x03\x04"))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(body)))
        body[start : start + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=12))
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / name
        path.write_bytes(body)
        pages, problems = read(find_local_kind(path), path, ANYONE)
    assert all(page.body and page.outlet for page in pages)
    for problem in problems:
        problem.where.encode()
        problem.reason.encode()
