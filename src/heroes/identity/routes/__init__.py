"""The routes of identity; `issuer` are those that the standards look for at the root of the address."""

from fastapi import APIRouter

from heroes.identity.routes import admin, auth, clients, credentials, elsewhere, oidc, platform, trail

router = APIRouter()
for part in (auth.router, credentials.router, admin.router, clients.router, trail.router, platform.router):
    router.include_router(part)

issuer = APIRouter()
for part in (oidc.router, elsewhere.router):
    issuer.include_router(part)
