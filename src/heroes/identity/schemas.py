"""What identity takes in and gives out."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from heroes.identity.models import Client, Credential, Organization, Project, Role, RoleAssignment, Token, User
from heroes.identity.rules import PROJECT_ROLES, ROLES, TITLES, Action, Caller

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$", description="lower case letters, digits, . _ -")]
OrganizationName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$", description="lower case, digits, -")]
Line = Annotated[str, Field(max_length=200)]
EMAIL = r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$"
Email = Annotated[str, Field(max_length=254, pattern=EMAIL)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LoginIn(In):
    username: Line
    organization: Line
    password: SecretStr = Field(max_length=1024)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"username": "lea", "organization": "acme", "password": "…"}]},
    )


class TokenSet(BaseModel):
    """An OAuth 2 token set; times in seconds."""

    access_token: str
    expires_in: int
    refresh_token: str
    refresh_expires_in: int
    token_type: str = "Bearer"
    id_token: str
    session_state: str
    scope: str = "openid profile email"
    organization: str
    password_change_required: bool = False


class SessionOut(BaseModel):
    """A browser's session, whose key is a cookie that no script can read."""

    organization: str
    password_change_required: bool


class RefreshIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"refresh_token": "…"}]})

    refresh_token: SecretStr = Field(max_length=8000)


class LogoutIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"refresh_token": "…"}]})

    refresh_token: SecretStr | None = Field(default=None, max_length=8000)


class PasswordIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"current_password": "…", "new_password": "…"}]})

    current_password: SecretStr = Field(max_length=1024)
    new_password: SecretStr = Field(max_length=2048)


