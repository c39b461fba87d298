"""The machine itself as a cluster."""

import os
import shutil
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.sandbox import SandboxKind
from heroes.clusters.connect import here_root, walls
from heroes.clusters.models import Cluster, Line, Report
from heroes.clusters.probe import COMMANDS, CONTAINERS, facts
from heroes.clusters.rules import Auth, ClusterState, Kind, LineState
from heroes.clusters.service.sharing import open_to_all
from heroes.kit.ids import new_id
from heroes.kit.work import wake

NAME = "here"
_PATH = "/usr/local/bin:/usr/bin:/bin"


async def ensure_here(
    session: AsyncSession, organization_id: str, home: Path, machine_id: str, *, walled: bool | None = None
) -> Cluster:
    """Make this machine a cluster of `organization_id`, open to every organization, unless it is one; check it anew.

    Where jobs cannot be walled in (`walled`; None: tried now) it serves that organization only.
    """
    if walled is None:
        walled = await walls() is not SandboxKind.NONE
    own = select(Cluster).where(Cluster.organization_id == organization_id, Cluster.name == NAME)
    cluster = (await session.scalars(own)).one_or_none()
    root = here_root(home)
    if cluster is None:
        cluster = Cluster(
            id=new_id("clu"),
            organization_id=organization_id,
            name=NAME,
            title="This machine",
            kind=Kind.LOCAL,
            state=ClusterState.READY,
            job_root=root,
            facts={},
        )
        session.add(cluster)
        await session.flush()
    cluster.job_root = root
    cluster.facts = {**facts(_seen()), **cluster.facts, "walled": walled, "scheduler": {"name": "local"}}
    line = await _line(session, cluster, machine_id)
    await open_to_all(session, cluster, line, allowed=walled)
    if not await session.scalar(select(Report.id).where(Report.cluster_id == cluster.id, Report.state != "DONE")):
        report = Report(
            id=new_id("rep"), organization_id=organization_id, cluster_id=cluster.id, line_id=line.id, state="WAITING"
        )
        session.add(report)
        wake(report)
    return cluster


async def _line(session: AsyncSession, cluster: Cluster, machine_id: str) -> Line:
    line = (await session.scalars(select(Line).where(Line.cluster_id == cluster.id))).one_or_none()
    if line is None:
        line = Line(
            id=new_id("lin"),
            organization_id=cluster.organization_id,
            cluster_id=cluster.id,
            kind=Kind.LOCAL,
            account="heroes",
            auth=Auth.NONE,
            state=LineState.NEW,
            shared_with_consent="Jobs are walled in from each other on this machine.",
        )
        session.add(line)
    line.machine_id, line.root = machine_id, cluster.job_root
    wake(line)
    await session.flush()
    return line


def _seen() -> dict[str, object]:
    """What a probe would see, as far as it can be told without running one."""
    python = shutil.which("python3", path=_PATH)
    return {
        "python": "3" if python else None,
        "commands": [name for name in COMMANDS if shutil.which(name, path=_PATH)],
        "containers": [name for name in CONTAINERS if shutil.which(name, path=_PATH)],
        "cores": os.cpu_count() or 1,
        "openfoam": "/usr/share/openfoam" if Path("/usr/share/openfoam").is_dir() else None,
    }
