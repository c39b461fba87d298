"""What a workflow bundle says, read once: frozen values that executions, placement and the pages share."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from heroes.kit.faults import Wrong
from heroes.workflows.rules.amounts import Resources
from heroes.workflows.rules.templates import references, render


@dataclass(frozen=True, slots=True)
class Requires:
    """What must be on the cluster: software of its catalogue, commands in the path, container runtimes."""

    software: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a step may run: cluster and queue are names or templates, the next two name steps.

    `energy_policy`: what is asked of a cluster that sets its frequencies by one; None: its own.
    """

    cluster: str | None = None
    queue: str | None = None
    same_as: str | None = None
    not_same_as: str | None = None
    energy_policy: str | None = None


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a job may start again, by the cause of its failure, and by how much it then asks for more.

    `time_factor` None: twice the walltime, and the same where the step goes on from a checkpoint.
    """

    infrastructure: int = 2
    memory: int = 0
    time: int = 0
    program: int = 0
    unknown: int = 0
    memory_factor: float = 2.0
    time_factor: float | None = None

    @property
    def counts(self) -> dict[str, int]:
        """Most starts anew by cause."""
        names = ("infrastructure", "memory", "time", "program", "unknown")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One step. Exactly one of `argv` and `script` is set; `needs` holds the stated and the implied ones.

    `inputs` maps a path in the job folder to a template or file reference; a path that ends in `/` is a folder.
    `outputs` maps a name to a path or glob in the job folder.
    """

    name: str
    title: str
    needs: tuple[str, ...] = ()
    foreach: str | tuple[Any, ...] | None = None
    foreach_bound: int = 1
    files: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    argv: tuple[str, ...] | None = None
    script: str | None = None
    resources: Resources = field(default_factory=Resources)
    requires: Requires = field(default_factory=Requires)
    placement: Placement = field(default_factory=Placement)
    retries: Retries = field(default_factory=Retries)
    rerunnable: bool = False
    checkpoint: tuple[str, ...] = ()
    """paths or patterns in the job folder that the next attempt gets back"""
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def attempts_bound(self) -> int:
        """Most starts of one job: what the worst-case price counts with."""
        return 1 + sum(self.retries.counts.values())

    @property
    def time_factor(self) -> float:
        """By how much more walltime the attempt after a time limit asks for."""
        return self.retries.time_factor or (1.0 if self.checkpoint else 2.0)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A workflow. `schema` is the JSON Schema (2020-12) of its parameters, steps stand in an order that can run.

    `outputs` maps a path in the results to `{{ steps.S.outputs.O }}`.
    """

    name: str
    title: str
    summary: str
    schema: Mapping[str, Any]
    steps: tuple[StepSpec, ...]
    outputs: Mapping[str, str] = field(default_factory=dict)

    def step(self, name: str) -> StepSpec:
        """The step of this name. Raises KeyError."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, from which `from_json` makes an equal bundle."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Bundle":
        return cls(**{**data, "steps": tuple(_step(step) for step in data["steps"])})


def _step(data: Mapping[str, Any]) -> StepSpec:
    lists = {name: tuple(data.get(name, ())) for name in ("needs", "files", "checkpoint")}
    return StepSpec(
        **{
            **data,
            **lists,
            "foreach": tuple(data["foreach"]) if isinstance(data["foreach"], list | tuple) else data["foreach"],
            "argv": None if data["argv"] is None else tuple(data["argv"]),
            "resources": Resources(**data["resources"]),
            "requires": Requires(**{name: tuple(values) for name, values in data["requires"].items()}),
            "placement": Placement(**data["placement"]),
            "retries": Retries(**data["retries"]),
        }
    )


def members(step: StepSpec, params: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The items of a foreach step, one job each; None for a step of one job. Raises ValueError beyond its bound."""
    if step.foreach is None:
        return None
    items = render(step.foreach, params) if isinstance(step.foreach, str) else step.foreach
    if not isinstance(items, list | tuple):
        raise Wrong(f"foreach of step {step.name} is not a list", "no_list", step=step.name)
    if len(items) > step.foreach_bound:
        text = f"foreach of step {step.name} has {len(items)} items, more than {step.foreach_bound}"
        raise Wrong(text, "too_many_items", step=step.name, items=len(items), most=step.foreach_bound)
    return tuple(items)


def is_glob(path: str) -> bool:
    """Whether an output's path is a pattern that several files may match."""
    return any(character in path for character in "*?[")


def sources(step: StepSpec) -> tuple[tuple[str, str, str], ...]:
    """(path in the job folder, step, output) of every input that comes from another step."""
    return tuple(
        (path, reference.path[0], reference.path[1])
        for path, template in step.inputs.items()
        for reference in references(template)
        if reference.root == "steps"
    )
