"""The tables of identity. Passwords, refresh tokens and personal tokens are kept as hashes only."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, synonym

from heroes.kit.db import Base, Tenant, Timestamps
from heroes.kit.work import Durable

MINE = "grantee_organization_id = (SELECT heroes_organization())"


class Organization(Durable, Timestamps, Base):
    """A tenant. `status` is `CREATE_IN_PROGRESS`, `CREATE_COMPLETE`, `DISABLED`, `DELETE_IN_PROGRESS` or `DELETED`.

    Only of one that is complete does anybody sign in; of a disabled one what runs goes on.
    """

    __tablename__ = "organizations"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(default="", server_default="")
    status: Mapped[str] = mapped_column(default="CREATE_IN_PROGRESS", server_default="CREATE_IN_PROGRESS")
    platform: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    first_admin_email: Mapped[str | None]
    first_admin_hash: Mapped[str | None]  # of the one-time password, until the user exists
    allowed_sources: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    organization_id = synonym("id")


class User(Durable, Tenant, Timestamps, Base):
    """A person or a program. The only table that holds names and addresses; erasing its row erases the person."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("organization_id", "username"),
        Index("ix_users_due", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str]
    email: Mapped[str] = mapped_column(default="", server_default="")
    email_verified: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    first_name: Mapped[str] = mapped_column(default="", server_default="")
    last_name: Mapped[str] = mapped_column(default="", server_default="")
    enabled: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    service: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    password_hash: Mapped[str | None]
    password_one_time: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    password_expires_at: Mapped[datetime | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """how the person likes the pages to be, as `Preferences` tells it"""
    leaving: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    heir_id: Mapped[str | None]  # who takes over the data of a leaving user; None: it is deleted
    deleted_at: Mapped[datetime | None]


class Project(Durable, Tenant, Timestamps, Base):
    """A group of users that share data, workflows and a budget."""

    __tablename__ = "projects"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        Index("ix_projects_due", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="", server_default="")
    leaving: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    deleted_at: Mapped[datetime | None]


class Role(Tenant, Timestamps, Base):
    """A role of an organization's own, made of actions."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="", server_default="")
    actions: Mapped[list[str]]


class RoleAssignment(Tenant, Timestamps, Base):
    """A user holds a role, in the organization (`project_id` is null) or in one project, of which it makes a member."""

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("user_id", "role", "project_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[str]
    project_id: Mapped[str | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)


class Grant(Tenant, Timestamps, Base):
    """An object of `organization_id` is open to somebody else, who also sees the grant itself."""

    __tablename__ = "grants"
    __readable__ = f"grantee_type = 'everyone' OR {MINE}"
    __table_args__ = (
        UniqueConstraint(
            "object_type", "object_id", "grantee_type", "grantee_id", "right", postgresql_nulls_not_distinct=True
        ),
        Index("ix_grants_grantee", "grantee_organization_id", "object_type"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    object_type: Mapped[str]
    object_id: Mapped[str]
    grantee_type: Mapped[str]  # organization | project | user | everyone
    grantee_id: Mapped[str | None]
    grantee_organization_id: Mapped[str | None] = mapped_column(ForeignKey("organizations.id"))  # that of the grantee
    right: Mapped[str] = mapped_column(default="use", server_default="use")


class Session(Tenant, Timestamps, Base):
    """One login, from the password to the logout; every access token names it and dies with it."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    seen_at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"))
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]
    source: Mapped[str | None]
    client_id: Mapped[str | None] = mapped_column(index=True)  # the program it was opened for; None: our own entrance
    actions: Mapped[list[str] | None]  # what that program may at most
    projects: Mapped[list[str] | None]


class RefreshToken(Tenant, Base):
    """The SHA-256 of one refresh token; a used one stays, so that its second use is noticed."""

    __tablename__ = "refresh_tokens"

    id: Mapped[str] = mapped_column(primary_key=True)  # the hash
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[datetime | None]


class Token(Tenant, Timestamps, Base):
    """A personal access token for a program; null scopes mean: whatever its owner may."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)
    actions: Mapped[list[str] | None]
    projects: Mapped[list[str] | None]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Credential(Tenant, Timestamps, Base):
    """An SSH key pair made inside. Whoever holds its token lets the platform use it; nobody can read the private half.

    A revoked one stays as a row without a secret, so that what it was used for can be told.
    """

    __tablename__ = "credentials"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str] = mapped_column(default="", server_default="")
    labels: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    hash: Mapped[str] = mapped_column(unique=True)  # SHA-256 of the token
    public_key: Mapped[str]
    fingerprint: Mapped[str]
    secret_id: Mapped[str | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Client(Tenant, Timestamps, Base):
    """A program that asks for tokens by OAuth 2: as a service account, or for users who sign in here."""

    __tablename__ = "clients"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))  # the service account it acts as by itself
    hash: Mapped[str | None]  # SHA-256 of the secret; None: a public client, which has none
    redirect_uris: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    actions: Mapped[list[str] | None]
    projects: Mapped[list[str] | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AuthRequest(Timestamps, Base):
    """An authorization code, or a device that waits for a person. Known by hashes; gone soon after its end."""

    __tablename__ = "auth_requests"
    __platform__ = True

    id: Mapped[str] = mapped_column(primary_key=True)  # SHA-256 of the code that the program holds
    kind: Mapped[str]  # code | device
    client_id: Mapped[str]
    user_code: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="pending", server_default="pending")  # approved denied used
    user_id: Mapped[str | None]
    home_id: Mapped[str | None]  # the organization of that user
    session_id: Mapped[str | None]
    redirect_uri: Mapped[str | None]
    challenge: Mapped[str | None]
    nonce: Mapped[str | None]
    scope: Mapped[str] = mapped_column(default="", server_default="")
    polled_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]


class SigningKey(Timestamps, Base):
    """A key that signs access tokens; the private half is sealed by the master key."""

    __tablename__ = "signing_keys"
    __platform__ = True

    id: Mapped[str] = mapped_column(primary_key=True)  # the `kid`
    public_key: Mapped[dict[str, Any]]
    wrapped_key: Mapped[bytes]
    sealed: Mapped[bytes]
    retired_at: Mapped[datetime | None]


class Throttle(Base):
    """A token bucket in front of password hashing. Only its function is open to the API."""

    __tablename__ = "login_throttle"
    __platform__ = True

    id: Mapped[str] = mapped_column(primary_key=True)  # the SHA-256 of source or account
    tokens: Mapped[float]
    at: Mapped[datetime]
