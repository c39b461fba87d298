"""The routes of data."""

from fastapi import APIRouter

from heroes.data.routes import buckets, content, objects

router = APIRouter()
router.include_router(buckets.router)
router.include_router(objects.router)
router.include_router(content.router)
router.include_router(objects.operations)

__all__ = ["router"]
