"""What the routes of data take and answer."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from heroes.data.models import Bucket, Object, Operation, Trashed, Upload, Version
from heroes.data.rules import BucketKind, Kind
from heroes.identity import Caller


class BucketOut(BaseModel):
    """A bucket. `owner` names its user, project or organization."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "lea",
                "creation_date": "2026-03-01T09:00:00+00:00",
                "owner": "lea",
                "kind": "user",
                "project": None,
                "home": True,
                "quota_bytes": None,
                "used_bytes": 5120,
                "closed": None,
            }
        }
    )

    name: str
    creation_date: datetime
    owner: str
    kind: BucketKind
    project: str | None
    home: bool = Field(description="Whether `home:` means this bucket.")
    quota_bytes: int | None
    used_bytes: int = Field(description="All versions of all files.")
    closed: str | None = Field(default=None, description="Why nothing can be uploaded now, and what helps.")

    @classmethod
    def of(cls, bucket: Bucket, who: Caller) -> "BucketOut":
        project = who.projects.get(bucket.project_id or "", bucket.name) if bucket.project_id else None
        home = bucket.kind == BucketKind.USER and bucket.owner_user_id == who.user_id
        owner = who.username if home else project or (who.organization if not bucket.owner_user_id else bucket.name)
        return cls(
            name=bucket.name,
            creation_date=bucket.created_at,
            owner=owner,
            kind=BucketKind(bucket.kind),
            project=project,
            home=home,
            quota_bytes=bucket.quota_bytes,
            used_bytes=bucket.used_bytes,
            closed=bucket.closed,
        )


class BucketIn(BaseModel):
    """A new bucket of a project, or without one of the whole organization."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "shared-meshes", "project": "wing", "quota_bytes": 10000000000}]},
    )

    name: str
    project: str | None = None
    quota_bytes: int | None = Field(default=None, ge=0)


class QuotaIn(BaseModel):
    """A bound in bytes; null is none."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"quota_bytes": 10000000000}]})

    quota_bytes: int | None = Field(ge=0)


class ObjectOut(BaseModel):
    """A file, link or folder; a folder's name ends with a slash. `etag` is the SHA-256 of the content."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "bucket_name": "lea",
                "object_name": "wing/naca2412.dat",
                "is_dir": False,
                "size": 4096,
                "etag": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "content_type": "application/octet-stream",
                "last_modified": "2026-03-01T09:00:00+00:00",
                "version_id": "ver_0123456789",
                "is_latest": True,
                "metadata": {
                    "mode": "0644",
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                },
                "owner_name": "lea",
                "storage_class": "STANDARD",
            }
        }
    )

    bucket_name: str
    object_name: str
    is_dir: bool
    size: int
    etag: str | None
    content_type: str | None
    last_modified: datetime
    version_id: str | None
    is_latest: bool
    metadata: dict[str, Any]
    owner_name: str
    storage_class: str

    @classmethod
    def of(cls, obj: Object, bucket: BucketOut, version: Version | None = None) -> "ObjectOut":
        shown = version or obj.current
        return cls(
            bucket_name=bucket.name,
            object_name=f"{obj.path}/" if obj.is_dir else obj.path,
            is_dir=obj.is_dir,
            size=shown.size if shown else 0,
            etag=shown.sha256 if shown else None,
            content_type=shown.content_type if shown else None,
            last_modified=shown.created_at if shown else obj.created_at,
            version_id=shown.id if shown else None,
            is_latest=shown is None or shown.id == obj.current_version_id,
            metadata=_metadata(shown) if shown else {},
            owner_name=bucket.owner,
            storage_class="STANDARD",
        )


def _metadata(version: Version) -> dict[str, Any]:
    facts: dict[str, Any] = {"sha256": version.sha256, "mode": f"{version.mode:04o}", "number": version.number}
    if version.mtime is not None:
        facts["mtime"] = version.mtime.isoformat()
    if version.kind == Kind.LINK:
        facts["link_target"] = version.link_target
    return facts


class ChecksumOut(BaseModel):
    """The checksum of a file's content, computed when it arrived."""

    bucket_name: str
    object_name: str
    version_id: str
    algorithm: str = "sha256"
    checksum: str
    size: int


