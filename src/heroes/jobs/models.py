"""Jobs, the orders that carry them to a site, and each start of a payload."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy import text as literal
from sqlalchemy.orm import Mapped, mapped_column

from heroes.jobs.rules import Spec, State
from heroes.kit.db import Base, Tenant, Timestamps
from heroes.kit.schema import register_functions
from heroes.kit.work import Durable, Waiter


class Job(Base, Tenant, Durable, Timestamps):
    """One unit placed on one cluster. `cancel_requested_at` is an intent: steps read it and never write it."""

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(primary_key=True)
    execution_id: Mapped[str] = mapped_column(index=True)
    waiter_table: Mapped[str]
    waiter_id: Mapped[str]
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    workflow_id: Mapped[str]
    step: Mapped[str]
    index: Mapped[int]
    title: Mapped[str]
    spec: Mapped[dict[str, Any]]

    state: Mapped[str] = mapped_column(default=State.PLACED)
    state_since: Mapped[datetime]
    note_code: Mapped[str | None]
    note: Mapped[str | None]
    """what is going on, in words for people"""
    cancel_requested_at: Mapped[datetime | None]

    policy: Mapped[str]
    weights: Mapped[dict[str, Any] | None]
    pinned_cluster: Mapped[str | None]
    """the user's or the step's choice by name; None: placement decides anew before the job starts"""
    pinned_queue: Mapped[str | None]
    cluster_id: Mapped[str | None] = mapped_column(ForeignKey("clusters.id"), index=True)
    cluster: Mapped[str | None]
    queue_id: Mapped[str | None]
    queue: Mapped[str | None]
    line_id: Mapped[str | None]
    decision_id: Mapped[str | None]

    attempt: Mapped[int] = mapped_column(default=1)
    used: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """attempts used up, by cause"""
    avoided: Mapped[list[str]] = mapped_column(default=list, server_default=literal("'[]'"))
    """ids of clusters that failed it: the next attempt goes elsewhere if it can"""
    checkpoint: Mapped[dict[str, Any] | None]
    """what the last attempt left to go on from: {items, line_id, folder}"""
    array_id: Mapped[str | None] = mapped_column(ForeignKey("job_arrays.id"), index=True)
    """the array whose member it is, which moves it; its own `spec` is then only what differs from the common one"""
    task: Mapped[int | None]
    """its number within the array's order, from 0"""
    submission_id: Mapped[str | None]
    stage_in_id: Mapped[str | None]
    stage_out_id: Mapped[str | None]
    watch_id: Mapped[str | None]
    looks: Mapped[int] = mapped_column(default=0)
    cancels: Mapped[int] = mapped_column(default=0)
    seen: Mapped[dict[str, Any] | None]
    """the site's own words, last heard"""
    heard_at: Mapped[datetime | None]

    end: Mapped[str | None]
    cause: Mapped[str | None]
    exit_code: Mapped[int | None]
    outputs: Mapped[dict[str, Any] | None]
    """name → list of staged items, once collected"""
    usage: Mapped[dict[str, Any] | None]
    cost: Mapped[dict[str, Any] | None]
    submitted_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    folder_removed_at: Mapped[datetime | None]

    folders: Mapped[list[str]] = mapped_column(default=list, server_default=literal("'[]'"))
    """ids of the lines through which folders of this job were made that are not removed yet"""

    def begin_anew(self, spec: Spec) -> None:
        """Make ready for the next attempt, of which nothing is placed or ordered yet."""
        self.spec = spec.as_json()
        self.array_id = self.task = None
        self.attempt += 1
        self.submission_id = self.stage_in_id = self.stage_out_id = self.watch_id = self.line_id = None
        self.looks = self.cancels = 0
        self.seen = None
        self.end = self.cause = self.exit_code = None
        self.outputs = None
        self.started_at = self.submitted_at = self.ended_at = self.folder_removed_at = None

    @property
    def frozen(self) -> Spec:
        return Spec.from_json(self.spec)

    @property
    def waiter(self) -> Waiter:
        return Waiter(self.waiter_table, self.waiter_id)


class Array(Base, Tenant, Durable, Timestamps):
    """Jobs that ask for the same and go together: placed once, staged once, drawn for once, one order of the site.

    It holds one attempt of its members; those that get another one leave it, alone or for an array of their own.
    """

    __tablename__ = "job_arrays"

    id: Mapped[str] = mapped_column(primary_key=True)
    execution_id: Mapped[str] = mapped_column(index=True)
    step: Mapped[str]
    spec: Mapped[dict[str, Any]]
    """what is common to the members"""
    members: Mapped[int]
    """jobs for which its folder was staged"""
    state: Mapped[str] = mapped_column(default=State.PLACED)
    line_id: Mapped[str | None]
    folder: Mapped[str | None]
    """shared inputs and the members' own folders; arrays that were split share it"""
    stage_in_id: Mapped[str | None]
    submission_id: Mapped[str | None]
    news_at: Mapped[datetime | None]
    """up to when the members know what was sighted of them"""
    cancelled_at: Mapped[datetime | None]
    """when the site was last asked to end members"""
    lost: Mapped[bool] = mapped_column(default=False, server_default=false())
    """outputs of some member could not be fetched: its folder is kept for a while"""


