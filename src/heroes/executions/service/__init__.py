"""Commands and queries on executions."""

from heroes.executions.service.following import (
    KEY,
    cancel,
    get,
    job_of,
    listing,
    project_names,
    results,
    steps,
)
from heroes.executions.service.restarting import restart
from heroes.executions.service.submitting import Prepared, choose, prepare, rank, submit

__all__ = [
    "KEY",
    "Prepared",
    "cancel",
    "choose",
    "get",
    "job_of",
    "listing",
    "prepare",
    "project_names",
    "rank",
    "restart",
    "results",
    "steps",
    "submit",
]
