"""The platform with two furnished organizations and a client for each role; each request is undone after its answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from matrix_objects import Objects, everything
from matrix_routes import Call, filled
from matrix_world import World, platform

from heroes.identity.rules import PLATFORM_ROLES
from heroes.kit.postgres import DatabaseUrls


@dataclass
class Stage:
    """Two furnished organizations, the customer and the platform's own; requests are undone after their answer."""

    world: World
    acme: Objects
    heroes: Objects

    def objects(self, role: str) -> Objects:
        return self.heroes if role in PLATFORM_ROLES else self.acme

    async def as_role(self, role: str) -> httpx.AsyncClient:
        return await self.world.client(role, self.objects(role).organization)

    async def ask(self, client: httpx.AsyncClient, name: str, call: Call, names: dict[str, str]) -> httpx.Response:
        method, template = name.split(" ", 1)
        self.world.database.undoing = True
        try:
            return await client.request(
                method,
                template.format(**filled(call.path, names)),
                params=filled(call.query, names),
                json=filled(call.json, names),
                data=filled(call.data, names),
                files=call.files,
                content=call.content,
                headers=call.headers,
            )
        finally:
            self.world.database.undoing = False


@asynccontextmanager
async def staged(urls: DatabaseUrls) -> AsyncIterator[Stage]:
    """Yield the customer and the platform's own organization, each with one of everything."""
    async with platform(urls) as world:
        yield Stage(world, *await everything(world, world.acme, world.heroes))
