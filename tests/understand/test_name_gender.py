"""Gender from names: every language's own endings and given names, in any script; silence where nothing is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq import languages
from ortaq.understand.name_gender import gender_of

NAMES = """
kk f: Айгүл Сәрсенова | Әсел Ерланқызы | Гүлнар Тұрсынқызы Омарова | Aigül Särsenova | ايگۇل | Ақбота | Томирис
kk m: Айдос Сәрсенов | Абай Құнанбайұлы | Нұрлан | Aidos Särsenov | Қанатбек | Серік Болатұлы Ахметов
ky f: Асылбек кызы Айпери | Нургүл Асанова | Гүлнара | Чолпон
ky m: Асан уулу Бакыт | Азамат Жолдошев | Айбек | Калысбек
uz f: Nilufar Karimova | Malika Karim qizi Nazarova | Нилуфар Каримова | Gulnora | Dilnoza
uz m: Aziz Rahimov | Botir Karim oʻgʻli | Азиз Раҳимов | Ulugʻbek | Sherzod
tg f: Нигина Каримова | Зуҳро | Гулчеҳра
tg m: Фаррух Раҳимов | Шерзод Назарӣ | Баҳром
tk f: Maral Garajaýewa | Ogulgerek | Aýna Nurlyýewa | Aýgül
tk m: Aman Berdiýew | Serdar | Nurmyrat | Аман Бердиев
kaa f: Gúlnara Ótepova | Sáwle | Aysánem Azat qızı
kaa m: Aybek Sársenov | Berdaq | Azat Polat ulı
ug f: گۈلنار ئابلىز | رەيھان توختى | Aygül
ug m: ئالىم تۇرسۇن | ئەركىن | ئادىل ئوسمان ئوغلى
mn f: Б.Оюунчимэг | Дорж Алтанцэцэг | Д.Болормаа
mn m: Б.Болд | Дорж Ганбаатар | Г.Ганбат
ru f: Марина Лебедева | Ольга Сергеевна | Айгуль Сарсенова | Анна Ковальская | Наталья
ru m: Андрей Соколов | Иван Петрович | Илья Никитич | Никита | Юрий Ковальский
tr f: Ayşe Yıldıran | Zeynep | Ayşegül | Fatma Karaca
tr m: Ahmet Yıldıran | Emre | Mehmet Demirel
en f: Helen Forsyth | Marina Lindgren | Aigul Sarsenova
en m: Andrew Solway | Peter Hallam | Nurlan Bekenov
"""
CASES = [
    (code, gender, name.strip())
    for line in NAMES.strip().splitlines()
    for code, gender in [line.partition(":")[0].split()]
    for name in line.partition(":")[2].split("|")
]


def test_every_language_is_here() -> None:
    assert set(languages.codes()) <= {code for code, _, _ in CASES}, "write names of the new language above"


@pytest.mark.parametrize(("code", "gender", "name"), CASES)
def test_what_names_say(code: str, gender: str, name: str) -> None:
    assert gender_of(name, code) == gender


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("kk", "Бақыт"),  # given to both
        ("kk", "Айгүл Сәрсенов"),  # its parts disagree
        ("tr", "Deniz Yılmaztürk"),
        ("mn", "Жаргал"),
        ("en", "Robin Park"),
        ("ru", "Шевченко"),
        ("xx", ""),
        ("kk", "12"),
    ],
)
def test_what_names_do_not_say(code: str, name: str) -> None:
    assert gender_of(name, code) is None


@given(st.text(max_size=80), st.sampled_from([*languages.codes(), "xx"]))
def test_any_text_may_be_asked(text: str, code: str) -> None:
    assert gender_of(text, code) in ("m", "f", None)
