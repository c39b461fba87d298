"""What the interface takes and gives for executions; names and words of the HEROES deliverables."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from heroes.executions.lines import Level
from heroes.kit.faults import Wrong
from heroes.kit.why import Why
from heroes.placement.schemas import Policy, Ranking


class Resources(BaseModel):
    """The user's own wishes for every step of one execution; what is left out stays as the workflow says."""

    model_config = ConfigDict(extra="forbid")

    cores: int | None = Field(default=None, ge=1)
    nodes: int | None = Field(default=None, ge=1)
    memory: str | int | None = Field(default=None, description='per node, such as "4 GiB"')
    walltime: str | int | None = Field(default=None, description='such as "01:00:00"')
    gpus: int | None = Field(default=None, ge=0)


class Request(BaseModel):
    """A workflow with its parameters, as it is ranked and submitted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "wtid": "airfoil",
                    "parameters": {"airfoil": "home:wing/naca2412.dat", "angles": [-4, 0, 4, 8]},
                    "policy": "cheapest",
                }
            ]
        },
    )

    wtid: str = Field(description="id or name of the workflow", max_length=200)
    version: str | None = Field(default=None, max_length=100)
    parameters: dict[str, Any] = {}
    resources: Resources | None = None
    policy: Policy | None = None
    weights: dict[str, float] | None = None
    deadline: AwareDatetime | None = Field(default=None, description="by when it must have ended; implies that policy")
    project: str | None = Field(default=None, description="name or id; needed with more than one", max_length=200)

    @model_validator(mode="after")
    def _one_policy(self) -> Self:
        if self.deadline is not None and self.policy not in {None, Policy.DEADLINE}:
            raise Wrong("a deadline goes with the policy deadline alone", "deadline_alone")
        return self

    @property
    def aim(self) -> dict[str, Any]:
        """Return the policy and its weights as placement takes them."""
        if self.deadline is None:
            return {"policy": self.policy, "weights": self.weights}
        return {"policy": Policy.DEADLINE, "weights": {"deadline": self.deadline.timestamp()}}


Way = Literal["page", "browser", "mail"]
Ways = Annotated[list[Way], Field(max_length=3)]
"""How somebody hears of the end of a run."""


class NoticesIn(BaseModel):
    """How to hear of the end of one run."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"notices": ["page", "mail"]}]})

    notices: Ways | None = Field(description="null: as you want it of every run; none: not at all")


class Submission(Request):
    """What `submit` takes: `cluster` picks another than the first of the ranking; `max_cost` lowers the reservation."""

    cluster: str | None = Field(default=None, max_length=200)
    queue: str | None = Field(default=None, max_length=200)
    max_cost: str | None = Field(
        default=None, pattern=r"^\d{1,12}(\.\d{1,6})?$", description="in the budget's currency"
    )
    because: str | None = Field(
        default=None, max_length=500, description="why another place than the first; kept with the decision"
    )
    notices: Ways | None = Field(
        default=None, description="how you want to hear of its end; left out: as you want it of every run"
    )


class Unfinished(BaseModel):
    """What a draft holds: a submission that may lack anything, or be wrong, but for its workflow."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"wtid": "airfoil", "parameters": {"panels": 90}, "policy": "cheapest"}]},
    )

    wtid: str = Field(description="id or name of the workflow", max_length=200)
    version: str | None = Field(default=None, max_length=100)
    parameters: dict[str, Any] = {}
    resources: dict[str, Any] | None = None
    policy: Policy | None = None
    weights: dict[str, float] | None = None
    deadline: str | None = Field(default=None, max_length=100)
    project: str | None = Field(default=None, max_length=200)
    cluster: str | None = Field(default=None, max_length=200)
    queue: str | None = Field(default=None, max_length=200)
    max_cost: str | None = Field(default=None, max_length=40)
    because: str | None = Field(default=None, max_length=500)
    notices: Ways | None = None


class DraftIn(BaseModel):
    """A draft as it shall be from now on."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"asked": {"wtid": "airfoil", "parameters": {"panels": 90}}}]}
    )

    asked: Unfinished
    source: str | None = Field(default=None, max_length=100, description="the execution that it was filled in from")
    revision: int | None = Field(
        default=None, ge=0, lt=2**31, description="that was read; 0: it is new; without: whatever is there is replaced"
    )


