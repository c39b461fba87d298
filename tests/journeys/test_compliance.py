"""The compliance check on real Slurm centres: the whole report, and each failing line made by breaking the site."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from people import make_organization
from sqlalchemy import select, text

from heroes.clusters import service, steps
from heroes.clusters.lines import Lines
from heroes.clusters.models import Cluster, Line, Queue, Report
from heroes.clusters.rules import Auth, Kind
from heroes.clusters.service import Account, Enrolment
from heroes.clusters.service.enrolment import fingerprint_of
from heroes.identity import Caller
from heroes.kit.db import Database
from heroes.kit.secrets import DatabaseSecrets
from heroes.kit.settings import Settings
from heroes.kit.work import Work
from heroes.parts import Parts
from lab import keys
from lab.laboratory import Laboratory

pytestmark = [pytest.mark.anyio, pytest.mark.postgres, pytest.mark.lab]


@dataclass(frozen=True)
class Checked:
    """A finished report and what it left in the database."""

    report: Report
    cluster: Cluster
    line: Line
    queues: dict[str, Queue]

    def line_of(self, check: str, queue: str | None = None) -> dict[str, Any]:
        found = [f for f in self.report.findings if f["check"] == check and f["queue"] == queue]
        assert found, f"no line {check} of {queue} in\n{self}"
        return found[0]

    def __str__(self) -> str:
        return json.dumps(self.report.findings, indent=1)


class Platform:
    """One organization, one worker."""

    def __init__(self, database: Database, home: Path, organization_id: str) -> None:
        self.database = database
        self.who = Caller.system(organization_id)
        settings = Settings(home=home, watch_seconds=1)
        bare = Parts(settings, database, None, DatabaseSecrets(b"k" * 32), None)  # type: ignore[arg-type]
        self.lines = Lines(bare)
        self.parts = replace(bare, lines=self.lines)
        self.work = Work(database, steps.registrations(self.parts))

    async def check(
        self, laboratory: Laboratory, name: str = "alpha", *, patience_s: int = 60, **other: Any
    ) -> Checked:
        """Enrol a centre and follow its first check to the end."""
        cluster_id, line_id, _ = await self.enrol(laboratory, name, **other)
        async with self.database.worker() as session:
            report = (await session.scalars(select(Report).where(Report.cluster_id == cluster_id))).one()
            report.patience_s = patience_s
        return await self.finished(report.id, line_id)

    async def enrol(self, laboratory: Laboratory, name: str, **other: Any) -> tuple[str, str, str | None]:
        """Return the ids of a centre and its line, and the line's public key."""
        centre = laboratory.centre(name)
        account = other.pop("account", None) or Account(centre.user, Auth.KEY, keys.client_key().read_text())
        wish = Enrolment(
            **{
                "name": name,
                "title": name,
                "host": centre.host,
                "account": account,
                "host_key": centre.host_key,
                "job_root": "~/check",
                **other,
            }
        )
        async with self.database.app(self.who.organization_id) as session:
            cluster, line = await service.enrol(session, self.who, self.parts.secrets, wish)
        return cluster.id, line.id, line.public_key

    async def until(self, model: Any, row_id: str, seen: Callable[[Any], Any]) -> Any:
        """Wait until a row is seen to be as wanted."""
        async with asyncio.timeout(60):
            while True:
                async with self.database.worker() as session:
                    row = await session.get_one(model, row_id)
                if seen(row):
                    return row
                await asyncio.sleep(0.05)

    async def finished(self, report_id: str, line_id: str) -> Checked:
        async with self.at_work(), asyncio.timeout(150):
            while True:
                async with self.database.worker() as session:
                    report = await session.get_one(Report, report_id)
                    if report.state == "DONE":
                        cluster = await session.get_one(Cluster, report.cluster_id)
                        line = await session.get_one(Line, line_id)
                        queues = await session.scalars(select(Queue).where(Queue.cluster_id == cluster.id))
                        return Checked(report, cluster, line, {queue.name: queue for queue in queues})
                await asyncio.sleep(0.1)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        stop = asyncio.Event()
        running = asyncio.gather(self.lines.run(stop), self.work.run(stop))
        try:
            yield
        finally:
            stop.set()
            await running


