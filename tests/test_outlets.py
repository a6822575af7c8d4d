"""The outlets file: read, refused with a reason, appended to; lists imported; the starter list's invariants."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.errors import ConfigError
from ortaq.ids import is_id, slug
from ortaq.model import Outlet, Source
from ortaq.opml import import_opml
from ortaq.outlets import add_outlet, add_source, find_outlet_by_url, import_toml, load_outlets, to_toml, unknown_outlet

STARTER = Path(__file__).resolve().parents[1] / "outlets" / "central-asia.toml"
ONE = """# моя заметка
[[outlet]]
id = "tau.kz"   # a comment
name = "Тау"
site = "https://tau.example/"
country = "KZ"
kind = "newspaper"
languages = ["kk", "uz-Cyrl"]
license = "CC BY 4.0"
full_text = true
[[outlet.source]]
kind = "feed"
address = "https://tau.example/rss"
language = "kk"
[outlet.demo]
anything = 1
"""


def test_a_file_is_read_and_the_demo_table_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "outlets.toml"
    assert load_outlets(path) == []
    path.write_text(ONE, encoding="utf-8")
    assert load_outlets(path) == [
        Outlet(
            id="tau.kz",
            name="Тау",
            site="https://tau.example/",
            country="KZ",
            kind="newspaper",
            languages=("kk", "uz-Cyrl"),
            license="CC BY 4.0",
            full_text=True,
            sources=(Source("tau.kz", "feed", "https://tau.example/rss", "kk"),),
        )
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('name = "Тау"', 'nmae = "Тау"'), "Did you mean name"),
        (('address = "https://tau.example/rss"', 'adress = "x"'), "Did you mean source.address"),
        (('kind = "feed"', 'kind = "fed"'), "Did you mean feed"),
        (("[[outlet]]", "[[outlets]]"), r"Did you mean \[\[outlet\]\]"),
        (("[[outlet]]", "[outlet]"), "brackets"),
        (('id = "tau.kz"', 'id = "Tau KZ"'), "is not an id"),
        (('id = "tau.kz"', ""), "is not an id"),
        (('name = "Тау"', 'name = " "'), "no name"),
        (('country = "KZ"', 'country = "Kazakhstan"'), "ISO 3166"),
        (('"uz-Cyrl"', '"uzbek"'), "BCP 47"),
        (('language = "kk"', 'language = "KK"'), "BCP 47"),
        (("full_text = true", 'full_text = "yes"'), "bool"),
        (('site = "https://tau.example/"', 'site = "tau.example"'), "web address"),
        (('address = "https://tau.example/rss"', 'address = "javascript:alert(1)"'), "web address"),
        (('address = "https://tau.example/rss"', ""), "no address"),
        (('languages = ["kk", "uz-Cyrl"]', 'languages = "kk"'), "list"),
        (('languages = ["kk", "uz-Cyrl"]', "languages = [1]"), "BCP 47"),
        (('name = "Тау"', "name = "), "not valid TOML"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_right(change: tuple[str, str], said: str) -> None:
    assert change[0] in ONE
    with pytest.raises(ConfigError, match=said):
        import_toml(ONE.replace(*change).encode())


def test_two_outlets_with_one_id() -> None:
    with pytest.raises(ConfigError, match=r"two outlets have the id tau\.kz"):
        import_toml((ONE + ONE).encode())


def test_hostile_toml() -> None:
    for data in (b"\xff\xfe", b"a = " + b"[" * 50_000, b"outlet = 5", b"outlet = [1]", b"x" * 6_000_000):
        with pytest.raises(ConfigError):
            import_toml(data)


def test_appending_keeps_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "outlets.toml"
    new = Outlet(
        id="kun",
        name='Kun "uz" \\ \n\x7f\x01',
        languages=("uz", "uz-Cyrl"),
        full_text=True,
        sources=(Source("kun", "telegram", "@kun_uz_example"), Source("kun", "page", "https://kun.example/", "uz")),
    )
    add_outlet(path, new)
    assert load_outlets(path) == [new]
    for before in (ONE, ONE.rstrip("\n"), "", "# only a comment", "\ufeff" + ONE.replace("\n", "\r\n")):
        path.write_bytes(before.encode())
        path.chmod(0o600)
        add_outlet(path, new)
        assert path.read_bytes().startswith(before.encode())
        assert load_outlets(path)[-1] == new
        assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ConfigError, match="already"):
        add_outlet(path, new)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["outlets.toml"]


def test_a_source_goes_into_its_outlet(tmp_path: Path) -> None:
    path = tmp_path / "outlets.toml"
    two = ONE + "\n# about the second\n" + ONE.replace("tau.kz", "too.kg").replace("\n# моя заметка", "")
    new = Source("tau.kz", "page", "https://tau.example/news", "kk")
    path.write_text(two.rstrip("\n"), encoding="utf-8")
    add_source(path, "tau.kz", new)
    add_source(path, "too.kg", Source("too.kg", "telegram", "@too_kabar"))
    first, second = load_outlets(path)
    assert first.sources[1:] == (new,)
    assert [source.kind for source in second.sources] == ["feed", "telegram"]
    text = path.read_text(encoding="utf-8")
    assert "\n\n# about the second\n" in text
    added = '[[outlet.source]]\nkind = "page"\naddress = "https://tau.example/news"\nlanguage = "kk"\n'
    assert text.replace(added, "", 1).startswith(two.rstrip("\n"))
    for outlet, source in (("tau.kz", new), ("none", new), ("tau.kz", Source("tau.kz", "page", "ftp://x"))):
        with pytest.raises(ConfigError):
            add_source(path, outlet, source)
    assert path.read_text(encoding="utf-8") == text


def test_a_source_that_can_not_be_added_leaves_the_file(tmp_path: Path) -> None:
    path = tmp_path / "outlets.toml"
    inline = '[[outlet]]\nid = "a"\nname = "A"\nsource = [{kind = "page", address = "https://a.example/"}]\n'
    trap = '[[outlet]]\nid = "a"\nname = "A"\ndescription = """\n[[outlet]]\n"""\n[[outlet]]\nid = "b"\nname = "B"\n'
    for text in (inline, trap):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError):
            add_source(path, "a", Source("a", "page", "https://a.example/new"))
        assert path.read_text(encoding="utf-8") == text


def test_nothing_is_written_when_something_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "outlets.toml"
    path.write_text(ONE, encoding="utf-8")
    bad = [
        Outlet(id="Bad Id", name="x"),
        Outlet(id="a", name=""),
        Outlet(id="a", name="x", site="ftp://a"),
        Outlet(id="a", name="x", sources=(Source("a", "nothing", "https://a.example/"),)),
        Outlet(id="a", name="x", sources=(Source("other", "page", "https://a.example/"),)),
        Outlet(id="a", name="\ud800"),
    ]
    for outlet in bad:
        with pytest.raises(ConfigError):
            add_outlet(path, outlet)
    assert path.read_text(encoding="utf-8") == ONE
    with pytest.raises(ConfigError):
        add_outlet(tmp_path / "no-folder" / "outlets.toml", Outlet(id="a", name="x"))
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["outlets.toml"]


def test_a_linked_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_text(ONE, encoding="utf-8")
    (tmp_path / "outlets.toml").symlink_to("real.toml")
    add_outlet(tmp_path / "outlets.toml", Outlet(id="a", name="A"))
    assert (tmp_path / "outlets.toml").is_symlink()
    assert len(load_outlets(tmp_path / "real.toml")) == 2


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(
    st.builds(
        Outlet,
        id=st.from_regex(r"[a-z0-9]{1,9}([.-][a-z0-9]{1,5}){0,2}", fullmatch=True),
        name=words.filter(lambda name: name.strip() != ""),
        license=words,
        description=words,
        full_text=st.booleans(),
        fictional=st.booleans(),
        languages=st.lists(st.sampled_from(["kk", "kaa", "uz-Cyrl", "ug-Arab"])).map(tuple),
    )
)
@settings(deadline=None)
def test_what_is_written_is_read_back(outlet: Outlet) -> None:
    assert import_toml(to_toml([outlet]).encode()) == [outlet]


OPML = """<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>T</title></head><body>
<outline text="Қазақстан"><outline text="tau" title="Тау &amp; дала" type="rss" xmlUrl="https://tau.example/rss/kk"
 htmlUrl="https://www.tau.example/" language="kk"/>
