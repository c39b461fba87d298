"""The Batch and Files ports for a Slurm system behind FirecREST v2, by its REST interface; there is no shell.

What it gives: a folder is made exclusively (`ops/mkdir`), a link too (`ops/symlink`), so the token's folder and the
gate hold as elsewhere. What it lacks: folder and submission are two requests; jobs are asked for by name within the
last seven days; cores and energy of a job, single elements of an array and limits of a queue are not told; a file is
not replaced as one act, and moves only up to the size that the site allows (5 MiB unless set otherwise).
"""

import asyncio
import re
import shlex
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx

from heroes.adapters.firecrest_files import Exists, FirecRestFiles
from heroes.adapters.ports import (
    Absent,
    AlreadyOrdered,
    Busy,
    Fact,
    Found,
    Key,
    NoRoom,
    NotThere,
    Order,
    QueueFacts,
    Shell,
    Sighting,
    SiteEnd,
    SiteJob,
    SiteState,
    SiteUsage,
    Unknown,
)
from heroes.adapters.questions import checked_ids
from heroes.adapters.rest import Rest, as_object, said
from heroes.adapters.slurm import sbatch_arguments
from heroes.adapters.slurm_text import job_id
from heroes.adapters.slurm_words import IN_DOUBT, REFUSALS, is_held, plain_reason, state_of
from heroes.kit.clock import utcnow
from heroes.kit.errors import Garbled, Refused, Unreachable

WINDOWS = (("1h", 1), ("8h", 8), ("24h", 24), ("3d", 72), ("7d", 168))
MARGIN = timedelta(hours=2)  # a site's clock may be wrong by this much
MOST_AT_ONCE = 4
_BY_API = ("--parsable", "--job-name=", "--chdir=", "--output=", "--error=", "--partition=", "--account=")
_DOWN = {"DOWN", "DRAIN", "OFFLINE", "POWERING_DOWN", "UNKNOWN"}
# Written by the job itself, since the interface does not tell it: cores on each node, as 2(x3),4
_START = """#!/bin/sh
{directives}
printf '%s\\n' "$SLURM_JOB_CPUS_PER_NODE" >{cpus}${{SLURM_ARRAY_TASK_ID:+.$SLURM_ARRAY_TASK_ID}}
export HEROES_INDEX="${{HEROES_INDEX:-$SLURM_ARRAY_TASK_ID}}"
exec {script}
"""


