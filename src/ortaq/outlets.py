"""The outlets file: which outlets there are, and where each is read. People edit it; we only ever append.

TOML, one `[[outlet]]` table a brand and one `[[outlet.source]]` table an address. An unknown key is refused with
the nearest right name. A table `demo` in an outlet belongs to the made-up region's own site and is passed over.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
import re
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from ortaq.errors import ConfigError
from ortaq.ids import is_id, slug
from ortaq.model import Outlet, Source
from ortaq.registry import SOURCES, names

MAX_BYTES = 5_000_000
"""Of an outlets file or an OPML list; the region's whole press needs a hundredth."""

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")  # RFC 5646: language-Script-REGION
_COUNTRY = re.compile(r"[A-Z]{2}")  # ISO 3166-1
_KIND = re.compile(r"[a-z]+(?:-[a-z]+)*")
_TYPES: Mapping[str, type] = {
    "id": str,
    "name": str,
    "site": str,
    "country": str,
    "country_name": str,
    "timezone": str,
    "kind": str,
    "languages": list,
    "license": str,
    "full_text": bool,
    "fictional": bool,
    "description": str,
    "source": list,
}
_HEAD = re.compile(r"\ufeff?\s*\[\[\s*(?:outlet|\"outlet\"|'outlet')\s*\]\]")
_SOURCE_KEYS = ("kind", "address", "language")
_IGNORED = frozenset({"demo"})


def load_outlets(path: Path) -> list[Outlet]:
    """The outlets of a file, in its order; none when there is no file yet. Raises ConfigError on anything wrong."""
    try:
        if not path.exists():
            return []
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"can't be read: {error.strerror}", where=str(path), fix="Check its permissions") from None
    return import_toml(data, where=str(path))


