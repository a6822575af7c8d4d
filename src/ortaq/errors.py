"""Every error Ortaq raises on purpose, in one tree; the names say what becomes of the input.

OrtaqError
├── ConfigError      a setting, an outlet or an argument is wrong: nothing was done
│   └── Undecidable  a desk decision makes no sense as the stories are now: nothing was recorded
├── Refused          policy says no (robots.txt, TDM reservation, private address): not fetched, decision logged
├── Retry            may work later (503, timeout, broken connection): tried again with back-off
├── Quarantined      this input can't be used: kept with its reason, the rest goes on
├── StoreError       the disk or the database failed: nothing was acknowledged
└── NotFound         no record has this id
"""

from __future__ import annotations


class OrtaqError(Exception):
    """An error with three parts a user needs.

    `what` happened, `where` (an address, file and line, or setting), and `fix`: what to do next.
    """

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        self.what = what
        self.where = where
        self.fix = fix
        super().__init__(what)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}. {self.fix}" if self.fix else text

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments must survive the way through a process pool.
        return _rebuild, (type(self), self.what, self.where, self.fix, self.__dict__.copy())


def _rebuild(kind: type[OrtaqError], what: str, where: str, fix: str, state: dict[str, object]) -> OrtaqError:
    error = kind(what, where=where, fix=fix)
    error.__dict__.update(state)
    return error


class ConfigError(OrtaqError):
    """A setting, an outlet or an argument is wrong; nothing was done."""


class Undecidable(ConfigError):
    """A desk decision makes no sense as the stories are now; `because` names the case, for a face in any language."""

    def __init__(self, what: str, *, because: str = "", where: str = "", fix: str = "") -> None:
        super().__init__(what, where=where, fix=fix)
        self.because = because


class Refused(OrtaqError):
    """Policy says no; the input was not taken and the decision is logged."""


class Retry(OrtaqError):
    """May work later; `after` is the least number of seconds to wait, None when the server did not say."""

    def __init__(self, what: str, *, where: str = "", fix: str = "", after: float | None = None) -> None:
        super().__init__(what, where=where, fix=fix)
        self.after = after


class Quarantined(OrtaqError):
    """This input can't be used; it is kept with the reason and the rest goes on."""


class StoreError(OrtaqError):
    """The disk or the database failed; what was not acknowledged was not kept."""


class NotFound(OrtaqError):
    """No record has this id."""
