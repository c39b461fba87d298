"""What goes in and out over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from heroes.clusters.models import Cluster, Line, Queue, Report, Sighting
from heroes.clusters.rules import Auth, Kind
from heroes.clusters.service import Account, AccountChange, Enrolment
from heroes.clusters.service.enrolment import fingerprint_of
from heroes.clusters.service.lookups import Concerned
from heroes.clusters.service.sharing import Share


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class JumpIn(_In):
    """A host on the way. Its key is given, since nobody can be asked to confirm it later."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    account: str | None = None
    host_key: Annotated[str, Field(description="ssh-ed25519 AAAA…")]


class AuthIn(_In):
    """How the account proves itself: a key of yours, a key pair made here (its public half is returned), a password."""

    # signed: a key that lives as long as one connection, with a certificate of the vault's SSH authority
    method: Literal["key", "generated", "password", "credential", "signed"] = "generated"
    private_key: str | None = None
    passphrase: str | None = None
    certificate: Annotated[str | None, Field(description="content of the …-cert.pub file")] = None
    password: str | None = None
    credential: Annotated[str | None, Field(description="token of a key pair made before")] = None


class AccountIn(_In):
    """An account at a site."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"account": "heroes01", "batch_account": "wing", "auth": {"method": "generated"}}]
        }
    )

    account: Annotated[str, Field(description="user name at the site", examples=["heroes01"])]
    batch_account: Annotated[str | None, Field(description="the project that the scheduler charges")] = None
    auth: AuthIn = AuthIn()

    def without_secrets(self) -> dict[str, Any]:
        """Return what may be kept as a digest: a short password could be guessed from one."""
        return self.model_dump(mode="json", exclude={"auth": {"password", "passphrase", "private_key", "credential"}})

    def account_of(self) -> Account:
        return _account(self.account, self.auth, self.batch_account)


def _account(user: str, auth: AuthIn, batch_account: str | None = None) -> Account:
    return Account(
        user,
        Auth(auth.method),
        auth.private_key,
        auth.passphrase,
        auth.certificate,
        auth.password,
        batch_account,
        auth.credential if auth.method == "credential" else None,
    )


class AccountPatch(_In):
    """What becomes another of an account at a site; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"batch_account": "wing"}]})

    account: Annotated[str | None, Field(description="user name at the site; refused while jobs run under it")] = None
    batch_account: Annotated[
        str | None, Field(description="the project that the scheduler charges from now on; empty: none")
    ] = None
    auth: AuthIn | None = None

    def change(self) -> AccountChange:
        proof = None if self.auth is None else _account("", self.auth)
        return AccountChange(self.account, self.batch_account, proof)


class PolicyIn(_In):
    """What may be changed of a cluster: description, address, job folders."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Alpha, the new one", "purge_days": 14}]})

    title: str | None = None
    location: Annotated[
        str | None, Field(description="where its power comes from: ISO 3166, such as DE; empty: not said")
    ] = None
    host: str | None = None
    port: Annotated[int | None, Field(ge=1, le=65535)] = None
    job_root: Annotated[str | None, Field(description="absolute, or below ~, $HOME, $SCRATCH, $WORK")] = None
    folder_mode: Annotated[str | None, Field(pattern="^[0-7]{3,4}$", examples=["0700"])] = None
    purge_days: Annotated[int | None, Field(ge=1, le=3650)] = None

    def changes(self) -> dict[str, Any]:
        changes = self.model_dump(exclude_none=True)
        if "folder_mode" in changes:
            changes["folder_mode"] = int(changes["folder_mode"], 8)
        if "location" in changes:
            changes["location"] = changes["location"] or None
        return changes


class ApiIn(_In):
    """A site that is reached by HTTP in place of SSH: by UNICORE, or by FirecREST if that is the kind.

    The account is a client of the token service, its password the client's secret; without `token_url` (UNICORE) they
    are a user and a password.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "url": "https://api.delta.example/hpc/firecrest/v2",
                    "system": "delta",
                    "token_url": "https://auth.delta.example/realms/users/protocol/openid-connect/token",
                }
            ]
        }
    )

    url: Annotated[str, Field(max_length=500, description="of UNICORE: https://host:port/SITE/rest/core")]
    system: Annotated[str | None, Field(max_length=100, pattern=r"^[A-Za-z0-9._-]+$")] = None
    token_url: Annotated[str | None, Field(max_length=500)] = None


