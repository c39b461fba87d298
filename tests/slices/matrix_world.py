"""The whole platform in one test process: every route, every step, this machine as its cluster, three organizations."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from people import login, make_client, make_organization, make_project, make_user
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.files import LocalBlobStore
from heroes.adapters.git import Registry
from heroes.api import create_app
from heroes.clusters import service as clusters
from heroes.clusters.lines import Lines
from heroes.costs import service as costs
from heroes.costs.rules import BudgetKind, Terms
from heroes.identity import Caller
from heroes.identity.models import Organization, Project, User
from heroes.kit.db import Base, Database
from heroes.kit.machine import machine_id
from heroes.kit.postgres import DatabaseUrls
from heroes.kit.secrets import DatabaseSecrets
from heroes.kit.settings import Settings
from heroes.kit.work import Work
from heroes.parts import Parts
from heroes.worker import registrations, stamp
from heroes.workflows import archives
from heroes.workflows import service as workflows
from tables import empty

V1 = "/api/v1"
ENDED = {"FINISHED", "FAILED", "CANCELED"}
GREET = """heroes: 1
name: greet
title: Say a word
summary: Writes a word and a copy of its input.
parameters:
  word: {type: string, default: hello, maxLength: 1000}
  times: {type: integer, minimum: 1, maximum: 9, default: 1}
  source: {type: string, format: file}
required: [source]
steps:
  say:
    files: [say.sh]
    inputs: {in.dat: "{{ params.source }}"}
    run: [sh, say.sh, "{{ params.word }}"]
    resources: {cores: 1, memory: 64 MiB, walltime: 01:00:00}
    outputs: {said: said.txt, copy: copy.dat}
outputs: {said.txt: "{{ steps.say.outputs.said }}", copy.dat: "{{ steps.say.outputs.copy }}"}
"""
GREET_FILES = {"workflow.yaml": GREET, "say.sh": 'printf %s "$1" > said.txt\ncat in.dat > copy.dat\n'}


class Rehearsal(Database):
    """A database whose API side can play a request to its end and then undo it, so that all see the same rows."""

    undoing = False

    @asynccontextmanager
    async def app(self, organization_id: str | None) -> AsyncIterator[AsyncSession]:
        if not self.undoing:
            async with super().app(organization_id) as session:
                yield session
            return
        async with self._app_sessions() as session:
            await session.execute(select(func.set_config("heroes.organization", organization_id or "", True)))
            yield session
            await session.flush()
            session.expunge_all()  # what the request read stays as it read it
            await session.rollback()


@dataclass
class World:
    """The platform, its organizations, and clients that are logged in."""

    database: Rehearsal
    parts: Parts
    app: FastAPI
    heroes: Organization
    acme: Organization
    rival: Organization
    here: str  # id of this machine as a cluster
    projects: dict[str, Project] = field(default_factory=dict)
    users: dict[tuple[str, str], User] = field(default_factory=dict)
    clients: dict[tuple[str, str], httpx.AsyncClient] = field(default_factory=dict)

    async def user(self, organization: Organization, name: str, roles: Sequence[Any], **more: Any) -> User:
        made = await make_user(self.database, organization, name, roles, **more)
        self.users[organization.name, name] = made
        return made

    async def client(self, name: str, organization: Organization | None = None) -> httpx.AsyncClient:
        """Return a client that acts as a user who exists, in `acme` unless told otherwise."""
        key = (organization or self.acme).name, name
        if key not in self.clients:
            client = await login(make_client(self.app), self.users[key])
            client.base_url = httpx.URL("http://test" + V1 + "/")
            self.clients[key] = client
        return self.clients[key]

    def stranger(self) -> httpx.AsyncClient:
        """Return a client that has not logged in."""
        client = make_client(self.app)
        client.base_url = httpx.URL("http://test" + V1 + "/")
        self.clients["", str(len(self.clients))] = client
        return client

    async def publish(self, files: dict[str, str], organization: Organization | None = None) -> str:
        """Publish a workflow as the platform itself and return its id."""
        who = Caller.system((organization or self.acme).id)
        async with self.database.worker() as session:
            bundle = archives.from_texts(files)
            found = await workflows.publish(session, who, self.parts.registry, self.parts.store, bundle)
        return found.workflow.id

    async def budget(self, amount: str, project: Project, *, title: str = "Wing") -> str:
        who = Caller.system(project.organization_id)
        async with self.database.app(project.organization_id) as session:
            told = await costs.create_budget(
                session,
                who,
                kind=BudgetKind.PROJECT,
                project_id=project.id,
                amount=Decimal(amount),
                currency="EUR",
                title=title,
            )
        return told.budget.id

    async def count(self, *tables: str) -> dict[str, int]:
        """Return how many rows these tables hold."""
        async with self.database.worker() as session:
            asked = {name: select(func.count()).select_from(Base.metadata.tables[name]) for name in tables}
            return {name: await session.scalar(query) or 0 for name, query in asked.items()}

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Let a worker work meanwhile."""
        assert self.parts.lines is not None
        stop = asyncio.Event()
        work = Work(self.database, registrations(self.parts))
        running = [asyncio.create_task(work.run(stop)), asyncio.create_task(self.parts.lines.run(stop))]
        running.append(asyncio.create_task(stamp(self.parts, work.bell("events"), stop)))
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*running)

    async def sighted(self) -> None:
        """Wait until this machine has been seen and checked."""
        tables = Base.metadata.tables
        queues = select(func.count()).select_from(tables["queues"])
        waiting = select(func.count()).select_from(tables["reports"]).where(tables["reports"].c.state != "DONE")
        async with asyncio.timeout(60):
            while True:
                async with self.database.worker() as session:
                    if await session.scalar(queues) and not await session.scalar(waiting):
                        return
                await asyncio.sleep(0.05)

    async def ended(self, client: httpx.AsyncClient, wid: str) -> dict[str, Any]:
        """Wait for the end of an execution and return it."""
        async with asyncio.timeout(60):
            while True:
                shown = (await client.get(f"organization/workflow/{wid}")).raise_for_status().json()
                if shown["status"] in ENDED:
                    return dict(shown)
                await asyncio.sleep(0.1)


