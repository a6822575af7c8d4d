"""Make the figures of `ortaq.understand.space`: the mean vector of each language, and the directions of sources.

    python tools/language_means.py --data ../shared/data        # about 5 minutes on one core

A language's mean is over pieces of NTREX-128's news, which say the same in each language, so that means differ by
language and not by subject. Varieties without such a text are written from a sister script (tools/respell.py). The
directions are the two in which whole sources (24.kg, Tengrinews, two collections) lie away from their language's mean.
It prints how well each language's sentence vectors agree with their translations' (SIB-200): the reliabilities in
`ortaq.unify.weights`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tools.respell import RESPELLERS  # noqa: E402

from ortaq.settings import EmbedSettings  # noqa: E402
from ortaq.text import normalize, script_of  # noqa: E402
from ortaq.understand.embed import Embedder, load_embedder  # noqa: E402

Floats = npt.NDArray[np.float32]
OUT = ROOT / "src" / "ortaq" / "understand" / "data" / "e5_small.npz"
PIECE = 500  # characters: about as much as the embedder reads
SOURCES = (("ky_24kg", "ky"), ("kk_tengrinews", "kk"), ("ru_en_categories", "ru"), ("ru_en_categories", "en"))
DIRECTIONS = 2
SERVED = ("en", "kk", "ky", "uz", "tg", "tk", "mn", "ug", "tr", "ru")


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def pieces(data: Path) -> dict[str, list[str]]:
    """Language to pieces of its documents, in paragraphs as the documents have them."""
    documents: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows(data / "parallel" / "ntrex.dev.jsonl.gz"):
        for language, sentence in row.items():
            if language != "doc":
                documents[language, row["doc"]].append(sentence)
    found: dict[str, list[str]] = defaultdict(list)
    for (language, _), sentences in documents.items():
        piece = ""
        for sentence in sentences:
            piece += sentence + "\n"
            if len(piece) >= PIECE:
                found[language].append(piece)
                piece = ""
        if piece:
            found[language].append(piece)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    embedder = load_embedder(EmbedSettings(threads=arguments.threads))
    means = language_means(embedder, pieces(arguments.data))
    offsets = []
    for name, language in SOURCES:
        articles = [row for row in rows(arguments.data / "news" / f"{name}.jsonl.gz") if row["language"] == language]
        vectors = embedder.embed([f"{row['title']}\n{row['text']}" for row in articles])
        offset = vectors.mean(axis=0) - next(mean for tag, mean in means.items() if tag.startswith(f"{language}-"))
        offsets.append(offset / np.linalg.norm(offset))
        print(f"{name} {language}: {np.linalg.norm(offset):.3f} from the language's mean", flush=True)
    _, strengths, directions = np.linalg.svd(np.stack(offsets), full_matrices=False)
    print("strengths of the directions", strengths.round(2))
    print_reliabilities(embedder, arguments.data)
    stored = {f"mean:{tag}": mean.astype(np.float16) for tag, mean in sorted(means.items())}
    np.savez_compressed(arguments.out, directions=directions[:DIRECTIONS].astype(np.float16), **stored)  # type: ignore[arg-type]
    print(f"{arguments.out}: {arguments.out.stat().st_size:,} bytes, {len(means)} means")


def language_means(embedder: Embedder, texts: Mapping[str, list[str]]) -> dict[str, Floats]:
    """Tag (`kk-Cyrl`; `und-Cyrl` for a script, `und` for all) to mean."""
    means: dict[str, Floats] = {}
    for language, parts in texts.items():
        means[f"{language}-{script_of(parts[0])}"] = embedder.embed(parts).mean(axis=0)
        print(f"{language}: {len(parts)} pieces", flush=True)
    by_script: dict[str, list[Floats]] = defaultdict(list)
    for tag, mean in means.items():
        by_script[tag.rpartition("-")[2]].append(mean)
    rng = random.Random(1)  # noqa: S311
    for tag, (sister, respell) in RESPELLERS.items():
        parts = texts[sister.partition("-")[0]]
        means[tag] = embedder.embed([respell(normalize(part), rng) for part in parts]).mean(axis=0)
        print(f"{tag}: {len(parts)} pieces", flush=True)
    for script, each in by_script.items():
        means[f"und-{script}"] = np.mean(each, axis=0)
    means["und"] = np.mean([mean for each in by_script.values() for mean in each], axis=0)
    return means


def print_reliabilities(embedder: Embedder, data: Path) -> None:
    """A language's mean cosine to the mean of its sentences' translations, each language centered."""
    sentences: dict[str, dict[int, str]] = defaultdict(dict)
    for row in rows(data / "topics" / "sib200.dev.jsonl.gz"):
        sentences[row["lang"]][row["id"]] = row["text"]
    for row in rows(data / "topics" / "sib200.train.jsonl.gz"):
        sentences[row["lang"]][row["id"]] = row["text"]
    shared = sorted(set.intersection(*(set(sentences[language]) for language in SERVED)))
    centered: dict[str, Floats] = {}
    for language in SERVED:
        vectors = embedder.embed([sentences[language][number] for number in shared])
        centered[language] = vectors - vectors.mean(axis=0)
    for language in SERVED:
        others = np.mean([centered[other] for other in SERVED if other != language], axis=0)
        own = centered[language]
        cosines = (own * others).sum(axis=1) / (np.linalg.norm(own, axis=1) * np.linalg.norm(others, axis=1))
        print(f"reliability {language} {float(cosines.mean()):.2f} ({len(shared)} sentences)", flush=True)


if __name__ == "__main__":
    main()
