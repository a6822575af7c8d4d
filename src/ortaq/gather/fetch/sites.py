"""May we take it? The robots.txt and tdmrep.json of each origin, fetched, kept for a day, and obeyed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from ortaq.errors import Quarantined, Refused, Retry
from ortaq.gather.fetch.addresses import origin_of
from ortaq.gather.fetch.client import BODY_STATUS, Answer, Ask, Budget, Client, Evidence
from ortaq.gather.fetch.hosts import TooSoon
from ortaq.gather.fetch.robots import (
    MAX_ROBOTS,
    PRODUCT,
    Robots,
    TdmRules,
    header_reserves_tdm,
    html_reserves_tdm,
    parse_robots,
    parse_tdmrep,
)
from ortaq.model import Decision, Page, Source
from ortaq.settings import GatherSettings

KEEP = timedelta(hours=24)  # RFC 9309 section 2.4: not used for longer
KEEP_FAILURE = timedelta(seconds=60)  # an unreachable file is asked for again after this
MAX_REDIRECTS = 5  # RFC 9309 section 2.3.1.2
MAX_SITES = 1_024  # origins whose files are remembered
HTML = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(slots=True)
class _Kept:
    """A site's files. `failure` says why robots.txt could not be had: until then nothing is taken."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots: Robots | None = None
    robots_note: str = ""
    robots_until: datetime | None = None
    failure: str = ""
    tdm: TdmRules = field(default_factory=TdmRules)
    tdm_until: datetime | None = None


