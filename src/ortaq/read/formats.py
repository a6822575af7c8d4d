"""The document formats we read, one function each from a page's bytes to its text.

Word and OpenDocument files are zips of XML; they are read straight from their one part that holds the text, with
lxml: no entities, no network, and never more bytes than allowed whatever the zip claims. PDF has a file of its own.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from ortaq.errors import Quarantined
from ortaq.model import Page, Problem
from ortaq.read.charset import decode
from ortaq.read.pdf import MAX_CHARACTERS, read_pdf

MAX_EXPANDED = 100_000_000  # bytes of all members of a zip together
MAX_MEMBER = 40_000_000  # bytes of one XML member
MAX_MEMBERS = 5_000
MAX_RTF = 10_000_000  # bytes; pictures are most of what is larger


def _zip(page: Page, problems: list[Problem]) -> zipfile.ZipFile:
    """The container, after a look at what it claims to hold."""
    try:
        package = zipfile.ZipFile(io.BytesIO(page.body))
        members = package.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError):
        raise Quarantined("the document is damaged", where=page.url, fix="Get it again") from None
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_EXPANDED:
        raise Quarantined("the document expands to too much (a zip bomb?)", where=page.url)
    if any(member.flag_bits & 1 for member in members):
        raise Quarantined("the document is protected by a password", where=page.url, fix="Save it without one")
    for member in members:
        if member.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", member.filename):
            problems.append(Problem(page.url, f"the document has a member named {member.filename[:100]!r}, not read"))
    return package


def _member(package: zipfile.ZipFile, name: str, where: str) -> etree._Element:
    """An XML member as a tree: never more bytes than allowed, whatever the headers claim; no entities, no network."""
    try:
        with package.open(name) as stream:
            data = stream.read(MAX_MEMBER + 1)
    except KeyError:
        raise Quarantined(f"the document lacks its part {name}", where=where, fix="Get it again") from None
    except (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError, EOFError, OSError):
        raise Quarantined("the document is damaged", where=where, fix="Get it again") from None
    if len(data) > MAX_MEMBER:
        raise Quarantined("the document expands to too much (a zip bomb?)", where=where)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Quarantined("the document is damaged", where=where, fix="Get it again") from None


def _docx(page: Page, problems: list[Problem]) -> str:
    package = _zip(page, problems)
    _member(package, "[Content_Types].xml", page.url)
    root = _member(package, "word/document.xml", page.url)
    return _joined(_docx_paragraphs(root))


def _docx_paragraphs(root: etree._Element) -> Iterator[str]:
    """WordprocessingML (ISO/IEC 29500-1): w:p with w:t, w:tab, w:br; what is deleted (w:delText) is not there."""
    space = root.nsmap.get("w") or "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    mark = f"{{{space}}}"
    for paragraph in root.iter(f"{mark}p"):
        parts: list[str] = []
        for element in paragraph.iter(f"{mark}t", f"{mark}tab", f"{mark}br", f"{mark}cr", f"{mark}noBreakHyphen"):
            inner = next((above for above in element.iterancestors(f"{mark}p")), None)
            if inner is not paragraph:  # a text box inside this paragraph is a paragraph of its own
                continue
            name = element.tag.removeprefix(mark)
            if name == "t":
                parts.append(element.text or "")
            elif element.getparent().tag == f"{mark}r":  # w:tab also stands among the settings of a paragraph
                parts.append({"tab": "\t", "noBreakHyphen": "-"}.get(name, "\n"))
        yield "".join(parts)


def _odt(page: Page, problems: list[Problem]) -> str:
    package = _zip(page, problems)
    names = set(package.namelist())
    if "META-INF/manifest.xml" in names:
        manifest = _member(package, "META-INF/manifest.xml", page.url)
        if next(manifest.iter("{*}encryption-data"), None) is not None:
            raise Quarantined("the document is protected by a password", where=page.url, fix="Save it without one")
    root = _member(package, "content.xml", page.url)
    return _joined(_odt_paragraphs(root))


def _odt_paragraphs(root: etree._Element) -> Iterator[str]:
    """OpenDocument 1.3 part 3: text:p and text:h, with text:s, text:tab, text:line-break; changes are left out."""
    for deleted in list(root.iter("{*}tracked-changes", "{*}annotation", "{*}note-citation")):
        tail = deleted.tail
        parent = deleted.getparent()
        if parent is not None:
            before = deleted.getprevious()
            if tail and before is not None:
                before.tail = (before.tail or "") + tail
            elif tail:
                parent.text = (parent.text or "") + tail
            parent.remove(deleted)
    for paragraph in root.iter("{*}p", "{*}h"):
        parts = [paragraph.text or ""]
        for element in paragraph.iterdescendants():
            if not isinstance(element.tag, str):
                continue
            name = etree.QName(element).localname
            if name in ("tab", "s"):
                parts.append(" ")
            elif name == "line-break":
                parts.append("\n")
            elif name not in ("p", "h"):
                parts.append(element.text or "")
            parts.append(element.tail or "")
        yield "".join(parts)


def _joined(paragraphs: Iterator[str]) -> str:
    kept: list[str] = []
    size = 0
    for paragraph in paragraphs:
        if text := paragraph.strip():
            kept.append(text)
            size += len(text)
            if size > MAX_CHARACTERS:
                break
    return "\n\n".join(kept)


def _rtf(page: Page, problems: list[Problem]) -> str:
    from striprtf import striprtf

    source = page.body.decode("latin-1")
    if len(source) > MAX_RTF:
        raise Quarantined("the document is too large", where=page.url, fix="Save it without pictures")
    try:
        return str(striprtf.rtf_to_text(source, errors="replace"))  # type: ignore[no-untyped-call]
    except (UnicodeError, ValueError, LookupError, IndexError, AttributeError, TypeError):
        raise Quarantined("the document is damaged", where=page.url, fix="Get it again") from None


def _text(page: Page, problems: list[Problem]) -> str:
    return decode(page.body, page.media_type)[0]


READERS: Mapping[str, Callable[[Page, list[Problem]], str]] = {
    "docx": _docx,
    "odt": _odt,
    "pdf": read_pdf,
    "rtf": _rtf,
    "text": _text,
}
