"""The pure steps of a batch, each safe to run on any page: what a page says, where a listing leads, what is new."""

from __future__ import annotations

import hashlib
import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias, TypeVar

from ortaq import registry
from ortaq.errors import ConfigError, OrtaqError
from ortaq.gather.kind import RemoteKind
from ortaq.model import Annotation, Article, Discovery, Page, Problem, ReadResult
from ortaq.read import read_page
from ortaq.store.contract import Position, StoredArticle
from ortaq.understand.annotate import annotate
from ortaq.understand.embed import Embedder

log = logging.getLogger(__name__)

T = TypeVar("T")
BATCH_PAGES = 64
BATCH_BYTES = 16_000_000  # of page bodies; a batch of big pages is cut short


def read_or_say_why(page: Page) -> ReadResult:
    """`read_page`, and a problem instead of an error: one page must never stop the others."""
    try:
        return read_page(page)
    except OrtaqError as error:
        return ReadResult(problems=(Problem(error.where or page.place, error.what, error.fix),))
    except Exception as error:  # a fault of ours: said with its place, and the page is in the archive for later
        log.exception("reading %s failed", page.url)
        return ReadResult(problems=(Problem(page.place, f"fault in the reader: {error!r}", "Please report it"),))


def discover_or_say_why(page: Page) -> Discovery:
    """What the listing leads to, by the kind that its source's id names."""
    try:
        kind = registry.load(registry.SOURCES, page.source.split(":")[1])
        return kind.discover(page) if isinstance(kind, RemoteKind) else Discovery()
    except (ConfigError, IndexError):
        return Discovery(problems=(Problem(page.url, f"unknown source kind in {page.source!r}"),))
    except Exception as error:  # as above
        log.exception("reading the listing %s failed", page.url)
        return Discovery(problems=(Problem(page.url, f"fault in the source kind: {error!r}", "Please report it"),))


Texts: TypeAlias = dict[tuple[str, str], T]
"""By `text_key`: one entry for each state of a text."""


def annotate_or_say_why(articles: Texts[Article], embedder: Embedder) -> tuple[Texts[Annotation], Texts[Problem]]:
    """`annotate`, and a problem for each text on which it fails: one must not hold up the others of its batch.

    An error of ours (the model can't be loaded or reached) is no fault of a text, and is raised.
    """
    try:
        return dict(zip(articles, annotate(list(articles.values()), embedder), strict=True)), {}
    except OrtaqError:
        raise
    except Exception:
        log.exception("annotating %d texts failed; going on one by one", len(articles))
    found: Texts[Annotation] = {}
    faults: Texts[Problem] = {}
    for key, article in articles.items():
        try:
            [found[key]] = annotate([article], embedder)
        except OrtaqError:
            raise
        except Exception as error:
            fix = "Please report it; the page is kept, and `ortaq rebuild` reads it again"
            faults[key] = Problem(article.url or article.id, f"fault in annotating its text: {error!r}", fix)
    return found, faults


def page_digest(page: Page) -> str:
    """What makes an imported page the same as one before: its address, role, outlet and bytes."""
    head = "\x1f".join((page.url, page.role, page.outlet)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(head + b"\x1f" + page.body).hexdigest()[:32]


def batches(
    records: Iterable[tuple[Position, Position, Page]], places: Sequence[Position] = ()
) -> Iterator[list[tuple[Position, Position, Page]]]:
    """Batches of archive records; none spans one of the `places`, which are given in their order."""
    waiting = deque(places)
    batch: list[tuple[Position, Position, Page]] = []
    size = 0
    for record in records:
        while waiting and waiting[0] <= record[0]:
            waiting.popleft()
            if batch:
                yield batch
                batch, size = [], 0
        batch.append(record)
        size += len(record[2].body)
        if len(batch) >= BATCH_PAGES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def changed_articles(articles: Sequence[Article], stored: dict[str, StoredArticle]) -> Texts[Article]:
    """The articles that need annotating, once for each state of a text in the batch.

    Of an article that changes within the batch every state does: it may change back to the one that is stored.
    """
    moved = {
        article.id
        for article in articles
        if article.id not in stored or not same_text(stored[article.id].article, article)
    }
    return {text_key(article): article for article in articles if article.id in moved}


def same_text(one: Article, other: Article) -> bool:
    return one.headline == other.headline and one.text == other.text


def text_key(article: Article) -> tuple[str, str]:
    """The article's id, and a digest of its headline and text."""
    text = f"{article.headline}\x1f{article.text}".encode("utf-8", "surrogatepass")
    return article.id, hashlib.sha256(text).hexdigest()
