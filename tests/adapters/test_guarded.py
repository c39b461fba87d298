"""Sites reached by HTTP, at addresses that a tenant gave: nothing inside the platform's own network is called."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from heroes.adapters.rest import Basic, ClientCredentials, Rest
from heroes.kit.errors import Refused

pytestmark = pytest.mark.anyio


class Inside:
    """A server within the network, which must not be reached."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()


@pytest.fixture
async def inside() -> AsyncIterator[Inside]:
    made = Inside()
    async with await asyncio.start_server(made.serve, "127.0.0.1", 0) as server:
        made.port = server.sockets[0].getsockname()[1]
        yield made


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_a_site_inside_is_not_called_unless_the_operator_allows_it(inside: Inside, host: str):
    site = Rest(f"http://{host}:{inside.port}/v2", Basic("lea", "secret"))
    with pytest.raises(Refused, match="HEROES_SITE_PRIVATE"):
        await site.send("GET", "status")
    await site.close()
    assert not inside.asked


async def test_a_token_service_inside_gets_no_secret(inside: Inside):
    who = ClientCredentials(f"http://127.0.0.1:{inside.port}/token", "lea", "secret")
    site = Rest("https://site.example/v2", who)
    with pytest.raises(Refused, match="private network"):
        await site.send("GET", "status")
    await site.close()
    assert not inside.asked


async def test_an_allowed_one_is_called_under_its_name(inside: Inside):
    site = Rest(f"http://localhost:{inside.port}/v2", Basic("lea", "secret"), private=True)
    answer = await site.send("GET", "status")
    await site.close()
    assert (answer.json(), f"Host: localhost:{inside.port}".encode() in inside.asked[0]) == ({}, True)
