"""The tables of data. Contents are write-once blobs; everything that changes is a row."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    and_,
    exists,
    false,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from heroes.data.rules import BucketKind, Progress, TrashState, overlap
from heroes.identity import Action, Caller
from heroes.kit.db import Base, Tenant, Timestamps
from heroes.kit.work import Durable

# Code point order, whatever the server's locale: a folder is then one range of the index.
PathText = Text(collation="C")


class Bucket(Tenant, Timestamps, Base):
    """A tree of files of one user, project or organization. `used_bytes` counts every version."""

    __tablename__ = "buckets"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    owner_user_id: Mapped[str | None] = mapped_column(index=True)
    project_id: Mapped[str | None] = mapped_column(index=True)
    quota_bytes: Mapped[int | None]
    used_bytes: Mapped[int] = mapped_column(default=0, server_default="0")
    closed: Mapped[str | None]  # why nobody may upload to it now
    bin_of: Mapped[str | None] = mapped_column(unique=True)
    """of a hidden bucket: the one whose trash it holds"""

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """One's own, those of one's projects, those of the organization; who manages data sees all but others' own."""
        return and_(cls.bin_of.is_(None), cls._open_to(who))

    @classmethod
    def _open_to(cls, who: Caller) -> ColumnElement[bool]:
        if who.is_system:
            return true()
        open_to: list[ColumnElement[bool]] = [false()]
        if who.anywhere(Action.DATA_READ):
            open_to.append(cls.owner_user_id == who.user_id)
        if who.can(Action.DATA_READ) or who.can(Action.DATA_MANAGE):
            open_to.append(cls.kind == BucketKind.ORGANIZATION)
        if who.can(Action.DATA_MANAGE):
            open_to.append(cls.kind == BucketKind.PROJECT)
        members = [p for p in who.projects if who.can(Action.DATA_READ, p) or who.can(Action.DATA_MANAGE, p)]
        open_to.append(cls.project_id.in_(members))
        open_to.append(cls.shared_with(who, ["read", "write"]))
        return or_(*open_to)

    @classmethod
    def shared_with(cls, who: Caller, rights: list[str]) -> ColumnElement[bool]:
        """Whether the bucket was opened to the caller, a project of theirs, or everybody in the organization."""
        grants = Base.metadata.tables["grants"].c
        grantee = or_(
            and_(grants.grantee_type == "user", grants.grantee_id == who.user_id),
            and_(grants.grantee_type == "project", grants.grantee_id.in_(list(who.projects))),
            and_(grants.grantee_type == "organization", grants.grantee_id == who.organization_id),
        )
        return exists().where(
            grants.object_type == "bucket", grants.object_id == cls.id, grants.right.in_(rights), grantee
        )


