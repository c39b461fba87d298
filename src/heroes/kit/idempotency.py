"""`Idempotency-Key`: the same request sent twice is done once and answered twice.

The key, the request's digest and the answer are one row, written in the transaction of the change itself. A concurrent
second call waits on that row; keys are per caller and kept for a day.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy import UniqueConstraint, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from heroes.kit.audit import Actor
from heroes.kit.db import Base, Tenant, heroes_now
from heroes.kit.errors import Conflict, Invalid
from heroes.kit.ids import new_id

KEPT = timedelta(hours=24)
LONGEST_WAIT = "10s"


class IdempotencyKey(Base, Tenant):
    """One request that was done under a key, and what was answered."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("organization_id", "caller_id", "key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    caller_id: Mapped[str]
    key: Mapped[str]
    digest: Mapped[str]
    answer: Mapped[dict[str, Any] | None]
    at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"), index=True)


class Once:
    """Does the work of one creating request, or repeats the answer of the first one with the same key."""

    def __init__(
        self,
        request: Request,
        idempotency_key: Annotated[str | None, Header(max_length=255, description="the same key: done once")] = None,
    ):
        self._request = request
        self.key = idempotency_key

    async def __call__(
        self, session: AsyncSession, who: Actor, body: Any, make: Callable[[], Awaitable[BaseModel]]
    ) -> Any:
        """Return `make()`, or the stored answer. Raises Invalid for another body, Conflict after a wait of 10 s."""
        if self.key is None:
            return await make()
        digest = _digest(self._request, body)
        row_id = await self._take(session, who, digest)
        if row_id is None:
            return await self._earlier(session, who, digest)
        answer = await make()
        row = await session.get_one(IdempotencyKey, row_id)
        row.answer = answer.model_dump(mode="json")
        return answer

    async def _take(self, session: AsyncSession, who: Actor, digest: str) -> str | None:
        await session.execute(text(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'"))
        mine = self._mine(who)
        await session.execute(delete(IdempotencyKey).where(*mine, IdempotencyKey.at < heroes_now() - KEPT))
        new = insert(IdempotencyKey).values(
            id=new_id("idk"),
            organization_id=who.organization_id,
            caller_id=who.user_id or "",
            key=self.key,
            digest=digest,
        )
        taken = new.on_conflict_do_nothing().returning(IdempotencyKey.id)
        try:
            row_id: str | None = await session.scalar(taken)
        except OperationalError:
            raise Conflict(
                "The first request with this Idempotency-Key is still being done; ask again.",
                headers={"Retry-After": "2"},
            ) from None
        await session.execute(text("SET LOCAL lock_timeout = 0"))
        return row_id

    async def _earlier(self, session: AsyncSession, who: Actor, digest: str) -> Any:
        row = await session.scalar(select(IdempotencyKey).where(*self._mine(who)))
        if row is None or row.answer is None:
            raise Conflict("The first request with this Idempotency-Key did not end; use a new key.")
        if row.digest != digest:
            raise Invalid(
                "This Idempotency-Key was used for another request; use a new key for new work.", code="idempotency_key"
            )
        return row.answer

    def _mine(self, who: Actor) -> tuple[Any, ...]:
        model = IdempotencyKey
        return (
            model.organization_id == who.organization_id,
            model.caller_id == (who.user_id or ""),
            model.key == self.key,
        )


OnceOnly = Annotated[Once, Depends(Once)]


def _digest(request: Request, body: Any) -> str:
    plain = body.model_dump(mode="json") if isinstance(body, BaseModel) else body
    path = request.url.path.removeprefix("/api/v1")
    return hashlib.sha256(json.dumps([request.method, path, plain], sort_keys=True, default=str).encode()).hexdigest()
