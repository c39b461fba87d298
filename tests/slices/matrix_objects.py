"""One of everything in an organization, made once, and a user in each role."""

from dataclasses import dataclass
from typing import Any

from matrix_routes import HOST_KEY
from matrix_world import World
from people import make_project
from sqlalchemy import insert, select, update

from heroes.clusters.service.enrolment import fingerprint_of
from heroes.identity.models import Organization
from heroes.identity.rules import PLATFORM_ROLES, ROLES
from heroes.kit.db import Base, heroes_now
from heroes.kit.ids import new_id

PLAIN = {
    "workflow.yaml": "heroes: 1\nname: plain\ntitle: Plain\nsummary: Says hello.\nsteps:\n  say:\n"
    "    run: [echo, hello]\n    resources: {cores: 1, memory: 64 MiB, walltime: 01:00:00}\n"
}
BEGUN = {"Upload-Length": "3", "Upload-Metadata": "path ZGF0YTpiZWd1bg=="}  # data:begun
MEMBER = "member"  # a role of the organization's own that makes a member of a project and allows nothing any route asks


@dataclass
class Objects:
    """The ids and names of an organization's objects."""

    organization: Organization
    known: dict[str, tuple[str, str]]  # id, name (the id again where there is no name)

    def by(self, kind: str) -> dict[str, str]:
        return {key: pair[kind == "name"] for key, pair in self.known.items()}

    def secrets(self) -> set[str]:
        """What nobody elsewhere may be told."""
        told = {"organization", "customer", "fingerprint"}
        return {pair[0] for key, pair in self.known.items() if "_" in pair[0] and key not in told}


async def everything(world: World, *organizations: Organization) -> list[Objects]:
    """Furnish the organizations, with the rival's user `eve`, who may all that a customer may."""
    customer = world.acme
    made = [await _objects(world, organization, customer) for organization in organizations]
    everywhere = [role for role in ROLES if role not in PLATFORM_ROLES]
    own = await make_project(world.database, world.rival, "tail")
    member = [("engineer", own.id)]
    await world.user(world.rival, "eve", [*everywhere, *member])
    async with world.working():
        for one in made:
            wid = one.known["done"][0]
            shown = await world.ended(await world.client("lea", one.organization), wid)
            assert shown["status"] == "FINISHED", shown
    for one in made:
        await _unfinished(world, one)
        await _cluster(world, one)
        await _webhook(world, one)
    outside = await make_project(world.database, customer, "outside")
    await world.user(customer, "outsider", [("project_admin", outside.id), ("engineer", outside.id)])
    inside = await _project(world, customer)
    await world.user(customer, "insider", [("project_admin", inside), ("engineer", inside)])
    await world.user(customer, "newcomer", ["organization_admin", "engineer"])
    async with world.database.worker() as session:
        users = Base.metadata.tables["users"]
        one_time = update(users).where(users.c.username == "newcomer").values(password_one_time=True)
        await session.execute(one_time)
    return made


async def _objects(world: World, organization: Organization, customer: Organization) -> Objects:
    project = await make_project(world.database, organization)
    everybody = [role for role in ROLES if (role in PLATFORM_ROLES) == (organization.name == "heroes")]
    admin = ["solution_admin"] if organization.name == "heroes" else [r for r in ROLES if r not in PLATFORM_ROLES]
    await world.user(organization, "root", [*admin, ("engineer", project.id)])
    root = await world.client("root", organization)

    async def made(path: str, body: Any, **more: Any) -> dict[str, Any]:
        answer = await root.post(path, json=body, **more)
        assert answer.status_code in {200, 201, 202}, answer.text
        return dict(answer.json())

    await made("organization/admin/roles", {"name": "reader", "actions": ["workflow.read"]})
    await made("organization/admin/roles", {"name": MEMBER, "actions": ["application.package"]})
    lea = await world.user(organization, "lea", ["engineer", ("engineer", project.id)])
    program = await made("organization/admin/users", {"username": "program", "service": True})
    for role in everybody:
        await world.user(organization, role, [role, (MEMBER, project.id)])
    client = await world.client("lea", organization)
    token = (await client.post("organization/auth/token", json={"name": "mine"})).json()
    nightly = await made("organization/admin/clients", {"name": "nightly", "user": "program"})
    key = (await client.post("organization/credential", json={"title": "mine"})).json()
    held = {"user": lea.id, "role": "reader"}
    assignment = await made("organization/admin/assignments", held)
    for name in ("data", "empty"):
        await made("organization/data/bucket", {"name": name})
    put = "organization/data/bucket/data/object/"
    first = (await root.put(put + "a.dat", content=b"one")).json()
    await root.put(put + "a.dat", content=b"two")
    await root.put(put + "moved.dat", content=b"three")
    move = await made("organization/data/move", {"source": "data:moved.dat", "target": "data:there.dat"})
    await root.put(put + "old.dat", content=b"four")
    thrown = await made("organization/data/trash", {"bucket": "data", "path": "old.dat"})
    begun = await root.post("organization/data/uploads", headers=BEGUN)
    workflow = await world.publish(PLAIN, organization)
    whole = await made("organization/budget", {"kind": "organization", "amount": "1000"})
    done = (await client.post("organization/workflow/submit", json={"wtid": "plain"})).json()
    same = {
        "token": token["id"],
        "credential": key["id"],
        "client": nightly["client_id"],
        "assignment": assignment["id"],
        "operation": move["operation_id"] if "operation_id" in move else move["id"],
        "version": first["version_id"],
        "trashed": thrown["id"],
        "upload": begun.raise_for_status().headers["Location"].rpartition("/")[2],
        "budget": whole["id"],
        "done": done["wid"],
        "project_id": project.id,
        "fingerprint": fingerprint_of(HOST_KEY),
    }
    return Objects(
        organization,
        {
            **{key: (value, value) for key, value in same.items()},
            "user": (lea.id, "lea"),
            "program": (program["id"], "program"),
            "project": (project.id, project.name),
            "project_name": (project.name, project.name),
            "role": ("reader", "reader"),
            "organization": (organization.id, organization.name),
            "customer": (customer.id, customer.name),
            "bucket": ("data", "data"),
            "empty_bucket": ("empty", "empty"),
            "workflow": (workflow, "plain"),
        },
    )


