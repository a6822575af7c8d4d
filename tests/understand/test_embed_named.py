"""Embedders by name: an OpenAI-compatible server, played by a local one, and sentence-transformers."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from ortaq import model_server
from ortaq.errors import ConfigError, Retry
from ortaq.model_server import ModelServer
from ortaq.settings import EmbedSettings, load_settings
from ortaq.understand import embed_named
from ortaq.understand.embed import embedder_name, load_embedder
from ortaq.understand.embed_named import ServerEmbedder
from ortaq.understand.space import embed_in_common_space

KEY = "sk-secret-5dd1"
Reply = tuple[int, dict[str, str], bytes]


class Api:
    """Answers as OpenAI's embeddings do: the vector of a text is (its length, 1, 0), the items in reverse order."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.replies: list[Reply] = []  # given first, one a request
        self.spoil: Callable[[dict[str, Any]], Any] = lambda answer: answer
        self.width = 3

    def reply(self, body: dict[str, Any]) -> Reply:
        self.asked.append(body)
        if self.replies:
            return self.replies.pop(0)
        texts = body["input"]
        rows = [
            {"object": "embedding", "index": at, "embedding": [len(text), 1.0, *[0.0] * (self.width - 2)]}
            for at, text in enumerate(texts)
        ]
        answer = self.spoil({"object": "list", "data": rows[::-1], "model": body["model"]})
        return 200, {}, answer if isinstance(answer, bytes) else json.dumps(answer).encode()


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Api, str]]:
    played = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            played.paths.append(self.path)
            played.keys.append(self.headers.get("Authorization"))
            status, headers, data = played.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setattr(model_server, "MAX_WAIT", 0.01)

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that hangs up is part of the tests."""

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield played, f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def embedder(url: str, **more: Any) -> ServerEmbedder:
    found = load_embedder(EmbedSettings(model="openai:some-model", url=url, **{"key": KEY, **more}))
    assert isinstance(found, ServerEmbedder)
    return found


def test_a_server_gives_unit_rows_in_the_order_of_the_texts(api: tuple[Api, str]) -> None:
    played, url = api
    texts = ["жаңа", "көпір ашылды", "", "\ud800\0lone", "а" * 9_000] + ["x" * n for n in range(1, 140)]
    model = embedder(url, tokens=32)
    rows = model.embed(texts)
    assert rows.shape == (len(texts), model.dimensions) == (144, 3)
    assert rows.dtype == np.float32
    lengths = [4, 12, 1, 6, 128] + [min(n, 128) for n in range(1, 140)]
    assert np.allclose(rows[:, 0] / rows[:, 1], lengths, rtol=1e-5)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)
    assert [len(body["input"]) for body in played.asked] == [64, 64, 16]
    assert {body["model"] for body in played.asked} == {"some-model"}
    assert set(played.paths) == {"/v1/embeddings"}
    assert set(played.keys) == {f"Bearer {KEY}"}
    assert model.embed([]).shape == (0, 3)


def test_what_a_model_wants_before_each_text_is_part_of_its_name(api: tuple[Api, str]) -> None:
    played, url = api
    plain, prefixed = embedder(url), embedder(url, prefix="query: ")
    prefixed.embed(["көпір"])
    assert played.asked[-1]["input"] == ["query: көпір"]
    assert plain.name == "openai:some-model"
    assert prefixed.name != plain.name
    for model in (plain, prefixed):
        prefix = "query: " if model is prefixed else ""
        assert model.name == embedder_name(EmbedSettings(model="openai:some-model", prefix=prefix))
    rows = embed_in_common_space(["көпір"], ["kk-Cyrl"], plain)
    assert np.array_equal(rows, plain.embed(["көпір"]))


def test_a_busy_server_is_asked_again(api: tuple[Api, str]) -> None:
    played, url = api
    played.replies = [(503, {}, b""), (429, {"Retry-After": "0"}, b"slow down"), (500, {"Retry-After": "soon"}, b"")]
    assert embedder(url).embed(["text"]).shape == (1, 3)
    assert len(played.asked) == 4
    played.replies = [(503, {}, b"")] * 9
    with pytest.raises(Retry, match="503, 4 times"):
        embedder(url).embed(["text"])
    assert len(played.asked) == 8


def test_a_server_that_is_not_there_or_does_not_answer_is_told(
    api: tuple[Api, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Retry, match="can't be reached"):
        embedder("http://127.0.0.1:9/v1").embed(["text"])
    played, url = api
    waiting = threading.Event()

    def hang(body: dict[str, Any]) -> Reply:
        waiting.wait(5)
        return 200, {}, b""

    monkeypatch.setattr(played, "reply", hang)
    monkeypatch.setattr(model_server, "ATTEMPTS", 1)
    with pytest.raises(Retry, match="Timeout"):
        embedder(url, timeout=0.1).embed(["text"])
    waiting.set()


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ((401, {}, b""), "ORTAQ_EMBED_KEY"),
        ((404, {}, b'{"error": "no such model"}'), "no such model"),
        ((400, {}, f"key {KEY} is bad".encode()), r"key \[key\] is bad"),
        ((302, {"Location": "http://127.0.0.1:9/steal"}, b""), "does not follow"),
        ((200, {}, b"<html>hello</html>"), "not JSON"),
        ((200, {}, b"[" * 100_000), "not JSON"),
        ((200, {}, b"[]"), "no list"),
    ],
)
def test_refusals_and_nonsense_are_told_without_the_key(
    api: tuple[Api, str], caplog: pytest.LogCaptureFixture, reply: Reply, told: str
) -> None:
    caplog.set_level(logging.DEBUG)
    played, url = api
    played.replies = [reply]
    with pytest.raises(ConfigError, match=told) as caught:
        embedder(url).embed(["text"])
    assert len(played.asked) == 1
    assert KEY not in str(caught.value)
    assert KEY not in caplog.text


def put(at: int, vector: Any) -> Callable[[dict[str, Any]], Any]:
    def spoil(answer: dict[str, Any]) -> Any:
        answer["data"][at]["embedding"] = vector
        return answer

    return spoil


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (put(0, [1.0, 2.0]), "different lengths"),
        (put(0, []), "different lengths"),
        (put(0, None), "different lengths"),
        (put(0, ["a", 1, 1]), "no number"),
        (put(0, [True, 1, 1]), "no number"),
        (put(1, [float("nan"), 1, 1]), "finite"),
        (put(1, [float("inf"), 1, 1]), "finite"),
        (put(1, [0, 0, 0]), "length"),
        (lambda answer: {"data": answer["data"][:1]}, "1 vectors for 2"),
        (lambda answer: {"data": answer["data"][:1] * 2}, "out of place"),
        (lambda answer: {"data": [{"index": 5}, {}]}, "out of place"),
        (lambda answer: {"data": [{"index": "0"}, {}]}, "out of place"),
        (lambda answer: {"data": [1, 2]}, "no object"),
    ],
)
def test_an_answer_is_checked(api: tuple[Api, str], spoil: Callable[[dict[str, Any]], Any], told: str) -> None:
    played, url = api
    played.spoil = spoil
    with pytest.raises(ConfigError, match=told):
        embedder(url).embed(["one", "two"])


def test_a_model_that_changes_its_width_is_refused(api: tuple[Api, str]) -> None:
    played, url = api
    model = embedder(url)
    assert model.dimensions == 3
    played.width = 4
    with pytest.raises(ConfigError, match="4 numbers after 3"):
        model.embed(["text"])


def test_an_endless_answer_is_cut_off(api: tuple[Api, str], monkeypatch: pytest.MonkeyPatch) -> None:
    played, url = api
    monkeypatch.setattr(model_server, "MAX_BYTES", 1_000)
    played.spoil = lambda answer: b" " * 2_000
    with pytest.raises(ConfigError, match="longer than"):
        embedder(url).embed(["text"])


@pytest.mark.parametrize(
    ("url", "key", "told"),
    [
        ("", "", "no address"),
        ("example.org/v1", "", "not an http"),
        ("file:///etc/passwd", "", "not an http"),
        ("http://[::1/v1", "", "not an address"),
        ("http://host:port/v1", "", "not an address"),
        ("https://me:word@example.org/v1", "", "password"),
        ("http://example.org/v1", KEY, "in the clear"),
        ("https://example.org/v1", "кілт", "no key has"),
        ("https://example.org/v1", "a\nb", "no key has"),
    ],
)
def test_an_address_or_a_key_that_can_not_be_used_is_refused_at_once(url: str, key: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        ModelServer(url, key, 1.0, section="embed")


def test_the_key_comes_from_the_environment_alone_and_is_not_shown(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"ORTAQ_EMBED_KEY": KEY})
    assert settings.embed.key == KEY
    assert KEY not in repr(settings)
    (tmp_path / "ortaq.toml").write_text(f'[embed]\nkey = "{KEY}"\n')
    with pytest.raises(ConfigError, match="ORTAQ_EMBED_KEY") as caught:
        load_settings(tmp_path, {})
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("model", ["openai:", "sentence-transformers: "])
def test_a_kind_without_a_name_is_refused(model: str) -> None:
    with pytest.raises(ConfigError, match="no model is named"):
        load_embedder(EmbedSettings(model=model, url="http://127.0.0.1:9/v1"))


def test_sentence_transformers_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        embed_named, "find_spec", lambda name: None if name == "sentence_transformers" else find_spec(name)
    )
    with pytest.raises(ConfigError, match="pip install sentence-transformers"):
        load_embedder(EmbedSettings(model="sentence-transformers:some/model"))


def test_sentence_transformers_is_asked_as_its_interface_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in with the two methods used: the package itself brings torch, which the tests do without."""

    class Model:
        def __init__(self, name: str) -> None:
            if name != "some/model":
                raise OSError(f"{name} is not a folder\nand more")

        def get_sentence_embedding_dimension(self) -> int:
            return 2

        def encode(self, texts: list[str], show_progress_bar: bool) -> list[list[float]]:
            return [[3.0, 4.0] for _ in texts]

    module = ModuleType("sentence_transformers")
    module.SentenceTransformer = Model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    monkeypatch.setattr(embed_named, "find_spec", lambda name: object())
    model = load_embedder(EmbedSettings(model="sentence-transformers:some/model"))
    assert model.name == "sentence-transformers:some/model"
    assert np.allclose(model.embed(["a", "b"]), [[0.6, 0.8], [0.6, 0.8]])
    assert model.embed([]).shape == (0, model.dimensions)
    with pytest.raises(ConfigError, match="other is not a folder"):
        load_embedder(EmbedSettings(model="sentence-transformers:other"))
