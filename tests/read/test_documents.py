"""Documents: every format says the same; damaged and hostile ones are problems."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ortaq.model import ReadResult
from ortaq.read import read_page
from tests.read.samples import HEADLINES, PARAGRAPHS, page

DATELINE = "2024 жылғы 5 наурыз        Көкжар қаласы"
LINES = [HEADLINES["kk"], DATELINE, *PARAGRAPHS["kk"]]


def docx(*lines: str) -> bytes:
    import docx as library

    document = library.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def odt(*lines: str) -> bytes:
    from odf.opendocument import OpenDocumentText
    from odf.text import P

    document = OpenDocumentText()
    for line in lines:
        document.text.addElement(P(text=line))
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def rtf(*lines: str) -> bytes:
    def escaped(line: str) -> str:
        return "".join(char if char.isascii() else f"\\u{ord(char)}?" for char in line)

    return ("{\\rtf1\\ansi\\ansicpg1251 " + "\\par\n".join(map(escaped, lines)) + "}").encode("ascii")


def pdf(*lines: str) -> bytes:
    """A small PDF by hand: Latin text, Helvetica."""
    shown = "\n".join(f"BT /F1 11 Tf 50 {760 - 16 * i} Td ({line}) Tj ET" for i, line in enumerate(lines))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(shown)}>>stream\n{shown}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = "%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{body}endobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010} 00000 n \n" for place in places)
    return (out + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF").encode("latin-1")


def read(body: bytes, media_type: str = "application/octet-stream") -> ReadResult:
    return read_page(page(body, media_type=media_type, url="file:///press/2024.docx"))


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (docx(*LINES), WORD),
        (odt(*LINES), "application/vnd.oasis.opendocument.text"),
        (rtf(*LINES), "application/rtf"),
        ("\n".join(LINES).encode(), "text/plain"),
        ("\r\n\r\n".join(LINES).encode("kz1048"), "text/plain; charset=windows-1251"),
        (docx(*LINES), "application/octet-stream"),
    ],
)
def test_headline_dateline_and_text(body: bytes, media_type: str) -> None:
    result = read(body, media_type)
    assert result.problems == ()
    article = result.articles[0]
    assert article.headline == HEADLINES["kk"]
    assert article.published_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert article.text == "\n\n".join(PARAGRAPHS["kk"])
    assert article.url == "file:///press/2024.docx"


def test_pdf() -> None:
    lines = [
        "A new bridge opened",
        "Kokzhar, 5 March 2024",
        "The new bridge over the river was opened this morning after three years of build-",
        "ing, and ten thousand cars will cross it every day, the mayor of the town told us.",
        "People have waited long.",
    ]
    article = read(pdf(*lines), "application/pdf").articles[0]
    assert article.headline == "A new bridge opened"
    assert article.published_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert "three years of building, and ten" in article.text


def test_insertions_stay_and_deletions_go() -> None:
    body = docx("Тақырып", "Мәтін ")
    with zipfile.ZipFile(io.BytesIO(body)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    changed = parts["word/document.xml"].replace(
        "Мәтін </w:t></w:r>".encode(),
        "Мәтін </w:t></w:r><w:ins><w:r><w:t>енгізілді</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>өшірілді</w:delText></w:r></w:del>".encode(),
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, data in (parts | {"word/document.xml": changed}).items():
            new.writestr(name, data)
    assert read(out.getvalue()).articles[0].text == "Мәтін енгізілді"


def test_a_long_first_line_is_no_headline() -> None:
    text = PARAGRAPHS["kk"][0] * 3 + "\n\n" + PARAGRAPHS["kk"][1]
    article = read(text.encode(), "text/plain").articles[0]
    assert len(article.headline) <= 120
    assert article.text.startswith(PARAGRAPHS["kk"][0])


def test_hard_wrapped_text_is_unwrapped() -> None:
    lines = [
        "Headline here",
        "",
        "The new bridge over the river was opened this morning after",
        "three years of building, and ten thousand cars cross it now.",
        "People have waited long for it.",
        "",
        "Second paragraph of the text that goes on for a whole line",
        "and ends here.",
    ]
    wrapped = "\n".join(lines)
    article = read(wrapped.encode(), "text/plain").articles[0]
    assert article.text.count("\n\n") == 1
    assert "after three years" in article.text


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        for number in range(3):
            package.writestr(f"word/{number}.xml", b"0" * 40_000_000)
    return out.getvalue()


def entities() -> bytes:
    lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    xml = f'<!DOCTYPE d [<!ENTITY l0 "lol">{lol}<!ENTITY x SYSTEM "file:///etc/passwd">]><d><p>&l11;&x;</p></d>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", xml)
    return out.getvalue()


def encrypted_odt() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("META-INF/manifest.xml", "<m><file-entry><encryption-data/></file-entry></m>")
        package.writestr("content.xml", b"\x00\x01")
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "media_type", "reason"),
    [
        (docx(*LINES)[:3000], WORD, "damaged"),
        (b"PK\x03\x04" + b"\x00" * 50, WORD, "damaged"),
        (b"%PDF-1.4 nothing", "application/pdf", "damaged"),
        (b"", WORD, "damaged"),
        (b"", "text/plain", "no text"),
        (bomb(), WORD, "expands to too much"),
        (encrypted_odt(), "application/vnd.oasis.opendocument.text", "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), WORD, "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "application/msword", "old binary Word"),
        (b"\x89PNG\x00", "image/png", "can't read image/png"),
        (b"<Types/>", "application/zip", "can't read application/zip"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, media_type: str, reason: str) -> None:
    result = read(body, media_type)
    assert result.articles == ()
    assert reason in result.problems[0].reason


def test_entities_are_never_expanded() -> None:
    result = read(entities())
    assert "lol" not in "".join(article.text for article in result.articles)
    assert "root:" not in "".join(article.text for article in result.articles)


def test_names_that_climb_are_reported_and_harmless(tmp_path: Path) -> None:
    out = io.BytesIO(docx(*LINES))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("../../evil.txt", "x")
    result = read(out.getvalue(), WORD)
    assert result.articles[0].headline == HEADLINES["kk"]
    assert "evil" in result.problems[0].reason


@pytest.mark.shared
def test_the_founding_text(shared_data: Path) -> None:
    result = read((shared_data / "seed" / "forum.txt").read_bytes(), "text/plain")
    assert result.problems == ()
    article = result.articles[0]
    assert article.headline == "I Орталық Азия медиафорумы"
    assert article.published_at == datetime(2022, 12, 20, tzinfo=UTC)
    for artifact in ("_GoBack", ". .", "..", "  ", "\t"):
        assert artifact not in article.text
    assert len(article.text.split("\n\n")) == 7