@contextmanager
def broken(laboratory: Laboratory, breaks: str, mends: str, name: str = "alpha") -> Iterator[None]:
    """Break a centre as root, and mend it."""
    laboratory.exec(name, ["sh", "-c", breaks])
    try:
        yield
    finally:
        laboratory.exec(name, ["sh", "-c", mends])


@pytest.fixture
async def platform(database: Database, tmp_path: Path) -> Platform:
    organization = await make_organization(database, "acme")
    return Platform(database, tmp_path, organization.id)


# ------------------------------------------------------------------------------------------------------ sites in order


@pytest.mark.parametrize(("name", "queues"), [("alpha", {"compute", "gpu"}), ("beta", {"std", "long"})])
async def test_a_centre_in_order_is_ready_after_its_first_check(
    laboratory: Laboratory, platform: Platform, name: str, queues: set[str]
):
    checked = await platform.check(laboratory, name)
    assert checked.cluster.state == "READY", str(checked)
    assert checked.report.verdict == "ok", str(checked)
    assert set(checked.queues) == queues
    assert "authorised use only" in checked.line_of("connection")["answer"]
    facts = checked.cluster.facts
    assert facts["scheduler"] == {"name": "slurm", "version": "22.05.8"}
    assert facts["accounting"] is True
    assert facts["energy_meter"].endswith("pm_counters")
    assert abs(facts["clock_offset_s"]) < 5
    for queue in checked.queues.values():
        assert "python3" in queue.facts["commands"]
        assert "bwrap" in queue.facts["containers"]
        assert queue.facts["ear"] == "none"
    assert checked.line.root is not None
    left = laboratory.exec(name, ["find", f"{checked.line.root}/checks", "-mindepth", "1"]).stdout
    assert left == "", "a check leaves nothing behind"


async def test_a_centre_of_grid_engine_is_ready_after_its_first_check(laboratory: Laboratory, platform: Platform):
    checked = await platform.check(laboratory, "gamma", kind=Kind.GRIDENGINE, patience_s=120)
    assert checked.cluster.state == "READY", str(checked)
    assert checked.report.verdict == "ok", str(checked)
    assert set(checked.queues) == {"all.q", "short.q"}
    facts = checked.cluster.facts
    assert facts["scheduler"] == {"name": "gridengine", "version": "8.1.9"}
    assert (facts["accounting"], facts["energy_meter"]) == (True, None)
    for queue in checked.queues.values():
        assert "python3" in queue.facts["commands"]


async def test_the_probe_sees_gpus_and_software_that_the_login_node_cannot_vouch_for(
    laboratory: Laboratory, platform: Platform
):
    checked = await platform.check(laboratory, "alpha")
    assert checked.queues["gpu"].facts["gpus"] == 1, "one was asked for"
    assert checked.queues["compute"].facts["gpus"] == 0
    foam = laboratory.exec("alpha", ["test", "-d", "/usr/share/openfoam"], check=False).returncode == 0
    assert ("openfoam" in checked.queues["compute"].facts["software"]) is foam


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa", "certificate", "password", "generated"])
async def test_an_account_gets_in_with_every_kind_of_proof(laboratory: Laboratory, platform: Platform, kind: str):
    centre = laboratory.centre("alpha")
    if kind == "certificate":
        signed = keys.certificate().read_text()
        account = Account("olga", Auth.KEY, keys.client_key().read_text(), certificate=signed)
    elif kind == "password":
        user, password = centre.password_login
        account = Account(user, Auth.PASSWORD, password=password)
    elif kind == "generated":
        account = Account("bob", Auth.GENERATED)
    else:
        account = Account("alice", Auth.KEY, keys.client_key(kind).read_text())
    cluster_id, line_id, public_key = await platform.enrol(laboratory, "alpha", account=account)
    if public_key and kind == "generated":
        append = ["sh", "-c", "tee -a ~bob/.ssh/authorized_keys"]
        laboratory.exec("alpha", append, text=public_key + "\n")
    async with platform.at_work():
        line = await platform.until(Line, line_id, lambda row: row.state != "NEW" and row.root)
    assert (line.state, line.trouble) == ("CONNECTED", None)
    assert cluster_id


