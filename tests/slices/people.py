"""Organizations, users and callers for the tests of all slices; no password is hashed unless one is given."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from heroes.identity.callers import caller_of, person_of_session
from heroes.identity.door import keyring_of
from heroes.identity.keys import LONGEST_SESSION
from heroes.identity.models import Organization, Project, User
from heroes.identity.rules import Caller
from heroes.identity.service import organizations, people, roles, sessions
from heroes.kit import problem
from heroes.kit.db import Database
from heroes.kit.settings import Settings

Held = str | tuple[str, str | None]  # a role in the organization, or (role, project id)
UNUSABLE = "no password"
_PREPARED: dict[tuple[int, ...], tuple[tuple[APIRouter, ...], list[BaseRoute]]] = {}


async def make_organization(database: Database, name: str = "acme", *, platform: bool = False) -> Organization:
    """Return an organization that is up; `platform` makes it the one that runs the platform."""
    async with database.worker() as session:
        return await organizations.create_organization(session, name=name, platform=platform)


async def make_project(database: Database, organization: Organization, name: str = "wing") -> Project:
    async with database.app(organization.id) as session:
        return await roles.create_project(session, Caller.system(organization.id), name=name)


async def make_user(
    database: Database,
    organization: Organization,
    username: str = "lea",
    roles: Sequence[Held] = ("engineer",),
    *,
    password: str | None = None,
) -> User:
    """Return a user with roles; with a `password` the user can log in with it, for good."""
    async with database.app(organization.id) as session:
        user, _ = await people.create_user(
            session,
            Caller.system(organization.id),
            username=username,
            email=f"{username}@{organization.name}.example",
            roles=[(held, None) if isinstance(held, str) else held for held in roles],
            password=password,
            password_hash=None if password else UNUSABLE,
        )
        user.password_one_time = False
    return user


async def caller(
    database: Database, organization: Organization, username: str = "lea", roles: Sequence[Held] = ("engineer",)
) -> Caller:
    """Return the caller that a new user (see `make_user`) is."""
    return await caller_for(database, await make_user(database, organization, username, roles))


async def caller_for(database: Database, user: User) -> Caller:
    """Return the caller that an existing user is now."""
    person, session_id = await _enter(database, user)
    return caller_of(person, session_id=session_id)


def make_app(database: Database, *routers: APIRouter, home: Path | None = None) -> FastAPI:
    """Return an application with the given routes, as the real one is composed."""
    app = FastAPI()
    app.state.database = database
    app.state.settings = Settings(home=home or Path(tempfile.mkdtemp(prefix="heroes-test-home-")))
    problem.install(app)
    app.router.routes.extend(_routes(routers))
    return app


def _routes(routers: tuple[APIRouter, ...]) -> list[BaseRoute]:
    """What a route needs is worked out at its first request, which takes longer than many a test: once for all."""
    ids = tuple(map(id, routers))
    if ids not in _PREPARED:
        router = APIRouter()
        for one in routers:
            router.include_router(one)
        _PREPARED[ids] = routers, router.routes
    return _PREPARED[ids][1]


def make_client(app: FastAPI) -> httpx.AsyncClient:
    """Return a client of the application; errors that no handler knows are raised in the test."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def login(client: httpx.AsyncClient, user: User) -> httpx.AsyncClient:
    """Let the client act as the user, with a real session and access token but no password; return the client."""
    app: FastAPI = client._transport.app  # type: ignore[attr-defined]
    database: Database = app.state.database
    _, session_id = await _enter(database, user)
    token = await keyring_of(app).sign({"sub": user.id, "sid": session_id, "org": user.organization_id})
    client.headers["Authorization"] = f"Bearer {token}"
    return client


async def _enter(database: Database, user: User) -> tuple[dict[str, Any], str]:
    async with database.app(user.organization_id) as session:
        opened, _ = await sessions.open_session(session, user.organization_id, user.id)
    person = await person_of_session(database, opened, LONGEST_SESSION)
    assert person is not None, "this user may not enter"
    return person, opened
