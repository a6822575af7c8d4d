"""ortaq.toml and the environment: what is wrong is refused with the nearest right thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ortaq.errors import ConfigError
from ortaq.portal.i18n import NAMES
from ortaq.settings import INTERFACES, load_settings


def settings_of(folder: Path, text: str, environ: dict[str, str] | None = None) -> object:
    (folder / "ortaq.toml").write_text(text, encoding="utf-8")
    return load_settings(folder, environ or {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[gathr]\n", "Did you mean [gather]?"),
        ("[gather]\ntimout = 3\n", "Did you mean gather.timeout?"),
        ("timeout = 3\n", "Move it under a line [gather]"),
        ("timezon = 'Asia/Almaty'\n", "Did you mean timezone? It stands under a line [site]"),
        ("[gather]\ntimeout = 'long'\n", "must be of type float"),
        ("[gather]\ntimeout = 0\n", "gather.timeout must be from"),
        ("[gather]\ndelay = -1\n", "gather.delay must be 0 or more"),
        ("[gather]\nallow_hosts = 'localhost'\n", "must be a list of strings"),
        ("[gather]\nmin_interval = 600\nmax_interval = 60\n", "longer than gather.max_interval"),
        ("[store]\nsegment_bytes = 0\n", "store.segment_bytes must be from"),
        ("[serve]\nport = 70000\n", "serve.port must be from"),
        ("[site]\ntimezone = 'Asia/Almati'\n", "Did you mean Asia/Almaty?"),
        ("[site]\ntimezone = '../etc/passwd'\n", "unknown time zone"),
        ("[site]\nlanguage = 'xx'\n", "Choose of kk, ru, en"),
        ("[site\n", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_refused_with_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings_of(tmp_path, text)
    assert said in str(caught.value)
    assert "ortaq.toml" in caught.value.where


def test_the_environment_wins_and_is_checked_likewise(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "[gather]\ntimeout = 3\n", {"ORTAQ_GATHER_TIMEOUT": "7", "ORTAQ_HOME": "x"})
    assert settings.gather.timeout == 7.0  # type: ignore[attr-defined]
    for name, value, said in (
        ("ORTAQ_GATHER_TIMOUT", "7", "Did you mean ORTAQ_GATHER_TIMEOUT?"),
        ("ORTAQ_GATHER_TIMEOUT", "soon", "is not a number"),
        ("ORTAQ_GATHER_HONOR_TDM", "perhaps", "is not true or false"),
        ("ORTAQ_SITE_LANGUAGE", "xx", "Choose of kk, ru, en"),
    ):
        with pytest.raises(ConfigError) as caught:
            settings_of(tmp_path, "", {name: value})
        assert said in str(caught.value)


def test_settings_and_portal_name_the_same_interface_languages() -> None:
    assert set(INTERFACES) == set(NAMES)