@asynccontextmanager
async def platform(urls: DatabaseUrls) -> AsyncIterator[World]:
    """Yield a platform on an empty database, with this machine sighted, checked and priced, and an engineer, lea."""
    empty(urls)
    home = Path(tempfile.mkdtemp(prefix="heroes-world-", dir="/tmp"))
    settings = Settings(home=home, watch_seconds=0.3, log_level="WARNING")
    database = Rehearsal(urls, pool_size=24)
    parts = Parts(
        settings=settings,
        database=database,
        store=LocalBlobStore(home / "objects"),
        secrets=DatabaseSecrets(b"k" * 32),
        registry=Registry(home),
    )
    parts = Parts(**{**vars(parts), "lines": Lines(parts)})
    app = create_app(settings, parts)
    async with app.router.lifespan_context(app):
        heroes = await make_organization(database, "heroes", platform=True)
        acme, rival = await make_organization(database, "acme"), await make_organization(database, "rival")
        async with database.worker() as session:
            here = await clusters.ensure_here(session, heroes.id, home, machine_id(home))
            await costs.create_tariff(
                session,
                Caller.system(heroes.id),
                cluster_id=here.id,
                owner_id=heroes.id,
                terms=Terms(currency="EUR", core_hour=Decimal("1")),
                title="This machine",
            )
        world = World(database, parts, app, heroes, acme, rival, here.id)
        try:
            async with world.working():
                await world.sighted()
            yield world
        finally:
            for client in world.clients.values():
                await client.aclose()
            with suppress(Exception):
                await parts.lines.close()  # type: ignore[union-attr]
            await database.close()
            shutil.rmtree(home, ignore_errors=True)


async def furnish(world: World, organization: Organization, *, budget: str = "1000") -> Project:
    """Give an organization a project `wing`, an engineer `lea` in it, a file of hers, a workflow and a budget."""
    project = await make_project(world.database, organization)
    world.projects[organization.name] = project
    await world.user(organization, "lea", ["engineer", ("engineer", project.id)])
    lea = await world.client("lea", organization)
    sent = await lea.put("organization/data/bucket/home/object/a.dat", content=b"data")
    assert sent.status_code == 201, sent.text
    await world.publish(GREET_FILES, organization)
    await world.budget(budget, project)
    return project
