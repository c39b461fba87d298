"""What an organization wants of placements: its own policy, whether another may be named, and clusters left out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from people import caller, login, make_app, make_client, make_organization, make_project, make_user
from sqlalchemy import select
from test_placement import Firm, codes, names

from heroes.kit.audit import AuditEvent
from heroes.kit.db import Database
from heroes.kit.errors import Invalid
from heroes.placement.routes import router
from heroes.placement.rules import Policy

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
POLICY = "/organization/decision/policy"


@dataclass
class Acme(Firm):
    app: Any = None


@pytest.fixture
async def firm(database: Database, tmp_path: Path) -> Acme:
    organization = await make_organization(database)
    project = await make_project(database, organization)
    lea = await caller(database, organization, "lea", [("engineer", project.id)])
    return Acme(database, organization, project, lea, make_app(database, router, home=tmp_path))


async def put(firm: Acme, user: Any, body: Any, status: int = 200) -> httpx.Response:
    async with make_client(firm.app) as client:
        await login(client, user)
        answer = await client.put(POLICY, json=body)
    assert answer.status_code == status, answer.text
    return answer


async def test_an_organizations_policy_holds_where_a_run_names_none_and_may_be_fixed(firm: Acme):
    oda = await make_user(firm.database, firm.organization, "oda", ["organization_admin"])
    await firm.cluster("alpha")
    assert (await firm.rank()).policy.name == Policy.WEIGHTED
    await put(firm, oda, {"policy": "weighted", "weights": {"cost": 1, "time": 3}})
    found = await firm.rank()
    assert (found.policy.name, found.policy.weights["time"]) == (Policy.WEIGHTED, 0.75)
    assert (await firm.rank(policy="fastest")).policy.name == Policy.FASTEST
    told = (await put(firm, oda, {"policy": "greenest", "fixed": True})).json()
    assert (told["fixed"], told["weights"], told["changed_at"] is not None) == (True, None, True)
    assert (await firm.rank()).policy.name == Policy.GREENEST
    assert (await firm.rank(policy="greenest")).policy.name == Policy.GREENEST
    with pytest.raises(Invalid, match="greenest and no other"):
        await firm.rank(policy="fastest")
    with pytest.raises(Invalid, match="no other"):
        await firm.rank(weights={"cost": 1})
    async with firm.database.worker() as session:
        recorded = await session.scalars(
            select(AuditEvent.facts).where(AuditEvent.action == "policy.changed").order_by(AuditEvent.id)
        )
        assert [one["policy"] for one in recorded] == ["weighted", "greenest"]


async def test_a_cluster_that_is_not_allowed_is_left_out_of_rankings_and_choices_and_says_why(firm: Acme):
    oda = await make_user(firm.database, firm.organization, "oda", ["organization_admin"])
    await firm.cluster("alpha")
    await firm.cluster("beta", "0.01")
    await put(firm, oda, {"policy": "cheapest", "barred": ["beta"]})
    found = await firm.rank()
    assert (names(found), codes(found)) == (["alpha"], {"beta": "barred"})
    choice = await firm.choose()
    assert choice.candidate is not None
    assert choice.candidate.cluster == "alpha"
    await put(firm, oda, {"policy": "cheapest", "barred": []})
    assert names(await firm.rank()) == ["beta", "alpha"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"policy": "deadline"}, 422),
        ({"policy": "fastest", "weights": {"cost": 1}}, 422),
        ({"policy": "weighted", "weights": {"beauty": 1}}, 422),
        ({"policy": "best"}, 422),
        ({"policy": "fastest", "barred": ["nowhere"]}, 404),
    ],
)
async def test_a_policy_that_cannot_hold_is_refused(firm: Acme, body: Any, status: int):
    await put(firm, await make_user(firm.database, firm.organization, "oda", ["organization_admin"]), body, status)


async def test_all_members_read_it_one_role_changes_it_and_no_other_organization_sees_it(firm: Acme):
    oda = await make_user(firm.database, firm.organization, "oda", ["organization_admin"])
    ben = await make_user(firm.database, firm.organization, "ben", ["engineer"])
    rival = await make_organization(firm.database, "rival")
    eve = await make_user(firm.database, rival, "eve", ["organization_admin"])
    await put(firm, ben, {"policy": "fastest"}, 403)
    await put(firm, oda, {"policy": "fastest"})
    for user, policy in ((ben, "fastest"), (eve, "weighted")):
        async with make_client(firm.app) as client:
            await login(client, user)
            assert (await client.get(POLICY)).json()["policy"] == policy
