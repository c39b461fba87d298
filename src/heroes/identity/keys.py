"""Access tokens are ES256 JWTs that name a session; their signing keys rest sealed in the database."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from sqlalchemy import func, select

from heroes.identity.models import SigningKey
from heroes.kit.db import Database, heroes_now
from heroes.kit.errors import SignIn
from heroes.kit.ids import new_id
from heroes.kit.secrets import Sealed, seal, unseal

ACCESS = "at+jwt"  # RFC 9068: an ID token is never taken for an access token
COOKIE = "heroes-session+jwt"  # what a browser keeps: good as a cookie only
_LOCK = 0x48454B59  # one process makes the first key
_LOOK_AGAIN = 5.0  # seconds between looks for a key that another process may have made
_REQUIRED = jwt.JWTClaimsRegistry(leeway=5, exp={"essential": True}, sub={"essential": True})
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="heroes"'}


def sign_in(detail: str, code: str | None = None) -> SignIn:
    """Return the 401 with its challenge."""
    return SignIn(detail, code=code, headers=_CHALLENGE)


class Keyring:
    """The signing keys of one installation, as one process knows them."""

    def __init__(self, database: Database, master: bytes, *, issuer: str, access_s: int):
        self.issuer = issuer
        self.access_s = access_s
        self._database = database
        self._master = master
        self._public: dict[str, ECKey] = {}
        self._signer: tuple[str, ECKey] | None = None
        self._looked_at = float("-inf")
        self._loading = asyncio.Lock()

    async def sign(self, claims: Mapping[str, Any], *, kind: str = ACCESS, lifetime_s: int | None = None) -> str:
        """Return a signed token with `iss`, `iat` and `exp` added."""
        if self._signer is None:
            await self._load()
        if self._signer is None:
            raise RuntimeError("no signing key")
        kid, key = self._signer
        now = int(time.time())
        times = {"iss": self.issuer, "iat": now, "exp": now + (lifetime_s or self.access_s)}
        return jwt.encode({"alg": "ES256", "kid": kid, "typ": kind}, {**claims, **times}, key, algorithms=["ES256"])

    async def verify(self, token: str, *, kind: str = ACCESS) -> dict[str, Any]:
        """Return the claims of an access token of ours, or of another `kind`. Raises SignIn."""
        try:
            decoded = await self._decoded(token)
            if decoded.header.get("typ") != kind:
                raise sign_in("This is not an access token; send the `access_token` of your login.", "bad_token")
            _REQUIRED.validate(decoded.claims)
        except (JoseError, ValueError, LookupError) as error:
            raise _refused(error) from None
        return dict(decoded.claims)

    async def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._find, algorithms=["ES256"])
        except LookupError:  # another process may have made a key since
            await self._load()
            return jwt.decode(token, self._find, algorithms=["ES256"])

    def _find(self, token: Any) -> ECKey:
        return self._public[str(token.headers().get("kid"))]

    async def _load(self) -> None:
        async with self._loading:
            if self._signer and time.monotonic() - self._looked_at < _LOOK_AGAIN:
                return
            async with self._database.worker() as session:
                await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
                rows = (await session.scalars(select(SigningKey).order_by(SigningKey.id))).all()
                if not any(row.retired_at is None for row in rows):
                    session.add(fresh := self._make())
                    rows = [*rows, fresh]
            self._public = {row.id: ECKey.import_key(row.public_key) for row in rows}
            newest = [row for row in rows if row.retired_at is None][-1]
            envelope = Sealed(newest.wrapped_key, newest.sealed)
            secret = unseal(self._master, envelope, organization_id="", secret_id=newest.id, version=1)
            self._signer = newest.id, ECKey.import_key(secret.get_secret_value())
            self._looked_at = time.monotonic()

    def _make(self) -> SigningKey:
        key = ECKey.generate_key("P-256")
        kid = new_id("key")
        sealed = seal(self._master, key.as_pem(private=True), organization_id="", secret_id=kid, version=1)
        public = {name: str(value) for name, value in key.as_dict(private=False).items()}
        return SigningKey(id=kid, public_key=public, wrapped_key=sealed.wrapped_key, sealed=sealed.sealed)


async def rotate(database: Database) -> None:
    """Retire every signing key: the next login makes a new one; tokens already out keep working until they expire."""
    async with database.worker() as session:
        for row in (await session.scalars(select(SigningKey).where(SigningKey.retired_at.is_(None)))).all():
            row.retired_at = heroes_now()


def _refused(error: Exception) -> SignIn:
    expired = type(error).__name__ == "ExpiredTokenError"
    if expired:
        return sign_in("Your access token has expired; refresh it or log in again.", "token_expired")
    return sign_in("This token is not one of ours; log in.", "bad_token")
