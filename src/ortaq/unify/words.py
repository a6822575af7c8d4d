"""A story's own words: for each of its languages one article's headline, and two or three sentences of one article.

Nothing is written here, only chosen, and each choice names its article. The headline is of the article whose vector is
nearest to the middle of those in its language (with one or two articles there: to the middle of the whole story),
unless it shouts, lures or is hardly one. The summary is of such an article too: the sentence that it begins with, and
those whose words most of the other articles in that language have (as in SumBasic, Nenkova & Vanderwende 2005).

The numbers here were set by hand, looking at the demo region; nothing was measured.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from ortaq.languages import codes, load
from ortaq.model import StoryWords, Vector
from ortaq.text.normalize import fold
from ortaq.text.sentences import sentences
from ortaq.text.tokens import words

_SHOUTS, _LURES, _SIZE, _COPY = 0.3, 0.1, 0.1, 0.02  # taken off a cosine
_SHORTEST, _LONGEST = 15, 140  # characters of a headline
_FEW = 3  # articles in a language from which they have a middle of their own
_LOOKED_AT = 10  # sentences of an article
_SENTENCE = (25, 300)  # characters
_COMPARED = 12  # other articles
SENTENCES, CHARACTERS = 3, 400  # of a summary; characters as of every excerpt


@dataclass(frozen=True, slots=True)
class Telling:
    """An article as far as words are chosen from it; `language` is the tag that stories name it by."""

    article: str
    language: str
    headline: str
    text: str  # its beginning
    vector: Vector
    copy: bool = False


def choose(tellings: Sequence[Telling]) -> list[StoryWords]:
    """The words of a story in each of its languages, those first that come first among its articles, oldest first."""
    by_language: dict[str, list[Telling]] = {}
    for telling in tellings:
        by_language.setdefault(telling.language, []).append(telling)
    middles = [_middle(told) for told in by_language.values()]
    whole = np.mean(middles, axis=0)
    chosen = []
    for (language, told), middle in zip(by_language.items(), middles, strict=True):
        center = middle if len(told) >= _FEW else whole
        # max: the earliest of equals.
        central = max(told, key=lambda one: round(_closeness(one, center) - _faults(one.headline), 6))
        source = max(told, key=lambda one: round(_closeness(one, center) - (0.0 if one.text.strip() else 1.0), 6))
        summary = _summary(source, [one for one in told if one is not source])
        chosen.append(StoryWords(language, central.headline, central.article, tuple(summary), source.article))
    return chosen


def _middle(told: Sequence[Telling]) -> Vector:
    mean: Vector = np.mean([one.vector for one in told], axis=0, dtype=np.float32)
    return mean


def _closeness(one: Telling, center: Vector) -> float:
    length = float(np.linalg.norm(center)) or 1.0
    return float(np.dot(one.vector, center)) / length - (_COPY if one.copy else 0.0)


def _faults(headline: str) -> float:
    """What is taken off for a headline in capitals, one that lures, and one too short or too long to tell anything."""
    text = headline.strip()
    cased = [letter for letter in text if letter.lower() != letter.upper()]
    shouts = len(words(text)) >= 2 and sum(letter.isupper() for letter in cased) > 0.6 * len(cased) > 0
    lures = "!" in text or text.endswith(("?", "؟", "…", "..."))
    off_size = not _SHORTEST <= len(text) <= _LONGEST
    return _SHOUTS * shouts + _LURES * lures + _SIZE * off_size + (1.0 if not text else 0.0)


def _summary(source: Telling, others: Sequence[Telling]) -> list[str]:
    """Sentences of the article in their order."""
    headline = fold(source.headline).strip(" .")
    found = [
        sentence
        for sentence in sentences(source.text, _abbreviations(source.language))[:_LOOKED_AT]
        if _SENTENCE[0] <= len(sentence) <= _SENTENCE[1]
        and fold(sentence).strip(" .") != headline
        and _closed(sentence)
    ]
    told = [_stems(f"{one.headline} {one.text}") for one in others[-_COMPARED:]]

    def support(place: int) -> float:
        own = _stems(found[place])
        shared = sum(len(own & other) / len(own) for other in told) / len(told) if told and own else 0.0
        return shared + 0.3 / (1 + place)

    ranked = sorted(range(len(found)), key=lambda place: (place > 0, -round(support(place), 6), place))
    taken: list[int] = []
    for place in ranked:
        if len(taken) < SENTENCES and sum(len(found[one]) + 1 for one in [*taken, place]) <= CHARACTERS:
            taken.append(place)
    return [found[place] for place in sorted(taken)]


def _closed(sentence: str) -> bool:
    """Whether every quotation that begins in the sentence ends there."""
    if "„" in sentence:  # closed by “ or ”
        return sentence.count("„") == sentence.count("“") + sentence.count("”")
    return all(sentence.count(start) == sentence.count(end) for start, end in ("«»", "“”", "()"))


def _stems(text: str) -> set[str]:
    """Beginnings of its longer words: crude, and alike for all languages."""
    return {word[:5] for word in words(fold(text)) if len(word) >= 4 or word.isdigit()}


def _abbreviations(language: str) -> Collection[str]:
    code = language.partition("-")[0]
    return load(code).all_forms("abbreviations") if code in codes() else ()
