"""Slurm's words and ours: job states, reasons for waiting, and what `sbatch` says when it says no."""

from heroes.adapters.ports import SiteEnd, SiteState
from heroes.adapters.questions import No

STATES: dict[str, tuple[SiteState, SiteEnd | None]] = {
    "PENDING": (SiteState.QUEUED, None),
    "REQUEUED": (SiteState.QUEUED, None),
    "REQUEUE_FED": (SiteState.QUEUED, None),
    "CONFIGURING": (SiteState.QUEUED, None),  # nodes are allocated and boot: the program does not run yet
    "POWER_UP_NODE": (SiteState.QUEUED, None),
    "EXPEDITING": (SiteState.QUEUED, None),
    "REQUEUE_HOLD": (SiteState.HELD, None),
    "RESV_DEL_HOLD": (SiteState.HELD, None),
    "SPECIAL_EXIT": (SiteState.HELD, None),
    "RUNNING": (SiteState.RUNNING, None),
    "SUSPENDED": (SiteState.RUNNING, None),
    "STOPPED": (SiteState.RUNNING, None),
    "RESIZING": (SiteState.RUNNING, None),
    "COMPLETING": (SiteState.COMPLETING, None),
    "SIGNALING": (SiteState.COMPLETING, None),
    "STAGE_OUT": (SiteState.COMPLETING, None),
    "COMPLETED": (SiteState.ENDED, SiteEnd.COMPLETED),
    "FAILED": (SiteState.ENDED, SiteEnd.FAILED),
    "CANCELLED": (SiteState.ENDED, SiteEnd.CANCELLED),
    "REVOKED": (SiteState.ENDED, SiteEnd.CANCELLED),
    "TIMEOUT": (SiteState.ENDED, SiteEnd.TIME_LIMIT),
    "DEADLINE": (SiteState.ENDED, SiteEnd.TIME_LIMIT),
    "OUT_OF_MEMORY": (SiteState.ENDED, SiteEnd.OUT_OF_MEMORY),
    "NODE_FAIL": (SiteState.ENDED, SiteEnd.NODE_FAILURE),
    "BOOT_FAIL": (SiteState.ENDED, SiteEnd.NODE_FAILURE),
    "LAUNCH_FAILED": (SiteState.ENDED, SiteEnd.NODE_FAILURE),
    "RECONFIG_FAIL": (SiteState.ENDED, SiteEnd.NODE_FAILURE),
    "PREEMPTED": (SiteState.ENDED, SiteEnd.PREEMPTED),
}

WAITING = {
    "None": "The scheduler has not looked at it yet.",
    "Resources": "It is next: it waits for nodes to become free.",
    "Priority": "Jobs of higher priority are before it.",
    "Dependency": "It waits for another job.",
    "DependencyNeverSatisfied": "It waits for a job that can no longer end as needed; cancel it.",
    "BeginTime": "It may not start before a set time.",
    "JobHeldUser": "It is held by its user; release it at the site or cancel it.",
    "JobHeldAdmin": "The site's staff hold it; ask them.",
    "launch failed requeued held": "It could not be started and is held; ask the site's staff.",
    "JobArrayTaskLimit": "As many elements of its array run as may at a time.",
    "PartitionTimeLimit": "It asks for more time than the queue allows and will never start.",
    "PartitionNodeLimit": "It asks for more nodes than the queue has or allows and will never start.",
    "PartitionConfig": "It asks for more than the queue has and will not start.",
    "PartitionDown": "The site has stopped this queue: it starts when the site opens it. Cancel it to choose another.",
    "PartitionInactive": "The site has closed this queue: it starts when that opens. Cancel it to choose another.",
    "BadConstraints": "No node has what it asks for; it will never start.",
    "NodeDown": "A node it needs is down.",
    "ReqNodeNotAvail": "A node it needs is down, drained or reserved.",
    "Reservation": "It waits for its reservation.",
    "Licenses": "It waits for a software licence.",
    "InvalidAccount": "The account is not valid any more; choose another.",
    "InvalidQOS": "The account may not use this quality of service.",
    "Cleaning": "Its former run is being cleaned up.",
    "Prolog": "The nodes are being prepared.",
    "JobLaunchFailure": "It could not be started on its nodes; ask the site's staff.",
    "SystemFailure": "The site's file system, network or scheduler failed under it.",
    "NonZeroExitCode": "Its former run ended with an error, and it is held.",
    "ReservationDeleted": "Its reservation was removed; ask the site's staff, or cancel it.",
    "DeadLine": "It cannot end before its deadline and will not start.",
    "AccountNotAllowed": "The account may not use this queue; choose another queue.",
    "QOSNotAllowed": "This quality of service may not be used in this queue.",
    "NodeNotAvail": "A node it needs is down, drained or reserved.",
    "NodesNotAvail": "Nodes it needs are down, drained or reserved.",
    "BurstBufferResources": "It waits for room in the fast storage.",
    "user env retrieval failed requeued held": "The account's environment could not be read, and it is held.",
}
LIMITS = {
    "Assoc": "the account",
    "QOS": "the quality of service",
    "Max": "the site",
    "AssociationResource": "the account",
}
HELD = ("JobHeld", "held")


