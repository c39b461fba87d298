"""Organizations: made and removed as durable work, by those who operate the platform."""

import ipaddress
from collections.abc import Collection

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity import passwords
from heroes.identity.callers import admits
from heroes.identity.models import Organization
from heroes.identity.rules import Action, Caller
from heroes.kit import audit, lifecycle
from heroes.kit.db import LOCK, Database, doorbell
from heroes.kit.errors import Conflict, Invalid, NotFound
from heroes.kit.faults import fault
from heroes.kit.ids import new_id


async def create_organization(
    session: AsyncSession, *, name: str, title: str = "", platform: bool = False
) -> Organization:
    """Make an organization at once, with all that it needs; needs the worker's login (first start, tests)."""
    row = Organization(id=new_id("org"), name=name, title=title, platform=platform, status="CREATE_COMPLETE")
    session.add(row)
    await session.flush()
    await lifecycle.provision(session, "organization", row.id, row.id)
    audit.record(session, Caller.system(row.id), "organization.created", row)
    return row


async def named(session: AsyncSession, name: str) -> Organization | None:
    """Return an organization by its name, for the platform's own start; needs the worker's login."""
    return (await session.scalars(select(Organization).where(Organization.name == name))).one_or_none()


async def names(session: AsyncSession, ids: Collection[str]) -> dict[str, str]:
    """Return the names behind ids of organizations, also of removed ones; needs the worker's login."""
    rows = await session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(ids)))
    return {row.id: row.name for row in rows}


async def order_organization(
    session: AsyncSession, who: Caller, *, name: str, title: str, email: str
) -> tuple[Organization, str]:
    """Order an organization with a first administrator; it comes up as durable work.

    Return its row and the administrator's one-time password. Raises Denied, Conflict for a taken name.
    """
    who.must(Action.PLATFORM_OPERATE)
    one_time = passwords.one_time()
    secret = await passwords.hashed(one_time)
    row = await _row(
        session,
        "SELECT * FROM heroes_organization_create(:id, :name, :title, :email, :secret)",
        id=new_id("org"),
        name=name,
        title=title,
        email=email,
        secret=secret,
    )
    if row is None:
        raise Conflict(f"There is already an organization {name!r}.", code="organization_exists")
    doorbell(session, Organization.__tablename__)
    audit.record(session, who, "organization.ordered", row, name=row.name)
    return row, one_time


async def find_organization(session: AsyncSession, who: Caller, target: str) -> Organization:
    """Return an organization by id or name. Raises Denied, NotFound."""
    who.must(Action.PLATFORM_OPERATE)
    row = await _row(session, "SELECT * FROM heroes_organizations() WHERE :target IN (id, name)", target=target)
    if row is None:
        raise NotFound("There is no such organization.", code="NOT_FOUND")
    return row


async def manage_organization(
    session: AsyncSession, who: Caller, target: str, *, title: str | None, enabled: bool | None
) -> Organization:
    """Give an organization another title, or disable or enable it. Raises Denied, NotFound, Conflict."""
    found = await find_organization(session, who, target)
    if found.platform and enabled is False:
        raise Conflict("The platform's own organization stays.", code="platform_organization")
    before = found.status
    row = await _row(
        session,
        "SELECT * FROM heroes_organization_change(:id, :title, :enabled)",
        id=found.id,
        title=title,
        enabled=enabled,
    )
    if row is None:
        raise Conflict("This organization comes up or goes just now.", code="busy")
    if title is not None:
        audit.record(session, who, "organization.retitled", row, name=row.name)
    if row.status != before and enabled:
        audit.record(session, who, "organization.enabled", row, name=row.name)
    elif row.status != before:
        audit.record(session, who, "organization.disabled", row, name=row.name)
    return row


async def delete_organization(session: AsyncSession, who: Caller, target: str) -> Organization:
    """Close an organization at once and remove all of it as durable work. Raises Denied, NotFound, Conflict."""
    found = await find_organization(session, who, target)
    if found.platform:
        raise Conflict("The platform's own organization stays.", code="platform_organization")
    row = await _row(session, "SELECT * FROM heroes_organization_delete(:id)", id=found.id)
    if row is None:
        raise NotFound("There is no such organization.", code="NOT_FOUND")
    doorbell(session, Organization.__tablename__)
    audit.record(session, who, "organization.deleted", row, name=row.name)
    return row


async def rehearse_deletion(
    session: AsyncSession, database: Database, who: Caller, target: str
) -> tuple[Organization, dict[str, int]]:
    """Return what a deletion would remove, in rows by table, and do nothing. Raises Denied, NotFound, Conflict."""
    found = await find_organization(session, who, target)
    if found.platform:
        raise Conflict("The platform's own organization stays.", code="platform_organization")
    async with database.worker() as counting:
        rows = await lifecycle.count(counting, "organization", found.id, found.id)
    audit.record(session, who, "organization.deletion_rehearsed", found, name=found.name)
    return found, {table: count for table, count in sorted(rows.items()) if count}


async def change_organization(
    session: AsyncSession, who: Caller, *, title: str | None, allowed_sources: list[str] | None, source: str
) -> Organization:
    """Change the caller's organization. Raises Denied; Invalid for networks that would lock the caller out."""
    who.must(Action.ORGANIZATION_MANAGE)
    row = await session.get_one(Organization, who.organization_id, with_for_update=LOCK)
    if title is not None:
        row.title = title
    if allowed_sources is not None:
        _check_networks(allowed_sources, source)
        row.allowed_sources = allowed_sources
    audit.record(session, who, "organization.changed", row, sources=len(row.allowed_sources))
    await session.flush()
    return row


async def own_organization(session: AsyncSession, who: Caller) -> Organization:
    """Return the caller's organization. Raises Denied."""
    who.must(Action.ORGANIZATION_MANAGE)
    return await session.get_one(Organization, who.organization_id)


def first_username(email: str) -> str:
    """Return the user name of an organization's first administrator: what stands before the @, as far as it may."""
    kept = "".join(char for char in email.split("@")[0].lower() if char.isascii() and (char.isalnum() or char in "._-"))
    return kept.strip("._-")[:63] or "admin"


async def _row(session: AsyncSession, sql: str, **values: str | bool | None) -> Organization | None:
    query = (
        select(Organization).from_statement(text(sql).bindparams(**values)).execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).one_or_none()


def _check_networks(networks: list[str], source: str) -> None:
    for place, network in enumerate(networks):
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            reason = f"{network!r} is no network; write for example 192.0.2.0/24."
            problem = fault(f"/allowed_sources/{place}", reason, "no_network", given=network)
            raise Invalid(reason, [problem], case="see_fields") from None
    if not admits(networks, source):
        reason = f"Your own address {source} is not in the list; you would lock yourself out."
        problem = fault("/allowed_sources", reason, "locks_out", address=source)
        raise Invalid(reason, [problem], case="see_fields")
