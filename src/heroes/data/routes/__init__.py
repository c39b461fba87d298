"""The routes of data."""

from fastapi import APIRouter

from heroes.data.routes import buckets, content, objects, trash, uploads

router = APIRouter()
router.include_router(buckets.router)
router.include_router(objects.router)
router.include_router(content.router)
router.include_router(trash.router)
router.include_router(uploads.router)
router.include_router(objects.operations)

__all__ = ["router"]