def plain_reason(reason: str) -> str | None:
    """Why a job waits, in plain words; None if the site says nothing."""
    word = reason.strip("() ").split(",")[0]  # of "ReqNodeNotAvail, UnavailableNodes:n1"
    if not word:
        return None
    if "maintenance" in reason.lower():
        return "The site is about to be maintained: it would end too late to start before. It starts afterwards."
    if word in WAITING:
        return WAITING[word]
    if "PerJob" in word or "Wall" in word:
        return f"It asks for more than a limit of the account allows ({word}) and will not start."
    whose = next((owner for prefix, owner in LIMITS.items() if word.startswith(prefix)), None)
    if whose and ("Max" in word or "Grp" in word or "Limit" in word):
        return f"A limit of {whose} is used up ({word}); it starts when other jobs have ended."
    return f"The scheduler says: {word}."


def is_held(reason: str) -> bool:
    return any(word in reason for word in HELD)


def state_of(word: str) -> tuple[SiteState, SiteEnd | None] | None:
    """Our state for Slurm's ("CANCELLED by 20001" and "COMPLETED+" too); None if the word is not known."""
    return STATES.get(word.split(" ")[0].rstrip("+"))


IN_DOUBT = (
    "timed out|unable to contact|connection|communication|zero bytes|transport|message (receive|send)|"
    "unexpected message|controller not responding|resource temporarily unavailable|backup mode|end of file"
)
"""When sbatch says this (an extended regular expression, case ignored), the controller may have taken the job."""


REFUSALS = (
    No("invalid partition", "no", "The queue does not exist at the site. Choose one of its queues."),
    No(
        "invalid account|account/partition combination|invalid qos|user.?s group not permitted|access/permission",
        "no",
        "The account may not use this queue, or does not exist. Ask the site for access, or choose another queue.",
    ),
    No(
        "MaxSubmit|GrpSubmit|temporarily unable to accept|MaxJobCount|job count limit",
        "busy",
        "The site takes no more jobs of this account now: its limit on submitted jobs is reached.",
    ),
    No(
        r"\b(Assoc|QOS|Partition)\w*(Max|Min|Grp)\w*",
        "no",
        "The job asks for more than the account's policy allows. Ask for less, or the site for a higher limit.",
    ),
    No(
        "job violates accounting/QOS policy",  # alone it does not tell which limit: it may be that on submitted jobs
        "busy",
        "A limit of the account is reached.",
    ),
    No(
        "requested node configuration is not available|node count specification invalid|cpu count.*(invalid|available)|"
        "requested partition configuration not available|memory specification can not be satisfied|"
        "more processors requested than permitted|task count specification",
        "no",
        "No node of the queue has what the job asks for. Ask for fewer cores, less memory or GPUs, or another queue.",
    ),
    No(
        "invalid generic resource|gres",
        "no",
        "The queue has no such GPUs. Ask for fewer or for none, or choose a queue with GPUs.",
    ),
    No(
        "time limit|walltime", "no", "The job asks for more time than the queue allows. Ask for less, or another queue."
    ),
    No(
        "account.*expired|user.*(not valid|expired)|invalid user|unable to determine user",
        "no",
        "The scheduler does not know this account, or it has expired. Ask the site to renew it.",
    ),
    No("invalid job array|array", "no", "The array is too large for the site. Split it."),
    No(
        "partition.*(down|inactive|not available)|required partition",
        "busy",
        "The queue is closed; the job is ordered when the site opens it. Cancel it to choose another queue.",
    ),
    No("reservation", "no", "The job needs a reservation that does not exist or is over."),
    No("unable to open file|no such file", "no", "The job's script is not at the site."),
    No("not found", "no", "The command sbatch is not found. The account's PATH must contain Slurm's commands."),
    No(
        "disk quota|no space left|i/o error writing script",
        "busy",
        "The disk of the account or of the scheduler is full. Free some space, or ask the site for more.",
    ),
)