class Object(Tenant, Timestamps, Base):
    """A name in a bucket: a folder (also an empty one) or a file or link with its current version."""

    __tablename__ = "objects"
    __table_args__ = (
        UniqueConstraint("bucket_id", "path"),
        Index("ix_objects_children", "bucket_id", "parent", "path"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    bucket_id: Mapped[str] = mapped_column(ForeignKey("buckets.id"))
    path: Mapped[str] = mapped_column(PathText)
    parent: Mapped[str] = mapped_column(PathText)
    is_dir: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    current_version_id: Mapped[str | None]
    current: Mapped["Version | None"] = relationship(
        primaryjoin="foreign(Object.current_version_id) == Version.id", viewonly=True, lazy="raise"
    )


class Version(Tenant, Base):
    """What an object held from `created_at` on; never changed. A link has a target instead of a blob."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("object_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    object_id: Mapped[str] = mapped_column(ForeignKey("objects.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str]
    blob_key: Mapped[str | None] = mapped_column(index=True)
    size: Mapped[int]
    sha256: Mapped[str]
    content_type: Mapped[str]
    mode: Mapped[int]
    mtime: Mapped[datetime | None]
    link_target: Mapped[str | None]
    created_by: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"))


class Operation(Durable, Tenant, Timestamps, Base):
    """A move or delete of a folder, done in bounded batches. Each batch shrinks the source, so it resumes by itself."""

    __tablename__ = "operations"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    bucket_id: Mapped[str] = mapped_column(index=True)  # no foreign key: the record outlives a dropped bucket
    path: Mapped[str] = mapped_column(PathText)
    target_bucket_id: Mapped[str | None]
    target_path: Mapped[str | None] = mapped_column(PathText)
    drop_bucket: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    state: Mapped[str] = mapped_column(default=Progress.WAITING, server_default=Progress.WAITING)
    objects_done: Mapped[int] = mapped_column(default=0, server_default="0")
    objects_total: Mapped[int | None]
    error: Mapped[str | None]
    created_by: Mapped[str | None]

    def touches(self, bucket_id: str, path: str) -> bool:
        """Say whether the operation changes what lies at this path, above or below it."""
        source = self.bucket_id == bucket_id and overlap(self.path, path)
        target = self.target_bucket_id == bucket_id and overlap(self.target_path or "", path)
        return source or target


class Trashed(Durable, Tenant, Timestamps, Base):
    """One file or folder that was thrown away; it lies in the bin under this row's id until `due_at`."""

    __tablename__ = "trash"

    id: Mapped[str] = mapped_column(primary_key=True)
    bucket_id: Mapped[str] = mapped_column(ForeignKey("buckets.id", ondelete="CASCADE"), index=True)
    bin_id: Mapped[str]
    path: Mapped[str] = mapped_column(PathText)
    is_dir: Mapped[bool]
    files: Mapped[int]
    folders: Mapped[int]
    bytes: Mapped[int]
    state: Mapped[str] = mapped_column(default=TrashState.KEPT, server_default=TrashState.KEPT)
    operation_id: Mapped[str | None]
    deleted_by: Mapped[str | None]

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """Whoever may read the bucket."""
        return cls.bucket_id.in_(select(Bucket.id).where(Bucket.readable(who)))


class Upload(Durable, Tenant, Timestamps, Base):
    """A file that arrives in pieces; `received` is what is surely there. Forgotten at `due_at` if nobody goes on."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(primary_key=True)
    bucket_id: Mapped[str] = mapped_column(ForeignKey("buckets.id", ondelete="CASCADE"), index=True)
    path: Mapped[str] = mapped_column(PathText)
    size: Mapped[int]
    received: Mapped[int]
    parts: Mapped[int]
    place: Mapped[str]
    sha256: Mapped[str | None]
    mode: Mapped[int]
    mtime: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default=Progress.WAITING, server_default=Progress.WAITING)
    error: Mapped[str | None]
    version_id: Mapped[str | None]
    created_by: Mapped[str | None] = mapped_column(index=True)


class UploadPart(Tenant, Base):
    """Some bytes of an upload, written once."""

    __tablename__ = "upload_parts"
    __table_args__ = (UniqueConstraint("upload_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    upload_id: Mapped[str] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"))
    number: Mapped[int]
    blob_key: Mapped[str] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]


class Removal(Durable, Tenant, Base):
    """Blobs that no version names any more; they go after a time of grace, for transfers that still read them."""

    __tablename__ = "removals"

    id: Mapped[str] = mapped_column(primary_key=True)
    keys: Mapped[list[str]]


class Transfer(Durable, Tenant, Timestamps, Base):
    """Bytes on their way to a site's folder (`in`) or from it (`out`); wakes its waiter at the end."""

    __tablename__ = "transfers"

    id: Mapped[str] = mapped_column(primary_key=True)
    direction: Mapped[str]
    line_id: Mapped[str] = mapped_column(index=True)
    folder: Mapped[str]
    bucket_id: Mapped[str | None]
    prefix: Mapped[str | None] = mapped_column(PathText)
    created_by: Mapped[str | None]
    waiter_table: Mapped[str | None]
    waiter_id: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=Progress.WAITING, server_default=Progress.WAITING)
    error: Mapped[str | None]
    why: Mapped[dict[str, Any] | None]
    """the same by code: of `error`, or of what it last waited for"""
    files_total: Mapped[int]
    files_done: Mapped[int] = mapped_column(default=0, server_default="0")
    bytes_total: Mapped[int]
    bytes_done: Mapped[int] = mapped_column(default=0, server_default="0")
    bytes_sent: Mapped[int] = mapped_column(default=0, server_default="0")
    seconds: Mapped[float] = mapped_column(default=0.0, server_default="0")
    looks: Mapped[int] = mapped_column(default=0, server_default="0")


class TransferItem(Tenant, Base):
    """One name of a transfer. Site names are bytes: they need not be Unicode."""

    __tablename__ = "transfer_items"
    __table_args__ = (
        Index("ix_transfer_items_waiting", "transfer_id", "number", postgresql_where=text("state = 'waiting'")),
        UniqueConstraint("transfer_id", "number"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    transfer_id: Mapped[str] = mapped_column(ForeignKey("transfers.id", ondelete="CASCADE"))
    number: Mapped[int]
    path: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str]
    blob_key: Mapped[str | None] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None]
    mode: Mapped[int]
    mtime: Mapped[float | None]
    link_target: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(default=Progress.WAITING, server_default=Progress.WAITING)
    object_id: Mapped[str | None]
    version_id: Mapped[str | None]
