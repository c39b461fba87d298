"""The sample content of `heroes serve --demo`: an organization with people, a project, a budget, workflows, a file.

Safe to repeat: what is there stays as its owner left it.
"""

from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.costs import service as costs
from heroes.costs.rules import BudgetKind
from heroes.data.rules import BucketKind
from heroes.data.service import buckets, objects
from heroes.identity import Caller
from heroes.identity.service import organizations, people, roles
from heroes.parts import Parts
from heroes.workflows import archives
from heroes.workflows import service as workflows

CUSTOMER, PROJECT = "acme", "wing"
BUDGET = Decimal("100.00")
PEOPLE: dict[str, tuple[tuple[str, bool], ...]] = {  # role, and whether in the project only
    "lea": (("engineer", False), ("engineer", True)),
    "tom": (("workflow_admin", False), ("workflow_admin", True)),
    "pia": (("engineer", False), ("project_admin", True)),
    "bea": (("billing_admin", False),),
    "oda": (("organization_admin", False), ("resource_provider", False)),
}
FIRST = "lea"  # who finds the input of the sample in the own bucket
OUTLINE = "wing/naca2412.dat"
WORKFLOWS = ("airfoil", "cavity", "two-sites")


async def seed(session: AsyncSession, parts: Parts, password: str) -> bool:
    """Add the sample content in this transaction of the worker's login; return whether it was missing."""
    if await organizations.named(session, CUSTOMER) is not None:
        return False
    customer = await organizations.create_organization(session, name=CUSTOMER)
    publisher = await _customer(session, parts, customer.id, password)
    for name in WORKFLOWS:
        await workflows.publish(session, publisher, parts.registry, parts.store, bundle(name))
    return True


async def _customer(session: AsyncSession, parts: Parts, organization_id: str, password: str) -> Caller:
    admin = Caller.system(organization_id)
    project = await roles.create_project(session, admin, name=PROJECT)
    for name, held in PEOPLE.items():
        given = [(role, project.id if inside else None) for role, inside in held]
        user, _ = await people.create_user(
            session, admin, username=name, email=f"{name}@{CUSTOMER}.example", roles=given, password=password
        )
        if name == FIRST:
            await _outline(session, parts, admin, user.id)
    await costs.create_budget(
        session, admin, kind=BudgetKind.PROJECT, project_id=project.id, amount=BUDGET, currency="EUR", title="Wing"
    )
    return admin


async def _outline(session: AsyncSession, parts: Parts, admin: Caller, user_id: str) -> None:
    bucket = await buckets.ensure(session, admin.organization_id, BucketKind.USER, FIRST, owner_user_id=user_id)
    content = (examples() / "airfoil" / Path(OUTLINE).name).read_bytes()
    await objects.put_bytes(session, parts.store, admin, bucket, OUTLINE, content)


def bundle(name: str) -> archives.Files:
    """Return the files of one sample workflow."""
    return archives.from_folder(examples() / name)


def examples() -> Path:
    """Return the folder of samples."""
    installed = Path(str(files("heroes"))) / "_examples"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "examples"