<outline text="Тау (рус)" xmlUrl="https://tau.example/rss/ru" htmlUrl="https://tau.example/ru/" language="ru"/>
<outline text="group"><outline text="Ozod" xmlurl="http://feeds.ozod.example/x"/></outline></outline>
<outline text="bad" xmlUrl="javascript:alert(1)"/><outline text="none"/><outline xmlUrl="http://[::1"/></body></opml>"""


def test_opml_groups_languages_and_sites() -> None:
    tau, ozod = import_opml(OPML.encode())
    assert (tau.id, tau.name, tau.site, tau.languages) == (
        "tau.example",
        "Тау & дала",
        "https://www.tau.example/",
        ("kk", "ru"),
    )
    assert [source.address for source in tau.sources] == ["https://tau.example/rss/kk", "https://tau.example/rss/ru"]
    assert (ozod.id, ozod.name) == ("feeds.ozod.example", "Ozod")
    assert import_toml(to_toml([tau, ozod]).encode()) == [tau, ozod]
    cyrillic = OPML.replace("UTF-8", "windows-1251").replace("Қазақстан", "Казахстан").encode("windows-1251")
    assert import_opml(cyrillic)[0].name == "Тау & дала"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff",
        b"<html></html>",
        b"not xml",
        b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><outline text="&x;" xmlUrl="http://a.example"/></opml>',
        '<!DOCTYPE opml [<!ENTITY a "aaaa">]><opml/>'.encode("utf-16"),
        b"<opml>" + b" " * 6_000_000,
    ],
)
def test_opml_that_is_none_or_hostile(data: bytes) -> None:
    with pytest.raises(ConfigError):
        import_opml(data)


@given(st.binary(max_size=200), st.integers(0, 700), st.integers(0, 50))
@settings(max_examples=150, deadline=None)
def test_opml_mutated(noise: bytes, start: int, cut: int) -> None:
    whole = OPML.encode()
    try:
        outlets = import_opml(whole[:start] + noise + whole[start + cut :])
    except ConfigError:
        return
    assert import_toml(to_toml(outlets).encode()) == outlets


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Қазақ үні", "qazaq-uni"),
        ("Kun.uz", "kun.uz"),
        ("24.kg", "24.kg"),
        ("Ўзбекистон", "ozbekiston"),
        ("O‘zbekiston", "ozbekiston"),
        ("Тоҷикистон ва ӯзбек", "tojikiston-va-uzbek"),
        ("Türkmenistan: Altyn asyr", "turkmenistan-altyn-asyr"),
        ("Qaraqalpaqstan xabarları", "qaraqalpaqstan-xabarlari"),
        ("Өнөөдөр", "onoodor"),
        ("ئۇيغۇر ئاۋازى", "uyghur-awazi"),
        ("قازاق ۇنى", "qazaq-uni"),
        ("Жаңы щит", "zhany-shchit"),
    ],
)
def test_ids_are_readable(name: str, wanted: str) -> None:
    assert slug(name) == wanted


@given(st.text(max_size=100))
def test_every_name_has_an_id_and_an_id_is_its_own(name: str) -> None:
    assert is_id(slug(name))
    assert slug(slug(name)) == slug(name)


def test_unknown_outlets_and_finding_by_address() -> None:
    assert unknown_outlet("ntrex.example") == Outlet(
        id="ntrex.example", name="ntrex.example", site="https://ntrex.example/"
    )
    assert unknown_outlet("Жас Алаш").name == "Жас Алаш"
    outlets = [
        Outlet(id="bbc", name="BBC", site="https://www.bbc.com/"),
        Outlet(id="bbc-uz", name="BBC", site="https://www.bbc.com/uzbek"),
        Outlet(id="rus", name="Азаттык", site="https://rus.azattyk.org/"),
        Outlet(id="ky", name="Азаттык", site="https://www.azattyk.org/"),
        Outlet(id="none", name="none"),
    ]
    for url, wanted in [
        ("https://bbc.com/news/1", "bbc"),
        ("https://www.bbc.com/uzbek/articles/1", "bbc-uz"),
        ("https://www.bbc.com/uzbekistan", "bbc"),
        ("http://m.azattyk.org/a/1", "ky"),
        ("https://rus.azattyk.org/a/1", "rus"),
    ]:
        found = find_outlet_by_url(outlets, url)
        assert found is not None
        assert found.id == wanted
    for url in ("https://notbbc.com/", "mailto:a@bbc.com", "http://[", ""):
        assert find_outlet_by_url(outlets, url) is None


def test_the_starter_list() -> None:
    outlets = load_outlets(STARTER)
    assert len(outlets) >= 110
    assert {"KZ", "KG", "UZ", "TJ", "TM", "MN"} <= {outlet.country for outlet in outlets}
    spoken = {language.split("-")[0] for outlet in outlets for language in outlet.languages}
    assert {"kk", "ky", "uz", "tg", "tk", "kaa", "ug", "mn", "ru", "tr", "en"} <= spoken
    addresses = [source.address for outlet in outlets for source in outlet.sources]
    assert len(addresses) == len(set(addresses))
    for outlet in outlets:
        assert outlet.sources, outlet.id
        assert outlet.languages, outlet.id
        assert not outlet.full_text, "nobody's licence was asked"
        assert find_outlet_by_url(outlets, outlet.site) == outlet
        assert {source.language for source in outlet.sources} - {None} <= set(outlet.languages), outlet.id
        assert all(source.address.startswith(("https://", "http://")) for source in outlet.sources)
    assert sum(outlet.kind == "fact-checker" for outlet in outlets) >= 4


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "outlets.toml"
    path.write_text(ONE, encoding="utf-8")
    path.chmod(0)
    with pytest.raises(ConfigError, match="can't be read"):
        load_outlets(path)
