"""The paragraphs of mixed documents, each in its language: 40 documents put together from lines written for this test.

The documents with an even number were looked at while the rule was written, the others were not.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.understand.paragraphs import identify_paragraphs, main_language

LINES = {
    "kk": """kk-Cyrl
        Ауыл кітапханасы жөндеуден кейін қайта ашылды.
        Осылай болды.
        Тұрғындар бұл күнді бір жылдан бері күтіп жүрген.
        Кітап қорына екі мың жаңа басылым қосылды, — деді меңгеруші.
        Бала көп.""",
    "ky": """ky-Cyrl
        Айыл китепканасы оңдоп-түзөөдөн кийин кайра ачылды.
        Ошондой болду.
        Тургундар бул күндү бир жылдан бери күтүп жүрүшкөн.
        Китеп корун эки миң жаңы басылма толуктады, — деди башчысы.
        Жаз келди.""",
    "ru": """ru-Cyrl
        «Мы ждали этого целый год», — рассказала заведующая.
        Да, конечно.
        По её словам, фонд пополнился двумя тысячами новых изданий.
        Так и было.
        «Ремонт обошёлся дешевле, чем рассчитывали», — добавил подрядчик.""",
    "uz": """uz-Latn
        Qishloq kutubxonasi taʼmirdan soʻng qayta ochildi.
        Shunday boʻldi.
        Aholi bu kunni bir yildan beri kutayotgan edi.
        Fondga ikki mingta yangi kitob qoʻshildi, dedi mudira.""",
    "uzc": """uz-Cyrl
        Қишлоқ кутубхонаси таъмирдан сўнг қайта очилди.
        Шундай бўлди.
        Аҳоли бу кунни бир йилдан бери кутаётган эди.
        Фондга икки мингта янги китоб қўшилди, деди мудира.""",
    "tg": """tg-Cyrl
        Китобхонаи деҳа баъди таъмир дубора кушода шуд.
        Ҳамин тавр шуд.
        Сокинон ин рӯзро як сол боз интизор буданд.
        Ба захира ду ҳазор китоби нав илова гардид, гуфт мудир.""",
    "tk": """tk-Latn
        Oba kitaphanasy abatlaýyşdan soň täzeden açyldy.
        Şeýle boldy.
        Ilat bu güne bir ýyl bäri garaşýardy.
        Gaznasyna iki müň täze kitap goşuldy diýip, müdir aýtdy.""",
    "kaa": """kaa-Cyrl
        Аўыл китапханасы оңлаўдан кейин қайта ашылды.
        Тап солай болды.
        Турғынлар бул күнди бир жылдан бери күтип жүрген еди.
        Китап қорына еки мың жаңа басылым қосылды, деди баслығы.""",
    "ug": """ug-Arab
        يېزا كۇتۇپخانىسى رېمونتتىن كېيىن قايتا ئېچىلدى.
        شۇنداق بولدى.
        ئاھالىلەر بۇ كۈننى بىر يىلدىن بېرى كۈتكەن.
        كىتاب فوندىغا ئىككى مىڭ يېڭى كىتاب قوشۇلدى، دېدى مۇدىر.""",
    "kka": """kk-Arab
        اۋىل كىتاپحاناسى جوندەۋدەن كەيىن قايتا اشىلدى.
        تۇرعىندار بۇل كۇندى ٴبىر جىلدان بەرى كۇتىپ جۇرگەن.
        كىتاپ قورىنا ەكى مىڭ جاڭا باسىلىم قوسىلدى دەدى مەڭگەرۋشى.""",
    "mn": """mn-Cyrl
        Сумын номын сан засварын дараа дахин нээгдлээ.
        Ингэж болов.
        Оршин суугчид энэ өдрийг бүтэн жил хүлээсэн.
        Номын санд хоёр мянган шинэ ном нэмэгдсэн гэж эрхлэгч хэлэв.""",
    "tr": """tr-Latn
        Köy kütüphanesi onarımdan sonra yeniden açıldı.
        Öyle oldu.
        Köylüler bu günü bir yıldır bekliyordu.
        Müdür, rafa iki bin yeni kitap konduğunu söyledi.""",
    "en": """en-Latn
        "We have waited a whole year for this," the librarian said.
        The village library is open again after the repairs.
        Two thousand new books stand on its shelves.""",
}
DOCUMENTS = """
kk ru kk kk; kk kk ru ru kk; ru kk kk kk kk; kk kk en kk; kk kk kka; kk ru kk en kk; ky ru ky ky; ky ky ru ky;
ky kk ky ky; ru ky ky ky ru; ky ky ky en; uz uzc uz uz; uzc uzc uz uzc; uz ru uz uz; uzc ru uzc uzc ru; uz uz en uz;
uz tg uz uz; tg ru tg tg; tg tg ru ru tg; tg uzc tg tg; tg tg tg en; tk ru tk tk; tk tk ru tk tk; tk tr tk tk;
tk tk en tk; kaa ru kaa kaa; kaa kk kaa kaa; kaa kaa ru kaa; kaa uz kaa kaa; ug kka ug ug; ug ug kka ug; kka ug kka kka;
ug ru ug ug; mn ru mn mn; mn mn en mn; tr en tr tr; tr ru tr tr; ru en ru ru; en ru en en; ru kk ru ru ru
"""


def documents() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    banks = {code: [line.strip() for line in text.splitlines()] for code, text in LINES.items()}
    for number, codes in enumerate(one.split() for one in DOCUMENTS.replace("\n", " ").split(";")):
        used = dict.fromkeys(codes, number % 2)
        made = []
        for code in codes:
            tag, *lines = banks[code]
            made.append((tag, lines[used[code] % len(lines)]))
            used[code] += 1
        yield f"{number} {' '.join(codes)}", made


ALL = dict(documents())


@pytest.mark.parametrize("name", ALL)
def test_every_paragraph_is_in_its_language(name: str) -> None:
    lines = ALL[name]
    text = "\n\n".join(line for _, line in lines)
    found = identify_paragraphs(text)
    assert [(one.identity.tag, text[one.start : one.end]) for one in found] == lines
    assert all(0 <= one.identity.confidence <= 1 for one in found)


def test_an_article_is_in_the_language_of_its_text_and_says_which_others_it_has() -> None:
    kazakh = [line.strip() for line in LINES["kk"].splitlines()[1:]]
    russian = [line.strip() for line in LINES["ru"].splitlines()[1:]]
    text = "\n".join([russian[0], *kazakh, russian[2]])
    identity, others = main_language("Кітапхана ашылды", text)
    assert identity.tag == "kk-Cyrl"
    assert identity.confidence > 0.9
    assert [tag for tag, _ in others] == ["ru-Cyrl"]
    assert 0.15 < others[0][1] < 0.6
    assert main_language("", "\n".join(kazakh))[1] == ()
    assert main_language("", "2024, 15:30")[0].language == "und"


def test_company_turns_a_few_words_and_never_a_sentence() -> None:
    kazakh = [line.strip() for line in LINES["kk"].splitlines()[1:]]
    for line in (
        "«Мы ждали этого целый год», — рассказала заведующая.",
        "Айыл китепканасы кайра ачылды, — деди башчысы.",
    ):
        alone = identify_paragraphs(line)[0].identity.tag
        among = identify_paragraphs("\n".join([*kazakh, line, *kazakh] * 5))[len(kazakh)].identity.tag
        assert among == alone != "kk-Cyrl"
    assert identify_paragraphs("Президент", told="ky")[0].identity.language == "ky"
    assert [one.identity.language for one in identify_paragraphs("Президент\n" + kazakh[0])] == ["kk", "kk"]


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300), st.sampled_from([None, "kk", "uz-Cyrl", "", "xx"]))
def test_spans_are_in_order_inside_the_text_and_nothing_raises(text: str, told: str | None) -> None:
    end = 0
    for one in identify_paragraphs(text, told):
        assert end <= one.start < one.end <= len(text)
        assert one.letters > 0
        end = one.end
    identity, others = main_language(text[:20], text, told)
    assert 0 <= identity.confidence <= 1
    assert all(0 < share <= 1 for _, share in others)
