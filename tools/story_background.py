"""Make the background vectors of `ortaq.unify.background` from the shared news.

    python tools/story_background.py --data ../shared/data --cache DIR     # DIR as for tools/tune_stories.py

128 texts each of 24.kg (Kyrgyz), Tengrinews (Kazakh) and the Russian and English categories, drawn at random: no text
of the labelled pairs and none of NTREX. One byte a component, no text.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tools.tune_stories import PAIRS, Cached, items, rows  # noqa: E402

from ortaq.settings import EmbedSettings  # noqa: E402
from ortaq.understand.embed import load_embedder  # noqa: E402

SOURCES = (("ky_24kg", "ky"), ("kk_tengrinews", "kk"), ("ru_en_categories", "ru"), ("ru_en_categories", "en"))
EACH = 128
OUT = ROOT / "src" / "ortaq" / "unify" / "data" / "e5_small.npz"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.cache.mkdir(parents=True, exist_ok=True)
    embedder = Cached(arguments.cache, load_embedder(EmbedSettings(threads=1)))
    paired = {
        row[key]
        for name in PAIRS
        for row in rows(arguments.data / "stories" / f"pairs_{name}_pool.jsonl.gz")
        for key in ("url_1", "url_2")
    }
    chosen = []
    for name, language in SOURCES:
        found, _ = items(arguments.data, f"news/{name}", embedder)
        free = [a.vector for article, a in found if a.language == language and not {article.id, article.url} & paired]
        chosen += random.Random(7).sample(free, EACH)  # noqa: S311
    vectors = np.rint(np.stack(chosen) * 127).astype(np.int8)
    np.savez_compressed(OUT, vectors=vectors)
    print(f"{OUT.relative_to(ROOT)}: {len(vectors)} vectors, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
