"""HTTP to addresses that users name: never into the platform's own network unless the operator allows it.

A name is resolved once for each request, every address of it is judged, and the connection goes to the judged address
itself: a name that moves in between leads nowhere else. No proxy of the environment: it would resolve the name again.
"""

import asyncio
import functools
import ipaddress
import socket
import ssl

import httpx

from heroes.kit.errors import Refused, Unreachable

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


def judged(host: str, addresses: list[Address], *, private: bool, allowed_by: str) -> list[Address]:
    """Return the addresses of a host if all of them may be reached. Raises Refused."""
    closed = [one for one in addresses if not (reachable(one) if private else is_public(one))]
    if closed:
        raise Refused(
            f"{host} leads to {closed[0]}, an address inside a private network. Give a public address, "
            f"or ask the platform's operator to allow private ones ({allowed_by}).",
            code="private_address",
            host=host,
            address=str(closed[0]),
            setting=allowed_by,
        )
    return addresses


async def resolved(host: str, port: int) -> list[Address]:
    """Return all addresses of a host. Raises Unreachable."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise Unreachable(f"{host} has no address: {error}.", code="host_without_address", host=host) from None
    return [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]


class Guarded(httpx.AsyncHTTPTransport):
    """A transport that calls judged addresses; `allowed_by` is the setting that opens private ones.

    Requests raise Refused for a closed address and Unreachable for a name without one, besides what httpx raises.
    """

    def __init__(self, *, private: bool, allowed_by: str, limits: httpx.Limits | None = None) -> None:
        super().__init__(verify=_trusted(), trust_env=False, limits=limits or httpx.Limits())
        self._private, self._allowed_by = private, allowed_by

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        named = request.url
        port = named.port or (443 if named.scheme == "https" else 80)
        found = await resolved(named.raw_host.decode(), port)
        tried = judged(named.host, found, private=self._private, allowed_by=self._allowed_by)[:MOST_ADDRESSES]
        request.extensions = {**request.extensions, "sni_hostname": named.raw_host.decode()}
        for address in tried:
            request.url = named.copy_with(host=str(address))  # the header Host keeps the name
            try:
                return await super().handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if address is tried[-1]:
                    raise
            finally:
                request.url = named
        raise Unreachable(f"{named.host} has no address.", code="host_without_address", host=named.host)


@functools.cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
