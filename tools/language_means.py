"""Make the figures of `ortaq.understand.space`: means of languages, directions of sources, the map.

    python tools/language_means.py --data ../shared/data            # about 8 minutes on two cores
    python tools/language_means.py --data ../shared/data --unseen   # writes nothing; about 10 minutes

A language's mean is the middle of the means of NTREX-128's sentences and of groups of eight, which say the same
in each language, so that means differ by language and not by subject; a language that is embedded in two spellings has
two. The directions are the two in which whole sources (24.kg, Tengrinews, two collections) lie away from their
language's mean. The map is one for all languages: from a text's vector to the mean of its translations into the
languages that the model knows best, by ridge regression towards the identity, over NTREX and SIB-200.
It prints how well each language's sentence vectors agree with their translations' (SIB-200): the reliabilities in
`ortaq.unify.weights`. With `--unseen` the figures are made from one half of NTREX's documents and SIB-200, and it
prints how often a sentence of the other half finds its translation first among all sentences.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from ortaq.settings import EmbedSettings  # noqa: E402
from ortaq.text import normalize, script_of  # noqa: E402
from ortaq.understand.embed import Embedder, load_embedder  # noqa: E402
from ortaq.understand.respell import spellings  # noqa: E402
from ortaq.understand.space import Figures, common_space, embed_in_common_space, unit_rows  # noqa: E402

Floats = npt.NDArray[np.float32]
OUT = ROOT / "src" / "ortaq" / "understand" / "data" / "e5_small.npz"
GROUPS = (1, 8)  # sentences
SOURCES = (("ky_24kg", "ky"), ("kk_tengrinews", "kk"), ("ru_en_categories", "ru"), ("ru_en_categories", "en"))
DIRECTIONS = 2
SERVED = ("en", "kk", "ky", "uz", "tg", "tk", "mn", "ug", "tr", "ru")
TEACHERS = ("en", "ru", "tr", "kk", "uz", "fa")
MAPPED = (*SERVED, "fa")
RIDGE = 60.0  # a language's weight of the identity; of 5, 20, 60, 150 on halves of NTREX (November 2026)
RANK = 128


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def halves(documents: Iterable[str]) -> tuple[set[str], set[str]]:
    """The documents in two halves, by chance but always the same: to fit on one and measure on the other."""
    names = sorted(set(documents))
    random.Random(5).shuffle(names)  # noqa: S311
    return set(names[: len(names) // 2]), set(names[len(names) // 2 :])


@dataclass(frozen=True, slots=True)
class Part:
    """Aligned texts: language to one vector a text and spelling, by the spelling's tag."""

    vectors: Mapping[str, Mapping[str, Floats]]
    news: bool


def embedded(embedder: Embedder, aligned: Sequence[Mapping[str, str]], languages: Iterable[str], news: bool) -> Part:
    """Embed the texts of each language in each of its spellings."""
    vectors: dict[str, dict[str, Floats]] = {}
    for language in languages:
        texts = [normalize(row[language]) for row in aligned]
        tag = f"{language}-{script_of(' '.join(texts[:5]))}"
        written = list(zip(*(spellings(text, tag) for text in texts), strict=True))
        vectors[language] = {each[0][1]: embedder.embed([text for text, _ in each]) for each in written}
        print(f"{language}: {len(texts)} texts", flush=True)
    return Part(vectors, news)


def grouped(sentences: Sequence[Mapping[str, str]], size: int) -> list[dict[str, str]]:
    """Groups of `size` sentences of one document, in each language."""
    documents: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in sentences:
        documents[row["doc"]].append(row)
    starts = [each[at : at + size] for each in documents.values() for at in range(0, len(each), size)]
    return [
        {key: group[0][key] if key == "doc" else "\n".join(row[key] for row in group) for key in group[0]}
        for group in starts
    ]


def sib200(data: Path, languages: Iterable[str]) -> list[dict[str, str]]:
    """SIB-200's sentences that are there in all the languages."""
    sentences: dict[int, dict[str, str]] = defaultdict(dict)
    for name in ("train", "dev"):
        for row in rows(data / "topics" / f"sib200.{name}.jsonl.gz"):
            sentences[row["id"]][row["lang"]] = row["text"]
    return [sentences[number] for number in sorted(sentences) if set(languages) <= set(sentences[number])]


def fit(parts: Sequence[Part], directions: Floats) -> Figures:
    """Means and map from the parts; the means from those of news."""
    means: dict[str, Floats] = {}
    by_script: dict[str, list[Floats]] = defaultdict(list)
    news = [part for part in parts if part.news]
    for language in news[0].vectors:
        for tag in news[0].vectors[language]:
            means[tag] = np.mean([part.vectors[language][tag].mean(axis=0) for part in news], axis=0)
            by_script[tag.rpartition("-")[2]].append(means[tag])
    for script, each in by_script.items():
        means[f"und-{script}"] = np.mean(each, axis=0)
    means["und"] = np.mean([mean for each in by_script.values() for mean in each], axis=0)
    width = len(means["und"])
    nothing = np.zeros((width, 0), np.float32)
    figures = Figures(means, directions, nothing, nothing.T)
    sources: list[Floats] = []
    targets: list[Floats] = []
    for part in parts:
        centered = {language: _rows(part, language, figures) for language in MAPPED}
        target = unit_rows(np.sum([centered[language] for language in TEACHERS], axis=0))
        sources += centered.values()
        targets += [target] * len(centered)
    x, y = np.vstack(sources).astype(np.float64), np.vstack(targets).astype(np.float64)
    weight = RIDGE * len(MAPPED) * np.eye(width)
    left, strengths, right = np.linalg.svd(np.linalg.solve(x.T @ x + weight, x.T @ (y - x)))
    into, out = left[:, :RANK] * np.sqrt(strengths[:RANK]), np.sqrt(strengths[:RANK])[:, None] * right[:RANK]
    return Figures(means, directions, into.astype(np.float32), out.astype(np.float32))


