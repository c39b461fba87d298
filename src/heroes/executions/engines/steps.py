"""The platform's own engine: a workflow of steps becomes jobs, each step when those it needs have finished."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from heroes.executions.rules import Again
from heroes.jobs.rules import Spec
from heroes.placement.rules import Need, component
from heroes.workflows.rules import (
    Amounts,
    Bundle,
    Reference,
    Resources,
    StepSpec,
    amounts,
    as_text,
    members,
    references,
    render,
    render_argv,
    whole,
)

LONGEST_VARIABLE = 100_000  # bytes; larger parameters are found in params.json only
WILDCARD = re.compile(r"[*?\[]")
Item = Mapping[str, Any]
Outputs = Mapping[str, Mapping[str, Sequence[Sequence[Item]]]]
"""step → output → for each of its jobs, the objects it wrote"""


@dataclass(frozen=True, slots=True)
class Context:
    """What a step's jobs are made from: parameters, the data they name, the bundle's files, what came before."""

    params: Mapping[str, Any]
    resources: Mapping[str, Any]
    inputs: Mapping[str, Sequence[Item]]
    files: Sequence[Item]
    outputs: Outputs
    steps: Mapping[str, StepSpec]
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """step → resources that a restart asked for"""


@dataclass(frozen=True, slots=True)
class Planned:
    """One job of a step, and where it must run."""

    index: int
    title: str
    spec: Spec
    cluster: str | None
    queue: str | None


def plan(step: StepSpec, context: Context) -> list[Planned]:
    """Return the jobs of a step whose needs have finished. Raises ValueError, in words for the workflow's author."""
    items = members(step, context.params)
    shared = _variables({f"PARAM_{name.upper().replace('-', '_')}": one for name, one in context.params.items()})
    if items is None:
        return [_planned(step, context, shared, None, None)]
    return [_planned(step, context, shared, item, index) for index, item in enumerate(items)]


def _planned(step: StepSpec, context: Context, shared: Mapping[str, str], item: Any, index: int | None) -> Planned:
    asked = amounts(wishes(step, context), context.params, item, index)

    def place(template: str | None) -> str | None:
        return None if template is None else str(render(template, context.params, item, index)) or None

    spec = Spec(
        command=None if step.argv is None else render_argv(step.argv, context.params, item, index),
        script=step.script,
        params=dict(context.params) | ({} if index is None else {"item": item, "index": index}),
        environment={**shared, **({} if item is None else _variables({"PARAM_ITEM": item}))},
        inputs=tuple(_staged(step, context, item, index)),
        outputs=dict(step.outputs),
        cores=asked.cores,
        nodes=asked.nodes,
        tasks=asked.tasks,
        memory_bytes=asked.memory_bytes,
        gpus=asked.gpus,
        walltime_s=asked.walltime_s,
        software=step.requires.software,
        commands=step.requires.commands,
        containers=step.requires.containers,
        retries=step.retries.counts,
        growth={"memory": step.retries.memory_factor, "time": step.time_factor},
        rerunnable=step.rerunnable,
        checkpoint=step.checkpoint,
        energy_policy=step.placement.energy_policy,
    )
    title = step.title if index is None else f"{step.title}: {as_text(item)[:80]}"
    return Planned(index or 0, title, spec, place(step.placement.cluster), place(step.placement.queue))


def wishes(step: StepSpec, context: Context) -> Resources:
    """Return a step's resources with the user's own over them: for the execution, then for this step."""
    wanted = {**context.resources, **context.changes.get(step.name, {})}
    return replace(step.resources, **{name: value for name, value in wanted.items() if value is not None})


def _variables(values: Mapping[str, Any]) -> dict[str, str]:
    """Return values as a program finds them in its environment; those too long for it are in its parameters alone."""
    return {
        name: value
        for name, value in ((name, as_text(one)) for name, one in values.items())
        if len(value.encode(errors="surrogateescape")) < LONGEST_VARIABLE and "\0" not in value
    }


def _staged(step: StepSpec, context: Context, item: Any, index: int | None) -> list[dict[str, Any]]:
    staged = [dict(file) for file in context.files if _wanted(step, file)]
    for destination, template in step.inputs.items():
        source = whole(template) if "{{" in template else None
        if source is not None and source.root == "steps":
            staged += _from_step(destination, source, context.outputs, context.steps)
        else:
            reference = data_named(template, context.params, item, index)
            if reference is not None:
                staged += _from_data(destination, context.inputs[reference])
    return staged


def _wanted(step: StepSpec, file: Item) -> bool:
    path = file["path"]
    return any(fnmatchcase(path, pattern) or path.startswith(f"{pattern}/") for pattern in step.files)


def _from_data(destination: str, items: Sequence[Item]) -> list[dict[str, Any]]:
    """Place a file at the destination, a folder's contents below it."""
    single = len(items) == 1 and items[0]["kind"] != "dir" and "/" not in items[0]["path"]
    if single and not destination.endswith("/"):
        return [{**items[0], "path": destination}]
    return [{**item, "path": f"{destination.rstrip('/')}/{item['path']}"} for item in items]


def _from_step(
    destination: str, source: Reference, outputs: Outputs, steps: Mapping[str, StepSpec]
) -> list[dict[str, Any]]:
    """Place what another step wrote: of one job at the destination, of a foreach step below `<index>/`."""
    step, output = steps[source.path[0]], source.path[1]
    pattern = step.outputs[output]
    placed = []
    for index, items in enumerate(outputs.get(step.name, {}).get(output, ())):
        folder = destination if step.foreach is None else f"{destination.rstrip('/')}/{index}/"
        itself = [item for item in items if item["kind"] == "dir" and item["path"] == pattern.rstrip("/")]
        placed += [{**item, "path": folder.rstrip("/")} for item in itself]
        below = [{**item, "path": within(pattern, item["path"])} for item in items if item not in itself]
        placed += _from_data(folder, below)
    return placed


