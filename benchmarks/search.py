"""How good search is, and how good other engines are on the same texts.

    python -m benchmarks.search --data search/docs.jsonl.gz --queries search/queries.jsonl.gz --json OUT
    python -m benchmarks.search --data parallel/ntrex.dev.jsonl.gz --json OUT     (sentences across languages)
    python -m benchmarks.search --data inflections/ --json OUT                    (a folder, or one file of it)

Judged queries: what was not judged counts as not relevant; recall@10 can't reach 1 where more than ten are relevant.
Sentences: a sample of `--sample` queries for each pair of languages, among all sentences of the other language up to
`--sentences`; n says how many were asked. Inflections: one form is asked for, the texts of five words each hold other
forms; up to 300 lemmas a language.
"""

from __future__ import annotations

import argparse
import gzip
import math
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from benchmarks.common import Row, over_languages, read_jsonl, report
from benchmarks.search_peers import Search, Text, peers
from ortaq.model import DEFAULT_SCRIPTS, Annotation, Article, Outlet, Vector
from ortaq.search.engine import MODES, Mode, SearchEngine
from ortaq.settings import EmbedSettings
from ortaq.store.contract import Filters, IndexRow, Position, Records, StoredArticle
from ortaq.store.index import open_index
from ortaq.understand.annotate import annotate, query_vector
from ortaq.understand.embed import load_embedder
from ortaq.understand.terms import terms

Floats = npt.NDArray[np.float32]
Answers = Sequence[tuple[list[str], set[str]]]
"""(what was found, what is relevant) for each query."""
AT = datetime(2026, 11, 1, tzinfo=UTC)


class Remembering:
    """The default embedder, each text once."""

    def __init__(self) -> None:
        self._model = load_embedder(EmbedSettings())
        self.name, self.dimensions = self._model.name, self._model.dimensions
        self._known: dict[str, Floats] = {}

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit rows, shape (n, dimensions)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for text, row in zip(new, self._model.embed(new) if new else (), strict=True):
            self._known[text] = row
        return np.stack([self._known[text] for text in texts])


class Shelf:
    """The part of Records that a search reads, in memory."""

    def __init__(self, articles: Sequence[Article], annotations: Sequence[Annotation]) -> None:
        self._articles = {one.id: StoredArticle(one, Position(), story="") for one in articles}
        self._annotations = {one.id: made for one, made in zip(articles, annotations, strict=True)}

    def articles(self, ids: Sequence[str]) -> list[StoredArticle]:
        return [self._articles[id] for id in ids if id in self._articles]

    def outlets(self) -> list[Outlet]:
        return []

    def vectors(self, ids: Sequence[str]) -> dict[str, Annotation]:
        return {id: self._annotations[id] for id in ids if id in self._annotations}


def article(id: str, headline: str, text: str, language: str) -> Article:
    script = DEFAULT_SCRIPTS[language]
    return Article(id, id, "outlet", "source", headline, text, AT, language=language, script=script)


def engine(
    articles: Sequence[Article], annotations: Sequence[Annotation], embed_query: Callable[[str], Vector], folder: Path
) -> SearchEngine:
    """Ours over these articles, indexed as the pipeline does."""
    index = open_index(folder, len(annotations[0].vector))
    rows = [
        IndexRow(
            article=one.id,
            story="",
            outlet=one.outlet,
            country="",
            language=one.language,
            published_at=AT,
            copy=False,
            headline_tokens=" ".join(terms(one.headline, one.language)),
            text_tokens=" ".join(terms(one.text, one.language)),
            annotation=made,
        )
        for one, made in zip(articles, annotations, strict=True)
    ]
    for start in range(0, len(rows), 5_000):
        index.upsert(rows[start : start + 5_000])
    index.optimize()
    return SearchEngine(cast(Records, Shelf(articles, annotations)), index, embed_query, model=EmbedSettings().model)


def ids(search: SearchEngine, query: str, mode: Mode, limit: int, filters: Filters | None = None) -> list[str]:
    return [hit.article.article.id for hit in search.search(query, mode=mode, limit=limit, filters=filters).hits]