def _rows(part: Part, language: str, figures: Figures) -> Floats:
    """A part's texts of one language in the space of `figures`; other text than news lies around its own mean."""
    total: Floats = np.zeros((1, 1), np.float32)
    for tag, vectors in part.vectors[language].items():
        of_part = figures if part.news else figures.with_mean(tag, vectors.mean(axis=0))
        total = total + common_space(vectors, [tag] * len(vectors), "", of_part)
    return unit_rows(total)


def source_directions(embedder: Embedder, data: Path, parts: Sequence[Part]) -> Floats:
    """The strongest directions in which sources lie away from their language's mean, rows of unit length."""
    offsets = []
    for name, language in SOURCES:
        articles = [row for row in rows(data / "news" / f"{name}.jsonl.gz") if row["language"] == language]
        vectors = embedder.embed([f"{row['title']}\n{row['text']}" for row in articles])
        mean = np.mean(
            [next(iter(part.vectors[language].values())).mean(axis=0) for part in parts if part.news], axis=0
        )
        offset = vectors.mean(axis=0) - mean
        offsets.append(offset / np.linalg.norm(offset))
        print(f"{name} {language}: {np.linalg.norm(offset):.3f} from the language's mean", flush=True)
    _, strengths, directions = np.linalg.svd(np.stack(offsets), full_matrices=False)
    print("strengths of the directions", strengths.round(2))
    found: Floats = directions[:DIRECTIONS].astype(np.float32)
    return found


def print_reliabilities(part: Part, figures: Figures) -> None:
    """A language's mean cosine to the mean of its sentences' translations."""
    centered = {language: _rows(part, language, figures) for language in SERVED}
    for language in SERVED:
        others = unit_rows(np.mean([centered[other] for other in SERVED if other != language], axis=0))
        cosines = (centered[language] * others).sum(axis=1)
        print(f"reliability {language} {float(cosines.mean()):.2f} ({len(others)} sentences)", flush=True)


def all_parts(embedder: Embedder, data: Path, sentences: Sequence[Mapping[str, str]]) -> list[Part]:
    """NTREX's sentences in groups, and SIB-200's."""
    languages = [key for key in sentences[0] if key != "doc"]
    parts = [embedded(embedder, grouped(sentences, size), languages, news=True) for size in GROUPS]
    return [*parts, embedded(embedder, sib200(data, MAPPED), MAPPED, news=False)]


class Remembering:
    """An embedder that embeds each text once."""

    def __init__(self, inner: Embedder) -> None:
        self.name, self.dimensions = inner.name, inner.dimensions
        self._inner = inner
        self._known: dict[str, Floats] = {}

    def embed(self, texts: Sequence[str]) -> Floats:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._inner.embed(new), strict=True))
        return np.stack([self._known[text] for text in texts])


def unseen(
    embedder: Embedder, data: Path, sentences: Sequence[Mapping[str, str]]
) -> Iterator[tuple[set[str], Figures]]:
    """Twice: documents, and the figures made from the others."""
    first, second = halves(row["doc"] for row in sentences)
    for known, rest in ((first, second), (second, first)):
        parts = all_parts(embedder, data, [row for row in sentences if row["doc"] in known])
        yield rest, fit(parts, source_directions(embedder, data, parts))


def print_unseen(embedder: Embedder, data: Path, sentences: Sequence[Mapping[str, str]]) -> None:
    """recall@1 to English and Russian with figures that have not seen the sentences."""
    right: Counter[tuple[str, str]] = Counter()
    for rest, figures in unseen(embedder, data, sentences):
        asked = np.array([at for at, row in enumerate(sentences) if row["doc"] in rest])
        found = {}
        for language in SERVED:
            texts = [normalize(row[language]) for row in sentences]
            tags = [f"{language}-{script_of(' '.join(texts[:5]))}"] * len(texts)
            found[language] = embed_in_common_space(texts, tags, embedder, figures)
        for target in ("en", "ru"):
            for language in SERVED:
                nearest = (found[language][asked] @ found[target].T).argmax(axis=1)
                right[target, language] += int((nearest == asked).sum())
    for target in ("en", "ru"):
        shares = [f"{one} {right[target, one] / len(sentences):.3f}" for one in SERVED if one != target]
        print(f"unseen sentences, first of {len(sentences)}, to {target}:", *shares)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--unseen", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    embedder = Remembering(load_embedder(EmbedSettings(threads=arguments.threads)))
    sentences = list(rows(arguments.data / "parallel" / "ntrex.dev.jsonl.gz"))
    if arguments.unseen:
        print_unseen(embedder, arguments.data, sentences)
        return
    parts = all_parts(embedder, arguments.data, sentences)
    figures = fit(parts, source_directions(embedder, arguments.data, parts))
    print_reliabilities(parts[-1], figures)
    stored = {f"mean:{tag}": mean for tag, mean in sorted(figures.means.items())}
    stored |= {"directions": figures.directions, "into": figures.into, "out": figures.out}
    halved: dict[str, Any] = {key: value.astype(np.float16) for key, value in stored.items()}
    np.savez_compressed(arguments.out, **halved)
    print(f"{arguments.out}: {arguments.out.stat().st_size:,} bytes, {len(figures.means)} means")


if __name__ == "__main__":
    main()