async def test_a_site_behind_a_jump_host_is_reached_through_it(laboratory: Laboratory, platform: Platform):
    gate = laboratory.centre("gate")
    jump = {"host": gate.host, "port": 22, "account": "alice", "host_key": gate.host_key}
    _, line_id, _ = await platform.enrol(laboratory, "alpha", host=laboratory.hidden_address, jump=jump)
    async with platform.at_work():
        line = await platform.until(Line, line_id, lambda row: row.state != "NEW")
    assert (line.state, line.trouble) == ("CONNECTED", None)


# ------------------------------------------------------------------------------ sites broken: the login node


async def test_a_host_key_not_given_is_shown_and_nothing_is_sent_before_its_approval(
    laboratory: Laboratory, platform: Platform
):
    cluster_id, line_id, _ = await platform.enrol(laboratory, "alpha", host_key=None)
    async with platform.at_work():
        line = await platform.until(Line, line_id, lambda row: row.state == "STOPPED")
        assert "Compare it" in line.trouble
        cluster = await platform.until(Cluster, cluster_id, lambda row: row.offered_host_key)
        shown = fingerprint_of(cluster.offered_host_key)
        assert shown in line.trouble
        async with platform.database.app(platform.who.organization_id) as session:
            await service.approve_host_key(session, platform.who, "alpha", shown)
        await platform.until(Cluster, cluster_id, lambda row: row.state == "READY")


async def test_a_key_that_the_site_does_not_know_is_a_failed_connection_with_its_cure(
    laboratory: Laboratory, platform: Platform
):
    checked = await platform.check(laboratory, "alpha", account=Account("bob", Auth.GENERATED))
    line = checked.line_of("connection")
    assert line["verdict"] == "fail"
    assert "authorized_keys" in line["cure"]
    assert checked.cluster.state == "ENROLLING"


async def test_a_changed_host_key_stops_the_cluster(laboratory_alone: Laboratory, platform: Platform):
    _, line_id, _ = await platform.enrol(laboratory_alone, "alpha")
    with laboratory_alone.fault("host-key", "alpha"):
        async with platform.at_work():
            line = await platform.until(Line, line_id, lambda row: row.state == "STOPPED")
            cluster = await platform.until(Cluster, line.cluster_id, lambda row: row.offered_host_key)
    assert cluster.state == "STOPPED_HOST_KEY"
    assert "Nothing was sent" in line.trouble


ROOT = "/home/alice/check"
OWNED = f"mkdir -p {ROOT}; chown alice {ROOT}"
FULL = f"mkdir -p {ROOT}; mount -t tmpfs -o size=8m,mode=700,uid=$(id -u alice) full {ROOT}"
OPEN, CLOSE = (
    f"for q in compute gpu; do scontrol update PartitionName=$q State={state}; done" for state in ("UP", "DOWN")
)
RELOAD_SSHD = "kill -HUP $(cat /run/sshd.pid); sleep 0.3"


def stand_in(name: str, line: str) -> str:
    """A command that hides the site's own."""
    path = f"/usr/local/bin/{name}"
    return f"printf '%s\\n' '#!/bin/sh' '{line}' >{path}; chmod 755 {path}"


