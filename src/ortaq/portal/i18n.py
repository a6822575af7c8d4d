"""The interface in Kazakh, Russian and English: catalogs, the visitor's choice, dates and numbers.

Message ids are the English texts, so English needs no catalog. Catalogs are read as .po and compiled in memory.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ortaq.errors import ConfigError
from ortaq.portal.languages import NameLanguage

SOURCE = "en"
NAMES: Mapping[str, str] = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
DOMAIN = "ortaq"
# Codes that ISO 3166-1 leaves to users; CLDR has pseudo-locales' names for some of them.
USER_ASSIGNED = re.compile(r"AA|Q[M-Z]|X[A-Z]|ZZ")


def N_(message: str) -> str:
    """Marks a message for the catalogs; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface language: its messages, and how it writes dates, numbers and names. `zone` is the site's."""

    language: str
    translations: NullTranslations
    locale: Locale
    zone: tzinfo
    name_language: NameLanguage
    own_countries: Mapping[str, str] = field(default_factory=dict)  # names that the operator gave to codes

    def language_name(self, language: str) -> str:
        """A language's name; "unknown language" for an undetermined one."""
        return self.name_language(language, self.language)

    def country_name(self, code: str) -> str:
        """A country's name by its ISO 3166 code, the code itself if unknown."""
        if code in self.own_countries or USER_ASSIGNED.fullmatch(code):
            return self.own_countries.get(code, code)
        return str(self.locale.territories.get(code.upper(), code))

    def number(self, value: int) -> str:
        return str(numbers.format_decimal(value, locale=self.locale))

    def percent(self, share: float) -> str:
        return str(numbers.format_percent(share, locale=self.locale))

    def decimal(self, value: float) -> str:
        """With two digits after the point, rounded."""
        return str(numbers.format_decimal(value, "0.00", locale=self.locale))

    def day(self, value: date) -> str:
        """A date in full, with its weekday."""
        return str(dates.format_date(value, "full", locale=self.locale))

    def short_day(self, value: date) -> str:
        """A date without its weekday."""
        return str(dates.format_date(value, "medium", locale=self.locale))

    def clock(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime("%H:%M")

    def when(self, at: datetime, now: datetime) -> str:
        """Short: the time alone on the same day, else with the date, and the year where it is another one."""
        local, today = at.astimezone(self.zone), now.astimezone(self.zone)
        if local.date() == today.date():
            return self.clock(at)
        skeleton = "MMMd" if local.year == today.year else "yMMMd"
        return f"{dates.format_skeleton(skeleton, local, locale=self.locale)}, {self.clock(at)}"

    def span(self, first: datetime, last: datetime, now: datetime) -> str:
        """From when to when, as short as it can be said."""
        if last - first < timedelta(minutes=1):
            return self.when(last, now)
        same_day = first.astimezone(self.zone).date() == last.astimezone(self.zone).date()
        return f"{self.when(first, now)} – {self.clock(last) if same_day else self.when(last, now)}"

    def moment(self, at: datetime) -> str:
        """Date, time and zone, nothing left to guess."""
        local = at.astimezone(self.zone)
        day = dates.format_date(local.date(), "long", locale=self.locale)
        return f"{day}, {self.clock(at)} ({offset_name(local)})"


def offset_name(at: datetime) -> str:
    """ "UTC+5" or "UTC+5:30"."""
    minutes = round((at.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def load_interfaces(
    zone: tzinfo, name_language: NameLanguage, own_countries: Mapping[str, str]
) -> dict[str, Interface]:
    """All interface languages, ready to use."""
    return {
        language: Interface(
            language, load_translations(language), Locale.parse(language), zone, name_language, own_countries
        )
        for language in NAMES
    }


def load_translations(language: str) -> NullTranslations:
    """The compiled catalog of a language."""
    if language == SOURCE:
        return NullTranslations()
    path = resources.files("ortaq.portal") / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(path.read_bytes()), locale=language, domain=DOMAIN))
    compiled.seek(0)
    return GNUTranslations(compiled)


def load_zone(name: str) -> tzinfo:
    """The site's time zone. Raises ConfigError for an unknown name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            f"unknown time zone {name!r}", where="site.timezone", fix="Write one like Asia/Almaty or Asia/Tashkent"
        ) from None


def accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header, best first, each as in the header; nonsense is left out."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:1000].split(",")):
        name, _, rest = part.strip().partition(";")
        try:
            quality = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            continue
        name = name.strip()
        if quality > 0 and name.isascii() and name.replace("-", "").isalnum():
            ranked.append((-quality, place, name))
    return [name for _, _, name in sorted(ranked)]


def choose(asked: str | None, remembered: str | None, header: str, default: str) -> str:
    """The interface language: asked for, remembered, the browser's, the site's; the last resort is English."""
    candidates = [asked, remembered, *(name.partition("-")[0].lower() for name in accepted(header)), default]
    return next((name for name in candidates if name and name in NAMES), SOURCE)
