"""Commands: enrol a cluster, approve its host key, check, pause, change, remove."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import asyncssh
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters.models import Cluster, Line, Report
from heroes.clusters.rules import Auth, ClusterState, Kind, LineState, good_name
from heroes.clusters.service.accounts import Account, account_faults, idle, new_line, reconnect, refuse
from heroes.clusters.service.lookups import concerned, owned_cluster
from heroes.identity import Action, Caller
from heroes.kit import audit, outbox
from heroes.kit.errors import Conflict, Invalid, NotFound
from heroes.kit.faults import Fault, fault
from heroes.kit.ids import new_id
from heroes.kit.secrets import SecretStore
from heroes.kit.work import wake

_ROOT = re.compile(r"(~|\$HOME|\$SCRATCH|\$WORK|)(/[^\0\n$]*|/?\$USER)*")
CHANGEABLE = ("title", "location", "job_root", "folder_mode", "purge_days", "host", "port", "jump")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A cluster as its provider describes it."""

    name: str
    title: str
    host: str
    account: Account
    kind: Kind = Kind.SLURM
    port: int = 22
    jump: dict[str, Any] | None = None
    host_key: str | None = None
    api: dict[str, Any] | None = None
    """url, token_url and system of a site reached by HTTP; then nothing of SSH counts"""
    location: str | None = None
    job_root: str = "~/heroes"
    folder_mode: int = 0o700
    purge_days: int = 30


async def enrol(session: AsyncSession, who: Caller, secrets: SecretStore, asked: Enrolment) -> tuple[Cluster, Line]:
    """Add a cluster with its first account; it is checked as soon as its host key is known.

    Raises Denied, Conflict when the name is taken, Invalid with a pointer for each fault.
    """
    who.must(Action.CLUSTER_MANAGE)
    refuse(_faults(asked))
    await _free_name(session, who.organization_id, asked.name)
    cluster = Cluster(
        id=new_id("clu"),
        organization_id=who.organization_id,
        name=asked.name,
        title=asked.title,
        kind=asked.kind,
        state=ClusterState.ENROLLING,
        host=asked.host,
        port=asked.port,
        jump=asked.jump,
        host_key=asked.host_key,
        api=asked.api,
        location=asked.location,
        job_root=asked.job_root,
        folder_mode=asked.folder_mode,
        purge_days=asked.purge_days,
    )
    session.add(cluster)
    await session.flush()
    audit.record(session, who, "cluster.enrolled", cluster, name=asked.name, host=asked.host)
    line = await new_line(session, who, secrets, cluster, asked.account)
    if cluster.host_key or cluster.api:
        _new_report(session, who, cluster, line)
    return cluster, line


async def approve_host_key(session: AsyncSession, who: Caller, name: str, fingerprint: str) -> Cluster:
    """Pin the host key that the site shows now, if it has the fingerprint that a person compared.

    Raises Conflict when nothing waits for approval, Invalid when the fingerprint is another.
    """
    cluster = await owned_cluster(session, who, name)
    if cluster.offered_host_key is None:
        text = f"{cluster.name} has shown no new host key. Wait until its line has tried to connect."
        raise Conflict(text, case="no_new_host_key", cluster=cluster.name)
    shown = fingerprint_of(cluster.offered_host_key)
    if shown != fingerprint.strip():
        problem = fault("/fingerprint", f"the site shows {shown}", "other_fingerprint", shown=shown)
        text = "That is not the fingerprint of the key that the site shows; nothing was approved."
        raise Invalid(text, [problem], case="other_fingerprint")
    first = cluster.host_key is None
    audit.record(session, who, "cluster.host_key_approved", cluster, fingerprint=shown, first=first)
    cluster.host_key, cluster.offered_host_key = cluster.offered_host_key, None
    if cluster.state == ClusterState.STOPPED_HOST_KEY:
        cluster.state, cluster.before_stop = cluster.before_stop or ClusterState.ENROLLING, None
    lines = await _reconnect(session, cluster)
    if first and lines:
        _new_report(session, who, cluster, lines[0])
    return cluster


