"""PDF to text, by PDFium; lines with right-to-left letters are put in order by where their letters stand."""

from __future__ import annotations

import bisect
import ctypes
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ortaq.errors import Quarantined
from ortaq.model import Page, Problem
from ortaq.read.bidi import kind, logical_order

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

MAX_PAGES = 1_000
MAX_CHARACTERS = 2_000_000
# Between two signs, in heights of the line, from which there is a space: where PDFium has none, is in doubt, has one.
# By 40 Uyghur articles in three fonts made into PDF by three programs, 2026-11.
GAPS = (0.12, 0.08, 0.03)
MAX_MARKS = 1_000  # combining marks of one line

_PDFIUM = threading.Lock()  # PDFium must not be called from two threads
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_PRESENTATION = re.compile("[\ufb1d-\ufdff\ufe70-\ufefc]")
_ENDS = frozenset(".,:;!?،؛؟")
_ALEFS = frozenset("اأإآٱ")


@dataclass(frozen=True, slots=True)
class Sign:
    """A character and its box on the page, in points; ligatures' letters share one box, spaces may have none.

    `word` counts the spaces before it on its line, as PDFium orders them.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    word: int = 0


def read_pdf(page: Page, problems: list[Problem]) -> str:
    """The text, paragraphs parted by a blank line. Raises Quarantined for a damaged or protected file."""
    import pypdfium2

    pages: list[list[str]] = []
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(page.body)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise Quarantined(
                    "the document is protected by a password", where=page.url, fix="Save it without one"
                ) from None
            raise Quarantined("the document is damaged", where=page.url, fix="Get it again") from None
        try:
            if len(document) > MAX_PAGES:
                problems.append(Problem(page.url, f"only the first {MAX_PAGES} of {len(document)} pages were read"))
            size = 0
            for number in range(min(len(document), MAX_PAGES)):
                try:
                    lines = _lines(document[number].get_textpage())
                except pypdfium2.PdfiumError:
                    problems.append(Problem(page.url, f"page {number + 1} could not be read"))
                    continue
                pages.append(lines)
                size += sum(map(len, lines))
                if size > MAX_CHARACTERS:
                    break
        finally:
            document.close()
    return reflowed(pages)


def _lines(page: PdfTextPage) -> list[str]:
    text = str(page.get_text_bounded()).replace("\r\n", "\n").replace("\ufffe", "-")
    if not _RIGHT_TO_LEFT.search(text):
        return text.split("\n")
    # PDFium guesses the order of such lines from the order in which a file draws them, and is often wrong by the word.
    found = list(_signs(page))
    counts = Counter(kind(sign.text) for line in found for sign in line)
    return [line_text(line, counts["R"] > counts["L"]) for line in found]


def _signs(page: PdfTextPage) -> Iterator[list[Sign]]:
    """The page's characters by line, those that lie outside of the page left out."""
    import pypdfium2.raw as pdfium

    place = [ctypes.c_double() for _ in range(4)]
    loose = pdfium.FS_RECTF()
    turn = _turn(page.page.get_rotation())
    edges = page.page.get_bbox()
    line: list[Sign] = []
    word = 0
    for index in range(page.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(page, index))
        if char == "\n":
            yield line
            line, word = [], 0
        elif char == "\r" or "\ud800" <= char <= "\udfff" or not pdfium.FPDFText_GetCharBox(page, index, *place):
            continue
        else:
            left, right, bottom, top = (edge.value for edge in place)
            if pdfium.FPDFText_GetLooseCharBox(page, index, loose):  # the place it takes, beside the ink
                left, right = min(left, loose.left), max(right, loose.right)
                bottom, top = min(bottom, loose.bottom), max(top, loose.top)
            if edges[0] <= (left + right) / 2 <= edges[2] and edges[1] <= (bottom + top) / 2 <= edges[3]:
                word += char.isspace()
                line.append(Sign("-" if char == "\ufffe" else char, *turn(left, right, bottom, top), word))
    yield line


def _turn(rotation: int) -> Callable[[float, float, float, float], tuple[float, float, float, float]]:
    """From a page's own axes to those of a page that is shown turned clockwise by so many degrees."""
    return {
        90: lambda left, right, bottom, top: (bottom, top, -right, -left),
        180: lambda left, right, bottom, top: (-right, -left, -top, -bottom),
        270: lambda left, right, bottom, top: (-top, -bottom, left, right),
    }.get(rotation, lambda left, right, bottom, top: (left, right, bottom, top))


