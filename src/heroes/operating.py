"""What operators of the platform see and do in it: its health, the work that waits or fails, what its parts said."""

import asyncio
import shutil
import time
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import func, select, union_all, update

from heroes import __version__
from heroes.identity import Action, Who
from heroes.kit import troubles
from heroes.kit.audit import record
from heroes.kit.db import doorbell, heroes_now, transaction_time
from heroes.kit.destinations import TROUBLES
from heroes.kit.errors import Denied, Invalid, NotFound, SignIn
from heroes.kit.paging import Paged
from heroes.kit.problem import problems
from heroes.kit.work import due_tables
from heroes.operation import database_word, objects_word

router = APIRouter(prefix="/heroes/admin", tags=["platform"])
everybody = APIRouter(prefix="/heroes", tags=["platform"])

_LOOK = problems(SignIn, Denied)
_TEXT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {}}, "description": "Lines"}}
LATE_S = 120.0  # seconds that a due row may wait before workers count as too few or gone
LOOKED_S = 10.0  # seconds that everybody is told the same
_SERVICES = {
    "up": "All services are up.",
    "work_late": "What is begun now starts late; what runs goes on.",
    "files_down": "Files cannot be stored now.",
    "data_down": "The platform cannot read its data now.",
}
Table = Annotated[str, Path(max_length=63)]


class PartOut(BaseModel):
    """One part of the platform. `fact` says in words what was found."""

    name: str
    ok: bool
    fact: str


class HealthOut(BaseModel):
    version: str
    at: datetime
    parts: list[PartOut]
    disk_free_bytes: int
    disk_total_bytes: int


class ServicesOut(BaseModel):
    """Whether the platform works, as everybody may know: `code` and `text` say what people notice, never its inside."""

    state: Literal["up", "degraded"]
    code: Literal["up", "work_late", "files_down", "data_down"]
    text: str
    at: datetime = Field(description="when that was looked at; it is kept for some seconds")


class WorkOut(BaseModel):
    """The work of one table."""

    table: str
    due: int = Field(description="could be done now")
    under_way: int
    later: int
    failing: int = Field(description="tried again after a failure")
    oldest_due_at: datetime | None


class WorkRowOut(BaseModel):
    """One row that waits or fails."""

    id: str
    organization_id: str
    due_at: datetime | None
    failures: int
    last_error: str | None
    under_way: bool

    @classmethod
    def of(cls, row: Any) -> Self:
        same = ("id", "organization_id", "due_at", "failures", "last_error")
        return cls(**{name: getattr(row, name) for name in same}, under_way=row.lease_owner is not None)


class TroubleOut(BaseModel):
    """A warning or an error that a part of the platform wrote down."""

    id: str
    at: datetime
    level: Literal["warning", "error"]
    part: str = Field(description="the process: api or worker")
    message: str
    facts: dict[str, Any]
    trace: str | None

    @classmethod
    def of(cls, one: troubles.Trouble) -> Self:
        return cls(
            id=f"{one.file}-{one.offset}",
            at=one.at,
            level="error" if one.error else "warning",
            part=one.part,
            message=one.message,
            facts=one.facts,
            trace=one.trace,
        )


def wish_of(
    level: Annotated[Literal["warning", "error"], Query(description="The least that is told.")] = "warning",
    part: Annotated[str | None, Query(max_length=63)] = None,
    search: Annotated[str | None, Query(max_length=200, description="Text anywhere in the line.")] = None,
    since: Annotated[AwareDatetime | None, Query()] = None,
    until: Annotated[AwareDatetime | None, Query()] = None,
) -> troubles.Wish:
    """Return what is asked for of the log."""
    return troubles.Wish(errors=level == "error", part=part, search=search, since=since, until=until)


Wished = Annotated[troubles.Wish, Depends(wish_of)]


@router.get("/logs", responses=problems(SignIn, Denied, Invalid))
async def list_troubles(request: Request, who: Who, page: Paged, wish: Wished) -> list[TroubleOut]:
    """Return the last warnings and errors of the platform's parts, the newest first; older ones were overwritten."""
    who.must(Action.PLATFORM_OPERATE)
    after = None
    if page.after is not None:
        match page.after:
            case [int(file), int(offset)]:
                after = file, offset
            case _:
                raise Invalid("This cursor belongs to another list; start without one.", case="no_cursor")
    path = request.app.state.settings.home / TROUBLES
    found = await asyncio.to_thread(troubles.read, path, wish, after=after, most=page.limit + 1)
    if len(found) > page.limit:
        found = found[: page.limit]
        page.next([found[-1].file, found[-1].offset])
    return [TroubleOut.of(one) for one in found]


@router.get("/logs/text", response_class=Response, responses={**_LOOK, **_TEXT})
async def download_troubles(request: Request, who: Who, wish: Wished) -> PlainTextResponse:
    """Give the same as a file of plain lines, the newest first: all of it, at most 4 MiB."""
    who.must(Action.PLATFORM_OPERATE)
    path = request.app.state.settings.home / TROUBLES
    found = await asyncio.to_thread(troubles.read, path, wish)
    told = "".join(f"{troubles.text(one)}\n" for one in found)
    return PlainTextResponse(told, headers={"Content-Disposition": 'attachment; filename="heroes-troubles.txt"'})


