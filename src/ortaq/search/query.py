"""What a person types, taken apart: words, "phrases", AND OR NOT, -word, prefix*, field:value, dates.

    query := part*            parts beside each other are alternatives that rank; AND makes both required
    part  := [NOT | - | +] (word | word* | "phrase" | title:word | outlet:id | lang:kk | country:KZ
                            | since:2026-11-01 | until:2026-11-30 | date:2026-11-03 | 2026-11-03)

Operators are written in capitals, in English, Kazakh or Russian. Brackets don't group. Nothing is an error: what makes
no sense is either a plain word or stands in `ignored`. Linear in the query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from ortaq.model import DEFAULT_SCRIPTS
from ortaq.store.contract import Filters
from ortaq.text.tokens import words

MAX_QUERY = 1_000  # characters; more than anyone types
SENTENCE = 5
"""Words with printer's quotes (« », “ ”) around some make a pasted headline, which quotes and asks for no phrase."""
MAX_PARTS = 64  # words and phrases; the rest is ignored, and said so
MAX_PREFIXES = 4  # likewise: each is looked up in up to four scripts

_PIECE = re.compile(
    r'(?P<sign>[-+−–](?=[^\s\W]|["«“„]))?(?:(?P<field>[^\W\d_]{1,12}):(?=[^\s/:]))?'
    r'(?:"(?P<quoted>[^"]*)"|«(?P<angled>[^»]*)»|[“„](?P<curly>[^”“]*)[”“]|(?P<word>[^\s"«“„]+|["«“„]))'
)
_AND = frozenset(("AND", "ЖӘНЕ", "И", "&&"))
_OR = frozenset(("OR", "НЕМЕСЕ", "ИЛИ", "||", "|"))
_NOT = frozenset(("NOT", "ЕМЕС", "НЕ", "!"))
_FIELDS = {
    "title": ("title", "headline", "тақырып", "заголовок"),
    "outlet": ("outlet", "site", "басылым", "издание"),
    "lang": ("lang", "language", "тіл", "язык"),
    "country": ("country", "ел", "страна"),
    "since": ("since", "from", "after", "бастап", "с"),
    "until": ("until", "to", "before", "дейін", "по"),
    "date": ("date", "day", "күн", "дата"),
}
_FIELD = {name: field for field, names in _FIELDS.items() for name in names}
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z]{4})?", re.ASCII)
_COUNTRY = re.compile(r"[a-zA-Z]{2}", re.ASCII)
_OUTLET = re.compile(r"[\w.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Part:
    """Words that belong together. `group` numbers the AND groups: one part of each required group must match."""

    text: str
    phrase: bool = False  # the words in this order, next to each other
    prefix: bool = False  # the (one) word begins so
    title: bool = False  # in the headline
    excluded: bool = False
    group: int = 0  # 0: not required


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. `text` is what is looked for, without operators, fields and what is excluded."""

    parts: tuple[Part, ...] = ()
    filters: Filters = field(default_factory=Filters)
    ignored: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(part.text for part in self.parts if not part.excluded)

    @property
    def checks(self) -> tuple[Part, ...]:
        """The parts that the index can't answer alone, so that a hit's own words must be looked at."""
        return tuple(p for p in self.parts if p.excluded or p.group or p.phrase or p.prefix or p.title)


def parse_query(typed: str, zone: tzinfo = UTC) -> Query:
    """Never raises, whatever is typed. Days begin and end in `zone`."""
    reader = _Reader()
    for found in _PIECE.finditer(typed[:MAX_QUERY]):
        reader.take(found)
    reader.end()
    if typed[MAX_QUERY:].strip():
        reader.ignored.append(typed[MAX_QUERY:])
    return Query(tuple(reader.parts), reader.filters(zone), tuple(reader.ignored))


class _Reader:
    """The state between the pieces of one query."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.ignored: list[str] = []
        self._values: dict[str, list[str]] = {"outlet": [], "lang": [], "country": []}
        self._since: date | None = None
        self._until: date | None = None
        self._groups = 0
        self._printed: list[int] = []  # places of what stands in « » or “ ”
        self._chain: list[int] = []  # places of the parts that the last OR or none joined
        self._joint = ""  # "and" or "or", waiting for its right side
        self._joint_written = ""
        self._negated = ""  # the NOT that waits for what it excludes

    def take(self, found: re.Match[str]) -> None:
        word = found["word"]
        if word is not None and not found["field"] and self._operator((found["sign"] or "") + word):
            return
        written = found[0]
        quoted = next((found[name] for name in ("quoted", "angled", "curly") if found[name] is not None), None)
        value = quoted if quoted is not None else word.strip("()[]{},;")
        field = _FIELD.get((found["field"] or "").casefold(), "")
        sign = found["sign"] or ""
        if field and field != "title":
            if not self._filter(field, value) or sign in ("-", "−", "–"):
                self.ignored.append(written)
            return
        if not field and quoted is None and not sign and (day := _day(value)):
            self._between(day, day)
            return
        if found["field"] and not field:
            value = f"{found['field']}:{value}"
        before = len(self.parts)
        self._add(value, quoted is not None, field == "title", sign, written)
        if found["quoted"] is None and quoted is not None and not sign and not field:
            self._printed += range(before, len(self.parts))

    def end(self) -> None:
        count = sum(len(part.text.split()) for part in self.parts)
        if count >= SENTENCE and len(self._printed) < len(self.parts):
            alone = [part.group for part in self.parts]
            for place in self._printed:
                part = self.parts[place]
                if not part.excluded and alone.count(part.group) == 1:
                    self.parts[place] = replace(part, phrase=False, group=0)
        self.ignored.extend(left for left in (self._joint_written, self._negated) if left)

    def filters(self, zone: tzinfo) -> Filters:
        return Filters(
            languages=tuple(self._values["lang"]),
            outlets=tuple(self._values["outlet"]),
            countries=tuple(self._values["country"]),
            since=datetime.combine(self._since, time.min, zone) if self._since else None,
            until=datetime.combine(self._until, time.max, zone) if self._until else None,
        )

    def _operator(self, word: str) -> bool:
        bare = word.strip("()")
        if bare in _NOT:
            if self._negated:
                self.ignored.append(self._negated)
            self._negated = word
        elif bare in _AND or bare in _OR:
            if self._joint_written or not self.parts:
                self.ignored.append(word)
            else:
                self._joint, self._joint_written = "and" if bare in _AND else "or", word
        else:
            return False
        return True

    def _add(self, value: str, phrase: bool, title: bool, sign: str, written: str) -> None:
        prefix = not phrase and len(value) > 2 and value.endswith("*")
        found = words(value)
        full = len(self.parts) >= MAX_PARTS or (prefix and sum(part.prefix for part in self.parts) >= MAX_PREFIXES)
        if not found or full:
            # Punctuation between words is nothing that a person would miss.
            if full or any(map(str.isalnum, written)):
                self.ignored.append(written)
            return
        excluded = bool(self._negated) or sign in ("-", "−", "–")
        part = Part(" ".join(found), phrase and len(found) > 1, prefix and len(found) == 1, title, excluded)
        joint, self._joint, self._joint_written, self._negated = self._joint, "", "", ""
        if not excluded:
            part = replace(part, group=self._group(joint, required=phrase or title or sign == "+"))
        self.parts.append(part)

    def _group(self, joint: str, required: bool) -> int:
        """The AND group of a part that is about to be added. OR binds closer than AND: `a OR b AND c` is (a|b) & c."""
        alternatives = self._chain if joint == "or" else []
        if joint == "and" and self._chain:
            self._require(self._chain)
        if required and alternatives:
            self._require(alternatives)
        self._chain = [*alternatives, len(self.parts)]
        if alternatives:
            return self.parts[alternatives[0]].group
        if joint == "and" or required:
            self._groups += 1
            return self._groups
        return 0

    def _require(self, chain: list[int]) -> None:
        if not self.parts[chain[0]].group:
            self._groups += 1
            for at in chain:
                self.parts[at] = replace(self.parts[at], group=self._groups)

    def _filter(self, field: str, value: str) -> bool:
        if field in ("since", "until", "date"):
            day = _day(value)
            if day:
                self._between(day if field != "until" else None, day if field != "since" else None)
            return day is not None
        pattern = {"outlet": _OUTLET, "lang": _LANGUAGE, "country": _COUNTRY}[field]
        if not pattern.fullmatch(value):
            return False
        if field == "lang":
            code, _, script = value.partition("-")
            script = script.title()
            value = code.lower() + (f"-{script}" if script and DEFAULT_SCRIPTS.get(code.lower()) != script else "")
        self._values[field].append(value.upper() if field == "country" else value)
        return True

    def _between(self, since: date | None, until: date | None) -> None:
        self._since = max(filter(None, (self._since, since)), default=None)
        self._until = min(filter(None, (self._until, until)), default=None)


def _day(value: str) -> date | None:
    if match := _DAY.fullmatch(value):
        year, month, day = match.groups()
    elif match := _DOTTED.fullmatch(value):
        day, month, year = match.groups()
    else:
        return None
    try:
        made = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return made if made - date.min > timedelta(days=2) and date.max - made > timedelta(days=2) else None


def unquoted(query: Query) -> Query:
    """The query with its phrases taken as plain words, and that said in `ignored`."""
    quotes = tuple(f"“{part.text}”" for part in query.parts if part.phrase and not part.excluded)
    groups = {part.group for part in query.parts if part.phrase}
    parts = tuple(
        replace(part, phrase=False, group=0) if part.group in groups and not part.excluded else part
        for part in query.parts
    )
    return replace(query, parts=parts, ignored=(*query.ignored, *quotes))


def narrowed(first: Filters, second: Filters) -> Filters | None:
    """What both allow; None when that is nothing."""
    both = {}
    for name in ("languages", "outlets", "countries"):
        one, other = getattr(first, name), getattr(second, name)
        both[name] = tuple(value for value in one if value in other) if one and other else one or other
        if one and other and not both[name]:
            return None
    return Filters(
        **both,
        since=max(filter(None, (first.since, second.since)), default=None),
        until=min(filter(None, (first.until, second.until)), default=None),
        copies=first.copies and second.copies,
    )
