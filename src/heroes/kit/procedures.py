"""The platform's own workflows (create a cluster, build an image): a low slice starts one by name.

`executions` runs it: the starter is registered where the process is composed, so that nobody imports up the ladder.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.kit.work import Waiter

Starter = Callable[[AsyncSession, str, str, dict[str, Any], Waiter], Awaitable[str]]

_starter: Starter | None = None


def install(starter: Starter) -> None:
    """Say who runs procedures in this process."""
    global _starter
    _starter = starter


async def start(
    session: AsyncSession, organization_id: str, name: str, parameters: dict[str, Any], waiter: Waiter
) -> str:
    """Start a built-in workflow in this transaction; its end wakes `waiter`. Return the execution's id."""
    if _starter is None:
        raise RuntimeError("this process was composed without a starter of procedures")
    return await _starter(session, organization_id, name, parameters, waiter)
