"""A small made-up region in a real store: every outlet, person, place and event here is fictional."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import httpx
import numpy as np
from fastapi import FastAPI

from ortaq.model import Annotation, Article, CopyLink, Membership, Outlet, StoryChange
from ortaq.portal.app import create_app
from ortaq.search.answer import Answer, Hit, Searcher
from ortaq.settings import Settings, SiteSettings
from ortaq.store.contract import Counts, Filters, Position, Records, StoredArticle
from ortaq.store.records import SqlRecords, open_records

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
VECTOR = np.zeros(384, dtype=np.float32)
VECTOR[0] = 1.0

OUTLETS = (
    Outlet(
        "dala",
        "Дала хабары",
        "https://dala.example",
        "KZ",
        "portal",
        ("kk", "ru"),
        license="CC BY 4.0",
        full_text=True,
        fictional=True,
        description="Ойдан шығарылған Ақсеңгір қаласының порталы.",
    ),
    Outlet("stepnoy", "Степной вестник", "https://stepnoy.example", "KZ", "newspaper", ("ru",), fictional=True),
    Outlet("bulak", "Кең-Булак үнү", "https://bulak.example", "KG", "portal", ("ky", "ru"), fictional=True),
    Outlet(
        "zarnigor", "Zarnigor kunlari", "https://zarnigor.example", "UZ", "agency", ("uz", "uz-Cyrl"), fictional=True
    ),
    Outlet("tangri", "تەڭرىتاغ ئاۋازى", "https://tangri.example", "KZ", "radio", ("ug",), fictional=True),
    Outlet("ledger", "Akzhol Ledger", "https://ledger.example", "KZ", "portal", ("en",), fictional=True),
)

# story, id, outlet, language, script, minutes before NOW, headline, text
ARTICLES: tuple[tuple[str, str, str, str, str, int, str, str], ...] = (
    ("s-bridge", "a-kk1", "dala", "kk", "Cyrl", 340, "Ақсеңгірде Көкөзен арқылы жаңа көпір ашылды",
     "Ақсеңгір қаласында Көкөзен үстіндегі ұзындығы 412 метр көпір ашылды. Құрылыс екі жыл бойы жүрді.\n\n"
     "Әкім Самат Ерденұлының айтуынша, көпір қаланың екі жағасын қосып, жолды 18 минутқа қысқартады. "
     "Көпірде жаяу жүргіншілер мен велосипедшілерге бөлек жол бар.\n\nАшылуға мыңға жуық тұрғын келді."),
    ("s-bridge", "a-ru1", "stepnoy", "ru", "Cyrl", 310, "В Аксенгире открыли мост через Кокозен",
     "В Аксенгире открыт мост через реку Кокозен длиной 412 метров. По словам акима Самата Ерденулы, дорога между "
     "берегами станет на 18 минут короче. Строили его два года."),
    ("s-bridge", "a-ru2", "dala", "ru", "Cyrl", 290, "В Аксенгире открыли мост через реку Кокозен",
     "В Аксенгире открыт мост через реку Кокозен длиной 412 метров. По словам акима Самата Ерденулы, дорога между "
     "берегами станет на 18 минут короче."),
    ("s-bridge", "a-ky1", "bulak", "ky", "Cyrl", 250, "Аксеңгирде Көкөзөн аркылуу көпүрө ачылды",
     "Коңшу Аксеңгир шаарында узундугу 412 метр көпүрө ачылды. Эми эки жээктин ортосундагы жол 18 мүнөткө кыскарат."),
    ("s-bridge", "a-uz1", "zarnigor", "uz", "Latn", 200, "Oqsengirda Ko‘ko‘zan daryosi ustida ko‘prik ochildi",
     "Oqsengir shahrida uzunligi 412 metr bo‘lgan ko‘prik ochildi. "
     "Endi ikki qirg‘oq orasidagi yo‘l 18 daqiqaga qisqaradi."),
    ("s-bridge", "a-uz2", "zarnigor", "uz", "Cyrl", 198, "Оқсенгирда Кўкўзан дарёси устида кўприк очилди",
     "Оқсенгир шаҳрида узунлиги 412 метр бўлган кўприк очилди. Энди икки қирғоқ орасидаги йўл 18 дақиқага қисқаради."),
    ("s-bridge", "a-ug1", "tangri", "ug", "Arab", 150, "ئاقسەڭگىردە كۆكئۆزەن دەرياسىغا يېڭى كۆۋرۈك سېلىندى",
     "ئاقسەڭگىر شەھىرىدە ئۇزۇنلۇقى 412 مېتىر كېلىدىغان كۆۋرۈك ئېچىلدى. "
     "ئەمدى ئىككى قىرغاق ئارىسىدىكى يول 18 مىنۇت قىسقىرايدۇ."),
    ("s-bridge", "a-en1", "ledger", "en", "Latn", 120, "Aksengir opens 412-metre bridge over the Kokozen",
     "A 412-metre bridge over the Kokozen river has opened in Aksengir. Mayor Samat Erdenuly said that it shortens the "
     "way between the two banks by 18 minutes. It took two years to build."),
    ("s-snow", "a-ky2", "bulak", "ky", "Cyrl", 60, "Кең-Булак ашуусу калың кардан улам жабылды",
     "Кең-Булак ашуусунда 40 сантиметр кар жаап, жол эртең мененкиге чейин жабылды. Кыйынчылыкка 26 унаа туш болду."),
    ("s-snow", "a-ru3", "bulak", "ru", "Cyrl", 45, "Перевал Кен-Булак закрыт из-за снегопада",
     "На перевале Кен-Булак выпало 40 сантиметров снега, дорогу закрыли до утра. В снегу застряли 26 машин."),
    ("s-snow", "a-kk2", "dala", "kk", "Cyrl", 20, "Қалың қардан Кең-Бұлақ асуы жабылды",
     "Кең-Бұлақ асуына 40 сантиметр қар түсіп, жол таңға дейін жабылды. Қарда 26 көлік қалды."),
    ("s-apple", "a-uz3", "zarnigor", "uz", "Latn", 1500, "Zarnigorda olma bayrami: bir kunda 14 tonna hosil sotildi",
     "Zarnigor tumanida olma bayrami o‘tdi. Bog‘bonlar bir kunda 14 tonna olma sotdi, bolalar ertak tomosha qildi."),
    ("s-apple", "a-en2", "ledger", "en", "Latn", 1400, "Apple fair in Zarnigor sells 14 tonnes in a day",
     "Growers in Zarnigor sold 14 tonnes of apples in a single day at the district's autumn fair."),
    ("s-school", "a-kk3", "dala", "kk", "Cyrl", 2100, "Ақсеңгір мектебінің оқушылары күн сағатын жасады",
     "Ақсеңгірдегі №3 мектептің оқушылары мектеп ауласына үш метрлік күн сағатын орнатты."),
    ("s-museum", "a-ru4", "stepnoy", "ru", "Cyrl", 4000, "Музей степных ветров покажет карты XIX века",
     "В Аксенгирском музее степных ветров открывается выставка: 60 карт, нарисованных от руки."),
    ("s-radio", "a-ug2", "tangri", "ug", "Arab", 300, "رادىيومىز 20 يىللىقىنى خاتىرىلەيدۇ",
     "تەڭرىتاغ ئاۋازى رادىيوسى 20 يىللىقىنى ئوچۇق كونسېرت بىلەن خاتىرىلەيدۇ."),
)  # fmt: skip
COPIES = (CopyLink("a-ru2", "a-ru1", "near", 0.94), CopyLink("a-uz2", "a-uz1", "translation", 0.88))


def article(id: str, outlet: str, language: str, script: str, minutes: int, headline: str, text: str) -> Article:
    """An article that appeared so many minutes before NOW."""
    at = NOW - timedelta(minutes=minutes)
    return Article(
        id=id,
        url=f"https://{outlet}.example/{id}",
        outlet=outlet,
        source=f"{outlet}:feed",
        headline=headline,
        text=text,
        fetched_at=at + timedelta(minutes=3),
        language=language,
        script=script,
        authors=("Айгүл Тасова",) if outlet == "dala" else (),
        published_at=at,
        made_by={"read": "1", "unify": "1"},
    )


def put(records: Records, one: Article, story: str = "s-extra") -> None:
    """Store one article in a story."""
    annotation = Annotation(VECTOR, language=one.language, script=one.script, confidence=0.99)
    with records.write() as writer:
        writer.put_article(one, Position(), annotation)
        writer.put_membership(Membership(one.id, story, 0.91, "a-kk1", ("самат ерденұлы",), ("412", "18")))


def fill(records: Records) -> None:
    """Put the whole region into the store, with two revisions, two copies and a merge."""
    with records.write() as writer:
        for outlet in OUTLETS:
            writer.put_outlet(outlet)
    made = {row[1]: article(*row[1:]) for row in ARTICLES}
    for row in ARTICLES:
        put(records, made[row[1]], "s-old" if row[1] == "a-ug1" else row[0])
    kk, en = made["a-kk1"], made["a-en1"]
    text = kk.text.replace("екі жыл бойы", "үш жыл бойы").replace("мыңға жуық", "бес жүзге жуық")
    put(records, replace(kk, text=text), "s-bridge")
    put(
        records,
        replace(en, headline="Aksengir opens a bridge over the Kokozen", text=en.text + " More soon."),
        "s-bridge",
    )
    with records.write() as writer:
        for copy in COPIES:
            writer.put_copy(copy)
        why = "shared names"
        writer.put_story_change(
            StoryChange("merge", "s-old", "s-bridge", ("a-ug1",), NOW - timedelta(minutes=100), why)
        )


class Substring(Searcher):
    """Finds the articles that hold the words as they are written; enough to see what the portal does with hits."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def search(
        self,
        query: str,
        *,
        filters: Filters,
        kinds: Sequence[str] = (),
        mode: Literal["text", "meaning", "both"] = "both",
        limit: int = 20,
        offset: int = 0,
        after: str = "",
    ) -> Answer:
        kind_of = {outlet.id: outlet.kind for outlet in OUTLETS}
        hits = [
            hit
            for stored, _ in self.records.iter_annotations()
            if (hit := _hit(stored, query))
            and _fits(stored, filters)
            and (not kinds or kind_of.get(stored.article.outlet) in kinds)
        ]
        found = [hit.article.article for hit in hits]
        counts = Counts(
            languages=Counter(one.language for one in found),
            outlets=Counter(one.outlet for one in found),
            kinds=Counter(kind_of.get(one.outlet, "") for one in found),
            days=Counter(one.at.date() for one in found),
        )
        place = next((at + 1 for at, hit in enumerate(hits) if hit.article.article.id == after), offset)
        last = min(place + limit, len(hits))
        return Answer(
            tuple(hits[place:last]),
            len(hits),
            counts,
            suggestion="Көкөзен" if query == "Көкозен" else "",
            following=(last, hits[last - 1].article.article.id) if place < last < len(hits) else None,
        )


