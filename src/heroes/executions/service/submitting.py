"""From a request to a running execution: read, rank, reserve, start."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.costs import service as costs
from heroes.data import service as data
from heroes.executions.engines import steps as engine
from heroes.executions.models import Execution, Step, Taken
from heroes.executions.rules import Status
from heroes.executions.schemas import Request, Resources, Submission
from heroes.identity import Action, Caller
from heroes.kit import audit, bulk, outbox
from heroes.kit.db import heroes_now
from heroes.kit.errors import AppError, Invalid, NoCluster
from heroes.kit.faults import Fault, fault, fault_of
from heroes.kit.ids import new_id
from heroes.kit.work import wake
from heroes.placement import service as placement
from heroes.placement.schemas import Candidate, Ranking
from heroes.workflows import service as workflows
from heroes.workflows.rules import Bundle, file_references, json_pointer, validate

Problems = list[Fault]


class Prepared:
    """A request read against its workflow: parameters with defaults, the data they name, what each step needs."""

    def __init__(
        self,
        workflow: Any,
        version: Any,
        bundle: Bundle,
        parameters: dict[str, Any],
        inputs: dict[str, list[dict[str, Any]]],
        project_id: str,
        needs: list[placement.Need],
    ):
        self.workflow, self.version, self.bundle = workflow, version, bundle
        self.parameters, self.inputs = parameters, inputs
        self.project_id, self.needs = project_id, needs


async def prepare(session: AsyncSession, who: Caller, request: Request) -> Prepared:
    """Read a request against its workflow.

    Raises NotFound for the workflow, Denied, Invalid with a JSON pointer for each problem at once.
    """
    workflow, version, bundle = await workflows.get(session, who, request.wtid, request.version)
    if not who.anywhere(Action.WORKFLOW_RUN):
        who.must(Action.WORKFLOW_RUN)
    problems: Problems = []
    project_id = _project(who, request.project, problems)
    parameters, found = validate(bundle, request.parameters)
    problems += [{**one, "pointer": f"/parameters{one['pointer']}"} for one in found]
    inputs: dict[str, list[dict[str, Any]]] = {}
    needs: list[placement.Need] = []
    wrong = {one["pointer"] for one in found}
    named = [one for one in file_references(bundle.schema, parameters) if one[0] not in wrong]
    references = {reference for _, reference in named}
    if not found:  # templates of inputs can be read only with all the parameters that they name
        references |= engine.data_references(bundle, parameters)
    inputs = await _inputs(session, who, references, dict(_pointers(parameters)), problems)
    problems += _folders_for_files(bundle, parameters, inputs)
    if not found:
        context = engine.Context(parameters, wishes(request.resources), inputs, version.files, {}, {})
        try:
            needs = engine.needs(bundle, workflow.id, parameters, context)
        except ValueError as error:
            problems.append(fault_of("/resources", error))
    if problems:
        count = "One thing" if len(problems) == 1 else f"{len(problems)} things"
        raise Invalid(f"{count} must be put right before this can run.", problems, case="see_fields")
    return Prepared(workflow, version, bundle, parameters, inputs, project_id or "", needs)


def wishes(resources: Resources | None) -> dict[str, Any]:
    """Return what a user said of resources, without what was left out."""
    return resources.model_dump(exclude_none=True) if resources else {}


def _project(who: Caller, wanted: str | None, problems: Problems) -> str | None:
    runnable = {pid: name for pid, name in who.projects.items() if who.can(Action.WORKFLOW_RUN, pid)}
    if wanted is not None:
        for project_id, name in runnable.items():
            if wanted in {project_id, name}:
                return project_id
        message = f"{wanted!r} is not a project in which you may run workflows."
        problems.append(fault("/project", message, "not_your_project", given=wanted))
    elif len(runnable) == 1:
        return next(iter(runnable))
    elif runnable:
        message = f"You are in several projects; say which one pays: {', '.join(sorted(runnable.values()))}."
        problems.append(fault("/project", message, "which_project", projects=sorted(runnable.values())))
    else:
        message = "You may run workflows in no project; ask a project administrator to add you to one."
        problems.append(fault("/project", message, "no_project_of_yours"))
    return None


async def _inputs(
    session: AsyncSession, who: Caller, references: set[str], written: Mapping[str, str], problems: Problems
) -> dict[str, list[dict[str, Any]]]:
    """Resolve references to data, as the caller; what is missing is a problem at each parameter that names it.

    `written` are the texts of the parameters by JSON pointer.
    """
    inputs: dict[str, list[dict[str, Any]]] = {}
    for reference in sorted(references):
        try:
            items = await data.resolve(session, who, reference)
        except AppError as error:
            places = [pointer for pointer, text in written.items() if text == reference] or [""]
            told = {"reference": reference, **{k: v for k, v in error.facts.items() if k not in {"problems", "case"}}}
            code = str(error.facts.get("case") or error.reason)
            problems += [fault(f"/parameters{pointer}", error.detail, code, **told) for pointer in places]
        else:
            inputs[reference] = [asdict(item) for item in items]
    return inputs


def _folders_for_files(bundle: Bundle, parameters: dict[str, Any], inputs: dict[str, Any]) -> Problems:
    """Name every parameter that wants one file and was given a folder."""
    return [
        fault(f"/parameters{pointer}", f"{reference} is a folder; this needs one file.", "folder", reference=reference)
        for pointer, reference in file_references(bundle.schema, parameters, formats=("file",))
        if reference in inputs and not _is_one_file(reference, inputs[reference])
    ]


def _is_one_file(reference: str, items: list[dict[str, Any]]) -> bool:
    name = reference.partition(":")[2].rpartition("/")[2]
    return len(items) == 1 and items[0]["kind"] != "dir" and items[0]["path"] == name


def _pointers(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Return every text among the parameters with its JSON pointer."""
    match value:
        case str():
            yield at, value
        case dict():
            for name, inner in value.items():
                yield from _pointers(inner, at + json_pointer([name]))
        case list():
            for number, inner in enumerate(value):
                yield from _pointers(inner, f"{at}/{number}")


