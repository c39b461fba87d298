"""Clusters: look, enrol, check, approve a host key, pause, share."""

import os
import time
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from heroes.cli import awaiting, session, terminal
from heroes.cli.failures import INTERRUPTED, TIMEOUT, USAGE, Stop, sure
from heroes.cli.output import Column, Item, Json, Listing, get, shown, table
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import NOTHING, clean, duration, plain, seconds_of, size, when

if TYPE_CHECKING:
    from heroes.client import Heroes

app = noun("Clusters: enrol, check, pause, share.")

CLUSTER = "/organization/cluster"
Name = Annotated[str, typer.Argument(help="Name or id of the cluster.")]
SshKey = Annotated[
    bool,
    typer.Option("--ssh-key", help="A key pair of the platform (token asked, or HEROES_SSH_KEY_TOKEN)."),
]
Signed = Annotated[bool, typer.Option("--signed", help="Certificates of half an hour from the platform's vault.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


class BatchSystem(StrEnum):
    """What a cluster's jobs are given to."""

    SLURM = "slurm"
    PBS = "pbs"
    GRIDENGINE = "gridengine"
    FIRECREST = "firecrest"


_LIST = [
    Column("Name", "name"),
    Column("Title", "title"),
    Column("Kind", "kind"),
    Column("State", "state"),
    Column("Check", "verdict"),
    Column("Host", "host"),
    Column("Checked", "checked_at", when),
]
_SHOW = [
    *_LIST,
    Column("Id", "id"),
    Column("Port", "port"),
    Column("Jump host", "jump_host"),
    Column("Host key", "host_key_fingerprint"),
    Column("Key offered", "offered_fingerprint"),
    Column("Location", "location"),
    Column("Job folders", "job_root"),
    Column("Their mode", "folder_mode"),
    Column("Kept, days", "purge_days"),
]
_QUEUES = [
    Column("Queue", "name"),
    Column("State", "state"),
    Column("Nodes free", "nodes_free", right=True),
    Column("of", "nodes_total", right=True),
    Column("Down", "down_nodes", right=True),
    Column("Cores/node", "cores_per_node", right=True),
    Column("Memory/node", "memory_bytes_per_node", size, right=True),
    Column("GPUs/node", "gpus_per_node", right=True),
    Column("Longest", "max_walltime_s", duration, right=True),
    Column("Pending", "pending_jobs", right=True),
    Column("Running", "running_jobs", right=True),
    Column("Seen", "sighted_at", when),
]
_ACCOUNTS = [
    Column("Id", "id"),
    Column("Account", "account"),
    Column("Charged", "batch_account"),
    Column("State", "state"),
    Column("Heard", "last_heard_at", when),
    Column("Trouble", "last_error"),
]
_FINDINGS = [
    Column("Verdict", "verdict"),
    Column("Check", "check"),
    Column("Queue", "queue"),
    Column("Answer", "answer", lambda value: plain(str(value or "").strip().partition("\n")[0][:80])),
    Column("Cure", "cure"),
]
_WAITS = [
    Column("Queue", "queue"),
    Column("Jobs", "jobs", right=True),
    Column("8 of 10 from", "wait.low", duration, right=True),
    Column("Middle", "wait.median", duration, right=True),
    Column("to", "wait.high", duration, right=True),
    Column("Longest", "longest", duration, right=True),
    Column("Last", "last_at", when),
]
_FAILED = [
    Column("When", "ended_at", when),
    Column("Cause", "cause"),
    Column("Execution", "execution"),
    Column("Workflow", "name"),
    Column("Step", "step"),
    Column("Attempt", "attempt", right=True),
    Column("Queue", "queue"),
    Column("What happened", "text", lambda value: plain(str(value or "")[:80])),
]
_SHARES = [Column("Organization", "organization", lambda value: value or "all"), Column("Account too", "account")]


def _cells(rows: list[Json], columns: list[Column]) -> list[list[str]]:
    return [[one.show(get(row, one.path)) for one in columns] for row in rows]


@app.command("list")
@shown
def list_() -> Listing:
    """List the clusters that you may use."""
    return Listing(session.connect().clusters(), _LIST, none="There are no clusters. Enrol one: heroes cluster add")


@app.command("show")
@shown
def show(cluster: Name) -> Item:
    """Show a cluster with its queues and your accounts on it."""
    heroes = session.connect()
    place = f"{CLUSTER}{heroes.at(cluster)}"
    value = heroes.cluster(cluster)
    value["queues"] = list(heroes.pages(f"{place}/queues"))
    value["lines"] = list(heroes.pages(f"{place}/lines"))

    def table_of() -> None:
        rows = [(one.name, one.show(get(value, one.path))) for one in _SHOW]
        print("\n".join(f"{name:<12} {text}" for name, text in rows if text != NOTHING))
        for rows_of, columns in ((value["queues"], _QUEUES), (value["lines"], _ACCOUNTS)):
            if rows_of:
                print()
                table([one.name for one in columns], _cells(rows_of, columns), columns)

    return Item(value, _SHOW, table=table_of)


@app.command("queues")
@shown
def queues(cluster: Name) -> Listing:
    """List the queues with their limits, and how full they were when last seen."""
    heroes = session.connect()
    return Listing(heroes.pages(f"{CLUSTER}{heroes.at(cluster)}/queues"), _QUEUES, none="No queue was seen yet.")


FARED = "/organization/insights/cluster"
Days = Annotated[int, typer.Option(help="Of what was ordered in the last so many days.", min=1, max=90)]


@app.command("waits")
@shown
def waits(
    cluster: Name,
    days: Days = 30,
    own: Annotated[bool, typer.Option("--own", help="Only of your organization.")] = False,
) -> Listing:
    """List how long jobs waited in each queue before they began; of all who use it, where you manage it."""
    heroes = session.connect()
    seen = heroes.get(f"{FARED}{heroes.at(cluster)}", days=days, own=own)
    return Listing(iter(seen["waits"]), _WAITS, none=f"No wait was seen in the last {days} days.")


class Cause(StrEnum):
    """What a job failed of."""

    INFRASTRUCTURE = "infrastructure"
    MEMORY = "memory"
    TIME = "time"
    PROGRAM = "program"


@app.command("failures")
@shown
def failures(
    cluster: Name, days: Days = 30, cause: Annotated[Cause | None, typer.Option(help="Only of this cause.")] = None
) -> Listing:
    """List the starts of jobs that failed there, newest first, of the executions that you may see, after their sums."""
    heroes = session.connect()
    place = f"{FARED}{heroes.at(cluster)}"
    say(_sums(heroes.get(place, days=days), days))
    rows = heroes.pages(f"{place}/failures", days=days, cause=cause)
    return Listing(rows, _FAILED, none="None of those that you may see failed there.")


def _sums(seen: Json, days: int) -> str:
    ended = sum(day["ended"] for day in seen["ends"])
    sums = Counter[str]()
    for day in seen["ends"]:
        sums.update(day["failed"])
    whose = "all who use it" if seen["everyone"] else "your organization"
    told = "".join(f"; {cause}: {count}" for cause, count in sums.most_common())
    return f"Of {whose}, {sums.total()} of {ended} starts failed in the last {days} days{clean(told)}."


@app.command("add")
@shown
def add(
    name: Annotated[str, typer.Argument(help="What it shall be called here.")],
    host: Annotated[str, typer.Option(help="Its login node.")],
    account: Annotated[str, typer.Option(help="User name at the site.")],
    kind: Annotated[BatchSystem, typer.Option(help="Its batch system.")] = BatchSystem.SLURM,
    port: Annotated[int, typer.Option(help="Of SSH there.", min=1, max=65535)] = 22,
    title: Annotated[str, typer.Option(help="A line about it.")] = "",
    key: Annotated[Path | None, typer.Option(help="A private key of yours; none: a pair is made here.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="The …-cert.pub file of that key.")] = None,
    password: Annotated[
        bool, typer.Option("--password", help="Use a password (asked, or HEROES_SITE_PASSWORD).")
    ] = False,
    ssh_key: SshKey = False,
    signed: Signed = False,
    host_key: Annotated[
        str | None, typer.Option(help="Its host key, ssh-ed25519 AAAA…; none: shown to approve.")
    ] = None,
    batch_account: Annotated[str | None, typer.Option(help="The project that its scheduler charges.")] = None,
    jump: Annotated[str | None, typer.Option(metavar="[USER@]HOST[:PORT]", help="A host on the way there.")] = None,
    jump_host_key: Annotated[str | None, typer.Option(help="That host's key.")] = None,
    api_url: Annotated[str | None, typer.Option(help="Its UNICORE or FirecREST, in place of SSH.")] = None,
    system: Annotated[str | None, typer.Option(help="The system behind FirecREST.")] = None,
    token_url: Annotated[str | None, typer.Option(help="Where its clients get tokens.")] = None,
    location: Annotated[str | None, typer.Option(help="Where its power comes from, such as DE.")] = None,
    job_root: Annotated[str, typer.Option(help="Where job folders are made.")] = "~/heroes",
    folder_mode: Annotated[str, typer.Option(help="Permission bits of job folders.")] = "0700",
    purge_days: Annotated[int, typer.Option(help="Days that job folders are kept.", min=1, max=3650)] = 30,
) -> Item:
    """Enrol a cluster: SSH alone suffices. It is checked once its host key is approved. (enrol)"""
    body = {
        "name": name,
        "title": title,
        "kind": kind,
        "host": host,
        "port": port,
        "account": account,
        "batch_account": batch_account,
        "auth": _proof(key, certificate, password, ssh_key, signed) or _NEW_PAIR,
        "jump": _jump(jump, jump_host_key),
        "host_key": host_key,
        "api": _api(api_url, system, token_url),
        "location": location,
        "job_root": job_root,
        "folder_mode": folder_mode,
        "purge_days": purge_days,
    }
    made = session.connect().post(CLUSTER, body)
    notes = []
    if made["line"].get("public_key"):
        notes.append(f"Add this line to ~/.ssh/authorized_keys of {account} at {host}:\n{made['line']['public_key']}")
    if host_key is None and api_url is None:
        notes.append(f"Approve its host key: heroes cluster approve-key {name}")
    notes.append(f"See how the check goes: heroes cluster report {name}")
    return Item(made, _LIST, notes=notes)


def _api(url: str | None, system: str | None, token_url: str | None) -> dict[str, str] | None:
    if url is None:
        return None
    given = {"url": url, "system": system, "token_url": token_url}
    return {name: value for name, value in given.items() if value}


@app.command("add-account")
@shown
def add_account(
    cluster: Name,
    account: Annotated[str, typer.Option(help="User name at the site.")],
    key: Annotated[Path | None, typer.Option(help="A private key of yours; none: a pair is made here.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="The …-cert.pub file of that key.")] = None,
    password: Annotated[
        bool, typer.Option("--password", help="Use a password (asked, or HEROES_SITE_PASSWORD).")
    ] = False,
    ssh_key: SshKey = False,
    signed: Signed = False,
    batch_account: Annotated[str | None, typer.Option(help="The project that its scheduler charges.")] = None,
) -> Item:
    """Give your organization an account of its own on a cluster."""
    heroes = session.connect()
    auth = _proof(key, certificate, password, ssh_key, signed) or _NEW_PAIR
    body = {"account": account, "batch_account": batch_account, "auth": auth}
    made = heroes.post(f"{CLUSTER}{heroes.at(cluster)}/lines", body)
    return Item(made, _ACCOUNTS, notes=_to_add(made))


def _to_add(made: Json) -> list[str]:
    line = made.get("public_key")
    return [f"Add this line to ~/.ssh/authorized_keys of {made['account']} there:\n{line}"] if line else []


_NEW_PAIR = {"method": "generated"}


def _proof(
    key: Path | None, certificate: Path | None, password: bool, ssh_key: bool, signed: bool, *, new_pair: bool = False
) -> Json | None:
    """Return how an account signs in; None: no way was named. Raises Stop for several."""
    ways = {"new-pair": new_pair, "key": key, "password": password, "ssh-key": ssh_key, "signed": signed}
    if len(named := [f"--{name}" for name, given in ways.items() if given]) > 1:
        raise Stop(f"Give one way to sign in, not several: {' and '.join(named)}.", USAGE)
    if new_pair:
        return _NEW_PAIR
    if signed:
        return {"method": "signed"}
    if ssh_key:
        return {"method": "credential", "credential": _secret("HEROES_SSH_KEY_TOKEN", "Token of the key pair")}
    if password:
        return {"method": "password", "password": _secret("HEROES_SITE_PASSWORD", "Password at the site")}
    if key is None:
        return None
    text = key.read_text("utf-8")
    locked = "ENCRYPTED" in text
    return {
        "method": "key",
        "private_key": text,
        "passphrase": _secret("HEROES_SITE_PASSPHRASE", f"Passphrase of {key}") if locked else _optional(text),
        "certificate": certificate.read_text("utf-8") if certificate else None,
    }


def _optional(text: str) -> str | None:
    """The passphrase from the environment: an OpenSSH key does not say plainly whether it needs one."""
    return os.environ.get("HEROES_SITE_PASSPHRASE")


def _secret(variable: str, question: str) -> str:
    given = os.environ.get(variable)
    if given is None and not terminal.interactive():
        raise Stop(f"There is no terminal to ask: set {variable}.", USAGE)
    return given if given is not None else terminal.secret(question)


def _jump(jump: str | None, host_key: str | None) -> Json | None:
    if jump is None:
        return None
    if host_key is None:
        raise Stop("--jump needs --jump-host-key: nobody can be asked to confirm it later.", USAGE)
    user, _, place = jump.rpartition("@")
    host, _, port = place.partition(":")
    if port and not port.isdigit():
        raise Stop(f"--jump {jump}: write [USER@]HOST[:PORT].", USAGE)
    return {"host": host, "port": int(port or 22), "account": user or None, "host_key": host_key}


@app.command("test")
@shown
def check(
    cluster: Name,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the report.")] = True,
    patience: Annotated[str, typer.Option(help="How long a probe may wait in its queue.")] = "10m",
    timeout: Annotated[str | None, typer.Option(help="Wait no longer than this.")] = None,
) -> Item:
    """Check a cluster: one line for each thing asked, its verdict and its cure. (check)"""
    try:
        wish = {"patience_s": int(seconds_of(patience))}
        limit = None if timeout is None else seconds_of(timeout)
    except ValueError as error:
        raise Stop(str(error), USAGE) from None
    heroes = session.connect()
    started = heroes.post(f"{CLUSTER}{heroes.at(cluster)}/check", wish)
    return _report(_done(heroes, cluster, started, limit) if wait else started, cluster)


def _done(heroes: "Heroes", cluster: str, report: Json, limit: float | None) -> Json:
    deadline = None if limit is None else time.monotonic() + limit
    said = ""
    try:
        while report["state"] != "DONE":
            waits = f", for {', '.join(report['waiting_for'])}" if report["waiting_for"] else ""
            trouble = _trouble(heroes, cluster) if report["state"] == "WAITING" else ""
            if said != (now := f"{report['state'].capitalize()}{waits}. {trouble}".strip()):
                say(clean(now))
                said = now
            if deadline is not None and time.monotonic() > deadline:
                raise Stop(f"The check goes on; look with: heroes cluster report {cluster}", TIMEOUT)
            time.sleep(1)
            report = heroes.get(f"{CLUSTER}{heroes.at(cluster)}/report", id=report["id"])
    except KeyboardInterrupt:
        raise Stop(f"The check goes on; look with: heroes cluster report {cluster}", INTERRUPTED) from None
    return report


def _trouble(heroes: "Heroes", cluster: str) -> str:
    lines = heroes.pages(f"{CLUSTER}{heroes.at(cluster)}/lines")
    return " ".join(str(line["last_error"]) for line in lines if line["last_error"])


@app.command("report")
@shown
def report(
    cluster: Name, report_id: Annotated[str | None, typer.Option("--id", help="An older report.")] = None
) -> Item:
    """Show the newest check of a cluster."""
    heroes = session.connect()
    return _report(heroes.get(f"{CLUSTER}{heroes.at(cluster)}/report", id=report_id), cluster)


def _report(found: Json, cluster: str) -> Item:
    def table_of() -> None:
        print(f"{clean(cluster)}: {found['verdict'] or found['state'].lower()}, begun {when(found['created_at'])}\n")
        if found["findings"]:
            table([one.name for one in _FINDINGS], _cells(found["findings"], _FINDINGS), _FINDINGS)
        if found["waiting_for"]:
            say(f"Still waiting for: {clean(', '.join(found['waiting_for']))}")

    def ends() -> None:
        if found["verdict"] == "fail":
            raise typer.Exit(1)

    return Item(found, table=table_of, ends=ends)


@app.command("approve-key")
@shown
def approve_key(
    cluster: Name, fingerprint: Annotated[str | None, typer.Argument(help="SHA256:…, as the site publishes it.")] = None
) -> Item:
    """Approve the host key that the cluster shows, after comparing it with what the site publishes."""
    heroes = session.connect()
    if fingerprint is None:
        offered = heroes.cluster(cluster)["offered_fingerprint"]
        if offered is None:
            raise Stop(f"{cluster} shows no new key now; if it was just enrolled, ask again in a moment.")
        if not terminal.interactive():
            raise Stop(f"{cluster} shows {offered}. Compare it with what the site publishes and give it.", USAGE)
        if not terminal.confirm(f"{clean(cluster)} shows {offered}. Does the site publish the same?"):
            raise Stop("Nothing was approved.")
        fingerprint = offered
    return Item(heroes.post(f"{CLUSTER}{heroes.at(cluster)}/host-key", {"fingerprint": fingerprint}, once=False), _LIST)


@app.command("pause")
@shown
def pause(cluster: Name) -> Item:
    """Let a cluster take no new job; what runs is followed to its end."""
    return _post(cluster, "pause")


@app.command("resume")
@shown
def resume(cluster: Name) -> Item:
    """Let a cluster take new jobs again."""
    return _post(cluster, "resume")


app.command("tell-me")(awaiting.tell_me)
app.command("awaited")(shown(awaiting.awaited))


def _post(cluster: str, verb: str, body: Any = None) -> Item:
    heroes = session.connect()
    return Item(heroes.post(f"{CLUSTER}{heroes.at(cluster)}/{verb}", body, once=False), _LIST)


@app.command("change")
@shown
def change(
    cluster: Name,
    title: Annotated[str | None, typer.Option(help="A line about it.")] = None,
    location: Annotated[
        str | None, typer.Option(help="Where its power comes from, such as DE; empty: not said.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Its login node; its key is then approved anew.")] = None,
    port: Annotated[int | None, typer.Option(help="Of SSH there.", min=1, max=65535)] = None,
    job_root: Annotated[str | None, typer.Option(help="Where job folders are made.")] = None,
    folder_mode: Annotated[str | None, typer.Option(help="Permission bits of job folders.")] = None,
    purge_days: Annotated[int | None, typer.Option(help="Days that job folders are kept.", min=1, max=3650)] = None,
) -> Item:
    """Change a cluster: its title, address, or where job folders are made and how long they are kept."""
    given = {
        "title": title,
        "location": location,
        "host": host,
        "port": port,
        "job_root": job_root,
        "folder_mode": folder_mode,
        "purge_days": purge_days,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise Stop("Say what to change, such as --title.", USAGE)
    heroes = session.connect()
    return Item(heroes.send("PATCH", f"{CLUSTER}{heroes.at(cluster)}", changes), _SHOW)


@app.command("change-account")
@shown
def change_account(
    cluster: Name,
    account: Annotated[str, typer.Argument(help="Its id or name.")],
    user: Annotated[str | None, typer.Option(help="Another user name at the site.")] = None,
    batch_account: Annotated[
        str | None, typer.Option(help="The project that its scheduler charges from now on; empty: none.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Another private key of yours.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="The …-cert.pub file of that key.")] = None,
    new_pair: Annotated[bool, typer.Option("--new-pair", help="A key pair that is made here.")] = False,
    password: Annotated[
        bool, typer.Option("--password", help="Another password (asked, or HEROES_SITE_PASSWORD).")
    ] = False,
    ssh_key: SshKey = False,
    signed: Signed = False,
) -> Item:
    """Change an account of your organization: its user name, what is charged, or how it signs in."""
    heroes = session.connect()
    place, found = _account(heroes, cluster, account)
    auth = _proof(key, certificate, password, ssh_key, signed, new_pair=new_pair)
    body: Json = {"account": user, "batch_account": batch_account, "auth": auth}
    changes = {name: value for name, value in body.items() if value is not None}
    if not changes:
        raise Stop("Say what to change, such as --batch-account.", USAGE)
    made = heroes.send("PATCH", f"{place}{heroes.at(found['id'])}", changes)
    return Item(made, _ACCOUNTS, notes=_to_add(made) if new_pair else [])


@app.command("remove-account")
def remove_account(
    cluster: Name, account: Annotated[str, typer.Argument(help="Its id or name.")], yes: Yes = False
) -> None:
    """Forget an account of your organization on a cluster, and its secret."""
    heroes = session.connect()
    place, found = _account(heroes, cluster, account)
    sure(f"Forget the account {clean(found['account'])} on {clean(cluster)} and its secret?", yes)
    heroes.send("DELETE", f"{place}{heroes.at(found['id'])}")
    say(f"{clean(found['account'])} is forgotten.")


def _account(heroes: "Heroes", cluster: str, account: str) -> tuple[str, Json]:
    """Return where the accounts of a cluster are, and the one with this id or name."""
    place = f"{CLUSTER}{heroes.at(cluster)}/lines"
    found = [one for one in heroes.pages(place) if account in (one["id"], one["account"])]
    if len(found) != 1:
        raise Stop(f"There is {'no' if not found else 'more than one'} account {clean(account)} on {clean(cluster)}.")
    return place, found[0]


@app.command("remove")
def remove(cluster: Name, yes: Yes = False) -> None:
    """Forget a cluster, its accounts and their secrets."""
    sure(f"Forget {clean(cluster)}, its accounts and their secrets?", yes)
    heroes = session.connect()
    heroes.send("DELETE", f"{CLUSTER}{heroes.at(cluster)}")
    say(f"{clean(cluster)} is forgotten.")


@app.command("shares")
@shown
def shares(cluster: Name) -> Listing:
    """List to whom a cluster is open."""
    heroes = session.connect()
    return Listing(heroes.pages(f"{CLUSTER}{heroes.at(cluster)}/shares"), _SHARES, none="It is open to nobody else.")


@app.command("share")
@shown
def share(
    cluster: Name,
    organization: Annotated[str | None, typer.Argument(help="Organization; none: all.")] = None,
    account: Annotated[bool, typer.Option("--account", help="Your account on it too.")] = False,
    consent: Annotated[str | None, typer.Option(help="Who of both agreed, and when; needed with --account.")] = None,
) -> Item:
    """Open a cluster to an organization, or to all."""
    heroes = session.connect()
    body = {"organization": organization, "account": account, "consent": consent}
    return Item(heroes.post(f"{CLUSTER}{heroes.at(cluster)}/shares", body), _SHARES)


@app.command("unshare")
def unshare(
    cluster: Name, organization: Annotated[str | None, typer.Argument(help="Organization; none: all.")] = None
) -> None:
    """Close a cluster to an organization again."""
    heroes = session.connect()
    heroes.send("DELETE", f"{CLUSTER}{heroes.at(cluster)}/shares", organization=organization)
    say(f"{clean(cluster)} is closed to {clean(organization or 'all that had it together')}.")
