"""A browser signs in at an identity provider elsewhere and comes back with a session of ours.

OpenID Connect Core 3.1, authorization code with PKCE (RFC 7636). The provider's tokens never reach a script: the
browser keeps our session, and for the logout alone the provider's refresh token, in cookies that only we read.
"""

import hmac
import secrets
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from heroes.adapters.oidc import Provider
from heroes.identity import federation, pages
from heroes.identity.door import (
    OUTER,
    database_of,
    keep_signed_in,
    keyring_of,
    only_ours,
    provider_of,
    settings_of,
    source_of,
)
from heroes.identity.keys import AUDIENCE
from heroes.kit.errors import AppError, NotFound, SiteError

router = APIRouter(tags=["oidc"], include_in_schema=False)

PLACE = "/oauth/elsewhere"
LOGOUT = "/api/v1/organization/auth/logout"  # where a browser logs out
WAY = "heroes_way"  # the cookie that ties the return to the browser that left
_KIND = "heroes-way+jwt"
_LASTS = 600  # seconds for signing in there
Asked = Annotated[str, Query(max_length=4000)]


@router.get(PLACE)
async def leave(request: Request, goes_on: Annotated[str, Query(alias="next", max_length=2000)] = "") -> Response:
    """Send the browser to the provider's own page; `next` is where it goes on afterwards."""
    provider = _provider(request)
    known = {name: secrets.token_urlsafe(36) for name in ("state", "nonce", "verifier")}
    try:
        address = await provider.page(back=_back(request), **known)
    except SiteError as error:
        return pages.said("Not signed in", f"{error.detail} Try again in a moment.", again="/sign-in", status=503)
    claims = {"aud": AUDIENCE, "sub": known["state"], **known, "next": goes_on if goes_on.startswith("/o/") else ""}
    answer = RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
    way = await keyring_of(request.app).sign(claims, kind=_KIND, lifetime_s=_LASTS)
    answer.set_cookie(WAY, way, max_age=_LASTS, path=PLACE, **only_ours(request))
    return answer


@router.get(f"{PLACE}/return")
async def come_back(
    request: Request, code: Asked = "", state: Asked = "", error: Asked = "", error_description: Asked = ""
) -> Response:
    """Exchange the code that the browser brings for a session."""
    provider, keyring = _provider(request), keyring_of(request.app)
    if error:
        told = error_description or error
        return pages.said("Not signed in", f"Your identity provider says: {told}.", again="/sign-in", status=403)
    try:
        way = await keyring.verify(request.cookies.get(WAY, ""), kind=_KIND)
        if not hmac.compare_digest(str(way["state"]).encode(), state.encode()):
            return pages.said("Not signed in", "This was begun in another browser or tab.", again=PLACE, status=400)
        opened, organization, outer = await federation.signed_in(
            database_of(request),
            provider,
            settings_of(request),
            code,
            back=_back(request),
            verifier=str(way["verifier"]),
            nonce=str(way["nonce"]),
            source=source_of(request),
        )
    except AppError as refused:
        return pages.said("Not signed in", refused.detail, again="/sign-in", status=refused.status)
    answer = RedirectResponse(way["next"] or f"/o/{organization}/", 303, headers={"Cache-Control": "no-store"})
    answer.delete_cookie(WAY, path=PLACE, **only_ours(request))
    await keep_signed_in(request, answer, opened)
    if outer:
        answer.set_cookie(OUTER, outer, path=LOGOUT, **only_ours(request))
    return answer


def _provider(request: Request) -> Provider:
    provider = provider_of(request.app)
    if provider is None or provider.client_id is None:
        raise NotFound(
            "This platform signs nobody in elsewhere: it has no HEROES_OIDC_CLIENT_ID.", case="nobody_elsewhere"
        )
    return provider


def _back(request: Request) -> str:
    return f"{settings_of(request).address}{PLACE}/return"
