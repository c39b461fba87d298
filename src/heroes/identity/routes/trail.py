"""The audit trail: who did what, when."""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from heroes.identity.door import Tx, Who
from heroes.identity.service import trail
from heroes.kit.audit import AuditEvent
from heroes.kit.errors import Denied, SignIn
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

router = APIRouter(prefix="/organization/audit", tags=["audit"])


class AuditOut(BaseModel):
    """One recorded action; ids, never names."""

    id: str
    at: datetime
    actor_id: str | None
    action: str
    object_type: str | None
    object_id: str | None
    facts: dict[str, Any]
    sealed: bool

    @classmethod
    def of(cls, row: AuditEvent) -> Self:
        shown: dict[str, Any] = {name: getattr(row, name) for name in cls.model_fields if name != "sealed"}
        return cls(**shown, sealed=row.seal is not None)


@router.get("/list", responses=problems(SignIn, Denied))
async def list_audit(
    who: Who,
    session: Tx,
    page: Paged,
    action: Annotated[str | None, Query(max_length=100, description="such as user.created, or user.*")] = None,
    actor: Annotated[str | None, Query(max_length=100, description="id of who did it")] = None,
    subject: Annotated[str | None, Query(max_length=100, description="id of what it was done to")] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> list[AuditOut]:
    """List what was done, newest first: all of the organization with audit.read, else what one did oneself."""
    query = trail.events(who, action=action, actor=actor, subject=subject, since=since, until=until)
    return await page.of(session, query, [AuditEvent.id], AuditOut.of, descending=True)