def line_text(line: Sequence[Sign], rtl: bool) -> str:
    """A line's text in the order of reading. `rtl`: most letters of the page run from right to left.

    A line without such letters on a page of the other direction, or one that does not run across the page, stays in
    the order given.
    """
    given = "".join(sign.text for sign in line)
    clusters = _clusters(line) if (rtl or _RIGHT_TO_LEFT.search(given)) and _runs_across(line) else []
    if not clusters:
        return given
    height = max(sign.top - sign.bottom for sign in clusters)
    visual: list[str] = []
    before = clusters[0]
    end = before.right
    for sign in clusters:
        blank = visual[-1:] in ([], [" "])
        if sign.text != " " and not blank and sign.left - end > _gap(before, sign) * height:
            visual.append(" ")
        if sign.text >= " " and (
            sign.text != " " or not blank
        ):  # a control character holds a place, in lines stretched
            visual.append(sign.text)
        before, end = sign, max(end, sign.right)
    if not visual:
        return ""
    return logical_order(visual, rtl=_is_right_to_left(visual, rtl)).strip()


def _gap(before: Sign, sign: Sign) -> float:
    apart = abs(sign.word - before.word)
    if apart == 1 and before.text[0].isalnum() and sign.text[0].isalnum():
        return GAPS[2]
    return GAPS[1] if apart else GAPS[0]


def _is_right_to_left(visual: Sequence[str], page: bool) -> bool:
    """By the line's letters, those of the page's main direction four times as weighty. A line of the other direction
    that seems to begin with a full stop ends with it."""
    counts = Counter(kind(text[0]) for text in visual)
    if page and not counts["R"]:
        return not counts["L"] or (visual[0] in _ENDS and len(visual) > 1 and visual[1] != " ")
    return counts["R"] >= counts["L"] * (0.25 if page else 4)


def _runs_across(line: Sequence[Sign]) -> bool:
    letters = [sign for sign in line if not unicodedata.combining(sign.text)]
    if not letters:
        return False
    across = [(sign.left + sign.right) / 2 for sign in letters]
    upright = [(sign.bottom + sign.top) / 2 for sign in letters]
    return max(across) - min(across) >= max(upright) - min(upright)


def _clusters(line: Sequence[Sign]) -> list[Sign]:
    """The signs from left to right, a letter with its marks and the letters of a ligature as one."""
    groups: list[list[Sign]] = []
    marks: list[Sign] = []
    for sign in line:
        if unicodedata.combining(sign.text):
            marks.append(sign)
        elif sign.right > sign.left and (not sign.text.isspace() or sign.right - sign.left > 0.1):
            last = groups[-1][0] if groups else None
            if last is not None and (last.left, last.right) == (sign.left, sign.right):
                groups[-1].append(sign)
            else:
                groups.append([sign])
    groups.sort(key=lambda group: group[0].left + group[0].right)
    middles = [(group[0].left + group[0].right) / 2 for group in groups]
    texts = [_in_order([sign.text for sign in group]) for group in groups]
    for mark in marks[:MAX_MARKS]:
        middle = (mark.left + mark.right) / 2
        after = bisect.bisect_left(middles, middle)
        near = [place for place in (after - 1, after) if 0 <= place < len(middles)]
        if near:
            texts[min(near, key=lambda place: abs(middles[place] - middle))] += mark.text
    return [replace(group[0], text=" " if text.isspace() else text) for text, group in zip(texts, groups, strict=True)]


def _in_order(letters: list[str]) -> str:
    """The letters of one sign. PDFium turns those of a ligature around with the line, but not always."""
    if len(letters) == 2 and "ل" in letters and _ALEFS & set(letters):
        letters = ["ل", *(_ALEFS & set(letters))]
    elif len(letters) > 1 and kind(letters[0]) == "R" and letters[0] != "ئ":
        letters = letters[::-1]
    text = "".join(letters)
    return _PRESENTATION.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)


def reflowed(pages: list[list[str]]) -> str:
    """Paragraphs from the lines of a PDF: running heads and page numbers out, broken words joined.

    A line well short of the usual length ends a paragraph.
    """
    edges = Counter(re.sub(r"\d+", "0", line.strip()) for lines in pages for line in {*lines[:2], *lines[-2:]})
    running = {line for line, count in edges.items() if line and count >= 3 and count > len(pages) / 2}
    lines = [
        line.strip()
        for page in pages
        for line in page
        if re.sub(r"\d+", "0", line.strip()) not in running and not re.fullmatch(r"[-–\s]*\d{1,4}[-–\s]*", line)
    ]
    lengths = sorted(len(line) for line in lines if line)
    usual = lengths[int(len(lengths) * 0.75)] if lengths else 0
    paragraphs: list[str] = []
    current: list[str] = []
    for line in lines:
        if current and line[:1].islower() and re.search(r"[^\W\d_]-$", current[-1]):
            current[-1] = current[-1][:-1] + line
        else:
            current.append(line)
        if not line or len(line) < 0.75 * usual:
            paragraphs.append(" ".join(filter(None, current)))
            current = []
    return "\n\n".join(filter(None, [*paragraphs, " ".join(filter(None, current))]))
