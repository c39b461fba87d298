"""HTTP in, HTTP out."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BeforeValidator
from sqlalchemy.ext.asyncio import AsyncSession

from heroes import clusters
from heroes.costs import rules, service
from heroes.costs.models import Budget, LedgerEntry, Tariff
from heroes.costs.rules import Bounds, EntryKind, Quantities, text
from heroes.costs.schemas import (
    BudgetChangeIn,
    BudgetIn,
    BudgetOut,
    EffectOut,
    ItemOut,
    LedgerOut,
    MoreIn,
    PreviewIn,
    PreviewOut,
    ReservationOut,
    StatementOut,
    StoredOut,
    TariffIn,
    TariffOut,
    UsageOut,
)
from heroes.costs.service.effect import effect
from heroes.identity import Action, Caller, Tx, Who, visible
from heroes.identity.service import people, roles
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound, OverBudget
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

tariffs = APIRouter(prefix="/organization/tariff", tags=["costs"])
budgets = APIRouter(prefix="/organization/budget", tags=["costs"])

_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
_READ = problems(Denied, NotFound)
_WRITE = problems(Denied, NotFound, Conflict, Invalid)


@tariffs.get("/list", responses=_READ)
async def list_tariffs(
    who: Who, session: Tx, page: Paged, cluster: Annotated[str | None, Query(max_length=200)] = None
) -> list[TariffOut]:
    """Return the prices of the clusters you may use, also past and coming ones."""
    who.must(Action.COST_READ)
    query = visible(Tariff, who)
    if cluster is not None:
        query = query.where(Tariff.cluster_id == (await clusters.cluster_by_name(session, who, cluster)).id)
    return await page.of(session, query, [Tariff.id], TariffOut.of)


@tariffs.post("", status_code=201, responses=_WRITE)
async def create_tariff(asked: TariffIn, who: Who, session: Tx, once: OnceOnly) -> TariffOut:
    """Price a cluster of yours, or one of its queues, from now or a later time on."""
    who.must(Action.TARIFF_MANAGE)

    async def make() -> TariffOut:
        cluster = await clusters.cluster_by_name(session, who, asked.cluster)
        queue_id = await service.queue_named(session, cluster.id, asked.queue) if asked.queue else None
        row = await service.create_tariff(
            session,
            who,
            cluster_id=cluster.id,
            owner_id=cluster.organization_id,
            terms=asked.terms(),
            queue_id=queue_id,
            title=asked.title,
            valid_from=asked.valid_from,
        )
        return TariffOut.of(row)

    answer: TariffOut = await once(session, who, asked, make)
    return answer


@tariffs.post("/preview", responses=_WRITE)
async def preview_price(asked: PreviewIn, who: Who, session: Tx) -> PreviewOut:
    """Return the most that such jobs would cost at today's tariff, item by item; nothing is reserved."""
    who.must(Action.COST_READ)
    cluster = await clusters.cluster_by_name(session, who, asked.cluster)
    queue_id = await service.queue_named(session, cluster.id, asked.queue) if asked.queue else None
    row = await service.tariff_now(session, cluster.id, queue_id)
    if row is None:
        return PreviewOut(tariff=None, currency=None, worst_case="0.00", lines=[])
    walltime = asked.walltime_s or (await service.longest_walltime(session, queue_id) if queue_id else None)
    bounds = Bounds(asked.nodes, asked.cores, asked.gpus, walltime, asked.moved_bytes)
    worst = service.worst_case_of(row, bounds, count=asked.count, attempts=asked.attempts)
    seconds = walltime or 0
    used = Quantities(
        core_s=rules.exact(asked.cores * seconds),
        node_s=rules.exact(asked.nodes * seconds),
        gpu_s=rules.exact(asked.gpus * seconds),
        moved_bytes=asked.moved_bytes,
        energy_j=(row.node_power_w or rules.ZERO) * asked.nodes * seconds,
    )
    lines = [line.as_json() for line in rules.price(row.terms, used).lines]
    return PreviewOut(tariff=row.id, currency=row.currency, worst_case=text(worst), lines=lines)