@dataclass(slots=True)
class FirecRest:
    """A system of one FirecREST; its shell is never used."""

    rest: Rest
    system: str
    name: str = "firecrest"
    _files: "FirecRestFiles" = field(init=False)

    def __post_init__(self) -> None:
        self._files = FirecRestFiles(self.rest, self.system)

    # ------------------------------------------------------------------------------------------------------ ordering

    async def submit(self, shell: Shell, order: Order) -> str:
        folder = f"{order.folder}/{order.token}"
        try:
            await self._files.make_new(folder)
        except Exists:
            former = await self._former(order.token)
            text = f"The order {order.token} was given before" + (f" and became job {former}." if former else ".")
            raise AlreadyOrdered(text, site_id=former) from None
        except NoRoom as error:
            raise Busy(error.detail) from None
        except NotThere:
            raise Refused(f"The folder {folder} cannot be made at the site: the folder above is not there.") from None
        answer = await self.rest.send("POST", f"compute/{self.system}/jobs", json={"job": described(order)})
        if answer.status_code == 201:
            site_id = as_object(answer, self.rest.name).get("jobId")
            if not site_id:
                raise Unreachable("The site took the order and gave no id: it is in doubt whether there is a job.")
            return str(site_id)
        refusal = judged(answer)
        if not isinstance(refusal, Unreachable) or isinstance(refusal, Busy):
            with suppress(Refused, Unreachable):  # surely not taken: the same order may be given again
                await self._files.remove_tree(folder)
        raise refusal

    async def _former(self, token: str) -> str | None:
        with suppress(Unreachable, Garbled):
            jobs = await self._jobs(name=token, time_window=WINDOWS[-1][0])
            return next((job.site_id for job in jobs.values()), None)
        return None

    async def cancel(self, shell: Shell, token: str, site_ids: Collection[str]) -> None:
        ids = checked_ids(site_ids, r"\d+(_\d+)?", "FirecREST")
        parts: dict[str, set[str]] = {}
        for each in ids:
            parts.setdefault(each.partition("_")[0], set()).add(each.partition("_")[2])
        meant = [site_id for site_id, indexes in sorted(parts.items()) if await self._is_meant(site_id, token, indexes)]
        await _some_at_once(self._cancel, meant)

    async def _is_meant(self, site_id: str, token: str, indexes: Collection[str]) -> bool:
        """Tell whether a live job of this id is the token's. Refused unless all its elements are meant: only whole
        arrays can be ended.
        """
        answer = await self.rest.send("GET", f"compute/{self.system}/jobs/{site_id}")
        if answer.status_code == 404:
            return False
        if answer.status_code != 200:
            raise Unreachable(f"The site does not tell its jobs: {said(answer)}", code="jobs_untold", said=said(answer))
        jobs = read_jobs(as_object(answer, self.rest.name).get("jobs") or [])
        live = [job for job in jobs.values() if job.site_id == site_id and job.state is not SiteState.ENDED]
        ours = [job.index for job in live if job.token == token]
        others = [index for index in ours if str(index) not in indexes]
        if "" not in indexes and others:
            raise Refused(f"FirecREST cancels whole arrays only, and element {others[0]} of {site_id} shall go on.")
        return bool(ours)

    async def _cancel(self, site_id: str) -> None:
        answer = await self.rest.send("DELETE", f"compute/{self.system}/jobs/{site_id}")
        text = said(answer)
        fine = re.search("invalid job id|already (completing|completed)|job not found", text, re.IGNORECASE)
        if answer.is_success or answer.status_code == 404 or fine:
            return
        if answer.status_code == 403 or re.search("permission|not authorized", text, re.IGNORECASE):
            raise Refused(f"The account may not cancel this job; ask the site's staff. The site says: {text}")
        raise Unreachable(f"The job {site_id} could not be cancelled: {text}")

    # ------------------------------------------------------------------------------------------------------- looking

    async def find(self, shell: Shell, token: str, *, since: datetime) -> Found | Absent | Unknown:
        asked_at = utcnow()
        window = _window(since, asked_at)
        if window is None:
            return Unknown("the site tells of the last seven days only, and the order is older")
        try:
            jobs = await self._jobs(name=token, time_window=window)
        except (Unreachable, Garbled) as error:
            return Unknown(error.detail)
        if jobs:
            return Found(sorted(jobs.values(), key=lambda job: (job.site_id, job.index or 0)))
        return Absent(asked_at)

    async def watch(
        self, shell: Shell, *, since: datetime, known: Collection[str], sample: Collection[Key] = ()
    ) -> Sighting:
        asked_at = utcnow()
        try:
            jobs = await self._jobs(time_window=_window(since, asked_at) or WINDOWS[-1][0])
        except Garbled as error:
            return Sighting({}, {"jobs": error.detail}, asked_at)
        return Sighting(jobs, {"jobs": None}, asked_at)

    async def _jobs(self, **asked: str) -> dict[Key, SiteJob]:
        answer = await self.rest.send("GET", f"compute/{self.system}/jobs", params=asked)
        if answer.status_code != 200:
            raise Unreachable(f"The site does not tell its jobs: {said(answer)}", code="jobs_untold", said=said(answer))
        return read_jobs(as_object(answer, self.rest.name).get("jobs") or [])

    async def usage(self, shell: Shell, site_ids: Collection[str]) -> dict[Key, SiteJob]:
        ids = sorted({each.partition("_")[0] for each in checked_ids(site_ids, r"\d+(_\d+)?", "FirecREST")})
        found: dict[Key, SiteJob] = {}
        for told in await _some_at_once(self._measured, ids):
            found |= told
        wanted = set(site_ids)
        return {key: job for key, job in found.items() if job.site_id in wanted or f"{key[0]}_{key[1]}" in wanted}

    def is_told(self, seen: SiteJob) -> bool:
        """How many cores a job had its own file tells, which no look reads."""
        return False

    async def _measured(self, site_id: str) -> dict[Key, SiteJob]:
        answer = await self.rest.send("GET", f"compute/{self.system}/jobs/{site_id}")
        if answer.status_code == 404:
            return {}
        if answer.status_code != 200:
            raise Unreachable(
                f"The accounting does not answer: {said(answer)}", code="accounting_silent", said=said(answer)
            )
        raw = as_object(answer, self.rest.name).get("jobs") or []
        jobs = {key: job for key, job in read_jobs(raw).items() if key[0] == site_id}
        folders = {str(one.get("name")): str(one.get("workingDirectory")) for one in raw}
        for key, job in jobs.items():
            if job.usage is not None:
                path = f"{folders[job.token]}/{job.token}/cpus" + ("" if job.index is None else f".{job.index}")
                jobs[key] = _with_cpus(job, await self._cpus(path))
        return {key: job for key, job in jobs.items() if job.usage is not None}

    async def _cpus(self, path: str) -> int | None:
        with suppress(NotThere, Refused):
            return cores((await self._files.read(path)).decode("ascii", "replace"))
        return None

    # ------------------------------------------------------------------------------------------------------ the site

    async def queues(self, shell: Shell) -> list[QueueFacts]:
        told = {}
        for what in ("partitions", "nodes"):
            answer = await self.rest.send("GET", f"status/{self.system}/{what}")
            if answer.status_code != 200:
                raise Unreachable(
                    f"The site does not tell its {what}: {said(answer)}", code="parts_untold", said=said(answer)
                )
            told[what] = as_object(answer, self.rest.name).get(what) or []
        params = {"allusers": "true", "time_window": WINDOWS[0][0]}
        answer = await self.rest.send("GET", f"compute/{self.system}/jobs", params=params)
        jobs = as_object(answer, self.rest.name).get("jobs") if answer.status_code == 200 else None
        return [read_queue(one, told["nodes"], jobs or []) for one in told["partitions"]]

    async def probe(self, shell: Shell) -> list[Fact]:
        asked = "GET /status/systems"
        answer = await self.rest.send("GET", "status/systems")
        if answer.status_code != 200:
            raise Unreachable(
                f"The site does not tell its systems: {said(answer)}", code="systems_untold", said=said(answer)
            )
        systems = as_object(answer, self.rest.name).get("systems") or []
        mine = next((one for one in systems if one.get("name") == self.system), None)
        if mine is None:
            names = ", ".join(sorted(str(one.get("name")) for one in systems)) or "none"
            raise Refused(
                f"This FirecREST has no system {self.system}; it has: {names}.",
                code="no_system",
                system=self.system,
                names=names,
            )
        scheduler = mine.get("scheduler") or {}
        kind, version = str(scheduler.get("type")), str(scheduler.get("version"))
        if kind != "slurm":
            raise Refused(
                f"The system {self.system} runs {kind}; behind FirecREST only Slurm is supported.",
                code="other_scheduler",
                system=self.system,
                kind=kind,
            )
        return [
            Fact("scheduler", f"firecrest {answer.headers.get('f7t-appversion', '2')} on slurm {version}", asked),
            Fact("accounting", True, asked),
            Fact("energy", {"plugin": None, "interval_s": None}, asked),
            Fact("max_array_size", 1, asked),  # single elements could not be cancelled
        ]


