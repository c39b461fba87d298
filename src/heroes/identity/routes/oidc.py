"""The built-in issuer over HTTP, at the root of the platform's address, where the standards look for it."""

import base64
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from urllib.parse import unquote_plus, urlencode, urlsplit

from authlib.oauth2.rfc6749 import errors
from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from heroes.identity import pages
from heroes.identity.door import Who, database_of, idle_of, keyring_of, provider_of, settings_of, source_of
from heroes.identity.keys import ALGORITHM
from heroes.identity.service import oidc, sessions
from heroes.kit.errors import AppError, SignIn, SiteError, Unavailable

router = APIRouter(tags=["oidc"], include_in_schema=False)

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
Text = Annotated[str | None, Form(max_length=4000)]
Asked = Annotated[str | None, Query(max_length=4000)]
_FRESH = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_KEPT = ("client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method")


def _issuer(request: Request) -> oidc.Issuer:
    return oidc.Issuer(database_of(request), keyring_of(request.app), idle_of(request), source_of(request))


@router.get("/.well-known/openid-configuration")
@router.get("/.well-known/oauth-authorization-server")
async def discovery(request: Request) -> dict[str, Any]:
    """Name what the issuer offers and where (OpenID Connect Discovery 1.0, RFC 8414)."""
    at = settings_of(request).address
    return {
        "issuer": at,
        "authorization_endpoint": f"{at}/oauth/authorize",
        "token_endpoint": f"{at}/oauth/token",
        "device_authorization_endpoint": f"{at}/oauth/device",
        "userinfo_endpoint": f"{at}/oauth/userinfo",
        "jwks_uri": f"{at}/oauth/jwks",
        "end_session_endpoint": f"{at}/oauth/logout",
        "revocation_endpoint": f"{at}/oauth/revoke",
        "scopes_supported": list(oidc.SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", DEVICE_GRANT],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "revocation_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "claims_supported": [
            "sub", "sid", "org", "preferred_username", "email", "email_verified", "given_name", "family_name"
        ],
    }  # fmt: skip


@router.get("/.well-known/heroes")
async def entrance(request: Request) -> dict[str, Any]:
    """Name where a command line signs its user in: at the provider elsewhere if there is one, else here."""
    at, provider = settings_of(request).address, provider_of(request.app)
    if provider is None or provider.client_id is None:
        here = {"device_authorization_endpoint": f"{at}/oauth/device", "token_endpoint": f"{at}/oauth/token"}
        return {"issuer": at, "client_id": oidc.CLI, **here}
    try:
        told = await provider.discovered()
    except SiteError as error:
        raise Unavailable(error.detail, code="no_provider") from None
    named = {name: told.get(name) for name in ("device_authorization_endpoint", "token_endpoint")}
    return {"issuer": provider.issuer, "client_id": settings_of(request).oidc_cli_client_id, **named}


@router.get("/oauth/jwks")
async def jwks(request: Request) -> JSONResponse:
    """Show the public keys; one that signs no more stays until no token of it lives."""
    keys = await keyring_of(request.app).keys()
    return JSONResponse({"keys": keys}, headers={"Cache-Control": "public, max-age=300"})


# ------------------------------------------------------------------------------------------------- people sign in here


@router.get("/oauth/authorize")
async def ask_person(request: Request) -> Response:
    """Show the page on which a person signs in for a program."""
    asked = dict(request.query_params)
    program, refused = await _checked(request, asked)
    if refused is not None:
        return refused
    return _form(program, asked)


@router.post("/oauth/authorize")
async def let_in(request: Request, organization: Text = None, username: Text = None, password: Text = None) -> Response:
    """Check the password and send the person back to the program, with a code."""
    asked = {key: str(value) for key, value in (await request.form()).items() if key in {*_KEPT, "response_type"}}
    program, refused = await _checked(request, {"response_type": "code", **asked})
    if refused is not None:
        return refused
    typed = {"organization": organization or "", "username": username or ""}
    try:
        user_id, home = await _person(request, typed, password)
        code = await oidc.begin_code(
            _issuer(request),
            program,
            user_id=user_id,
            organization_id=home,
            redirect_uri=asked["redirect_uri"],
            challenge=asked["code_challenge"],
            scope=oidc.granted(asked.get("scope")),
            nonce=asked.get("nonce"),
        )
    except errors.OAuth2Error as error:
        return _back(request, asked, {"error": error.error, "error_description": error.description or ""})
    except AppError as error:
        return _form(program, asked, trouble=error.detail, typed=typed, status=error.status)
    return _back(request, asked, {"code": code})


async def _person(request: Request, typed: dict[str, str], password: str | None) -> tuple[str, str]:
    """Return the ids of user and organization, of somebody who may enter from here. Raises SignIn, TooMany, Denied."""
    source = source_of(request)
    user_id, home = await sessions.authenticate(database_of(request), **typed, password=password or "", source=source)
    await sessions.require_entry(database_of(request), user_id, home, source)
    return user_id, home


async def _checked(request: Request, asked: dict[str, str]) -> tuple[dict[str, Any], Response | None]:
    """Return the program that asks, or the answer that turns it away; to an unknown address nobody is sent."""
    try:
        program = await oidc.client(database_of(request), asked.get("client_id", ""))
    except errors.InvalidClientError as error:
        return {}, pages.said("Sign in", error.description or "", status=400)
    if not oidc.admits(asked.get("redirect_uri", ""), program["redirect_uris"]):
        return {}, pages.said("Sign in", "This program did not register the address it wants to go on to.", status=400)
    fault = None
    if asked.get("response_type") != "code":
        fault = {"error": "unsupported_response_type"}
    elif not asked.get("code_challenge") or asked.get("code_challenge_method") != "S256":
        fault = {"error": "invalid_request", "error_description": "PKCE with S256 is needed."}
    return program, _back(request, asked, fault) if fault else None


def _form(
    program: dict[str, Any],
    asked: dict[str, str],
    *,
    trouble: str | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    parts = urlsplit(asked["redirect_uri"])
    hidden = {name: asked[name] for name in _KEPT if name in asked}
    back = f"{parts.scheme}://{parts.netloc}"
    return pages.sign_in(program["name"], hidden, trouble=trouble, typed=typed or {}, back=back, status=status)


def _back(request: Request, asked: dict[str, str], told: dict[str, str]) -> Response:
    told = {**told, "iss": settings_of(request).address}
    if "state" in asked:
        told["state"] = asked["state"]
    join = "&" if urlsplit(asked["redirect_uri"]).query else "?"
    headers = {**_FRESH, "Referrer-Policy": "no-referrer"}
    return RedirectResponse(asked["redirect_uri"] + join + urlencode(told), 303, headers)


@router.get("/oauth/device/verify")
async def ask_for_device(user_code: Asked = None) -> Response:
    """Show the page on which a person lets a device in."""
    return pages.device(user_code or "", typed={})


@router.post("/oauth/device/verify")
async def let_device_in(
    request: Request,
    user_code: Text = None,
    organization: Text = None,
    username: Text = None,
    password: Text = None,
    decision: Text = None,
) -> Response:
    """Check the password and let the device in, or turn it away."""
    typed, code = {"organization": organization or "", "username": username or ""}, user_code or ""
    try:
        user_id, home = await _person(request, typed, password)
    except AppError as error:
        return pages.device(code, trouble=error.detail, typed=typed, status=error.status)
    database = database_of(request)
    if not await oidc.decide(database, code, user_id=user_id, organization_id=home, allow=decision == "allow"):
        trouble = "No device waits under this code; it may have expired. Start again there."
        return pages.device(code, trouble=trouble, typed=typed, status=404)
    text = "You may close this page and go on where you were." if decision == "allow" else "It was turned away."
    return pages.said("Done", text)


# ---------------------------------------------------------------------------------------------------- programs ask here


async def _answered(request: Request, act: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]) -> Response:
    """Authenticate the program (RFC 6749 2.3), act, and answer in the protocol's own form."""
    try:
        form = {key: str(value) for key, value in (await request.form()).items()}
        client_id, secret = _program(request, form)
        program = await _authenticated(request, client_id, secret)
        return JSONResponse(await act(program), headers=_FRESH)
    except errors.OAuth2Error as error:
        status = 401 if isinstance(error, errors.InvalidClientError) else error.status_code
        challenge = {"WWW-Authenticate": 'Basic realm="heroes"'} if status == 401 else {}
        told = {"error": error.error, "error_description": error.get_error_description() or error.error}
        return JSONResponse(told, status, {**_FRESH, **challenge})


async def _authenticated(request: Request, client_id: str | None, secret: str | None) -> dict[str, Any]:
    """Return the program; one that has shown a secret has been held up if it showed wrong ones before."""
    database, source = database_of(request), source_of(request)
    if client_id and secret:
        await sessions.throttle_program(database, source, client_id)
    program = await oidc.authenticated(database, client_id, secret)
    if client_id and secret:
        await sessions.forgive_program(database, source, client_id)
    return program


def _program(request: Request, form: dict[str, str]) -> tuple[str | None, str | None]:
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id"), form.get("client_secret")
    try:
        name, _, secret = base64.b64decode(sent, validate=True).decode().partition(":")
    except ValueError:
        raise errors.InvalidClientError(description="The credentials cannot be read.") from None
    return unquote_plus(name), unquote_plus(secret)


@router.post("/oauth/token")
async def token(
    request: Request,
    grant_type: Text = None,
    code: Text = None,
    redirect_uri: Text = None,
    code_verifier: Text = None,
    refresh_token: Text = None,
    device_code: Text = None,
) -> Response:
    """Exchange a grant for tokens."""
    issuer = _issuer(request)

    async def act(program: dict[str, Any]) -> dict[str, Any]:
        match grant_type:
            case "authorization_code":
                return await oidc.exchange_code(
                    issuer, program, code=code or "", redirect_uri=redirect_uri, verifier=code_verifier
                )
            case "refresh_token":
                return await oidc.exchange_refresh(issuer, program, refresh_token or "")
            case "client_credentials":
                return await oidc.exchange_secret(issuer, program)
            case "urn:ietf:params:oauth:grant-type:device_code":
                return await oidc.exchange_device(issuer, program, device_code or "")
        raise errors.UnsupportedGrantTypeError(grant_type)

    return await _answered(request, act)


@router.post("/oauth/device")
async def begin_device(request: Request, scope: Text = None) -> Response:
    """Begin for a device without a browser (RFC 8628)."""
    at = f"{settings_of(request).address}/oauth/device/verify"

    async def act(program: dict[str, Any]) -> dict[str, Any]:
        code, typed = await oidc.begin_device(_issuer(request), program, oidc.granted(scope))
        return {
            "device_code": code,
            "user_code": typed,
            "verification_uri": at,
            "verification_uri_complete": f"{at}?{urlencode({'user_code': typed})}",
            "expires_in": int(oidc.DEVICE_LIVES.total_seconds()),
            "interval": oidc.POLL,
        }

    return await _answered(request, act)


@router.post("/oauth/revoke")
async def revoke(request: Request, token: Text = None) -> Response:
    """End the session of a refresh token or an access token (RFC 7009); what is not known is fine."""

    async def act(program: dict[str, Any]) -> dict[str, Any]:
        await sessions.end_by_token(database_of(request), keyring_of(request.app), token or "", program["id"])
        return {}

    return await _answered(request, act)


@router.get("/oauth/userinfo")
@router.post("/oauth/userinfo")
async def userinfo(who: Who) -> dict[str, Any]:
    """Say who the bearer of an access token is."""
    return {
        "sub": who.user_id,
        "org": who.organization,
        "preferred_username": who.username,
        "email": who.email,
        "email_verified": who.email_verified,
        "given_name": who.first_name,
        "family_name": who.last_name,
    }


@router.get("/oauth/logout")
@router.post("/oauth/logout")
async def end_session(
    request: Request,
    id_token_hint: Asked = None,
    post_logout_redirect_uri: Asked = None,
    state: Asked = None,
) -> Response:
    """End the session that an ID token names (OpenID Connect RP-Initiated Logout 1.0), and go back to its program."""
    sent = {key: str(value) for key, value in (await request.form()).items()} if request.method == "POST" else {}
    hint = id_token_hint or sent.get("id_token_hint")
    back = post_logout_redirect_uri or sent.get("post_logout_redirect_uri")
    try:
        claims = await keyring_of(request.app).hint(hint or "")
    except SignIn:
        return pages.said("Sign out", "This sign-out does not say whose session it ends.", status=400)
    await sessions.end_session(database_of(request), str(claims.get("sid")), "logout")
    if back:
        try:
            program = await oidc.client(database_of(request), str(claims.get("aud")))
        except errors.InvalidClientError:
            program = {"redirect_uris": []}
        if oidc.admits(back, program["redirect_uris"]):
            told = f"?{urlencode({'state': state or sent['state']})}" if state or "state" in sent else ""
            return RedirectResponse(back + told, 303)
    return pages.said("Signed out", "Your session has ended, everywhere.")
