"""The Batch port for Slurm (20.02 to 25), by its commands over a Shell.

Plain columns, no --json: they cost a thirtieth.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from heroes.adapters import ear, slurm_counters
from heroes.adapters.arrays import array_text, hours
from heroes.adapters.ports import (
    Absent,
    Fact,
    Found,
    Key,
    Order,
    QueueFacts,
    Shell,
    Sighting,
    SiteJob,
    SiteState,
    Unaccounted,
    Unknown,
)
from heroes.adapters.questions import Clock, Orders, Section, ask, cancelled, checked_ids, clock, lines_of
from heroes.adapters.slurm_facts import SINFO_COLUMNS, associations, config, energy_meter, read_queues, whole
from heroes.adapters.slurm_neighbours import HIDDEN, NEIGHBOUR_COLUMNS, Neighbours, hides_jobs
from heroes.adapters.slurm_text import (
    SACCT_COLUMNS,
    SQUEUE_COLUMNS,
    Lines,
    Read,
    job_name,
    merge,
    read_live,
    read_sacct,
    read_scontrol,
    read_squeue,
)
from heroes.adapters.slurm_words import IN_DOUBT, REFUSALS
from heroes.kit.clock import utcnow
from heroes.kit.errors import Garbled, Refused, SiteError, Unreachable

IDS_PER_COMMAND = 1000
LAG_S = 600
"""added to `since`: what a clock may have been set back meanwhile"""
NO_ACCOUNTING = re.compile("accounting storage is disabled|accounting_storage/none", re.IGNORECASE)

_PRELUDE = r"""
export SLURM_TIME_FORMAT=%s SLURM_BITSTR_LEN=0
unset SLURM_CLUSTERS SBATCH_CLUSTERS SQUEUE_STATES SQUEUE_ARRAY SQUEUE_SORT SQUEUE_USERS SQUEUE_PARTITION
unset SQUEUE_ACCOUNT SQUEUE_FEDERATION SACCT_FEDERATION SINFO_PARTITION SINFO_STATE
"""
_LIVE = r"""
live=$($limit squeue -h -u "$(id -u)" -o "$squeue" 2>&1 </dev/null); status=$?
printf '%s squeue\n%s\n%s . %s\n' "$mark" "$live" "$mark" "$status"
"""
_KNOWN = r"""
# the ids on stdin, but those which squeue showed as single live jobs: about them the accounting knows nothing newer
ids() {
  { printf '%s\n' "$live" "$mark"; cat; } | awk -F'|' -v mark="$mark" -v most="$most" '
    $0 == mark { known = 1; next }
    !known { live[$1]; next }
    $1 != "" && !($1 in live) { line = line (n++ ? "," : "") $1; if (n == most) { print line; line = ""; n = 0 } }
    END { if (n) print line }'
}
"""
_SACCT_KNOWN = r"""
printf '%s sacct\n' "$mark"
ids | { status=0
  while IFS= read -r each; do
    $limit sacct -n -P -D -o "$sacct" -j "$each" </dev/null 2>&1 || { status=$?; break; }
  done
  printf '\n%s . %s\n' "$mark" "$status"; }
"""
_SCONTROL_KNOWN = r"""
printf '%s scontrol\n' "$mark"
ids | tr , '\n' | { status=0
  while IFS= read -r each; do
    said=$($limit scontrol -o show job "$each" </dev/null 2>&1); code=$?
    case $code:$said in
      0:*) printf '%s\n' "$said" ;;
      *nvalid\ job\ id*) ;; # the controller forgot it
      *) status=$code; printf '%s\n' "$said"; break ;;
    esac
  done
  printf '\n%s . %s\n' "$mark" "$status"; }
