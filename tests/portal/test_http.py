"""What every answer carries: headers, validators, HEAD, small files."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from tests.portal.sample import ask

PATHS = (
    "/",
    "/story/s-bridge",
    "/feeds/rss",
    "/api/v1/stories",
    "/static/ortaq.css",
    "/nothing",
    "/robots.txt",
    "/favicon.ico",
)


@pytest.mark.parametrize("path", PATHS)
def test_security_headers_are_on_everything(app: FastAPI, path: str) -> None:
    headers = ask(app, path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_the_body(app: FastAPI, path: str) -> None:
    get, head = ask(app, path), ask(app, path, "HEAD")
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-length"] == str(len(get.content))
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize("path", ["/", "/feeds/atom", "/api/v1/stories", "/static/ortaq.css"])
def test_what_has_not_changed_is_not_sent_again(app: FastAPI, path: str) -> None:
    first = ask(app, path)
    again = ask(app, path, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert ask(app, path, if_none_match='"other"').status_code == 200


def test_a_page_depends_on_the_language_for_caches(app: FastAPI) -> None:
    headers = ask(app, "/").headers
    assert headers["vary"] == "Accept-Language, Cookie"
    assert headers["cache-control"] == "private, no-cache"
    assert "etag" not in ask(app, "/?ui=en").headers, "it sets a cookie"


def test_small_files_are_there(app: FastAPI) -> None:
    assert ask(app, "/healthz").json()["status"] == "ok"
    assert "Disallow: /search" in ask(app, "/robots.txt").text
    assert ask(app, "/favicon.ico").headers["content-type"].startswith("image/svg+xml")
    assert ask(app, "/static/../app.py").status_code == 404
    assert ask(app, "/", "POST").status_code == 405
