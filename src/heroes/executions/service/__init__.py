"""Commands and queries on executions."""

from heroes.executions.service.drafts import (
    DRAFT_KEY,
    draft_out,
    drop_draft,
    keep_draft,
    my_draft,
    my_drafts,
)
from heroes.executions.service.following import (
    ALL,
    KEY,
    Wanted,
    cancel,
    ended_well,
    facts,
    get,
    job_counts,
    job_of,
    listing,
    owners,
    project_names,
    results,
    steps,
    usual_runs,
)
from heroes.executions.service.restarting import restart
from heroes.executions.service.submitting import Prepared, choose, prepare, rank, submit

__all__ = [
    "ALL",
    "DRAFT_KEY",
    "KEY",
    "Prepared",
    "Wanted",
    "cancel",
    "choose",
    "draft_out",
    "drop_draft",
    "ended_well",
    "facts",
    "get",
    "job_counts",
    "job_of",
    "keep_draft",
    "listing",
    "my_draft",
    "my_drafts",
    "owners",
    "prepare",
    "project_names",
    "rank",
    "restart",
    "results",
    "steps",
    "submit",
    "usual_runs",
]
