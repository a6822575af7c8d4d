"""`ortaq demo`: the made-up region, from its outlets' web sites to the portal, the true way."""

from __future__ import annotations

import asyncio
import sys
import time
import webbrowser
from pathlib import Path

from ortaq.cli.home import open_home
from ortaq.cli.output import progress
from ortaq.cli.running import describe, gather_home, listen, serve_home
from ortaq.demo.content import DOMAIN, load_region, outlets_toml
from ortaq.demo.site import DemoSite
from ortaq.errors import ConfigError
from ortaq.pipeline.home import Home
from ortaq.pipeline.tally import GatherTally
from ortaq.store.contract import StoryQuery


def demo(folder: Path, *, port: int, site_port: int, once: bool, browser: bool) -> None:
    """Serve the region's outlets, gather them twice (one corrects an article in between), serve the portal."""
    try:
        site = DemoSite(site_port, memory=folder / "corrected")
    except OSError as error:
        raise ConfigError(f"port {site_port} can't be had: {error}", fix="Name another with --site-port") from None
    make_demo_home(folder, site.port, port)
    if not once:
        with open_home(folder) as home:
            listen(home.settings.serve.host, home.settings.serve.port).close()  # to hear it now, not after gathering
    site.start()
    start = time.monotonic()
    with open_home(folder) as home:
        print(f"The outlets of a made-up region are at http://tanjaryq.{DOMAIN}:{site.port}/ and its neighbors.")
        with progress("Gathering them (the first time the language model is prepared too)") as say:

            def told(tally: GatherTally) -> None:
                say(describe(tally))

            first = asyncio.run(gather_home(home, once=True, at_once=site.revised, changed=told))
            again = None
            if not site.revised:  # a demo that goes on where it was has this behind it
                site.revise()
                again = asyncio.run(gather_home(home, once=True, at_once=True, changed=told))
        print(f"Gathered in {time.monotonic() - start:.0f} s: {describe(first)}.")
        if again:
            print(f"Read again, after two outlets corrected an article: {describe(again)}.")
        _summary(home)
        if once:
            return
        address = f"http://{home.settings.serve.host}:{home.settings.serve.port}/"
        if browser and sys.stdout.isatty():
            webbrowser.open(address)
        asyncio.run(serve_home(home, None, None, gathering=True))


def make_demo_home(folder: Path, site_port: int, port: int) -> None:
    """A home folder set up for the region: local hosts allowed, no waiting between requests to this machine."""
    folder.mkdir(parents=True, exist_ok=True)
    hosts = ", ".join(f'"{outlet.id}.{DOMAIN}:{site_port}"' for outlet in load_region())
    (folder / "ortaq.toml").write_text(
        "# The demo's settings, written anew by every `ortaq demo`.\n"
        '[site]\nname = "Ortaq"\nfictional = true\n\n'
        f"[gather]\ndelay = 0.0\nallow_hosts = [{hosts}]\n\n"
        f"[serve]\nport = {port}\n",
        encoding="utf-8",
    )
    (folder / "outlets.toml").write_text(outlets_toml(site_port), encoding="utf-8")


def _summary(home: Home) -> None:
    counts = home.records.counts()
    found = home.records.stories(StoryQuery(min_articles=2, limit=1000))
    across = sum(1 for story in found if len(story.languages) > 1)
    print(
        f"{counts['articles']} articles in {counts['stories']} stories; {len(found)} stories of several articles, "
        f"{across} of them across languages; {counts['copies']} copies and translations."
    )