@router.get("/health", responses=_LOOK)
async def show_health(request: Request, who: Who) -> HealthOut:
    """Return whether each part of the platform works, and how much room is left."""
    who.must(Action.PLATFORM_OPERATE)
    home = request.app.state.settings.home
    database = await database_word(request)
    objects = await asyncio.to_thread(objects_word, request)
    disk = await asyncio.to_thread(shutil.disk_usage, home)
    work = await _work(request) if database == "ok" else []
    parts = [
        PartOut(name="database", ok=database == "ok", fact=database),
        PartOut(name="objects", ok=objects == "ok", fact=objects),
        await _workers(request, work) if work else PartOut(name="workers", ok=False, fact="not known"),
    ]
    at = datetime.now().astimezone()
    return HealthOut(version=__version__, at=at, parts=parts, disk_free_bytes=disk.free, disk_total_bytes=disk.total)


@everybody.get("/services", responses=problems(SignIn))
async def show_services(request: Request, who: Who) -> ServicesOut:
    """Say whether all services of the platform are up, in one sentence; ask it once a minute, not more often."""
    state = request.app.state
    if not hasattr(state, "services_looking"):
        state.services_looking, state.services = asyncio.Lock(), None
    async with state.services_looking:  # of many who ask at once, one looks
        if state.services is None or time.monotonic() - state.services[0] > LOOKED_S:
            state.services = time.monotonic(), await _services(request)
        found: ServicesOut = state.services[1]
        return found


async def _services(request: Request) -> ServicesOut:
    code: Literal["up", "work_late", "files_down", "data_down"] = "up"
    if await database_word(request) != "ok":
        code = "data_down"
    elif await asyncio.to_thread(objects_word, request) != "ok":
        code = "files_down"
    elif await _late(request) >= LATE_S:
        code = "work_late"
    at = datetime.now().astimezone()
    return ServicesOut(state="up" if code == "up" else "degraded", code=code, text=_SERVICES[code], at=at)


async def _late(request: Request) -> float:
    """Return for how many seconds what is longest due waits that nobody has taken."""
    oldest = [
        select(func.min(model.due_at).label("at")).where(model.due_at <= heroes_now(), model.lease_owner.is_(None))
        for model in due_tables()
    ]
    async with request.app.state.database.worker() as session:
        late = select(func.extract("epoch", heroes_now() - func.min(union_all(*oldest).subquery().c.at)))
        return float(await session.scalar(late) or 0)


async def _workers(request: Request, work: list[WorkOut]) -> PartOut:
    due = [row.oldest_due_at for row in work if row.oldest_due_at is not None]
    if not due:
        return PartOut(name="workers", ok=True, fact="nothing waits")
    async with request.app.state.database.worker() as session:
        late = (await transaction_time(session) - min(due)).total_seconds()
    return PartOut(name="workers", ok=late < LATE_S, fact=f"the oldest due row waits {round(max(0, late))} s")


@router.get("/work", responses=_LOOK)
async def list_work(request: Request, who: Who) -> list[WorkOut]:
    """Return what waits, is under way and fails, table by table."""
    who.must(Action.PLATFORM_OPERATE)
    return await _work(request)


async def _work(request: Request) -> list[WorkOut]:
    found = []
    async with request.app.state.database.worker() as session:
        for model in sorted(due_tables(), key=lambda model: model.__tablename__):
            held, now = model.lease_owner.is_not(None), model.due_at <= heroes_now()
            query = select(
                func.count().filter(now, ~held),
                func.count().filter(held),
                func.count().filter(~now, ~held),
                func.count().filter(model.failures > 0),
                func.min(model.due_at).filter(now, ~held),
            ).where(model.due_at.is_not(None))
            due, busy, later, failing, oldest = (await session.execute(query)).one()
            found.append(
                WorkOut(
                    table=model.__tablename__,
                    due=due,
                    under_way=busy,
                    later=later,
                    failing=failing,
                    oldest_due_at=oldest,
                )
            )
    return found


def _table(name: str) -> Any:
    model = next((one for one in due_tables() if one.__tablename__ == name), None)
    if model is None:
        raise NotFound("There is no such table of work.", code="no_table")
    return model


@router.get("/work/{table}", responses=problems(SignIn, Denied, NotFound))
async def list_work_rows(
    table: Table, request: Request, who: Who, page: Paged, failing: Annotated[bool, Query()] = False
) -> list[WorkRowOut]:
    """Return the rows of a table that wait, or only those that fail, with what went wrong last."""
    who.must(Action.PLATFORM_OPERATE)
    model = _table(table)
    query = select(model).where(model.due_at.is_not(None))
    if failing:
        query = query.where(model.failures > 0)
    async with request.app.state.database.worker() as session:
        return await page.of(session, query, [model.id], WorkRowOut.of, descending=True)


@router.post("/work/{table}/{row}/retry", responses=problems(SignIn, Denied, NotFound))
async def retry_work(table: Table, row: Table, request: Request, who: Who) -> WorkRowOut:
    """Try a failing row again now instead of at its next time."""
    who.must(Action.PLATFORM_OPERATE)
    model = _table(table)
    async with request.app.state.database.worker() as session:
        found = await session.scalar(select(model).where(model.id == row, model.due_at.is_not(None)))
        if found is None:
            raise NotFound("This row waits for nothing.", code="no_work")
        soon = update(model).where(model.id == row, model.lease_owner.is_(None))
        await session.execute(soon.values(due_at=heroes_now(), wakes=model.wakes + 1))
        record(session, who, "work.retried", found, table=table)
        doorbell(session, table)
        await session.refresh(found)
        return WorkRowOut.of(found)
