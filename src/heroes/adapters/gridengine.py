"""The Batch port for Grid Engine (8.1 and its kin), by its commands over a Shell.

Two sources: qstat knows live jobs only, the accounting file (qacct) those that ended, some seconds later. A job deleted
before it started is in neither. Elements of arrays are numbered from 1 in even steps: the index is one less, or, of an
uneven array, stands in a list behind the token in the job's name. The site id of an array is its number with "[]".
"""

import asyncio
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from heroes.adapters.arrays import hours, series, start_script
from heroes.adapters.gridengine_text import (
    IN_DOUBT,
    REFUSALS,
    SHIFT,
    Facts,
    Read,
    complexes,
    objects,
    parallel_environment,
    read_qacct,
    read_qstat,
    read_queues,
)
from heroes.adapters.ports import (
    Absent,
    Fact,
    Found,
    Key,
    Order,
    QueueFacts,
    Shell,
    Sighting,
    SiteEnd,
    SiteJob,
    SiteState,
    Unaccounted,
    Unknown,
)
from heroes.adapters.questions import Orders, Section, ask, cancelled, checked_ids, clock, lines_of
from heroes.kit.clock import utcnow
from heroes.kit.errors import Garbled, Refused, Unreachable

LAG_S = 600
"""added to `since`: what a clock may have been set back meanwhile"""
FORGOTTEN = timedelta(minutes=5)
"""how long both sources must have answered without a job until it is taken for gone"""

_PRELUDE = r"""
export TZ=UTC0 LC_ALL=C
set -f
"""
# qacct reads the whole file at each call, so all jobs are asked for in one. A run that never started has no time of
# start and is left out by -b: of what is still missing, a few are asked for one by one.
_ACCOUNTING = r"""
keep='
  function flush() {
    if ((want[number] || (token != "" && (name == token || index(name, token ".") == 1))) && block != "") print block
    block = ""
  }
  BEGIN { n = split(ids, every, " "); for (i = 1; i <= n; i++) want[every[i]] = 1 }
  /^@status [0-9]+$/ { status = $2; next }
  /^=====*$/ { flush(); block = $0; number = name = ""; next }
  /[Nn]o such file|[Pp]ermission denied|unable to open/ { print; next }
  $1 == "jobnumber" { number = $2 }
  $1 == "jobname" { name = $2 }
  /^(jobname|jobnumber|taskid|hostname|qsub_time|start_time|end_time|failed|exit_status|slots|category|cpu) / ||
  /^(ru_wallclock|ru_maxrss) / { block = block "\n" $0 }
  END { flush(); exit status }'
recorded() { # TOKEN IDS, QACCT'S ARGUMENTS...
  token=$1 wanted=$2; shift 2
  { $limit qacct "$@" 2>&1 </dev/null; echo "@status $?"; } | awk -v token="$token" -v ids="$wanted" "$keep"
}
ended() { # TOKEN, IDS WITHOUT []
  told=$(recorded "$1" "$2" -o "$(id -un)" -b "$since" -j); status=$?
  printf '%s\n' "$told"
  for each in $(printf '%s\n' "$told" | awk -v ids="$2" '
      $1 == "jobnumber" { known[$2] }
      END { n = split(ids, every, " "); for (i = 1; i <= n && most < 10; i++)
        if (!(every[i] in known)) { print every[i]; most++ } }'); do
    recorded "" "$each" -j "$each"
  done
  return "$status"
}
"""
_WATCH = r"""
since=$1
live=$($limit qstat -u "$(id -un)" -xml 2>&1 </dev/null); status=$?
printf '%s qstat\n%s\n%s . %s\n' "$mark" "$live" "$mark" "$status"
ids=$({ printf '%s\n' "$live" "$mark"; cat; } | awk -v mark="$mark" '
  $0 == mark { rest = 1; next }
  !rest { if (match($0, /<JB_job_number>[0-9]+/)) live[substr($0, RSTART + 15, RLENGTH - 15)]; next }
  $0 != "" && (/\[\]/ || !($0 in live)) { sub(/\[\]/, ""); print }' | tr '\n' ' ')
if [ -n "$ids" ]; then part qacct ended "" "$ids"; fi
"""
_FIND = r"""
since=$1 token=$2
part qstat $limit qstat -u "$(id -un)" -xml
part qacct ended "$token" ""
"""
_USAGE = r"""
since=$1
ids=$(tr '\n' ' ')
part qacct ended "" "$ids"
"""
_CANCEL = r"""
part qdel $limit qdel "$@"
"""
_SETUP = r"""
environments() { for each in $($limit qconf -spl); do $limit qconf -sp "$each" || return; done; }
queues() { $limit qconf -sq $($limit qconf -sql); }
version() { qstat -help | sed -n 1p; }
part version version
part complexes $limit qconf -sc
part environments environments
part queues queues
part config $limit qconf -sconf
"""
_QUEUES = r"""
queues() { $limit qconf -sq $($limit qconf -sql); }
count() { # by queue, "-" for those that wait
  $limit qstat -u '*' | awk '$1 ~ /^[0-9]+$/ { queue = $5 ~ /q/ ? "-" : $8; sub(/@.*/, "", queue); count[queue]++ }
    END { for (queue in count) print count[queue], queue }'
}
part queues queues
part instances $limit qstat -f -xml -u "$(id -un)"
part hosts $limit qhost -xml
part jobs count
"""


