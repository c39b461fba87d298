"""The sample content of a first start: two organizations, people, a budget, this machine as a cluster, workflows.

Safe to repeat: what is there stays as its owner left it.
"""

from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.clusters.machine import machine_id
from heroes.compose import compose
from heroes.costs import service as costs
from heroes.costs.rules import BudgetKind, Terms
from heroes.identity import Caller
from heroes.identity.models import Organization
from heroes.identity.service import organizations, people, roles
from heroes.kit.settings import Settings
from heroes.workflows import archives
from heroes.workflows import service as workflows

PLATFORM, CUSTOMER, PROJECT = "heroes", "acme", "wing"
BUDGET = Decimal("100.00")
PRICE = Terms(currency="EUR", fixed=Decimal("0.001"), core_hour=Decimal("0.02"))
PEOPLE: dict[str, tuple[tuple[str, bool], ...]] = {  # role, and whether in the project only
    "lea": (("engineer", False), ("engineer", True)),
    "tom": (("workflow_admin", False), ("workflow_admin", True)),
    "pia": (("engineer", False), ("project_admin", True)),
    "bea": (("billing_admin", False),),
    "oda": (("organization_admin", False), ("resource_provider", False)),
}
WORKFLOWS = ("airfoil", "cavity", "two-sites")


async def seed(settings: Settings, password: str) -> bool:
    """Add the sample content; return whether anything was added."""
    parts = compose(settings)
    try:
        async with parts.database.worker() as session:
            if await session.scalar(select(Organization.id).where(Organization.name == CUSTOMER)):
                return False
            platform = await organizations.create_organization(session, name=PLATFORM, platform=True)
            customer = await organizations.create_organization(session, name=CUSTOMER)
            operator = Caller.system(platform.id)
            await people.create_user(
                session, operator, username="ada", roles=[("solution_admin", None)], password=password
            )
            here = await clusters.ensure_here(session, platform.id, settings.home, machine_id(settings.home))
            await costs.create_tariff(
                session, operator, cluster_id=here.id, owner_id=platform.id, terms=PRICE, title="This machine"
            )
            publisher = await _customer(session, customer.id, password)
            for name in WORKFLOWS:
                await workflows.publish(session, publisher, parts.registry, parts.store, bundle(name))
        return True
    finally:
        await parts.database.close()


async def _customer(session: AsyncSession, organization_id: str, password: str) -> Caller:
    admin = Caller.system(organization_id)
    project = await roles.create_project(session, admin, name=PROJECT)
    for name, held in PEOPLE.items():
        given = [(role, project.id if inside else None) for role, inside in held]
        await people.create_user(
            session, admin, username=name, email=f"{name}@{CUSTOMER}.example", roles=given, password=password
        )
    await costs.create_budget(
        session, admin, kind=BudgetKind.PROJECT, project_id=project.id, amount=BUDGET, currency="EUR", title="Wing"
    )
    return admin


def bundle(name: str) -> archives.Files:
    """Return the files of one sample workflow."""
    return archives.from_folder(examples() / name)


def examples() -> Path:
    """Return the folder of samples."""
    installed = Path(str(files("heroes"))) / "_examples"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "examples"