# check, verdict, what breaks it, what mends it
FAULTS = {
    "the scheduler's controller is down": (
        "scheduler",
        "fail",
        "kill $(cat /run/slurm/slurmctld.pid); while pgrep -x slurmctld; do sleep 0.1; done",
        "/usr/sbin/slurmctld; until scontrol ping | grep -q ' UP'; do sleep 0.1; done",
    ),
    "the accounting's daemon is down": (
        "accounting",
        "fail",
        "kill $(cat /run/slurm/slurmdbd.pid); while pgrep -x slurmdbd; do sleep 0.1; done",
        "/usr/sbin/slurmdbd; until sacctmgr -n show cluster; do sleep 0.1; done",
    ),
    "the account has expired in the scheduler": (
        "association",
        "fail",
        "scancel -u alice; timeout 30 sh -c 'while squeue -h -u alice | grep -q .; do sleep 0.2; done'; "
        "sacctmgr -i delete user alice",
        "sacctmgr -i add user alice account=proj1,proj2 defaultaccount=proj1",
    ),
    "the job folder root is another's": (
        "job folder root",
        "fail",
        f"mkdir -p {ROOT}; chown root {ROOT}; chmod 755 {ROOT}",
        f"rm -rf {ROOT}",
    ),
    "anybody may write the job folder root": (
        "job folder root",
        "fail",
        f"{OWNED}; chmod 777 {ROOT}",
        f"rm -rf {ROOT}",
    ),
    "the root has another mode": ("job folder root", "warn", f"{OWNED}; chmod 755 {ROOT}", f"rm -rf {ROOT}"),
    "the disk is full": ("disk", "fail", FULL, f"umount {ROOT}; rm -rf {ROOT}"),
    "a command is missing": ("tools", "fail", "chmod 700 /usr/bin/sha256sum", "chmod 755 /usr/bin/sha256sum"),
    "the site's clock is an hour ahead": (
        "clock",
        "fail",
        stand_in("date", 'exec /bin/date -d +1hour "$@"'),
        "rm /usr/local/bin/date",
    ),
    "the quota is used up": (
        "quota",
        "fail",
        stand_in("quota", 'echo "/dev/sda1 1500* 1000 2000 9 1 0 0"'),
        "rm /usr/local/bin/quota",
    ),
    "the site serves no sftp": (
        "sftp",
        "fail",
        f"sed -i s/^Subsystem/#Subsystem/ /etc/ssh/sshd_config; {RELOAD_SSHD}",
        f"sed -i s/^#Subsystem/Subsystem/ /etc/ssh/sshd_config; {RELOAD_SSHD}",
    ),
    "every queue is closed": ("queues", "fail", CLOSE, OPEN),
}


@pytest.mark.parametrize(("check", "verdict", "breaks", "mends"), FAULTS.values(), ids=FAULTS)
async def test_a_fault_of_the_login_node_is_its_own_line_with_a_cure(
    laboratory_alone: Laboratory, platform: Platform, check: str, verdict: str, breaks: str, mends: str
):
    with broken(laboratory_alone, breaks, mends):
        checked = await platform.check(laboratory_alone, "alpha")
    line = checked.line_of(check)
    assert line["verdict"] == verdict, str(checked)
    assert line["cure"]
    assert line["answer"]
    assert (checked.cluster.state == "READY") is (verdict != "fail")
    others = [f["check"] for f in checked.report.findings if f["verdict"] == "fail" and f["check"] != check]
    assert set(others) <= CONSEQUENCES.get(check, set()), str(checked)
    if verdict == "fail":
        assert not any(finding["queue"] for finding in checked.report.findings), "no job goes to a site not in order"


CONSEQUENCES = {"scheduler": {"queues", "accounting"}, "accounting": {"association"}, "disk": set()}


# ----------------------------------------------------------------------------------- sites broken: the nodes


def hidden(paths: str) -> tuple[str, str]:
    return f"chmod 700 {paths}", f"chmod 755 {paths}"


NODE_FAULTS = {
    "python3 is gone": ("python3", "warn", *hidden("$(readlink -f /usr/bin/python3)")),
    "there is no container runtime": ("container runtimes", "warn", *hidden("$(command -v bwrap ch-run)")),
    "there is no MPI": ("mpi", "warn", *hidden("$(readlink -f /usr/bin/mpirun)")),
    "the probe cannot start": (
        "probe",
        "warn",
        "scontrol update NodeName=alpha-n[0-2] State=DRAIN Reason=test",
        "scontrol update NodeName=alpha-n[0-2] State=RESUME",
    ),
}


@pytest.mark.parametrize(("check", "verdict", "breaks", "mends"), NODE_FAULTS.values(), ids=NODE_FAULTS)
async def test_a_fault_of_the_nodes_is_a_line_of_their_queue_with_a_cure(
    laboratory_alone: Laboratory, platform: Platform, check: str, verdict: str, breaks: str, mends: str
):
    with broken(laboratory_alone, breaks, mends):
        checked = await platform.check(laboratory_alone, "alpha", patience_s=10)
    line = checked.line_of(check, "compute")
    assert line["verdict"] == verdict, str(checked)
    assert line["cure"]
    assert checked.cluster.state == "READY", "the other queue, or the rest of this one, can be used"
    if check == "python3":
        assert checked.queues["compute"].facts["python"] is None