@dataclass(slots=True)
class _Setup:
    queues: dict[str, Facts]
    environments: dict[str, Facts]
    consumed: dict[str, str]
    config: dict[str, str]
    version: str


def qsub_arguments(order: Order, setup: _Setup) -> list[str]:
    """What qsub is given for an order, its script apart. Refused if the site has no means for it."""
    per_node = -(-order.tasks // order.nodes) * order.cpus_per_task
    slots = per_node * order.nodes
    if order.gpus:
        raise Refused("How this site gives out GPUs is its own affair; choose a cluster with another batch system.")
    arguments = ["-terse", "-w", "e", "-S", "/bin/sh", "-o", "/dev/null", "-e", "/dev/null", "-m", "n"]
    arguments += ["-r", "y" if order.rerunnable else "n", "-l", f"h_rt={hours(order.walltime_s)}"]
    if slots > 1:
        found = parallel_environment(setup.queues, setup.environments, order.queue, order.nodes, per_node)
        if found is None:
            raise Refused(
                f"The site has no parallel environment that gives {per_node} cores on each of {order.nodes} nodes"
                + (f" in the queue {order.queue}." if order.queue else ".")
                + " Ask for one core, or choose another queue or cluster."
            )
        arguments += ["-pe", found, str(slots)]
    if order.memory_bytes is not None:
        arguments += _memory(order.memory_bytes, order.nodes, per_node, setup.consumed.get("h_vmem", "NO"))
    if order.queue:
        arguments += ["-q", order.queue]
    if order.account:
        arguments += ["-A", order.account]
    name = order.token
    if order.indexes is not None:
        of = series(order.indexes, SHIFT)
        arguments += ["-t", of.text]
        name += f".{of.list_text}" if of.listed else ""
    return [*arguments, "-N", name]


def _memory(size: int, nodes: int, per_node: int, consumed: str) -> list[str]:
    """Where the site counts memory, its share of a slot. Elsewhere nothing: h_vmem would limit the address space alone
    and end programs that merely reserve much, and of load values qsub cannot tell whether a job could ever start.
    """
    mib = max(1, -(-size // 2**20))
    share = {"YES": -(-mib // per_node), "JOB": mib * nodes}.get(consumed)
    return ["-l", f"h_vmem={share}M"] if share else []


@dataclass(slots=True)
class GridEngine:
    """Grid Engine at one site. `lag_s`: how long its accounting may lag behind the end of a job."""

    lag_s: float = 20.0
    name: str = "gridengine"
    _known: _Setup | None = None
    _deleted: set[str] = field(default_factory=set)
    """those we deleted before they started: no source will ever tell of them"""
    _missing: dict[str, datetime] = field(default_factory=dict)
    """since when no source knows them"""

    async def _setup(self, shell: Shell) -> _Setup:
        if self._known is None:
            self._known = _read_setup(await ask(shell, _PRELUDE + _SETUP))
        return self._known

    # ------------------------------------------------------------------------------------------------------ ordering

    async def submit(self, shell: Shell, order: Order) -> str:
        setup = await self._setup(shell)
        of = series(order.indexes, SHIFT) if order.indexes is not None else None
        script = start_script(order, "SGE_TASK_ID", of)
        said = await ORDERS.give(shell, order, ["qsub", *qsub_arguments(order, setup)], script)
        site_id = _read_id(said)
        if site_id is None:
            raise Garbled(f"qsub took the job but gave no id: {' '.join(said.split())[:500]!r}", answer=said)
        return site_id

    async def cancel(self, shell: Shell, token: str, site_ids: Collection[str]) -> None:
        ids = checked_ids(site_ids, r"\d+(\[\](_\d+)?)?", "Grid Engine")
        part = (await ask(shell, _PRELUDE + _ACCOUNTING + _WATCH, [_from(utcnow())]))["qstat"]
        read = read_qstat(part.text)
        if why := _silence(part, read):
            raise Unreachable(f"The scheduler did not tell its jobs: {why}", code="scheduler_silent", why=why)
        ours = {key for key, job in read.jobs.items() if job.token == token}
        whole = {site_id for site_id, _ in ours}.intersection(ids)
        wanted = {(each.split("_")[0], int(each.split("_")[1])) for each in ids if "_" in each} & ours
        names = [*(each.removesuffix("[]") for each in sorted(whole)), *(read.elements[key] for key in sorted(wanted))]
        if not names:
            return
        part = (await ask(shell, _PRELUDE + _CANCEL, names))["qdel"]
        self._deleted |= set(re.findall(r"has deleted job (\d+)", part.text))
        fine = "has (deleted|registered)|does not exist|already in deletion"
        cancelled(part, "qdel", "Grid Engine", fine=fine, denied="denied|not allowed|permission")

    # ------------------------------------------------------------------------------------------------------- looking

    async def find(self, shell: Shell, token: str, *, since: datetime) -> Found | Absent | Unknown:
        """See `ports.Batch`. Before it says Absent it waits as long as the accounting may lag, and asks again."""
        first = await self._find(shell, token, since)
        if not isinstance(first, Absent):
            return first
        await asyncio.sleep(self.lag_s)
        return await self._find(shell, token, since)

    async def _find(self, shell: Shell, token: str, since: datetime) -> Found | Absent | Unknown:
        asked_at = utcnow()
        parts = await ask(shell, _PRELUDE + _ACCOUNTING + _FIND, [_from(since), token])
        jobs, sources = _read(parts)
        if found := [job for job in jobs.values() if job.token == token]:
            found = sorted(found, key=lambda job: (job.site_id, job.index or 0))
            return Found(found, complete=not any(sources.values()))
        if silent := {name: why for name, why in sources.items() if why}:
            return Unknown("; ".join(f"{name}: {why}" for name, why in silent.items()))
        return Absent(asked_at)

    async def watch(
        self, shell: Shell, *, since: datetime, known: Collection[str], sample: Collection[Key] = ()
    ) -> Sighting:
        asked_at = utcnow()
        ids = _ids(known)
        parts = await ask(shell, _PRELUDE + _ACCOUNTING + _WATCH, [_from(since)], lines_of(ids))
        jobs, sources = _read(parts)
        if not any(sources.values()):
            jobs |= self._gone(ids, {site_id for site_id, _ in jobs}, asked_at)
        return Sighting(jobs, sources, asked_at, clock(parts["clock"].text).ahead(asked_at, utcnow()))

    def _gone(self, known: Collection[str], seen: set[str], now: datetime) -> dict[Key, SiteJob]:
        """Those that both sources do not know: deleted by us while they waited, or for so long that they must be."""
        self._missing = {each: self._missing.get(each, now) for each in known if each not in seen}
        found: dict[Key, SiteJob] = {}
        for each, missing_since in self._missing.items():
            ours = each.removesuffix("[]") in self._deleted
            if ours or now - missing_since >= FORGOTTEN:
                end = SiteEnd.CANCELLED if ours else SiteEnd.UNKNOWN
                words = "It was deleted before it started." if ours else "Neither qstat nor qacct knows it any more."
                found[each, None] = SiteJob(each, None, "", SiteState.ENDED, end, "not in qstat, not in qacct", words)
        return found

    async def usage(self, shell: Shell, site_ids: Collection[str]) -> dict[Key, SiteJob]:
        if not site_ids:
            return {}
        ids = [each.removesuffix("[]") for each in _ids(site_ids)]
        back = utcnow() - timedelta(days=14)
        parts = await ask(shell, _PRELUDE + _ACCOUNTING + _USAGE, [_from(back)], lines_of(ids))
        jobs, sources = _read(parts)
        if why := sources["qacct"]:
            raise Unaccounted(f"The site's accounting did not answer: {why}")
        return jobs

    def is_told(self, seen: SiteJob) -> bool:
        return seen.usage is not None

    # ------------------------------------------------------------------------------------------------------ the site

    async def queues(self, shell: Shell) -> list[QueueFacts]:
        parts = await ask(shell, _PRELUDE + _QUEUES)
        for name in ("queues", "instances", "hosts"):
            if why := parts[name].silence:
                raise Unreachable(f"The scheduler did not tell its queues: {why}", code="queues_untold", why=why)
        return read_queues(*(parts[name].text for name in ("queues", "instances", "hosts", "jobs")))

    async def probe(self, shell: Shell) -> list[Fact]:
        asked_at = utcnow()
        parts = await ask(shell, _PRELUDE + _SETUP)
        setup = self._known = _read_setup(parts)
        show = "qconf -sconf"
        size = setup.config.get("max_aj_tasks", "")
        environments = {name: facts.get("allocation_rule") for name, facts in setup.environments.items()}
        return [
            Fact("scheduler", f"gridengine {setup.version}", "qstat -help", parts["version"].text),
            Fact("accounting", "accounting=true" in parts["config"].text, show, parts["config"].text),
            Fact("energy", {"plugin": None, "interval_s": None}, show),
            Fact("max_array_size", int(size) if size.isdigit() and int(size) else None, show, parts["config"].text),
            Fact("parallel_environments", environments, "qconf -sp", parts["environments"].text),
            Fact("clock_ahead_s", clock(parts["clock"].text).ahead(asked_at, utcnow()), "date", parts["clock"].text),
        ]


# ----------------------------------------------------------------------------------------------------------- readings


def _read_setup(parts: dict[str, Section]) -> _Setup:
    for name in ("complexes", "environments", "queues"):
        if why := parts[name].silence:
            raise Unreachable(f"Grid Engine's master did not answer: {why}", code="scheduler_silent", why=why)
    version = re.search(r"\d+(\.\d+)+\S*", parts["version"].text)
    return _Setup(
        queues=objects(parts["queues"].text, "qname"),
        environments=objects(parts["environments"].text, "pe_name"),
        consumed=complexes(parts["complexes"].text),
        config=dict(re.findall(r"^(\w+) +(\S+)", parts["config"].text, re.MULTILINE)),
        version=version[0] if version else "",
    )


def _read(parts: dict[str, Section]) -> tuple[dict[Key, SiteJob], dict[str, str | None]]:
    """The jobs of both sources as one, what is live before what is recorded, and what each source complains of."""
    jobs: dict[Key, SiteJob] = {}
    sources: dict[str, str | None] = dict.fromkeys(name for name in ("qstat", "qacct") if name in parts)
    for name, read in (("qacct", read_qacct), ("qstat", read_qstat)):
        if name in parts:
            found: Read = read(parts[name].text)
            jobs |= found.jobs
            sources[name] = _silence(parts[name], found)
    return jobs, sources


def _silence(part: Section, read: Read) -> str | None:
    """Why a source's answer is not whole."""
    return read.complaint or (part.silence if part.status in (None, 124) else None)


def _from(since: datetime) -> str:
    """A time as qacct -b takes it; asked with TZ=UTC0."""
    return (since - timedelta(seconds=LAG_S)).strftime("%Y%m%d%H%M")


def _ids(site_ids: Collection[str]) -> list[str]:
    return checked_ids(site_ids, r"\d+(\[\])?", "Grid Engine")


def _read_id(text: str) -> str | None:
    """The id of `qsub -terse`: 2, or 3.1-3:1 of an array; warnings may stand before it."""
    found = re.findall(r"^(\d+)(\.\d+-\d+:\d+)?$", text, re.MULTILINE)
    return f"{found[-1][0]}{'[]' if found[-1][1] else ''}" if found else None


ORDERS = Orders("qsub", IN_DOUBT, REFUSALS, _read_id)
