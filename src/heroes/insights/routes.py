"""Insights over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from heroes.identity import Action, Tx, Who
from heroes.insights import service
from heroes.insights.schemas import FailedOut, FaredOut, JudgedOut, NameOut, UsualOut
from heroes.jobs import history
from heroes.jobs.rules import Cause
from heroes.kit.errors import Denied, NotFound
from heroes.kit.paging import Paged
from heroes.kit.problem import problems
from heroes.placement.models import Decision

router = APIRouter(prefix="/organization/insights", tags=["insights"])


@router.get("/decisions", responses=problems(Denied))
async def list_judged_decisions(who: Who, session: Tx, page: Paged) -> list[JudgedOut]:
    """Return what was predicted for the chosen clusters beside what happened, newest first."""
    who.must(Action.COST_READ)
    rows = await page.of(session, service.judged(who), (Decision.id,), lambda row: row, descending=True)
    return await service.compared(session, who, rows)


@router.get("/workflows", responses=problems())
async def list_usual_figures(who: Who, session: Tx, page: Paged) -> list[UsualOut]:
    """Return what runs of each workflow usually take, as the last ones that you may see did; by workflow."""
    return page.cut(await service.usual(session, who), lambda one: one.workflow)


Days = Annotated[int, Query(ge=1, le=90, description="what was ordered in the last so many days")]


@router.get("/cluster/{cluster}", responses=problems(Denied, NotFound))
async def show_how_jobs_fared(
    cluster: str,
    who: Who,
    session: Tx,
    days: Days = 14,
    own: Annotated[bool, Query(description="only your own organization's jobs")] = False,
) -> FaredOut:
    """Tell how long jobs waited in a cluster's queues, and how many failed of which cause, day by day.

    Whoever manages the cluster is told of all who use it, in figures only; others of their own organization's jobs.
    """
    who.must(Action.CLUSTER_READ)
    return await service.fared(session, who, cluster, days, own=own)


@router.get("/cluster/{cluster}/failures", responses=problems(Denied, NotFound))
async def list_failures_of_cluster(
    cluster: str, who: Who, session: Tx, page: Paged, days: Days = 14, cause: Cause | None = None
) -> list[FailedOut]:
    """List the starts of jobs that failed on a cluster, newest first, of the executions that you may see."""
    who.must(Action.CLUSTER_READ)
    query = await service.failures(session, who, cluster, days, cause)
    rows = await page.of(session, query, history.KEY, lambda row: row, descending=True)
    return await service.told_failures(session, who, rows)


@router.get("/names", responses=problems())
async def list_names(
    who: Who,
    session: Tx,
    page: Paged,
    ids: Annotated[list[str], Query(alias="id", max_length=400, description="at most 400")],
) -> list[NameOut]:
    """Tell what these ids are called now, as far as you may see what they name; those of what is gone are left out."""
    return page.cut(await service.names(session, who, ids), lambda one: one.id)