def described(order: Order) -> dict[str, Any]:
    """Return an order as FirecREST takes it; what it has no field for stands as a directive in the script."""
    arguments = sbatch_arguments(order)[:-1]
    given = {each.partition("=")[0]: each.partition("=")[2] for each in arguments}
    directives = [each for each in arguments if not each.startswith(_BY_API)]
    script = _START.format(
        directives="\n".join(f"#SBATCH {shlex.quote(each)}" for each in directives),
        cpus=shlex.quote(f"{order.folder}/{order.token}/cpus"),
        script=shlex.quote(order.script_path),
    )
    job: dict[str, Any] = {
        "name": order.token,
        "workingDirectory": given["--chdir"],
        "standardOutput": given["--output"],
        "standardError": given["--error"],
        "env": {"HEROES_TOKEN": order.token},
        "script": script,
    }
    named = {"partition": order.queue, "account": order.account}
    return job | {name: value for name, value in named.items() if value}


def judged(answer: httpx.Response) -> Refused | Unreachable:
    """Return what an answer other than "taken" means for an order: surely not taken, or in doubt."""
    text = said(answer)
    # only sbatch's own words tell that it ran and said no; any other failure may have come after it
    by_sbatch = "exit_status:" in text or answer.status_code == 403
    if answer.status_code >= 500 and (not by_sbatch or re.search(IN_DOUBT, text, re.IGNORECASE)):
        return Unreachable(f"It is in doubt whether the job was taken. The site says: {text}")
    for no in REFUSALS:
        if re.search(no.pattern, text, re.IGNORECASE):
            return Busy(f"{no.words} It says: {text}") if no.kind == "busy" else Refused(f"{no.words} It says: {text}")
    return Refused(f"The site refused the job: {text}")


def read_jobs(raw: Collection[dict[str, Any]]) -> dict[Key, SiteJob]:
    """Return the jobs of an answer. Elements of an array stand under its id; of two rows the one that has ended."""
    found: dict[Key, SiteJob] = {}
    arrays = {str(one.get("jobId")).partition("_")[0] for one in raw if "_" in str(one.get("jobId"))}
    names = {str(one["name"]) for one in raw if str(one.get("jobId")).partition("_")[0] in arrays}
    for one in raw:
        known = job_id(str(one.get("jobId")))
        if known is None or known.step is not None:
            continue
        alone = known.indexes == (None,)
        if alone and known.site_id not in arrays and str(one["name"]) in names:
            continue  # squeue's own number of an element, which the accounting tells by array and index
        for index in known.indexes:
            job = _job(one, known.site_id, index)
            if job is not None and (job.key not in found or found[job.key].state is not SiteState.ENDED):
                found[job.key] = job
    return {key: job for key, job in found.items() if key[1] is not None or key[0] not in arrays}


