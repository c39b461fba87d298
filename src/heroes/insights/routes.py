"""Insights over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from heroes.identity import Action, Tx, Who
from heroes.insights import service
from heroes.insights.schemas import JudgedOut, NameOut, UsualOut
from heroes.kit.errors import Denied
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


@router.get("/names", responses=problems())
async def list_names(
    who: Who,
    session: Tx,
    page: Paged,
    ids: Annotated[list[str], Query(alias="id", max_length=400, description="at most 400")],
) -> list[NameOut]:
    """Tell what these ids are called now, as far as you may see what they name; those of what is gone are left out."""
    return page.cut(await service.names(session, who, ids), lambda one: one.id)
