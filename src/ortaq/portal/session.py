"""Who is signed in at the desk: a signed cookie, and a token of it in every form.

The key comes from the desk's token, so that another token ends every session. Nothing is kept on the server.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from ortaq.errors import ConfigError

COOKIE = "desk"
LASTS = timedelta(hours=12)
SHORTEST_TOKEN = 16  # characters
MOST_FAILURES, WITHIN = 10, timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in; `csrf` is what each form must bring back."""

    who: str
    csrf: str


class Sessions:
    """Signs and reads sessions. Raises ConfigError for a token that is too short to be one."""

    def __init__(self, token: str) -> None:
        if len(token) < SHORTEST_TOKEN:
            raise ConfigError(
                f"the desk on the portal needs a token of at least {SHORTEST_TOKEN} characters",
                where="desk.token",
                fix="Set ORTAQ_DESK_TOKEN to what `openssl rand -hex 16` gives, or desk.enabled to false",
            )
        self._token = token.encode()
        self._key = hmac.digest(self._token, b"ortaq desk session 1", hashlib.sha256)
        self._failures: deque[datetime] = deque(maxlen=MOST_FAILURES)

    def may_try(self, now: datetime) -> bool:
        """False after too many wrong tokens within a minute, whoever sent them."""
        return len(self._failures) < MOST_FAILURES or now - self._failures[0] > WITHIN

    def begin(self, token: str, who: str, now: datetime) -> str | None:
        """The cookie of a new session; None for a wrong token."""
        if not hmac.compare_digest(token.encode("utf-8", "surrogatepass"), self._token):
            self._failures.append(now)
            return None
        content = json.dumps([who, (now + LASTS).timestamp(), secrets.token_hex(8)]).encode()
        return f"{_text(content)}.{_text(self._sign(content))}"

    def read(self, cookie: str, now: datetime) -> Session | None:
        """The session of a cookie that we signed and that has not run out."""
        try:
            content, signature = (base64.urlsafe_b64decode(part + "==") for part in cookie.split("."))
            if not hmac.compare_digest(signature, self._sign(content)):
                return None
            who, ends, _ = json.loads(content)
        except (ValueError, binascii.Error):
            return None
        if now.timestamp() >= ends:
            return None
        return Session(who, _text(self._sign(b"form" + content)))

    def _sign(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, hashlib.sha256)


def is_from(session: Session, csrf: str) -> bool:
    """Whether a form was ours, shown in this session."""
    return hmac.compare_digest(session.csrf.encode(), csrf.encode("utf-8", "surrogatepass"))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
