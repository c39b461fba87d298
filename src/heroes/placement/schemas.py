"""What the interface gives for decisions."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from heroes.placement.rules import Policy, Quantity, Reason


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
    parts: dict[str, float]
    cost: Quantity
    time: Quantity
    wait: Quantity
    memory: Quantity
    energy: Quantity
    worst_case: Money = Field(description="what is reserved: it never costs more")
    free_nodes: int
    pending_jobs: int
    places: list[Place] = []
    suggestions: list[Suggestion] = []
    shared_account: str | None = Field(default=None, description="a warning where the account serves several")


class Discarded(BaseModel):
    """A place that cannot run it, why, and what would cure that. `queue` null = no queue of that cluster can."""

    cluster: str
    queue: str | None
    code: str
    reason: str
    cure: str


class PolicyUsed(BaseModel):
    """The policy and the weights of its criteria, adding up to 1."""

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
    """What really happened, as far as it was measured: sums over the finished jobs, memory at its highest."""

    jobs: int
    run_s: float | None
    wait_s: float | None
    memory_bytes: int | None
    energy_j: float | None


class DecisionSummary(BaseModel):
    """A decision in a list."""

    id: str
    execution: str
    user: str
    policy: PolicyUsed
    cluster: str
    queue: str
    rank: int = Field(description="the place of the choice in the ranking; 1 = as proposed")
    created_at: datetime


class DecisionOut(DecisionSummary):
    """A decision: what was proposed and predicted, what was chosen, what came of it."""

    candidates: list[dict[str, Any]]
    discarded: list[dict[str, Any]]
    order: dict[str, Any]
    outcome: Outcome


__all__ = [
    "Candidate",
    "Choice",
    "DecisionOut",
    "DecisionSummary",
    "Discarded",
    "Money",
    "Outcome",
    "Place",
    "Policy",
    "PolicyUsed",
    "Quantity",
    "Ranking",
    "Reason",
    "Suggestion",
]