class Preferences(In):
    """How a person likes the pages to be: it follows them from one browser to the next."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"pinned_workflows": ["wft_06gzr4tn5m8b"]}]})

    pinned_workflows: list[Annotated[str, Field(pattern=r"^wft_[0-9a-z]{1,40}$")]] = Field(
        default=[], max_length=50, description="ids, in the order of their pinning"
    )


class Me(BaseModel):
    sub: str
    preferred_username: str
    email: str
    email_verified: bool
    given_name: str
    family_name: str
    groups: list[str] = Field(description="the names of the caller's projects")
    roles: list[str]
    projects: list[dict[str, Any]] = Field(description="id, name and the actions allowed in each project")
    organization: str
    organization_id: str = Field(description="as clusters and other shared things name their owner")
    actions: list[str] = Field(description="what is allowed in the whole organization")
    preferences: Preferences = Preferences()

    @classmethod
    def of(cls, who: Caller, preferences: dict[str, Any]) -> Self:
        return cls(
            sub=who.user_id,
            preferred_username=who.username,
            email=who.email,
            email_verified=who.email_verified,
            given_name=who.first_name,
            family_name=who.last_name,
            groups=sorted(who.projects.values()),
            roles=list(who.roles),
            projects=[
                {"id": key, "name": name, "actions": sorted(who.actions | who.project_actions.get(key, frozenset()))}
                for key, name in sorted(who.projects.items(), key=lambda item: item[1])
            ],
            organization=who.organization,
            organization_id=who.organization_id,
            actions=sorted(who.actions),
            preferences=Preferences(**preferences),
        )


class RightOut(BaseModel):
    """An action, what it allows in words, and the default roles that allow it, the smallest first."""

    action: str
    means: str
    roles: list[str]


class RoleHeld(In):
    role: Line
    project: Line | None = Field(default=None, description="id or name; none: in the whole organization")


class UserIn(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "username": "lea",
                    "email": "lea@acme.example",
                    "firstName": "Lea",
                    "roles": [{"role": "engineer", "project": "wing"}],
                }
            ]
        }
    )

    username: Name
    email: Email | None = None
    firstName: Line = ""
    lastName: Line = ""
    attributes: dict[str, Any] = {}
    roles: list[RoleHeld] = []
    service: bool = Field(default=False, description="a program: it has no password, only tokens")


class UserChange(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "lea@acme.example", "reset_password": True}]})

    email: Email | None = None
    firstName: Line | None = None
    lastName: Line | None = None
    enabled: bool | None = None
    attributes: dict[str, Any] | None = None
    reset_password: bool = Field(default=False, description="give a new one-time password")


class UserOut(BaseModel):
    id: str
    createdTimestamp: int = Field(description="milliseconds since 1970")
    username: str
    enabled: bool
    firstName: str
    lastName: str
    email: str
    attributes: dict[str, Any]
    service: bool

    @classmethod
    def of(cls, user: User, **more: Any) -> Self:
        return cls(
            id=user.id,
            createdTimestamp=int(user.created_at.timestamp() * 1000),
            username=user.username,
            enabled=user.enabled,
            firstName=user.first_name,
            lastName=user.last_name,
            email=user.email,
            attributes=user.attributes,
            service=user.service,
            **more,
        )


class NewUserOut(UserOut):
    one_time_password: str | None = Field(default=None, description="shown once, only here")


class ProjectIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "wing", "title": "Wing of the glider"}]})

    name: Name
    title: Line = ""


class ProjectChange(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Wing of the glider"}]})

    title: Line


class ProjectOut(BaseModel):
    id: str
    name: str
    title: str
    created_at: datetime
    closed: bool = False
    removed_at: datetime | None = Field(
        default=None, description="of a closed one: when its data is removed; until then it can be reopened"
    )

    @classmethod
    def of(cls, project: Project) -> Self:
        return cls(
            id=project.id,
            name=project.name,
            title=project.title,
            created_at=project.created_at,
            closed=project.leaving,
            removed_at=project.due_at if project.leaving else None,
        )


class LeftOut(BaseModel):
    """What a user or project would leave behind."""

    files: int = 0
    bytes: int = Field(default=0, description="all versions of all files, those in the trash too")
    running: int = Field(default=0, description="executions that have not ended; they would be cancelled")
    tokens: int = 0
    keys: int = Field(default=0, description="SSH key pairs")
    programs: int = 0


class RoleIn(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "reader", "title": "Reader", "actions": ["workflow.read", "cluster.read"]}]
        }
    )

    name: Name
    title: Line = ""
    actions: list[Action] = Field(min_length=1)


class RoleChange(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"actions": ["workflow.read"]}]})

    title: Line | None = None
    actions: list[Action] | None = Field(default=None, min_length=1)


class RoleOut(BaseModel):
    name: str
    title: str
    actions: list[str]
    default: bool = Field(description="true: every organization has it, and it cannot be changed")
    in_projects: bool = Field(description="may be held in one project")

    @classmethod
    def of(cls, role: Role) -> Self:
        return cls(name=role.name, title=role.title, actions=sorted(role.actions), default=False, in_projects=True)

    @classmethod
    def default_of(cls, name: str) -> Self:
        held = name in PROJECT_ROLES
        return cls(name=name, title=TITLES[name], actions=sorted(ROLES[name]), default=True, in_projects=held)


class AssignmentIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"user": "lea", "role": "engineer", "project": "wing"}]})

    user: Line = Field(description="id or user name")
    role: Line
    project: Line | None = Field(default=None, description="id or name; none: in the whole organization")


class AssignmentOut(BaseModel):
    id: str
    user_id: str
    role: str
    project_id: str | None
    created_at: datetime

    @classmethod
    def of(cls, row: RoleAssignment) -> Self:
        return cls(id=row.id, user_id=row.user_id, role=row.role, project_id=row.project_id, created_at=row.created_at)


class TokenIn(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "nightly runs",
                    "actions": ["workflow.run", "data.read"],
                    "projects": ["wing"],
                    "expires_in_days": 30,
                }
            ]
        }
    )

    name: Line = Field(min_length=1)
    actions: list[Action] | None = Field(default=None, description="none: whatever its owner may")
    projects: list[Line] | None = Field(default=None, description="ids or names; none: all of its owner's")
    expires_in_days: int | None = Field(default=90, ge=1, le=3650)
    user: Line | None = Field(default=None, description="a service account; needs token.manage")


class TokenChange(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "nightly runs"}]})

    name: Line = Field(min_length=1)


class TokenOut(BaseModel):
    id: str
    name: str
    user_id: str
    actions: list[str] | None
    projects: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None

    @classmethod
    def of(cls, row: Token, **more: Any) -> Self:
        return cls(
            id=row.id,
            name=row.name,
            user_id=row.user_id,
            actions=row.actions,
            projects=row.projects,
            created_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.used_at,
            **more,
        )


class NewTokenOut(TokenOut):
    token: str = Field(description="shown once, only here")


class ClientIn(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "nightly", "user": "robot", "actions": ["workflow.run"], "projects": ["wing"]}]
        }
    )

    name: Line = Field(min_length=1)
    user: Line | None = Field(default=None, description="the service account it acts as by itself")
    redirect_uris: list[Annotated[str, Field(max_length=1000)]] = Field(
        default=[], max_length=20, description="where people go back to who sign in for it"
    )
    public: bool = Field(default=False, description="it cannot keep a secret: a browser or desktop program")
    actions: list[Action] | None = Field(default=None, description="none: whatever its user may")
    projects: list[Line] | None = Field(default=None, description="ids or names; none: all of its user's")


class ClientChange(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"redirect_uris": ["https://portal.example/back"]}]})

    name: Line | None = Field(default=None, min_length=1)
    redirect_uris: list[Annotated[str, Field(max_length=1000)]] | None = Field(default=None, max_length=20)


class ClientOut(BaseModel):
    """A program that asks for tokens by OAuth 2."""

    client_id: str
    name: str
    user_id: str | None
    redirect_uris: list[str]
    public: bool
    actions: list[str] | None
    projects: list[str] | None
    created_at: datetime
    last_used_at: datetime | None

    @classmethod
    def of(cls, row: Client, **more: Any) -> Self:
        return cls(
            client_id=row.id,
            name=row.name,
            user_id=row.user_id,
            redirect_uris=row.redirect_uris,
            public=row.hash is None,
            actions=row.actions,
            projects=row.projects,
            created_at=row.created_at,
            last_used_at=row.used_at,
            **more,
        )


class NewClientOut(ClientOut):
    client_secret: str | None = Field(description="shown once, only here; none for a public program")


class CredentialIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Alpha", "metadata": {"site": "alpha"}}]})

    title: Line = ""
    metadata: dict[str, Any] = Field(default={}, max_length=50, description="kept beside the key, for its owner")


class CredentialChange(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Alpha"}]})

    title: Line


class CredentialOut(BaseModel):
    """An SSH key pair made here; its private half never leaves."""

    id: str
    title: str
    user_id: str
    metadata: dict[str, Any]
    public_key: str
    fingerprint: str
    created_at: datetime
    last_used_at: datetime | None

    @classmethod
    def of(cls, row: Credential, **more: Any) -> Self:
        return cls(
            id=row.id,
            title=row.title,
            user_id=row.user_id,
            metadata=row.labels,
            public_key=row.public_key,
            fingerprint=row.fingerprint,
            created_at=row.created_at,
            last_used_at=row.used_at,
            **more,
        )


class NewCredentialOut(CredentialOut):
    token: str = Field(description="lets the platform use the key; shown once, only here")


class OrganizationIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "acme", "title": "ACME"}]})

    name: OrganizationName
    title: Line = ""


class OrganizationChange(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"enabled": False}]})

    title: Line | None = None
    enabled: bool | None = None


class OrganizationOut(BaseModel):
    name: str
    id: str
    status: str
    title: str = ""
    created_at: datetime
    removes: dict[str, int] | None = Field(default=None, description="rows by table, of a deletion that was rehearsed")

    @classmethod
    def of(cls, row: Organization, **more: Any) -> Self:
        return cls(name=row.name, id=row.id, status=row.status, title=row.title, created_at=row.created_at, **more)


class NewOrganizationOut(OrganizationOut):
    administrator: str = Field(description="user name of the first administrator")
    one_time_password: str = Field(description="of the first administrator; shown once, only here")


class OrganizationSettings(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "ACME", "allowed_sources": ["192.0.2.0/24"]}]})

    title: Line | None = None
    allowed_sources: list[str] | None = Field(
        default=None, description="networks (CIDR) users may come from; empty: all"
    )


class OrganizationSettingsOut(OrganizationOut):
    allowed_sources: list[str]
