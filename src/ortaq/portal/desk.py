"""The desk on the portal: sign in, put stories right with one click, see and take back what was decided.

Only there when the settings enable it with a token. Whatever changes something is a POST of a form of ours by somebody
signed in; other sites can't send one with our cookie (SameSite=Strict) nor know the form's token.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qs

import numpy as np
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ortaq import desk
from ortaq.errors import NotFound, Undecidable
from ortaq.model import Story, Vector
from ortaq.portal import view
from ortaq.portal.i18n import N_
from ortaq.portal.params import BadRequest
from ortaq.portal.session import COOKIE, LASTS, Session, is_from
from ortaq.portal.site import link, page, reading, site_of
from ortaq.store.contract import DeskDecision, Filters, Position, Records

router = APIRouter(prefix="/desk", include_in_schema=False)

Decide: TypeAlias = Callable[[Callable[[Position], DeskDecision]], DeskDecision]
"""`Pipeline.decide`: lets the desk record a decision, and the records follow it."""

MAX_FORM = 65_536  # bytes
LIKE = 8  # stories offered to merge with
# Cosine of two stories' middles: on the demo region (40 stories) 4 % of all pairs of two events reach it, and 39 of 40
# halves of one story do.
LEAST_LIKE = 0.35
MOST_COMPARED = 50  # of a story's articles
SHOWN = 200  # decisions
_LAST_NAME = re.compile(r"[\w-]+(?=/?(?:[?#].*)?$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent: the first value of a field, all articles that were chosen, and the session it came from."""

    values: Mapping[str, str]
    articles: tuple[str, ...]


class SignedOut(Exception):
    """A form came without a session; `back` is the page that it was on."""

    def __init__(self, back: str) -> None:
        super().__init__()
        self.back = back


REASONS = {
    "same_story": N_("That is this very story. Name another one."),
    "no_article": N_("Choose one or more articles first."),
    "elsewhere": N_("An article is no longer in this story. Load the page anew and look again."),
    "nothing_left": N_("Nothing would be left of the story. Choose some of its articles, not all."),
    "pinned": N_("The article is pinned already."),
    "none": N_("There is no decision to take back."),
    "taken_back": N_("That decision has been taken back already."),
    "moved_later": N_("A later decision moved the same articles. Take that one back first."),
    "unknown": N_("There is no such story or article. Give the address of a story's page."),
}
"""Why a decision can't be made (`Undecidable.because`), in words for the catalogs."""


@router.get("")
def overview(request: Request) -> Response:
    """The log for who is signed in, the door for who is not."""
    site = site_of(request)
    if site.session(request) is None:
        return sign_in_page(request)
    shown = desk.entries(site.records)[:SHOWN]
    return page(request, "desk.html", entries=shown, names=names_of(request, shown), feed={})


def sign_in_page(
    request: Request, status: int = 200, *, wrong: bool = False, ended: bool = False, back: str = ""
) -> Response:
    """The door; `back` is where to go on after it."""
    return page(request, "desk_sign_in.html", status, wrong=wrong, ended=ended, back=back, feed={})


def names_of(request: Request, entries: Sequence[desk.Entry]) -> dict[str, view.Phrase]:
    """The headlines of the stories that decisions name, by id; of a story that is part of another one now, that of
    an article that came from it.
    """
    records, found = site_of(request).records, {}
    for decision in (entry.decision for entry in entries):
        for id in (decision.source, decision.target):
            with contextlib.suppress(NotFound):
                story = records.story(id)
                if story.id == id:
                    found[id] = view.card(story, reading(request)).headline
                elif id == decision.source:
                    article = records.article(decision.articles[0]).article
                    found[id] = view.phrase(article.headline, article.language, article.script)
    return found


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """A session for whoever knows the token."""
    site = site_of(request)
    assert site.sessions is not None  # noqa: S101 - the router is only there with it
    values = (await _form(request)).values
    who, now = " ".join(values.get("name", "").split()), site.now()
    if not site.sessions.may_try(now):
        raise HTTPException(429, headers={"retry-after": "60"})
    cookie = site.sessions.begin(values.get("token", ""), who, now) if who else None
    if cookie is None or len(who) > desk.LONGEST_NAME or not who.isprintable():
        return sign_in_page(request, 403, wrong=True, back=_back(values))
    answer = RedirectResponse(_back(values) or "/desk", 303)
    safe = request.url.scheme == "https" or site.settings.site.base_url.startswith("https:")
    answer.set_cookie(
        COOKIE, cookie, int(LASTS.total_seconds()), path="/", secure=safe, httponly=True, samesite="strict"
    )
    return answer


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """The session ends in this browser."""
    await _signed(request)
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


@router.post("/decide")
async def decide(request: Request) -> Response:
    """One decision, then back to the page it came from; its forms are on the story page and in the log."""
    session, form = await _signed(request)
    try:
        return RedirectResponse(await run_in_threadpool(_decide, request, session, form), 303)
    except Undecidable as error:
        raise BadRequest(REASONS.get(error.because, REASONS["unknown"])) from error
    except NotFound as error:
        raise BadRequest(REASONS["unknown"]) from error


