"""Our nouns, as plain values. DESIGN's table of words says what each means and what it does not.

Instants (`*_at`) are timezone-aware datetimes. Languages are BCP 47 primary codes (`kk`, `kaa`), scripts are
ISO 15924 codes (`Cyrl`, `Latn`, `Arab`, `Mong`). Ids are short lower-case ASCII strings.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Vector: TypeAlias = npt.NDArray[np.float32]
"""One unit-length embedding, shape (dimensions,)."""

PageRole = Literal["listing", "article", "posts", "item", "robots"]
"""What a page is to us.

listing   leads to articles (feed, sitemap, section page); `read` makes nothing of it
article   one article (HTML or a document)
posts     several short articles on one page (a Telegram channel's preview)
item      one JSON object of an import: id?, url, outlet, title, text, published?, language?
robots    a robots.txt or tdmrep.json, kept as evidence for the decisions made on it
"""

CopyKind = Literal["exact", "near", "part", "translation", "script"]


def short_id(prefix: str, *parts: str) -> str:
    """A stable id: `prefix` and 13 base-32 characters (65 bits) of the SHA-256 of the parts."""
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
    return prefix + base64.b32encode(digest[:9]).decode("ascii").lower()[:13]


DEFAULT_SCRIPTS: Mapping[str, str] = {
    "kk": "Cyrl",
    "ky": "Cyrl",
    "uz": "Latn",
    "tg": "Cyrl",
    "tk": "Latn",
    "kaa": "Latn",
    "ug": "Arab",
    "mn": "Cyrl",
    "ru": "Cyrl",
    "tr": "Latn",
    "en": "Latn",
}
"""The script each of our languages is taken to be in when its tag names none."""


def tag(language: str, script: str) -> str:
    """The BCP 47 tag, with the script only where it is not the language's usual one: `kk`, `kk-Latn`, `uz-Cyrl`.

    A language that is not ours, or a text with no script of its own (`Zyyy`), keeps the language alone.
    """
    usual = DEFAULT_SCRIPTS.get(language)
    return language if usual is None or script in (usual, "Zyyy", "") else f"{language}-{script}"


@dataclass(frozen=True, slots=True)
class Source:
    """One address or folder we read for an edition of an outlet; `kind` names a registered source kind."""

    outlet: str
    kind: str
    address: str
    language: str | None = None

    @property
    def id(self) -> str:
        """`outlet:kind:hash`: an archive record tells by it how its page was to be read, without the settings."""
        return f"{self.outlet}:{self.kind}:{short_id('', self.kind, self.address)[:8]}"


@dataclass(frozen=True, slots=True)
class Outlet:
    """A news brand. `full_text` says that its licence allows us to show whole texts.

    `timezone` (an IANA name) is what its pages mean by a time without a zone; "" is its country's capital's.
    `country_name` is for a code that the standard gives to nobody.
    """

    id: str
    name: str
    site: str = ""
    country: str = ""
    kind: str = "portal"
    languages: tuple[str, ...] = ()
    license: str = ""
    full_text: bool = False
    fictional: bool = False
    description: str = ""
    sources: tuple[Source, ...] = ()
    country_name: str = ""
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """What a listing said of an article before we opened it. Believed less than the page itself."""

    title: str = ""
    published_at: datetime | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    summary: str = ""
    section: str = ""
    image: str = ""
    zone: str = ""  # what a time without a zone means there: an IANA name, or a country's code


@dataclass(frozen=True, slots=True)
class Link:
    """An article's address found in a listing."""

    url: str
    hints: Hints = Hints()


FROM_FILE = "Ortaq-From"
"""The header of an imported page that names the file and line it came from."""


@dataclass(frozen=True, slots=True)
class Page:
    """Fetched or imported bytes, as one WARC record holds them. `body` is free of transfer and content coding."""

    url: str
    body: bytes
    media_type: str
    fetched_at: datetime
    role: PageRole
    outlet: str
    source: str
    final_url: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    hints: Hints = Hints()

    @property
    def place(self) -> str:
        """Where people find it: the file and line it came from, if it did, and its address unless we made that up."""
        file = next((value for name, value in self.headers if name == FROM_FILE), "")
        if not file:
            return self.url
        return file if self.url.startswith("urn:ortaq:") else f"{file} ({self.url})"


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that could not be used, or a part of it that could not be read; kept in quarantine."""

    where: str
    reason: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a listing leads to: article links, further listings (sitemap indexes, next pages), and problems."""

    links: tuple[Link, ...] = ()
    listings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One text, one address, one edition, one language. `text` has paragraphs separated by a blank line."""

    id: str
    url: str
    outlet: str
    source: str
    headline: str
    text: str
    fetched_at: datetime
    language: str = "und"
    script: str = "Zyyy"
    lead: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    image: str = ""
    published_at: datetime | None = None
    revised_at: datetime | None = None
    made_by: Mapping[str, str] = field(default_factory=dict)
    given_id: str = ""  # what whoever gave us the article calls it; kept apart by the store, as an alias

    @property
    def at(self) -> datetime:
        """When the article counts as having appeared: published, or else fetched."""
        return self.published_at or self.fetched_at


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What one page says: no article for a page that is none, several for a page of posts."""

    articles: tuple[Article, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotation:
    """What the text is about, to a machine. `names` are folded keys, `numbers` digits without grouping."""

    vector: Vector
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    language: str = "und"
    script: str = "Zyyy"
    confidence: float = 0.0
    made_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quotation:
    """What was said, without its quotation marks, and the speaker as the sentence names them.

    `direct` for words in quotation marks or after a dash, else they are reported.
    """

    text: str
    speaker: str
    direct: bool


@dataclass(frozen=True, slots=True)
class CopyLink:
    """`article` repeats `original` (the earliest known text); `overlap` in 0..1 of the shorter text's shingles.

    A `translation`, or the same text in another `script`, repeats its sentences: `overlap` is the share of those that
    stand one against one. It is a text of its own to its readers, so it is not folded.
    """

    article: str
    original: str
    kind: CopyKind
    overlap: float

    @property
    def folds(self) -> bool:
        """Whether the same readers have the original too."""
        return self.kind not in ("translation", "script")


@dataclass(frozen=True, slots=True)
class Membership:
    """Why an article is in a story: how close it is to which article there (`closest` "": it began the story)."""

    article: str
    story: str
    score: float = 1.0
    closest: str = ""
    shared_names: tuple[str, ...] = ()
    shared_numbers: tuple[str, ...] = ()
    made_by: Mapping[str, str] = field(default_factory=dict)  # `desk`: the decision that put it there
    number: int = 0  # how manieth article this was to be placed; 0 when not known


@dataclass(frozen=True, slots=True)
class StoryChange:
    """A merge or a split, never silent: the articles that went from story `source` to story `target`."""

    kind: Literal["merge", "split", "move"]
    source: str
    target: str
    articles: tuple[str, ...]
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One fixed state of an article's text, the first is number 1."""

    article: str
    number: int
    seen_at: datetime
    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class StoryWords:
    """A story's headline and summary (sentences) in one language (a tag), each with the article that they are of."""

    language: str
    headline: str
    headline_article: str
    summary: tuple[str, ...]
    summary_article: str


@dataclass(frozen=True, slots=True)
class Story:
    """The articles on one event, over time and languages; `headlines` holds one article's headline a language."""

    id: str
    headlines: Mapping[str, str]
    languages: tuple[str, ...]
    outlets: tuple[str, ...]
    countries: tuple[str, ...]
    first_published_at: datetime
    last_published_at: datetime
    articles: tuple[str, ...]
    words: tuple[StoryWords, ...] = ()  # in the languages for which they have been chosen


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer to 'may we take it?': robots.txt, crawl-delay, TDM reservation, address policy."""

    at: datetime
    url: str
    rule: str
    allowed: bool
    reason: str


Json: TypeAlias = dict[str, Any]
