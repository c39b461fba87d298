"""Organizations, for those who operate the platform."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from heroes.identity.door import Tx, Who, database_of
from heroes.identity.schemas import EMAIL, NewOrganizationOut, OrganizationChange, OrganizationIn, OrganizationOut
from heroes.identity.service import listing, organizations
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound, SignIn
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

router = APIRouter(prefix="/heroes/admin/organizations", tags=["platform"])

Email = Annotated[str, Query(max_length=254, pattern=EMAIL, description="the first administrator's")]
Target = Annotated[str, Query(max_length=100, description="name or id")]


@router.post("/", status_code=202, responses=problems(SignIn, Denied, Conflict, Invalid))
async def create_organization(
    user_email: Email, body: OrganizationIn, who: Who, session: Tx, once: OnceOnly
) -> NewOrganizationOut:
    """Order an organization with its first administrator; it is there once its status is CREATE_COMPLETE."""

    async def make() -> NewOrganizationOut:
        row, one_time = await organizations.order_organization(
            session, who, name=body.name, title=body.title, email=user_email
        )
        administrator = organizations.first_username(user_email)
        return NewOrganizationOut.of(row, administrator=administrator, one_time_password=one_time)

    answer: NewOrganizationOut = await once(session, who, body, make, shown_once=["one_time_password"])
    return answer


@router.get("/", responses=problems(SignIn, Denied, NotFound))
async def list_organizations(
    who: Who, session: Tx, page: Paged, organization_target: Target | None = None
) -> list[OrganizationOut] | OrganizationOut:
    """List the organizations by name, or show the one that is named."""
    if organization_target is not None:
        return OrganizationOut.of(await organizations.find_organization(session, who, organization_target))
    query, names = listing.organizations(who)
    return await page.of(session, query, [names], OrganizationOut.of)


@router.patch("/", responses=problems(SignIn, Denied, NotFound, Conflict, Invalid))
async def change_organization(
    organization_target: Target, body: OrganizationChange, who: Who, session: Tx
) -> OrganizationOut:
    """Give an organization another title, or disable it: nobody of it signs in, what runs goes on; or enable it."""
    row = await organizations.manage_organization(
        session, who, organization_target, title=body.title, enabled=body.enabled
    )
    return OrganizationOut.of(row)


@router.delete("/", status_code=202, responses=problems(SignIn, Denied, NotFound, Conflict))
async def delete_organization(
    organization_target: Target,
    request: Request,
    who: Who,
    session: Tx,
    dry_run: Annotated[bool, Query(description="Only count what would be removed.")] = False,
) -> OrganizationOut:
    """Close an organization at once; all of it is removed soon after, and then it is NOT_FOUND.

    With `dry_run` nothing is done, and `removes` tells how many rows of which table would go.
    """
    if dry_run:
        row, rows = await organizations.rehearse_deletion(session, database_of(request), who, organization_target)
        return OrganizationOut.of(row, removes=rows)
    return OrganizationOut.of(await organizations.delete_organization(session, who, organization_target))
