"""Languages of the paragraphs of mixed documents, made from a JSON Lines file with fields text and language.

    python -m benchmarks.languages --task identify-paragraphs --data dev.jsonl.gz --json OUT

A document is one to four sentences of another language among three to seven of the main one, in runs, cut to 20 to 200
characters, by a seeded rule; 40 documents for each pair. `accuracy` of a pair (`kk-Cyrl+ru-Cyrl`) is over paragraphs,
`main_accuracy` over documents: the language most letters are in. Beside ours stand ours for each paragraph alone, ours
for the whole document, and pycld2 and py3langid for each paragraph, judged on the language alone.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.common import Row, over_languages, peer, read_jsonl, report
from ortaq.understand import identify
from ortaq.understand.paragraphs import identify_paragraphs, main_language

PAIRS = [
    "kk-Cyrl+ru-Cyrl", "ky-Cyrl+ru-Cyrl", "uz-Latn+uz-Cyrl", "uz-Cyrl+ru-Cyrl",
    "uz-Latn+ru-Cyrl", "tg-Cyrl+ru-Cyrl", "tk-Latn+ru-Cyrl", "mn-Cyrl+ru-Cyrl",
    "kaa-Cyrl+kk-Cyrl", "kaa-Cyrl+ru-Cyrl", "ug-Arab+kk-Arab", "kk-Cyrl+kk-Latn",
    "kk-Cyrl+en-Latn", "ky-Cyrl+kk-Cyrl", "tg-Cyrl+uz-Cyrl", "tr-Latn+en-Latn",
    "ru-Cyrl+kk-Cyrl", "ru-Cyrl+en-Latn", "en-Latn+ru-Cyrl",
]  # fmt: skip
DOCUMENTS = 40
Guess = Callable[[Sequence[str]], list[str]]  # the paragraphs of one document to their tags


class Document(NamedTuple):
    lines: list[str]
    languages: list[str]

    @property
    def main(self) -> str:
        letters: Counter[str] = Counter()
        for line, language in zip(self.lines, self.languages, strict=True):
            letters[language] += sum(map(str.isalpha, line))
        return letters.most_common(1)[0][0]


def documents(texts: Mapping[str, Sequence[str]], pair: str) -> list[Document]:
    main, other = pair.split("+")
    chance = random.Random(pair)
    made = []
    for _ in range(DOCUMENTS):
        languages = [main] * chance.randint(3, 7)
        place = chance.randrange(len(languages) + 1)
        languages[place:place] = [other] * chance.randint(1, 2)
        if chance.random() < 0.4:
            languages.insert(chance.randrange(len(languages) + 1), other)
        made.append(Document([_cut(chance.choice(texts[one]), chance) for one in languages], languages))
    return made


def _cut(text: str, chance: random.Random) -> str:
    text = " ".join(text.split())
    size = int(20 * 10 ** chance.random())
    return text if len(text) <= size else text[:size].rsplit(" ", 1)[0]


def ours(lines: Sequence[str]) -> list[str]:
    text = "\n".join(lines)
    found = {one.start: one.identity.tag for one in identify_paragraphs(text)}
    starts = [sum(len(line) + 1 for line in lines[:place]) for place in range(len(lines))]
    return [found.get(start, "und-Zyyy") for start in starts]


def alone(lines: Sequence[str]) -> list[str]:
    return [one.tag for one in identify.identify_many(lines)]


def whole(lines: Sequence[str]) -> list[str]:
    return [identify.identify("\n".join(lines)).tag] * len(lines)


def pycld2(lines: Sequence[str]) -> list[str]:
    import pycld2 as library

    return [library.detect(line.encode("utf-8", "replace"), bestEffort=True)[2][0][1] for line in lines]


def py3langid(lines: Sequence[str]) -> list[str]:
    import py3langid as library

    return [library.classify(line)[0] for line in lines]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--model", type=Path, help="another model than the installed one (tools/train_identify.py)")
    given = parser.parse_args(argv)
    identify.MODEL = given.model or identify.MODEL
    texts: dict[str, list[str]] = defaultdict(list)
    for row in read_jsonl(given.data):
        texts[row["language"]].append(row["text"])
    made = {pair: documents(texts, pair) for pair in PAIRS if all(texts.get(one) for one in pair.split("+"))}
    systems: list[tuple[str, Guess]] = [
        ("ortaq", ours),
        ("ortaq, each alone", alone),
        ("ortaq, whole document", whole),
        (peer("pycld2"), pycld2),
        (peer("py3langid"), py3langid),
    ]
    rows: list[Row] = []
    for name, guess in systems:
        right: dict[str, tuple[float, int]] = {}
        for pair, some in made.items():
            wanted = [language for document in some for language in document.languages]
            got = [tag for document in some for tag in guess(document.lines)]
            if not name.startswith("ortaq"):
                wanted = [one.split("-")[0] for one in wanted]
            right[pair] = (sum(a == b for a, b in zip(wanted, got, strict=True)) / len(wanted), len(wanted))
        rows += over_languages("languages", "identify-paragraphs", name, "accuracy", right)
    mains = {
        pair: (sum(main_language("", "\n".join(one.lines))[0].tag == one.main for one in some) / len(some), len(some))
        for pair, some in made.items()
    }
    rows += over_languages("languages", "identify-paragraphs", "ortaq", "main_accuracy", mains)
    report(rows, given.json)


if __name__ == "__main__":
    main()
