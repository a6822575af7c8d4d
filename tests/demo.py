"""Gathering the demo region as `ortaq demo` does, for tests."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ortaq.cli.demo import make_demo_home
from ortaq.cli.home import open_home
from ortaq.cli.running import gather_home
from ortaq.demo.site import DemoSite


def gather_demo(folder: Path) -> None:
    """Gather before and after the outlets' corrections. The site's port is kept in `site-port`."""
    site = DemoSite()
    site.start()
    try:
        make_demo_home(folder, site.port, port=8600)
        (folder / "site-port").write_text(str(site.port), encoding="utf-8")
        with open_home(folder) as home:
            asyncio.run(gather_home(home, once=True))
            site.revise()
            asyncio.run(gather_home(home, once=True, at_once=True))
        asked = "\n".join(f"{host} {path}" for host, path in site.requests)
        (folder / "asked").write_text(asked, encoding="utf-8")
    finally:
        site.shutdown()
        site.server_close()
