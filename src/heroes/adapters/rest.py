"""HTTP to a site's interface: who we are, how long we wait, and what an answer means.

Whether a request that was not answered took effect is in doubt, as with a command: `Unreachable`, ask before repeating.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from heroes.adapters.guarded import Guarded
from heroes.kit.errors import Garbled, Refused, Unreachable

CONNECT_WITHIN, ANSWER_WITHIN = 10.0, 60.0  # seconds
EARLY_S = 30.0
"""A token is renewed so long before its end."""
_AWAY = frozenset({408, 424, 429, 502, 503, 504})


class Identity(Protocol):
    """Proves who we are."""

    async def headers(self, client: httpx.AsyncClient, *, fresh: bool) -> Mapping[str, str]:
        """Return what a request needs; `fresh`: what was returned before is not taken any more."""
        ...


@dataclass(frozen=True, slots=True)
class Basic:
    """User and password (RFC 7617)."""

    user: str
    password: str = field(repr=False)

    async def headers(self, client: httpx.AsyncClient, *, fresh: bool) -> Mapping[str, str]:
        return {"Authorization": httpx.BasicAuth(self.user, self.password)._auth_header}


@dataclass(slots=True)
class ClientCredentials:
    """An OAuth 2.0 client (RFC 6749 §4.4); its token is asked for once and kept until shortly before its end."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    _token: str = field(default="", repr=False)
    _until: float = 0.0
    _one: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def headers(self, client: httpx.AsyncClient, *, fresh: bool) -> Mapping[str, str]:
        before = self._token
        async with self._one:
            if time.monotonic() >= self._until or (fresh and self._token == before):
                await self._ask(client)
            return {"Authorization": f"Bearer {self._token}"}

    async def _ask(self, client: httpx.AsyncClient) -> None:
        asked = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.client_secret}
        try:
            answer = await client.post(self.token_url, data=asked)
            told = answer.json() if answer.status_code == 200 else {}
        except httpx.HTTPError as error:
            text = f"The site's token service does not answer: {words(error)}."
            raise Unreachable(text, code="token_service_silent", why=words(error)) from None
        except ValueError:
            text = "The site's token service answered something else than JSON."
            raise Garbled(text, code="token_service_garbled") from None
        if answer.status_code >= 500:
            text = f"The site's token service answered {answer.status_code}."
            raise Unreachable(text, code="token_service_silent", why=str(answer.status_code))
        if not isinstance(told, dict) or not isinstance(told.get("access_token"), str):
            raise Refused(
                f"The site's token service gives no token to the client {self.client_id} ({answer.status_code}). "
                "Check its id and secret, and that it may use client credentials.",
                code="no_token",
                client=self.client_id,
                status=answer.status_code,
            )
        lives = float(told.get("expires_in") or 60)
        self._token, self._until = told["access_token"], time.monotonic() + max(1.0, lives - EARLY_S)


class Rest:
    """One site's interface. Redirects are not followed: a token goes nowhere else, and inside only where `private`."""

    def __init__(
        self,
        url: str,
        identity: Identity,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        name: str = "The site",
        private: bool = False,
    ) -> None:
        self.url = url.rstrip("/")
        self.name = name
        self._identity = identity
        wait = httpx.Timeout(ANSWER_WITHIN, connect=CONNECT_WITHIN)
        limits = httpx.Limits(max_connections=6, max_keepalive_connections=4)
        way = transport or Guarded(private=private, allowed_by="HEROES_SITE_PRIVATE", limits=limits)
        self._client = httpx.AsyncClient(timeout=wait, transport=way, trust_env=False)

    async def close(self) -> None:
        await self._client.aclose()

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        content: bytes | None = None,
        files: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> httpx.Response:
        """Return an answer that says yes or no. `path`: below the site's URL, or whole; `timeout` in seconds.

        Raises Unreachable where there was none, or the site is busy; Refused where it does not know us.
        """
        address = path if path.startswith(("http://", "https://")) else f"{self.url}/{path.lstrip('/')}"
        if not address.startswith(f"{self.url}/") and address != self.url:
            raise Garbled(
                f"{self.name} sends us to another place: {address[:200]}",
                code="sent_elsewhere",
                by=self.name,
                address=address,
            )
        for fresh in (False, True):
            given = {**(headers or {}), **await self._identity.headers(self._client, fresh=fresh)}
            try:
                answer = await self._client.request(
                    method,
                    address,
                    params=params,
                    json=json,
                    content=content,
                    files=files,
                    headers=given,
                    timeout=timeout if timeout is not None else httpx.USE_CLIENT_DEFAULT,
                )
            except httpx.HTTPError as error:
                raise Unreachable(
                    f"{self.name} does not answer: {words(error)}.",
                    code="interface_silent",
                    by=self.name,
                    why=words(error),
                ) from None
            if answer.status_code != 401:
                break
        if answer.status_code == 401:
            raise Refused(
                f"{self.name} does not take our credentials; check the account's id and secret.",
                code="credentials_refused",
                by=self.name,
            )
        if answer.status_code in _AWAY:
            raise Unreachable(
                f"{self.name} answered {answer.status_code}: {said(answer)}",
                code="interface_away",
                by=self.name,
                answered=answer.status_code,
                said=said(answer),
            )
        return answer


def words(error: Exception) -> str:
    return str(error) or type(error).__name__


def said(answer: httpx.Response) -> str:
    """Return what an answer says in words, shortened."""
    try:
        body = answer.json()
    except ValueError:
        return " ".join(answer.text.split())[:500]
    if isinstance(body, dict):
        for name in ("message", "errorMessage", "detail", "error"):
            if isinstance(body.get(name), str):
                return " ".join(str(body[name]).split())[:1000]
    return " ".join(answer.text.split())[:500]


def as_object(answer: httpx.Response, name: str) -> dict[str, Any]:
    """Return the JSON object that an answer holds. Raises Garbled."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Garbled(
            f"{name} answered something else than a JSON object.", code="no_json", by=name, answer=answer.text[:2000]
        )
    return body