@tariffs.post("/effect", responses=_WRITE)
async def preview_tariff(asked: TariffIn, who: Who, session: Tx) -> EffectOut:
    """Return what a new price would have changed for runs of the last 30 days; nothing is stored."""
    who.must(Action.TARIFF_MANAGE)
    cluster = await clusters.cluster_by_name(session, who, asked.cluster)
    queue_id = await service.queue_named(session, cluster.id, asked.queue) if asked.queue else None
    return EffectOut.of(await effect(session, who, cluster.id, queue_id, asked.terms(), samples=3), asked.currency)


@tariffs.get("/{tariff}", responses=_READ)
async def show_tariff(tariff: str, who: Who, session: Tx) -> TariffOut:
    """Return one tariff."""
    who.must(Action.COST_READ)
    return TariffOut.of(await service.tariff_of(session, who, tariff))


@tariffs.delete("/{tariff}", responses=_WRITE)
async def end_tariff(tariff: str, who: Who, session: Tx) -> TariffOut:
    """End a tariff now. It stays in the history: jobs that started under it keep its price."""
    return TariffOut.of(await service.end_tariff(session, who, tariff))


@budgets.get("/list", responses=problems(Denied))
async def list_budgets(who: Who, session: Tx, page: Paged, closed: bool = False) -> list[BudgetOut]:
    """Return the budgets you manage or draw from, with what is left, reserved and spent in the present period."""
    who.must(Action.COST_READ)
    query = visible(Budget, who)
    rows = await page.of(session, query if closed else query.where(Budget.closed_at.is_(None)), [Budget.id], _same)
    return [BudgetOut.of(told) for told in await service.statements(session, rows)]


def _same(row: Budget) -> Budget:
    return row


@budgets.post("", status_code=201, responses=_WRITE)
async def create_budget(asked: BudgetIn, who: Who, session: Tx, once: OnceOnly) -> BudgetOut:
    """Give the organization, a project or a user money to spend, once or in every period."""
    who.must(Action.BUDGET_MANAGE)

    async def make() -> BudgetOut:
        project = await roles.find_project(session, who, asked.project) if asked.project else None
        user = await people.find_user(session, who, asked.user) if asked.user else None
        told = await service.create_budget(
            session,
            who,
            kind=asked.kind,
            amount=asked.amount,
            currency=asked.currency,
            project_id=project.id if project else None,
            user_id=user.id if user else None,
            span=asked.period,
            starts_at=asked.starts_at,
            ends_at=asked.ends_at,
            thresholds=asked.thresholds,
            title=asked.title,
            policy=asked.at_limit,
            limit_percent=asked.limit_percent,
        )
        return BudgetOut.of(told)

    answer: BudgetOut = await once(session, who, asked, make)
    return answer


_EntryKind = Annotated[EntryKind, BeforeValidator(str.lower)]


