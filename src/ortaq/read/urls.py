"""One address for one article: without the parts that only say how the reader came."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_TRACKING_TEXT = """
    fbclid gclid gclsrc dclid gbraid wbraid yclid ysclid ymclid msclkid twclid ttclid igshid igsh mc_cid mc_eid
    _openstat openstat from_source spm ref_src ref_url cmpid ncid ocid at_medium at_campaign at_custom1 at_custom2
    at_custom3 at_custom4 __twitter_impression _ga _gl vero_id mkt_tok hsctatracking sessionid phpsessid jsessionid
    trk sr_share smid smtyp xtor fb_action_ids fb_action_types fb_source action_object_map
"""
_TRACKING = frozenset(_TRACKING_TEXT.split())
_TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "piwik_", "hsa_", "_hs", "oly_")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SPACE = re.compile(r"[\x00-\x20\x7f]+")


def canonical_url(url: str) -> str:
    """Lower-case scheme and host, no default port, no fragment, no tracking parameters; "" when not an http address.

    The path and the order of the remaining parameters stay as they are: servers may care. Never raises.
    """
    try:
        parts = urlsplit(_SPACE.sub("", url))
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host:
        return ""
    if ":" in host:
        host = f"[{host}]"
    if port and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    query = parts.query
    if query:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=None)
        kept = [(name, value) for name, value in pairs if not _is_tracking(name)]
        if len(kept) != len(pairs):
            query = urlencode(kept)
    return urlunsplit((scheme, host, parts.path or "/", query, ""))


def address_of(url: str) -> str:
    """An article's address: canonical on the web, as it is for a local file (`file:///...`), otherwise "".

    Only the owner's own files have such an address: nothing that is fetched may claim one.
    """
    return canonical_url(url) or (url if url.startswith("file:///") else "")


def believed_canonical(declared: str, page_url: str) -> str:
    """The article's address: what the page declares when it is believable, else the page's own, both canonical.

    Believable: on the same host, or one host is a subdomain of the other; and not the front page, unless the page is
    the front page. A page may not claim to be another outlet's article. A file may, having been saved from there.
    """
    own = canonical_url(page_url)
    if not declared:
        return address_of(page_url)
    try:
        target = canonical_url(urljoin(own, declared.strip()))
    except ValueError:
        return address_of(page_url)
    if not target or (own and not same_site(target, own)):
        return address_of(page_url)
    if is_front_page(target) and not (own and is_front_page(own)):
        return address_of(page_url)
    return target


def same_site(first: str, second: str) -> bool:
    """Same host but for "www.", or one is a subdomain of the other."""
    one, two = _host(first), _host(second)
    if not one or not two:
        return False
    return one == two or one.endswith("." + two) or two.endswith("." + one)


def is_front_page(url: str) -> bool:
    """True for an address without a path or query: a site's home."""
    parts = urlsplit(url)
    return not parts.query and re.fullmatch(r"/?(?:index\.\w{3,5})?", parts.path) is not None


def country_of(url: str) -> str:
    """The host's country by its top-level domain ("kz"), "" for a generic one."""
    last = _host(url).rpartition(".")[2]
    return last if len(last) == 2 and last.isalpha() else ""


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower().rstrip(".").removeprefix("www.")
    except ValueError:
        return ""


def _is_tracking(name: str) -> bool:
    low = name.lower()
    return low in _TRACKING or low.startswith(_TRACKING_PREFIXES)
