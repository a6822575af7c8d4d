"""One address for one article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.read.urls import believed_canonical, canonical_url, country_of, same_site


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Sample.KZ/News/1?utm_source=x&id=7#top", "https://sample.kz/News/1?id=7"),
        ("https://sample.kz:443/a?fbclid=1", "https://sample.kz/a"),
        ("http://sample.kz:8080", "http://sample.kz:8080/"),
        ("https://sample.kz/a?q=%D2%9B&gclid=z", "https://sample.kz/a?q=%D2%9B"),
        ("https://sample.kz/a?b&c=", "https://sample.kz/a?b&c="),
        ("https://sample.kz/қала", "https://sample.kz/қала"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://", ""),
        ("http://[::1", ""),
        ("https://sample.kz:99999/", ""),
        (" https://sample.kz/a\n", "https://sample.kz/a"),
    ],
)
def test_canonical(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("https://www.sample.kz/a", "https://www.sample.kz/a"),
        ("https://sample.kz/a", "https://sample.kz/a"),
        ("/a?utm_medium=rss", "https://m.sample.kz/a"),
        ("https://other.kz/a", "https://m.sample.kz/amp/a"),
        ("https://evilsample.kz/a", "https://m.sample.kz/amp/a"),
        ("https://sample.kz/", "https://m.sample.kz/amp/a"),
        ("https://sample.kz/index.php", "https://m.sample.kz/amp/a"),
        ("http://[", "https://m.sample.kz/amp/a"),
        ("", "https://m.sample.kz/amp/a"),
    ],
)
def test_a_declared_address_is_believed_on_its_own_site(declared: str, expected: str) -> None:
    assert believed_canonical(declared, "https://m.sample.kz/amp/a") == expected


def test_site_and_country() -> None:
    assert same_site("https://www.sample.kz/", "http://kaz.sample.kz/x")
    assert not same_site("https://sample.kz/", "https://sample.kg/")
    assert (country_of("https://sample.kz/x"), country_of("https://sample.com"), country_of("?")) == ("kz", "", "")


@given(st.text(max_size=80))
def test_idempotent_and_never_raises(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once
    believed_canonical(url, "https://sample.kz/a")