class SizeOut(BaseModel):
    """What lies at and below a name."""

    bucket_name: str
    object_name: str
    files: int
    folders: int
    bytes: int = Field(description="all versions of all files")


class ThrowIn(BaseModel):
    """What to throw away."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"bucket": "home", "path": "wing/old"}]})

    bucket: str = Field(examples=["home"])
    path: str = Field(examples=["wing/old"])


class RecoverIn(BaseModel):
    """Where to bring it back to; left out: where it was."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"target": "wing/old"}]})

    target: str | None = None


class TrashedOut(BaseModel):
    """Something in the trash, with how much it holds in all its versions."""

    id: str
    bucket_name: str
    path: str
    is_dir: bool
    files: int
    folders: int
    bytes: int
    deleted_at: datetime
    deleted_by: str | None = Field(description="id of a user")
    kept_until: datetime | None

    @classmethod
    def of(cls, row: Trashed, bucket: str) -> "TrashedOut":
        same = ("id", "path", "is_dir", "files", "folders", "bytes", "deleted_by")
        return cls(
            bucket_name=bucket,
            deleted_at=row.created_at,
            kept_until=row.due_at,
            **{name: getattr(row, name) for name in same},
        )


class UploadOut(BaseModel):
    """A file that arrives in pieces; `waiting` for more, `running` while it becomes a file, then `done` or `failed`."""

    id: str
    path: str = Field(description="bucket:path")
    size: int
    received: int
    state: str
    error: str | None
    version_id: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: Upload, path: str) -> "UploadOut":
        same = ("id", "size", "received", "state", "error", "version_id", "created_at", "updated_at")
        return cls(path=path, **{name: getattr(row, name) for name in same})


class ExistingIn(BaseModel):
    """Names to look for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"bucket": "home", "paths": ["a.dat"]}]})

    bucket: str
    paths: list[str] = Field(max_length=1000)


class ExistingOut(BaseModel):
    """Those of the names that are taken."""

    taken: list[str]


class FolderIn(BaseModel):
    """A folder to make, with those above it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"bucket": "home", "path": "wing/results"}]}
    )

    bucket: str = Field(examples=["home"])
    path: str = Field(examples=["wing/results"])


class MoveIn(BaseModel):
    """From where to where, each as bucket:path; the target is the full new name."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"source": "home:wing/a.dat", "target": "home:wing/b.dat"}]}
    )

    source: str = Field(examples=["home:wing/a.dat"])
    target: str = Field(examples=["home:wing/b.dat"])


class RestoreIn(BaseModel):
    """Which old version becomes the current one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"bucket": "home", "file": "wing/a.dat", "version_id": "ver_0123456789"}]},
    )

    bucket: str
    file: str
    version_id: str


class OperationOut(BaseModel):
    """A move or delete: small ones are `done` at once, large ones go on; ask again at /organization/operations/{id}."""

    id: str
    kind: str
    state: str
    objects_done: int
    objects_total: int | None = Field(description="null: not counted")
    path: str = Field(description="what it is done to")
    target_path: str | None
    error: str | None
    created_at: datetime

    @classmethod
    def of(cls, operation: Operation) -> "OperationOut":
        return cls(
            id=operation.id,
            kind=operation.kind,
            state=operation.state,
            objects_done=operation.objects_done,
            objects_total=operation.objects_total,
            path=operation.path,
            target_path=operation.target_path,
            error=operation.error,
            created_at=operation.created_at,
        )


class ShareIn(BaseModel):
    """Whom to open a bucket to, by name; the name is not needed for the whole organization."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "project", "name": "wing", "right": "read"}]}
    )

    kind: Literal["user", "project", "organization"]
    name: str = ""
    right: Literal["read", "write"] = "read"


class ShareOut(BaseModel):
    """Whom a bucket is open to."""

    kind: str
    name: str | None
    right: str
