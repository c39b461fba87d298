"""`Idempotency-Key`: the same request sent twice is done once and answered twice.

The key, the request's digest and the answer are one row, written in the transaction of the change itself. A concurrent
second call waits on that row; keys are per caller and kept for a day.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy import Select, UniqueConstraint, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from heroes.kit.audit import Actor
from heroes.kit.db import LOCK, Base, Tenant, heroes_now
from heroes.kit.errors import Conflict, Invalid
from heroes.kit.ids import new_id
from heroes.kit.lifecycle import Kind, Lifecycle, register

KEPT = timedelta(hours=24)
LONGEST_WAIT = "10s"
_TOLD = "_shown_once"  # in a stored answer: it had a secret, which was left out


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


async def _purge(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    gone = delete(IdempotencyKey).where(IdempotencyKey.organization_id == organization_id)
    if kind == "user":
        gone = gone.where(IdempotencyKey.caller_id == subject_id)
    if kind != "project":
        await session.execute(gone)


register(Lifecycle("idempotency", frozenset({IdempotencyKey.__tablename__}), purge=_purge))


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
        self,
        session: AsyncSession,
        who: Actor,
        body: Any,
        make: Callable[[], Awaitable[BaseModel]],
        *,
        shown_once: Collection[str] = (),
    ) -> Any:
        """Return `make()`, or the stored answer. Raises Invalid for another body, Conflict after a wait of 10 s.

        Fields of `shown_once` hold secrets: they are never stored, so a repetition cannot have them again (Conflict).
        """
        if self.key is None:
            return await make()
        digest = _digest(self._request, body)
        row_id = await self._take(session, who, digest)
        if row_id is None:
            return await self._earlier(session, who, digest)
        answer = await make()
        kept = answer.model_dump(mode="json", exclude=set(shown_once))
        if any(getattr(answer, name) for name in shown_once):
            kept |= {_TOLD: True}
        await session.execute(update(IdempotencyKey).where(IdempotencyKey.id == row_id).values(answer=kept))
        return answer

    async def _take(self, session: AsyncSession, who: Actor, digest: str) -> str | None:
        await session.execute(text(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'"))
        await session.execute(delete(IdempotencyKey).where(IdempotencyKey.id.in_(self._outlived(who))))
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
                case="still_being_done",
                headers={"Retry-After": "2"},
            ) from None
        await session.execute(text("SET LOCAL lock_timeout = 0"))
        return row_id

    async def _earlier(self, session: AsyncSession, who: Actor, digest: str) -> Any:
        row = await session.scalar(select(IdempotencyKey).where(*self._mine(who)))
        if row is None or row.answer is None:
            text = "The first request with this Idempotency-Key did not end; use a new key."
            raise Conflict(text, case="key_unended")
        if row.digest != digest:
            raise Invalid(
                "This Idempotency-Key was used for another request; use a new key for new work.", code="idempotency_key"
            )
        if _TOLD in row.answer:
            raise Conflict(
                "This was done before under this Idempotency-Key. Its answer held a secret, which is shown once and "
                "kept nowhere; if it is lost, reset the password, or revoke the token and make another.",
                code="shown_once",
                made={name: value for name, value in row.answer.items() if name != _TOLD},
            )
        return row.answer

    def _outlived(self, who: Actor) -> Select[str]:
        """Return some of the caller's keys that need not be kept, none that another request is removing."""
        mine = IdempotencyKey.organization_id == who.organization_id, IdempotencyKey.caller_id == (who.user_id or "")
        old = select(IdempotencyKey.id).where(*mine, IdempotencyKey.at < heroes_now() - KEPT)
        return old.limit(100).with_for_update(skip_locked=True, **LOCK)

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
    asked = [request.method, path, sorted(request.query_params.multi_items()), plain]
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
