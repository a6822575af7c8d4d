"""How a name sounds, in one small alphabet for all scripts of the region, and how far two sounds lie apart.

The alphabet has 24 ASCII letters: the vowels a e i o u, and b c d f g h j k l m n p q r s t w x y z, of which c is ч,
j is ж and дж, q is ц, x is ш, h is х and һ, w is в and ў, y is й. What the languages do not tell apart is one sound
already (ә and а, ы and и, қ and к, long and short); what they exchange (о for а in Uzbek and Tajik, х for г, ж for й)
is a cheap step of `distance`, an edit distance with a cost for each pair of sounds, in the manner of Editex (Zobel and
Dart 1996). Pairs and costs were set by hand from the sound laws and then tuned on the dev half of
`benchmarks/data/names.tsv` (`python -m benchmarks.languages --task names --split dev`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

from ortaq import languages

MAX_SOUNDS = 48
"""A longer word is cut: no name part is longer, and the distance is quadratic in it."""


def _table(text: str) -> dict[str, str]:
    pairs = (item.partition("=") for item in text.split())
    return {letters: read for letters, _, read in pairs}


_CYRILLIC = _table(
    """
    а=a б=b в=w г=g д=d е=e ё=yo ж=j з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=q ч=c ш=x
    щ=x ы=i э=e ю=yu я=ya ә=a ғ=g қ=k ң=n ө=o ұ=u ү=u һ=h і=i ў=o ҳ=h ҷ=j ӣ=i ӯ=u җ=j є=e ї=i ґ=g ъ= ь= дж=j
    ье=ye ъе=ye ьё=yo цз=j
    """
)
_LATIN = _table(
    """
    a=a b=b c=k d=d e=e f=f g=g h=h i=i j=j k=k l=l m=m n=n o=o p=p q=k r=r s=s t=t u=u v=w w=w x=ks y=y z=z
    ş=x ç=c š=x č=c ž=j ğ=g ǵ=g ñ=n ń=n ň=n ŋ=n ə=a ä=a á=a ö=o ó=o ü=u ú=u ū=u ı=i ý=y ø=o æ=a ß=s sh=x ch=c
    zh=j kh=h gh=g ph=f th=t ts=q tz=q dzh=j dj=j oʻ=o gʻ=g shch=x
    """
)
_ARABIC = _table(
    """
    ا=a ب=b پ=p ت=t ج=j چ=c خ=h د=d ر=r ز=z ژ=j س=s ش=x غ=g ف=f ق=k ك=k ک=k گ=g ڭ=n ل=l م=m ن=n و=o ھ=h ه=h ح=h
    ۇ=u ۆ=o ۈ=u ۋ=w ې=e ى=i ي=y ی=y ە=e ص=s ط=t ع= ء= ئ= ٴ=
    """
)
_COMMON = _CYRILLIC | _LATIN | _ARABIC
VOWELS = "aeiou"
_CONSONANT_Y = re.compile(f"(?<![{VOWELS}])y(?![{VOWELS}])")
_NOT_SOUNDS = re.compile("[^a-z]+")
_SAME = (
    (re.compile(r"ye"), "e"),
    (re.compile(r"yi|iy"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"^ks"), "s"),
    (re.compile(r"(?<=..)ng$"), "n"),
)


@lru_cache(maxsize=1 << 16)
def sounds(word: str, language: str = "und") -> str:
    """The sounds of one word (normalized, any case) as the language reads its letters; "" when it has none."""
    pattern, read = _reader(language)
    text = pattern.sub(read, word.lower().replace("i\u0307", "i")[: 2 * MAX_SOUNDS])
    text = _CONSONANT_Y.sub("i", _NOT_SOUNDS.sub("", text))
    for same, one in _SAME:
        text = same.sub(one, text)
    return text[:MAX_SOUNDS]


@cache
def _reader(language: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    table = _COMMON
    if language in languages.codes():
        pairs = (pair.split("=") for pair in languages.load(language).person_names.letters)
        # What a letter stands for is written in Latin letters, as the common table reads them.
        table = table | {letter: _read(latin) for letter, latin in pairs}
    keys = sorted(table, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, keys)) + "|.", re.DOTALL)
    return pattern, lambda match: table[match[0]] if match[0] in table else _plain(match[0])


def _read(latin: str) -> str:
    return _LATIN.get(latin) or "".join(_LATIN[letter] for letter in latin)


def _plain(letter: str) -> str:
    """What a letter outside the table reads as: its base letter, without marks; nothing when that is unknown too."""
    return _COMMON.get(unicodedata.normalize("NFKD", letter)[:1], "")


def _symmetric(costs: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for item in costs.split():
        pair, cost = item.split("=")
        found[pair] = found[pair[::-1]] = float(cost)
    return found


_EXCHANGE = _symmetric(
    "ao=.1 ou=.1 ei=.12 ae=.15 iu=.15 ai=.5 eo=.4 eu=.4 io=.3 au=1.2 iy=.03 uw=.15 ow=.3 ey=.1 "
    "kg=.3 kh=.3 gh=.35 bp=.2 pf=.2 bf=.4 bw=.5 fw=.4 td=.15 sz=.2 cx=.15 xs=.4 xz=.5 cj=.3 xj=.4 jz=.4 jy=.25 qs=.3 "
    "qc=.35 qj=.35 qz=.3 mn=.5 lr=.8"
)
_INSERT = {"y": 0.08, "h": 0.2, "i": 0.15, "u": 0.5, "e": 0.4, "a": 0.7, "o": 0.7, "w": 0.5}
_WEIGHT = {**dict.fromkeys(VOWELS, 0.6), "y": 0.2, "h": 0.5}
_FAR = 1.0


@lru_cache(maxsize=1 << 17)
def distance(one: str, other: str) -> float:
    """0 (the same) to 1 (nothing in common) between two strings of sounds, by the mean of their weights. Symmetric.

    Time: product of the lengths, which are at most twice MAX_SOUNDS where given names are joined.
    """
    if one == other:
        return 0.0
    if not one or not other:
        return _FAR
    if one > other:
        return distance(other, one)
    size = (_weight(one) + _weight(other)) / 2
    return min(_FAR, _edits(one, other) / size)


def _weight(text: str) -> float:
    return sum(_WEIGHT.get(sound, 1.0) for sound in text)


def _edits(one: str, other: str) -> float:
    inserts = [_INSERT.get(sound, 1.2) for sound in other]
    before = [0.0]
    for cost in inserts:
        before.append(before[-1] + cost)
    for sound in one:
        remove = _INSERT.get(sound, 1.2)
        row = [before[0] + remove]
        for at, (against, insert) in enumerate(zip(other, inserts, strict=True)):
            if sound == against:
                swap = before[at]
            else:
                vowels = (sound in VOWELS) + (against in VOWELS)
                swap = before[at] + _EXCHANGE.get(sound + against, (1.8, 1.5, 0.5)[vowels])
            row.append(min(swap, before[at + 1] + remove, row[at] + insert))
        before = row
    return before[-1]
