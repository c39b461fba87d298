"""What goes in and out of the routes of workflows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from heroes.workflows.models import Workflow, WorkflowVersion
from heroes.workflows.rules import Bundle, StepSpec
from heroes.workflows.service import Found, Visibility


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PublishIn(_In):
    """A bundle as paths and texts; binary files need the tar form."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"files": {"workflow.yaml": "heroes: 1\n…", "src/run.py": "…"}, "message": "Finer mesh"}]
        }
    )

    files: dict[str, str] = Field(description="text of each file, by its path")
    message: str = Field(default="", max_length=2000)
    visibility: Visibility | None = None


class ValidateIn(_In):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"parameters": {"airfoil": "home:wing/naca2412.dat", "angles": [0, 4]}}]}
    )

    parameters: dict[str, Any] = Field(default_factory=dict)
    version: int | str | None = None


class ProblemOut(BaseModel):
    """What is wrong at one place; `code` and `facts` tell the same as `message`, for other languages."""

    pointer: str
    message: str
    code: str
    facts: dict[str, Any] = {}


class ValidateOut(BaseModel):
    """`parameters` with defaults filled in; valid means that there are no problems."""

    valid: bool
    parameters: dict[str, Any]
    problems: list[ProblemOut]


class VisibilityIn(_In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"visibility": "restricted"}]})

    visibility: Visibility


class ShareIn(_In):
    """Who may see and run it too: a project or user of yours, another organization, or everyone (no id)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "project", "id": "prj_0123456789"}]})

    kind: Literal["organization", "project", "user", "everyone"]
    id: str | None = Field(default=None, max_length=100)


class ShareOut(BaseModel):
    kind: str
    id: str | None


class VersionOut(BaseModel):
    """One publication: a commit of the registry and its tag."""

    version: int
    tag: str
    commit: str
    published_at: datetime
    published_by: str | None
    publisher: str | None = Field(default=None, description="user name; null: the platform, or another organization's")

    @classmethod
    def of(cls, row: WorkflowVersion) -> Self:
        return cls(
            version=row.number,
            tag=row.tag,
            commit=row.commit,
            published_at=row.published_at,
            published_by=row.published_by,
        )


class WorkflowOut(BaseModel):
    """A workflow in a list; `id` is its wtid."""

    id: str
    name: str
    title: str
    description: str
    version: int
    visibility: str
    organization_id: str
    published_at: datetime
    published_by: str | None
    publisher: str | None = Field(default=None, description="user name; null: the platform, or another organization's")

    @classmethod
    def of(cls, row: Workflow) -> Self:
        return cls(**{**_fields(row, cls), "description": row.summary})


class StepOut(BaseModel):
    """A step as people see it. `jobs_bound` is the most jobs it can have."""

    name: str
    title: str
    needs: list[str]
    foreach: Any
    jobs_bound: int
    command: list[str] | None
    script: str | None
    resources: dict[str, Any]
    requires: dict[str, list[str]]
    placement: dict[str, str | None]
    retries: dict[str, int | float | None]
    rerunnable: bool
    checkpoint: list[str]
    inputs: dict[str, str]
    outputs: dict[str, str]

    @classmethod
    def of(cls, step: StepSpec) -> Self:
        plain = asdict(step)
        return cls(**{**plain, "jobs_bound": step.foreach_bound, "command": plain["argv"]})


class FileOut(BaseModel):
    path: str
    size: int
    sha256: str
    mode: int


class TemplateOut(WorkflowOut):
    """A workflow in one version, with all that is needed to run it."""

    shown: VersionOut
    versions: list[VersionOut]
    parameters: dict[str, Any] = Field(
        serialization_alias="schema", description="JSON Schema 2020-12 of the parameters"
    )
    readme: str
    steps: list[StepOut]
    outputs: dict[str, str]
    files: list[FileOut]

    @classmethod
    def of_found(cls, found: Found, versions: Sequence[WorkflowVersion]) -> Self:
        bundle: Bundle = found.bundle
        return cls(
            **_fields(found.workflow, WorkflowOut),
            description=bundle.summary,
            shown=VersionOut.of(found.version),
            versions=[VersionOut.of(version) for version in versions],
            parameters=dict(bundle.schema),
            readme=found.version.readme,
            steps=[StepOut.of(step) for step in bundle.steps],
            outputs=dict(bundle.outputs),
            files=[FileOut(**{name: file[name] for name in FileOut.model_fields}) for file in found.version.files],
        )


def _fields(row: Workflow, model: type[BaseModel]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in model.model_fields if name not in {"description", "publisher"}}


def name_publishers(shown: Sequence[WorkflowOut | VersionOut], names: Mapping[str, str]) -> None:
    """Let each tell the name of who published it, as far as it is known."""
    for one in shown:
        one.publisher = names.get(one.published_by or "")
