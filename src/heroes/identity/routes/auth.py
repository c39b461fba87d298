"""Log in, refresh, log out, who am I, password, personal access tokens."""

from contextlib import suppress

from fastapi import APIRouter, Request, Response

from heroes.identity import federation
from heroes.identity.door import (
    BROWSER,
    OUTER,
    Entering,
    MaybeWho,
    Tx,
    Who,
    database_of,
    idle_of,
    keep_signed_in,
    keyring_of,
    meant,
    provider_of,
    settings_of,
    source_of,
)
from heroes.identity.keys import sign_in
from heroes.identity.models import Token
from heroes.identity.rules import MEANINGS, Action, grantable
from heroes.identity.schemas import (
    LoginIn,
    LogoutIn,
    Me,
    NewTokenOut,
    PasswordIn,
    Preferences,
    RefreshIn,
    RightOut,
    SessionOut,
    TokenChange,
    TokenIn,
    TokenOut,
    TokenSet,
)
from heroes.identity.service import people, sessions, tokens
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound, SignIn, SiteError, TooMany, Unavailable
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

router = APIRouter(prefix="/organization/auth", tags=["auth"])


@router.post("/login", responses=problems(SignIn, Denied, TooMany, Invalid, Unavailable))
async def login(body: LoginIn, request: Request) -> TokenSet:
    """Exchange organization, user name and password for a token set."""
    asked = {
        "organization": body.organization,
        "username": body.username,
        "password": body.password.get_secret_value(),
        "source": source_of(request),
    }
    database, provider = database_of(request), provider_of(request.app)
    try:
        return await sessions.login(database, keyring_of(request.app), idle=idle_of(request), **asked)
    except SignIn:  # nobody of ours: perhaps one whom the identity provider holds
        if provider is None or provider.client_id is None:
            raise
    return await federation.log_in(database, provider, settings_of(request), **asked)


@router.post("/session", responses=problems(SignIn, Denied, TooMany, Invalid, Unavailable))
async def open_session(body: LoginIn, request: Request, response: Response) -> SessionOut:
    """Log in a browser: the answer sets a cookie, HttpOnly and SameSite, instead of showing tokens."""
    meant(request)
    opened = await login(body, request)
    await keep_signed_in(request, response, opened.session_state)
    return SessionOut(organization=opened.organization, password_change_required=opened.password_change_required)


@router.post("/refresh", responses=problems(SignIn, Invalid, Unavailable))
async def refresh(body: RefreshIn, request: Request) -> TokenSet:
    """Exchange a refresh token, which then is used up, for a new set. Its second use ends the session."""
    token = body.refresh_token.get_secret_value()
    if (provider := provider_of(request.app)) and not token.startswith(sessions.REFRESH):
        settings, source = settings_of(request), source_of(request)
        return await federation.refreshed(database_of(request), provider, settings, token, source)
    return await sessions.refresh(
        database_of(request),
        keyring_of(request.app),
        refresh_token=token,
        idle=idle_of(request),
    )


@router.post("/logout", status_code=204, responses=problems(SignIn, Denied))
async def logout(request: Request, response: Response, who: MaybeWho, body: LogoutIn | None = None) -> None:
    """End the session at once and everywhere; an access token, a refresh token or a browser's cookie says which."""
    response.delete_cookie(BROWSER, httponly=True, samesite="lax")
    outer = request.cookies.get(OUTER)
    if outer:
        response.delete_cookie(OUTER, path=request.url.path, httponly=True, samesite="lax")
    token = body.refresh_token.get_secret_value() if body and body.refresh_token else None
    if who is None and token is None:
        raise sign_in("Send the access token or the refresh token of the session that shall end.")
    await sessions.logout(database_of(request), who, token)
    theirs = outer or (token if token and not token.startswith(sessions.REFRESH) else None)
    if theirs and (provider := provider_of(request.app)):
        with suppress(SiteError):  # our session has ended anyway
            await provider.logout(theirs)


@router.get("/rights", responses=problems(SignIn))
async def list_rights(who: Who) -> list[RightOut]:
    """Return every action with the default roles that give it to you: what to ask an administrator for.

    Those come first that are given to people who work; none: only those who run the platform have it.
    """
    roles = {action: grantable(action, platform=who.platform) for action in Action}
    return [RightOut(action=action, means=MEANINGS[action], roles=roles[action]) for action in Action]


@router.get("/me", responses=problems(SignIn, Denied))
async def me(who: Who, session: Tx) -> Me:
    """Who am I, what may I do, and how do I like the pages to be."""
    return Me.of(who, await people.preferences(session, who))


@router.patch("/preferences", responses=problems(SignIn, Invalid))
async def change_preferences(body: Preferences, who: Who, session: Tx) -> Preferences:
    """Keep how you like the pages to be; what is left out stays as it is."""
    return Preferences(**await people.prefer(session, who, body.model_dump(exclude_unset=True)))


@router.post("/password", status_code=204, responses=problems(SignIn, TooMany, Invalid))
async def change_password(body: PasswordIn, request: Request, who: Entering) -> None:
    """Set one's own password; the only call that a one-time password allows. Other sessions end."""
    await sessions.change_password(
        database_of(request),
        who,
        current=body.current_password.get_secret_value(),
        new=body.new_password.get_secret_value(),
        source=source_of(request),
    )


@router.post("/token", status_code=201, responses=problems(SignIn, Denied, NotFound, Conflict, Invalid))
async def create_token(body: TokenIn, who: Who, session: Tx, once: OnceOnly) -> NewTokenOut:
    """Make a personal access token for a program; it is shown once."""

    async def make() -> NewTokenOut:
        row, secret = await tokens.create_token(
            session,
            who,
            name=body.name,
            actions=body.actions,
            projects=body.projects,
            expires_in_days=body.expires_in_days,
            user=body.user,
        )
        return NewTokenOut.of(row, token=secret)

    answer: NewTokenOut = await once(session, who, body, make, shown_once=["token"])
    return answer


@router.get("/token", responses=problems(SignIn, Denied))
async def list_tokens(who: Who, session: Tx, page: Paged, everyone: bool = False) -> list[TokenOut]:
    """List one's own tokens, or with `everyone` those of the whole organization."""
    return await page.of(session, tokens.tokens_of(who, everyone=everyone), [Token.id], TokenOut.of)


@router.patch("/token/{token_id}", responses=problems(SignIn, Denied, NotFound, Invalid))
async def change_token(token_id: str, body: TokenChange, who: Who, session: Tx) -> TokenOut:
    """Give a token another name; what it may do stays as it was made."""
    return TokenOut.of(await tokens.rename_token(session, who, token_id, body.name))


@router.delete("/token/{token_id}", status_code=204, responses=problems(SignIn, Denied, NotFound))
async def revoke_token(token_id: str, who: Who, session: Tx) -> None:
    """End a token at once."""
    await tokens.revoke_token(session, who, token_id)
