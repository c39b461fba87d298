"""What every installation has: the platform's own organization, its first administrator, this machine as a cluster.

Safe to repeat: what is there stays as its owner left it, and the machine is looked at anew at each start.
"""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.costs import service as costs
from heroes.costs.rules import Terms
from heroes.identity import Caller
from heroes.identity.service import organizations, people
from heroes.kit.machine import machine_id
from heroes.kit.settings import Settings

PLATFORM, ADMINISTRATOR = "heroes", "ada"
PRICE = Terms(currency="EUR", fixed=Decimal("0.001"), core_hour=Decimal("0.02"))


async def lay(session: AsyncSession, settings: Settings, password: str) -> bool:
    """Lay the foundation in this transaction of the worker's login; return whether it was missing."""
    platform = await organizations.named(session, PLATFORM)
    if platform is not None:
        await clusters.ensure_here(session, platform.id, settings.home, machine_id(settings.home))
        return False
    platform = await organizations.create_organization(session, name=PLATFORM, platform=True)
    operator = Caller.system(platform.id)
    await people.create_user(
        session, operator, username=ADMINISTRATOR, roles=[("solution_admin", None)], password=password
    )
    here = await clusters.ensure_here(session, platform.id, settings.home, machine_id(settings.home))
    await costs.create_tariff(
        session, operator, cluster_id=here.id, owner_id=platform.id, terms=PRICE, title="This machine"
    )
    return True