def _hit(stored: StoredArticle, query: str) -> Hit | None:
    snippet = f"{stored.article.headline}. {stored.article.text}"[:240]
    place = snippet.casefold().find(query.casefold())
    marks = ((place, place + len(query)),)
    return Hit(stored, 1 / (1 + place), snippet, marks, (query,)) if place >= 0 else None


def _fits(stored: StoredArticle, filters: Filters) -> bool:
    one = stored.article
    return (
        (not filters.languages or one.language in filters.languages)
        and (not filters.outlets or one.outlet in filters.outlets)
        and (filters.since is None or one.at >= filters.since)
        and (filters.until is None or one.at <= filters.until)
    )


def settings(home: Path, **site: object) -> Settings:
    """Settings with a made-up site over this folder."""
    return Settings(home=home, site=SiteSettings(**{"contact": "https://ortaq.example/contact", **site}))  # type: ignore[arg-type]


def open_region(home: Path) -> SqlRecords:
    """A store with the region in it; close it when done."""
    home.mkdir(parents=True, exist_ok=True)
    records = open_records(f"sqlite:///{home / 'records.sqlite'}")
    fill(records)
    return records


def make_app(records: Records, home: Path, **site: object) -> FastAPI:
    """The portal over the store, at NOW."""
    return create_app(settings=settings(home, **site), records=records, searcher=Substring(records), now=lambda: NOW)


def ask(app: FastAPI, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """One request to the application, without a server; header names with _ for -."""

    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.example") as client:
            return await client.request(
                method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
            )

    return asyncio.run(go())
