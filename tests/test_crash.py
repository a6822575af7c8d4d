"""Kill -9 at random moments of gather, import and rebuild: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ortaq.demo.content import DOMAIN, truth
from ortaq.demo.site import DemoSite
from tests.demo import make_part_home
from tests.home import command, environment, make_home, open_home, ortaq, snapshot

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

KILLS = int(os.environ.get("TEST_KILLS", "7"))  # for each of the three commands
ITEMS = 400
OUTLETS = ("tanjaryq", "gulsada", "tenizdawisi", "gumhabar", "yedigolpostasi")  # of the region: every kind of source
WORDS = ["су", "өзен", "көпір", "қала", "мектеп", "дәрігер", "астық", "көл", "тау", "жол", "пойыз", "сайлау", "қар"]


def run_and_kill(home: Path, *arguments: str, after: float) -> bool:
    """Start the command and kill -9 its whole process group after so many seconds; False if it ended before that."""
    process = subprocess.Popen(
        command(home, *arguments),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    try:
        process.wait(after)
        return False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True


def kill_many(fresh: Callable[[], Path], *arguments: str, seconds: float, seed: int) -> Path:
    """Start and kill over and over, at moments spread over the command's whole run, until KILLS kills have hit.

    Each run goes on where the one before was killed. One that ends before its kill has done all there was to do: the
    next begins in a fresh home. Returns the home that was killed last.
    """
    chance = random.Random(seed)
    home, hits = fresh(), 0
    for _ in range(6 * KILLS):
        start = time.monotonic()
        if run_and_kill(home, *arguments, after=seconds * chance.uniform(0.05, 0.95)):
            hits += 1
        else:
            seconds = time.monotonic() - start  # the machine is quicker now than when it was measured
            home = fresh()
        if hits == KILLS:
            return home
    raise AssertionError(f"only {hits} kills hit")


def timed(home: Path, *arguments: str) -> float:
    start = time.monotonic()
    ortaq(home, *arguments)
    return time.monotonic() - start


def archived(home: Path) -> Counter[str]:
    """How often each address is in the archive as an article or an item."""
    opened = open_home(home)
    try:
        pages = (page for _, _, page in opened.archive.read())
        return Counter(page.url for page in pages if page.role in ("article", "item"))
    finally:
        opened.close()


@pytest.fixture
def items(tmp_path: Path) -> Path:
    words = WORDS
    chance = random.Random(7)
    path = tmp_path / "items.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(ITEMS):
            text = " ".join(chance.choice(words) + str(chance.randrange(40)) for _ in range(60))
            row = {
                "url": f"https://tan.example/{number}",
                "outlet": "tan.example",
                "title": f"{chance.choice(words).title()} туралы {number}-хабар",
                "text": f"Ойдан шығарылған хабар. {text}.",
                "published": f"2026-11-{1 + number % 20:02}T08:00:00+05:00",
                "language": "kk",
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def test_import_survives_kills(tmp_path: Path, items: Path) -> None:
    reference = make_home(tmp_path / "reference")
    seconds = timed(reference, "import", str(items))
    numbers = itertools.count()
    home = kill_many(
        lambda: make_home(tmp_path / f"home{next(numbers)}"), "import", str(items), seconds=seconds, seed=1
    )
    kept_before = archived(home)
    ortaq(home, "import", str(items))
    assert archived(home) == Counter({f"https://tan.example/{number}": 1 for number in range(ITEMS)})
    assert kept_before.keys() <= archived(home).keys()
    left, right = snapshot(home), snapshot(reference)
    assert left["indexed"] == len(left["articles"]) == ITEMS
    assert left["outbox"] == 0
    for one in left["articles"].values():
        one.pop("fetched")
    for one in right["articles"].values():
        one.pop("fetched")
    assert left["articles"] == right["articles"]


@pytest.fixture
def site() -> Iterator[DemoSite]:
    site = DemoSite()
    site.start()
    yield site
    site.shutdown()
    site.server_close()


def gather_home(folder: Path, site: DemoSite) -> Path:
    return make_part_home(folder, site.port, OUTLETS, gather="recheck_first = 0.0\n")


def test_gather_and_rebuild_survive_kills(tmp_path: Path, site: DemoSite) -> None:
    reference = gather_home(tmp_path / "reference", site)
    seconds = timed(reference, "gather", "--once")
    numbers = itertools.count()
    home = kill_many(
        lambda: gather_home(tmp_path / f"home{next(numbers)}", site), "gather", "--once", seconds=seconds, seed=2
    )
    ortaq(home, "gather", "--once")
    expected = {url for url in truth(site.port) if urlsplit(url).hostname in {f"{id}.{DOMAIN}" for id in OUTLETS}}
    assert expected, "the region has articles"
    found = archived(home)
    assert expected <= set(found)
    assert max(found[url] for url in expected) == 1, "no article was fetched and kept twice"
    whole = snapshot(home)
    urls = Counter(one["url"] for one in whole["articles"].values())
    assert expected <= set(urls)
    assert max(urls.values()) == 1
    assert whole["indexed"] == len(whole["articles"])

    seconds = timed(home, "rebuild")
    assert snapshot(home) == whole, "a rebuild makes the same again"
    assert kill_many(lambda: home, "rebuild", seconds=seconds, seed=3) == home
    ortaq(home, "gather", "--once")
    assert snapshot(home) == whole