def import_toml(data: bytes, where: str = "outlets") -> list[Outlet]:
    """The outlets written in TOML. Raises ConfigError with `where`, the outlet and the key."""
    if len(data) > MAX_BYTES:
        raise ConfigError(f"larger than {MAX_BYTES} bytes", where=where, fix="Is this an outlets file?")
    try:
        raw = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"not valid TOML: {error}", where=where, fix="Correct that line") from None
    except RecursionError:
        raise ConfigError("nested too deeply", where=where, fix="Correct the file") from None
    for key in raw:
        if key != "outlet":
            raise _unknown(f"[[{key}]]", ["[[outlet]]"], where)
    tables = raw.get("outlet", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError("outlet must be a list of tables", where=where, fix="Write [[outlet]], with two brackets")
    outlets = [_outlet(table, f"{where}: outlet {number}") for number, table in enumerate(tables, 1)]
    seen: set[str] = set()
    for outlet in outlets:
        if outlet.id in seen:
            raise ConfigError(f"two outlets have the id {outlet.id}", where=where, fix="Rename or merge them")
        seen.add(outlet.id)
    return outlets


def _outlet(table: Mapping[str, Any], where: str) -> Outlet:
    values: dict[str, Any] = {key: value for key, value in table.items() if key not in _IGNORED}
    identity = values.get("id")
    if not isinstance(identity, str) or not is_id(identity):
        fix = 'Write lower-case letters, digits, dots and hyphens, such as id = "kun.uz"'
        raise ConfigError(f"id {identity!r} is not an id", where=where, fix=fix)
    where = f"{where} ({identity})"
    for key, value in values.items():
        if key not in _TYPES:
            raise _unknown(key, list(_TYPES), where)
        if type(value) is not _TYPES[key]:
            raise ConfigError(
                f"{key} must be of type {_TYPES[key].__name__}, not {value!r}", where=where, fix="Correct it"
            )
    if not values.get("name", "").strip():
        raise ConfigError("has no name", where=where, fix='Add name = "..."')
    _check(values.get("country", ""), _COUNTRY, "country", 'an ISO 3166 code such as "KZ"', where)
    if values.get("timezone") and values["timezone"] not in available_timezones():
        raise ConfigError(
            f"timezone {values['timezone']!r} is unknown", where=where, fix='Write a name such as "Asia/Almaty"'
        )
    _check(values.get("kind", "portal"), _KIND, "kind", 'a lower-case word such as "portal" or "fact-checker"', where)
    if values.get("site"):
        _check_address(values["site"], "site", where)
    for language in values.get("languages", ()):
        _check(language, LANGUAGE, "languages", 'BCP 47 codes such as "kk" or "uz-Cyrl"', where)
    sources = tuple(_source(identity, source, where) for source in values.pop("source", ()))
    values["languages"] = tuple(values.get("languages", ()))
    return Outlet(**values, sources=sources)


def _source(outlet: str, table: Any, where: str) -> Source:
    if not isinstance(table, dict):
        raise ConfigError("source must be a table", where=where, fix="Write [[outlet.source]]")
    for key, value in table.items():
        if key not in _SOURCE_KEYS:
            raise _unknown(f"source.{key}", [f"source.{name}" for name in _SOURCE_KEYS], where)
        if not isinstance(value, str):
            raise ConfigError(f"source.{key} must be a string, not {value!r}", where=where, fix="Correct it")
    known = list(names(SOURCES))
    if table.get("kind") not in known:
        near = difflib.get_close_matches(table.get("kind", ""), known, n=1, cutoff=0.0)
        raise ConfigError(f"unknown source kind {table.get('kind')!r}", where=where, fix=f"Did you mean {near[0]}?")
    if not table.get("address", "").strip():
        raise ConfigError("a source has no address", where=where, fix='Add address = "https://..."')
    if table["kind"] in {"feed", "sitemap", "page"}:
        _check_address(table["address"], "source.address", where)
    if table.get("language"):
        _check(table["language"], LANGUAGE, "source.language", 'a BCP 47 code such as "kk" or "uz-Cyrl"', where)
    return Source(outlet, table["kind"], table["address"], table.get("language") or None)


def _check(value: object, shape: re.Pattern[str], key: str, what: str, where: str) -> None:
    if value != "" and not (isinstance(value, str) and shape.fullmatch(value)):
        raise ConfigError(f"{key} {value!r} is wrong", where=where, fix=f"Write {what}")


def _check_address(value: str, key: str, where: str) -> None:
    if not host_of(value):
        raise ConfigError(f"{key} {value!r} is not a web address", where=where, fix="Write https://...")


def _unknown(name: str, known: list[str], where: str) -> ConfigError:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
    return ConfigError(f"unknown key {name}", where=where, fix=f"Did you mean {near[0]}?")


def add_outlet(path: Path, outlet: Outlet) -> None:
    """Append one outlet to the file, leaving every byte that is there as it is; all or nothing, on the disk.

    Raises ConfigError when the id is taken, when the outlet is not valid, or the file is not.
    """
    if any(known.id == outlet.id for known in load_outlets(path)):
        raise ConfigError(
            f"there is an outlet {outlet.id} already", where=str(path), fix="Choose another id, or edit it"
        )
    before = path.read_bytes().decode("utf-8") if path.exists() else ""
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    _write(path, before + gap + to_toml([outlet]), outlet)


def add_source(path: Path, outlet: str, source: Source) -> None:
    """Add a source to the outlet with this id, after its other lines; every byte that is there stays as it is.

    Raises ConfigError when there is no such outlet, when it has this address already, or when the file is written in
    a way that nothing can be added to (sources as an inline list).
    """
    outlets = load_outlets(path)
    place = next((number for number, known in enumerate(outlets) if known.id == outlet), None)
    if place is None:
        raise ConfigError(f"there is no outlet {outlet}", where=str(path), fix="Add the outlet first")
    known = outlets[place]
    if any((one.kind, one.address) == (source.kind, source.address) for one in known.sources):
        raise ConfigError(f"{outlet} has the source {source.address} already", where=str(path), fix="Nothing to do")
    lines = path.read_bytes().decode("utf-8").splitlines(keepends=True)
    heads = [number for number, line in enumerate(lines) if _HEAD.match(line)] + [len(lines)]
    end = heads[min(place + 1, len(heads) - 1)]
    while end and lines[end - 1].lstrip()[:1] in {"", "#"}:  # what stands between belongs to the next outlet
        end -= 1
    before = "".join(lines[:end])
    block = ("" if before.endswith("\n") else "\n") + "\n".join(_source_lines(source)) + "\n"
    _write(path, before + block + "".join(lines[end:]), replace(known, sources=(*known.sources, source)))


def _write(path: Path, text: str, meant: Outlet) -> None:
    # Read back before it replaces the person's file: what we write must be what was meant.
    data = text.encode("utf-8", "surrogatepass")
    if meant not in import_toml(data, where=str(path)):
        raise ConfigError(f"{meant.id} can't be written", where=str(path), fix="Check its values, or edit the file")
    _replace(path, data)


def _replace(path: Path, data: bytes) -> None:
    target = path.resolve()  # a linked file stays a link
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise ConfigError(f"can't be written: {error.strerror}", where=str(path), fix="Check the folder") from None


def to_toml(outlets: Iterable[Outlet]) -> str:
    """The outlets in the file's form; values that are the default are left out."""
    blocks = []
    for outlet in outlets:
        lines = ["[[outlet]]"]
        for field in dataclasses.fields(Outlet):
            value = getattr(outlet, field.name)
            if field.name != "sources" and (field.name in {"id", "name"} or value != field.default):
                lines.append(f"{field.name} = {_toml(value)}")
        for source in outlet.sources:
            lines += _source_lines(source)
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _source_lines(source: Source) -> list[str]:
    lines = ["[[outlet.source]]", f"kind = {_toml(source.kind)}", f"address = {_toml(source.address)}"]
    return lines + ([f"language = {_toml(source.language)}"] if source.language else [])


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(part) for part in value)}]"
    # JSON's strings and booleans are TOML's, but for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def unknown_outlet(id: str) -> Outlet:
    """An outlet that an imported item names and the file does not know; its name is the id, its site its address."""
    identity = slug(id)
    return Outlet(id=identity, name=id.strip() or identity, site=f"https://{identity}/" if "." in identity else "")


def find_outlet_by_url(outlets: Iterable[Outlet], url: str) -> Outlet | None:
    """The outlet whose site the address is on: the longest matching host, then the longest matching path."""
    host, path = host_of(url), urlsplit(url).path if host_of(url) else ""
    best: tuple[int, int] = (0, 0)
    found = None
    for outlet in outlets:
        own = host_of(outlet.site)
        folder = urlsplit(outlet.site).path.rstrip("/") if own else ""
        inside = bool(own) and (host == own or host.endswith(f".{own}"))
        if (
            inside
            and (not folder or path == folder or path.startswith(f"{folder}/"))
            and (len(own), len(folder)) > best
        ):
            best, found = (len(own), len(folder)), outlet
    return found


def host_of(url: str) -> str:
    """The host of a web address without "www.", "" when it is none."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or "@" in parts.netloc:
            return ""
        return (parts.hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return ""
