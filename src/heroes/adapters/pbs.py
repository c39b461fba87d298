"""The Batch port for PBS: OpenPBS (19 to 23, PBS Professional) and the Torque dialect, by its commands over a Shell.

One source tells all: the server. It remembers ended jobs only where `job_history_enable` is set; elsewhere a job that
it does not know any more has ended, and the job's own exit file tells how. Torque remembers for some minutes.
PBS starts a job in the home folder, with its streams in a spool until its end: so what is submitted is a small script
that starts the order's own one in its folder, with its streams in place.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from heroes.adapters.arrays import array_text, hours, series, start_script
from heroes.adapters.pbs_text import LIST, Attributes, Read, counters_of, read_jobs, read_queues, records
from heroes.adapters.pbs_words import IN_DOUBT, REFUSALS, Dialect
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
    Unknown,
)
from heroes.adapters.questions import Orders, Section, ask, cancelled, checked_ids, clock, lines_of
from heroes.kit.clock import utcnow
from heroes.kit.errors import Garbled, Refused, Unreachable

_ID = re.compile(r"^(\d+(?:\[\])?(?:\.[\w.-]+)?)$", re.MULTILINE)

# Wanted: what the parser reads. A job's environment is most of what qstat prints; of it only the list of indexes.
_PRELUDE = r"""
export TZ=UTC0 LC_ALL=C
set -f # an id such as 1[0].delta is no pattern
keep='
  function flush() {
    if (key ~ /^(Job_Name|Job_Owner|job_state|ctime|qtime|stime|start_time|start_count|obittime|comp_time|mtime)$/ ||
        key ~ /^(history_timestamp|comment|run_count|[Ee]xit_status|substate|exec_host|Resource_List\..*)$/ ||
        key ~ /^resources_used\..*$/) print "    " key " = " value
    if (key == "Variable_List" && match(value, /HEROES_INDEXES=[0-9+-]+/))
      print "    HEROES_INDEXES = " substr(value, RSTART + 15, RLENGTH - 15)
    key = ""
  }
  /^@status [0-9]+$/ { status = $2; next }
  /^Job Id: / { flush(); print; next }
  /^\t/ { value = value substr($0, 2); next }
  /^    [A-Za-z_.]+ = / { flush(); key = $1; value = substr($0, index($0, " = ") + 3); next }
  END { flush(); exit status }'
full() { # OPTIONS IDS...: qstat in full, shortened; what it complains of comes last; its status
  { complaints=$( { { $limit qstat "$@" </dev/null; echo "@status $?"; } | awk "$keep" >&3; } 2>&1 ); status=$?; } 3>&1
  printf '%s\n' "$complaints"
  return "$status"
}
# the ids, by name or of the account, in the short list of all jobs; names and accounts are cut there to 15 characters
listed() { # NAME ACCOUNT
  printf '%s\n' "$list" | awk -v name="$1" -v user="$2" '
    $1 !~ /^[0-9]+(\[\])?(\.|$)/ || NF < 6 { next }
    { sub(/\*$/, "", $3); sub(/\..*/, "", $1) }
    (name == "" || $2 == name) && index(user, $3) == 1 && (length($3) > 13 || $3 == user) { print $1 }'
}
"""
_WATCH = r"""
history=$1 name=$2 me=$(id -un)
list=$($limit qstat $history 2>&1 </dev/null); status=$?
known() { # those on stdin that are not in the list
  { printf '%s\n' "$live" "$mark"; cat; } | awk -v mark="$mark" '
    $0 == mark { rest = 1; next }
    { short = $0; sub(/\..*/, "", short) }
    !rest { live[short]; next }
    $0 != "" && !(short in live)'
}
if [ "$status" = 0 ]; then
  live=$(listed "$name" "$me")
  ids="$live $(known)"
  if [ -n "${ids## }" ]; then part qstat full -f -t ${3:+"$3"} $ids; else part qstat true; fi
else
  printf '%s qstat\n%s\n%s . %s\n' "$mark" "$list" "$mark" "$status"
