"""Keeps the message catalogs in step with code and templates: `python -m ortaq.portal.catalog`.

New messages are added empty and those no longer used are dropped; nothing is guessed, so nothing becomes fuzzy.
It ends with the messages that wait for a translation.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from ortaq.portal.i18n import DOMAIN, NAMES, SOURCE

HERE = Path(__file__).parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}


def extract() -> Catalog:
    """All messages of the portal's code and templates."""
    with (HERE / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    catalog = Catalog(domain=DOMAIN, charset="utf-8")
    for name, line, message, comments, context in sorted(
        extract_from_dir(HERE, methods, options, KEYWORDS), key=lambda found: (found[0], found[1])
    ):
        catalog.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalog


def catalog_path(language: str) -> Path:
    return HERE / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalog(language: str) -> Catalog:
    """A language's catalog as it is in its file; an empty one where there is none."""
    path = catalog_path(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN, charset="utf-8")
    return read_po(BytesIO(path.read_bytes()), locale=language, domain=DOMAIN)


def waiting(catalog: Catalog) -> list[str]:
    """The messages without a whole translation."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id and not all(([message.string] if isinstance(message.string, str) else message.string) or [""])
    ]


def updated(language: str, template: Catalog) -> tuple[Catalog, bool]:
    """The language's catalog brought up to the template, and whether that changed a message."""
    catalog = read_catalog(language)
    before = [(message.id, message.string) for message in catalog if message.id]
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog, before != [(message.id, message.string) for message in catalog if message.id]


def main() -> int:
    template, missing = extract(), 0
    for language in NAMES:
        if language == SOURCE:
            continue
        catalog, changed = updated(language, template)
        empty = waiting(catalog)
        missing += len(empty)
        for message in empty:
            print(f"{language}: {message}")
        if not changed:
            continue
        path = catalog_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = BytesIO()
        # Without line numbers, a moved line changes no catalog.
        write_po(written, catalog, width=100, no_location=True, omit_header=False, ignore_obsolete=True)
        path.write_bytes(written.getvalue())
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
