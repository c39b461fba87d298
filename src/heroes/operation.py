"""What operators ask of the API process itself: alive, ready, metrics."""

import asyncio
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy import func, select, text

from heroes.kit.db import heroes_now
from heroes.kit.work import due_tables

router = APIRouter(include_in_schema=False)


@router.get("/healthz", response_class=PlainTextResponse)
async def alive() -> str:
    """Say that the process answers."""
    return "ok\n"


@router.get("/readyz")
async def ready(request: Request, response: Response) -> dict[str, str]:
    """Name each part and whether it works; 503 if one does not."""
    parts = {"database": await database_word(request), "objects": await asyncio.to_thread(objects_word, request)}
    if any(word != "ok" for word in parts.values()):
        response.status_code = 503
    return parts


async def database_word(request: Request) -> str:
    """Return `ok`, or what is wrong with the database."""
    try:
        async with asyncio.timeout(5), request.app.state.database.worker() as session:
            await session.execute(text("SELECT heroes_now()"))
    except Exception as error:
        return f"does not answer: {type(error).__name__}"
    return "ok"


def objects_word(request: Request) -> str:
    """Return `ok`, or what is wrong with the folder of objects."""
    probe = Path(request.app.state.settings.home) / ".ready"
    try:
        probe.write_bytes(b"ok")
        probe.unlink(missing_ok=True)  # another request may have been quicker
    except OSError as error:
        return f"cannot be written: {error.strerror}"
    return "ok"


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> str:
    """Give the work that waits, by table, in the format of Prometheus."""
    lines = ["# TYPE heroes_work_due gauge", "# TYPE heroes_work_failing gauge"]
    async with request.app.state.database.worker() as session:
        for model in due_tables():
            due = func.count().filter(model.due_at <= heroes_now())
            failing = func.count().filter(model.failures > 0)
            found = (await session.execute(select(due, failing).where(model.due_at.is_not(None)))).one()
            lines.append(f'heroes_work_due{{table="{model.__tablename__}"}} {found[0]}')
            lines.append(f'heroes_work_failing{{table="{model.__tablename__}"}} {found[1]}')
    return "\n".join(lines) + "\n"
