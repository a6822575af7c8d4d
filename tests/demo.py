"""Gathering the demo region as `ortaq demo` does, for tests."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from ortaq.cli.demo import make_demo_home
from ortaq.cli.home import open_home
from ortaq.cli.running import gather_home
from ortaq.demo.content import DOMAIN, load_region, outlets_toml
from ortaq.demo.site import DemoSite
from tests.home import QUICK, make_home


def make_part_home(folder: Path, port: int, outlets: Sequence[str], gather: str = "") -> Path:
    """A home for these outlets of the region, without the language model; `gather` is added to its [gather]."""
    hosts = ", ".join(f'"{outlet.id}.{DOMAIN}:{port}"' for outlet in load_region())
    make_home(folder, f"{QUICK}[gather]\ndelay = 0.0\nallow_hosts = [{hosts}]\n{gather}")
    tables = outlets_toml(port).split("\n[[outlet]]\n")
    chosen = [table for table in tables if any(f'id = "{id}"' in table for id in outlets)]
    assert len(chosen) == len(outlets)
    (folder / "outlets.toml").write_text("".join(f"\n[[outlet]]\n{table}" for table in chosen), encoding="utf-8")
    return folder


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
