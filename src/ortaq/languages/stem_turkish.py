"""Turkish stems from the analyses of akana, a Rust analyzer over the lexicon of Zemberek (Akın and Akın 2007).

Two things it does not do by itself. Folded words have lost the dot of ı (`ortaq.text.normalize.fold` says why): the
spellings that they may have had are analyzed, those in vowel harmony first. And one of several analyses must be chosen
without a sentence: the cheapest by the costs below. Endings that make another word (-lik, -ci, -siz) stay on the stem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

from ortaq.text.normalize import fold

_BACK, _FRONT = frozenset("aouıâû"), frozenset("eiöüî")
_HIGH = {"a": "ı", "ı": "ı", "â": "ı", "o": "u", "u": "u", "û": "u", "e": "i", "i": "i", "î": "i", "ö": "ü", "ü": "ü"}
_VOICELESS = frozenset("fstkçşhp")
_DOTS_TRIED = 4  # i's whose dots are all tried; words with more are spelled by harmony, and as they stand
_SPELLINGS = 8
_RARE = 0.9  # akana's score is below for names, and for roots that it guesses

# Costs of an analysis: of its spelling, its root's length, each of its parts (a part that is not named costs nothing
# more than `part`). Tuned on the lemmas of UD Turkish BOUN dev and TueCL by random search (`tools/tune_stems.py`) for
# the most forms that meet their lemma less 0.7 for each point of wrong joins above 2 %, November 2026.
_COST = {"rare": 3.9, "part": -0.5, "disharmony": 0.8, "root letter": -0.8, "derivation": 1.9}
_COST_OF = {
    "A1pl": 1.0, "Acc": -0.2, "ActN": -1.2, "Adj": 0.7, "Adv": 0.5, "AdvIp": -1.0, "Agt": -1.5, "AorPart": 1.5,
    "BecomeVerb": -1.0, "Caus": -1.2, "CausVerb": 0.5, "CopPast": 2.5, "CopPres2sg": -1.5, "DevGi": 1.0, "DevN": 2.2,
    "Dim": -1.0, "Equ": 2.1, "Evid": -2.5, "Imp": 1.8, "Inf": 1.5, "Loc": -0.2, "Neg": 1.5, "Nom": -1.0, "Num": 1.5,
    "Opt": 4.5, "P1pl": 0.2, "P1sg": 0.5, "P2sg": 1.6, "P3sg": -3.0, "Pass": -0.5, "PastPart": 1.5, "PresPart": -2.5,
    "Pron": -2.5, "Q": -1.0, "RelClitic": 1.2, "SinceDoingSo": -1.5, "Verb": -0.7, "With": 1.0,
}  # fmt: skip
# Endings that make another word, as akana names them; those without a text are known, but left to be taken off.
_DERIVED = {
    "Ness": "lIk", "Agt": "CI", "With": "lI", "Without": "sIz", "Related": "sAl", "Ly": "CA", "NounToVerb": "lA",
    "BecomeVerb": "lAş", "Dim": "CIk", "DevN": "Im", "DevGin": "GIn", "CausVerb": "lAt",
    "Equ": "", "Manner": "", "DevGi": "", "DevGen": "",
}  # fmt: skip


class Analyzer:
    """Calls akana: its lexicon of 66,000 roots is read when made, in 0.2 s."""

    def __init__(self) -> None:
        import akana

        self.analyze: Callable[[str], list[dict[str, Any]]] = akana.Morphology().analyze

    def __call__(self, word: str) -> str | None:
        """The stem, folded; None for a word that has no analysis."""
        best: tuple[float, str, Sequence[str]] | None = None
        for disharmony, spelled in spellings(word):
            for found in self.analyze(spelled):
                cost = _cost(found) + _COST["disharmony"] * disharmony
                if best is None or cost < best[0]:
                    best = (cost, found["root"], found["morphemes"])
        return fold(_derived(best[1], best[2])) if best and best[1] else None


def _cost(found: dict[str, Any]) -> float:
    parts: Sequence[str] = found["morphemes"]
    cost = _COST["rare"] if round(found["score"], 2) < _RARE else 0.0
    cost += _COST["part"] * len(parts) + _COST["root letter"] * len(found["root"])
    return cost + sum(_COST_OF.get(part, 0.0) + (_COST["derivation"] if part in _DERIVED else 0.0) for part in parts)


def spellings(word: str) -> list[tuple[int, str]]:
    """(vowels out of harmony, spelling) for what a folded word may have been, the most harmonic first."""
    dots = word.count("i")
    if dots > _DOTS_TRIED:
        options = {_harmonic(word, "i"), _harmonic(word, "ı"), word}
        options |= {one.replace("abıl", "abil").replace("dakı", "daki") for one in options}
    else:
        parts = word.split("i")
        options = {
            "".join(piece for pair in zip(parts, (*letters, ""), strict=True) for piece in pair)
            for letters in product("iı", repeat=dots)
        }
    return sorted((_disharmony(one), one) for one in options)[:_SPELLINGS]


def _disharmony(word: str) -> int:
    count, before = 0, ""
    for letter in word:
        if letter in "iı" and before and (before in _BACK) != (letter == "ı"):
            count += 1
        if letter in _BACK or letter in _FRONT:
            before = letter
    return count


def _harmonic(word: str, first: str) -> str:
    spelled, before = [], ""
    for letter in word:
        if letter == "i":
            letter = ("ı" if before in _BACK else "i") if before else first
        if letter in _BACK or letter in _FRONT:
            before = letter
        spelled.append(letter)
    return "".join(spelled)


def _derived(root: str, parts: Sequence[str]) -> str:
    """The root with its endings up to the last one that makes another word."""
    last = max((index for index, part in enumerate(parts) if _DERIVED.get(part)), default=-1)
    for part in parts[: last + 1]:
        root += "".join(_attached(root, _DERIVED.get(part, "")))
    return root


def _attached(root: str, ending: str) -> Iterator[str]:
    vowel = next((letter for letter in reversed(root) if letter in _HIGH), "e")
    before = root[-1]
    for letter in ending:
        if letter == "A":
            letter = "a" if vowel in _BACK else "e"
        elif letter == "I":
            letter = _HIGH[vowel]
        elif letter == "C":
            letter = "ç" if before in _VOICELESS else "c"
        elif letter == "G":
            letter = "k" if before in _VOICELESS else "g"
        if letter in _HIGH:
            if before in _HIGH:
                continue
            vowel = letter
        before = letter
        yield letter