async def check(
    session: AsyncSession, who: Caller, name: str, *, line_id: str | None = None, patience_s: int = 600
) -> Report:
    """Start a compliance check; probes that have not started after `patience_s` seconds are a warning."""
    cluster = await owned_cluster(session, who, name, lock=False)
    if cluster.state == ClusterState.STOPPED_HOST_KEY:
        raise Conflict(f"The host key of {cluster.name} changed: approve the new one first.", code="host_key_changed")
    found = select(Line).where(Line.cluster_id == cluster.id, Line.organization_id == who.organization_id)
    lines = (await session.scalars(found.order_by(Line.id))).all()
    line = next((line for line in lines if line_id in (None, line.id)), None)
    if line is None:
        raise NotFound("This cluster has no such account. Add one first.", case="no_such_account")
    return _new_report(session, who, cluster, line, patience_s=patience_s)


async def pause(session: AsyncSession, who: Caller, name: str) -> Cluster:
    """Take no new job on a cluster; those that run are followed to their end."""
    cluster = await owned_cluster(session, who, name)
    if cluster.state not in (ClusterState.READY, ClusterState.PAUSED):
        text = f"{cluster.name} is {cluster.state}; only a cluster that is READY can be paused."
        raise Conflict(text, case="cannot_pause", cluster=cluster.name, state=cluster.state)
    cluster.state = ClusterState.PAUSED
    audit.record(session, who, "cluster.paused", cluster)
    return cluster


async def resume(session: AsyncSession, who: Caller, name: str) -> Cluster:
    """Take new jobs again."""
    cluster = await owned_cluster(session, who, name)
    if cluster.state not in (ClusterState.READY, ClusterState.PAUSED):
        text = f"{cluster.name} is {cluster.state}; it becomes READY by a compliance check without failure."
        raise Conflict(text, case="cannot_resume", cluster=cluster.name, state=cluster.state)
    cluster.state = ClusterState.READY
    audit.record(session, who, "cluster.resumed", cluster)
    return cluster


async def change(session: AsyncSession, who: Caller, name: str, changes: dict[str, Any]) -> Cluster:
    """Change description, address or job folder policy. Another address needs its host key approved anew."""
    cluster = await owned_cluster(session, who, name)
    if "job_root" in changes and not _good_root(changes["job_root"]):
        refuse([fault("/job_root", _ROOTS, "no_job_root")])
    if cluster.kind == Kind.LOCAL and changes.keys() & {"job_root", "host", "port", "jump"}:
        text = "This machine's address and job folder root are the installation's own."
        raise Conflict(text, case="this_machine_stays")
    before = {key: getattr(cluster, key) for key in changes}
    moved = any(changes.get(key, before.get(key)) != before.get(key) for key in ("host", "port") if key in changes)
    for key in CHANGEABLE:
        if key in changes:
            setattr(cluster, key, changes[key])
    if moved:
        cluster.host_key = cluster.offered_host_key = None
    audit.record(session, who, "cluster.changed", cluster, fields=sorted(changes))
    await _reconnect(session, cluster)
    return cluster


async def remove(session: AsyncSession, who: Caller, secrets: SecretStore, name: str) -> None:
    """Forget a cluster: its accounts and secrets go, its name is free, what ran there keeps its history.

    Raises Conflict while jobs of any organization are followed on it.
    """
    cluster = await owned_cluster(session, who, name)
    if cluster.kind == Kind.LOCAL:
        raise Conflict("This machine cannot be removed; pause it instead.", case="this_machine_stays")
    own = select(Line).where(Line.cluster_id == cluster.id, Line.organization_id == who.organization_id)
    lines = (await session.scalars(own)).all()
    idle((await concerned(session, cluster.id)).jobs)
    audit.record(session, who, "cluster.removed", cluster, name=cluster.name)
    cluster.state, cluster.name = ClusterState.DELETED, f"{cluster.name}~{cluster.id}"
    for line in lines:
        if line.secret_id:
            await secrets.delete(session, line.organization_id, line.secret_id)
        line.secret_id, line.state, line.owner, line.epoch = None, LineState.STOPPED, None, line.epoch + 1
        line.trouble, line.trouble_why = "The cluster was removed.", None


def fingerprint_of(host_key: str) -> str:
    """Return `SHA256:…` of a pinned or offered key line. Raises Invalid."""
    words = host_key.split()
    start = next((i for i, word in enumerate(words) if word.startswith(("ssh-", "ecdsa-", "sk-"))), 0)
    try:
        return str(asyncssh.import_public_key(" ".join(words[start : start + 2])).get_fingerprint())
    except asyncssh.KeyImportError:
        problem = fault("/host_key", "not a line such as: ssh-ed25519 AAAA…", "no_host_key")
        raise Invalid("The host key cannot be read.", [problem], case="see_fields") from None


