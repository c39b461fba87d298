"""What the interface asks, in terms of the platform's own services."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.events import service as events
from heroes.executions import service as executions
from heroes.executions.schemas import Resources, Submission
from heroes.facades.hpcwaas import rules
from heroes.facades.hpcwaas.rules import Level
from heroes.facades.hpcwaas.schemas import Log, Logs
from heroes.identity import Caller
from heroes.identity.service import credentials
from heroes.kit.errors import AppError, Invalid, NotFound
from heroes.kit.faults import Fault
from heroes.kit.outbox import Event
from heroes.workflows import service as workflows


async def shadowed(session: AsyncSession, who: Caller) -> set[str]:
    """Return the ids of visible workflows whose name another one answers to: they go by their id."""
    listed = workflows.listed(who).subquery()
    twice = select(listed.c.name).group_by(listed.c.name).having(func.count() > 1)
    rows = (await session.execute(select(listed.c.id, listed.c.name).where(listed.c.name.in_(twice)))).all()
    return {row.id for row in rows if (await workflows.find(session, who, row.name)).id != row.id}


async def trigger(session: AsyncSession, who: Caller, identifier: str, inputs: dict[str, Any]) -> str:
    """Start an execution and return its id. Raises NotFound, Denied, Invalid, NoCluster, OverBudget."""
    try:
        target = rules.target(identifier)
    except ValueError as error:
        raise NotFound(f"There is no workflow {identifier[:200]!r}: {error}.") from None
    workflow, _, bundle = await workflows.get(session, who, target.workflow)
    if target.name not in {None, workflow.name}:
        raise NotFound(f"The application {target.workflow} has no workflow {target.name}; it has {workflow.name}.")
    read = rules.read(bundle.schema, inputs)
    read.parameters = await _without_tokens(session, who, read.parameters, read.faults)
    cluster = target.cluster or await _where(session, who, read)
    if read.faults:
        raise Invalid("Some inputs must be put right.", read.faults)
    asked = Submission(
        wtid=workflow.id,
        parameters=read.parameters,
        resources=Resources(nodes=read.nodes) if read.nodes else None,
        cluster=cluster,
        project=read.project,
    )
    return (await executions.submit(session, who, asked)).id


async def _without_tokens(session: AsyncSession, who: Caller, parameters: Any, faults: list[Fault]) -> Any:
    """Return the parameters with the id of each key in place of its token, which is kept nowhere."""
    names: dict[str, str] = {}
    for text in rules.texts(parameters):
        if text.startswith(credentials.TOKEN):
            try:
                names[text] = (await credentials.find(session, who, text)).id
            except AppError as error:
                faults.append({"pointer": "/inputs", "message": error.detail})
    return rules.replaced(parameters, names) if names else parameters


async def _where(session: AsyncSession, who: Caller, read: rules.Inputs) -> str | None:
    """Return the cluster to which a key and an account lead; None where neither was given."""
    if read.vault_id is None and read.user_id is None:
        return None
    credential = None
    if read.vault_id is not None:
        try:
            credential = (await credentials.find(session, who, read.vault_id)).id
        except NotFound as error:
            read.faults.append({"pointer": "/inputs/vault_id", "message": error.detail})
            return None
    found = await clusters.reached_by(session, who, account=read.user_id, credential_id=credential)
    if not found:
        read.faults.append(
            {
                "pointer": "/inputs/user_id" if read.user_id else "/inputs/vault_id",
                "message": "no account of your organization on any cluster has this name and key; an administrator "
                "adds one with: heroes cluster add-account",
            }
        )
        return None
    return found[0]


_LEVEL: ColumnElement[int] = case(
    (Event.type.like("%.failed"), literal(int(Level.ERROR))),
    (
        and_(Event.type == "job.ended", Event.data["end"].astext.not_in(["SUCCEEDED", "CANCELLED"])),
        literal(int(Level.ERROR)),
    ),
    (Event.type.in_(["execution.canceled", "step.canceled", "step.skipped", "job.placed"]), literal(int(Level.WARN))),
    (Event.type.like("job.%"), literal(int(Level.DEBUG))),
    else_=literal(int(Level.INFO)),
)


async def logs(session: AsyncSession, who: Caller, wid: str, *, start: int, size: int, wanted: Level) -> Logs:
    """Return the entries from `start` on, oldest first; an entry keeps its place for good. Raises NotFound."""
    execution = await executions.get(session, who, wid)
    chosen = events.readable(who, wid).where(_LEVEL.in_([int(level) for level in wanted]))
    total = await session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    page = chosen.add_columns(_LEVEL.label("level")).order_by(Event.seq).offset(start).limit(size)
    rows: Sequence[Any] = (await session.execute(page)).all() if start < total else []
    entries = [
        Log(
            level=Level(level).name or "INFO",
            timestamp=event.at.astimezone(UTC),
            content=rules.sentence(event.type, event.data, execution.reason),
        )
        for event, level in rows
    ]
    return Logs.model_validate({"logs": entries, "total_results": total, "from": start})


async def is_over(session: AsyncSession, who: Caller, wid: str) -> str | None:
    """Return the last state of an execution of which no entry will follow, None while some may."""
    execution = await executions.get(session, who, wid)
    last = await session.scalar(select(func.max(events.readable(who, wid).subquery().c.seq)))
    over = last is not None and await events.is_over(session, who, wid, last)
    return rules.status(execution.status) if over else None