"""
_WATCH = "squeue=$1 sacct=$2 most=$3" + _LIVE + _KNOWN
_USAGE = "sacct=$1 most=$2; live=" + _KNOWN + _SACCT_KNOWN
_FIND = r"""
squeue=$1 sacct=$2 token=$3 since=$4 accounting=$5
part squeue $limit squeue -h -t all -u "$(id -u)" --name="$token" -o "$squeue"
[ "$accounting" = no ] || part sacct $limit sacct -n -P -D -o "$sacct" -S "now-$since" --name="$token"
"""
_NEIGHBOURS = r"""
part private $limit scontrol show config
part neighbours $limit sacct -a -X -n -P -o "$1" -N "$2" -S "now-$3"
"""
_SBATCH = ("env", "-u", "LC_ALL", "-u", "SLURM_CLUSTERS", "-u", "SBATCH_CLUSTERS", "sbatch")
# The filters of scancel itself are no help: with --name it ends all that waits of an array, whichever element is meant.
_CANCEL = r"""
token=$1; shift
cancel() {
  live=$($limit squeue -h -t all -u "$(id -u)" --name="$token" -o %F) || return
  live=" $(printf '%s\n' "$live" | sort -u | tr '\n' ' ')" ours=
  for each; do
    case $live in *" ${each%%_*} "*) ours="$ours $each" ;; esac
  done
  [ -z "$ours" ] || $limit scancel $ours
}
part scancel cancel "$@"
"""
_QUEUES = r"""
count() { $limit squeue -h -o '%P|%t' 2>&1 | sort | uniq -c; }
part partitions $limit scontrol -o show partition
part sinfo $limit sinfo -h -o "$1"
part squeue count
"""
_PROBE = r"""
part version $limit sbatch --version
part config $limit scontrol show config
part partitions $limit scontrol -o show partition
part sacct $limit sacct -n -X -P -S now -o JobID
me=$(id -un)
cluster=$(scontrol show config 2>/dev/null </dev/null | sed -n 's/^ClusterName *= *//p')
part associations $limit sacctmgr -n -P show assoc user="$me" cluster="$cluster" \
  format=Account,Partition,MaxJobs,MaxSubmitJobs,GrpSubmitJobs,DefaultQOS,QOS
