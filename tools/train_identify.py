"""Train the model of `ortaq.understand.identify`, or measure it honestly.

    python tools/train_identify.py --data ../shared/data                 # train on all; needs wordfreq (pip install)
    python tools/train_identify.py --data ../shared/data --held-out OUT  # on 80 %: OUT.npz; the rest: OUT.jsonl.gz
    python -m benchmarks.languages --model OUT.npz --data OUT.jsonl.gz

The held-out fifth is cut by sentence (the same sentence in another language is on the same side): a block of SIB-200
sentences, an NTREX document, a fifth of each Declaration. Of the two varieties that only a Declaration has, all of it
is held out, so that they are judged on text of another making than they were learned from. Varieties that have little
text or none are written from a sister script (tools/respell.py); "other" is learned from the names that CLDR has in
languages that are none of ours.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tools.identify_texts import Pools, training_texts, write_held_out, write_held_out_news  # noqa: E402

from ortaq.understand import letters  # noqa: E402

BATCH, STEPS, RATE, DECAY = 256, 4000, 0.35, 1e-6
SHARES = (0.6, 0.25, 0.15)  # of the pools of a variety, in their order


def crop(text: str, rng: random.Random) -> str:
    """A part of 12 to 120 letters that begins with a word, short as often as long; every fourth text is whole."""
    if rng.random() < 0.25:
        return text[:200]
    size = int(12 * 10 ** rng.random())
    start = text.rfind(" ", 0, rng.randint(0, max(0, len(text) - size)) + 1) + 1
    part = text[start : start + size]
    return part.replace("ʻ", "").replace("’", "") if rng.random() < 0.05 else part


def train(texts: Mapping[str, Pools], script: str, rng: random.Random) -> letters.Model:
    """Adagrad on the cross-entropy of balanced batches of crops; the weights are averaged over the last half."""
    names = tuple(sorted(variety.split("-")[0] for variety in texts if variety.endswith(script)))
    pools = [weighted(texts[f"{name}-{script}"]) for name in names]
    weights = np.zeros((2**letters.BITS, len(names)), dtype=np.float32)
    squares = np.full_like(weights, 1e-6)
    mean = np.zeros_like(weights)
    for step in range(STEPS):
        truth = np.array([rng.randrange(len(names)) for _ in range(BATCH)])
        drawn = [rng.choice(rng.choices(*pools[number])[0]) for number in truth]
        batch = letters.lay_out([crop(text, rng) for text in drawn])
        rows = letters.buckets(batch.codes)
        sizes = batch.sizes * letters.ORDERS
        scale = (1 / np.sqrt(sizes)).astype(np.float32)
        rows = rows[batch.starts[0] :]
        logits = np.add.reduceat(weights[rows.ravel()], np.cumsum(sizes) - sizes, axis=0) * scale[:, None]
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        chances /= chances.sum(axis=1, keepdims=True)
        chances[np.arange(BATCH), truth] -= 1
        spread = np.repeat(chances * scale[:, None], sizes, axis=0)
        touched, gradient = summed(rows.ravel(), spread)
        gradient += DECAY * weights[touched]
        squares[touched] += gradient**2
        rate = RATE * (1 - step / STEPS)
        weights[touched] -= rate * gradient / np.sqrt(squares[touched])
        if step >= STEPS // 2:
            mean += weights
    return letters.Model(names, np.asarray(mean / (STEPS - STEPS // 2), dtype=np.float32))


def weighted(pools: Pools) -> tuple[list[list[str]], list[float]]:
    """The pools that are not empty, and how often each is drawn from."""
    found = [(pool, share) for pool, share in zip(pools, SHARES, strict=True) if pool]
    return [pool for pool, _ in found], [share for _, share in found]


def summed(
    rows: npt.NDArray[np.int64], values: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """The different rows, and the sum of the values of each."""
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    return ordered[first], np.add.reduceat(values[order], first, axis=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the shared data folder")
    parser.add_argument("--held-out", type=Path, help="leave a fifth out; the model and the fifth go here")
    arguments = parser.parse_args()
    rng = random.Random(20261124)  # noqa: S311
    texts = training_texts(arguments.data, arguments.held_out is not None, rng)
    models = {}
    for script in letters.SCRIPTS:
        start = time.perf_counter()
        models[script] = train(texts, script, rng)
        print(f"{script}: {', '.join(models[script].languages)}; {time.perf_counter() - start:.0f} s", flush=True)
    path = ROOT / "src/ortaq/understand/identify.npz"
    if arguments.held_out:
        path = arguments.held_out.with_suffix(".npz")
        write_held_out(arguments.data, arguments.held_out.with_suffix(".jsonl.gz"), rng)
        write_held_out_news(arguments.data, arguments.held_out.with_suffix(".news.jsonl.gz"))
    letters.save(path, models)
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
