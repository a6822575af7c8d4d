"""Quotations with their speakers, on sentences in eleven languages, in all scripts of each.

    python -m benchmarks.languages --task quotations --data benchmarks/data/quotations.tsv [--split dev|test] --json OUT

Columns: language, kind, split, text, quotation, speaker; a row of the kind `none` has no quotation, though it has
quotation marks. A found quotation is right when it shares two thirds of its words with the labelled one (both ways),
and its speaker when he has all the labelled name's words. `precision` and `recall` are over quotations,
`speaker_accuracy` over those that are right. A language that has several scripts is measured in the others on the same
sentences, respelled by `languages.transliterate`. Figures are on the test split unless told otherwise.

The peer takes any text of three words or more in quotation marks for a quotation, and the capitalized words closest
to it for the speaker.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import Row, over_languages, report
from ortaq import languages
from ortaq.languages.transliterate import transliterate
from ortaq.text import fold, normalize, words
from ortaq.understand.quotations import quotations

Found = list[tuple[str, str]]
Finder = Callable[[str, str, str], Found]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the quotation in it ("" for none) and its speaker."""

    language: str
    script: str
    kind: str
    text: str
    quotation: str
    speaker: str

    @property
    def variety(self) -> str:
        return f"{self.language}-{self.script}"


def read(path: Path, split: str) -> Iterator[Sentence]:
    """The sentences of a split, and each again in the other scripts of its language."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            code = row["language"]
            if row["split"] != split:
                continue
            texts = [normalize(row[key]) for key in ("text", "quotation", "speaker")]
            language = languages.load(code)
            for script in language.scripts:
                other = script != language.default_script
                written = [transliterate(text, code, script) if other else text for text in texts]
                if language.script().direction == "rtl" and language.scripts[script].direction == "ltr":
                    written = capitalized(*written)
                yield Sentence(code, script, row["kind"], *written)


def capitalized(text: str, quotation: str, speaker: str) -> list[str]:
    """A sentence out of a script without capitals as it is written in one that has them."""
    name = " ".join(word[:1].upper() + word[1:] for word in speaker.split())
    first = next((place for place, sign in enumerate(text) if sign.isalpha()), 0)
    text = text[:first] + text[first : first + 1].upper() + text[first + 1 :]
    return [text.replace(speaker, name) if speaker else text, quotation, name]


def ours(text: str, language: str, script: str) -> Found:
    return [(one.text, one.speaker) for one in quotations(text, language, script)]


def marks_alone(text: str, language: str, script: str) -> Found:
    """What stands in quotation marks, and the capitalized words closest to it."""
    found: Found = []
    for match in re.finditer('[«“„"]([^«»“”"]+)[»”“"]', text):
        if len(words(match[1])) >= 3:
            names = [
                (min(abs(match.start() - name.end()), abs(name.start() - match.end())), name[0])
                for name in re.finditer(r"[^\W\d_]\S*(?: [^\W\d_]\S*)*", text)
                if name[0][0].isupper() and not match.start() <= name.start() < match.end()
            ]
            runs = [(distance, " ".join(w for w in name.split() if w[0].isupper())) for distance, name in names]
            found.append((match[1], min(runs)[1] if runs else ""))
    return found


def same_words(found: str, labelled: str) -> bool:
    """Whether two thirds of the words of each are in the other."""
    one, other = set(words(fold(found))), set(words(fold(labelled)))
    return bool(one) and bool(other) and 3 * len(one & other) >= 2 * max(len(one), len(other))


def same_speaker(found: str, labelled: str) -> bool:
    """Whether the labelled name's words are all in what was found, which adds at most two."""
    one, other = words(fold(found)), words(fold(labelled))
    return set(other) <= set(one) and len(one) <= len(other) + 2


def measure(rows: Sequence[Sentence]) -> Iterator[Row]:
    """Precision, recall and speaker accuracy by variety, `*min` and `*mean`; by kind in the task `quotations-KIND`."""
    finders: dict[str, Finder] = {"ortaq": ours, "quotation marks alone": marks_alone}
    for system, find in finders.items():
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for row in rows:
            found = find(row.text, row.language, row.script)
            right = [speaker for text, speaker in found if row.quotation and same_words(text, row.quotation)]
            spoken = any(same_speaker(speaker, row.speaker) for speaker in right)
            for key in (row.variety, f"*{row.kind}"):
                for place, value in enumerate((bool(row.quotation), len(found), bool(right), bool(right) and spoken)):
                    counts[key][place] += int(value)
        varieties = {key: value for key, value in counts.items() if not key.startswith("*")}
        for metric, of in (("recall", 0), ("precision", 1), ("speaker_accuracy", 2)):
            numerator = 3 if metric == "speaker_accuracy" else 2
            values = {key: (one[numerator] / one[of] if one[of] else 0.0, one[of]) for key, one in varieties.items()}
            yield from over_languages("languages", "quotations", system, metric, values)
        for key, one in counts.items():
            if key.startswith("*") and one[0]:
                yield Row("languages", f"quotations-{key[1:]}", "*all", system, "recall", one[2] / one[0], one[0])


def main(argv: Sequence[str] | None = None) -> None:
    """The command line of the task."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=["dev", "test"], default="test")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args(argv)
    report(list(measure(list(read(arguments.data, arguments.split)))), arguments.json)


if __name__ == "__main__":
    main()
