"""Opaque marks of the place where a page of the API ended."""

from __future__ import annotations

import base64
import binascii

from ortaq.errors import ConfigError

MAX_PLACE = 1_000_000


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decoded(cursor: str) -> str:
    """What was encoded. Raises ValueError for what is no cursor."""
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def damaged() -> ConfigError:
    return ConfigError("the cursor is damaged", where="cursor", fix="Start again without it")
