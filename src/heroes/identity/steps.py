"""Durable work of identity: organizations come up and go, users and projects leave."""

from functools import partial
from typing import TYPE_CHECKING, Any

from heroes.identity.models import Organization, Project, User
from heroes.identity.rules import Caller
from heroes.identity.service import credentials
from heroes.identity.service.organizations import first_username
from heroes.identity.service.people import create_user
from heroes.kit import audit, lifecycle
from heroes.kit.secrets import SecretStore
from heroes.kit.work import Claim, Registration, Work

if TYPE_CHECKING:
    from heroes.parts import Parts

LOOK_AGAIN = 5.0  # seconds until it is asked again whether jobs of one that leaves have ended


async def organization(work: Work, claim: Claim) -> None:
    """Bring an organization up with its first administrator, or remove all of it; its name is free afterwards."""
    async with work.apply(claim) as done:
        row: Organization = done.row
        match row.status:
            case "CREATE_IN_PROGRESS":
                await lifecycle.provision(done.session, "organization", row.id, row.id)
                if row.first_admin_email and row.first_admin_hash:
                    await create_user(
                        done.session,
                        Caller.system(row.id),
                        username=first_username(row.first_admin_email),
                        email=row.first_admin_email,
                        roles=[("organization_admin", None)],
                        password_hash=row.first_admin_hash,
                    )
                row.first_admin_hash = None
                row.status = "CREATE_COMPLETE"
                audit.record(done.session, Caller.system(row.id), "organization.created", row)
            case "DELETE_IN_PROGRESS":
                if not await lifecycle.quiet(done.session, "organization", row.id, row.id):
                    done.again(LOOK_AGAIN)
                    return
                await lifecycle.purge(done.session, "organization", row.id, row.id)
                row.name, row.title, row.first_admin_email, row.status = row.id, "", None, "DELETED"
                row.first_admin_hash = None
            case _:
                pass


async def leave(kind: lifecycle.Kind, secrets: SecretStore, work: Work, claim: Claim) -> None:
    """Remove all that a leaving user or project leaves behind."""
    async with work.apply(claim) as done:
        row: Any = done.row
        if row.leaving and row.deleted_at is None:
            if not await lifecycle.quiet(done.session, kind, row.organization_id, row.id):
                done.again(LOOK_AGAIN)
                return
            if kind == "user":
                await credentials.revoke_all(done.session, secrets, row.id)
            await lifecycle.purge(done.session, kind, row.organization_id, row.id)
            await done.session.refresh(row)


def registrations(parts: "Parts") -> list[Registration]:
    """Return what the worker advances for identity."""
    return [
        Registration(Organization, organization, concurrency=2),
        Registration(User, partial(leave, "user", parts.secrets), concurrency=2),
        Registration(Project, partial(leave, "project", parts.secrets), concurrency=2),
    ]
