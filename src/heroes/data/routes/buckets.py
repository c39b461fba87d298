"""Buckets: list, make, bound, share, remove."""

from typing import Any, Literal

from fastapi import APIRouter

from heroes.data.models import Bucket
from heroes.data.schemas import BucketIn, BucketOut, QuotaIn, ShareIn, ShareOut
from heroes.data.service import buckets, sharing
from heroes.identity import Tx, Who
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

router = APIRouter(prefix="/organization/data", tags=["data"])


@router.get("/list")
async def list_buckets(who: Who, session: Tx, page: Paged) -> list[BucketOut]:
    """Return the buckets you may see: your own, those of your projects and of your organization, and shared ones."""
    found = buckets.all_visible(who)
    return await page.of(session, found, [Bucket.name, Bucket.id], lambda bucket: BucketOut.of(bucket, who))


@router.post(
    "/bucket",
    status_code=201,
    response_model=BucketOut,
    responses=problems(Denied, NotFound, Conflict, Invalid),
)
async def create_bucket(asked: BucketIn, who: Who, session: Tx, once: OnceOnly) -> Any:
    """Make a bucket of a project, or of the whole organization."""

    async def make() -> BucketOut:
        made = await buckets.create(session, who, name=asked.name, project=asked.project, quota_bytes=asked.quota_bytes)
        return BucketOut.of(made, who)

    return await once(session, who, asked, make)


@router.get("/bucket/{bucket}", responses=problems(NotFound))
async def show_bucket(bucket: str, who: Who, session: Tx) -> BucketOut:
    """Return one bucket; `home` is your own."""
    return BucketOut.of(await buckets.get(session, who, bucket), who)


@router.patch("/bucket/{bucket}", responses=problems(Denied, NotFound, Invalid))
async def set_quota(bucket: str, asked: QuotaIn, who: Who, session: Tx) -> BucketOut:
    """Bound what a bucket may hold."""
    return BucketOut.of(await buckets.set_quota(session, who, bucket, asked.quota_bytes), who)


@router.delete("/bucket/{bucket}", status_code=204, responses=problems(Denied, NotFound, Conflict))
async def drop_bucket(bucket: str, who: Who, session: Tx) -> None:
    """Remove an empty bucket."""
    await buckets.drop(session, who, bucket)


@router.get("/bucket/{bucket}/share", responses=problems(NotFound))
async def list_shares(bucket: str, who: Who, session: Tx, page: Paged) -> list[ShareOut]:
    """Return whom a bucket is open to."""
    found = await sharing.shares(session, who, bucket)
    told = [ShareOut(kind=kind, name=name, right=right) for kind, name, right in found]
    return page.cut(told, lambda share: f"{share.kind} {share.name or ''}")


@router.put("/bucket/{bucket}/share", responses=problems(Denied, NotFound))
async def share_bucket(bucket: str, asked: ShareIn, who: Who, session: Tx) -> BucketOut:
    """Open a bucket to a user, a project, or everybody in your organization."""
    return BucketOut.of(await sharing.share(session, who, bucket, asked.kind, asked.name, asked.right), who)


@router.delete("/bucket/{bucket}/share", status_code=204, responses=problems(Denied, NotFound))
async def unshare_bucket(
    bucket: str, who: Who, session: Tx, kind: Literal["user", "project", "organization"], name: str = ""
) -> None:
    """Close a bucket again."""
    await sharing.unshare(session, who, bucket, kind, name)
