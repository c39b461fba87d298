"""Decisions over HTTP: what was proposed, chosen, and what came of it."""

from typing import Annotated

from fastapi import APIRouter, Query

from heroes.identity import Tx, Who
from heroes.kit.errors import Denied, Invalid, NotFound
from heroes.kit.paging import Paged
from heroes.kit.problem import problems
from heroes.placement import service
from heroes.placement.models import Decision, Observed
from heroes.placement.schemas import DecisionOut, DecisionSummary, Ended, OwnPolicyIn, OwnPolicyOut, Report

router = APIRouter(prefix="/organization/decision", tags=["decisions"])


@router.get("/list", responses=problems(Invalid))
async def list_decisions(who: Who, session: Tx, page: Paged, execution: str | None = None) -> list[DecisionSummary]:
    """List decisions, newest first."""
    query = service.listing(who, execution_id=execution)
    return await page.of(session, query, (Decision.id,), service.summary, descending=True)


@router.get("/policy")
async def show_policy(who: Who, session: Tx) -> OwnPolicyOut:
    """Show how your organization ranks clusters where a run says nothing else, and which it leaves out."""
    return service.policies.shown(await service.policies.own(session, who.organization_id))


@router.put("/policy", responses=problems(Denied, NotFound, Invalid))
async def change_policy(body: OwnPolicyIn, who: Who, session: Tx) -> OwnPolicyOut:
    """Set how clusters are ranked for your organization, and which are left out. What was placed before stays."""
    return service.policies.shown(await service.policies.change(session, who, body))


@router.get("/report", responses=problems())
async def report_predictions(
    who: Who, session: Tx, workflow: Annotated[str | None, Query(max_length=200)] = None
) -> Report:
    """Judge predictions by what really happened: error, coverage and bias, by workflow, cluster, user and model."""
    return await service.report(session, who, workflow=workflow)


@router.get("/history", responses=problems(Invalid))
async def list_ended_jobs(who: Who, session: Tx, page: Paged) -> list[Ended]:
    """List the jobs that predictions are made from, as a log tells of them, oldest first: those that you may read."""
    return await page.of(session, service.ended(who), (Observed.id,), service.told)


@router.get("/{decision_id}", responses=problems(NotFound))
async def get_decision(decision_id: str, who: Who, session: Tx) -> DecisionOut:
    """Show one decision: the candidates with their predictions, the choice, and what really happened."""
    return await service.get(session, who, decision_id)