def recall(answers: Answers, depth: int) -> float:
    return mean(len(relevant.intersection(found[:depth])) / len(relevant) for found, relevant in answers)


def mrr(answers: Answers, depth: int = 10) -> float:
    return mean(
        next((1 / rank for rank, id in enumerate(found[:depth], 1) if id in relevant), 0.0)
        for found, relevant in answers
    )


def ndcg(answers: Answers, depth: int = 10) -> float:
    """Järvelin and Kekäläinen, 2002, with relevance 0 or 1."""

    def one(found: list[str], relevant: set[str]) -> float:
        gain = sum(1 / math.log2(rank + 1) for rank, id in enumerate(found[:depth], 1) if id in relevant)
        return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(depth, len(relevant)) + 1))

    return mean(one(found, relevant) for found, relevant in answers)


def mean(values: Iterator[float]) -> float:
    told = list(values)
    return sum(told) / len(told)


def judged(data: Path, queries: Path) -> list[Row]:
    docs, asked = list(read_jsonl(data)), [row for row in read_jsonl(queries) if row["relevant_urls"]]
    language = docs[0].get("lang", "kk")
    articles = [article(row["url"], row["title"], row.get("text") or row["excerpt"], language) for row in docs]
    model = Remembering()
    with tempfile.TemporaryDirectory() as folder:
        ours = engine(articles, annotate(articles, model), lambda text: query_vector(text, model), Path(folder))
        found = {
            (mode, "ortaq"): [(ids(ours, row["query"], mode, 10), set(row["relevant_urls"])) for row in asked]
            for mode in MODES
        }
    texts: list[Text] = [(one.id, one.headline, one.text) for one in articles]
    for name, search in peers(texts, language).items():
        found["text", name] = [(search(row["query"], 10), set(row["relevant_urls"])) for row in asked]
    return [
        Row("search", task, language, system, metric, round(value, 5), len(asked))
        for (task, system), answers in found.items()
        for metric, value in (("recall@10", recall(answers, 10)), ("ndcg@10", ndcg(answers)), ("mrr", mrr(answers)))
    ]


def across(data: Path, sentences: int, sample: int) -> list[Row]:
    rows = list(read_jsonl(data))[:sentences]
    languages = [code for code in DEFAULT_SCRIPTS if all(row.get(code) for row in rows)]
    articles = [article(f"{code}.{n}", "", row[code], code) for n, row in enumerate(rows) for code in languages]
    model = Remembering()
    chance = random.Random(1)
    asked = [
        (n, code, other)
        for code in languages
        for other in languages
        if other != code
        for n in chance.sample(range(len(rows)), min(sample, len(rows)))
    ]
    found: dict[tuple[str, str], dict[str, list[tuple[list[str], set[str]]]]] = defaultdict(lambda: defaultdict(list))
    with tempfile.TemporaryDirectory() as folder:
        ours = engine(articles, annotate(articles, model), lambda text: query_vector(text, model), Path(folder))
        for n, code, other in asked:
            for mode in MODES:
                hits = ids(ours, rows[n][code], mode, 10, Filters(languages=(other,)))
                found[f"across-{mode}", "ortaq"][code].append((hits, {f"{other}.{n}"}))
    for other in languages:
        texts: list[Text] = [(one.id, "", one.text) for one in articles if one.language == other]
        for name, search in peers(texts, other).items():
            for n, code, wanted in asked:
                if wanted == other:
                    found["across-text", name][code].append((search(rows[n][code], 10), {f"{other}.{n}"}))
    return by_language(
        found,
        {
            "recall@1": lambda answers: recall(answers, 1),
            "recall@10": lambda answers: recall(answers, 10),
            "mrr": mrr,
        },
    )


def by_language(
    found: Mapping[tuple[str, str], Mapping[str, Answers]], metrics: Mapping[str, Callable[[Answers], float]]
) -> list[Row]:
    return [
        row
        for (task, system), answers in found.items()
        for metric, measure in metrics.items()
        for row in over_languages(
            "search",
            task,
            system,
            metric,
            {code: (round(measure(told), 5), len(told)) for code, told in sorted(answers.items())},
        )
    ]


