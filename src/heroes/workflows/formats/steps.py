"""The steps of a bundle: references that lead somewhere, paths that stay inside, an order that can run."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from heroes.kit.faults import Wrong
from heroes.workflows.formats import parameters, paths
from heroes.workflows.formats.marked_yaml import Document, Finding, Path
from heroes.workflows.rules import (
    Placement,
    Reference,
    Requires,
    Resources,
    Retries,
    StepSpec,
    TemplateError,
    as_text,
    is_glob,
    references,
    whole,
)
from heroes.workflows.rules.amounts import amounts, literal_problem

MOST_JOBS = 10_000


def build(
    document: Document, declared: Mapping[str, Any], files: set[str]
) -> tuple[tuple[StepSpec, ...], list[Finding]]:
    """The steps in an order that can run, and what is wrong with them and with the workflow's outputs."""
    check = _Check(document, declared, files)
    specs = {name: check.step(name) for name in check.steps}
    check.outputs()
    if check.findings:
        return (), check.findings
    order = check.order(specs)
    return tuple(specs[name] for name in order), check.findings


class _Check:
    """One reading of one document; gathers findings as it goes."""

    def __init__(self, document: Document, declared: Mapping[str, Any], files: set[str]):
        self.document = document
        self.declared = declared
        self.required: list[str] = document.value.get("required", [])
        self.files = files
        self.steps: dict[str, dict[str, Any]] = document.value["steps"]
        self.findings: list[Finding] = []

    def note(self, path: Path, message: str, code: str, /, *, at_key: bool = False, **facts: Any) -> None:
        self.findings.append(self.document.finding(path, message, code, at_key=at_key, **facts))

    def tell(self, path: Path, wrong: Wrong, *, at_key: bool = False) -> None:
        self.note(path, str(wrong), wrong.code, at_key=at_key, **wrong.facts)

    def no_step(self, path: Path, step: str) -> None:
        self.note(path, f"there is no step '{step}'", "no_step", step=step, known=list(self.steps))

    # one step ----------------------------------------------------------------------------------------------------

    def step(self, name: str) -> StepSpec:
        raw, at = self.steps[name], ("steps", name)
        bound = self.bound(raw, at)
        resources = self.resources(raw, at)
        placement = self.placement(raw, at, name)
        argv = self.command(raw, at)
        placed = self.placed_files(raw, at)
        needed = self.needed(raw, at, name) + self.inputs(raw, at, name)
        needed += [other for other in (placement.same_as, placement.not_same_as) if other]
        self.clashes(placed, raw, at)
        self.step_outputs(raw, at)
        foreach = raw.get("foreach")
        return StepSpec(
            name=name,
            title=raw.get("title") or name,
            needs=tuple(dict.fromkeys(needed)),
            foreach=tuple(foreach) if isinstance(foreach, list) else foreach,
            foreach_bound=bound,
            files=tuple(placed),
            inputs=raw.get("inputs", {}),
            argv=argv,
            script=raw.get("script"),
            resources=resources,
            requires=Requires(**{key: tuple(values) for key, values in raw.get("requires", {}).items()}),
            placement=placement,
            retries=Retries(**raw.get("retries", {})),
            rerunnable=raw.get("rerunnable", False),
            checkpoint=self.checkpoint(raw, at),
            outputs=raw.get("outputs", {}),
        )

    def bound(self, raw: Mapping[str, Any], at: Path) -> int:
        foreach, at = raw.get("foreach"), (*at, "foreach")
        if foreach is None:
            return 1
        if isinstance(foreach, list):
            if not foreach:
                self.note(at, "foreach has no items", "foreach_empty")
            return len(foreach)
        reference = self.only(
            foreach, at, "foreach is one parameter, such as {{ params.angles }}, or a list", "foreach_form"
        )
        if reference is None:
            return 1
        if reference.root != "params":
            self.note(at, "foreach goes over a parameter, or a list written here", "foreach_form")
            return 1
        schema = self.parameter(reference, at)
        if schema is None:
            return 1
        if schema.get("type") != "array":
            self.note(at, f"{reference} is not of type: array", "no_array", reference=str(reference))
        elif not isinstance(schema.get("maxItems"), int):
            text = f"{reference} needs maxItems: the worst-case price is counted with it"
            self.note(at, text, "needs_max_items", reference=str(reference))
        elif schema["maxItems"] > MOST_JOBS:
            text = f"maxItems of {reference} is above {MOST_JOBS} jobs"
            self.note(at, text, "too_many_jobs", reference=str(reference), most=MOST_JOBS)
        else:
            return max(1, int(schema["maxItems"]))
        return 1

    def command(self, raw: Mapping[str, Any], at: Path) -> tuple[str, ...] | None:
        if ("run" in raw) == ("script" in raw):
            self.note(at, "a step has exactly one of 'run' and 'script'", "run_or_script", at_key=True)
            return None
        if "script" in raw:
            if self.readable(raw["script"]):
                text = "templates are not read in a script; parameters arrive as PARAM_NAME"
                self.note((*at, "script"), text, "template_in_script")
            return None
        argv = tuple(as_text(element) for element in raw["run"])
        for position, element in enumerate(argv):
            self.template(element, (*at, "run", position), raw)
        if not argv[0]:
            self.note((*at, "run", 0), "the command is empty", "empty_command")
        return argv

    def readable(self, script: str) -> bool:
        try:
            return any("{{" in line and references(line) for line in script.splitlines())
        except TemplateError:
            return False

    def resources(self, raw: Mapping[str, Any], at: Path) -> Resources:
        asked = raw.get("resources", {})
        for name, value in asked.items():
            here = (*at, "resources", name)
            if isinstance(value, str):
                self.template(value, here, raw)
            try:
                problem = literal_problem(name, value)
            except TemplateError:
                continue
            if problem:
                self.tell(here, problem)
        resources = Resources(**asked)
        written = [getattr(resources, member.name) for member in fields(resources)]
        if not self.findings and not any(isinstance(value, str) and "{{" in value for value in written):
            try:
                amounts(resources, {})
            except Wrong as wrong:
                self.tell((*at, "resources"), wrong, at_key=True)
        return resources

    def placement(self, raw: Mapping[str, Any], at: Path, name: str) -> Placement:
        asked = raw.get("placement", {})
        for key, value in asked.items():
            here = (*at, "placement", key)
            if key in ("cluster", "queue"):
                self.template(value, here, raw)
            elif key == "energy_policy":
                continue
            elif value not in self.steps:
                self.no_step(here, value)
            elif value == name:
                self.note(here, "a step cannot be placed by itself", "placed_by_itself")
        return Placement(**asked)

    def needed(self, raw: Mapping[str, Any], at: Path, name: str) -> list[str]:
        for position, other in enumerate(raw.get("needs", [])):
            if other not in self.steps:
                self.no_step((*at, "needs", position), other)
            elif other == name:
                self.note((*at, "needs", position), f"step '{name}' needs itself: a cycle", "cycle", steps=[name, name])
        return [other for other in raw.get("needs", []) if other in self.steps]

    # files -------------------------------------------------------------------------------------------------------

    def placed_files(self, raw: Mapping[str, Any], at: Path) -> list[str]:
        placed: list[str] = []
        for position, path in enumerate(raw.get("files", [])):
            here = (*at, "files", position)
            if problem := paths.problem(path, folder_allowed=True):
                self.tell(here, problem)
            elif path.endswith("/"):
                below = sorted(file for file in self.files if file.startswith(path))
                if not below:
                    self.note(here, f"the bundle has no files below '{path}'", "no_files_below", path=path)
                placed += below
            elif path in self.files:
                placed.append(path)
            else:
                self.note(here, f"the bundle has no file '{path}'", "no_bundle_file", path=path)
        return list(dict.fromkeys(placed))

    def clashes(self, placed: list[str], raw: Mapping[str, Any], at: Path) -> None:
        for first, second in paths.clashes([*placed, *raw.get("inputs", {})]):
            here = (*at, "inputs", second) if second in raw.get("inputs", {}) else (*at, "inputs", first)
            text = f"'{first}' and '{second}' want the same place in the job folder"
            self.note(here, text, "same_place", at_key=True, first=first, second=second)

    def inputs(self, raw: Mapping[str, Any], at: Path, name: str) -> list[str]:
        needed: list[str] = []
        for path, template in raw.get("inputs", {}).items():
            here = (*at, "inputs", path)
            if problem := paths.problem(path, folder_allowed=True):
                self.tell(here, problem, at_key=True)
            if not self.reads(template, here):
                continue
            reference = self.template(template, here, raw, optional=True, steps=True)
            if reference is not None and reference.root == "steps":
                if reference.path[0] == name:
                    self.note(here, f"step '{name}' reads its own output: a cycle", "own_output", step=name)
                elif self.output(reference, here, path):
                    needed.append(reference.path[0])
            elif reference is not None:
                self.data(reference, here, path, raw)
            elif ":" not in template.split("{{")[0]:
                text = "an input is a file parameter, an output of a step, or bucket:path"
                self.note(here, text, "input_form")
        return needed

    def reads(self, template: str, at: Path) -> bool:
        try:
            references(template)
        except TemplateError as wrong:
            self.tell(at, wrong)
            return False
        return True

    def data(self, reference: Reference, here: Path, path: str, raw: Mapping[str, Any]) -> None:
        if reference.root == "index":
            self.note(here, "index is a number, not a file", "index_no_file")
            return
        schema = self.schema_of(reference, raw)
        if schema is None:
            return
        kind = parameters.file_kind(schema)
        if kind is None:
            text = f"{reference} is not a file; declare it with format: file or folder"
            self.note(here, text, "not_a_file", reference=str(reference))
        elif kind in ("folder", "files") and not path.endswith("/"):
            text = f"{reference} may hold several files; write '{path}/'"
            self.note(here, text, "several_files", at_key=True, reference=str(reference), path=path)

    def output(self, reference: Reference, here: Path, path: str) -> bool:
        step, output = reference.path
        if step not in self.steps:
            self.no_step(here, step)
            return False
        outputs = self.steps[step].get("outputs", {})
        if output not in outputs:
            text = f"step '{step}' has no output '{output}'; it has: {', '.join(outputs) or 'none'}"
            self.note(here, text, "no_output", step=step, output=output, known=list(outputs))
            return False
        several = "foreach" in self.steps[step] or is_glob(outputs[output]) or outputs[output].endswith("/")
        if several and not path.endswith("/"):
            text = f"{reference} may be several files; write '{path}/'"
            self.note(here, text, "several_files", at_key=True, reference=str(reference), path=path)
        return True

    def step_outputs(self, raw: Mapping[str, Any], at: Path) -> None:
        for name, path in raw.get("outputs", {}).items():
            here = (*at, "outputs", name)
            if "{{" in path:
                self.note(here, "an output is a plain path or pattern, without templates", "template_in_path")
            elif problem := paths.problem(path, folder_allowed=True):
                self.tell(here, problem)

    def checkpoint(self, raw: Mapping[str, Any], at: Path) -> tuple[str, ...]:
        for position, path in enumerate(raw.get("checkpoint", [])):
            here = (*at, "checkpoint", position)
            if "{{" in path:
                self.note(here, "a checkpoint is a plain path or pattern, without templates", "template_in_path")
            elif problem := paths.problem(path, folder_allowed=True):
                self.tell(here, problem)
        return tuple(raw.get("checkpoint", []))

    def outputs(self) -> None:
        results: dict[str, str] = self.document.value.get("outputs", {})
        for path, template in results.items():
            here = ("outputs", path)
            if problem := paths.problem(path, folder_allowed=True):
                self.tell(here, problem, at_key=True)
            reference = self.only(template, here, "an output is {{ steps.STEP.outputs.NAME }}", "output_form")
            if reference is not None and reference.root != "steps":
                self.note(here, "an output is {{ steps.STEP.outputs.NAME }}", "output_form")
            elif reference is not None:
                self.output(reference, here, path)
        for first, second in paths.clashes(results):
            text = f"'{first}' and '{second}' want the same place"
            self.note(("outputs", second), text, "same_place", at_key=True, first=first, second=second)

    # templates ---------------------------------------------------------------------------------------------------

    def only(self, template: str, at: Path, otherwise: str, code: str) -> Reference | None:
        try:
            reference = whole(template)
        except TemplateError as wrong:
            self.tell(at, wrong)
            return None
        if reference is None:
            self.note(at, otherwise, code)
        return reference

    def template(
        self, text: str, at: Path, raw: Mapping[str, Any], *, optional: bool = False, steps: bool = False
    ) -> Reference | None:
        """Check each reference of a template; the one it consists of, if it is nothing else."""
        try:
            found, only = references(text), whole(text)
        except TemplateError as wrong:
            self.tell(at, wrong)
            return None
        for reference in found:
            if reference.root == "params":
                self.parameter(reference, at, optional=optional and only is not None)
            elif reference.root in ("item", "index") and "foreach" not in raw:
                text = f"{reference} exists only in a step with foreach"
                self.note(at, text, "only_in_foreach", reference=str(reference))
            elif reference.root == "item" and reference.path:
                self.member(reference, at, raw)
            elif reference.root == "steps" and (not steps or only is None):
                text = f"{reference} is a file; bring it in with inputs and use its path"
                self.note(at, text, "file_in_template", reference=str(reference))
        return only

    def parameter(self, reference: Reference, at: Path, *, optional: bool = False) -> Mapping[str, Any] | None:
        schema = parameters.resolve(self.declared, reference)
        if schema is None:
            known = ", ".join(self.declared) or "none"
            name = ".".join(reference.path)
            text = f"there is no parameter '{name}'; declared: {known}"
            self.note(at, text, "no_parameter", name=name, known=list(self.declared))
        elif not optional and not parameters.always_given(self.declared, self.required, reference):
            text = f"{reference} may be absent; list it under required or give it a default"
            self.note(at, text, "may_be_absent", reference=str(reference))
        return schema

    def schema_of(self, reference: Reference, raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The schema of a parameter or of an item; None if that is not known here."""
        if reference.root == "params":
            return parameters.resolve(self.declared, reference)
        foreach = raw.get("foreach")
        over = self.over(foreach) if isinstance(foreach, str) else None
        items = (over or {}).get("items")
        if not isinstance(items, Mapping):
            return None
        return parameters.resolve({"item": items}, Reference("params", ("item", *reference.path)))

    def over(self, foreach: str) -> Mapping[str, Any] | None:
        try:
            reference = whole(foreach)
        except TemplateError:
            return None
        return parameters.resolve(self.declared, reference) if reference else None

    def member(self, reference: Reference, at: Path, raw: Mapping[str, Any]) -> None:
        foreach = raw["foreach"]
        if isinstance(foreach, list):
            absent = any(not isinstance(item, Mapping) or reference.path[0] not in item for item in foreach)
        else:
            absent = self.schema_of(reference, raw) is None
        if absent:
            member = ".".join(reference.path)
            text = f"{reference}: not every item has '{member}'"
            self.note(at, text, "not_every_item", reference=str(reference), member=member)

    # order -------------------------------------------------------------------------------------------------------

    def order(self, specs: Mapping[str, StepSpec]) -> list[str]:
        """Steps so that each stands after those it needs, else in the order of the text; notes a cycle."""
        order: list[str] = []
        left = list(specs)
        while left:
            ready = next((name for name in left if all(need in order for need in specs[name].needs)), None)
            if ready is None:
                cycle = _cycle(specs, left)
                text = f"a cycle: {' needs '.join(cycle)}"
                self.note(("steps", cycle[0]), text, "cycle", at_key=True, steps=cycle)
                return order
            order.append(ready)
            left.remove(ready)
        return order


def _cycle(specs: Mapping[str, StepSpec], left: list[str]) -> list[str]:
    """The names along one cycle, the first again at the end."""
    walk = [left[0]]
    while True:
        following = next(need for need in specs[walk[-1]].needs if need in left)
        if following in walk:
            return [*walk[walk.index(following) :], following]
        walk.append(following)
