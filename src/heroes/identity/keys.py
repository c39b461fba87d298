"""Access tokens are ES256 JWTs that name a session; their signing keys rest sealed in the database."""

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity.models import SigningKey
from heroes.kit.db import Database, heroes_now
from heroes.kit.errors import SignIn
from heroes.kit.ids import new_id
from heroes.kit.secrets import MasterKeys, Sealed, rewrap_keys

AUDIENCE = "heroes"  # of the access tokens that this platform takes
LONGEST_SESSION = timedelta(days=30)
ACCESS = "at+jwt"  # RFC 9068: an ID token is never taken for an access token
COOKIE = "heroes-session+jwt"  # what a browser keeps: good as a cookie only
_LOCK = 0x48454B59  # one process makes the first key
_LOOK_AGAIN = 5.0  # seconds between looks for a key that another process may have made
ALGORITHM = "ES256"
_ROTATE_AFTER = timedelta(days=30)  # the age at which a key signs no more
_PUBLISHED = timedelta(days=2)  # how long a retired key is still shown: longer than any access token lives
_STALE = 300.0  # seconds after which a process looks whether another has made a key


def sign_in(detail: str, code: str | None = None, *, reason: str | None = None) -> SignIn:
    """Return the 401 with its challenge (RFC 6750); `reason` says in ASCII what is wrong with the token that came."""
    said = f', error="invalid_token", error_description="{reason}"' if reason else ""
    return SignIn(detail, code=code, headers={"WWW-Authenticate": f'Bearer realm="heroes"{said}'})


class Keyring:
    """The signing keys of one installation, as one process knows them."""

    def __init__(self, database: Database, master: bytes | MasterKeys, *, issuer: str, access_s: int):
        self.issuer = issuer
        self.access_s = access_s
        self._database = database
        self._master = MasterKeys.of(master)
        self._public: dict[str, ECKey] = {}
        self._signer: tuple[str, ECKey] | None = None
        self._looked_at = float("-inf")
        self._required = claims_required(issuer, AUDIENCE)
        self._loading = asyncio.Lock()

    async def sign(self, claims: Mapping[str, Any], *, kind: str = ACCESS, lifetime_s: int | None = None) -> str:
        """Return a signed token with `iss`, `iat` and `exp` added."""
        if self._signer is None or time.monotonic() - self._looked_at > _STALE:
            await self._load()
        if self._signer is None:
            raise RuntimeError("no signing key")
        kid, key = self._signer
        now = int(time.time())
        times = {"iss": self.issuer, "iat": now, "exp": now + (lifetime_s or self.access_s)}
        told = {"aud": AUDIENCE, "jti": new_id("jwt"), **claims, **times} if kind == ACCESS else {**claims, **times}
        return jwt.encode({"alg": ALGORITHM, "kid": kid, "typ": kind}, told, key, algorithms=[ALGORITHM])

    async def keys(self) -> list[dict[str, Any]]:
        """Return the public keys, as a JWK Set has them (RFC 7517)."""
        if not self._public or time.monotonic() - self._looked_at > _STALE:
            await self._load()
        shown = {"use": "sig", "alg": ALGORITHM}
        return [{**key.as_dict(private=False), "kid": kid, **shown} for kid, key in self._public.items()]

    async def hint(self, token: str) -> dict[str, Any]:
        """Return the claims of an ID token of ours, also of an expired one. Raises SignIn."""
        try:
            return dict((await self._decoded(token)).claims)
        except (JoseError, ValueError, LookupError) as error:
            raise refused(error) from None

    async def verify(self, token: str, *, kind: str = ACCESS) -> dict[str, Any]:
        """Return the claims of an access token of ours, or of another `kind`. Raises SignIn."""
        try:
            decoded = await self._decoded(token)
            if decoded.header.get("typ") != kind:
                detail = "This is not an access token; send the `access_token` of your login."
                raise sign_in(detail, "bad_token", reason="not an access token")
            self._required.validate(decoded.claims)
        except (JoseError, ValueError, LookupError) as error:
            raise refused(error) from None
        return dict(decoded.claims)

    async def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._find, algorithms=[ALGORITHM])
        except LookupError:  # another process may have made a key since
            await self._load()
            return jwt.decode(token, self._find, algorithms=[ALGORITHM])

    def _find(self, token: Any) -> ECKey:
        return self._public[str(token.headers().get("kid"))]

    async def _load(self) -> None:
        async with self._loading:
            if self._signer and time.monotonic() - self._looked_at < _LOOK_AGAIN:
                return
            async with self._database.worker() as session:
                await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
                old = SigningKey.created_at < heroes_now() - _ROTATE_AFTER
                worn = update(SigningKey).where(old, SigningKey.retired_at.is_(None)).values(retired_at=heroes_now())
                await session.execute(worn)
                await session.execute(delete(SigningKey).where(SigningKey.retired_at < heroes_now() - _PUBLISHED))
                rows = (await session.scalars(select(SigningKey).order_by(SigningKey.id))).all()
                if not any(row.retired_at is None for row in rows):
                    session.add(fresh := self._make())
                    rows = [*rows, fresh]
            self._public = {row.id: ECKey.import_key(row.public_key) for row in rows}
            newest = [row for row in rows if row.retired_at is None][-1]
            envelope = Sealed(newest.wrapped_key, newest.sealed)
            secret = self._master.unseal(envelope, organization_id="", secret_id=newest.id, version=1)
            self._signer = newest.id, ECKey.import_key(secret.get_secret_value())
            self._looked_at = time.monotonic()

    def _make(self) -> SigningKey:
        key = ECKey.generate_key("P-256")
        kid = new_id("key")
        sealed = self._master.seal(key.as_pem(private=True), organization_id="", secret_id=kid, version=1)
        public = {name: str(value) for name, value in key.as_dict(private=False).items()}
        return SigningKey(id=kid, public_key=public, wrapped_key=sealed.wrapped_key, sealed=sealed.sealed)


