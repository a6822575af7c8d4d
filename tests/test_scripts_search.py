"""Search through the command line: a query in any script of a language finds articles in all of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ortaq.search.home import search_of
from tests.home import json_lines, make_home, open_home, ortaq

# Our own texts. The word that is looked for is in no other article.
ARTICLES = {
    "kk": (
        "Ауылда жаңа кітапхана ашылды",
        "Бүгін ауылда жаңа кітапхана ашылды. Оқушылар мұғалімдерімен бірге келіп, жүз шақты кітап алды. "
        "Әкімдік келесі жылы тағы екі ауылда осындай кітапхана салуды жоспарлап отыр.",
    ),
    "kk-Latn": (
        "Auylda jaña kıtaphana aşyldy",
        "Bügın auylda jaña kıtaphana aşyldy. Oquşylar mūğalımderımen bırge kelıp, jüz şaqty kıtap aldy. "
        "Äkımdık kelesı jyly tağy ekı auylda osyndai kıtaphana saludy josparlap otyr.",
    ),
    "kk-Arab": (
        "اۋىلدا جاڭا كىتاپحانا اشىلدى",
        "بۇگىن اۋىلدا جاڭا كىتاپحانا اشىلدى. وقۋشىلار مۇعالىمدەرىمەن بىرگە كەلىپ، ٴجۇز شاقتى كىتاپ الدى. "
        "اكىمدىك كەلەسى جىلى تاعى ەكى اۋىلدا وسىنداي كىتاپحانا سالۋدى جوسپارلاپ وتىر.",
    ),
    "uz": (
        "Toʻqimachilar koʻrgazmasi ochildi",
        "Poytaxtda toʻqimachilar koʻrgazmasi ochildi. Unda viloyatlardan kelgan ellikka yaqin usta oʻz ishlarini "
        "namoyish etmoqda. Koʻrgazma ikki hafta davom etadi va sentabrda yopiladi.",
    ),
    "uz-Cyrl": (
        "Тўқимачилар кўргазмаси очилди",
        "Пойтахтда тўқимачилар кўргазмаси очилди. Унда вилоятлардан келган элликка яқин уста ўз ишларини "
        "намойиш этмоқда. Кўргазма икки ҳафта давом этади ва сентябрда ёпилади.",
    ),
    "kaa": (
        "Балықшылар тойы өтти",
        "Кеше теңиз жағасында балықшылар тойы өтти. Оған он аўылдан ҳәўескерлер келди ҳәм ўақыт өткериў ушын "
        "жарыс шөлкемлестирилди.",
    ),
    "ru": (
        "В городе открыли мост",
        "Через реку открыли новый мост. Движение по нему начнётся в понедельник, сообщили в городской управе.",
    ),
}
# Each row: spellings of one word, and the articles that it must find.
KAZAKH, UZBEK = {"kk", "kk-Latn", "kk-Arab"}, {"uz", "uz-Cyrl"}
QUERIES = [
    (("кітапхана", "kıtaphana", "kitaphana", "كىتاپحانا"), KAZAKH),
    (("мұғалімдерімен", "mūğalımderımen", "muǵalimderimen", "mug'alimderimen", "مۇعالىمدەرىمەن"), KAZAKH),
    (("Әкімдік", "ӘКІМДІК", "Äkımdık", "Ákimdik", "ÁKIMDIK", "اكىمدىك"), KAZAKH),
    (("кўргазма", "koʻrgazma", "ko'rgazma", "ko‘rgazma", "ko`rgazma", "ko’rgazma", "KO'RGAZMA"), UZBEK),
    (("сентябрда", "sentabrda", "sentyabrda"), UZBEK),
    (("ҳәўескерлер", "háweskerler", "ha'weskerler"), {"kaa"}),
    (("понедельник",), {"ru"}),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_home(tmp_path_factory.mktemp("scripts"))
    rows = [
        {
            "url": f"https://example.com/{tag}",
            "outlet": "Sample",
            "title": title,
            "text": text,
            "published": "2026-05-01T08:00:00Z",
            "language": tag,
        }
        for tag, (title, text) in ARTICLES.items()
    ]
    path = folder / "articles.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    ortaq(folder, "import", str(path))
    return folder


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("кітапхана", KAZAKH),
        ("kıtaphana", KAZAKH),
        ("كىتاپحانا", KAZAKH),
        ("кўргазма", UZBEK),
        ("ko'rgazma", UZBEK),
    ],
)
def test_a_query_in_any_script_finds_all_scripts(home: Path, query: str, wanted: set[str]) -> None:
    hits = json_lines(ortaq(home, "search", query, "--mode", "text", "--json"))
    assert {hit["url"].rpartition("/")[2] for hit in hits} == wanted


@pytest.mark.parametrize(("spellings", "wanted"), QUERIES, ids=[spellings[0] for spellings, _ in QUERIES])
def test_every_spelling_finds_every_script(home: Path, spellings: tuple[str, ...], wanted: set[str]) -> None:
    opened = open_home(home)
    try:
        engine = search_of(opened)
        for query in spellings:
            hits = engine.search(query, mode="text").hits
            assert {hit.article.article.url.rpartition("/")[2] for hit in hits} == wanted, query
            assert all(hit.marks for hit in hits), f"{query}: no word is marked in a snippet"
    finally:
        opened.close()
