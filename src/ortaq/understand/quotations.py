"""Who is quoted saying what: text in quotation marks or reported, and the words that name the speaker.

Sentence by sentence, by the patterns in the languages' files (`quotation_patterns`, told in `languages.shape`). What is
found are candidates: the speaker is named as the sentence names them (a name, *the ministry*, *he*), nobody is looked
up. After Pouliquen, Steinberger, Best (2007), "Automatic detection of quotations in multilingual news".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ortaq.languages import codes, load
from ortaq.languages.shape import Script
from ortaq.model import Quotation
from ortaq.text import normalize, sentences
from ortaq.understand.speakers import read_speaker, speaker_and_clause

MAX_QUOTATIONS = 50
_LONGEST_QUOTE = 2_000
_LONGEST_SENTENCE = 800
_HELD = "\ue000"  # stands for a quoted text while its sentence is read
_PAUSES = frozenset(",،!?…—–-")  # after what is said, not after a name in quotation marks
_INNER = re.compile(r"[^\W_]+")
_BREAK = r"[\s,،;؛—–-]*"
_STEPS = {
    "Q": rf"(?P<Q>{_HELD})[.,،!?…]*",
    "S": rf"(?P<S>[^{_HELD}]{{2,160}}?)",
    "T": r"(?P<T>.{8,500}?)",
    "..": r".{0,200}?",
    ":": r"\s*:\s*",
    "-": r"\s*[—–-]\s*",
    ",": r"[,،]\s*",
}


@dataclass(frozen=True, slots=True)
class _Pattern:
    regex: re.Pattern[str]
    steps: tuple[str, ...]


def quotations(text: str, language: str, script: str = "") -> list[Quotation]:
    """The quotations of a text in a language (its primary code), in their order, at most MAX_QUOTATIONS.

    A language that we don't know has none. Linear in the number of sentences, never raises.
    """
    if language not in codes():
        return []
    data = load(language)
    script = script if script in data.scripts else data.default_script
    words = data.script(script)
    found: list[Quotation] = []
    told = _told(language, script)
    masked, held = _hold_quotes(normalize(text).replace(_HELD, " "), _marks(words))
    quotes = iter(held)
    for sentence in sentences(masked, words.abbreviations):
        inside = [next(quotes) for _ in range(sentence.count(_HELD))]
        if len(sentence) > _LONGEST_SENTENCE or not (told.search(sentence) or (inside and ":" in sentence)):
            continue
        if (one := _first(sentence, inside, language, script)) is not None:
            found.append(one)
        if len(found) >= MAX_QUOTATIONS:
            break
    return found


def _first(sentence: str, inside: list[str], language: str, script: str) -> Quotation | None:
    """What the first pattern that fits finds in the sentence."""
    for pattern in _patterns(language, script):
        for match in pattern.regex.finditer(sentence):
            if one := _read(match, pattern.steps, sentence, inside, language, script):
                return one
    return None


def _read(
    match: re.Match[str], steps: tuple[str, ...], sentence: str, inside: list[str], language: str, script: str
) -> Quotation | None:
    """The quotation in a match of a pattern; None where what is in quotation marks is a name, or nobody speaks."""
    parts = match.groupdict()
    if "ST" in parts:
        speaker, clause = speaker_and_clause(parts["ST"], language, script)
    else:
        cased = "A" in steps and steps.index("S") < steps.index("A")
        speaker = read_speaker(parts["S"], language, script, after=steps[0] != "S", cased=cased)
        clause = parts.get("T") or ""
    if not speaker:
        return None
    if "Q" in parts:
        quoted = inside[sentence.count(_HELD, 0, match.start("Q"))][1:-1].strip()
        after = sentence[match.end("Q") : match.end("Q") + 3]
        pause = steps[0] == "Q" and (quoted[-1:] in _PAUSES or not _PAUSES.isdisjoint(after))
        sure = pause or "D" in steps or ":" in steps
        return None if _is_title(quoted, sure=sure) else Quotation(quoted.rstrip(","), speaker, direct=True)
    place = sentence.count(_HELD, 0, match.start("T" if "T" in parts else "ST"))
    for quoted in inside[place : place + clause.count(_HELD)]:
        clause = clause.replace(_HELD, quoted, 1)
    clause = clause.strip(" ,،;؛:—–-.")
    if len(_INNER.findall(clause)) < 2:
        return None
    return Quotation(clause, speaker, direct="-" in steps)


def _is_title(quoted: str, *, sure: bool) -> bool:
    """Whether what stands in quotation marks is a name: a word or three that begin with a capital.

    `sure`: pattern or punctuation leaves no doubt that something is said.
    """
    count = len(_INNER.findall(quoted))
    if count < 2:
        return True
    return not sure and count < 4 and not quoted[:1].islower() and quoted[-1:] not in ".!?…"


def _hold_quotes(text: str, marks: tuple[str, ...]) -> tuple[str, list[str]]:
    """The text with one sign for each quoted part, and those parts; quotes inside quotes stay in theirs."""
    closing = {pair[0]: pair[1] for pair in marks}
    kept: list[str] = []
    held: list[str] = []
    at = 0
    for match in re.finditer("[" + re.escape("".join(closing)) + "]", text):
        start = match.start()
        if start < at:
            continue
        mark, end_mark = match[0], closing[match[0]]
        if mark in "'’‘" and start and text[start - 1].isalnum():
            continue
        end = text.find(end_mark, start + 1, start + _LONGEST_QUOTE)
        # A quote does not go over a paragraph, nor does one begin inside itself but by mistake.
        if end < 0 or "\n" in text[start:end]:
            continue
        if mark != end_mark and mark in text[start + 1 : end]:
            second = text.find(end_mark, end + 1, start + _LONGEST_QUOTE)
            end = second if second > 0 and "\n" not in text[end:second] else end
        kept += [text[at:start], _HELD]
        held.append(text[start : end + 1])
        at = end + 1
        # The point inside the marks ends the sentence outside too when a new one begins.
        if text[end - 1] in ".!?…" and text[at : at + 2].strip()[:1].isupper():
            kept.append(".")
    return "".join([*kept, text[at:]]), held


@cache
def _told(language: str, script: str) -> re.Pattern[str]:
    """What a sentence with a quotation has: a verb of saying, or somebody relied on."""
    words = load(language).script(script)
    return re.compile(rf"\b(?:{_any(words.quotation_verbs)}|{_any(words.according_to)})\b", re.IGNORECASE)


@cache
def _patterns(language: str, script: str) -> tuple[_Pattern, ...]:
    words = load(language).script(script)
    links = tuple(word for word in words.that_words if not word.startswith("-"))
    endings = tuple(word[1:] for word in words.that_words if word.startswith("-"))
    steps = dict(_STEPS)
    steps["V"] = rf"\b(?:{_any(words.quotation_verbs)})\b"
    steps["D"] = rf"\b(?:{_any(links)})\b"
    steps["A"] = rf"\b(?:{_any(words.according_to)})\b"
    return tuple(_compiled(tuple(pattern.split()), steps, endings) for pattern in words.quotation_patterns)


def _compiled(steps: tuple[str, ...], parts: dict[str, str], endings: tuple[str, ...]) -> _Pattern:
    """The pattern as a regular expression: from the sentence's beginning unless it begins with Q, to its end if it ends
    with T or S."""
    text = " ".join(steps)
    pieces: list[str] = []
    for step in text.replace("S T", "ST").split():
        if step == "ST":
            pieces.append(r"(?P<ST>.{8,600}?)")
        elif step == "N":
            pieces[-1] = pieces[-1].replace("{8,", "{4,")[:-1] + rf"(?:{_any(endings)}))"
        else:
            pieces.append(parts.get(step, rf"\b{re.escape(step)}\b"))
    before = "" if steps[0] == "Q" else r"^\W{0,3}"
    after = r"\W*$" if steps[-1] in ("T", "S") else ""
    regex = _BREAK.join(pieces)
    return _Pattern(re.compile(before + regex + after, re.IGNORECASE), steps)


def _marks(words: Script) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*words.quotes, "«»", "“”", "„“", '""')))


def _any(words: tuple[str, ...]) -> str:
    """Any of the words, the longest first; what nothing matches for none."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) or "(?!)"
