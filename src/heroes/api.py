"""The API process: build the adapters, mount every slice's routes at `/` and at `/api/v1`."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware

from heroes import __version__, pages
from heroes.compose import compose
from heroes.events.routes import streams_of
from heroes.executions.routes import log_streams_of
from heroes.kit import log, problem, shipping
from heroes.kit.bounds import Bounds
from heroes.kit.destinations import destinations, troubles
from heroes.kit.errors import Invalid, SignIn
from heroes.kit.process import keep_loaded, leave_no_dump, trim
from heroes.kit.settings import Settings, load
from heroes.operation import router as operation
from heroes.parts import Parts


def routers() -> list[APIRouter]:
    """Return every slice's routes; fixed paths come before the ones with a variable in the same place."""
    from heroes.clusters.routes import router as clusters
    from heroes.costs.routes import router as costs
    from heroes.data.routes import router as data
    from heroes.events.routes import router as events
    from heroes.executions.routes import router as executions
    from heroes.identity.routes import router as identity
    from heroes.insights.routes import router as insights
    from heroes.operating import everybody
    from heroes.operating import router as operating
    from heroes.placement.routes import router as placement
    from heroes.workflows.routes import router as workflows

    return [identity, data, workflows, clusters, costs, placement, executions, events, insights, operating, everybody]


def hpcwaas() -> APIRouter:
    """Return the HPCWaaS execution API, which an administrator may mount under further prefixes."""
    from heroes.facades.hpcwaas.routes import router

    return router


def facades() -> list[tuple[str, APIRouter]]:
    """Return other people's protocols, each under its own prefix."""
    return [("/hpcwaas", hpcwaas())]


@contextmanager
def stopping(tell: Callable[[], None]) -> Iterator[None]:
    """Let those be told who hold a request open, as soon as this process is asked to end: the server waits for them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before: dict[int, Any] = {}

    def asked(number: int, frame: Any) -> None:
        loop.call_soon_threadsafe(tell)
        if callable(before[number]):
            before[number](number, frame)

    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.signal(number, asked)
    try:
        yield
    finally:
        for known, handler in before.items():
            signal.signal(known, handler)


def create_app(settings: Settings | None = None, parts: Parts | None = None) -> FastAPI:
    """Return the platform's API. `parts` are built at start unless given; without settings it has its process alone."""
    alone, settings = settings is None, settings or load()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        log.configure(settings.log_level, service="heroes-api")
        shipping.begin(destinations(settings), troubles=troubles(settings))
        own = parts or compose(settings)
        app.state.settings, app.state.database = settings, own.database
        app.state.store, app.state.secrets, app.state.registry = own.store, own.secrets, own.registry
        app.state.parts = own
        with stopping(streams_of(app).bells.stop), stopping(log_streams_of(app).bells.stop):
            over = asyncio.Event()
            trimming = asyncio.create_task(trim(over))
            yield
        over.set()
        await trimming
        await log_streams_of(app).close()
        await asyncio.to_thread(shipping.end)
        if parts is None:
            await own.database.close()

    app = FastAPI(
        title="HEROES",
        version=__version__,
        summary="High-performance computing as a service",
        lifespan=lifespan,
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    problem.install(app)
    problem.document(app)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["Link", "X-Total-Count", "X-Request-Id", "ETag"],
        )
    app.add_middleware(Bounds, https=settings.address.startswith("https:"))
    app.include_router(operation)
    from heroes.identity.routes import issuer

    app.include_router(issuer)
    pages.install(app)
    for prefix, router in facades():
        app.include_router(router, prefix=f"/api/v1{prefix}")
        app.include_router(router, prefix=prefix, include_in_schema=False)
    for prefix in settings.hpcwaas_prefixes:
        app.include_router(hpcwaas(), prefix=prefix.rstrip("/"), include_in_schema=False)
    for router in routers():
        app.include_router(router, prefix="/api/v1", responses=problem.problems(SignIn, Invalid))
        app.include_router(router, include_in_schema=False)
    if alone:
        keep_loaded()
        leave_no_dump()
    return app