@budgets.get("/ledger", responses=_READ)
async def list_ledger(
    who: Who,
    session: Tx,
    page: Paged,
    execution: Annotated[str | None, Query(max_length=200)] = None,
    project: Annotated[str | None, Query(max_length=200, description="id or name")] = None,
    user: Annotated[str | None, Query(max_length=200, description="id")] = None,
    kind: Annotated[_EntryKind | None, Query(description="in any case")] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> list[LedgerOut]:
    """Return the bookings, newest first: all for those who keep the books, else your own."""
    who.must(Action.COST_READ)
    query = visible(LedgerEntry, who)
    whose = None if project is None else (await roles.find_project(session, who, project)).id
    asked = {"execution_id": execution, "project_id": whose, "user_id": user, "kind": kind}
    query = query.filter_by(**{name: value for name, value in asked.items() if value is not None})
    if since is not None:
        query = query.where(LedgerEntry.at >= since)
    if until is not None:
        query = query.where(LedgerEntry.at < until)
    return await page.of(session, query, [LedgerEntry.id], LedgerOut.of, descending=True)


@budgets.get("/usage", responses=problems(Denied))
async def list_usage(
    who: Who,
    session: Tx,
    page: Paged,
    by: service.By = service.By.PROJECT,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> list[UsageOut]:
    """Return what was used and charged, added up: all for those who keep the books, else your own."""
    who.must(Action.COST_READ)
    totals = await service.totals(session, who, by, since=since, until=until)
    return page.cut(map(UsageOut.of, totals), lambda row: f"{row.key} {row.currency}")


@budgets.get("/items", responses=problems(Denied))
async def list_items(
    who: Who, session: Tx, page: Paged, since: AwareDatetime | None = None, until: AwareDatetime | None = None
) -> list[ItemOut]:
    """Return what was charged for each item of the prices: of all for those who keep the books, else your own."""
    who.must(Action.COST_READ)
    found = await service.items(session, who, since=since, until=until)
    return page.cut(map(ItemOut.of, found), lambda row: f"{row.currency} {row.item}")


@budgets.get("/storage", responses=problems(Denied))
async def list_storage(
    who: Who, session: Tx, page: Paged, since: AwareDatetime | None = None, until: AwareDatetime | None = None
) -> list[StoredOut]:
    """Return what each bucket held, was charged and owes: all for those who keep the books, else your own."""
    who.must(Action.COST_READ)
    rows = await service.stored(session, who, since=since, until=until)
    return page.cut(map(StoredOut.of, rows), lambda row: f"{row.bucket} {row.currency}")


_MONTH = Annotated[str, Query(pattern=r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])$", description="such as 2026-11")]
_PROJECT = Annotated[str | None, Query(max_length=200, description="id or name; left out: the whole organization")]


@budgets.get("/statement", responses=_READ)
async def show_statement(who: Who, session: Tx, month: _MONTH, project: _PROJECT = None) -> StatementOut:
    """Return a month's bookings, added up by project, user and kind; a closed month never changes."""
    return StatementOut.of(await _sheet(session, who, month, project))


@budgets.get("/statement.csv", response_class=Response, responses={**_READ, **_CSV})
async def export_statement(who: Who, session: Tx, month: _MONTH, project: _PROJECT = None) -> Response:
    """Return a month's statement as comma-separated values."""
    sheet = await _sheet(session, who, month, project)
    named = {"Content-Disposition": f'attachment; filename="statement-{month}.csv"'}
    return Response(sheet.csv(), media_type="text/csv; charset=utf-8", headers=named)


async def _sheet(session: AsyncSession, who: Caller, month: str, project: str | None) -> service.Sheet:
    project_id = (await roles.find_project(session, who, project)).id if project else ""
    return await service.statement(session, who, date.fromisoformat(f"{month}-01"), project_id)


@budgets.post("/reservation/{execution}", status_code=201, responses=problems(NotFound, Conflict, OverBudget))
async def reserve_more(execution: str, asked: MoreIn, who: Who, session: Tx, once: OnceOnly) -> ReservationOut:
    """Reserve more for an execution whose jobs wait for money."""

    async def make() -> ReservationOut:
        row = await service.top_up(session, who, execution, asked.amount)
        return ReservationOut(execution=execution, currency=row.currency, amount=text(row.amount))

    answer: ReservationOut = await once(session, who, asked, make)
    return answer


@budgets.get("/{budget}", responses=_READ)
async def show_budget(budget: str, who: Who, session: Tx) -> BudgetOut:
    """Return one budget."""
    who.must(Action.COST_READ)
    [told] = await service.statements(session, [await service.budget_of(session, who, budget)])
    return BudgetOut.of(told)


@budgets.patch("/{budget}", responses=_WRITE)
async def change_budget(budget: str, asked: BudgetChangeIn, who: Who, session: Tx) -> BudgetOut:
    """Change a budget, also in its present period; never below what is spent and reserved."""
    changes = asked.model_dump(exclude_unset=True)
    if "at_limit" in changes:
        changes["policy"] = changes.pop("at_limit")
    return BudgetOut.of(await service.change_budget(session, who, budget, **changes))


@budgets.delete("/{budget}", status_code=204, responses=_WRITE)
async def close_budget(budget: str, who: Who, session: Tx) -> None:
    """Close a budget: nothing more is reserved from it; what is reserved is still paid."""
    await service.close_budget(session, who, budget)


router = APIRouter()
router.include_router(tariffs)
router.include_router(budgets)
