"""Commands: give an organization an account on a cluster, change it, forget it."""

import re
from dataclasses import dataclass, field, replace

import asyncssh
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters.connect import credential, signed
from heroes.clusters.models import Cluster, Line
from heroes.clusters.rules import Auth, Kind, LineState
from heroes.clusters.service.lookups import concerned
from heroes.identity import Action, Caller
from heroes.identity.service import credentials
from heroes.kit import audit
from heroes.kit.db import LOCK
from heroes.kit.errors import Conflict, Invalid, NotFound, Refused
from heroes.kit.faults import Fault, fault
from heroes.kit.ids import new_id
from heroes.kit.secrets import SecretStore
from heroes.kit.work import wake


@dataclass(frozen=True, slots=True)
class Account:
    """An account at a site and how it proves itself; with `GENERATED` a key pair is made and its public half shown."""

    user: str
    auth: Auth
    private_key: str | None = field(default=None, repr=False)
    passphrase: str | None = field(default=None, repr=False)
    certificate: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    batch_account: str | None = None
    credential: str | None = field(default=None, repr=False)
    """the token of a key pair that was made before"""


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What becomes another of an account; None stays as it is."""

    user: str | None = None
    batch_account: str | None = None
    """empty: the scheduler is told none"""
    proof: Account | None = None
    """how it proves itself from now on; its user does not count"""


async def add_line(
    session: AsyncSession, who: Caller, secrets: SecretStore, cluster: Cluster, account: Account
) -> Line:
    """Give the caller's organization an account of its own on a cluster it may see. Raises Denied, Invalid."""
    who.must(Action.CLUSTER_MANAGE)
    if cluster.kind == Kind.LOCAL:
        raise Conflict("This machine needs no account.", case="needs_no_account")
    refuse(account_faults(account, "/auth"))
    return await new_line(session, who, secrets, cluster, account)


async def change_line(
    session: AsyncSession, who: Caller, secrets: SecretStore, cluster: Cluster, line_id: str, asked: AccountChange
) -> Line:
    """Change the user name, what the scheduler charges or how the account proves itself; it then connects anew.

    Raises NotFound, Invalid, Conflict when jobs are followed under the user name that is to change.
    """
    line = await _own_line(session, who, line_id)
    if cluster.kind == Kind.LOCAL or line.cluster_id != cluster.id:
        if cluster.kind == Kind.LOCAL:
            raise Conflict("This machine needs no account.", case="needs_no_account")
        raise Conflict("It is of another cluster.", case="account_elsewhere")
    before = (line.account, line.batch_account)
    user = asked.user or line.account
    refuse(account_faults(replace(asked.proof, user=user), "/auth") if asked.proof else user_faults(user))
    if user != line.account:
        idle((await concerned(session, line.cluster_id)).by_line.get(line.id, 0))
    if asked.proof:
        old = line.secret_id
        proof = await _proof(session, who, secrets, cluster, replace(asked.proof, user=user))
        line.auth, line.secret_id, line.credential_id, line.public_key = asked.proof.auth, *proof
        if old:
            await secrets.delete(session, line.organization_id, old)
    elif user != line.account and line.auth == Auth.SIGNED:
        await _require_signature(secrets, user)
    line.account = user
    if asked.batch_account is not None:
        line.batch_account = asked.batch_account.strip() or None
    if asked.proof or user != before[0]:
        line.state, line.trouble, line.trouble_why = LineState.NEW, None, None
    now = {"account": line.account != before[0], "batch_account": line.batch_account != before[1]}
    fields = [name for name, differs in {**now, "auth": asked.proof is not None}.items() if differs]
    audit.record(session, who, "line.changed", line, cluster=cluster.id, account=line.account, fields=fields)
    reconnect(line)
    await session.flush()
    return line


async def remove_line(session: AsyncSession, who: Caller, secrets: SecretStore, line_id: str) -> None:
    """Forget an account and its secret. Raises NotFound, Conflict while jobs are followed through it."""
    line = await _own_line(session, who, line_id)
    idle((await concerned(session, line.cluster_id)).by_line.get(line.id, 0))
    audit.record(session, who, "line.removed", line, cluster=line.cluster_id, account=line.account)
    if line.secret_id:
        await secrets.delete(session, line.organization_id, line.secret_id)
    await session.delete(line)


async def new_line(
    session: AsyncSession, who: Caller, secrets: SecretStore, cluster: Cluster, account: Account
) -> Line:
    """Add an account without faults; it connects as soon as a worker takes it."""
    secret_id, credential_id, public_key = await _proof(session, who, secrets, cluster, account)
    line = Line(
        id=new_id("lin"),
        organization_id=who.organization_id,
        cluster_id=cluster.id,
        kind=cluster.kind,
        account=account.user,
        batch_account=account.batch_account,
        auth=account.auth,
        secret_id=secret_id,
        credential_id=credential_id,
        public_key=public_key,
        state=LineState.NEW,
    )
    session.add(line)
    wake(line)
    await session.flush()
    audit.record(session, who, "line.added", line, cluster=cluster.id, account=account.user)
    return line


