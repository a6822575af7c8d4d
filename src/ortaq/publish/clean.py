"""Text and addresses of strangers, made harmless before they leave the house."""

from __future__ import annotations

import dataclasses
import re
from urllib.parse import urlsplit

from ortaq.model import Article
from ortaq.text.sentences import sentences

EXCERPT = 400  # characters; about what press-snippet rules and fair quotation bear, and what fits a phone's screen

# What XML 1.0 (5th edition, production 2) forbids, lone surrogates and the two non-characters included.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROLS_IN_URL = re.compile("[\\x00-\\x20\\x7f]")


def legal(text: str) -> str:
    """The text without the characters that XML 1.0 forbids (and that no UTF-8 encoder takes)."""
    return _ILLEGAL.sub("", text)


def web_address(url: str) -> str | None:
    """The address when a browser may be sent there: absolute http or https with a host. None for anything else."""
    url = legal(url.strip())
    if _CONTROLS_IN_URL.search(url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def shown_address(url: str) -> str:
    """The address as strangers may see it: of a file on our own disk the name alone."""
    return "file:" + url.rpartition("/")[2] if url.casefold().startswith("file:") else url


def for_strangers(article: Article) -> Article:
    """The article with its address as strangers may see it."""
    return dataclasses.replace(article, url=shown_address(article.url))


def excerpt(text: str, limit: int = EXCERPT) -> str:
    """The beginning of a text in at most `limit` characters: whole sentences, else whole words with an ellipsis."""
    window = " ".join(text[: limit * 4].split())
    if len(window) <= limit and len(text) <= limit * 4:
        return window
    taken = ""
    for sentence in sentences(window):
        longer = f"{taken} {sentence}".strip()
        if len(longer) > limit:
            break
        taken = longer
    if len(taken) >= limit // 3:
        return taken
    cut = window[:limit]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut[:-1]).rstrip(" ,;:—–-،") + "…"