async def test_a_queue_that_refuses_the_account_fails_by_itself(laboratory_alone: Laboratory, platform: Platform):
    update = "scontrol update PartitionName=std AllowAccounts="
    with broken(laboratory_alone, f"{update}root", f"{update}ALL", "beta"):
        checked = await platform.check(laboratory_alone, "beta")
    line = checked.line_of("probe", "std")
    assert line["verdict"] == "fail", str(checked)
    assert checked.queues["std"].facts == {"problem": line["cure"]}
    assert checked.line_of("python3", "long")["verdict"] == "ok"
    assert checked.cluster.state == "READY", "the other queue can be used"


async def test_a_job_folder_that_the_nodes_do_not_see_is_found_out(laboratory_alone: Laboratory, platform: Platform):
    # the node's daemon gets a mount of its own over the job folder root, as on a site whose /home is not shared
    daemon = "/usr/sbin/slurmd -N alpha-n3"
    ends = "kill $(cat /run/slurm/slurmd-alpha-n3.pid); sleep 0.5"
    mount = f"mount -t tmpfs -o mode=700,uid=$(id -u alice) x {ROOT}"
    hides = f"{OWNED}; chmod 700 {ROOT}; {ends}; unshare -m sh -c '{mount} && exec {daemon}'"
    shows = f"{ends}; {daemon} -b -d /usr/local/lib/lab/slurmstepd"
    with broken(laboratory_alone, hides, shows):
        checked = await platform.check(laboratory_alone, "alpha")
    assert checked.line_of("probe", "gpu")["verdict"] == "fail", str(checked)
    assert "one file system" in checked.line_of("probe", "gpu")["cure"]
    assert checked.line_of("job folder", "compute")["verdict"] == "ok"


async def test_energy_software_and_modules_of_a_site_are_found(laboratory_alone: Laboratory, platform: Platform):
    adds = (
        "printf '#!/bin/sh\\n' >/usr/local/bin/eacct; chmod 755 /usr/local/bin/eacct; "
        "printf 'module() { printf \"/opt/m:\\\\nopenfoam/2012\\\\n\"; }\\n' >/etc/profile.d/modules.sh"
    )
    with broken(laboratory_alone, adds, "rm /usr/local/bin/eacct /etc/profile.d/modules.sh"):
        checked = await platform.check(laboratory_alone, "alpha")
    assert checked.cluster.facts["ear"] == "library"
    assert checked.cluster.facts["modules"] == ["openfoam/2012"], str(checked)


# ------------------------------------------------------------------------------- the check is durable work


async def test_a_check_whose_worker_dies_goes_on_and_orders_no_probe_twice(
    laboratory: Laboratory, platform: Platform, tmp_path: Path
):
    cluster_id, _, _ = await platform.enrol(laboratory, "beta")
    async with platform.database.worker() as session:
        report = (await session.scalars(select(Report).where(Report.cluster_id == cluster_id))).one()
    tokens: set[str] = set()
    for turn in range(40):
        worker = Platform(platform.database, tmp_path / str(turn), platform.who.organization_id)
        await worker.lines.tick()
        await worker.work.start_due()
        if turn % 2:  # killed in the middle of its acts: what they found out is never applied
            await asyncio.sleep(0.05 * turn)
            for run in list(worker.work._running.values()):
                run.task.cancel()
        await asyncio.gather(*(run.task for run in worker.work._running.values()), return_exceptions=True)
        await worker.lines.close()
        async with platform.database.worker() as session:
            await session.execute(
                text("UPDATE reports SET due_at = heroes_now(), lease_owner = NULL WHERE state != 'DONE'")
            )
            report = await session.get_one(Report, report.id)
        tokens |= {one["token"] for one in report.probes.values()}
        if report.state == "DONE":
            break
    assert report.verdict == "ok", json.dumps(report.findings, indent=1)
    assert len(tokens) == 2, "one token a queue, for the whole check"
    command = ["sacct", "-n", "-X", "-P", "-S", "now-1hour", "-a", "-o", "JobName"]
    for _ in range(60):  # the accounting may lag behind
        names = [name for name in laboratory.exec("beta", command).stdout.split() if name in tokens]
        if set(names) == tokens:
            break
        await asyncio.sleep(0.5)
    assert sorted(names) == sorted(tokens)
