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

Analysis = dict[str, Any]

_BACK, _FRONT = frozenset("aouıâû"), frozenset("eiöüî")
_HIGH = {"a": "ı", "ı": "ı", "â": "ı", "o": "u", "u": "u", "û": "u", "e": "i", "i": "i", "î": "i", "ö": "ü", "ü": "ü"}
_VOICELESS = frozenset("fstkçşhp")
_DOTS_TRIED = 4  # i's whose dots are all tried; words with more are spelled by harmony, and as they stand
_SPELLINGS = 8
_RARE = 0.9  # akana's score is below for names, and for roots that it guesses

# Costs of an analysis, by `traits_of`. Fitted to the lemmas of UD Turkish BOUN dev, then improved by random search for
# the most forms of BOUN dev and TueCL that meet their lemma, less 0.9 for each point of wrong joins above 2 %
# (`tools/tune_turkish.py`), November 2026.
COST = {
    "bare": -2.4, "bare<4": -0.47, "derivation": 1.99, "disharmony": 0.72, "one": 0.51, "part": 1.9,
    "rare": 4.2, "root letter": 0.61, "short": 0.78, "bare Adj": -0.6, "bare Adv": 1.78, "bare Conj": -0.32,
    "bare Det": -0.05, "bare Dup": 1.53, "bare Interj": 0.53, "bare Noun": -1.23, "bare Num": -0.54,
    "bare Postp": -0.05, "bare Q": 0.49, "bare Verb": -1.58, "bare clash": -0.3, "A1pl": 0.21, "A1sg": -1.09,
    "A2pl": -0.39, "A2sg": -0.85, "A3pl": -2.74, "A3sg": -2.65, "Abil": -0.3, "Abl": 2.22, "Acc": 0.12,
    "ActN": -1.25, "Adj": 1.72, "Adv": 1.78, "AdvErek": -0.06, "AdvInce": -0.83, "AdvIp": 0.26, "Agt": -1.8,
    "Aor": -2.09, "AorPart": -0.34, "BecomeVerb": 0.41, "Caus": -0.91, "CausVerb": -0.13, "Cond": 1.08,
    "Conj": -0.02, "CopCond": 0.97, "CopEvid": 1.22, "CopPast": 0.3, "CopPres1pl": -0.11, "CopPres1sg": 0.23,
    "CopPres2pl": -0.22, "CopPres2sg": 0.59, "CopPres3sg": 1.46, "Dat": -1.63, "Det": -0.05, "DevGen": 0.85,
    "DevGi": 0.12, "DevGin": -0.05, "DevN": 0.4, "Dim": -0.18, "Dup": 0.33, "Equ": 0.38, "Evid": -2.54,
    "Fut": 0.01, "FutPart": 0.04, "Gen": -0.83, "Imp": -1.19, "Inf": 0.03, "Ins": 1.52, "Interj": 2.03,
    "Loc": -0.16, "Ly": -2.26, "Manner": -3.67, "Nec": 0.46, "Neg": 0.44, "NegAbil": 0.08, "Ness": -0.59,
    "Nom": -2.15, "Noun": -0.43, "NounToVerb": 0.62, "Num": 1.27, "Opt": -0.14, "P1pl": 0.39, "P1sg": 0.01,
    "P2pl": 0.56, "P2sg": 2.03, "P3pl": -0.07, "P3sg": -1.78, "Pass": 1.76, "Past": -2.99, "PastPart": -2.14,
    "Postp": 0.2, "PresPart": 0.72, "Prog": 1.92, "Pron": -4.66, "Q": -2.58, "RelClitic": 1.13,
    "SinceDoingSo": 0.2, "Verb": -0.09, "While": 0.37, "With": 0.11, "Without": 0.28,
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

        self.analyze: Callable[[str], list[Analysis]] = akana.Morphology().analyze

    def __call__(self, word: str) -> str | None:
        """The stem, folded; None for a word that has no analysis."""
        best: tuple[float, str] | None = None
        for cost, found in self.analyses(word):
            if best is None or cost < best[0]:
                best = (cost, stem_of(found))
        return best[1] if best else None

    def analyses(self, word: str) -> Iterator[tuple[float, Analysis]]:
        """What a folded word may be, with what each reading costs."""
        for disharmony, spelled in spellings(word):
            for found in self.analyze(spelled):
                if found["root"]:
                    traits = traits_of(found, spelled, disharmony)
                    yield sum(much * COST.get(name, 0.0) for name, much in traits), found


def stem_of(found: Analysis) -> str:
    return fold(_derived(found["root"], found["morphemes"]))


def traits_of(found: Analysis, spelled: str, disharmony: int) -> list[tuple[str, int]]:
    """What an analysis is judged by, with how much there is of each: its parts, and some properties.

    A word that stands in the lexicon as it is ("bare": alan, a field) is hardly ever meant as a form of another
    (alan, who takes).
    """
    root, parts = found["root"], found["morphemes"]
    traits = [(part, 1) for part in parts]
    traits += ("part", len(parts)), ("root letter", len(root)), ("disharmony", disharmony)
    traits.append(("derivation", sum(part in _DERIVED for part in parts)))
    if root == spelled and not (disharmony and spelled.endswith("i")):  # kitabi, bookish, is rarer than kitabı
        traits += ("bare", 1), (f"bare {found['primary_pos']}", 1)
        traits += ("bare clash", disharmony), ("bare<4", int(len(root) < 4))
    if len(root) <= 2:
        traits += ("short", 1), ("one", int(len(root) == 1))
    if round(found["score"], 2) < _RARE:
        traits.append(("rare", 1))
    return traits


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