def _new_report(session: AsyncSession, who: Caller, cluster: Cluster, line: Line, *, patience_s: int = 600) -> Report:
    report = Report(
        id=new_id("rep"),
        organization_id=cluster.organization_id,
        cluster_id=cluster.id,
        line_id=line.id,
        state="WAITING",
        patience_s=patience_s,
        requested_by=who.user_id,
    )
    session.add(report)
    wake(report)
    audit.record(session, who, "cluster.check_requested", report, cluster=cluster.id)
    outbox.emit(
        session, cluster.organization_id, type="cluster.check_requested", subject=cluster.id, data={"report": report.id}
    )
    return report


async def _reconnect(session: AsyncSession, cluster: Cluster) -> list[Line]:
    """Take the lines of a cluster from their owners: whoever takes them next connects with what is stored now."""
    own = select(Line).where(Line.cluster_id == cluster.id, Line.organization_id == cluster.organization_id)
    lines = list((await session.scalars(own.order_by(Line.id))).all())
    for line in lines:
        reconnect(line)
    return lines


async def _free_name(session: AsyncSession, organization_id: str, name: str) -> None:
    taken = select(Cluster.id).where(Cluster.organization_id == organization_id, Cluster.name == name)
    if await session.scalar(taken):
        raise Conflict(
            f"Your organization already has a cluster called {name}. Choose another name.", code="name_taken"
        )


_ROOTS = "an absolute path, or one below ~, $HOME, $SCRATCH or $WORK"


def _faults(asked: Enrolment) -> list[Fault]:
    faults = []
    if not good_name(asked.name):
        faults.append(fault("/name", "1 to 32 lower-case letters, digits and hyphens, a letter first", "cluster_name"))
    if not re.fullmatch(r"[\w.:%-]{1,253}", asked.host):
        faults.append(fault("/host", "a host name or address, without user and port", "no_host"))
    if not _good_root(asked.job_root):
        faults.append(fault("/job_root", _ROOTS, "no_job_root"))
    if asked.jump and not asked.jump.get("host_key"):
        text = "the jump host's key must be given: nobody can be asked to confirm it later"
        faults.append(fault("/jump/host_key", text, "needs_jump_key"))
    for pointer, key in (("/host_key", asked.host_key), ("/jump/host_key", (asked.jump or {}).get("host_key"))):
        if key:
            try:
                fingerprint_of(key)
            except Invalid:
                faults.append(fault(pointer, "not a line such as: ssh-ed25519 AAAA…", "no_host_key"))
    faults += _api_faults(asked)
    return faults + account_faults(asked.account, "/auth")


def _api_faults(asked: Enrolment) -> list[Fault]:
    if asked.api is None:
        text = "a FirecREST site needs the url of its interface, its token_url and its system"
        return [fault("/api", text, "needs_api")] if asked.kind is Kind.FIRECREST else []
    faults = []
    for name in ("url", "token_url"):
        url = urlsplit(asked.api.get(name) or "https://none.example")
        own = url.scheme == "http" and url.hostname in ("127.0.0.1", "localhost")
        if not (own or url.scheme == "https") or not url.hostname or url.username or url.fragment:
            text = "a whole address that begins with https://, without user and password"
            faults.append(fault(f"/api/{name}", text, "no_https"))
    if asked.kind is Kind.FIRECREST:
        faults += [
            fault(f"/api/{name}", "needed for FirecREST", "missing", name=name)
            for name in ("token_url", "system")
            if not asked.api.get(name)
        ]
        if not asked.job_root.startswith("/"):
            faults.append(fault("/job_root", "an absolute path: FirecREST tells no home folder", "needs_absolute_root"))
    if asked.account.auth is not Auth.PASSWORD:
        text = "password: the client's secret, or the user's password, for a site by HTTP"
        faults.append(fault("/auth/method", text, "password_for_http"))
    if asked.jump or asked.host_key:
        text = "a site that is reached by HTTP has no jump host and no host key"
        faults.append(fault("/jump", text, "no_jump_by_http"))
    return faults


def _good_root(root: str) -> bool:
    return _ROOT.fullmatch(root) is not None and root not in ("", "/", "~", "$HOME") and ".." not in root.split("/")
