"""A reason by code, beside the English sentence that says the same: for whoever says it in another language."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel


class Why(BaseModel):
    """A reason by a code that stays, with the amounts and names in it."""

    code: str
    facts: dict[str, Any] = {}

    @classmethod
    def of(cls, told: Mapping[str, Any] | None) -> "Why | None":
        """Return a reason as a row keeps it; None: there is none, or it is known as a text only."""
        return cls(code=told["code"], facts=told["facts"]) if told and told["code"] else None
