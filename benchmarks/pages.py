"""How well do we read web pages? Ours and the peers on three public sets, told apart by their fields.

article_body        scrapinghub/article-extraction-benchmark: precision and recall of 4-token shingles a page, averaged,
                    F1 of the two averages, as its evaluate.py does
with, without       trafilatura's evaluation: strings that must and must not be in the text; a found "with" is a true
                    positive, a found "without" a false one, all pages together. Ours is scored on headline, lead and
                    text, because the peers leave the first two in the text
body_text           fundus: title, date and authors beside the text (shingles as above)

    python -m benchmarks.pages --data ../shared/data/pages/article_extraction.dev.jsonl.gz
"""

from __future__ import annotations

import logging
import re
import statistics
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from benchmarks.common import Row, arguments, peer, read_jsonl, report
from ortaq.errors import OrtaqError
from ortaq.read import extract

Score = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Read:
    """What a system makes of a page; None for a field that it does not read."""

    text: str = ""
    title: str | None = None
    authors: tuple[str, ...] | None = None
    date: str | None = None  # ISO, "" when it found none
    head: str = ""  # headline and lead where the text is without them


Reader = Callable[[str, str], Read]


def ours(html: str, url: str) -> Read:
    try:
        article = extract(html, url)
    except OrtaqError:
        return Read(title="", authors=(), date="")
    date = article.published_at.isoformat() if article.published_at else ""
    return Read(article.text, article.headline, article.authors, date, f"{article.headline}\n{article.lead}")


def trafilatura(html: str, url: str) -> Read:
    from trafilatura import bare_extraction

    found = bare_extraction(html, url=url, include_comments=False, with_metadata=True)
    if found is None or isinstance(found, dict):
        return Read(title="", authors=(), date="")
    authors = tuple((found.author or "").split("; ")) if found.author else ()
    return Read(found.text or "", found.title or "", authors, found.date or "")


def newspaper(html: str, url: str) -> Read:
    import newspaper as library

    article = library.Article(url, fetch_images=False)
    try:
        article.download(input_html=html)
        article.parse()
    except Exception:  # a peer's crash counts as nothing read
        return Read(title="", authors=(), date="")
    date = article.publish_date.isoformat() if article.publish_date else ""
    return Read(article.text, article.title or "", tuple(article.authors or ()), date)


def readability(html: str, url: str) -> Read:
    from lxml import html as lxml_html
    from readability import Document

    try:
        document = Document(html)
        text = lxml_html.fromstring(document.summary()).xpath("string()")
        return Read(str(text), document.short_title() or "")
    except Exception:  # a peer's crash counts as nothing read
        return Read(title="")


def systems() -> dict[str, Reader]:
    return {
        "ortaq": ours,
        peer("trafilatura"): trafilatura,
        peer("newspaper4k"): newspaper,
        peer("readability-lxml"): readability,
    }


def shingles(text: str, n: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text or "")
    return Counter(part for i in range(max(1, len(words) - n + 1)) if (part := tuple(words[i : i + n])))


def overlap(true: str, found: str) -> Score:
    """(true positive, false positive, false negative) shares of all shingles of both."""
    wanted, got = shingles(true), shingles(found)
    counts = (sum((wanted & got).values()), sum((got - wanted).values()), sum((wanted - got).values()))
    total = sum(counts)
    return (counts[0] / total, counts[1] / total, counts[2] / total) if total else (0.0, 0.0, 0.0)


def averaged(scores: Sequence[Score]) -> dict[str, float]:
    """evaluate.py's metrics_from_tp_fp_fns: a page that is wholly right counts 1."""

    def share(hit: float, miss: float, other: float) -> float:
        return 1.0 if miss == other == 0 else 0.0 if hit == 0 else hit / (hit + miss)

    precision = statistics.mean(share(tp, fp, fn) for tp, fp, fn in scores if tp + fp > 0)
    recall = statistics.mean(share(tp, fn, fp) for tp, fp, fn in scores if tp + fn > 0)
    return {"f1": 2 * precision * recall / (precision + recall), "precision": precision, "recall": recall}


