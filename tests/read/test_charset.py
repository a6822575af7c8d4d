"""Encodings: declared ones are believed only when the bytes agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.read.charset import decode

RUSSIAN = "Новый мост через реку открыли сегодня утром, его строили три года. " * 3
KAZAKH = "Өзен үстінен салынған жаңа көпір бүгін таңертең ашылды, оны салуға үш жыл кетті. Қала әкімі құттықтады. " * 3
KYRGYZ = "Дарыянын үстүнө салынган жаңы көпүрө бүгүн эртең менен ачылды, аны курууга үч жыл кетти. " * 3
TURKISH = "Nehrin üzerine yapılan yeni köprü bu sabah açıldı, yapımı üç yıl sürdü. Şehir halkı çok sevindi. " * 3


@pytest.mark.parametrize(
    ("text", "encoding", "content_type"),
    [
        (RUSSIAN, "windows-1251", "text/html; charset=windows-1251"),
        (RUSSIAN, "windows-1251", "text/html; charset=utf-8"),  # declared wrongly
        (RUSSIAN, "windows-1251", ""),
        (RUSSIAN, "koi8-r", "text/html; charset=koi8-r"),
        (RUSSIAN, "koi8-r", ""),
        (RUSSIAN, "koi8-u", ""),
        (RUSSIAN, "koi8-r", "text/html; charset=windows-1251"),
        (RUSSIAN, "utf-8", "text/html; charset=windows-1251"),
        (RUSSIAN, "utf-16", ""),
        (RUSSIAN, "utf-8-sig", "text/html; charset=koi8-r"),
        (KAZAKH, "kz1048", "text/html; charset=windows-1251"),
        (KAZAKH, "kz1048", ""),
        (KAZAKH, "ptcp154", "text/html; charset=windows-1251"),
        (KAZAKH, "utf-8", "text/html; charset=windows-1251"),
        (KAZAKH, "utf-8", "text/html; charset=iso-8859-1"),
        (KYRGYZ, "kz1048", ""),
        (TURKISH, "windows-1254", "text/html; charset=iso-8859-9"),
        (TURKISH, "windows-1254", "text/html; charset=windows-1254"),
    ],
)
def test_comes_back(text: str, encoding: str, content_type: str) -> None:
    assert decode(text.encode(encoding), content_type)[0] == text


@pytest.mark.parametrize(
    "declaration", ['<meta charset="windows-1251">', '<?xml version="1.0" encoding="windows-1251"?>',
                    '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">']
)  # fmt: skip
def test_the_pages_own_declaration(declaration: str) -> None:
    text, name = decode((declaration + RUSSIAN).encode("windows-1251"))
    assert RUSSIAN in text
    assert name == "windows-1251"


def test_a_foreign_line_in_a_utf8_page() -> None:
    body = (KAZAKH * 5).encode() + "Реклама".encode("windows-1251") + KAZAKH.encode()
    text, name = decode(body, "text/html; charset=utf-8")
    assert name == "utf-8"
    assert "Реклама" in text
    assert text.count("�") == 0


def test_a_page_cut_inside_a_letter() -> None:
    assert decode(KAZAKH.encode()[:-3], "")[1] == "utf-8"


@pytest.mark.parametrize("label", ["base64", "no-such", "rot13", "zlib", "", "\x00"])
def test_strange_declarations(label: str) -> None:
    assert decode(RUSSIAN.encode(), f"text/html; charset={label}")[0] == RUSSIAN


@given(st.binary(max_size=400), st.sampled_from(["", "charset=utf-8", "charset=windows-1251", "charset=gbk"]))
def test_never_raises(body: bytes, content_type: str) -> None:
    text, name = decode(body, content_type)
    assert isinstance(text, str)
    assert name
