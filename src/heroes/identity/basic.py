"""Who asks, for the protocols whose clients know HTTP Basic: user name `organization/user`, or a token as ever.

A password is checked once: the session that it opened is remembered, in this process alone, under a keyed hash. It ends
as every session does, by a logout, a new password, idleness or the end of the user.
"""

import base64
import hmac
import os
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import Annotated, Any, cast

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from heroes.identity.callers import PAT, person_of_session
from heroes.identity.door import Identified, admitted, database_of, idle_of, keyring_of, person_of, source_of
from heroes.identity.rules import Caller
from heroes.identity.service import sessions
from heroes.kit.errors import Denied, SignIn

MOST = 1000  # sessions remembered
CHALLENGE = {"WWW-Authenticate": 'Basic realm="heroes", charset="UTF-8"'}


class _Basic(HTTPBasic):
    async def __call__(self, request: HTTPConnection) -> HTTPBasicCredentials | None:  # type: ignore[override]
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name, colon, password = base64.b64decode(sent, validate=True).decode().partition(":")
        except ValueError:
            colon = ""
        if not colon:
            raise refused("These credentials cannot be read; send organization/user:password in Base64.")
        return HTTPBasicCredentials(username=name, password=password)


_basic = _Basic(auto_error=False, description="User name `organization/user`; a personal access token is a password.")


class Remembered:
    """The sessions that passwords opened in this process, the oldest forgotten first."""

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._sessions: OrderedDict[bytes, str] = OrderedDict()

    def mark(self, name: str, password: str) -> bytes:
        return hmac.digest(self._key, f"{name}\0{password}".encode(), "sha256")

    def get(self, mark: bytes) -> str | None:
        return self._sessions.get(mark)

    def keep(self, mark: bytes, session_id: str) -> None:
        self._sessions[mark] = session_id
        self._sessions.move_to_end(mark)
        if len(self._sessions) > MOST:
            self._sessions.popitem(last=False)


def refused(detail: str, code: str = "wrong_credentials") -> SignIn:
    """Return the 401 with its challenge."""
    return SignIn(detail, code=code, headers=CHALLENGE)


async def _either(
    request: Request, found: Identified, basic: Annotated[HTTPBasicCredentials | None, Security(_basic)]
) -> Caller:
    if found is None and basic is not None:
        found = await _by_password(request, basic.username, basic.password)
    if found is None:
        raise refused("Sign in as organization/user, or send a token.", "sign_in")
    if found[1]:
        raise Denied(
            "This is a one-time password: set your own with `heroes login` first.", code="password_change_required"
        )
    return found[0]


async def _by_password(request: Request, name: str, password: str) -> tuple[Caller, bool]:
    organization, _, username = name.partition("/")
    if password.startswith(PAT):
        caller, one_time = admitted(request, *await person_of(request, password))
        if name not in {f"{caller.organization}/{caller.username}", caller.username}:
            raise refused("This token belongs to somebody else.")
        return caller, one_time
    if not username:
        raise refused("Give the user name as organization/user.")
    state = request.app.state
    if not hasattr(state, "remembered"):
        state.remembered = Remembered()
    remembered = cast("Remembered", state.remembered)
    mark = remembered.mark(name, password)
    known = remembered.get(mark)
    person = await _person(request, known) if known else None
    if person is None:
        try:
            opened = await sessions.login(
                database_of(request),
                keyring_of(request.app),
                organization=organization,
                username=username,
                password=password,
                source=source_of(request),
                idle=idle_of(request),
            )
        except SignIn as error:
            raise refused(error.detail) from None
        known = opened.session_state
        remembered.keep(mark, known)
        person = await _person(request, known)
    return admitted(request, person, known)


async def _person(request: Request, session_id: str) -> dict[str, Any] | None:
    return await person_of_session(database_of(request), session_id, idle_of(request))


BasicWho = Annotated[Caller, Depends(_either)]
"""The caller, by token or by HTTP Basic; without either the route answers 401 with a Basic challenge."""


async def _tx(request: Request, who: BasicWho) -> AsyncIterator[AsyncSession]:
    async with database_of(request).app(who.organization_id) as session:
        yield session


BasicTx = Annotated[AsyncSession, Depends(_tx, scope="function")]
"""As `Tx`, for a route whose caller is a `BasicWho`."""
