"""What the interface gives for insights."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from heroes.kit.why import Why


class Compared(BaseModel):
    """One prediction and what happened; null where nothing was predicted or measured."""

    predicted: float | None
    low80: float | None = Field(description="8 of 10 like it end between this and `high80`")
    high80: float | None
    actual: float | None


class SpanOut(BaseModel):
    """Where 8 of 10 lie, and the middle."""

    low: float
    median: float
    high: float


class UsualOut(BaseModel):
    """What the last runs of a workflow took that ended well, at most 50 within a year; time from order to result."""

    workflow: str
    runs: int
    last_at: datetime
    time: SpanOut | None = Field(description="seconds")
    cost: SpanOut | None = Field(description="null where you may not see it")
    currency: str | None


class QueueWaitOut(BaseModel):
    """How long jobs waited in a queue before they began."""

    queue: str
    jobs: int = Field(description="whose wait is known")
    wait: SpanOut = Field(description="seconds")
    longest: float = Field(description="seconds")
    last_at: datetime = Field(description="when the last of them ended")


class DayOut(BaseModel):
    """How the starts that ended on one day (of UTC) ended."""

    day: date
    ended: int
    cancelled: int
    failed: dict[str, int] = Field(description="by cause: infrastructure, memory, time, program, or unknown")


class FaredOut(BaseModel):
    """How jobs fared on a cluster: those ordered in the last `days` that have ended, each of their starts."""

    days: int
    everyone: bool = Field(description="of all organizations that use it, which its owner may know; else of your own")
    waits: list[QueueWaitOut]
    ends: list[DayOut] = Field(description="the oldest first; days on which nothing ended are left out")


class FailedOut(BaseModel):
    """A start of a job that failed."""

    id: str
    execution: str
    name: str = Field(description="of the workflow")
    job: str
    step: str
    index: int
    attempt: int
    queue: str | None
    cause: str
    code: str
    text: str = Field(description="what happened, in words")
    why: Why | None = Field(default=None, description="by code, the trouble of a transfer that the text quotes")
    ended_at: datetime | None


class JudgedOut(BaseModel):
    """A decision whose execution ended well: run time and waiting in seconds, energy in joules.

    Steps count one after the other, their jobs side by side, as they were predicted.
    """

    decision: str
    execution: str
    cluster: str
    queue: str
    policy: str
    rank: int = Field(description="the place of the choice in the ranking; 1 = as proposed")
    created_at: datetime
    jobs: int
    time: Compared
    wait: Compared
    cost: Compared
    energy: Compared
    currency: str | None


class NameOut(BaseModel):
    """What an id is called now."""

    id: str
    kind: str = Field(description="such as user, project, cluster, workflow, execution, object, bucket, budget")
    name: str
    place: str | None = Field(default=None, description="of a file: the name of its bucket")
    open: bool = Field(default=True, description="whether you may look at it; who reads the record learns names beyond")
