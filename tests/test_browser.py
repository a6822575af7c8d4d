"""The portal in a real browser: front page to story to article to search, phone and desktop, in two languages.

`SCREENSHOTS=docs/img pytest tests/test_browser.py` keeps the pictures.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from tests.home import open_home

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install Debian's package chromium"),
]

WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}
WORDS = {"en": ("Stories", "water"), "kk": ("Оқиғалар", "су")}
FLAGS = [
    "--no-sandbox",  # tests run as root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def portal(demo_home: Path) -> Iterator[str]:
    import uvicorn

    from ortaq.cli.running import make_app

    home = open_home(demo_home)
    server = uvicorn.Server(uvicorn.Config(make_app(home), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    urlopen(f"{address}/search?q=su").read()  # the language model is loaded before pages are timed
    yield address
    server.should_exit = True
    thread.join(10)
    home.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def looked_at(page: Page, name: str) -> None:
    """A page must fit its width and have a heading; keep its picture when asked."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} is {wide} pixels too wide"
    assert page.locator("h1").count() == 1, name
    if folder := os.environ.get("SCREENSHOTS"):
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path / f"{name}.jpg", type="jpeg", quality=60)  # small, for the README


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_front_page_to_a_story_an_article_and_a_search(
    browser: Browser, portal: str, width: str, language: str
) -> None:
    columns, rows = WIDTHS[width]
    page = browser.new_page(viewport={"width": columns, "height": rows}, locale=language)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    suffix = f"{width}-{language}"
    title, query = WORDS[language]

    page.goto(f"{portal}/?ui={language}")
    assert page.locator("html").get_attribute("lang") == language
    assert title in (page.text_content("body") or "")
    assert page.locator("html").get_attribute("dir") in (None, "ltr")
    looked_at(page, f"front-{suffix}")

    page.locator("main a[href*='/story/']").first.click()
    page.wait_for_url("**/story/**")
    assert page.locator("main [lang]").count() > 1, "each article's text says its language"
    looked_at(page, f"story-{suffix}")

    page.locator("main a[href*='/article/']").first.click()
    page.wait_for_url("**/article/**")
    original = page.locator("main a[href*='.localhost:']").first
    assert "nofollow" in (original.get_attribute("rel") or "")
    looked_at(page, f"article-{suffix}")

    page.goto(f"{portal}/search")
    box = page.locator("main input[name=q]").first
    box.fill(query)
    box.press("Enter")
    page.wait_for_url("**/search?**")
    assert page.locator("main a[href*='/article/']").count() > 3
    assert page.locator("main mark").count() > 0
    looked_at(page, f"search-{suffix}")
    address = page.url
    hits = page.locator("main a[href*='/article/']").all_text_contents()
    page.goto(address)
    assert page.locator("main a[href*='/article/']").all_text_contents() == hits, "the address gives the same again"
    assert not errors
    page.close()


def test_right_to_left_where_the_script_asks_for_it(browser: Browser, portal: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="kk")
    page.goto(f"{portal}/?language=ug&ui=kk")
    headline = page.locator("main [lang=ug]").first
    assert headline.evaluate("node => getComputedStyle(node).direction") == "rtl"
    looked_at(page, "front-uyghur-phone-kk")
    page.close()


def test_search_as_you_type_and_by_the_keyboard(browser: Browser, portal: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="kk")
    page.goto(f"{portal}/?ui=kk")
    page.goto(f"{portal}/search")
    page.locator("#q").press_sequentially("өзен суы", delay=30)
    page.wait_for_selector(".results h3 a")
    page.wait_for_url("**/search?q=*")  # nobody pressed Enter: the address follows, and can be passed on
    assert page.locator("#told").text_content(), "a screen reader is told how many there are"
    first = page.locator(".results h3 a").first
    page.keyboard.press("ArrowDown")
    assert first.evaluate("node => node === document.activeElement")
    page.keyboard.press("ArrowUp")
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.locator("#q").evaluate("node => node === document.activeElement")
    assert page.locator("#q").input_value() == "өзен суы"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")
    page.close()
