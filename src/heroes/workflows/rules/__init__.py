"""Values and decisions of workflows: no I/O, no clock."""

from heroes.workflows.rules.amounts import Amounts, Resources, amounts, memory_bytes, walltime_s
from heroes.workflows.rules.bundle import (
    Bundle,
    Placement,
    Requires,
    Retries,
    StepSpec,
    is_glob,
    members,
    sources,
)
from heroes.workflows.rules.parameters import Problem, coerce, file_references, validate
from heroes.workflows.rules.parameters import pointer as json_pointer
from heroes.workflows.rules.templates import (
    Reference,
    TemplateError,
    as_text,
    parts,
    references,
    render,
    render_argv,
    whole,
)

__all__ = [
    "Amounts",
    "Bundle",
    "Placement",
    "Problem",
    "Reference",
    "Requires",
    "Resources",
    "Retries",
    "StepSpec",
    "TemplateError",
    "amounts",
    "as_text",
    "coerce",
    "file_references",
    "is_glob",
    "json_pointer",
    "members",
    "memory_bytes",
    "parts",
    "references",
    "render",
    "render_argv",
    "sources",
    "validate",
    "walltime_s",
    "whole",
]