part account $limit sacctmgr -n -P show user "$me" format=DefaultAccount
"""


def _paths(order: Order) -> tuple[str, str, str]:
    """Working folder, stdout and stderr as sbatch takes them: % doubled, {index} as %a."""
    own = f"{order.folder}/{order.token}"
    suffix = ".{index}" if order.indexes is not None else ""

    def pattern(path: str) -> str:
        return "%a".join(part.replace("%", "%%") for part in path.split("{index}"))

    out = pattern(order.stdout_path or f"{own}/stdout{suffix}")
    return order.chdir or order.folder, out, pattern(order.stderr_path or f"{own}/stderr{suffix}")


def sbatch_arguments(order: Order) -> list[str]:
    """What sbatch is given for an order."""
    chdir, out, err = _paths(order)
    arguments = [
        "--parsable",
        "--requeue" if order.rerunnable else "--no-requeue",
        f"--job-name={order.token}",
        f"--time={hours(order.walltime_s)}",
        f"--nodes={order.nodes}",
        f"--ntasks={order.tasks}",
        f"--cpus-per-task={order.cpus_per_task}",
        f"--chdir={chdir}",
        f"--output={out}",
        f"--error={err}",
    ]
    if order.comment:
        arguments.append(f"--comment={order.comment}")
    if order.queue:
        arguments.append(f"--partition={order.queue}")
    if order.account:
        arguments.append(f"--account={order.account}")
    if order.memory_bytes is not None:
        arguments.append(f"--mem={max(1, -(-order.memory_bytes // 2**20))}M")
    if order.gpus:
        arguments.append(f"--gres=gpu:{order.gpus}")
    if order.indexes is not None:
        arguments.append(f"--array={array_text(order.indexes)}")
    if order.energy_policy:
        arguments += ear.arguments(order.energy_policy)
    return [*arguments, order.script_path]


def _ids(site_ids: Collection[str]) -> list[str]:
    """Checked: scancel also takes user names and states, and an empty list would mean all."""
    return checked_ids(site_ids, r"\d+(_\d+)?(\+\d+)?", "Slurm")


@dataclass(slots=True)
class Slurm:
    """Slurm at one site. `accounting` None: not known yet; the first answer tells whether the site keeps any."""

    accounting: bool | None = None
    ear: bool | None = None
    name: str = "slurm"
    _before: tuple[timedelta, Lines] = (timedelta(0), {})
    """the zone's offset and the lines of the last look: of 20,000 jobs few change between two"""

    # ------------------------------------------------------------------------------------------------------ ordering

    async def submit(self, shell: Shell, order: Order) -> str:
        said = await ORDERS.give(shell, order, [*_SBATCH, *sbatch_arguments(order)])
        found = _parsable(said)
        if found is None:
            raise Garbled(f"sbatch took the job but gave no id: {' '.join(said.split())[:500]!r}", answer=said)
        if found[1]:
            await shell.run(["scancel", "-M", found[1], found[0]])
            raise Refused(
                f"The site sends jobs to several clusters; this one went to {found[1]} and was cancelled again. "
                f"Enrol each of its clusters by a login node that submits to that cluster only."
            )
        return found[0]

    async def cancel(self, shell: Shell, token: str, site_ids: Collection[str]) -> None:
        ids = _ids(site_ids)
        for start in range(0, len(ids), IDS_PER_COMMAND):
            part = (await _ask(shell, _CANCEL, [token, *ids[start : start + IDS_PER_COMMAND]]))["scancel"]
            fine = "invalid job id|already (completing|completed)"
            cancelled(part, "scancel", "Slurm", fine=fine, denied="access|permission|not authorized")

    # ------------------------------------------------------------------------------------------------------- looking

    async def find(self, shell: Shell, token: str, *, since: datetime) -> Found | Absent | Unknown:
        """See `ports.Batch`. Where the site said that it keeps no accounting, squeue is all that there is to ask."""
        asked_at = utcnow()
        back = max(0, int((asked_at - since).total_seconds())) + LAG_S
        arguments = [SQUEUE_COLUMNS, SACCT_COLUMNS, token, str(back), "no" if self.accounting is False else "yes"]
        parts = await _ask(shell, _FIND, arguments)
        if self._accounting_is_off(parts):
            del parts["sacct"]
        jobs, sources, _ = _read(parts)
        jobs = {key: job for key, job in jobs.items() if job.token == token}
        if jobs:
            found = sorted(jobs.values(), key=lambda job: (job.site_id, job.index or 0))
            return Found(found, complete=not any(sources.values()))
        if silent := {name: why for name, why in sources.items() if why}:
            return Unknown("; ".join(f"{name}: {why}" for name, why in silent.items()))
        return Absent(asked_at)

    async def watch(
        self, shell: Shell, *, since: datetime, known: Collection[str], sample: Collection[Key] = ()
    ) -> Sighting:
        asked_at = utcnow()
        arguments = [SQUEUE_COLUMNS, SACCT_COLUMNS, str(IDS_PER_COMMAND)]
        script = _WATCH + (_SCONTROL_KNOWN if self.accounting is False else _SACCT_KNOWN)
        if sample:
            script = slurm_counters.BEGAN + script + slurm_counters.SCRIPT
            arguments += slurm_counters.arguments(sample)
        parts = await _ask(shell, script, arguments, lines_of(_ids(known)))
        if self._accounting_is_off(parts):
            return await self.watch(shell, since=since, known=known, sample=sample)
        jobs, sources, site_clock = _read(parts, self._live)
        counters = slurm_counters.read_sstat(parts["sstat"].text, utcnow()) if "sstat" in parts else {}
        return Sighting(jobs, sources, asked_at, site_clock.ahead(asked_at, utcnow()), counters)

    def _live(self, text: str, offset: timedelta) -> Read:
        read_with, lines = self._before
        read, lines = read_live(text, offset, lines if offset == read_with else {})
        self._before = offset, lines
        return read

    async def usage(self, shell: Shell, site_ids: Collection[str]) -> dict[Key, SiteJob]:
        if self.accounting is False:
            raise Refused("The site keeps no accounting: measure usage within the job.")
        if not site_ids:
            return {}
        stdin = lines_of(_ids(site_ids))
        parts = await _ask(shell, _USAGE, [SACCT_COLUMNS, str(IDS_PER_COMMAND)], stdin)
        if self._accounting_is_off(parts):
            return await self.usage(shell, site_ids)
        jobs, sources, _ = _read(parts)
        if sources["sacct"]:
            raise Unaccounted(f"The site's accounting did not answer: {sources['sacct']}")
        return await self._with_neighbours(shell, await self._with_ear(shell, jobs))

    def is_told(self, seen: SiteJob) -> bool:
        """Without a meter neither EAR nor the neighbours on its nodes have anything to add."""
        return seen.usage is not None and self.ear is False and not seen.usage.energy_j

    async def _with_ear(self, shell: Shell, jobs: dict[Key, SiteJob]) -> dict[Key, SiteJob]:
        """Ask EAR for the energy, which it knows better than Slurm's own meter; a site without EAR is asked once."""
        named = {job_name(key): key for key, job in jobs.items() if job.usage}
        found, names = dict(jobs), sorted(named)
        for start in range(0, len(names), IDS_PER_COMMAND):
            part = names[start : start + IDS_PER_COMMAND]
            if self.ear is False:
                break
            try:
                parts = await _ask(shell, ear.SCRIPT, [",".join(part)])
            except SiteError:
                break
            self.ear = "eacct" in parts
            for name, steps in ear.told({name: one.text for name, one in parts.items()}, part).items():
                job = jobs[named[name]]
                known = ear.energy(steps, job.usage.nodes) if job.usage else None
                if job.usage and known is not None:
                    usage = replace(job.usage, energy_j=known[0], energy_source=known[1])
                    found[named[name]] = replace(job, usage=usage)
        return found

    async def _with_neighbours(self, shell: Shell, jobs: dict[Key, SiteJob]) -> dict[Key, SiteJob]:
        """Say of each metered job what all jobs on its nodes used: Slurm's meter counts the node."""
        metered = {
            key: (job, job.usage, job.started_at)
            for key, job in jobs.items()
            if job.usage and job.usage.energy_j and job.usage.node_list and job.started_at and job.ended_at
        }
        if not metered:
            return jobs
        since = int((utcnow() - min(started for _, _, started in metered.values())).total_seconds()) + LAG_S
        nodes = ",".join(sorted({usage.node_list or "" for _, usage, _ in metered.values()}))
        parts = await _ask(shell, _NEIGHBOURS, [NEIGHBOUR_COLUMNS, nodes, f"{max(since, LAG_S)}seconds"])
        told, offset = parts["neighbours"], clock(parts["clock"].text).offset
        hidden = told.silence is not None or hides_jobs(parts["private"].text)
        neighbours = None if hidden else Neighbours(told.text, offset)
        found = dict(jobs)
        for key, (job, usage, _) in metered.items():
            all_of_them = neighbours.core_s_of_all(job, usage) if neighbours else None
            why = HIDDEN if all_of_them is None else None
            found[key] = replace(job, usage=replace(usage, core_s_of_all=all_of_them, sharing_unknown=why))
        return found

    def _accounting_is_off(self, parts: dict[str, Section]) -> bool:
        part = parts.get("sacct")
        if part is None or part.status == 0 or not NO_ACCOUNTING.search(part.text):
            return False
        self.accounting = False
        return True

    # ------------------------------------------------------------------------------------------------------ the site

    async def queues(self, shell: Shell) -> list[QueueFacts]:
        parts = await _ask(shell, _QUEUES, [SINFO_COLUMNS])
        for name in ("partitions", "sinfo"):
            if why := parts[name].silence:
                raise Unreachable(f"The scheduler did not tell its queues: {why}", code="queues_untold", why=why)
        return read_queues(parts["partitions"].text, parts["sinfo"].text, parts["squeue"].text)

    async def probe(self, shell: Shell) -> list[Fact]:
        asked_at = utcnow()
        parts = await _ask(shell, _PROBE, [])
        settings = config(parts["config"].text)
        version = re.search(r"\d+\.\d+[.\w-]*", parts["version"].text)
        default = [q.name for q in read_queues(parts["partitions"].text, "", "") if q.default]
        accounts = associations(parts["associations"].text) if parts["associations"].status == 0 else None
        limits = [each["max_submit"] for each in accounts or () if each["max_submit"] is not None]
        self.accounting = not NO_ACCOUNTING.search(parts["sacct"].text + settings.get("AccountingStorageType", ""))
        account = parts["account"].text.strip() if parts["account"].status == 0 else None
        show = "scontrol show config"

        def fact(code: str, value: object, command: str, part: str) -> Fact:
            return Fact(code, value, command, parts[part].text)

        return [
            fact("scheduler", f"slurm {version[0]}" if version else None, "sbatch --version", "version"),
            fact("cluster_name", settings.get("ClusterName"), show, "config"),
            fact("accounting", self.accounting and parts["sacct"].status == 0, "sacct", "sacct"),
            fact("energy", energy_meter(settings), show, "config"),
            fact("max_array_size", whole(settings, "MaxArraySize"), show, "config"),
            fact("max_job_count", whole(settings, "MaxJobCount"), show, "config"),
            fact("min_job_age_s", whole(settings, "MinJobAge"), show, "config"),
            fact("kill_wait_s", whole(settings, "KillWait"), show, "config"),
            fact("refuses_impossible_jobs", settings.get("EnforcePartLimits") in ("ALL", "ANY"), show, "config"),
            fact("accounts", accounts, "sacctmgr show assoc", "associations"),
            fact("max_submit_jobs", min(limits, default=None), "sacctmgr show assoc", "associations"),
            fact("default_account", account or None, "sacctmgr show user", "account"),
            fact("default_queue", default[0] if default else None, "scontrol show partition", "partitions"),
            fact("clock_ahead_s", clock(parts["clock"].text).ahead(asked_at, utcnow()), "date", "clock"),
        ]


