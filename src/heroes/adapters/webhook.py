"""HTTP to addresses that users name: never into the platform's own network unless allowed, never past a timeout.

The name is resolved once, every address of it is judged, and the connection goes to the judged address itself: a name
that moves in between leads nowhere else. Redirects are not followed, the body of the answer is not read.
"""

import asyncio
import functools
import ipaddress
import socket
import ssl
from collections.abc import Mapping

import httpx

from heroes.kit.errors import Refused, Unreachable

CONNECT_WITHIN, ANSWER_WITHIN = 5.0, 15.0  # seconds
MOST_ADDRESSES = 4
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_CLOSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "::1/128",
        "64:ff9b:1::/48",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Say whether an address lies in the open Internet, also the one that a mapped or tunnelled address stands for."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if int(address) < 1 << 32:  # ::a.b.c.d of old
            return False
    return reachable(address) and address.is_global and not any(address in network for network in _CLOSED)


def reachable(address: Address) -> bool:
    """Say whether an address can be one receiver's at all, in whatever network."""
    old = isinstance(address, ipaddress.IPv4Address)
    return not (address.is_multicast or address.is_unspecified or (old and address.is_reserved))


def judged(host: str, addresses: list[Address], *, private: bool) -> list[Address]:
    """Return the addresses of a host if all of them may be reached. Raises Refused."""
    closed = [one for one in addresses if not (reachable(one) if private else is_public(one))]
    if closed:
        raise Refused(
            f"{host} leads to {closed[0]}, an address inside a private network. Give a public address, "
            "or ask the platform's operator to allow private ones (HEROES_WEBHOOK_PRIVATE)."
        )
    return addresses


async def post(url: str, *, body: bytes, headers: Mapping[str, str], private: bool = False) -> int:
    """Send a body and return the status of the answer. Raises Unreachable, and Refused for a closed address."""
    try:
        target = httpx.URL(url)
        async with asyncio.timeout(ANSWER_WITHIN):
            found = await _resolved(target.raw_host.decode(), target.port or _port(target))
            return await _sent(target, judged(target.host, found, private=private), body, headers)
    except TimeoutError:
        raise Unreachable(f"No answer within {ANSWER_WITHIN:.0f} s.") from None
    except httpx.InvalidURL as error:
        raise Refused(f"This is no address: {error}") from None


async def _sent(target: httpx.URL, addresses: list[Address], body: bytes, headers: Mapping[str, str]) -> int:
    told = {"Host": target.netloc.decode(), **headers}
    wait = httpx.Timeout(ANSWER_WITHIN, connect=CONNECT_WITHIN)
    trouble: Exception | None = None
    # No proxy of the environment: it would resolve the name again, by itself.
    async with httpx.AsyncClient(verify=_trusted(), trust_env=False, timeout=wait) as client:
        for address in addresses[:MOST_ADDRESSES]:
            request = client.build_request(
                "POST",
                target.copy_with(host=str(address)),
                content=body,
                headers=told,
                extensions={"sni_hostname": target.raw_host.decode()},
            )
            try:
                answer = await client.send(request, stream=True, follow_redirects=False)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                trouble = error
                continue
            except httpx.HTTPError as error:
                raise Unreachable(f"No answer: {_words(error)}.") from None
            await answer.aclose()
            return answer.status_code
    raise Unreachable(f"No connection: {_words(trouble)}.")


async def _resolved(host: str, port: int) -> list[Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise Unreachable(f"{host} has no address: {error}.") from None
    return [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]


@functools.cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _port(target: httpx.URL) -> int:
    return 443 if target.scheme == "https" else 80


def _words(error: Exception | None) -> str:
    return str(error) or type(error).__name__
