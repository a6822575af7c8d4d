"""Write a text of one script in another, to have training text where none can be had.

Simple letter tables, good enough to learn n-grams from, not for readers: what can't be told from the letters alone
(Kazakh и in Arabic script, Russian words) is left rough.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

LETTER = r"[^\W\d_]"


def _table(pairs: str) -> dict[str, str]:
    return {left: right for left, _, right in (pair.partition("=") for pair in pairs.split())}


def _write(text: str, table: Mapping[str, str]) -> str:
    """Replace letters, keeping capitals: a capital's replacement is capitalized, all of it in an all-capital word."""
    out: list[str] = []
    for place, letter in enumerate(text):
        small = letter.lower()
        new = table.get(small)
        if new is None:
            out.append(letter)
        elif small == letter:
            out.append(new)
        else:
            shouted = text[place + 1 : place + 2].isupper()
            out.append(_upper(new) if shouted or len(new) == 1 else _upper(new[0]) + new[1:])
    return "".join(out)


def _upper(text: str) -> str:
    return text.replace("i", "İ").upper() if "ı" in text or text == "i" else text.upper()


_KK = "б=b в=v г=g д=d е=e з=z к=k қ=q л=l м=m н=n о=o п=p р=r с=s т=t ф=f х=h һ=h а=a ъ= ь= э=e ж=j "
KK_LATIN: Mapping[str, Mapping[str, str]] = {
    "2021": _table(_KK + "ә=ä ғ=ğ ң=ñ ө=ö ұ=ū ү=ü у=u ш=ş щ=ş ч=ç ы=y і=ı и=i й=i ц=ts ё=io ю=iu я=ia"),
    "2021i": _table(_KK + "ә=ä ғ=ğ ң=ŋ ө=ö ұ=ū ү=ü у=u ш=ş щ=şş ч=tş ы=y і=i и=i й=i ц=ts ё=yo ю=iu я=ia"),
    "2018": _table(_KK + "ә=á ғ=ǵ ң=ń ө=ó ұ=u ү=ú у=ý ш=sh щ=sh ч=ch ы=y і=i и=ı й=ı ц=ts ё=ıo ю=ıý я=ıa"),
    "2017": _table(_KK + "ә=a' ғ=g' ң=n' ө=o' ұ=u ү=u' у=y' ш=s' щ=s' ч=c' ы=y і=i и=i' й=i' ц=ts ё=i'o ю=i'y' я=i'a"),
    "wiki": _table(_KK + "ә=ä ғ=ğ ң=ñ ө=ö ұ=u ү=ü у=w ш=ş щ=şş ч=ç ы=ı і=i и=ï й=y ц=c ё=yo ю=yu я=ya"),
    "ascii": _table(_KK + "ә=a ғ=g ң=n ө=o ұ=u ү=u у=u ш=sh щ=sh ч=ch ы=y і=i и=i й=i ц=ts ё=yo ю=yu я=ya"),
}
_KK_ARABIC = _table(
    "а=ا ә=ا б=ب в=ۆ г=گ ғ=ع д=د е=ە ё=يو ж=ج з=ز и=ي й=ي к=ك қ=ق л=ل м=م "
    "н=ن ң=ڭ о=و ө=و п=پ р=ر с=س т=ت у=ۋ ұ=ۇ ү=ۇ "
    "ф=ف х=ح һ=ھ ц=تس ч=چ ш=ش щ=شش ы=ى і=ى ь= ъ= э=ە ю=يۋ я=يا ,=، ;=؛ ?=؟"
)
_UZ_CYRILLIC = _table(
    "a=а b=б d=д e=е f=ф g=г h=ҳ i=и j=ж k=к l=л m=м n=н o=о p=п q=қ r=р s=с t=т u=у v=в x=х y=й z=з w=в c=с"
)
_TK_CYRILLIC = _table(
    "a=а b=б ç=ч d=д e=е ä=ә f=ф g=г h=х i=и j=җ ž=ж k=к l=л m=м n=н ň=ң o=о ö=ө p=п r=р s=с ş=ш t=т u=у ü=ү w=в "
    "y=ы ý=й z=з c=с v=в x=х q=к"
)
_KAA = "а=a б=b в=v г=g д=d е=e ж=j з=z и=i й=y к=k қ=q л=l м=m н=n о=o п=p р=r с=s т=t у=u ў=w ф=f х=x ҳ=h ъ= ь= э=e "
KAA_LATIN: Mapping[str, Mapping[str, str]] = {
    "2016": _table(_KAA + "ә=á ғ=ǵ ң=ń ө=ó ү=ú ш=sh щ=sh ч=ch ц=c ы=ı ё=yo ю=yu я=ya"),
    "1995": _table(_KAA + "ә=a' ғ=g' ң=n' ө=o' ү=u' ш=sh щ=sh ч=ch ц=ts ы=ı ё=yo ю=yu я=ya"),
    "1995i": _table(_KAA + "ә=aʼ ғ=gʻ ң=nʼ ө=oʻ ү=uʼ ш=sh щ=sh ч=ch ц=ts ы=i ё=yo ю=yu я=ya"),
}
_UG_LATIN = _table(
    "ا=a ە=e ې=é ى=i و=o ۇ=u ۆ=ö ۈ=ü ب=b پ=p ت=t ج=j چ=ch خ=x د=d ر=r ز=z "
    "ژ=zh س=s ش=sh غ=gh ف=f ق=q ك=k گ=g ڭ=ng ل=l م=m "
    "ن=n ھ=h ۋ=w ي=y ،=, ؛=; ؟=?"
)