class EnrolIn(AccountIn):
    """A centre and the first account on it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "alpha", "host": "login.alpha.example", "account": "heroes01", "auth": {"method": "generated"}}
            ]
        }
    )

    name: Annotated[str, Field(examples=["alpha"])]
    title: str = ""
    kind: Annotated[
        Literal["slurm", "pbs", "gridengine", "firecrest"],
        Field(description="its batch system; firecrest: Slurm behind FirecREST, which is then the only way to it"),
    ] = "slurm"
    host: Annotated[str, Field(examples=["login.alpha.example"])]
    api: ApiIn | None = None
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    jump: JumpIn | None = None
    host_key: Annotated[
        str | None, Field(description="ssh-ed25519 AAAA…; without it the key is shown for approval")
    ] = None
    location: str | None = None
    job_root: str = "~/heroes"
    folder_mode: Annotated[str, Field(pattern="^[0-7]{3,4}$")] = "0700"
    purge_days: Annotated[int, Field(ge=1, le=3650)] = 30

    def enrolment(self) -> Enrolment:
        return Enrolment(
            name=self.name,
            title=self.title,
            host=self.host,
            account=self.account_of(),
            kind=Kind(self.kind),
            port=self.port,
            jump=self.jump.model_dump() if self.jump else None,
            host_key=self.host_key,
            api=self.api.model_dump(exclude_none=True) if self.api else None,
            location=self.location,
            job_root=self.job_root,
            folder_mode=int(self.folder_mode, 8),
            purge_days=self.purge_days,
        )


class HostKeyIn(_In):
    """The fingerprint that a person compared with what the site publishes."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"fingerprint": "SHA256:…"}]})

    fingerprint: Annotated[str, Field(examples=["SHA256:…"])]


class CheckIn(_In):
    """Which account checks, and how many seconds a probe may wait in its queue."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"patience_s": 600}]})

    line: str | None = None
    patience_s: Annotated[int, Field(ge=10, le=7 * 86400)] = 600


class ShareIn(_In):
    """An organization (id or name; none: all), and whether the provider's own account is shared as well."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"organization": "acme"}]})

    organization: str | None = None
    account: bool = False
    consent: Annotated[str | None, Field(description="who of both organizations agreed, and when")] = None


class ShareOut(_Out):
    """To whom a cluster is open; `organization` is its name, both null for all organizations."""

    organization_id: str | None
    organization: str | None
    account: bool

    @classmethod
    def of(cls, share: Share) -> Self:
        return cls.model_validate(share)


class ConcernedOut(_Out):
    """Whom a change of a cluster concerns: what waits or runs there now.

    Its owner is told of all organizations; others of what uses accounts of their own.
    """

    jobs: int
    organizations: int
    by_line: dict[str, int]

    @classmethod
    def of(cls, concerned: Concerned) -> Self:
        return cls.model_validate(concerned)


class Trouble(BaseModel):
    """Why a site is not heard: by `code` and `facts`, else as `text`; `since` when, where that is known."""

    code: str | None
    facts: dict[str, Any] = {}
    since: datetime | None = None
    text: str


class LineOut(_Out):
    """An account on a cluster and what is known of its connection. Secrets never leave."""

    id: str
    organization_id: str
    cluster_id: str
    kind: str
    account: str
    batch_account: str | None
    auth: str
    public_key: str | None
    shared_with_consent: str | None
    state: str
    last_error: str | None
    trouble: Trouble | None = None
    """what `last_error` says, for whoever says it in another language"""
    banner: str | None
    root: str | None
    sources: dict[str, Any]
    connected_at: datetime | None
    last_heard_at: datetime | None
    sighted_at: datetime | None
    watched_at: datetime | None

    @classmethod
    def of(cls, line: Line) -> Self:
        shown: dict[str, Any] = {name: getattr(line, name, None) for name in cls.model_fields}
        why = line.trouble_why if line.trouble else None
        return cls(**{**shown, "last_error": line.trouble or line.last_error, "trouble": why})


