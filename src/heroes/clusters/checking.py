"""The compliance check as durable work: ask the login node, order one probe per queue, read what they wrote.

Each probe's token is committed before its order leaves, and the order's folder is made exclusively: however often a
worker dies here, no queue sees the same probe twice.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from heroes.adapters.ports import (
    Absent,
    AlreadyOrdered,
    Busy,
    Found,
    NotThere,
    Order,
    QueueFacts,
    Result,
    SiteState,
    Unknown,
)
from heroes.clusters import compliance, probe, rules
from heroes.clusters.compliance import Asked, Finding, Verdict
from heroes.clusters.lines import Lines, Site
from heroes.clusters.models import Cluster, Line, Queue, Report
from heroes.clusters.rules import ClusterState, Kind
from heroes.clusters.sighting import store_queues
from heroes.kit import outbox
from heroes.kit.clock import utcnow
from heroes.kit.db import LOCK, heroes_now, transaction_time
from heroes.kit.errors import Refused, SiteError, Unreachable
from heroes.kit.ids import new_token
from heroes.kit.work import Claim, Done, Work

GRACE = timedelta(seconds=30)  # an unreachable site gets this long before the report says so
LOST = timedelta(seconds=90)  # an order that no source knows after this never arrived
ARRIVAL_S = 30
COMMAND_S = 30
MOST_QUEUES = 32


@dataclass
class _Probe:
    """One queue's probe, as the report's row keeps it."""

    token: str
    nonce: str
    gpus: int
    walltime_s: int
    site_id: str | None = None
    ordered_at: str | None = None
    done: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


def _new_probe(queue: QueueFacts) -> _Probe:
    longest = min(probe.WALLTIME_S, queue.max_walltime_s or probe.WALLTIME_S)
    return _Probe(new_token(), new_token(), queue.gpus_per_node, longest)


async def check(work: Work, claim: Claim, *, lines: Lines) -> None:
    """Bring a report one state on: WAITING → PROBING → DONE."""
    report: Report = await work.load(Report, claim)
    if report.state == "WAITING":
        await _login(work, claim, lines, report)
    elif report.state == "PROBING":
        await _probes(work, claim, lines, report)
    else:
        async with work.apply(claim):
            return


async def _login(work: Work, claim: Claim, lines: Lines, report: Report) -> None:
    async with work.database.worker() as session:
        cluster = await session.get_one(Cluster, report.cluster_id)
        line = await session.get_one(Line, report.line_id)
        now = await transaction_time(session)
        session.expunge_all()
    if not lines.holds(line.id, line.epoch):
        raise Unreachable("The account's connection is being taken over; the check goes on at once.")
    where = f"{line.account}@{cluster.host}" if cluster.host else "this machine"
    try:
        async with lines.control(report.line_id) as site:
            findings = [compliance.connection(where, lines.banner(line.id), None)]
            findings += await _ask_login(site)
            seen, finding = await _ask_queues(site, findings)
            findings.append(finding)
    except Unreachable as error:
        if now - report.created_at < GRACE:
            raise
        await _give_up(work, claim, compliance.connection(where, None, error.detail))
        return
    except SiteError as error:
        await _give_up(work, claim, compliance.connection(where, None, error.detail))
        return
    facts = {key: value for finding in findings for key, value in finding.facts.items()}
    async with work.apply(claim) as done:
        row: Report = done.row
        owner = await done.session.get_one(Cluster, row.cluster_id, with_for_update=LOCK)
        owner.facts = {**owner.facts, **facts}
        if seen:
            await store_queues(done.session, owner, seen, now)
        up = [queue for queue in seen if queue.state == "UP"][:MOST_QUEUES]
        row.findings = [finding.line() for finding in findings]
        if compliance.worst(row.findings) is Verdict.FAIL:
            await _finish(done, {})  # a site that is not in order gets no jobs, not even probes
            return
        row.probes = {queue.name: asdict(_new_probe(queue)) for queue in up}
        row.state = "PROBING"
        done.again()


async def _ask_login(site: Site) -> list[Finding]:
    findings = []
    if not compliance.LOGIN[site.kind]:
        findings += compliance.told_by_interface(await site.batch.probe(site.shell))
    for one in compliance.LOGIN[site.kind]:
        before = utcnow()
        result = await _answer(site, one.argv(site.root, site.folder_mode))
        findings.append(one.finding(result, Asked(before, utcnow(), site.root, site.folder_mode)))
    try:
        await site.files.stat(site.root)
        findings.append(compliance.sftp(site.root, None))
    except SiteError as error:
        findings.append(compliance.sftp(site.root, error.detail))
    return findings


async def _answer(site: Site, argv: Sequence[str]) -> Result:
    """Return a command's answer; that it gave none in time is one as well, if the site answers others."""
    try:
        return await site.shell.run(argv, timeout=COMMAND_S)
    except Unreachable as error:
        await site.shell.run(["true"], timeout=10)
        return Result(124, "", error.detail)