class DraftOut(BaseModel):
    """A run that you have not finished asking for."""

    id: str
    revision: int
    title: str = Field(description="of the workflow, when it was first saved")
    asked: Unfinished
    source: str | None
    created_at: datetime
    updated_at: datetime


class Restart(BaseModel):
    """What `restart` takes: nothing, or the step to run again from, other resources for some steps, another place."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={"examples": [{"resources": {"solve": {"memory": "8 GiB"}}}, {"from": "solve"}]},
    )

    first: str | None = Field(
        default=None, alias="from", max_length=200, description="this step and all after it; else from what failed"
    )
    resources: dict[str, Resources] = Field(default={}, description="step → what it asks for from now on")
    cluster: str | None = Field(default=None, max_length=200)
    queue: str | None = Field(default=None, max_length=200)
    max_cost: str | None = Field(
        default=None, pattern=r"^\d{1,12}(\.\d{1,6})?$", description="in the budget's currency"
    )


class Owner(BaseModel):
    organization: str
    user: str


class Configuration(BaseModel):
    wtid: str
    name: str
    version: str | None = None
    parameters: dict[str, Any] = {}
    policy: str | None = None
    cluster: str | None = None
    project: str | None = None


class FailureOut(BaseModel):
    """What the job that failed first ended of; `reason` tells it in English.

    `why`: by code, the trouble of a transfer that it quotes.
    """

    title: str
    code: str | None
    exit_code: int | None
    why: Why | None = None


class StepOut(BaseModel):
    name: str
    title: str
    state: str
    jobs: int
    jobs_ended: int
    reason: str | None
    waiting: str | None = Field(default=None, description="what its jobs wait for, in plain words, and the cure")
    failure: FailureOut | None = Field(
        default=None, description="of one that failed: what ended its job that failed first"
    )
    started_at: datetime | None
    ended_at: datetime | None


class PromisedOut(BaseModel):
    """What was predicted before the run for the place that was chosen; 8 of 10 end from `low80` to `high80`."""

    value: float
    low80: float
    high80: float
    confidence: str | None = None


class FiguresOut(BaseModel):
    """How far a run is and what it took, for lists; what was charged only for who began it or keeps the books."""

    jobs: int = 0
    jobs_ended: int = 0
    charged: str | None = Field(default=None, description="so far; null: not yours to see")
    currency: str | None = None
    cost: PromisedOut | None = None
    time: PromisedOut | None = Field(default=None, description="seconds from its submission to its result")


class ExecutionOut(BaseModel):
    """One run of a workflow."""

    wid: str
    owner: Owner
    configuration: Configuration
    status: str
    status_since: datetime
    reason: str | None
    failure: FailureOut | None = None
    submit_time: datetime
    run_time: datetime | None
    end_time: datetime | None
    restarts: int = 0
    notices: list[str] | None = Field(
        default=None, description="how its user wants to hear of its end; null: as they want it of every run"
    )
    explanation: str | None = Field(
        default=None, description="what goes on, since when and why, and how fresh that is, for people"
    )
    steps: list[StepOut] | None = None
    figures: FiguresOut | None = Field(default=None, description="in lists")


class JobOut(BaseModel):
    """One job of an execution, with what is going on in plain words and how fresh that is."""

    id: str
    step: str
    index: int
    title: str
    state: str
    state_since: datetime
    code: str | None
    text: str | None
    why: Why | None = Field(default=None, description="by code, the trouble of a transfer that the text quotes")
    reason: str | None = Field(default=None, description="the scheduler's own word, such as Priority or OUT_OF_MEMORY")
    explanation: str | None = Field(
        default=None, description="what it does, since when and why, and how fresh that is, for people"
    )
    heard_at: datetime | None
    cluster: str | None
    queue: str | None
    site_id: str | None = None
    attempt: int
    end: str | None
    exit_code: int | None
    submitted_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    usage: dict[str, Any] | None
    cost: dict[str, Any] | None


class AttemptOut(BaseModel):
    """One start of a job: where, what it asked for, how it ended and why."""

    id: str
    job: str
    step: str
    index: int
    number: int
    cluster: str
    queue: str | None
    site_id: str | None
    asked: dict[str, Any] = Field(description="cores, nodes, tasks, memory_bytes (a node), gpus, walltime_s")
    started_at: datetime | None
    ended_at: datetime | None
    end: str
    cause: str | None
    code: str
    text: str
    exit_code: int | None
    usage: dict[str, Any]


class WhyUnknown(BaseModel):
    """Why a figure is not known."""

    code: str = Field(description="not_started, not_told, not_yet, too_short, silent or no_meter")
    text: str


class SampleOut(BaseModel):
    """What a job used in one interval; null is "not known", never zero."""

    start: datetime
    end: datetime
    cpu_share: float | None = Field(description="of the cores it asked for, 1 = all of them busy")
    power_w: float | None = Field(description="mean, of its nodes as their meter tells")
    memory_bytes: int | None


class JobUsageOut(BaseModel):
    """What a job used over time in its present attempt, in at most 240 intervals, the oldest first."""

    job: str
    step: str
    index: int
    title: str
    attempt: int
    cluster: str | None
    cores: int
    every_s: int | None = Field(description="about how long the intervals are")
    energy_source: str | None
    cpu_unknown: WhyUnknown | None
    power_unknown: WhyUnknown | None
    samples: list[SampleOut]


class ResultOut(BaseModel):
    """One declared result, where it lies and what it must hash to."""

    name: str
    bucket: str
    path: str
    size: int
    sha256: str


class CostOut(BaseModel):
    """What an execution costs: reserved, charged so far, its lines, and the energy it used.

    Amounts are null for whoever neither began it nor keeps the books (`ledger.read`); the energy is told to all.
    """

    status: str = Field(description="accruing or final")
    currency: str | None
    reserved: str | None
    charged: str | None
    overrun: str | None
    lines_total: int = 0
    """how many there are; of those many, the first thousand are listed"""
    lines: list[dict[str, Any]]
    energy_j: float | None = Field(description="the sum where every job was measured")
    energy_at_least_j: float | None = Field(default=None, description="the sum where some were, and others were not")
    energy_source: str | None
    energy_reason: str | None
    energy_why: Why | None = Field(default=None, description="the same by code, for other languages")


class LogOut(BaseModel):
    """A piece of what one attempt of a job printed, of whole characters, and where the next piece begins."""

    job: str
    step: str
    index: int
    attempt: int
    """another one than before: the job began anew, and so does what it prints"""
    stream: str
    offset: int
    next_offset: int
    content: str
    missed: int = 0
    """bytes before it that are held no more; once the job has ended they are in its log"""
    ended: bool
    trouble: str | None = None
    """why the site gives nothing now"""


class LogLineOut(BaseModel):
    """One line, at most 8 KiB of it; `level` by the word at its beginning."""

    number: int
    text: str
    level: Level | None
    seen_at: datetime | None
    """when the platform read it, where it did while the job ran"""


class LogLinesOut(BaseModel):
    """Lines of what one attempt of a job printed; `begin` is the position of the first among the `total` that fit."""

    job: str
    step: str
    index: int
    attempt: int
    stream: str
    total: int
    of: int
    """all lines, whether they fit or not"""
    begin: int
    lines: list[LogLineOut]
    levels: dict[Level, int]
    """how many lines there are of each level"""
    ended: bool
    open: bool
    """the last line has no end yet: what follows by offset goes on with it"""
    next_offset: int
    """where to read on by offset"""
    missed: int
    """bytes that are not held while the job runs, and not numbered; once it has ended they are in its log"""
    complete: bool
    """false: the log is too large to be numbered to its end"""


class LogMatchesOut(BaseModel):
    """How many lines hold the text, and the numbers of the first 10,000."""

    total: int
    numbers: list[int]


__all__ = [
    "AttemptOut",
    "Configuration",
    "CostOut",
    "DraftIn",
    "DraftOut",
    "ExecutionOut",
    "FiguresOut",
    "JobOut",
    "LogLineOut",
    "LogLinesOut",
    "LogMatchesOut",
    "LogOut",
    "Owner",
    "PromisedOut",
    "Ranking",
    "Request",
    "Resources",
    "Restart",
    "ResultOut",
    "StepOut",
    "Submission",
    "Unfinished",
]