async def _project(world: World, organization: Organization) -> str:
    projects = Base.metadata.tables["projects"].c
    own = select(projects.id).where(projects.organization_id == organization.id, projects.name == "wing")
    async with world.database.worker() as session:
        return str((await session.scalars(own)).one())


async def _unfinished(world: World, objects: Objects) -> None:
    client = await world.client("lea", objects.organization)
    running = (await client.post("organization/workflow/submit", json={"wtid": "plain"})).json()
    decisions = Base.metadata.tables["decisions"].c
    async with world.database.worker() as session:
        decision = await session.scalar(select(decisions.id).where(decisions.execution_id == running["wid"]))
    objects.known |= {"running": (running["wid"],) * 2, "decision": (str(decision),) * 2}


async def _cluster(world: World, objects: Objects) -> None:
    """A centre of the organization's own that has been seen, checked, and now shows a key that waits for approval."""
    root = await world.client("root", objects.organization)
    body = {"name": "alpha", "host": "login.alpha.example", "account": "heroes01", "host_key": HOST_KEY}
    enrolled = (await root.post("organization/cluster", json=body)).raise_for_status().json()
    tariff = await root.post("organization/tariff", json={"cluster": "alpha", "core_hour": "0.02"})
    clusters, queues = Base.metadata.tables["clusters"], Base.metadata.tables["queues"]
    sightings = Base.metadata.tables["sightings"]
    own = {"organization_id": objects.organization.id, "cluster_id": enrolled["id"]}
    seen = {"state": "UP", "nodes_total": 4, "nodes_free": 2, "down_nodes": 0, "pending_jobs": 0, "running_jobs": 1}
    limits = {"cores_per_node": 4, "gpus_per_node": 0, "sighted_at": heroes_now()}
    queue = new_id("que")
    async with world.database.worker() as session:
        ready = {"state": "READY", "offered_host_key": HOST_KEY}
        await session.execute(update(clusters).where(clusters.c.id == enrolled["id"]).values(ready))
        await session.execute(insert(queues).values(id=queue, name="batch", **own, **seen, **limits))
        await session.execute(insert(sightings).values(id=new_id("sgt"), queue_id=queue, cores_free=8, **own, **seen))
    objects.known |= {
        "cluster": (enrolled["id"], "alpha"),
        "line": (enrolled["line"]["id"],) * 2,
        "queue": (queue, "batch"),
        "tariff": (tariff.raise_for_status().json()["id"],) * 2,
    }


async def _webhook(world: World, objects: Objects) -> None:
    """A webhook, of which one event never arrived."""
    root = await world.client("root", objects.organization)
    made = await root.post("organization/webhook", json={"url": "https://hook.example/in", "types": ["budget.*"]})
    events, letters = Base.metadata.tables["events"], Base.metadata.tables["webhook_dead_letters"]
    own = {"organization_id": objects.organization.id, "type": "budget.threshold", "subject": "bud_1"}
    event, letter = new_id("evt"), new_id("dlt")
    dead = {"webhook_id": made.raise_for_status().json()["id"], "event_id": event, "attempts": 8, "trouble": "No."}
    async with world.database.worker() as session:
        await session.execute(insert(events).values(id=event, data={}, **own))
        await session.execute(insert(letters).values(id=letter, **own, **dead))
    objects.known |= {"webhook": (dead["webhook_id"],) * 2, "letter": (letter, letter)}