async def _proof(
    session: AsyncSession, who: Caller, secrets: SecretStore, cluster: Cluster, account: Account
) -> tuple[str | None, str | None, str | None]:
    """Keep what it proves itself with; return the ids of the secret and of a user's key pair, and the public key."""
    public_key, private_key = None, account.private_key
    pair_of = await credentials.find(session, who, account.credential) if account.credential else None
    if account.auth is Auth.GENERATED:
        pair = asyncssh.generate_private_key("ssh-ed25519", comment=f"heroes-{cluster.name}")
        private_key, public_key = pair.export_private_key().decode(), pair.export_public_key().decode().strip()
    elif pair_of is not None:
        public_key = pair_of.public_key
    elif private_key:
        public_key = _public_half(private_key, account.passphrase)
    elif account.auth is Auth.SIGNED:
        await _require_signature(secrets, account.user)
    value = credential(
        private_key=private_key,
        passphrase=account.passphrase,
        certificate=account.certificate,
        password=account.password,
    )
    without = pair_of is not None or account.auth is Auth.SIGNED
    secret_id = None if without else await secrets.put(session, who.organization_id, value)
    return secret_id, pair_of.id if pair_of else None, public_key


async def _own_line(session: AsyncSession, who: Caller, line_id: str) -> Line:
    who.must(Action.CLUSTER_MANAGE)
    own = select(Line).where(Line.id == line_id, Line.organization_id == who.organization_id)
    line = (await session.scalars(own.with_for_update(**LOCK))).one_or_none()
    if line is None:
        raise NotFound("There is no such account of your organization.", case="no_such_account")
    return line


async def _require_signature(secrets: SecretStore, user: str) -> None:
    """Return if the secret store signs keys for this account. Raises Invalid, Unavailable."""
    try:
        await signed(secrets, user)
    except Refused as error:
        problem = fault("/auth/method", error.detail, "cannot_sign")
        raise Invalid(error.detail, [problem], case="see_fields") from None


def reconnect(line: Line) -> None:
    """Take a line from its owner: whoever takes it next connects with what is stored now."""
    line.owner, line.owned_until, line.epoch = None, None, line.epoch + 1
    wake(line)


def idle(count: int | None) -> None:
    """Raise Conflict where jobs are still followed."""
    if count:
        text = f"{count} jobs are still followed here. Cancel them, or pause the cluster and wait."
        raise Conflict(text, case="jobs_followed", jobs=count)


def user_faults(user: str) -> list[Fault]:
    """Return what is wrong with a user name at a site, by pointer."""
    good = re.fullmatch(r"[^\s:@/\0-\x1f-][^\s:@/\0-\x1f]{0,63}", user)
    return [] if good else [fault("/account", "a user name at the site", "no_user_name")]


def account_faults(account: Account, at: str) -> list[Fault]:
    """Return what is wrong with an account whose proof is `at` this pointer."""
    faults = user_faults(account.user)
    if account.auth is Auth.PASSWORD and not account.password:
        faults.append(fault(f"{at}/password", "a password is needed", "missing"))
    if account.auth is Auth.CREDENTIAL and not account.credential:
        message = "the token of a key pair is needed; heroes ssh-key create makes one"
        faults.append(fault(f"{at}/credential", message, "needs_key_token"))
    if account.auth is Auth.KEY:
        if not account.private_key:
            faults.append(fault(f"{at}/private_key", "a private key is needed", "missing"))
        elif _public_half(account.private_key, account.passphrase) is None:
            message = "not a private key in OpenSSH or PEM format, or a wrong passphrase"
            faults.append(fault(f"{at}/private_key", message, "no_private_key"))
    if account.certificate and not account.certificate.startswith(("ssh-", "ecdsa-")):
        message = "not an OpenSSH certificate (the file ending in -cert.pub)"
        faults.append(fault(f"{at}/certificate", message, "no_certificate"))
    return faults


def _public_half(private_key: str, passphrase: str | None) -> str | None:
    try:
        key = asyncssh.import_private_key(private_key, passphrase)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        return None
    return str(key.export_public_key().decode().strip())


def refuse(faults: list[Fault]) -> None:
    """Raise Invalid with all the faults, each with its pointer."""
    if faults:
        said = "; ".join(f"{one['pointer']}: {one['message']}" for one in faults)
        raise Invalid(said, faults, case="see_fields")
