"""Reading the audit trail: the organization's with the right audit.read, one's own without."""

from datetime import datetime

from sqlalchemy import Select, or_, select

from heroes.identity.rules import Action, Caller
from heroes.kit.audit import AuditEvent


def events(
    who: Caller,
    *,
    action: str | None = None,
    actor: str | None = None,
    subject: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select[AuditEvent]:
    """Return the query of the records that the caller may see. `action` is a whole one or a family (`user.*`)."""
    query = select(AuditEvent).where(AuditEvent.organization_id == who.organization_id)
    if not who.can(Action.AUDIT_READ):
        query = query.where(AuditEvent.actor_id == who.user_id)
    if action is not None:
        family = action.removesuffix("*") if action.endswith(".*") else None
        named = AuditEvent.action.startswith(family, autoescape=True) if family else AuditEvent.action == action
        query = query.where(named)
    if actor is not None:
        query = query.where(AuditEvent.actor_id == actor)
    if subject is not None:
        query = query.where(or_(AuditEvent.object_id == subject, AuditEvent.facts["user_id"].astext == subject))
    if since is not None:
        query = query.where(AuditEvent.at >= since)
    return query.where(AuditEvent.at < until) if until is not None else query