def score_article_bodies(rows: Sequence[dict[str, Any]], reads: Sequence[Read]) -> dict[str, float]:
    return averaged([overlap(row["article_body"], read.text) for row, read in zip(rows, reads, strict=True)])


def score_strings(rows: Sequence[dict[str, Any]], reads: Sequence[Read]) -> dict[str, float]:
    hit = wrong = missed = 0
    for row, read in zip(rows, reads, strict=True):
        text = " ".join(f"{read.head}\n{read.text}".split())
        found = sum(" ".join(wanted.split()) in text for wanted in row["with"])
        hit += found
        missed += len(row["with"]) - found
        wrong += sum(" ".join(unwanted.split()) in text for unwanted in row["without"])
    precision, recall = hit / max(1, hit + wrong), hit / max(1, hit + missed)
    return {"f1": 2 * hit / max(1, 2 * hit + wrong + missed), "precision": precision, "recall": recall}


def score_fields(rows: Sequence[dict[str, Any]], reads: Sequence[Read]) -> dict[str, float]:
    values = averaged([overlap(row["body_text"], read.text) for row, read in zip(rows, reads, strict=True)])
    if all(read.title is not None for read in reads):
        pairs = [(row["title"], read.title or "") for row, read in zip(rows, reads, strict=True) if row["title"]]
        values["title_accuracy"] = statistics.mean(_same(true, found) for true, found in pairs)
    if all(read.date is not None for read in reads):
        dates = [(row["publishing_date"], read.date or "") for row, read in zip(rows, reads, strict=True)]
        dates = [(true, found) for true, found in dates if true]
        values["date_right"] = statistics.mean(bool(found) and _same_day(true, found) for true, found in dates)
        values["date_wrong"] = statistics.mean(bool(found) and not _same_day(true, found) for true, found in dates)
    if all(read.authors is not None for read in reads):
        values["authors_f1"] = _names_f1(
            [(row["authors"] or [], read.authors or ()) for row, read in zip(rows, reads, strict=True)]
        )
    return values


def _same(true: str, found: str) -> bool:
    return re.sub(r"\W+", "", true.casefold()) == re.sub(r"\W+", "", found.casefold())


def _same_day(true: str, found: str) -> bool:
    """The same day: by the instant for a time with zone, by the day in the outlet's zone otherwise."""
    wanted, got = datetime.fromisoformat(true), datetime.fromisoformat(found)
    if wanted.tzinfo and got.tzinfo:
        return wanted.astimezone(UTC).date() == got.astimezone(UTC).date() or wanted.date() == got.date()
    return wanted.date() == got.date()


def _names_f1(pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> float:
    hit = found = wanted = 0
    for true, got in pairs:
        left = {name.casefold() for name in true}
        right = {name.casefold() for name in got}
        hit, found, wanted = hit + len(left & right), found + len(right), wanted + len(left)
    return 2 * hit / max(1, found + wanted)


def measure(name: str, rows: Sequence[dict[str, Any]]) -> list[Row]:
    """All systems over one set."""
    out: list[Row] = []
    for system, reader in systems().items():
        start = time.perf_counter()
        reads = [reader(row["html"], row["url"]) for row in rows]
        speed = len(rows) / (time.perf_counter() - start)
        if "article_body" in rows[0]:
            values = score_article_bodies(rows, reads)
        elif "with" in rows[0]:
            values = score_strings(rows, reads)
        else:
            values = score_fields(rows, reads)
        values["texts_per_second"] = speed
        out += [Row("pages", name, "*mean", system, metric, value, len(rows)) for metric, value in values.items()]
    return out


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv, __doc__, "data")
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")  # the peers' own
    rows = list(read_jsonl(options.data))
    kinds = {"article_body": "article_extraction", "with": "trafilatura_eval", "body_text": "fundus_pages"}
    name = next((name for field, name in kinds.items() if field in rows[0]), None)
    if name is None:
        raise SystemExit(f"{options.data} has none of the fields {', '.join(kinds)}")
    report(measure(name, rows), options.json)


if __name__ == "__main__":
    main()
