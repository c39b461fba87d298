"""Which rows a caller reaches: the one query from which a tenant's rows are read."""

from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity.models import Grant
from heroes.identity.rules import Action, Caller
from heroes.kit.db import LOCK, Base

M = TypeVar("M", bound=Base)


def visible(model: type[M], who: Caller) -> Select[M]:
    """Return the one query from which a tenant's rows are reached.

    Rows of the caller's organization, and shared objects granted to organization, project, user or everyone; of these
    what the model's own `readable(who)` lets through.
    """
    table = cast("Any", model)
    reachable = table.organization_id == who.organization_id
    if model.__shared__ is not None:
        kind, column = model.__shared__
        reachable = or_(reachable, granted(kind, getattr(table, column), table.organization_id, who))
    query = select(model).where(reachable)
    readable = getattr(model, "readable", None)
    return query.where(readable(who)) if readable else query


async def held(session: AsyncSession, who: Caller, model: type[M], row_id: str) -> M | None:
    """Return a live row of the caller's own, or with token.manage anybody's, locked; None: there is none."""
    table = cast("Any", model)
    query = visible(model, who).where(table.id == row_id, table.revoked_at.is_(None))
    if not who.can(Action.TOKEN_MANAGE):
        query = query.where(table.user_id == who.user_id)
    found: M | None = await session.scalar(query.with_for_update(**LOCK))
    return found


def granted(kind: str, object_id: Any, owner_id: Any, who: Caller) -> ColumnElement[bool]:
    """Return the condition that an object of `owner_id` was granted to the caller, in whatever way."""
    to_caller = or_(
        Grant.grantee_type == "everyone",
        and_(Grant.grantee_type == "organization", Grant.grantee_id == who.organization_id),
        and_(Grant.grantee_type == "project", Grant.grantee_id.in_(list(who.projects))),
        and_(Grant.grantee_type == "user", Grant.grantee_id == who.user_id),
    )
    ours = Grant.organization_id == owner_id  # only the owner opens what is its own
    return exists().where(Grant.object_type == kind, Grant.object_id == object_id, ours, to_caller)