# ----------------------------------------------------------------------------------------------------------- questions


async def _ask(shell: Shell, script: str, arguments: Sequence[str], stdin: bytes = b"") -> dict[str, Section]:
    return await ask(shell, _PRELUDE + script, arguments, stdin)


def _read(
    parts: dict[str, Section], live: Callable[[str, timedelta], Read] = read_squeue
) -> tuple[dict[Key, SiteJob], dict[str, str | None], Clock]:
    """The jobs of all sources as one, what each source complains of, and the site's clock."""
    site_clock = clock(parts["clock"].text)
    reads: dict[str, Read] = {}
    sources: dict[str, str | None] = {}
    for name, read in (("squeue", live), ("sacct", read_sacct), ("scontrol", read_scontrol)):
        if name in parts:
            reads[name] = read(parts[name].text, site_clock.offset)
            sources[name] = parts[name].silence or reads[name].complaint
    accounted = {key: job for name in ("scontrol", "sacct") if name in reads for key, job in reads[name].jobs.items()}
    merged = merge(reads["squeue"].jobs if "squeue" in reads else {}, accounted)
    if sources.get("squeue", "not asked") is None:
        merged |= {key: replace(job, queued=False) for key, job in accounted.items() if _is_left_over(merged[key], job)}
    return merged, sources, site_clock


def _is_left_over(shown: SiteJob, accounted: SiteJob) -> bool:
    return shown is accounted and accounted.state is not SiteState.ENDED


def _parsable(text: str) -> tuple[str, str] | None:
    """The id and, at multi-cluster sites, the cluster of `sbatch --parsable`; warnings may stand before it."""
    found = re.findall(r"^(\d+)(?:;(\S+))?$", text, re.MULTILINE)
    return found[-1] if found else None


def _former(text: str) -> str | None:
    found = _parsable(text)
    return found[0] if found else None


ORDERS = Orders("sbatch", IN_DOUBT, REFUSALS, _former)