class Submission(Base, Tenant, Timestamps):
    """One order under one token, committed before anything leaves the platform."""

    __tablename__ = "submissions"
    __table_args__ = (Index("ix_submissions_cluster_id_created_at", "cluster_id", "created_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"), index=True)
    array_id: Mapped[str | None] = mapped_column(ForeignKey("job_arrays.id"), index=True)
    members: Mapped[int] = mapped_column(default=1, server_default="1")
    attempt: Mapped[int]
    token: Mapped[str] = mapped_column(unique=True)
    cluster_id: Mapped[str] = mapped_column(ForeignKey("clusters.id"))
    line_id: Mapped[str]
    queue: Mapped[str | None]
    folder: Mapped[str]
    tariff_id: Mapped[str | None]
    ordered_at: Mapped[datetime | None]
    absent_times: Mapped[int] = mapped_column(default=0)
    gate: Mapped[str]
    site_id: Mapped[str | None]


class Attempt(Base, Tenant):
    """One start of a payload that the platform knows, with its own usage."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_started", "organization_id", "started_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), index=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"), index=True)
    number: Mapped[int]
    cluster: Mapped[str]
    queue: Mapped[str | None]
    site_id: Mapped[str | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end: Mapped[str]
    cause: Mapped[str | None]
    code: Mapped[str]
    text: Mapped[str]
    exit_code: Mapped[int | None]
    usage: Mapped[dict[str, Any]]
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=literal("'{}'"))
    """what this attempt asked for: cores, memory (bytes a node), walltime (s) …"""


class LogFollow(Base, Tenant, Durable, Timestamps):
    """Somebody reads what an attempt prints; the owner of its line brings the new bytes, as rows, while that lasts.

    `wanted_until` is an intent: readers move it on, the owner never writes it. Without a line it waits to be closed.
    """

    __tablename__ = "log_follows"
    __table_args__ = (
        UniqueConstraint("job_id", "attempt", "stream"),
        Index("ix_log_follows_due", "due_at", postgresql_where="due_at IS NOT NULL"),
        Index("ix_log_follows_line_id", "line_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"))
    line_id: Mapped[str | None]
    attempt: Mapped[int]
    stream: Mapped[str]
    wanted_until: Mapped[datetime]
    offset: Mapped[int] = mapped_column(default=0)
    """bytes of the stream that have been read"""
    read_at: Mapped[datetime | None]
    trouble: Mapped[str | None]
    """why the last read failed"""


class LogChunk(Base, Tenant):
    """A piece of what an attempt printed: whole characters, from `offset` to before `next_offset`."""

    __tablename__ = "log_chunks"
    __table_args__ = (UniqueConstraint("job_id", "attempt", "stream", "offset"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"))
    attempt: Mapped[int]
    stream: Mapped[str]
    offset: Mapped[int]
    next_offset: Mapped[int]
    content: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(server_default=literal("heroes_now()"), index=True)


_AMONG = """
  FROM submissions s JOIN attempts a ON a.submission_id = s.id JOIN clusters c ON c.id = s.cluster_id
 WHERE s.cluster_id = p_cluster AND s.created_at >= heroes_now() - make_interval(days => p_days)
   AND (a.organization_id = heroes_organization() OR (p_everyone AND c.organization_id = heroes_organization()))
"""
register_functions(
    """
CREATE OR REPLACE FUNCTION heroes_queue_waits(p_cluster text, p_days integer, p_everyone boolean)
RETURNS TABLE (queue text, jobs bigint, shares float8[], longest float8, last_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.queue, count(*), percentile_cont(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY (a.usage->>'wait_s')::float8),
         max((a.usage->>'wait_s')::float8), max(a.ended_at)
{among} AND a.usage->>'wait_s' IS NOT NULL AND a.queue IS NOT NULL GROUP BY a.queue
$$;
CREATE OR REPLACE FUNCTION heroes_cluster_ends(p_cluster text, p_days integer, p_everyone boolean)
RETURNS TABLE (day date, "end" text, cause text, jobs bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT (a.ended_at AT TIME ZONE 'UTC')::date, a."end", a.cause, count(*)
{among} AND a.ended_at IS NOT NULL GROUP BY 1, 2, 3
$$;
REVOKE ALL ON FUNCTION heroes_queue_waits(text, integer, boolean), heroes_cluster_ends(text, integer, boolean)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION heroes_queue_waits(text, integer, boolean), heroes_cluster_ends(text, integer, boolean)
  TO {app}, {worker};
""".replace("{among}", _AMONG)
)