def kk_latin(text: str, scheme: str) -> str:
    return _write(text, KK_LATIN[scheme])


def kk_arabic(text: str) -> str:
    """With the hamza before front words that no letter (к, г, е) shows to be front."""

    def word(match: re.Match[str]) -> str:
        small = match[0].lower()
        front = re.search("[әөүі]", small) and not re.search("[кгеэ]", small)
        return ("\u0674" if front else "") + "".join(_KK_ARABIC.get(letter, letter) for letter in small)

    text = re.sub(rf"{LETTER}+", word, text)
    return "".join(_KK_ARABIC.get(letter, letter) for letter in text)


def uz_cyrillic(text: str) -> str:
    """From text with normalized apostrophes (U+02BB, U+2019)."""
    text = re.sub(r"(?i)(?<![^\W\d_])e", lambda m: "э" if m[0] == "e" else "Э", text)
    for left, right in (
        (pair[:-1], pair[-1]) for pair in ("oʻў", "gʻғ", "shш", "chч", "yaя", "yoё", "yuю", "yeе", "’ъ")
    ):
        text = text.replace(left, right).replace(left.capitalize(), right.upper()).replace(left.upper(), right.upper())
    text = re.sub(r"(?<![^\W\d_])й(?=[ое])", "й", text)
    return _write(text, _UZ_CYRILLIC)


def tk_cyrillic(text: str) -> str:
    text = re.sub(r"(?<![^\W\d_])e", "э", text)
    text = re.sub(r"(?<![^\W\d_])E", "Э", text)
    for left, right in (("ýa", "я"), ("ýo", "ё"), ("ýu", "ю"), ("ýe", "е")):
        text = text.replace(left, right).replace(left.capitalize(), right.upper()).replace(left.upper(), right.upper())
    return _write(text, _TK_CYRILLIC)


def kaa_latin(text: str, scheme: str) -> str:
    return _write(text, KAA_LATIN[scheme])


def ug_latin(text: str, scheme: str = "uly") -> str:
    text = re.sub(r"(?<![^\W\d_])ئ", "", text).replace("ئ", "'")
    text = "".join(_UG_LATIN.get(letter, letter) for letter in text)
    text = re.sub(r"(?:^|(?<=[.!?] ))\S", lambda match: match[0].upper(), text)
    return text if scheme == "uly" else text.replace("é", "ë")