fi
"""
_USAGE = r"""
ids=$(cat)
part qstat full -f -t ${1:+"$1"} $ids
"""
_CANCEL = r"""
part qdel $limit qdel "$@"
"""
_SETUP = r"""
part version $limit qstat --version
part server $limit qstat -Bf
"""
_QUEUES = r"""
part server $limit qstat -Bf
part queues $limit qstat -Qf $1 $2
part nodes $limit pbsnodes -a $1 $2
"""


@dataclass(slots=True)
class _Setup:
    dialect: Dialect
    version: str
    history: bool
    facts: Attributes
    version_text: str


def qsub_arguments(order: Order, dialect: Dialect) -> list[str]:
    """What qsub is given for an order, its script apart."""
    per_node = -(-order.tasks // order.nodes)
    cores = per_node * order.cpus_per_task
    memory_mb = None if order.memory_bytes is None else max(1, -(-order.memory_bytes // 2**20))
    arguments = ["-N", order.token, "-S", "/bin/sh", "-m", "n", "-o", "/dev/null", "-e", "/dev/null"]
    if dialect == "openpbs":
        chunk = f"select={order.nodes}:ncpus={cores}:mpiprocs={per_node}"
        chunk += f":mem={memory_mb}mb" if memory_mb else ""
        chunk += f":ngpus={order.gpus}" if order.gpus else ""
        arguments += ["-l", chunk, "-l", f"walltime={hours(order.walltime_s)}"]
        arguments += ["-l", "place=scatter"] if order.nodes > 1 else []
    else:
        nodes = f"nodes={order.nodes}:ppn={cores}" + (f":gpus={order.gpus}" if order.gpus else "")
        memory = f",mem={memory_mb * order.nodes}mb" if memory_mb else ""
        arguments += ["-l", f"{nodes}{memory},walltime={hours(order.walltime_s)}"]
    if order.indexes is None:
        arguments += ["-r", "y" if order.rerunnable else "n"]
    elif dialect == "openpbs":
        # OpenPBS takes no array that is not rerunnable; a second start then finds the first one's mark in its folder
        of = series(order.indexes)
        arguments += ["-J", of.text]
        arguments += ["-v", f"{LIST}={of.list_text}"] if of.listed else []
    else:
        arguments += ["-r", "y" if order.rerunnable else "n", "-t", array_text(order.indexes)]
    if order.queue:
        arguments += ["-q", order.queue]
    if order.account:
        arguments += ["-A", order.account]
    return arguments


@dataclass(slots=True)
class Pbs:
    """PBS at one site. What kind of PBS it is and whether it keeps a history is asked once."""

    name: str = "pbs"
    _known: _Setup | None = None

    async def _setup(self, shell: Shell) -> _Setup:
        if self._known is None:
            parts = await ask(shell, _PRELUDE + _SETUP)
            self._known = _read_setup(parts)
        return self._known

    # ------------------------------------------------------------------------------------------------------ ordering

    async def submit(self, shell: Shell, order: Order) -> str:
        setup = await self._setup(shell)
        script = start_script(order)
        if order.indexes is not None:
            openpbs = setup.dialect == "openpbs"
            number = "PBS_ARRAY_INDEX" if openpbs else "PBS_ARRAYID"
            of = series(order.indexes) if openpbs else series((0,))
            script = start_script(order, number, of)
        said = await ORDERS.give(shell, order, ["qsub", *qsub_arguments(order, setup.dialect)], script)
        site_id = _read_id(said)
        if site_id is None:
            raise Garbled(f"qsub took the job but gave no id: {' '.join(said.split())[:500]!r}", answer=said)
        return site_id

    async def cancel(self, shell: Shell, token: str, site_ids: Collection[str]) -> None:
        ids = checked_ids(site_ids, r"\d+(\[\])?(\.[\w.-]+)?(_\d+)?", "PBS")
        names = await self._names(shell, token, ids)
        if not names:
            return
        part = (await ask(shell, _PRELUDE + _CANCEL, names))["qdel"]
        fine = "unknown job id|job has finished|invalid for state of job|^pbs_iff"
        cancelled(part, "qdel", "PBS", fine=fine, denied="unauthorized|permission")

    async def _names(self, shell: Shell, token: str, ids: list[str]) -> list[str]:
        """The site's own names of those that still are this token's; of an uneven array only the site knows them."""
        setup = await self._setup(shell)
        asked = lines_of(sorted({_of_element(each)[0] for each in ids}))
        part = (await ask(shell, _PRELUDE + _USAGE, [_x(setup)], asked))["qstat"]
        read = read_jobs(part.text)
        if why := _silence(part, read):
            raise Unreachable(f"The server did not answer: {why}", code="scheduler_silent", why=why)
        ours = {key for key, job in read.jobs.items() if job.token == token}
        whole = {site_id for site_id, _ in ours}
        elements = [read.elements[key] for key in map(_of_element, ids) if key in ours and key in read.elements]
        return [*(each for each in ids if each in whole), *elements]

    # ------------------------------------------------------------------------------------------------------- looking

    async def find(self, shell: Shell, token: str, *, since: datetime) -> Found | Absent | Unknown:
        asked_at = utcnow()
        setup = await self._setup(shell)
        part = (await ask(shell, _PRELUDE + _WATCH, [_x(setup), token, _x(setup)]))["qstat"]
        read = read_jobs(part.text)
        jobs = [job for job in read.jobs.values() if job.token == token]
        why = _silence(part, read)
        if jobs:
            return Found(sorted(jobs, key=lambda job: (job.site_id, job.index or 0)), complete=not why)
        if why:
            return Unknown(f"qstat: {why}")
        return Absent(asked_at)

    async def watch(
        self, shell: Shell, *, since: datetime, known: Collection[str], sample: Collection[Key] = ()
    ) -> Sighting:
        asked_at = utcnow()
        setup = await self._setup(shell)
        ids = _ids(known)
        parts = await ask(shell, _PRELUDE + _WATCH, ["", "", _x(setup)], lines_of(ids))
        read = read_jobs(parts["qstat"].text)
        why = _silence(parts["qstat"], read)
        jobs = dict(read.jobs)
        if not setup.history and not why:
            jobs |= {job.key: job for job in map(_forgotten, ids) if job.site_id in read.unknown}
        counters = {key: found for key in sample if key in jobs and (found := counters_of(jobs[key]))}
        ahead = clock(parts["clock"].text).ahead(asked_at, utcnow())
        return Sighting(jobs, {"qstat": why}, asked_at, ahead, counters)

    async def usage(self, shell: Shell, site_ids: Collection[str]) -> dict[Key, SiteJob]:
        setup = await self._setup(shell)
        if not setup.history:
            raise Refused("The site keeps no history of ended jobs: measure usage within the job.")
        if not site_ids:
            return {}
        part = (await ask(shell, _PRELUDE + _USAGE, [_x(setup)], lines_of(_ids(site_ids))))["qstat"]
        read = read_jobs(part.text)
        if why := _silence(part, read):
            raise Unreachable(f"The server did not answer: {why}", code="scheduler_silent", why=why)
        return read.jobs

    def is_told(self, seen: SiteJob) -> bool:
        return seen.usage is not None

    # ------------------------------------------------------------------------------------------------------ the site

    async def queues(self, shell: Shell) -> list[QueueFacts]:
        setup = await self._setup(shell)
        shape = ["-F", "json"] if setup.dialect == "openpbs" else ["", ""]
        parts = await ask(shell, _PRELUDE + _QUEUES, shape)
        for name in ("queues", "nodes"):
            if why := parts[name].silence:
                raise Unreachable(f"The scheduler did not tell its queues: {why}", code="queues_untold", why=why)
        server = dict(records(parts["server"].text))
        default = next((facts.get("default_queue") for facts in server.values()), None)
        return read_queues(parts["queues"].text, parts["nodes"].text, default)

    async def probe(self, shell: Shell) -> list[Fact]:
        asked_at = utcnow()
        parts = await ask(shell, _PRELUDE + _SETUP)
        setup = self._known = _read_setup(parts)
        ask_server = "qstat -Bf"

        def fact(code: str, value: object) -> Fact:
            return Fact(code, value, ask_server, parts["server"].text)

        size = setup.facts.get("max_array_size", "")
        return [
            Fact("scheduler", f"pbs {setup.version}", "qstat --version", setup.version_text),
            fact("dialect", setup.dialect),
            fact("accounting", setup.history),
            fact("energy", {"plugin": None, "interval_s": None}),
            fact("max_array_size", int(size) if size.isdigit() else None),
            fact("default_queue", setup.facts.get("default_queue")),
            Fact("clock_ahead_s", clock(parts["clock"].text).ahead(asked_at, utcnow()), "date", parts["clock"].text),
        ]


# ----------------------------------------------------------------------------------------------------------- readings


def _read_setup(parts: dict[str, Section]) -> _Setup:
    if why := parts["server"].silence:
        raise Unreachable(f"The PBS server did not answer: {why}", code="scheduler_silent", why=why)
    text = parts["version"].text
    facts = next((facts for _, facts in records(parts["server"].text)), {})
    version = re.search(r"\d+(\.\d+)+[\w.-]*", text) or re.search(r"\d+(\.\d+)+[\w.-]*", facts.get("pbs_version", ""))
    openpbs = "pbs_version" in text or "PBSPro" in text
    history = openpbs and facts.get("job_history_enable") == "True"
    return _Setup("openpbs" if openpbs else "torque", version[0] if version else "", history, facts, text)


def _x(setup: _Setup) -> str:
    """The option that also shows ended jobs; in Torque it would mean XML."""
    return "-x" if setup.history else ""


def _ids(site_ids: Collection[str]) -> list[str]:
    return checked_ids(site_ids, r"\d+(\[\])?(\.[\w.-]+)?", "PBS")


def _of_element(each: str) -> tuple[str, int | None]:
    """Split "id_index"; what is no element has no index."""
    site_id, _, index = each.partition("_")
    return site_id, int(index) if index else None


def _silence(part: Section, read: Read) -> str | None:
    """Why the server's answer is not whole. That it does not know one of the jobs asked for is an answer."""
    if read.complaint:
        return read.complaint
    answered = read.jobs or read.unknown or "Job has finished" in part.text
    return part.silence if part.status in (None, 124) or not answered else None


def _forgotten(site_id: str) -> SiteJob:
    """A job, or a whole array, that the server knew and knows no more."""
    return SiteJob(
        site_id=site_id,
        index=None,
        token="",
        state=SiteState.ENDED,
        end=SiteEnd.UNKNOWN,
        reason="forgotten",
        text="It has ended; the site keeps no history, so its own exit file tells how.",
    )


def _read_id(text: str) -> str | None:
    """The id that qsub prints; warnings may stand before it."""
    found = _ID.findall(text)
    return str(found[-1]) if found else None


ORDERS = Orders("qsub", IN_DOUBT, REFUSALS, _read_id, highest_no=255)
"""qsub's exit status is its error number modulo 256: any"""