class ClusterOut(_Out):
    """A cluster."""

    id: str
    name: str
    title: str
    kind: str
    state: str
    organization_id: str
    host: str | None
    port: int | None
    jump_host: str | None
    api: dict[str, Any] | None = None
    host_key: str | None
    host_key_fingerprint: str | None
    offered_fingerprint: str | None
    location: str | None
    job_root: str
    folder_mode: str
    purge_days: int
    facts: dict[str, Any]
    verdict: str | None
    checked_at: datetime | None
    created_at: datetime
    account_state: str | None = Field(
        default=None, description="of the account that your runs use there; none: no account"
    )

    @classmethod
    def of(cls, cluster: Cluster) -> Self:
        return cls(**_shown(cluster))


class EnrolledOut(ClusterOut):
    """A cluster just enrolled: put `line.public_key` into the account's authorized_keys if the pair was made here."""

    line: LineOut

    @classmethod
    def with_line(cls, cluster: Cluster, line: Line) -> Self:
        return cls(**_shown(cluster), line=LineOut.of(line))


def _shown(cluster: Cluster) -> dict[str, Any]:
    plain = {name: getattr(cluster, name, None) for name in ClusterOut.model_fields}
    return {
        **plain,
        "jump_host": cluster.jump["host"] if cluster.jump else None,
        "host_key_fingerprint": fingerprint_of(cluster.host_key) if cluster.host_key else None,
        "offered_fingerprint": fingerprint_of(cluster.offered_host_key) if cluster.offered_host_key else None,
        "folder_mode": f"{cluster.folder_mode:04o}",
    }


class QueueOut(_Out):
    """A queue, its limits, and how full it was when last seen."""

    id: str
    cluster_id: str
    name: str
    state: str
    is_default: bool
    nodes_total: int
    nodes_free: int
    down_nodes: int
    cores_per_node: int
    cores_total: int
    cores_free: int
    memory_bytes_per_node: int | None
    gpus_per_node: int
    max_walltime_s: int | None
    default_walltime_s: int | None
    max_nodes: int | None
    accounts: list[str] | None
    pending_jobs: int
    running_jobs: int
    sighted_at: datetime
    facts: dict[str, Any]
    probed_at: datetime | None

    @classmethod
    def of(cls, queue: Queue) -> Self:
        return cls.model_validate(queue)


class SightingOut(_Out):
    """How full a queue was at one time."""

    id: str
    queue_id: str
    at: datetime
    state: str
    nodes_total: int
    nodes_free: int
    down_nodes: int
    cores_free: int
    pending_jobs: int
    running_jobs: int

    @classmethod
    def of(cls, sighting: Sighting) -> Self:
        return cls.model_validate(sighting)


class FindingOut(BaseModel):
    """One line of the report: what was asked, the raw answer, the verdict, and the cure."""

    check: str
    command: str
    answer: str
    verdict: Literal["ok", "warn", "fail"]
    cure: str | None
    queue: str | None
    code: str | None = Field(default=None, description="of answer and cure, where these are the platform's words")
    facts: dict[str, Any] = Field(default={}, description="with the code: the amounts and names in these words")


class ReportOut(_Out):
    """A compliance check."""

    id: str
    cluster_id: str
    line_id: str
    state: Literal["WAITING", "PROBING", "DONE"]
    verdict: Literal["ok", "warn", "fail"] | None
    findings: list[FindingOut]
    waiting_for: list[str]
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, report: Report) -> Self:
        plain: dict[str, Any] = {name: getattr(report, name, None) for name in cls.model_fields}
        open_probes = sorted(queue for queue, probe in report.probes.items() if not probe.get("done"))
        return cls(**{**plain, "waiting_for": open_probes})
