"""Token sets, and where they are kept between two uses.

A refresh token may be used once; its second use ends the session. So whoever shares a kept set with other processes
refreshes it under a lock, and looks first whether another one already has.
"""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class TokenSet:
    """What a login gives; times are seconds since 1970."""

    access_token: str
    refresh_token: str
    expires_at: float
    refresh_expires_at: float
    password_change_required: bool = False

    @classmethod
    def of(cls, answer: dict[str, Any], now: float) -> "TokenSet":
        """Read the answer of a login or a refresh that arrived at `now`."""
        return cls(
            answer["access_token"],
            answer["refresh_token"],
            now + float(answer["expires_in"]),
            now + float(answer["refresh_expires_in"]),
            bool(answer.get("password_change_required", False)),
        )

    def fresh(self, now: float) -> bool:
        """Return whether the access token can still be used for a request that begins now."""
        return now < self.expires_at - 30


class Keeper(Protocol):
    """Keeps the token set of one sign-in."""

    def load(self) -> TokenSet | None: ...

    def save(self, tokens: TokenSet) -> None: ...

    def lock(self) -> AbstractContextManager[None]:
        """Exclude every other process that shares this set."""
        ...


class Memory:
    """Keeps it for the life of this process."""

    def __init__(self, tokens: TokenSet | None = None) -> None:
        self._tokens = tokens

    def load(self) -> TokenSet | None:
        return self._tokens

    def save(self, tokens: TokenSet) -> None:
        self._tokens = tokens

    def lock(self) -> AbstractContextManager[None]:
        return nullcontext()