def inflections(data: Path) -> list[Row]:
    files = sorted(path for path in data.rglob("*.gz")) if data.is_dir() else [data]
    forms: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for path in files:
        for code, lemma, form in _forms(path):
            known = forms[code].setdefault(lemma, [])
            if form not in known:
                known.append(form)
    found: dict[tuple[str, str], dict[str, Answers]] = defaultdict(dict)
    for code, lemmas in forms.items():
        texts, asked = _puzzle(lemmas)
        if len(asked) >= 5:
            for name, search in {"ortaq": _words_engine(texts, code), **peers(texts, code)}.items():
                found["inflections", name][code] = [(search(query, 20), relevant) for query, relevant in asked]
    return by_language(found, {"recall@20": lambda answers: recall(answers, 20)})


def _forms(path: Path) -> Iterator[tuple[str, str, str]]:
    """(language, lemma, form), in lower case, one word each."""
    if ".tsv" in path.name:
        code = path.name.split(".")[0]
        with gzip.open(path, "rt", encoding="utf-8") as file:
            pairs = [(code, *line.rstrip("\n").split("\t")[:2]) for line in file]
    else:
        pairs = [
            (row["language"], lemma, form)
            for row in read_jsonl(path)
            for form, lemma in row["tokens"]
            if lemma not in ("_", "") and form.isalpha()
        ]
    for code, lemma, form in pairs:
        if code in DEFAULT_SCRIPTS and " " not in form:
            yield code, lemma.lower(), form.lower()


def _puzzle(lemmas: Mapping[str, list[str]]) -> tuple[list[Text], list[tuple[str, set[str]]]]:
    """Texts of five forms, each of another lemma; queries with the texts that hold another form of their lemma."""
    chance = random.Random(2)
    able = sorted(lemma for lemma, forms in lemmas.items() if len(forms) >= 2)
    chosen = chance.sample(able, min(300, len(able)))
    queries, spread = [], []
    for lemma in chosen:
        query, *others = chance.sample(lemmas[lemma], min(4, len(lemmas[lemma])))
        queries.append((query, lemma))
        spread += [(lemma, form) for form in others]
    rest = sorted((lemma, form) for lemma, forms in lemmas.items() if lemma not in set(chosen) for form in forms)
    spread += chance.sample(rest, min(2_000, len(rest)))
    chance.shuffle(spread)
    texts, holds = [], defaultdict(set)
    for start in range(0, len(spread), 5):
        id = str(start)
        texts.append((id, "", " ".join(form for _, form in spread[start : start + 5])))
        for lemma, _ in spread[start : start + 5]:
            holds[lemma].add(id)
    return texts, [(query, holds[lemma]) for query, lemma in queries]


def _words_engine(texts: Sequence[Text], language: str) -> Search:
    """Ours by words alone; the vectors are empty."""
    empty = Annotation(np.zeros(8, np.float32))
    articles = [article(id, headline, text, language) for id, headline, text in texts]
    folder = tempfile.TemporaryDirectory()
    ours = engine(articles, [empty] * len(articles), lambda text: empty.vector, Path(folder.name))

    def search(query: str, limit: int) -> list[str]:
        assert folder.name
        return ids(ours, query, "text", limit)

    return search


def measure(arguments: argparse.Namespace) -> list[Row]:
    data: Path = arguments.data
    if arguments.queries:
        return judged(data, arguments.queries)
    first: Mapping[str, Any] = {} if data.is_dir() or ".tsv" in data.name else next(read_jsonl(data))
    if "doc" in first:
        return across(data, arguments.sentences, arguments.sample)
    return inflections(data)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--sentences", type=int, default=1_000, help="sentences a language, at most")
    parser.add_argument("--sample", type=int, default=20, help="queries for each pair of languages")
    parser.add_argument("--json", type=Path, help="where the rows are written")
    arguments = parser.parse_args(argv)
    report(measure(arguments), arguments.json)


if __name__ == "__main__":
    main()
