"""OPML, the lists that feed readers export, as outlets. https://opml.org/spec2.opml"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ortaq.errors import ConfigError
from ortaq.ids import slug
from ortaq.model import Outlet, Source
from ortaq.outlets import LANGUAGE, MAX_BYTES, host_of

MAX_OUTLETS = 10_000


def import_opml(data: bytes) -> list[Outlet]:
    """The feeds of an OPML 1.0 or 2.0 list, one outlet a site, several feeds of one site as its sources.

    Groups are entered and forgotten. Outlines without an address, or with one that is not http(s), are left out.
    Raises ConfigError when it is no OPML, or when it declares a document type (nobody's feed reader writes one).
    """
    from lxml import etree

    if len(data) > MAX_BYTES:
        raise ConfigError(f"larger than {MAX_BYTES} bytes", where="OPML", fix="Is this a feed reader's list?")
    text = _xml_text(data)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ConfigError("declares a document type", where="OPML", fix="Remove the <!DOCTYPE ...> from the file")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ConfigError(f"not XML: {error}", where="OPML", fix="Export the list again") from None
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise ConfigError("not an OPML list", where="OPML", fix="Export the list as OPML")
    found: dict[str, Outlet] = {}
    for outline in root.iter("{*}outline"):
        values = {str(key).lower(): str(value).strip() for key, value in outline.attrib.items()}
        if len(found) < MAX_OUTLETS and host_of(values.get("xmlurl", "")):
            _add_outline(found, values)
    return list(found.values())


def _xml_text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        declared = re.match(rb"""\s*<\?xml[^>]{0,200}?encoding=["']([A-Za-z0-9._-]{1,40})""", data)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            try:
                text = data.decode(declared.group(1).decode() if declared else "windows-1251", "replace")
            except (LookupError, ValueError):
                text = data.decode("utf-8", "replace")
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


def _add_outline(found: dict[str, Outlet], values: Mapping[str, str]) -> None:
    feed = values["xmlurl"]
    site = values.get("htmlurl", "") if host_of(values.get("htmlurl", "")) else ""
    name = values.get("title") or values.get("text") or host_of(site or feed)
    key = slug(host_of(site or feed))
    language = values.get("language", "")
    spoken = language if LANGUAGE.fullmatch(language) else ""
    known = found.get(key) or Outlet(id=key, name=name, site=site or f"https://{host_of(feed)}/")
    if any(source.address == feed for source in known.sources):
        return
    found[key] = replace(
        known,
        languages=tuple(dict.fromkeys([*known.languages, *([spoken] if spoken else [])])),
        sources=(*known.sources, Source(key, "feed", feed, spoken or None)),
    )
