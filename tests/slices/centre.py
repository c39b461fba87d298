"""A centre with a disk of its own, whose scheduler does what a test says, and a platform that uses it.

The disk is a real folder and each job is its real script, run by a real shell: gate, payload, manifest and exit file
are what a site would have. Only the scheduler is played: it may lose its answer, take an order late, or be silent.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from people import caller_for, login, make_app, make_client, make_organization, make_project, make_user
from sqlalchemy import func, select, text

from heroes.adapters.files import LocalBlobStore
from heroes.adapters.git import Registry
from heroes.adapters.local import LocalFiles, LocalShell
from heroes.adapters.ports import (
    Absent,
    AlreadyOrdered,
    Busy,
    Fact,
    Found,
    Order,
    QueueFacts,
    Shell,
    Sighting,
    SiteEnd,
    SiteJob,
    SiteState,
    SiteUsage,
    Unaccounted,
    Unknown,
)
from heroes.clusters.lines import Site
from heroes.clusters.models import Cluster, Line, Queue
from heroes.clusters.rules import Kind
from heroes.clusters.sighting import store_jobs
from heroes.costs import service as costs
from heroes.costs.models import BudgetPeriod
from heroes.costs.rules import BudgetKind, Terms
from heroes.data import steps as data_steps
from heroes.executions import routes
from heroes.executions import steps as execution_steps
from heroes.executions.models import Execution
from heroes.identity import Caller
from heroes.jobs import steps as job_steps
from heroes.jobs.models import Attempt, Job
from heroes.kit.db import Database
from heroes.kit.errors import Refused, Unreachable
from heroes.kit.settings import Settings
from heroes.kit.work import Work
from heroes.parts import Parts
from heroes.workflows import archives
from heroes.workflows import service as workflows

DURABLE = ("executions", "jobs", "job_arrays", "transfers")
SILENCE = "The site's accounting did not answer."
ENDED = {"FINISHED", "FAILED", "CANCELED"}


class Centre:
    """The scheduler of one site and the connection to it, in one: `Batch`, and what a line needs."""

    name = "played"

    def __init__(self, name: str, root: Path) -> None:
        self.cluster, self.root = name, root
        root.mkdir(parents=True)
        self.shell, self.files = LocalShell(), LocalFiles(str(root))
        self.jobs: dict[str, SiteJob] = {}
        """by number, elements of arrays as NUMBER_INDEX"""
        self.orders: dict[str, Order] = {}
        self.coming: list[Order] = []
        self.late = False
        """the order leaves, and is taken only when `arrive` is called"""
        self.mute = False
        """the order is taken, and the answer is lost"""
        self.shut = False
        """the login node lets no command in"""
        self.silent = False
        """no question is answered"""
        self.unaccounted = False
        """live jobs are told; its accounting does not answer"""
        self.down = False
        """nothing answers at all"""
        self.busy: int | None = None
        """jobs that it takes at a time"""
        self.largest: int | None = None
        """elements that it takes in an array"""
        self.given = 0
        """orders that reached it"""
        self.fates: dict[int, SiteEnd] = {}
        """number of the start at this centre → how the site ends it"""
        self.leaves_exit_files = False
        """also jobs that the site ends write theirs"""
        self.started = 0

    # ------------------------------------------------------------------------------------------------------- Batch

    async def submit(self, shell: Shell, order: Order) -> str:
        self.given += 1
        count = 1 if order.indexes is None else len(order.indexes)
        live = sum(job.state is not SiteState.ENDED for job in self.jobs.values())
        if self.busy is not None and live + count > self.busy:
            raise Busy("The site takes no more jobs of this account now.", said="AssocMaxSubmitJobLimit")
        if self.largest is not None and count > self.largest:
            raise Refused("The array is too large for the site.", said="Invalid job array specification")
        try:
            (Path(order.folder) / order.token).mkdir(mode=0o700)
        except FileExistsError:
            raise AlreadyOrdered("This order was given before.") from None
        if self.shut:
            raise Refused("The account's login shell runs no commands.", code="no_shell")
        if self.late:
            self.coming.append(order)
            raise Unreachable("The answer did not come.")
        site_id = self._take(order)
        if self.mute:
            raise Unreachable("The answer did not come.")
        return site_id

    def arrive(self) -> None:
        """Take the orders that were on their way."""
        while self.coming:
            self._take(self.coming.pop())

    def _take(self, order: Order) -> str:
        site_id = str(1000 + len(self.orders))
        self.orders[site_id] = order
        for index in (None,) if order.indexes is None else order.indexes:
            job = SiteJob(site_id, index, order.token, SiteState.QUEUED, submitted_at=now())
            self.jobs[_name(job)] = job
        return site_id

    async def find(self, shell: Shell, token: str, *, since: datetime) -> Found | Absent | Unknown:
        if self.silent:
            return Unknown("the scheduler did not answer")
        found = [job for job in self.jobs.values() if job.token == token]
        return Found(found, complete=True) if found else Absent(now())

    async def watch(
        self, shell: Shell, *, since: datetime, known: Collection[str], sample: Collection[tuple[str, int | None]] = ()
    ) -> Sighting:
        if self.silent:
            raise Unreachable("The scheduler did not answer.")
        told = [job for job in self.jobs.values() if not (self.unaccounted and job.state is SiteState.ENDED)]
        sources = {"queue": None, "accounting": SILENCE if self.unaccounted else None}
        return Sighting({job.key: job for job in told}, sources, now())

    def is_told(self, seen: SiteJob) -> bool:
        return False

    async def usage(self, shell: Shell, site_ids: Collection[str]) -> dict[tuple[str, int | None], SiteJob]:
        if self.silent or self.unaccounted:
            raise Unaccounted(SILENCE)
        return {job.key: job for name, job in self.jobs.items() if job.site_id in site_ids or name in site_ids}

    async def cancel(self, shell: Shell, token: str, site_ids: Collection[str]) -> None:
        if self.silent:
            raise Unreachable("The scheduler did not answer.")
        for name, job in self.jobs.items():
            if (
                job.token == token
                and (job.site_id in site_ids or name in site_ids)
                and job.state is not SiteState.ENDED
            ):
                self._end(name, SiteEnd.CANCELLED, None)

    async def queues(self, shell: Shell) -> list[QueueFacts]:
        return []

    async def probe(self, shell: Shell) -> list[Fact]:
        return []

    # ---------------------------------------------------------------------------------------------- what a site does

    def waits(self, reason: str, words: str) -> None:
        """Let every queued job wait for a reason."""
        for site_id, job in self.jobs.items():
            if job.state is SiteState.QUEUED:
                self.jobs[site_id] = replace(job, reason=reason, text=words)

    async def run(self, most: int | None = None) -> int:
        """Start every queued job (or `most` of them) and let it end; return how many."""
        queued = [site_id for site_id, job in self.jobs.items() if job.state is SiteState.QUEUED][:most]
        for site_id in queued:
            self.started += 1
            began = now()
            code = await self._payload(site_id)
            fate = self.fates.get(self.started)
            self.jobs[site_id] = replace(self.jobs[site_id], started_at=began)
            if fate and not self.leaves_exit_files:
                self._killed(site_id)
            self._end(site_id, fate or (SiteEnd.COMPLETED if code == 0 else SiteEnd.FAILED), None if fate else code)
        return len(queued)

    async def _payload(self, name: str) -> int:
        job = self.jobs[name]
        order = self.orders[job.site_id]
        folder = Path(order.folder) / order.token
        if not folder.is_dir():
            return 113
        element = "" if job.index is None else f".{job.index}"
        numbers = {"SLURM_JOB_ID": job.site_id}
        if job.index is not None:  # as Slurm does: each element has a number of its own
            numbers = {"SLURM_JOB_ID": f"9{job.site_id}{job.index}", "SLURM_ARRAY_JOB_ID": job.site_id}
            numbers["SLURM_ARRAY_TASK_ID"] = str(job.index)
        with (folder / f"stdout{element}").open("wb") as out, (folder / f"stderr{element}").open("wb") as err:
            process = await asyncio.create_subprocess_exec(
                "bash",
                order.script_path,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=order.folder,
                env={"PATH": os.environ["PATH"], **numbers},
            )
            return await process.wait()

    def _killed(self, name: str) -> None:
        """Take away what the epilogue of a job that the site ended would never have written."""
        job = self.jobs[name]
        order = self.orders[job.site_id]
        for left in ("exit", "outputs", "sums"):
            (Path(order.folder) / order.token / f"{left}-{job.index or 0}").unlink(missing_ok=True)

    def _end(self, site_id: str, end: SiteEnd, code: int | None) -> None:
        job = self.jobs[site_id]
        usage = None
        if job.started_at is not None:
            order = self.orders[job.site_id]
            usage = SiteUsage(nodes=order.nodes, cpus=order.tasks * order.cpus_per_task, elapsed_s=36.0)
        changed = {"state": SiteState.ENDED, "end": end, "exit_code": code, "ended_at": now(), "usage": usage}
        self.jobs[site_id] = replace(job, **changed)  # type: ignore[arg-type]


def _name(job: SiteJob) -> str:
    return job.site_id if job.index is None else f"{job.site_id}_{job.index}"


def now() -> datetime:
    return datetime.now(UTC)


class Lines:
    """The lines of a worker, each to a played centre."""

    def __init__(self) -> None:
        self.centres: dict[str, Centre] = {}

    def owned(self) -> list[str]:
        return list(self.centres)

    @asynccontextmanager
    async def control(self, line_id: str) -> AsyncIterator[Site]:
        centre = self.centres[line_id]
        if centre.down:
            raise Unreachable(f"{centre.cluster} does not answer.")
        cluster_id = line_id.replace("lin_", "clu_")
        yield Site(
            centre.shell,
            centre.files,
            centre,
            str(centre.root),
            centre.cluster,
            line_id,
            cluster_id,
            Kind.SLURM,
            None,
            0o700,
        )

    bulk = watching = peek = control

    async def together(self, line_id: str, ask: Any, key: Any) -> Any:
        async with self.control(line_id) as site:
            return (await ask(site, [key])).get(key)

    def heard_at(self, line_id: str) -> datetime | None:
        return None


@dataclass
class World:
    """An organization with an engineer, a budget, and one or more played centres."""

    database: Database
    parts: Parts
    lines: Lines
    organization: Any
    project: Any
    user: Any
    lea: Caller
    client: httpx.AsyncClient
    centres: dict[str, Centre] = field(default_factory=dict)

    async def centre(self, name: str, core_hour: str = "1", **queue: Any) -> Centre:
        """Add a centre with one queue, an account that answers, and a price per core-hour."""
        owner, root = self.organization.id, self.parts.settings.home / name
        made = Centre(name, root)
        given = {"max_walltime_s": 3600, "memory_bytes_per_node": 8 * 2**30, "facts": {"commands": []}, **queue}
        async with self.database.worker() as session:
            session.add(
                Cluster(
                    id=f"clu_{name}",
                    organization_id=owner,
                    name=name,
                    kind="slurm",
                    state="READY",
                    job_root=str(root),
                )
            )
            await session.flush()
            session.add(
                Queue(
                    id=f"que_{name}",
                    organization_id=owner,
                    cluster_id=f"clu_{name}",
                    name="main",
                    state="UP",
                    nodes_total=2,
                    nodes_free=2,
                    down_nodes=0,
                    cores_per_node=8,
                    cores_total=16,
                    gpus_per_node=0,
                    pending_jobs=0,
                    running_jobs=0,
                    sighted_at=func.heroes_now(),
                    **given,
                )
            )
            session.add(
                Line(
                    id=f"lin_{name}",
                    organization_id=owner,
                    cluster_id=f"clu_{name}",
                    kind="slurm",
                    account="heroes",
                    auth="none",
                    state="CONNECTED",
                    root=str(root),
                    last_heard_at=func.heroes_now(),
                )
            )
        async with self.database.app(owner) as session:
            terms = Terms(currency="EUR", core_hour=exact(core_hour))
            await costs.create_tariff(
                session, Caller.system(owner), cluster_id=f"clu_{name}", owner_id=owner, terms=terms
            )
        self.centres[name] = self.lines.centres[f"lin_{name}"] = made
        return made

    def work(self, *, database: Database | None = None) -> Work:
        """Return a further worker."""
        parts = replace(self.parts, database=database or self.database)
        slices = (data_steps, job_steps, execution_steps)
        return Work(parts.database, [one for slice_ in slices for one in slice_.registrations(parts)])

    async def publish(self, steps: str, head: str = "") -> str:
        """Publish a workflow of these steps; return its id."""
        body = "".join(f"  {line}\n" for line in steps.strip("\n").splitlines())
        files = archives.from_texts({"workflow.yaml": f"heroes: 1\nname: probe\n{head}steps:\n{body}"})
        who = Caller.system(self.organization.id)
        async with self.database.worker() as session:
            found = await workflows.publish(session, who, self.parts.registry, self.parts.store, files)
        return str(found.workflow.id)

    async def submit(self, steps: str, *, head: str = "", **body: Any) -> str:
        """Publish, submit, and return the execution's id."""
        await self.publish(steps, head)
        return str((await self.post("submit", {"wtid": "probe", **body}))["wid"])

    async def post(self, path: str, body: Any = None, status: int = 202, **more: Any) -> dict[str, Any]:
        answer = await self.client.post(f"/organization/workflow/{path}", json=body or {}, **more)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    async def get(self, path: str) -> Any:
        answer = await self.client.get(f"/organization/workflow/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def cancel(self, wid: str) -> None:
        answer = await self.client.delete(f"/organization/workflow/{wid}")
        assert answer.status_code == 202, answer.text

    async def due(self) -> None:
        """Let time pass until everything that waits is due; leases end, orders grow old."""
        async with self.database.worker() as session:
            for table in DURABLE:
                await session.execute(text(f"UPDATE {table} SET due_at = heroes_now() WHERE due_at IS NOT NULL"))
            await session.execute(text("UPDATE submissions SET ordered_at = ordered_at - interval '1 minute'"))

    async def look(self) -> None:
        """Let the keepers of the lines see the sites' jobs."""
        for line_id, centre in self.lines.centres.items():
            if not centre.silent and not centre.down:
                seen = await centre.watch(centre.shell, since=now(), known=())
                async with self.database.worker() as session:
                    await store_jobs(session, line_id, seen, {})

    async def step(self) -> None:
        """Do all that can be done now; nothing runs at the sites meanwhile.

        An execution whose job was just being advanced asks for its end again a moment later: that is waited for.
        """
        soon = text(
            "UPDATE executions SET due_at = heroes_now() WHERE lease_owner IS NULL"
            " AND cancel_requested_at IS NOT NULL AND due_at < heroes_now() + interval '1 second' RETURNING id"
        )
        for _ in range(20):
            await self.work().until_idle()
            async with self.database.worker() as session:
                if not (await session.scalars(soon)).all():
                    return
        raise AssertionError("an execution asks again and again for the end of its jobs")

    async def round(self) -> None:
        """Let time pass once: the platform acts, the sites run what they have, the platform looks."""
        await self.due()
        await self.step()
        for centre in self.centres.values():
            await centre.run()
        await self.look()
        await self.step()

    async def ended(self, wid: str, rounds: int = 40) -> dict[str, Any]:
        """Let time pass until an execution has ended; return it."""
        for _ in range(rounds):
            await self.round()
            shown = await self.get(wid)
            if shown["status"] in ENDED:
                return dict(shown)
        raise AssertionError((shown, await self.get(f"{wid}/jobs")))

    async def jobs(self, wid: str) -> Sequence[Job]:
        async with self.database.worker() as session:
            return (
                await session.scalars(select(Job).where(Job.execution_id == wid).order_by(Job.step, Job.index))
            ).all()

    async def attempts(self, wid: str) -> Sequence[Attempt]:
        async with self.database.worker() as session:
            mine = select(Job.id).where(Job.execution_id == wid)
            return (await session.scalars(select(Attempt).where(Attempt.job_id.in_(mine)).order_by(Attempt.id))).all()

    async def execution(self, wid: str) -> Execution:
        async with self.database.worker() as session:
            return await session.get_one(Execution, wid)

    async def held(self) -> float:
        """Return what the budget still holds for executions."""
        async with self.database.worker() as session:
            return float((await session.scalars(select(func.sum(BudgetPeriod.reserved)))).one() or 0)


def exact(number: str) -> Any:
    from decimal import Decimal

    return Decimal(number)


@asynccontextmanager
async def world_of(database: Database, home: Path, *, budget: str = "1000") -> AsyncIterator[World]:
    """Yield an organization `acme` with the engineer lea, who has a project and a budget, and no centre yet."""
    organization = await make_organization(database)
    project = await make_project(database, organization)
    user = await make_user(database, organization, "lea", ["engineer", ("engineer", project.id)])
    lines = Lines()
    parts = Parts(Settings(home=home), database, LocalBlobStore(home / "objects"), None, Registry(home), lines)  # type: ignore[arg-type]
    async with database.app(organization.id) as session:
        await costs.create_budget(
            session,
            Caller.system(organization.id),
            kind=BudgetKind.PROJECT,
            project_id=project.id,
            amount=exact(budget),
            currency="EUR",
            title="Wing",
        )
    app = make_app(database, routes.router, home=home)
    app.state.store = parts.store
    client = await login(make_client(app), user)
    try:
        yield World(database, parts, lines, organization, project, user, await caller_for(database, user), client)
    finally:
        await client.aclose()


__all__ = ["Centre", "Refused", "World", "world_of"]
