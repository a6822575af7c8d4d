"""The one way a page comes in from the web."""

from __future__ import annotations

import random
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType

import httpcore

import ortaq
from ortaq.errors import ConfigError, Quarantined, Retry
from ortaq.gather.fetch.addresses import AddressPolicy, Resolver
from ortaq.gather.fetch.client import BODY_STATUS, REDIRECT_STATUS, Answer, Ask, Budget, Client, Evidence
from ortaq.gather.fetch.network import CheckedNetwork, tls_context
from ortaq.gather.fetch.robots import PRODUCT
from ortaq.gather.fetch.sites import Sites
from ortaq.model import Decision, Hints, Page, PageRole, Source
from ortaq.settings import GatherSettings, SiteSettings

GONE = {404: "not found", 410: "gone", 451: "not available for legal reasons"}


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that nothing changed since the `etag` or `last_modified` that it was asked with."""

    url: str
    final_url: str
    at: datetime
    etag: str = ""
    last_modified: str = ""


class Fetcher:
    """Fetches pages politely and safely; an asynchronous context manager, for one event loop.

    `resolver` and `network` replace the system's name look-up and sockets, `tls` the certificate check, `now` the
    clock, `rng` the jitter: for tests.
    """

    def __init__(
        self,
        gather: GatherSettings,
        site: SiteSettings,
        *,
        resolver: Resolver | None = None,
        network: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
        now: Callable[[], datetime] | None = None,
        rng: random.Random | None = None,
    ) -> None:
        self._settings = gather
        self._evidence = Evidence()
        clock = now or _utc_now
        self._client = Client(
            gather,
            user_agent(gather, site),
            CheckedNetwork(AddressPolicy(gather.allow_hosts, resolver), network),
            tls or tls_context(),
            self._evidence,
            clock,
            rng or random.Random(),  # noqa: S311 - jitter, nothing secret
        )
        self._sites = Sites(gather, self._client, self._evidence, clock)

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    def drain_evidence(self) -> tuple[list[Decision], list[Page]]:
        """The decisions made and the robots.txt and tdmrep.json pages found since the last call, oldest first."""
        decisions, pages = self._evidence.decisions, self._evidence.pages
        self._evidence.decisions, self._evidence.pages = [], []
        return decisions, pages

    async def fetch(
        self,
        url: str,
        *,
        source: Source,
        role: PageRole,
        hints: Hints = Hints(),  # noqa: B008 - frozen
        etag: str = "",
        last_modified: str = "",
    ) -> Page | NotModified:
        """One page, its redirects followed and every step of them checked.

        Raises Refused (robots.txt, TDM reservation, address), Retry (with `after` when the server said; its subclass
        TooSoon when the host was not asked at all because its turn is far off), Quarantined (gone, too large,
        unreadable).
        """
        asked = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
        conditions = tuple((name, value) for name, value in asked if value and _is_header_value(value))
        budget = Budget(self._settings.timeout)
        target = self._client.check(url)
        for step in range(self._settings.max_redirects + 1):
            delay = await self._sites.permit(target, source)
            if step:  # a redirect is followed at once, or it could never be followed on a very slow host
                delay = min(delay, self._settings.max_crawl_delay)
            answer = await self._client.get(
                target, Ask(budget, conditions, max_bytes=self._settings.max_bytes, page_delay=delay)
            )
            if not answer.location:
                break
            target = self._client.follow(answer)
        else:
            what = f"more than {self._settings.max_redirects} redirects"
            raise Quarantined(what, where=url, fix="Correct the address, or raise gather.max_redirects")
        if answer.status == 304 and conditions:
            return NotModified(
                url,
                str(answer.url),
                answer.at,
                answer.header("etag") or etag,
                answer.header("last-modified") or last_modified,
            )
        if answer.status not in BODY_STATUS:
            raise self._failure(answer)
        self._sites.check_answer(answer)
        return Page(
            url=url,
            body=answer.body,
            media_type=answer.media_type,
            fetched_at=answer.at,
            role=role,
            outlet=source.outlet,
            source=source.id,
            final_url=str(answer.url),
            status=answer.status,
            headers=answer.headers,
            hints=hints,
        )

    def _failure(self, answer: Answer) -> Retry | Quarantined:
        status, where = answer.status, str(answer.url)
        if 500 <= status < 600 or status in (202, 304, 408, 425, 429):
            after = self._client.retry_after(answer)
            return Retry(f"the server answered {status}", where=where, fix="It is asked for again", after=after)
        if status in GONE:
            return Quarantined(
                f"{GONE[status]} (status {status})", where=where, fix="Correct the address, if it was ours"
            )
        if status in REDIRECT_STATUS:
            return Quarantined(f"a redirect ({status}) that names no address", where=where)
        fix = "The outlet lets no program in" if status in (401, 402, 403) else "Look at it in a browser"
        return Quarantined(f"the server answered {status}", where=where, fix=fix)


def user_agent(gather: GatherSettings, site: SiteSettings) -> str:
    """`Ortaq/VERSION (+contact)`, or as configured. Raises ConfigError for what HTTP can't carry."""
    text = gather.user_agent or f"{PRODUCT}/{ortaq.__version__}" + (f" (+{site.contact})" if site.contact else "")
    if not (text.isascii() and text.isprintable()):
        where = "gather.user_agent" if gather.user_agent else "site.contact"
        raise ConfigError(f"{text!r} can't be sent as User-Agent", where=where, fix="Use printable ASCII only")
    return text


def _is_header_value(text: str) -> bool:
    return bool(re.fullmatch(r"[\t\x20-\x7e\x80-\xff]+", text)) and text == text.strip()


def _utc_now() -> datetime:
    return datetime.now(UTC)
