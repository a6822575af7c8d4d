"""A Telegram channel's preview page."""

from __future__ import annotations

from datetime import UTC, datetime

from ortaq.read import read_page
from tests.read.samples import page


def message(number: int, text: str, more: str = "", css: str = "") -> str:
    return f"""<div class="tgme_widget_message_wrap"><div class="tgme_widget_message {css} js-widget_message"
 data-post="ulgi_arna/{number}">{more}
<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>
<a class="tgme_widget_message_date" href="https://t.me/ulgi_arna/{number}">
<time datetime="2024-05-0{number}T08:00:00+00:00" class="time">08:00</time></a></div></div>"""


def channel(*messages: str) -> str:
    return f"<html><body><main>{''.join(messages)}</main></body></html>"


def test_one_article_a_post() -> None:
    style = "width:800px;background-image:url('https://cdn.example/1.jpg')"
    photo = f'<a class="tgme_widget_message_photo_wrap" style="{style}"></a>'
    long = "Көкжарда жаңа көпір ашылды. Оны салуға үш жыл кетті, тұрғындар мұны көптен күткен еді, дейді әкімдік."
    reply = '<a class="tgme_widget_message_reply"><div class="tgme_widget_message_text">ескі пост</div></a>'
    result = read_page(
        page(
            channel(
                message(1, long, photo),
                message(2, "Қысқа <b>хабар</b><br/><br/>Екінші абзац", reply),
                message(3, "Channel photo updated", css="service_message"),
                message(4, ""),
                message(5, "Қайта жіберілді", '<a class="tgme_widget_message_forwarded_from_name">Басқа арна</a>'),
            ),
            role="posts",
            url="https://t.me/s/ulgi_arna",
        )
    )
    assert result.problems == ()
    first, second, third = result.articles
    assert first.url == "https://t.me/ulgi_arna/1"
    assert first.headline == "Көкжарда жаңа көпір ашылды"
    assert first.text == long
    assert first.image == "https://cdn.example/1.jpg"
    assert first.published_at == datetime(2024, 5, 1, 8, tzinfo=UTC)
    assert (second.headline, second.text) == ("Қысқа хабар", "Қысқа хабар\n\nЕкінші абзац")
    assert third.authors == ("Басқа арна",)
    assert len({first.id, second.id, third.id}) == 3


def test_long_first_lines_are_cut_at_a_word() -> None:
    result = read_page(page(channel(message(1, "сөз " * 80)), role="posts"))
    headline = result.articles[0].headline
    assert len(headline) <= 120
    assert headline.endswith("сөз…")


def test_a_page_without_posts_is_a_problem() -> None:
    result = read_page(page("<html><body>Contact @ulgi</body></html>", role="posts"))
    assert result.articles == ()
    assert "no posts" in result.problems[0].reason


def test_forged_names_are_left_out() -> None:
    forged = message(1, "мәтін").replace("ulgi_arna/1", "../../evil?x=1")
    assert read_page(page(channel(forged), role="posts")).articles == ()