def within(pattern: str, path: str) -> str:
    """Return where something stands below a declared output: of a file its name, of what a folder or a pattern brings
    the path below the folder or the part without wildcards.

    >>> within("out/*", "out/a/b"), within("out", "out/a/b"), within("logs/run.txt", "logs/run.txt")
    ('a/b', 'a/b', 'run.txt')
    """
    clean = pattern.rstrip("/")
    fixed = clean if path.startswith(f"{clean}/") else WILDCARD.split(clean)[0].rpartition("/")[0]
    return path.removeprefix(f"{fixed}/")


def data_references(bundle: Bundle, params: Mapping[str, Any]) -> set[str]:
    """Return every `bucket:path` that an input of some step names, with these parameters."""
    found: set[str | None] = set()
    for step in bundle.steps:
        items = members(step, params)
        for template in step.inputs.values():
            if any(reference.root == "steps" for reference in references(template)):
                continue
            needs_item = any(reference.root in {"item", "index"} for reference in references(template))
            for index, item in enumerate(items) if needs_item and items is not None else [(None, None)]:
                found.add(data_named(template, params, item, index))
    return {reference for reference in found if reference is not None}


def data_named(template: str, params: Mapping[str, Any], item: Any, index: int | None) -> str | None:
    """Return the `bucket:path` that an input names; None for an optional parameter that was not given."""
    only = whole(template) if "{{" in template else None
    if only is not None and only.root == "params" and only.path[0] not in params:
        return None
    value = render(template, params, item, index)
    return None if value is None else str(value)


def needs(
    bundle: Bundle,
    workflow_id: str,
    params: Mapping[str, Any],
    context: Context,
    only: Mapping[str, Again] | None = None,
) -> list[Need]:
    """Return what the jobs of each step will ask of a cluster; jobs that ask the same count once, with their number.

    `only`: the steps, and which of their jobs, that a restart runs again.
    """
    found: dict[tuple[Any, ...], Need] = {}
    for step in bundle.steps:
        again = Again() if only is None else only.get(step.name)
        items = members(step, params)
        for index, item in enumerate(items) if items is not None else [(None, None)]:
            if again is None or not again.covers(index or 0):
                continue
            one = _need(step, workflow_id, params, context, item, index)
            same = (one.step, one.cores, one.nodes, one.tasks, one.memory_bytes, one.gpus, one.walltime_s)
            key = (*same, one.pinned_cluster, one.pinned_queue)
            found[key] = replace(found[key], count=found[key].count + 1) if key in found else one
    return list(found.values())


def ties(step: StepSpec, asked: Sequence[Need]) -> dict[str, Any] | None:
    """Return what binds a step's cluster to that of others, as its jobs keep it; `asked`: `needs` of the workflow."""
    others = component(step.name, asked)
    if not others:
        return None
    own = {"same_as": step.placement.same_as, "not_same_as": step.placement.not_same_as}
    return {**own, "others": [asdict(one) for one in others]}


def _need(
    step: StepSpec, workflow_id: str, params: Mapping[str, Any], context: Context, item: Any, index: int | None
) -> Need:
    asked: Amounts = amounts(wishes(step, context), params, item, index)
    cluster, queue = (
        None if template is None else str(render(template, params, item, index)) or None
        for template in (step.placement.cluster, step.placement.queue)
    )
    return Need(
        step=step.name,
        workflow_id=workflow_id,
        count=1,
        cores=asked.cores,
        nodes=asked.nodes,
        tasks=asked.tasks,
        memory_bytes=asked.memory_bytes,
        gpus=asked.gpus,
        walltime_s=asked.walltime_s,
        software=step.requires.software,
        commands=step.requires.commands,
        containers=step.requires.containers,
        moved_bytes=_known_bytes(step, context, params, item, index),
        input_bytes=_input_bytes(step, context, params, item, index),
        params=dict(params) | ({} if index is None else {"item": item, "index": index}),
        attempts=step.attempts_bound,
        time_retries=step.retries.time,
        time_factor=step.time_factor,
        pinned_cluster=cluster,
        pinned_queue=queue,
        same_as=step.placement.same_as,
        not_same_as=step.placement.not_same_as,
    )


def _known_bytes(step: StepSpec, context: Context, params: Mapping[str, Any], item: Any, index: int | None) -> int:
    total = 0
    for template in step.inputs.values():
        if not any(reference.root == "steps" for reference in references(template)):
            named = context.inputs.get(data_named(template, params, item, index) or "", ())
            total += sum(int(one.get("size") or 0) for one in named)
    return total


def _input_bytes(
    step: StepSpec, context: Context, params: Mapping[str, Any], item: Any, index: int | None
) -> int | None:
    """Return the bytes that a job will be sent; None where another step has yet to write them."""
    if any(reference.root == "steps" for template in step.inputs.values() for reference in references(template)):
        return None
    bundled = sum(int(file.get("size") or 0) for file in context.files if _wanted(step, file))
    return bundled + _known_bytes(step, context, params, item, index)


def results_of(bundle: Bundle, outputs: Outputs) -> list[dict[str, Any]]:
    """Return the objects that the workflow declares as its results, each with its path below the execution's folder."""
    steps = {step.name: step for step in bundle.steps}
    return [
        item
        for destination, template in bundle.outputs.items()
        for source in references(template)
        for item in _from_step(destination, source, outputs, steps)
    ]
