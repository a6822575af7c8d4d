"""Train the model of `ortaq.understand.identify`, or measure it honestly.

    python tools/train_identify.py --data ../shared/data                 # train on all
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
import gzip
import json
import random
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tools.respell import KAA_LATIN, RESPELLERS, any_of, kaa_latin  # noqa: E402

from ortaq import languages  # noqa: E402
from ortaq.text import normalize, words  # noqa: E402
from ortaq.understand import letters  # noqa: E402

BATCH, STEPS, RATE, DECAY = 256, 2500, 0.35, 1e-6
OTHERS: Mapping[str, str] = {
    "Latn": "de fr es it pt nl pl cs sk hu ro sv da nb fi et lv lt hr sl sq vi id ms sw fil eu ca gl ga cy "
    "is mt af zu so eo",
    "Cyrl": "mk sr sah ce os cv",
    "Arab": "ar ur ckb sd ks",
}
Texts = dict[str, list[str]]


def read_dev(data: Path) -> Iterator[tuple[str, str, bool]]:
    """(variety, text, held out) of every row of the development set."""
    docs: dict[str, str] = {}
    with gzip.open(data / "parallel/ntrex.dev.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            docs.update({text: row["doc"] for text in row.values() if isinstance(text, str)})
    seen: dict[tuple[str, str], int] = defaultdict(int)
    with gzip.open(data / "identify/dev.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            place = seen[row["language"], row["source"]]
            seen[row["language"], row["source"]] += 1
            unit = {"sib200": str(place // 20), "udhr": str(place)}.get(row["source"]) or docs.get(row["text"], "")
            out = row["language"] in RESPELLERS or zlib.crc32(f"{row['source']}{unit}".encode()) % 5 == 0
            yield row["language"], row["text"], out


def training_texts(data: Path, held_out: bool, rng: random.Random) -> Texts:
    texts: Texts = defaultdict(list)
    for variety, text, out in read_dev(data):
        if not (held_out and out):
            texts[variety].append(normalize(text))
    real = {variety: list(found) for variety, found in texts.items()}
    for variety, (source, respell) in RESPELLERS.items():
        texts[variety] += [respell(text, rng) for text in real[source]]
    own = [normalize(line) for line in (ROOT / "tools/kaa_sentences.txt").read_text(encoding="utf-8").splitlines()]
    kaa = [*own, *real.get("kaa-Cyrl", [])]
    # Real Karakalpak is worth more than respelled Kazakh: as much of the one as of the other.
    times = max(1, len(texts["kaa-Cyrl"]) // len(kaa))
    texts["kaa-Cyrl"] += kaa * times
    texts["kaa-Latn"] += [kaa_latin(text, any_of(KAA_LATIN, rng)) for text in kaa * times]
    for code in languages.codes():
        for script, table in languages.load(code).scripts.items():
            texts[f"{code}-{script}"] += [
                *table.examples,
                " ".join(table.stop_words),
                " ".join(table.quotation_verbs),
            ] * 5
    for script, locales in OTHERS.items():
        texts[f"other-{script}"] = [line for locale in locales.split() for line in cldr_lines(locale, rng)]
    return texts


def cldr_lines(locale: str, rng: random.Random) -> list[str]:
    """Names of languages, moneys and times in a language, shuffled into lines of eight words."""
    from babel import Locale
    from babel.core import UnknownLocaleError

    try:
        data = Locale.parse(locale)
    except UnknownLocaleError:
        return []
    # No names of countries: those are much the same in our languages, in news more than anywhere.
    times = [name for lists in (data.months, data.days) for name in lists["format"]["wide"].values()]
    names = [*data.languages.values(), *data.currencies.values(), *times * 5]
    found = [word for name in names for word in words(str(name))]
    rng.shuffle(found)
    return [" ".join(found[place : place + 8]) for place in range(0, min(len(found), 1600), 8)]


def crop(text: str, rng: random.Random) -> str:
    """A part of 12 to 120 letters that begins with a word, short as often as long; every fourth text is whole."""
    if rng.random() < 0.25:
        return text[:200]
    size = int(12 * 10 ** rng.random())
    start = text.rfind(" ", 0, rng.randint(0, max(0, len(text) - size)) + 1) + 1
    part = text[start : start + size]
    return part.replace("ʻ", "").replace("’", "") if rng.random() < 0.05 else part


def train(texts: Texts, script: str, rng: random.Random) -> letters.Model:
    """Adagrad on the cross-entropy of balanced batches of crops; the weights are averaged over the last half."""
    names = tuple(sorted(variety.split("-")[0] for variety in texts if variety.endswith(script)))
    pools = [texts[f"{name}-{script}"] for name in names]
    weights = np.zeros((2**letters.BITS, len(names)), dtype=np.float32)
    squares = np.full_like(weights, 1e-6)
    mean = np.zeros_like(weights)
    for step in range(STEPS):
        truth = np.array([rng.randrange(len(names)) for _ in range(BATCH)])
        batch = letters.lay_out([crop(rng.choice(pools[number]), rng) for number in truth])
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


def summed(
    rows: npt.NDArray[np.int64], values: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """The different rows, and the sum of the values of each."""
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    return ordered[first], np.add.reduceat(values[order], first, axis=0)


def write_held_out(data: Path, path: Path, rng: random.Random) -> None:
    """The held-out fifth as benchmark rows, with respelled sentences of the varieties that have little text or none."""
    held: Texts = defaultdict(list)
    for variety, text, out in read_dev(data):
        if out:
            held[variety].append(text)
    for variety, (source, respell) in RESPELLERS.items():
        held[variety] += [respell(normalize(text), rng) for text in held[source]]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for variety, texts in held.items():
            for text in texts:
                file.write(json.dumps({"text": text, "language": variety}, ensure_ascii=False) + "\n")


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
    letters.save(path, models)
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
