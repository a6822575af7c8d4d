"""Are copies found, whatever was done to them? On news, with stated edits.

    python -m benchmarks.copies --data NEWS.jsonl.gz [--json OUT]

NEWS has id, title, text, language. Of each language up to 60 texts of at least 60 words are the originals; of each, one
copy is made by each edit, and all are given in a random order after all of the file's texts, so that what else is in
the news can be taken for an original. An edit is a row: `exact` (other signs and capitals), `cut` (the second half of
the words is dropped), `reordered` (paragraphs, or sentences where there is one paragraph, shuffled), `words-5`,
`words-10`, `words-20` (that percentage of the words replaced by others of the file), `inside` (the whole text between
sentences of many others, three times as long in all), `headline` (headline changed, text the same). `recall`: copies
linked to their original or to another copy of it; `precision`: links from copies that lead there. `others`: the share
of the file's own texts that are linked to anything (real copies among them).

Beside it MinHash LSH (datasketch) over word 5-grams, 128 permutations, at the Jaccard threshold that is best
for it on this data; it is asked for the best of what it finds.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.common import Row, arguments, over_languages, peer, read_jsonl, report
from ortaq.model import Article
from ortaq.text.normalize import fold
from ortaq.text.sentences import sentences
from ortaq.text.tokens import words
from ortaq.unify.copies import CopyFinder

NOW = datetime(2026, 5, 1, tzinfo=UTC)
EACH = 60
LEAST_WORDS = 60
SHINGLE = 5
THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6)
Links = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Copy:
    """A made copy, the edit that made it, and the original's id."""

    article: Article
    edit: str
    of: str
    language: str


def replaced(text: str, share: float, rng: random.Random, other: Sequence[str]) -> str:
    parts = text.split(" ")
    for place in rng.sample(range(len(parts)), round(share * len(parts))):
        parts[place] = rng.choice(other)
    return " ".join(parts)


def reordered(text: str, rng: random.Random) -> str:
    paragraphs = [part for part in text.split("\n") if part.strip()]
    pieces, joint = (paragraphs, "\n") if len(paragraphs) > 1 else (list(sentences(text)), " ")
    return joint.join(rng.sample(pieces, len(pieces)))


def edits(text: str, rng: random.Random, vocabulary: Sequence[str], others: Sequence[str]) -> Iterator[tuple[str, str]]:
    parts = text.split(" ")
    yield "exact", text.upper().replace(" ", "  ")
    yield "cut", " ".join(parts[: len(parts) // 2])
    yield "reordered", reordered(text, rng)
    for percent in (5, 10, 20):
        yield f"words-{percent}", replaced(text, percent / 100, rng, vocabulary)
    around: tuple[list[str], list[str]] = [], []
    for side in around:
        while len(side) < len(parts):
            side += rng.choice(others).split(" ")
    yield "inside", " ".join([*around[0], text, *around[1]])
    yield "headline", text


def make(rows: Sequence[dict[str, Any]]) -> tuple[list[Article], list[Copy]]:
    """The file's texts as articles, and the copies in a random order after them."""
    rng = random.Random(1)
    news = [
        Article(row["id"], row["id"], "o", "s", row["title"] or "", row["text"], NOW, row["language"]) for row in rows
    ]
    by_language: dict[str, list[Article]] = defaultdict(list)
    for article in news:
        if len(words(article.text)) >= LEAST_WORDS:
            by_language[article.language].append(article)
    copies: list[Copy] = []
    for language, texts in sorted(by_language.items()):
        vocabulary = [word for article in texts[:500] for word in article.text.split(" ")]
        chosen = rng.sample(texts, min(EACH, len(texts)))
        others = [sentence for article in texts for sentence in sentences(article.text)]
        for original in chosen:
            for edit, text in edits(original.text, rng, vocabulary, others):
                id = f"{original.id}/{edit}"
                headline = rng.choice(texts).headline if edit == "headline" else original.headline
                at = NOW + timedelta(hours=len(copies))
                made = Article(id, id, "o", "s", headline, text, NOW, language, published_at=at)
                copies.append(Copy(made, edit, original.id, language))
    return news, rng.sample(copies, len(copies))


def ours(articles: Sequence[Article]) -> Links:
    finder = CopyFinder()
    found: Links = defaultdict(list)
    for article in articles:
        for link in finder.find(article):
            found[link.article] = [link.original]
    return found


def minhash(articles: Sequence[Article], threshold: float) -> Links:
    """Each text linked to the best of those before it that the index gives."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=128)
    known: dict[str, Any] = {}
    found: Links = {}
    for article in articles:
        tokens = words(fold(article.text))
        grams = {" ".join(tokens[i : i + SHINGLE]).encode() for i in range(len(tokens) - SHINGLE + 1)}
        if not grams:
            continue
        hashed = MinHash(num_perm=128)
        hashed.update_batch(list(grams))
        near = [(float(hashed.jaccard(known[id])), id) for id in index.query(hashed)]
        if near:
            found[article.id] = [max(near)[1]]
        index.insert(article.id, hashed)
        known[article.id] = hashed
    return found


def judged(copies: Sequence[Copy], found: Links) -> Iterator[tuple[str, str, bool, bool]]:
    """Edit, language, whether a link was given, and whether it leads to the original or another copy of it."""
    for copy in copies:
        links = found.get(copy.article.id, [])
        right = any(link.rsplit("/", 1)[0] == copy.of or link == copy.of for link in links)
        yield copy.edit, copy.language, bool(links), right


def right_share(copies: Sequence[Copy], found: Links) -> float:
    return sum(right for *_, right in judged(copies, found))


def measured(system: str, news: Sequence[Article], copies: Sequence[Copy], found: Links) -> Iterator[Row]:
    cells: dict[str, dict[str, list[tuple[bool, bool]]]] = defaultdict(lambda: defaultdict(list))
    for edit, language, given, right in judged(copies, found):
        for task in (edit, "all"):
            cells[task][language].append((given, right))
    for task, languages in cells.items():
        recall = {name: (sum(r for _, r in all_) / len(all_), len(all_)) for name, all_ in languages.items()}
        precision = {
            name: (sum(r for _, r in all_) / claimed, claimed)
            for name, all_ in languages.items()
            if (claimed := sum(g for g, _ in all_))
        }
        yield from over_languages("copies", task, system, "precision", precision)
        yield from over_languages("copies", task, system, "recall", recall)
    linked = sum(article.id in found for article in news)
    yield Row("copies", "others", "*mean", system, "wrong_joins", linked / len(news), len(news))


def main(argv: Sequence[str] | None = None) -> None:
    chosen = arguments(argv, __doc__, "data")
    news, copies = make(list(read_jsonl(chosen.data)))
    articles = [*news, *(copy.article for copy in copies)]
    tried = {threshold: minhash(articles, threshold) for threshold in THRESHOLDS}
    threshold = max(tried, key=lambda one: (right_share(copies, tried[one]), one))
    runs: dict[str, Callable[[], Links]] = {
        "ortaq": lambda: ours(articles),
        f"{peer('datasketch')} at {threshold}": lambda: minhash(articles, threshold),
    }
    found: list[Row] = []
    for system, run in runs.items():
        start = time.process_time()
        links = run()
        speed = len(articles) / (time.process_time() - start)
        found += measured(system, news, copies, links)
        found.append(Row("copies", "all", "*mean", system, "articles_per_second", speed, len(articles)))
    report(found, chosen.json)


if __name__ == "__main__":
    main()