# Kazakh words that Karakalpak says otherwise, then endings that it does not assimilate, then its letters.
_KAA_WORDS = _table(
    "және=ҳәм мен=менен бен=менен пен=менен бұл=бул осы=усы ол=ол олар=олар "
    "туралы=ҳаққында үшін=ушын ретінде=сыпатында "
    "дейін=шекем кейін=кейин сияқты=сыяқлы үлкен=үлкен бірақ=бирақ немесе=ямаса бірге=бирге арқылы=арқалы жоқ=жоқ "
    "болып=болып екен=екен ғана=тек барлық=барлық әр=ҳәр әрбір=ҳәрбир адам=адам "
    "мемлекет=мәмлекет мемлекеттік=мәмлекетлик "
    "ел=ел елдің=елдиң қазір=ҳәзир хабар=хабар халық=халық халқы=халқы тағы=және тек=тек бойынша=бойынша қарсы=қарсы "
    "деді=деди айтты=айтты дейді=дейди керек=керек мүмкін=мүмкин шығар=шығар туғызды=туўдырды "
    "бүгін=бүгин ертең=ертең "
    "кеше=кеше күн=күн жыл=жыл жылы=жылы жылғы=жылғы қала=қала қаласы=қаласы қаласында=қаласында ауыл=аўыл "
    "мұндай=бундай мұны=буны мұнда=бул_жерде сондықтан=сонлықтан өйткені=себеби егер=егер қандай=қандай неге=неге "
    "ия=аўа иә=аўа емес=емес басшысы=басшысы төрағасы=баслығы министрлігі=министрлиги бірінші=биринши "
    "екі=еки бес=бес "
    "жеті=жети сегіз=сегиз мың=мың кейбір=гейпара шамамен=шама_менен түрлі=түрли көптеген=көплеген "
    "сонымен=соның_менен "
    "бірнеше=бир_неше дүние=дүнья әлем=дүнья әлемдік=дүньялық уақыт=ўақыт уақытта=ўақытта әлі=еле сөз=сөз "
    "өз=өз өте=жүдә "
    "жақсы=жақсы жаңа=жаңа бар=бар ішінде=ишинде арасында=арасында алдында=алдында астында=астында үстінде=үстинде"
)
_KAA_ENDINGS: tuple[tuple[str, str], ...] = (
    (r"(?<=\w{2})[дт]ар(?=$|ы|д|ғ|м|н|ға)", "лар"),
    (r"(?<=\w{2})[дт]ер(?=$|і|д|г|м|н|ге)", "лер"),
    (r"(?<=\w{2})[дт]ың$", "ның"),
    (r"(?<=\w{2})[дт]ің$", "нің"),
    (r"(?<=\w{2})[дт]ық", "лық"),
    (r"(?<=\w{2})[дт]ік", "лік"),
    (r"(?<=\w{2})[дт]ығ", "лығ"),
    (r"(?<=\w{2})[дт]іг", "ліг"),
    (r"(?<=[аоұыяу])м[еі]н$", "_менен"),
    (r"(?<=\w{2})[мбп]ен$", "_менен"),
    (r"(?<=\w{2})уд[ыа]", "ыўд"),
    (r"(?<=[аәеоөұүыі])у", "ў"),
    (r"(?<=[бвгғджзкқлмнңпрстшй])у(?=[аәеыі])", "ў"),
)
_KAA_BACK, _KAA_FRONT = "аоұыуя", "әөүіе"


def kaa_from_kk(text: str) -> str:
    """Kazakh as a Karakalpak newspaper might spell it (Cyrillic): words, unassimilated endings, ў, ҳ, и, у."""

    def word(match: re.Match[str]) -> str:
        original = match[0]
        small = original.lower()
        known = _KAA_WORDS.get(small)
        new = known if known is not None else _kaa_word(small)
        new = new.replace("_", " ")
        return new if original == small else new[:1].upper() + new[1:]

    return re.sub(rf"{LETTER}+", word, text)


def _kaa_word(word: str) -> str:
    for pattern, new in _KAA_ENDINGS:
        word = re.sub(pattern, new, word)
    vowels = [letter for letter in word if letter in _KAA_BACK + _KAA_FRONT]
    front = bool(vowels) and sum(letter in _KAA_FRONT for letter in vowels) * 2 > len(vowels)
    # A Kazakh у that is a vowel of its own is ыў, иў here.
    word = re.sub("(?<=[бгғджзкқлмнңпрстш])у(?=$|[ыіға]|да|де|ды|ді|ла|ле|ші?|ме|ге)", "иў" if front else "ыў", word)
    word = re.sub("^у", "ў" if re.match("у[аә]", word) else "у", word)
    if not re.search("[вфцэ]|мини|милли|^поли", word):
        word = re.sub("^([^аәеоөұуүыі]?)и(?=[^ия])", r"\1ий" if front else r"\1ый", word)
    return word.replace("і", "и").replace("ұ", "у").replace("һ", "ҳ").replace("щ", "ш")


def any_of(choices: Mapping[str, object], rng: random.Random) -> str:
    return rng.choice(sorted(choices))


Respeller = Callable[[str, random.Random], str]
RESPELLERS: Mapping[str, tuple[str, Respeller]] = {
    "kk-Latn": ("kk-Cyrl", lambda text, rng: kk_latin(text, any_of(KK_LATIN, rng))),
    "kk-Arab": ("kk-Cyrl", lambda text, rng: kk_arabic(text)),
    "uz-Cyrl": ("uz-Latn", lambda text, rng: uz_cyrillic(text)),
    "tk-Cyrl": ("tk-Latn", lambda text, rng: tk_cyrillic(text)),
    "ug-Latn": ("ug-Arab", lambda text, rng: ug_latin(text, rng.choice(["uly", "uly", "e"]))),
    "kaa-Cyrl": ("kk-Cyrl", lambda text, rng: kaa_from_kk(text)),
    "kaa-Latn": ("kk-Cyrl", lambda text, rng: kaa_latin(kaa_from_kk(text), any_of(KAA_LATIN, rng))),
}
"""Variety to (variety it is made from, how); the source text is normalized first."""
