"""Pages made for the tests; every outlet, person and event in them is invented."""

from __future__ import annotations

from datetime import UTC, datetime

from ortaq.model import Hints, Page, PageRole

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def page(
    body: bytes | str,
    *,
    role: PageRole = "article",
    media_type: str = "text/html",
    url: str = "https://sample.kz/news/2024/03/05/kopir",
    outlet: str = "sample",
    headers: tuple[tuple[str, str], ...] = (),
    hints: Hints | None = None,
) -> Page:
    return Page(
        url=url,
        body=body.encode() if isinstance(body, str) else body,
        media_type=media_type,
        fetched_at=NOW,
        role=role,
        outlet=outlet,
        source="sample:1",
        headers=headers,
        hints=hints or Hints(),
    )


PARAGRAPHS = {
    "kk": [
        "Көкжар қаласында өзен үстінен салынған жаңа көпір бүгін таңертең ашылды, оны салуға үш жыл кетті.",
        "Қала әкімінің айтуынша, көпір тәулігіне он мың көлік өткізе алады және екі ауданды қосады.",
        "Тұрғындар бұл жолдың ашылуын көптен күткенін, енді жұмысқа ертерек жететінін айтады.",
    ],
    "ug": [
        "كۆكجار شەھىرىدە دەريا ئۈستىگە سېلىنغان يېڭى كۆۋرۈك بۈگۈن ئەتىگەن ئېچىلدى، ئۇنى سېلىشقا ئۈچ يىل كەتتى.",
        "شەھەر باشلىقىنىڭ ئېيتىشىچە، كۆۋرۈكتىن ھەر كۈنى ئون مىڭ ماشىنا ئۆتەلەيدۇ ۋە ئىككى رايوننى تۇتاشتۇرىدۇ.",
        "ئاھالىلەر بۇ يولنىڭ ئېچىلىشىنى ئۇزاقتىن بېرى كۈتكەنلىكىنى، ئەمدى ئىشقا بالدۇر بارىدىغانلىقىنى ئېيتتى.",
    ],
    "mn": [
        "Хөхзүлэг хотод гол дээгүүр барьсан шинэ гүүр өнөөдөр өглөө нээгдлээ, барихад гурван жил зарцуулжээ.",
        "Хотын даргын хэлснээр гүүрээр хоногт арван мянган машин нэвтрэх боломжтой бөгөөд хоёр дүүргийг холбоно.",
        "Иргэд энэ зам нээгдэхийг удаан хүлээсэн, одоо ажилдаа эрт хүрнэ гэж ярьж байна.",
    ],
}
HEADLINES = {
    "kk": "Көкжарда жаңа көпір ашылды",
    "ug": "كۆكجاردا يېڭى كۆۋرۈك ئېچىلدى",
    "mn": "Хөхзүлэгт шинэ гүүр нээгдлээ",
}
CLASSES = {"kk": "жаңалық-мәтіні", "ug": "xewer-mezmuni", "mn": "мэдээний-бие"}


def html(language: str = "kk", *, head: str = "", after_headline: str = "", after_text: str = "") -> str:
    """An article's page with navigation around it; `head`, `after_headline` and `after_text` are put in as they are."""
    paragraphs = "\n".join(f"<p>{text}</p>" for text in PARAGRAPHS[language])
    direction = "rtl" if language == "ug" else "ltr"
    return f"""<!DOCTYPE html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">
<title>{HEADLINES[language]} | Sample</title>
<meta property="og:title" content="{HEADLINES[language]}"><meta property="og:site_name" content="Sample">
{head}</head><body>
<nav><ul><li><a href="/">Sample</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<div class="{CLASSES[language]}"><h1>{HEADLINES[language]}</h1>{after_headline}
{paragraphs}{after_text}</div>
<footer><p>© Sample, 2024</p></footer></body></html>"""