async def rotate(database: Database) -> None:
    """Retire every signing key: the next login makes a new one; tokens already out keep working until they expire."""
    async with database.worker() as session:
        for row in (await session.scalars(select(SigningKey).where(SigningKey.retired_at.is_(None)))).all():
            row.retired_at = heroes_now()


async def rewrap(session: AsyncSession, keys: MasterKeys) -> int:
    """Wrap the signing keys that are under an old master key anew; return how many were."""
    return await rewrap_keys(session, keys, SigningKey)


def claims_required(issuer: str, audience: str) -> jwt.JWTClaimsRegistry:
    """Return what an access token must say: who made it, for whom, about whom, until when (RFC 9068)."""
    return jwt.JWTClaimsRegistry(
        leeway=5,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        sub={"essential": True},
    )


_REASONS = {
    "ExpiredTokenError": "the token has expired",
    "BadSignatureError": "the signature is wrong",
    "UnsupportedAlgorithmError": "this algorithm is not accepted",
    "SecurityWarning": "this algorithm is not accepted",
    "MissingClaimError": "a claim is missing",
    "KeyError": "the key (kid) is unknown",
}

_CLAIMS = {
    "iss": "the token is of another issuer",
    "aud": "the token is for another audience",
    "nbf": "the token is not valid yet",
    "iat": "the token is not valid yet",
}


def refused(error: Exception) -> SignIn:
    """Return the 401 for a token that was not taken, with its reason in the challenge."""
    kind = type(error).__name__
    claim = getattr(error, "claim", None)
    reason = _CLAIMS.get(str(claim)) if kind == "InvalidClaimError" else None
    reason = reason or _REASONS.get(kind, "the token cannot be read")
    if kind == "ExpiredTokenError":
        return sign_in("Your access token has expired; refresh it or log in again.", "token_expired", reason=reason)
    return sign_in(f"This token is not taken: {reason}. Log in.", "bad_token", reason=reason)
