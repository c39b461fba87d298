"""PBS's words and ours: job states, why a job waits, how it ended, and what `qsub` says when it says no."""

import re
from typing import Literal

from heroes.adapters.ports import SiteEnd, SiteState
from heroes.adapters.questions import No

Dialect = Literal["openpbs", "torque"]

STATES: dict[str, SiteState] = {
    "Q": SiteState.QUEUED,
    "T": SiteState.QUEUED,
    "W": SiteState.QUEUED,
    "H": SiteState.HELD,
    "B": SiteState.RUNNING,  # an array of which elements have begun
    "R": SiteState.RUNNING,
    "S": SiteState.RUNNING,
    "U": SiteState.RUNNING,
    "E": SiteState.COMPLETING,
    "F": SiteState.ENDED,
    "X": SiteState.ENDED,
    "C": SiteState.ENDED,  # Torque
}
TERMINATED = "91"
"""OpenPBS' substate of a job that was deleted"""
KILLED = 256
"""added to the number of the signal that ended a job"""
KILLS: dict[int, SiteEnd] = {
    -24: SiteEnd.FAILED,  # more processor time than asked for
    -25: SiteEnd.FAILED,
    -26: SiteEnd.OUT_OF_MEMORY,
    -27: SiteEnd.OUT_OF_MEMORY,
    -28: SiteEnd.TIME_LIMIT,
    -29: SiteEnd.TIME_LIMIT,
}
"""Negative exit statuses by which a node says that it ended the job for a limit; the others say that it never ran."""

WAITING = (
    ("can never run", "It asks for more than the site has and will never start."),
    ("insufficient amount of resource|not enough|insufficient free", "It waits for nodes, memory or cores."),
    ("would conflict with reservation", "It waits for a reservation to end."),
    ("limit", "A limit of the account or the queue is reached; it starts when other jobs have ended."),
    ("queue not started|queue.*not.*start", "The queue starts no jobs now."),
    ("depend", "It waits for another job."),
    ("scheduling.*off|not scheduling", "The site starts no jobs now."),
    ("job held", "It is held; release it at the site, ask the site's staff, or cancel it."),
)


def plain_reason(comment: str) -> str | None:
    """Why a job waits, in plain words; None if the site says nothing."""
    if not comment:
        return None
    for pattern, words in WAITING:
        if re.search(pattern, comment, re.IGNORECASE):
            return words
    return f"The scheduler says: {comment}"


IN_DOUBT = (
    "cannot connect|connection|timed? ?out|no reply|protocol|end of file|communication|interrupt|"
    "errno|premature|system error|server shutting down|trying to locate"
)
"""When qsub says this (an extended regular expression, case ignored), the server may have taken the job."""

REFUSALS = (
    No("unknown queue|no default queue", "no", "The queue does not exist at the site. Choose one of its queues."),
    No(
        "maximum number of jobs|would exceed|queued jobs threshold",
        "busy",
        "The site takes no more jobs of this account now: its limit on submitted jobs is reached.",
    ),
    No("queue is not enabled", "busy", "The queue takes no jobs now."),
    No(
        "array job exceeds|illegal -j value|array.*(size|too large)",
        "no",
        "The array is too large for the site. Split it.",
    ),
    No(
        "violates queue and/or server resource limits|resource limit exceeds|exceeds",
        "no",
        "The job asks for more time, nodes or memory than the queue allows. Ask for less, or another queue.",
    ),
    No(
        "invalid account|account",
        "no",
        "The account may not be charged here, or does not exist. Ask the site for access, or name another one.",
    ),
    No(
        "unauthorized|access.*denied|bad uid|bad gid|not allowed|permission",
        "no",
        "The account may not use this queue. Ask the site for access, or choose another queue.",
    ),
    No(
        "unknown resource|illegal attribute or resource|node.*specification|select",
        "no",
        "The site does not know a resource that the job asks for, such as GPUs. Ask for none, or choose another queue.",
    ),
    No("script.*(not|cannot)|no such file", "no", "The job's script is not at the site."),
    No("not found", "no", "The command qsub is not found. The account's PATH must contain PBS's commands."),
    No("quota exceeded|no space left", "busy", "The disk of the server or the account is full. Ask the site."),
)
