"""The routes of identity."""

from fastapi import APIRouter

from heroes.identity.routes import admin, auth, credentials, platform

router = APIRouter()
for part in (auth.router, credentials.router, admin.router, platform.router):
    router.include_router(part)