class Sites:
    """The rules of origins. Every answer is logged as a decision, every file found is kept as a page."""

    def __init__(
        self, settings: GatherSettings, client: Client, evidence: Evidence, now: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._client = client
        self._evidence = evidence
        self._now = now
        self._sites: dict[str, _Kept] = {}

    async def permit(self, url: httpx.URL, source: Source) -> float:
        """The seconds to keep between pages of this site (its crawl-delay, or our own delay if larger).

        Raises Refused when robots.txt or tdmrep.json says no, Retry when robots.txt can't be had (RFC 9309 section
        2.3.1.4 wants complete disallow then).
        """
        origin = origin_of(url)
        site = self._site(origin)
        async with site.lock:
            if site.robots_until is None or site.robots_until <= self._now():
                await self._load_robots(site, origin, source)
            if site.failure and site.robots_until:
                left = max(0.0, (site.robots_until - self._now()).total_seconds())
                raise Retry(site.failure, where=f"{origin}/robots.txt", fix="Nothing is taken until then", after=left)
            allowed = site.robots is None or site.robots.allows(str(url))
            self._decide(url, "robots.txt", allowed, site.robots_note or f"as it says to {PRODUCT}")
            if not allowed:
                raise Refused(f"robots.txt disallows it to {PRODUCT}", where=str(url), fix="Ask the outlet")
            if self._settings.honor_tdm:
                if site.tdm_until is None or site.tdm_until <= self._now():
                    await self._load_tdm(site, origin, source)
                self._check_tdm(site.tdm, url)
        crawl_delay = site.robots.crawl_delay if site.robots else None
        return max(self._settings.delay, crawl_delay or 0.0)

    def check_answer(self, answer: Answer) -> None:
        """Raises Refused when the page itself reserves text and data mining, by header or meta tag."""
        if not self._settings.honor_tdm:
            return
        by = "its tdm-reservation header" if header_reserves_tdm(answer.headers) else ""
        if not by and answer.media_type in HTML and html_reserves_tdm(answer.body):
            by = "its tdm-reservation meta tag"
        if by:
            self._decide(answer.url, "tdm-reservation", False, f"reserved by {by}")
            raise _reserved(by, str(answer.url))

    def _check_tdm(self, rules: TdmRules, url: httpx.URL) -> None:
        if not rules.rules:
            return
        reserved, location = rules.reservation(str(url))
        by = f"tdmrep.json, location {location!r}" if location else "no rule of tdmrep.json"
        self._decide(url, "tdm-reservation", not reserved, f"{'reserved' if reserved else 'not reserved'} by {by}")
        if reserved:
            raise _reserved(by, str(url))

    async def _load_robots(self, site: _Kept, origin: str, source: Source) -> None:
        site.robots, site.robots_note, site.failure = None, "", ""
        keep = KEEP
        try:
            answer = await self._file(f"{origin}/robots.txt", source)
        except TooSoon:
            raise
        except Retry as error:
            site.failure, keep = f"robots.txt can't be had: {error.what}", KEEP_FAILURE
        except Quarantined as error:  # a broken coding or endless headers are no answer either
            site.failure, keep = f"robots.txt can't be read: {error.what}", KEEP_FAILURE
        else:
            if answer is None:
                site.robots_note = f"robots.txt is behind more than {MAX_REDIRECTS} redirects"
            elif answer.status in BODY_STATUS:
                site.robots = parse_robots(answer.body)
            elif answer.status == 429 or answer.status >= 500:
                site.failure = f"robots.txt can't be had: status {answer.status}"
                keep = max(KEEP_FAILURE, timedelta(seconds=min(self._client.retry_after(answer) or 0.0, 86_400.0)))
            else:
                site.robots_note = f"there is no robots.txt (status {answer.status})"
        site.robots_until = self._now() + keep
        if site.failure:
            self._decide(httpx.URL(f"{origin}/robots.txt"), "robots.txt", False, site.failure)
        elif site.robots is not None and site.robots.crawl_delay:
            reason = f"{site.robots.crawl_delay:g} seconds between pages, as robots.txt asks"
            self._decide(httpx.URL(f"{origin}/robots.txt"), "crawl-delay", True, reason)

    async def _load_tdm(self, site: _Kept, origin: str, source: Source) -> None:
        address = f"{origin}/.well-known/tdmrep.json"
        site.tdm, site.tdm_until = TdmRules(), self._now() + KEEP
        try:
            answer = await self._file(address, source)
            if answer is not None and answer.status in BODY_STATUS:
                site.tdm = parse_tdmrep(answer.body)
            elif answer is not None and (answer.status == 429 or answer.status >= 500):
                site.tdm_until = self._now() + KEEP_FAILURE
        except TooSoon:
            site.tdm_until = None
            raise
        except (Retry, Quarantined, Refused) as error:  # a file that can't be had reserves nothing
            site.tdm_until = self._now() + KEEP_FAILURE
            self._decide(httpx.URL(address), "tdm-reservation", True, f"tdmrep.json can't be had: {error.what}")
        except ValueError as error:
            self._decide(httpx.URL(address), "tdm-reservation", True, f"tdmrep.json is not readable: {error}")

    async def _file(self, address: str, source: Source) -> Answer | None:
        """Fetch a site's file, redirects followed, and keep it as evidence. None after too many redirects."""
        ask = Ask(Budget(self._settings.timeout), max_bytes=MAX_ROBOTS + 1, truncate=True)
        url = self._client.check(address)
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._client.get(url, ask)
            if not answer.location:
                if answer.status in BODY_STATUS:
                    self._evidence.pages.append(
                        Page(
                            url=address,
                            final_url=str(url),
                            body=answer.body,
                            media_type=answer.media_type,
                            fetched_at=answer.at,
                            role="robots",
                            outlet=source.outlet,
                            source=source.id,
                            status=answer.status,
                            headers=answer.headers,
                        )
                    )
                return answer
            url = self._client.follow(answer)
        return None

    def _site(self, origin: str) -> _Kept:
        site = self._sites.pop(origin, None) or _Kept()
        self._sites[origin] = site
        if len(self._sites) > MAX_SITES:
            old = next((name for name, kept in self._sites.items() if not kept.lock.locked()), origin)
            if old != origin:
                del self._sites[old]
        return site

    def _decide(self, url: httpx.URL, rule: str, allowed: bool, reason: str) -> None:
        self._evidence.decisions.append(Decision(self._now(), str(url), rule, allowed, reason))


def _reserved(by: str, where: str) -> Refused:
    return Refused(f"text and data mining is reserved by {by}", where=where, fix="Ask the outlet for a license")