async def _ask_queues(site: Site, findings: Sequence[Finding]) -> tuple[Sequence[QueueFacts], Finding]:
    if any(finding.check == "scheduler" and finding.verdict is Verdict.FAIL for finding in findings):
        return [], compliance.queues([], compliance.NOT_ASKED)
    try:
        seen = await site.batch.queues(site.shell)
    except SiteError as error:
        return [], compliance.queues([], error.detail)
    return seen, compliance.queues(seen)


async def _probes(work: Work, claim: Claim, lines: Lines, report: Report) -> None:
    probes = {name: _Probe(**stored) for name, stored in report.probes.items()}
    findings: list[Finding] = []
    try:
        async with lines.control(report.line_id) as site:
            for name, one in probes.items():
                if not one.done:
                    findings += await _advance(work, claim, site, report, name, one)
    finally:
        # what was learned before the site fell silent is kept
        async with work.checkpoint(claim) as done:
            done.row.probes = {name: asdict(one) for name, one in probes.items()}
            done.row.findings = [*done.row.findings, *(finding.line() for finding in findings)]
    if not all(one.done for one in probes.values()):
        async with work.apply(claim) as done:
            done.again(3)
        return
    async with lines.control(report.line_id) as site:
        with suppress(Refused):
            await site.files.remove_tree(_folder(site, report))
    async with work.apply(claim) as done:
        await _finish(done, probes)


async def _advance(work: Work, claim: Claim, site: Site, report: Report, queue: str, one: _Probe) -> list[Finding]:
    """Bring one probe on; return its findings once it is done."""
    folder = f"{_folder(site, report)}/{one.token}.d"
    if one.site_id is None:
        try:
            refusal = await _order(work, claim, site, report, queue, one, folder)
        except Busy:
            return []
        if refusal is not None:
            one.done = True
            return [refusal]
    answer = await site.batch.find(site.shell, one.token, since=report.created_at - timedelta(minutes=10))
    age = utcnow() - datetime.fromisoformat(one.ordered_at or utcnow().isoformat())
    if isinstance(answer, Unknown):
        return []
    if isinstance(answer, Absent):
        if age < LOST:
            return []
        # it may have ended: a queue forgets, and not every site keeps books
        return await _over(site, queue, one, folder, "no source of the site knows the job")
    return await _found(site, report, queue, one, folder, answer, age)


async def _order(
    work: Work, claim: Claim, site: Site, report: Report, queue: str, one: _Probe, folder: str
) -> Finding | None:
    await site.files.makedirs(folder, 0o700)
    script = f"{folder}/probe.sh"
    await site.files.write(f"{folder}/nonce", one.nonce.encode(), 0o600)
    await site.files.write(script, probe.script(folder, one.token, one.nonce), 0o700)
    order = Order(
        token=one.token,
        folder=folder,
        script_path=script,
        queue=queue,
        account=site.account,
        walltime_s=one.walltime_s,
        memory_bytes=probe.MEMORY_BYTES,
        gpus=1 if one.gpus else 0,
        comment="HEROES probe",
    )
    one.ordered_at = one.ordered_at or utcnow().isoformat()
    try:
        one.site_id = await site.batch.submit(site.shell, order)
    except AlreadyOrdered as error:
        one.site_id = error.facts.get("site_id") or ""
    except Refused as error:
        return probe.refused(queue, error.detail)
    return None