def _job(one: dict[str, Any], site_id: str, index: int | None) -> SiteJob | None:
    status, time = one.get("status") or {}, one.get("time") or {}
    word = str(status.get("state") or "")
    known = state_of(word)
    if known is None:
        return None
    state, end = known
    reason = str(status.get("stateReason") or "")
    waits = state is SiteState.QUEUED
    if waits and is_held(reason):
        state = SiteState.HELD
    ended = state is SiteState.ENDED
    started = _when(time.get("start")) if state not in (SiteState.QUEUED, SiteState.HELD) else None
    code, signal = status.get("exitCode"), status.get("interruptSignal") or None
    elapsed = time.get("elapsed")
    return SiteJob(
        site_id=site_id,
        index=index,
        token=str(one.get("name") or ""),
        state=state,
        end=end,
        reason=reason if waits and reason not in ("", "None") else word if ended else None,
        text=plain_reason(reason) if waits else None,
        exit_code=int(code) if ended and started and code is not None and end is not SiteEnd.CANCELLED else None,
        signal=int(signal) if ended and signal else None,
        submitted_at=_when(time.get("submission")),
        started_at=started,
        ended_at=_when(time.get("end")) if ended else None,
        usage=SiteUsage(int(one.get("allocationNodes") or 0), 0, float(elapsed), node_list=one.get("nodes"))
        if ended and started and elapsed is not None
        else None,
    )


def _with_cpus(job: SiteJob, cpus: int | None) -> SiteJob:
    if job.usage is None or cpus is None:
        return replace(job, usage=None)
    return replace(job, usage=replace(job.usage, cpus=cpus))


def cores(text: str) -> int | None:
    """Return the sum of Slurm's cores per node, such as 2(x3),4; None if it is none."""
    total = 0
    for part in text.strip().split(","):
        match = re.fullmatch(r"(\d+)(?:\(x(\d+)\))?", part)
        if match is None:
            return None
        total += int(match[1]) * int(match[2] or 1)
    return total


def read_queue(one: dict[str, Any], nodes: Collection[dict[str, Any]], jobs: Collection[dict[str, Any]]) -> QueueFacts:
    """Return a queue from its partition, its nodes, and all jobs that are shown. Limits are not told."""
    name = str(one.get("name"))
    mine = [node for node in nodes if name in (node.get("partitions") or [])]
    usable = [node for node in mine if not _DOWN & set(map(str, node.get("state") or []))]
    memory = [int(node["allocMemory"]) << 20 for node in mine if node.get("allocMemory")]
    states = [str((job.get("status") or {}).get("state")) for job in jobs if job.get("partition") == name]
    raw = one.get("partition")
    word = str(raw[0] if isinstance(raw, list) and raw else raw).upper()
    state: Literal["UP", "DOWN", "DRAIN", "INACTIVE"] = "INACTIVE"
    if word == "UP":
        state = "UP"
    elif word in ("DOWN", "DRAIN"):
        state = "DOWN" if word == "DOWN" else "DRAIN"
    return QueueFacts(
        name=name,
        nodes_total=len(mine),
        nodes_free=sum("IDLE" in map(str, node.get("state") or []) for node in usable),
        cores_per_node=min((int(node.get("cpus") or 0) for node in mine), default=0),
        memory_bytes_per_node=min(memory, default=None),
        gpus_per_node=0,
        max_walltime_s=None,
        max_nodes=None,
        state=state,
        pending_jobs=states.count("PENDING"),
        running_jobs=states.count("RUNNING"),
        down_nodes=len(mine) - len(usable),
        cores_total=sum(int(node.get("cpus") or 0) for node in mine),
        cores_free=sum(int(node.get("idleCpus") or 0) for node in usable),
    )


def _window(since: datetime, now: datetime) -> str | None:
    """Return the shortest of the interface's windows that reaches back so far; None: none does."""
    hours = (now - since + MARGIN).total_seconds() / 3600
    return next((name for name, length in WINDOWS if length >= hours), None)


def _when(value: Any) -> datetime | None:
    return datetime.fromtimestamp(int(value), UTC) if value else None


async def _some_at_once(act: Callable[[str], Any], ids: Collection[str]) -> list[Any]:
    room = asyncio.Semaphore(MOST_AT_ONCE)

    async def one(each: str) -> Any:
        async with room:
            return await act(each)

    return await asyncio.gather(*(one(each) for each in ids))
