"""Who somebody is, from what the database tells of a session or a token."""

import hashlib
import ipaddress
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import JSONB

from heroes.identity.rules import Assignment, Caller, rights, scoped
from heroes.kit.db import Database

PAT = "heroes_pat_"


def digest(token: str) -> str:
    """Return the SHA-256 under which a random token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def caller_of(person: Mapping[str, Any], *, session_id: str | None = None) -> Caller:
    """Return the caller that a row of facts (see `heroes_person`) describes."""
    assignments = [Assignment(role, project) for role, project in person["assignments"]]
    held = rights(assignments, person["custom"], platform=person["platform"])
    projects: dict[str, str] = person["projects"]
    held = scoped(held, person.get("token_actions"), person.get("token_projects"))
    if person.get("token_projects") is not None:
        projects = {key: name for key, name in projects.items() if key in person["token_projects"]}
    return Caller(
        user_id=person["user_id"],
        username=person["username"],
        organization_id=person["organization_id"],
        organization=person["organization"],
        email=person["email"],
        email_verified=person["email_verified"],
        first_name=person["first_name"],
        last_name=person["last_name"],
        roles=tuple(sorted({assignment.role for assignment in assignments})),
        actions=held.everywhere,
        project_actions=held.by_project,
        projects=projects,
        session_id=session_id,
        token_id=person.get("token_id"),
        platform=person["platform"],
    )


async def person_of_session(database: Database, session_id: str, idle: timedelta) -> dict[str, Any] | None:
    """Return the facts of a live session's user; None when it has ended, idled out, or the user may not enter."""
    [person] = await database.app_once(select(func.heroes_session(session_id, idle, type_=JSONB)))
    return cast("dict[str, Any] | None", person)


async def person_of_token(database: Database, token: str) -> dict[str, Any] | None:
    """Return the facts of a personal access token's user; None when it has ended, or the user may not enter."""
    [person] = await database.app_once(select(func.heroes_token(digest(token), type_=JSONB)))
    return cast("dict[str, Any] | None", person)


def admits(allowed: list[str], source: str) -> bool:
    """Say whether an organization's list of networks (empty: all) admits an address."""
    if not allowed:
        return True
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network, strict=False) for network in allowed)