async def _found(
    site: Site, report: Report, queue: str, one: _Probe, folder: str, answer: Found, age: timedelta
) -> list[Finding]:
    job = answer.jobs[0]
    if job.state in (SiteState.QUEUED, SiteState.HELD):
        if age < timedelta(seconds=report.patience_s):
            return []
        await site.batch.cancel(site.shell, one.token, [job.site_id])
        one.done = True
        return [probe.not_started(queue, age.total_seconds() / 60, job.text or job.reason)]
    if job.state is not SiteState.ENDED:
        return []
    return await _over(site, queue, one, folder, f"ended as {job.end}: {job.text or job.reason or job.exit_code}")


async def _over(site: Site, queue: str, one: _Probe, folder: str, why: str) -> list[Finding]:
    """Judge a probe that runs no more by what it wrote; `why` is said if that is nothing."""
    one.done = True
    written = f"{folder}/{one.token}/probe.json"
    lag = await _arrival(site, written)
    try:
        seen = probe.read(await site.files.read(written))
    except NotThere:
        seen = None
    if seen is None:
        return [probe.nothing_came(queue, why)]
    one.facts = probe.facts(seen)
    return probe.judge(queue, seen, advertised_gpus=one.gpus, arrival_s=lag)


async def _arrival(site: Site, written: str) -> int | None:
    """Return after how many seconds what the job wrote is seen from outside; None: not known."""
    if site.files_only and site.kind is not Kind.LOCAL:
        return None
    argv = ["sh", "-c", probe.ARRIVAL, "sh", written, str(ARRIVAL_S)]
    arrival = await site.shell.run(argv, timeout=ARRIVAL_S + 30)
    return int(arrival.stdout) if arrival.stdout.strip().isdigit() else None


async def _give_up(work: Work, claim: Claim, finding: Finding) -> None:
    async with work.apply(claim) as done:
        done.row.findings = [finding.line()]
        await _finish(done, {})


async def _finish(done: Done, probes: Mapping[str, _Probe]) -> None:
    report: Report = done.row
    cluster = await done.session.get_one(Cluster, report.cluster_id, with_for_update=LOCK)
    ours = Queue.cluster_id == cluster.id
    names = await done.session.scalars(select(Queue.name).where(ours).order_by(Queue.id))
    for name in [name for name in names if name in probes]:  # as a sighting stores them: none waits for the other
        one = probes[name]
        known = {**one.facts, **_problem(report.findings, name)}
        stored = update(Queue).where(ours, Queue.name == name)
        if known:
            await done.session.execute(stored.values(facts=known, probed_at=heroes_now()))
    told = [one.facts for one in probes.values() if one.facts]
    if told:
        cluster.facts = {**cluster.facts, **rules.union_facts(told)}
    report.state, report.verdict = "DONE", compliance.worst(report.findings)
    report.finished_at = heroes_now()
    cluster.verdict, cluster.checked_at = report.verdict, heroes_now()
    if cluster.state == ClusterState.ENROLLING and ready(report.findings, list(probes)):
        cluster.state = ClusterState.READY
    facts = {"report": report.id, "verdict": report.verdict, "state": cluster.state}
    outbox.emit(done.session, cluster.organization_id, type="cluster.checked", subject=cluster.id, data=facts)


def _problem(findings: Sequence[Mapping[str, Any]], queue: str) -> dict[str, Any]:
    failed = [f for f in findings if f["queue"] == queue and f["verdict"] == Verdict.FAIL]
    return {"problem": failed[0]["cure"] or failed[0]["answer"]} if failed else {}


def ready(findings: Sequence[Mapping[str, Any]], queues: Sequence[str]) -> bool:
    """Tell whether a cluster may take jobs: its login node is in order, and so is at least one queue."""
    failed = {finding["queue"] for finding in findings if finding["verdict"] == Verdict.FAIL}
    return None not in failed and any(queue not in failed for queue in queues)


def _folder(site: Site, report: Report) -> str:
    return f"{site.root}/checks/{report.id}"
