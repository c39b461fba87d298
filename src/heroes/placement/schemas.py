"""What the interface gives for decisions."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from heroes.placement.rules import Change, Moving, Policy, Quantity, Reason, Reliability


class Money(BaseModel):
    """An amount as decimal text, so that nothing is lost, and its currency."""

    amount: str
    currency: str


class Place(BaseModel):
    """Where one step would run."""

    step: str
    cluster: str
    queue: str
    worst_case: str = Field(default="0.00", description="the most that its jobs cost there")


class StepPrediction(BaseModel):
    """What is predicted for one job of a step where it would run."""

    step: str
    cluster: str
    queue: str
    time: Quantity
    wait: Quantity
    memory: Quantity
    energy: Quantity
    cost: Quantity


class Suggestion(BaseModel):
    """What to ask for next time, from the upper end of what was seen; null = too little was seen."""

    step: str
    walltime_s: int | None
    memory_bytes: int | None = Field(description="per node")


class Candidate(BaseModel):
    """A queue that can run it: its place in the order, why it stands there, and what is predicted."""

    rank: int
    cluster: str
    cluster_id: str
    queue: str
    queue_id: str
    score: float = Field(description="higher is better; the sum of `parts`")
    parts: dict[str, float] = Field(description="what each criterion adds; `moving` is what bringing data takes away")
    cost: Quantity
    time: Quantity
    wait: Quantity
    handling: Quantity | None = Field(
        default=None, description="ordering, being seen and collecting; in the time to result, beside wait and run time"
    )
    memory: Quantity
    energy: Quantity
    carbon: Quantity = Field(description="g CO2e of its energy, by place and hour")
    moving: Moving = Field(description="bringing the known inputs there; in the time to result and the cost")
    worst_case: Money = Field(description="what is reserved: it never costs more")
    free_nodes: int
    pending_jobs: int
    places: list[Place] = []
    predictions: list[StepPrediction] = Field(default=[], description="of one job of each step")
    suggestions: list[Suggestion] = []
    over_budget: float | None = Field(default=None, description="chance that it costs more than the budgets still hold")
    reliability: Reliability | None = None
    change: Change | None = Field(default=None, description="the smallest change that would put it first")
    explanation: str = Field(default="", description="what is known of it and why it stands here, in plain words")
    shared_account: str | None = Field(default=None, description="a warning where the account serves several")


class Discarded(BaseModel):
    """A place that cannot run it, why, and what would cure that. `queue` null = no queue of that cluster can.

    `code` and `facts` tell the same as `reason` and `cure`, for whoever says it in another language.
    """

    cluster: str
    queue: str | None
    code: str
    reason: str
    cure: str
    facts: dict[str, Any] = {}


class OwnPolicyIn(BaseModel):
    """What an organization wants of every placement."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"policy": "greenest", "fixed": False, "barred": []}]},
    )

    policy: Policy = Field(description="where a run names none")
    weights: dict[str, float] | None = Field(default=None, description="of the policy weighted: cost, time, energy, …")
    fixed: bool = Field(default=False, description="no run may name another")
    barred: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=500)] = Field(
        default=[], description="clusters, by id or name, that nothing is placed on"
    )


class OwnPolicyOut(BaseModel):
    """What holds for the placements of an organization; `changed_at` null: the platform's own default."""

    policy: Policy
    weights: dict[str, float] | None = Field(description="of weighted, adding up to 1")
    balanced: dict[str, float] = Field(description="the weights of weighted where nobody names any")
    fixed: bool
    barred: list[str] = Field(description="ids of clusters")
    changed_at: datetime | None


class PolicyUsed(BaseModel):
    """The policy and the weights of its criteria, adding up to 1; of `deadline`, the deadline in seconds since 1970."""

    name: Policy
    weights: dict[str, float]


class Ranking(BaseModel):
    """The candidates in order, the discarded places, and why the order is so. Nothing was started."""

    policy: PolicyUsed
    candidates: list[Candidate]
    discarded: list[Discarded]
    order: Reason


class Choice(BaseModel):
    """Where a job goes now; without a candidate `code` and `reason` say why it waits, `short` how much is missing."""

    candidate: Candidate | None
    code: str
    reason: str
    short: Decimal | None = None


class Outcome(BaseModel):
    """What really happened, as far as it was measured, in the terms of the prediction.

    Steps one after the other, their jobs side by side: waiting, run time and handling add up. Energy is the sum over
    the finished jobs, memory its highest.
    """

    jobs: int
    run_s: float | None
    wait_s: float | None
    handled_s: float | None = Field(description="beside waiting and running, from the orders to the settlements")
    memory_bytes: int | None
    energy_j: float | None


class Accuracy(BaseModel):
    """How good predictions of one quantity were; null = nothing to judge by."""

    jobs: int = Field(description="predicted and measured")
    accuracy: float | None = Field(description="mean of the smaller over the larger of predicted and real")
    promised: float | None = Field(description="the accuracy that was promised for them")
    error: float | None = Field(description="mean absolute error, in the quantity's unit")
    bias: float | None = Field(description="predicted over real, the middle one; above 1 = predicted too high")
    held80: float | None = Field(description="share that ended within the 80 % interval")
    held90: float | None = Field(description="share that ended within the 90 % interval")


class Group(BaseModel):
    """The jobs of one workflow, cluster, user or version of the predictor."""

    by: str = Field(description="workflow, cluster, user or model")
    name: str
    time: Accuracy


class Missing(BaseModel):
    """How many jobs cannot be judged, and why."""

    reason: str
    jobs: int


class Report(BaseModel):
    """Predictions against what really happened, of the newest jobs that one may see."""

    jobs: int
    time: Accuracy
    wait: Accuracy
    memory: Accuracy
    energy: Accuracy
    groups: list[Group]
    missing: list[Missing]
    decisions: int
    overridden: int = Field(description="decisions where another than the first was chosen")
    reasons: list[str] = Field(description="the newest reasons that users gave for that")
    moved: int = Field(description="jobs that left the cluster of their decision because that paid")


class DecisionSummary(BaseModel):
    """A decision in a list."""

    id: str
    execution: str
    user: str
    policy: PolicyUsed
    cluster: str
    queue: str
    rank: int = Field(description="the place of the choice in the ranking; 1 = as proposed")
    because: str | None = Field(default=None, description="the user's reason to choose another than the first")
    created_at: datetime


class DecisionOut(DecisionSummary):
    """A decision: what was proposed and predicted, what was chosen, what came of it."""

    candidates: list[dict[str, Any]]
    discarded: list[dict[str, Any]]
    order: dict[str, Any]
    outcome: Outcome


__all__ = [
    "Accuracy",
    "Candidate",
    "Choice",
    "DecisionOut",
    "DecisionSummary",
    "Discarded",
    "Group",
    "Missing",
    "Money",
    "Outcome",
    "Place",
    "Policy",
    "PolicyUsed",
    "Quantity",
    "Ranking",
    "Reason",
    "Report",
    "StepPrediction",
    "Suggestion",
]


class Ended(BaseModel):
    """A job that ended well, as a log of jobs tells of it: times in seconds, `app` is workflow and step."""

    job: str
    submit: datetime
    wait: float | None
    run: float
    procs: int
    nodes: int
    gpus: int
    user: str | None
    app: str
    queue: str
    input_bytes: int
    memory_bytes: int | None
    energy_j: float | None