async def rank(session: AsyncSession, who: Caller, request: Request) -> Ranking:
    """Rank the clusters for a request; nothing is started, no cluster is called."""
    prepared = await prepare(session, who, request)
    return await placement.rank(session, who, prepared.needs, **request.aim, project_id=prepared.project_id)


async def submit(session: AsyncSession, who: Caller, request: Submission) -> Execution:
    """Reserve the budget and start an execution, all in this transaction.

    Raises Invalid, NoCluster with every cluster's reason and cure, OverBudget with left, reserved and needed.
    """
    prepared = await prepare(session, who, request)
    ranking = await placement.rank(session, who, prepared.needs, **request.aim, project_id=prepared.project_id)
    chosen = choose(ranking, request.cluster, request.queue)
    worst, currency = Decimal(chosen.worst_case.amount), chosen.worst_case.currency
    reserved = min(worst, Decimal(request.max_cost)) if request.max_cost else worst
    execution_id = new_id("exe")
    decision_id = await placement.keep(
        session,
        who,
        ranking,
        execution_id=execution_id,
        chosen=chosen,
        project_id=prepared.project_id,
        because=request.because,
    )
    execution = Execution(
        id=execution_id,
        organization_id=who.organization_id,
        user_id=who.user_id,
        username=who.username,
        project_id=prepared.project_id,
        workflow_id=prepared.workflow.id,
        version_id=prepared.version.id,
        name=prepared.bundle.name,
        parameters=prepared.parameters,
        resources=wishes(request.resources),
        inputs=prepared.inputs,
        policy=ranking.policy.name,
        weights=ranking.policy.weights,
        cluster=chosen.cluster,
        queue=chosen.queue,
        chosen=request.cluster is not None,
        decision_id=decision_id,
        worst_case={"amount": str(reserved), "currency": currency},
        notices=sorted(set(request.notices)) if request.notices is not None else None,
        status=Status.SUBMIT_IN_PROGRESS,
        status_since=heroes_now(),
        submit_time=heroes_now(),
    )
    session.add(execution)
    wake(execution)
    await session.flush()
    taken = {item["object_id"] for items in prepared.inputs.values() for item in items if item["kind"] != "dir"}
    of = {"organization_id": who.organization_id, "execution_id": execution.id}
    await bulk.insert(session, Taken, [{**of, "object_id": one} for one in sorted(taken)])
    await costs.reserve(
        session, who, project_id=prepared.project_id, subject=execution.id, amount=reserved, currency=currency
    )
    for number, spec in enumerate(prepared.bundle.steps):
        session.add(
            Step(
                id=new_id("stp"),
                organization_id=who.organization_id,
                execution_id=execution.id,
                number=number,
                name=spec.name,
                title=spec.title,
            )
        )
    audit.record(session, who, "execution.submitted", execution, workflow=prepared.workflow.id, cluster=chosen.cluster)
    status = {"status": execution.status}
    outbox.emit(session, who.organization_id, type="execution.submitted", subject=execution.id, data=status)
    await session.flush()
    await session.refresh(execution)
    return execution


def choose(ranking: Ranking, cluster: str | None, queue: str | None) -> Candidate:
    """Return the wanted candidate, else the first. Raises NoCluster, naming every cluster's reason and cure."""
    discarded = [one.model_dump(mode="json") for one in ranking.discarded]
    wanted = [
        one
        for one in ranking.candidates
        if (cluster is None or cluster in {one.cluster, one.cluster_id}) and (queue is None or queue == one.queue)
    ]
    if wanted:
        return wanted[0]
    if cluster is None:
        text = "No cluster can run this now; each says why, and what would cure it."
        raise NoCluster(text, discarded=discarded)
    for one in ranking.discarded:
        if cluster == one.cluster:
            text = f"{cluster} cannot run this: {one.reason} {one.cure}"
            raise NoCluster(text, case="cluster_unfit", cluster=cluster, discarded=discarded)
    names = ", ".join(sorted({one.cluster for one in ranking.candidates})) or "none"
    text = f"There is no cluster {cluster} for you; these can run it: {names}."
    raise NoCluster(text, case="cluster_not_yours", cluster=cluster, names=names, discarded=discarded)
