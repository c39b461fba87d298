"""Every error that leaves a slice or an adapter.

AppError                what the caller of the API is told (RFC 9457)
├── SignIn 401   ├── Denied 403   ├── NotFound 404   ├── Invalid 422   ├── TooMany 429   ├── Unavailable 503
└── Conflict 409 ── OverBudget, NoCluster
SiteError               what an adapter makes of a foreign error
├── Unreachable         nobody answered: ask again later; an order may or may not have arrived
├── Refused             the other side said no: stop, tell the user
└── Garbled             the other side said something we cannot read: stop, tell the developers
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class AppError(Exception):
    """An error with a stable code, told to the caller in one sentence that names the remedy, with its facts."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Internal error"

    def __init__(self, detail: str, *, code: str | None = None, headers: Mapping[str, str] | None = None, **facts: Any):
        super().__init__(detail)
        self.detail = detail
        self.reason = code or self.code
        self.headers = dict(headers or {})
        self.facts = facts


class SignIn(AppError):
    status, code, title = 401, "sign_in", "Sign in first"


class Denied(AppError):
    status, code, title = 403, "denied", "Not allowed"


class NotFound(AppError):
    status, code, title = 404, "not_found", "Not found"


class Conflict(AppError):
    status, code, title = 409, "conflict", "Conflict"


class OverBudget(Conflict):
    code, title = "over_budget", "Over budget"


class NoCluster(Conflict):
    code, title = "no_cluster", "No cluster can run this now"


class TooLarge(AppError):
    status, code, title = 413, "too_large", "Too large"


class Invalid(AppError):
    status, code, title = 422, "invalid", "Invalid input"

    def __init__(
        self, detail: str, problems: Sequence[Mapping[str, Any]] = (), *, code: str | None = None, **facts: Any
    ):
        super().__init__(detail, code=code, problems=list(problems), **facts)


class TooMany(AppError):
    status, code, title = 429, "too_many", "Too many requests"

    def __init__(self, detail: str, *, retry_after: int, **facts: Any):
        super().__init__(detail, headers={"Retry-After": str(retry_after)}, **facts)


class Unavailable(AppError):
    status, code, title = 503, "unavailable", "Not available now"


class SiteError(Exception):
    """An error of a foreign system, already in plain words."""

    def __init__(self, detail: str, **facts: Any):
        super().__init__(detail)
        self.detail = detail
        self.facts = facts


_UNTOLD = {"code", "banner", "answer", "stderr", "credential", "argv"}
_LONGEST = 300


def told(error: SiteError | AppError) -> dict[str, Any]:
    """Return what was said and why, for whoever says it in another language.

    `code` is the error's, if it has one, and `facts` are the amounts and names in its words, which `text` holds.
    """
    facts: dict[str, Any] = {}
    for name, value in error.facts.items():
        if name in _UNTOLD:
            continue
        if isinstance(value, str):
            facts[name] = value[:_LONGEST]
        elif isinstance(value, int | float) or (isinstance(value, list) and all(isinstance(one, str) for one in value)):
            facts[name] = value
    code = error.facts.get("case", error.reason) if isinstance(error, AppError) else error.facts.get("code")
    return {"code": code, "facts": facts, "text": error.detail}


class Unreachable(SiteError):
    """Nobody answered. What was asked may or may not have been done."""


class Refused(SiteError):
    """The other side answered no; asking again changes nothing."""


class Garbled(SiteError):
    """The other side answered in words that the adapter does not know."""
