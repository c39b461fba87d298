"""An OpenID provider elsewhere: its keys, and the grants that end at its token endpoint.

    Provider.verify     an access token of its → claims; raises Untrusted with the reason
    Provider.password   a password that the provider checks → its token set
    Provider.page       where a browser signs in;  Provider.redeem  the code that it brings back → the token set
    Provider.refresh, Provider.logout

Discovery and keys are kept an hour; an unknown key is asked for at once, but not more often than every ten seconds.
While the provider does not answer, tokens are judged by the keys that are known. Algorithms come from a list of the
administrator's, never from the token; one that needs a shared secret cannot be in it.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from heroes.adapters.rest import words
from heroes.kit.errors import Garbled, Refused, SiteError, Unreachable

WITHIN = httpx.Timeout(10.0, connect=5.0)
KEPT, NOT_BEFORE = 3600.0, 10.0  # seconds
SCOPE = "openid organization"


class Untrusted(Exception):
    """A token that is not taken; the error tells why."""


@dataclass
class Provider:
    """One issuer, as an administrator named it."""

    issuer: str
    audience: str
    algorithms: Sequence[str]
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    transport: httpx.AsyncBaseTransport | None = None

    def __post_init__(self) -> None:
        self._told: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()
        self._required = self._requiring(self.audience)

    def _requiring(self, audience: str, nonce: str | None = None) -> jwt.JWTClaimsRegistry:
        claims: dict[str, Any] = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": audience},
            "exp": {"essential": True},
            "sub": {"essential": True},
            **({} if nonce is None else {"nonce": {"essential": True, "value": nonce}}),
        }
        return jwt.JWTClaimsRegistry(leeway=5, **claims)

    async def verify(self, token: str) -> dict[str, Any]:
        """Return the claims of an access token of the provider. Raises Untrusted (from JoseError), Unreachable."""
        return await self._verified(token, self._required)

    async def _verified(self, token: str, required: jwt.JWTClaimsRegistry) -> dict[str, Any]:
        await self._current(KEPT)
        try:
            return self._judged(token, required)
        except (ValueError, LookupError, JoseError) as error:
            if not _unknown_key(error):
                raise Untrusted from error
        await self._current(NOT_BEFORE)
        try:
            return self._judged(token, required)
        except (ValueError, LookupError, JoseError) as error:
            raise Untrusted from error

    def _judged(self, token: str, required: jwt.JWTClaimsRegistry) -> dict[str, Any]:
        if self._keys is None:
            raise Unreachable("The identity provider has not answered yet.")
        decoded = jwt.decode(token, self._keys, algorithms=list(self.algorithms))
        required.validate(decoded.claims)
        return dict(decoded.claims)

    async def discovered(self) -> Mapping[str, Any]:
        """Return the provider's discovery document. Raises Unreachable, Garbled."""
        await self._current(KEPT)
        return self._told

    async def password(self, username: str, password: str) -> dict[str, Any]:
        """Return the token set for a password that the provider itself checks. Raises Refused, Unreachable."""
        wish = {"grant_type": "password", "username": username, "password": password, "scope": SCOPE}
        return await self._token(wish)

    async def page(self, *, back: str, state: str, nonce: str, verifier: str) -> str:
        """Return the address at which a browser signs in, and comes `back` from. Raises Unreachable, Garbled."""
        place = (await self.discovered()).get("authorization_endpoint")
        if place is None:
            raise Garbled(f"{self.issuer} names no page on which people sign in.")
        asked = {
            "response_type": "code",
            "client_id": self.client_id or "",
            "redirect_uri": back,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        return str(add_params_to_uri(str(place), list(asked.items())))

    async def redeem(self, code: str, *, back: str, nonce: str, verifier: str) -> dict[str, Any]:
        """Exchange a code for a token set whose ID token is for us and this `nonce`.

        Raises Refused, Untrusted, Unreachable.
        """
        wish = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        told = await self._token(wish)
        await self._verified(str(told.get("id_token", "")), self._requiring(self.client_id or "", nonce))
        return told

    async def refresh(self, refresh_token: str) -> dict[str, Any]:
        """Exchange one of the provider's refresh tokens. Raises Refused, Unreachable."""
        return await self._token({"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def logout(self, refresh_token: str) -> None:
        """End the provider's own session. Raises Unreachable."""
        told = await self.discovered()
        if endpoint := told.get("end_session_endpoint"):
            await self._post(str(endpoint), {"refresh_token": refresh_token})

    async def _token(self, wish: dict[str, str]) -> dict[str, Any]:
        told = await self.discovered()
        answer = await self._post(str(told["token_endpoint"]), wish)
        found = _json(answer)
        if answer.status_code != 200:
            raise Refused(str(found.get("error_description") or found.get("error") or "The provider refused."))
        return found

    async def _post(self, address: str, form: dict[str, str]) -> httpx.Response:
        secret = {"client_secret": self.client_secret} if self.client_secret else {}
        program = {"client_id": self.client_id or "", **secret}
        async with self._http() as http:
            try:
                answer = await http.post(address, data={**program, **form})
            except httpx.HTTPError as error:
                raise _silent(error) from None
        if answer.status_code >= 500:
            raise Unreachable(f"The identity provider answers with {answer.status_code}.")
        return answer

    async def _current(self, age: float) -> None:
        """Ask the provider anew if what is known is older than this; keep what is known if it does not answer."""
        async with self._asking:
            if time.monotonic() - self._asked_at < age:
                return
            try:
                self._told, self._keys = await self._ask()
                self._asked_at = time.monotonic()
            except SiteError:
                if self._keys is None:
                    raise
                self._asked_at = time.monotonic() - KEPT + NOT_BEFORE  # look again soon

    async def _ask(self) -> tuple[dict[str, Any], KeySet]:
        async with self._http() as http:
            try:
                told = _json(await http.get(self.issuer.rstrip("/") + "/.well-known/openid-configuration"))
                if told.get("issuer") != self.issuer:
                    own = told.get("issuer")
                    raise Garbled(f"{self.issuer} calls itself {own}; set HEROES_OIDC_ISSUER to its own name.")
                keys = _json(await http.get(str(told["jwks_uri"])))
            except httpx.HTTPError as error:
                raise _silent(error) from None
        signing = [key for key in keys.get("keys", []) if key.get("use", "sig") == "sig" and key.get("kty") != "oct"]
        try:
            return told, KeySet.import_key_set({"keys": signing})
        except (ValueError, JoseError) as error:
            raise Garbled(f"The keys of {self.issuer} cannot be read: {error}.") from None

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=WITHIN, transport=self.transport, trust_env=False)


def _unknown_key(error: Exception) -> bool:
    return isinstance(error, LookupError) or type(error).__name__ in {"InvalidKeyIdError", "ValueError"}


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Garbled(f"{answer.url.host} answers with {answer.status_code} and no JSON.")
    return found


def _silent(error: Exception) -> Unreachable:
    return Unreachable(f"The identity provider does not answer: {words(error)}.")