def _decide(request: Request, session: Session, form: Form) -> str:
    """Returns where to go on."""
    site = site_of(request)
    assert site.decide is not None  # noqa: S101 - the router is only there with it
    records, now, values = site.records, site.now(), form.values
    # A button's value is what to do, and with which article or story: "split a1b2".
    action, _, named = values.get("do", "").partition(" ")
    articles = (named,) if named else form.articles
    story = values.get("story", "")

    def run(make: Callable[[desk.By], DeskDecision]) -> DeskDecision:
        assert site.decide is not None  # noqa: S101
        return site.decide(lambda position: make(desk.By(session.who, now, position)))

    if action in ("split", "move", "pin") and not articles:
        raise BadRequest(N_("Choose one or more articles first."))
    match action:
        case "merge":
            run(lambda by: desk.merge(records, story, named or _id(values.get("other", "")), by))
        case "split":
            run(lambda by: desk.split(records, story, articles, by))
        case "move":
            target = _id(values.get("other", ""))
            for article in articles:
                run(lambda by, article=article: desk.move(records, article, target, by))  # type: ignore[misc]
        case "pin":
            for article in articles:
                run(lambda by, article=article: desk.pin(records, article, by))  # type: ignore[misc]
        case "undo":
            if not (named.isascii() and named.isdigit()):
                raise BadRequest(N_("“%(value)s” can't be a value of “%(name)s”."), value=named[:60], name="do")
            run(lambda by: desk.undo(records, int(named[:18]), by))
        case _:
            raise BadRequest(N_("“%(value)s” can't be a value of “%(name)s”."), value=action[:60], name="do")
    return _back(form.values) or "/desk"


def story_desk(request: Request, story: Story) -> dict[str, object]:
    """What the story page offers to who is signed in: likely the same stories, pins, decisions on it; else nothing."""
    site = site_of(request)
    if site.session(request) is None:
        return {"like": [], "pins": {}, "decided": [], "names": {}}
    entries = desk.entries(site.records)
    members = set(story.articles)
    pins = {
        article: entry.decision.seq
        for entry in entries
        if entry.can_be_undone and entry.decision.kind == "pin"
        for article in members.intersection(entry.decision.articles)
    }
    decided = [
        entry
        for entry in entries
        if entry.can_be_undone
        and (story.id in (entry.decision.source, entry.decision.target) or members & {*entry.decision.articles})
    ]
    names = names_of(request, decided)
    return {"like": _like(request, story), "pins": pins, "decided": decided, "names": names}


def _like(request: Request, story: Story) -> list[tuple[view.Card, float]]:
    """Other stories close in meaning to this one, with the cosine of their middles, the closest first."""
    site = site_of(request)
    if site.searcher is None:
        return []
    words = next(iter(story.headlines.values()), "")
    hits = site.searcher.search(words[:300], filters=Filters(), mode="meaning", limit=5 * LIKE).hits if words else ()
    ids = dict.fromkeys(hit.article.story for hit in hits if hit.article.story not in ("", story.id))
    middle = _middle(site.records, story)
    middles = ((other, _middle(site.records, other)) for other in map(site.records.story, ids))
    near = [(float(middle @ one), other) for other, one in middles if one.shape == middle.shape]
    ranked = sorted(near, key=lambda one: -one[0])
    return [(view.card(other, reading(request)), score) for score, other in ranked[:LIKE] if score >= LEAST_LIKE]


def _middle(records: Records, story: Story) -> Vector:
    """The unit mean of the vectors of a story's newest articles; one zero where none has one."""
    made = records.vectors(story.articles[-MOST_COMPARED:])
    if not made:
        return np.zeros(1, np.float32)
    total = np.sum([one.vector for one in made.values()], axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), np.float32)


async def _signed(request: Request) -> tuple[Session, Form]:
    """The session and the form. Raises SignedOut for a form without a session, as after one has run out, and of
    another session.
    """
    session = site_of(request).session(request)
    form = await _form(request)
    if session is None or not is_from(session, form.values.get("csrf", "")):
        raise SignedOut(_back(form.values))
    return session, form


def _back(values: Mapping[str, str]) -> str:
    """The page of the story that a form was on; "" if it was on none."""
    story = values.get("story", "")
    return link(f"/story/{story}") if re.fullmatch(r"[\w-]{1,100}", story, re.ASCII) else ""


async def _form(request: Request) -> Form:
    """The fields of an urlencoded form, and nothing from another site. Raises HTTPException."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM:
            raise HTTPException(413)
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=2_000)
    except ValueError:
        raise HTTPException(400) from None
    return Form({name: values[0] for name, values in fields.items()}, tuple(fields.get("article", ())))


def _id(told: str) -> str:
    """A story's id, given as such or as the address of its page. Raises Undecidable."""
    found = _LAST_NAME.search(told.strip())
    if found is None:
        raise Undecidable("no story is named", because="unknown", fix="Give the other story's address")
    return found[0]
