"""The compliance check of a site's login node: what is asked, and what each answer means.

Everything here is pure. A check is a fixed command; values travel as its arguments. A judge turns the raw answer into a
line of the report: the command, the answer, the verdict and the cure.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from heroes.adapters.ports import Fact, QueueFacts, Result
from heroes.clusters.rules import Kind

ANSWER_LIMIT = 4000
DISK_FAIL, DISK_WARN = 256 * 2**20, 4 * 2**30
INODES_FAIL, INODES_WARN = 1_000, 20_000
CLOCK_WARN_S, CLOCK_FAIL_S = 5.0, 120.0
OLDEST_SLURM = (20, 11)
TOOLS = ("bash", "cat", "chmod", "find", "ln", "mkdir", "mv", "readlink", "rm", "sha256sum", "stat", "tar")


class Verdict(StrEnum):
    """What a line of the report says; worst last."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report, and the facts it brought."""

    check: str
    command: str
    answer: str
    verdict: Verdict
    cure: str | None = None
    queue: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    """what it tells of the cluster"""
    code: str | None = None
    """of what answer and cure say, where those are words of ours, for whoever says it in another language"""
    said: Mapping[str, Any] = field(default_factory=dict)
    """the amounts and names in these words"""

    def line(self) -> dict[str, Any]:
        """Return the line as it is stored and shown."""
        shown = asdict(self)
        shown["facts"] = shown.pop("said")
        shown["answer"] = self.answer[:ANSWER_LIMIT].replace("\0", "")
        return shown


@dataclass(frozen=True, slots=True)
class Asked:
    """When it was asked and received, by the platform's clock, and the job folder policy."""

    before: datetime
    after: datetime
    root: str
    mode: int


class Judged(NamedTuple):
    """What an answer means: the verdict, its cure, what it tells of the cluster, and the cure by code and facts."""

    verdict: Verdict
    cure: str | None = None
    facts: Mapping[str, Any] = {}
    code: str | None = None
    said: Mapping[str, Any] = {}


Judge = Callable[[Result, Asked], Judged]


@dataclass(frozen=True, slots=True)
class Check:
    """One question to a login node; `$1` is the job folder root, `$2` its mode in octal."""

    name: str
    script: str
    judge: Judge

    def argv(self, root: str, mode: int) -> list[str]:
        """Return the command, each value an argument of its own."""
        return ["sh", "-c", self.script, "heroes-check", root, f"{mode:o}"]

    def finding(self, result: Result, asked: Asked) -> Finding:
        """Return the line for an answer."""
        found = self.judge(result, asked)
        answer = "\n".join(part for part in (result.stdout.strip(), result.stderr.strip()) if part)
        shown = self.script.replace("$1", asked.root).replace("$2", f"{asked.mode:o}").strip()
        return Finding(
            self.name,
            shown,
            answer or f"exit {result.exit_status}",
            found.verdict,
            found.cure,
            facts=found.facts,
            code=found.code,
            said=found.said,
        )


def worst(findings: Sequence[Mapping[str, Any]]) -> Verdict:
    """Return the verdict of a whole report."""
    order = list(Verdict)
    return max((Verdict(line["verdict"]) for line in findings), key=order.index, default=Verdict.OK)


def connection(where: str, banner: str | None, error: str | None) -> Finding:
    """Return the line on reaching the login node at all."""
    if error is None:
        code = None if banner else "connected"
        return Finding("connection", f"ssh {where}", (banner or "connected; no banner").strip(), Verdict.OK, code=code)
    return Finding(
        "connection",
        f"ssh {where}",
        error,
        Verdict.FAIL,
        "Check address, port, jump host, account and key; the public key must stand in the account's authorized_keys.",
        code="not_connected",
    )


def told_by_interface(facts: Sequence[Fact]) -> list[Finding]:
    """Return the line on a scheduler that a site's interface tells of, where no command can be run."""
    known = {fact.code: fact.value for fact in facts}
    told = "\n".join(f"{fact.code}: {fact.value}" for fact in facts)
    name, _, version = str(known.get("scheduler") or "").partition(" ")
    found = {"scheduler": {"name": name, "version": version}, "max_array_size": known.get("max_array_size")}
    return [Finding("scheduler", facts[0].command if facts else "", told, Verdict.OK, facts=found)]


NOT_ASKED = "not asked: the scheduler does not answer"


def queues(facts: Sequence[QueueFacts], error: str | None = None) -> Finding:
    """Return the line on the queues and their limits."""
    command = "the batch system's queues, their nodes and limits"
    listed = "\n".join(_queue_line(queue) for queue in facts)
    told: dict[str, Any] = {"queues": [_queue_told(queue) for queue in facts]}
    if error is not None:
        cure = "The batch system must answer ordinary users' questions."
        code = "queues_not_asked" if error == NOT_ASKED else "queues_untold"
        return Finding("queues", command, error, Verdict.FAIL, cure, code=code)
    up = [queue for queue in facts if queue.state.upper() == "UP"]
    if not up:
        cure = "Ask the site to open a queue to this account, or wait until the maintenance is over."
        answer, code = (
            (listed, "queues_closed") if listed else ("no queue is visible to this account", "no_queue_visible")
        )
        return Finding("queues", command, answer, Verdict.FAIL, cure, code=code, said=told)
    down = sum(queue.down_nodes for queue in up)
    if len(up) < len(facts) or down:
        closed = ", ".join(q.name for q in facts if q.state.upper() != "UP")
        said = [f"closed: {closed}"] if closed else []
        said += [f"{down} nodes are down"] if down else []
        cure = f"Jobs go to what is left ({'; '.join(said)}); ask the site when the rest comes back."
        told |= {"closed": closed, "down": down}
        return Finding("queues", command, listed, Verdict.WARN, cure, code="queues_partly", said=told)
    return Finding("queues", command, listed, Verdict.OK, code="queues", said=told)


def sftp(root: str, error: str | None) -> Finding:
    """Return the line on file transfer."""
    if error is None:
        return Finding("sftp", f"sftp: stat {root}", "answers", Verdict.OK, code="sftp_answers")
    cure = "Ask the site to enable the sftp subsystem of sshd for this account; files travel through it."
    return Finding("sftp", f"sftp: stat {root}", error, Verdict.FAIL, cure, code="no_sftp")


def _queue_line(queue: QueueFacts) -> str:
    limit = f"{queue.max_walltime_s} s" if queue.max_walltime_s else "no limit"
    return (
        f"{queue.name}: {queue.state}, {queue.nodes_free} of {queue.nodes_total} nodes free, "
        f"{queue.cores_per_node} cores a node, {queue.gpus_per_node} GPUs, walltime {limit}"
    )


def _queue_told(queue: QueueFacts) -> dict[str, Any]:
    return {
        "name": queue.name,
        "state": queue.state,
        "free": queue.nodes_free,
        "total": queue.nodes_total,
        "cores": queue.cores_per_node,
        "gpus": queue.gpus_per_node,
        "walltime_s": queue.max_walltime_s,
    }


def _slurm(result: Result, _: Asked) -> Judged:
    version = re.search(r"slurm\S*\s+(\d+)\.(\d+)(\S*)", result.stdout)
    if version is None:
        cure = "Slurm's commands must be on the PATH of a non-interactive shell (~/.bashrc or sshd's SetEnv)."
        return Judged(Verdict.FAIL, cure, code="no_slurm")
    text = "".join((version[1], ".", version[2], version[3]))
    facts = {"scheduler": {"name": "slurm", "version": text}}
    if " is DOWN" in result.stdout or " is UP" not in result.stdout:
        cure = "Slurm's controller does not answer; ask the site whether it is down."
        return Judged(Verdict.FAIL, cure, facts, "slurm_down")
    if (int(version[1]), int(version[2])) < OLDEST_SLURM:
        cure = "This Slurm is older than 20.11, the oldest one this is made for."
        return Judged(Verdict.WARN, cure, facts, "old_slurm")
    return Judged(Verdict.OK, None, facts)


def _accounting(result: Result, _: Asked) -> Judged:
    text = (result.stdout + result.stderr).lower()
    if "accounting storage is disabled" in text or "accounting_storage/none" in text:
        cure = "Without accounting, usage comes from the jobs' own exit files; energy stays unknown. Ask for slurmdbd."
        return Judged(Verdict.WARN, cure, {"accounting": False}, "no_accounting")
    if result.exit_status != 0 or "error" in text:
        cure = (
            "Slurm's accounting (slurmdbd) does not answer: ended jobs cannot be confirmed. Ask the site to restart it."
        )
        return Judged(Verdict.FAIL, cure, {"accounting": False}, "accounting_silent")
    meter = re.search(r"acctgatherenergytype\s*=\s*(\S+)", text)
    energy = bool(meter and not meter[1].endswith(("none", "(null)")))
    if not (meter and energy):
        return Judged(Verdict.OK, None, {"accounting": True, "energy_meter": None})
    read = re.search(r"jobacctgatherfrequency\s*=.*?energy=(\d+)", text) or re.search(
        r"acctgathernodefreq\s*=\s*(\d+)", text
    )
    every = int(read[1]) if read and int(read[1]) else None
    return Judged(Verdict.OK, None, {"accounting": True, "energy_meter": meter[1], "energy_interval_s": every})


def _association(result: Result, _: Asked) -> Judged:
    accounts = sorted({line.split("|")[0] for line in result.stdout.splitlines() if "|" in line})
    if result.exit_status != 0:
        cure = "The site does not tell which accounts may be charged; name one at the line."
        return Judged(Verdict.WARN, cure, code="accounts_untold")
    if not accounts:
        cure = "The account has no association in Slurm (expired, or never made): ask the site to add it to a project."
        return Judged(Verdict.FAIL, cure, {"accounts": []}, "no_association")
    return Judged(Verdict.OK, None, {"accounts": accounts})


def _pbs(result: Result, _: Asked) -> Judged:
    version = re.search(r"(?:pbs_version = |[Vv]ersion:? *|PBSPro_)(\d+\.\d+\S*)", result.stdout)
    if version is None and "server_state" not in result.stdout:
        cure = "PBS' commands must be on the PATH of a non-interactive shell (~/.bashrc or sshd's SetEnv)."
        return Judged(Verdict.FAIL, cure, code="no_pbs")
    facts = {"scheduler": {"name": "pbs", "version": version[1] if version else ""}}
    if result.exit_status != 0 or "server_state" not in result.stdout:
        cure = "The PBS server does not answer; ask the site whether it is down."
        return Judged(Verdict.FAIL, cure, facts, "pbs_down")
    if "server_state = Active" not in result.stdout and "server_state = Idle" not in result.stdout:
        return Judged(
            Verdict.WARN, "The PBS server starts no jobs now; ask the site when it will.", facts, "pbs_stopped"
        )
    return Judged(Verdict.OK, None, facts)


def _history(result: Result, _: Asked) -> Judged:
    if result.exit_status != 0 or "job_history_enable = True" not in result.stdout:
        cure = "Without job_history_enable ended jobs are forgotten; their own exit files then tell how they ended."
        return Judged(Verdict.WARN, cure, {"accounting": False, "energy_meter": None}, "no_history")
    return Judged(Verdict.OK, None, {"accounting": True, "energy_meter": None})


def _gridengine(result: Result, _: Asked) -> Judged:
    version = re.search(r"\b(?:\w*GE\w*) +(\d+\.\d+\S*)", result.stdout)
    if version is None:
        cure = "Grid Engine's commands must be on the PATH of a non-interactive shell, with SGE_ROOT and SGE_CELL set."
        return Judged(Verdict.FAIL, cure, code="no_gridengine")
    facts = {"scheduler": {"name": "gridengine", "version": version[1]}}
    if result.exit_status != 0:
        cure = "Grid Engine's master does not answer; ask the site whether it is down."
        return Judged(Verdict.FAIL, cure, facts, "gridengine_down")
    return Judged(Verdict.OK, None, facts)


def _accounting_file(result: Result, _: Asked) -> Judged:
    if re.search("not found|jobnumber", result.stdout):
        return Judged(Verdict.OK, None, {"accounting": True, "energy_meter": None})
    cure = "The accounting file cannot be read here, so ended jobs are not told: ask the site to make it readable."
    return Judged(Verdict.FAIL, cure, {"accounting": False, "energy_meter": None}, "accounting_unreadable")


def _disk(result: Result, _: Asked) -> Judged:
    rows = [line.split() for line in result.stdout.splitlines() if re.search(r"\d+%|\s-\s", line)]
    if result.exit_status != 0 or not rows or len(rows[0]) < 6 or not rows[0][3].isdigit():
        cure = "The file system of the job folder root cannot be asked; does its path exist?"
        return Judged(Verdict.FAIL, cure, code="disk_unknown")
    free = int(rows[0][3]) * 1024
    inodes = (
        int(rows[1][3]) if len(rows) > 1 and len(rows[1]) >= 6 and rows[1][3].isdigit() and rows[1][1] != "0" else None
    )
    facts = {"disk_free_bytes": free}
    if free < DISK_FAIL or (inodes is not None and inodes < INODES_FAIL):
        cure = "The disk is full: remove old job folders, or choose another root for them."
        return Judged(Verdict.FAIL, cure, facts, "disk_full")
    if free < DISK_WARN or (inodes is not None and inodes < INODES_WARN):
        cure = "The disk is nearly full: large results may not fit. Clean up, or choose another root."
        return Judged(Verdict.WARN, cure, facts, "disk_nearly_full")
    return Judged(Verdict.OK, None, facts)


def _quota(result: Result, _: Asked) -> Judged:
    if "no quota command" in result.stdout:
        return Judged(Verdict.OK, code="no_quota")
    rows = [line.split()[1:] for line in result.stdout.splitlines() if line.startswith(("/", " "))]
    numbers = [row for row in rows if len(row) >= 3 and all(re.fullmatch(r"\d+\*?", word) for word in row[:3])]
    for used, soft, hard, *_rest in numbers:
        limit = int(soft.rstrip("*")) or int(hard.rstrip("*"))
        if used.endswith("*") or (limit and int(used) >= limit):
            cure = "The account's quota is used up: remove files, or ask the site for more."
            return Judged(Verdict.FAIL, cure, code="quota_used_up")
        if limit and int(used) >= 0.9 * limit:
            cure = "Over nine tenths of the account's quota are used: clean up, or ask for more."
            return Judged(Verdict.WARN, cure, code="quota_nearly_used_up")
    return Judged(Verdict.OK)


def _modules(result: Result, _: Asked) -> Judged:
    if "no module command" in result.stdout:
        cure = "None is needed; only software on the default PATH is then known."
        return Judged(Verdict.OK, cure, {"modules": []}, "no_modules")
    names = sorted(
        {w for w in result.stdout.split() if re.fullmatch(r"[\w.+-]+(/[\w.+-]+)+/?", w) and not w.endswith("/")}
    )
    return Judged(Verdict.OK, None, {"modules": names[:500]})


def _clock(result: Result, asked: Asked) -> Judged:
    try:
        there = float(result.stdout.strip())
    except ValueError:
        return Judged(Verdict.FAIL, "The site's `date +%s` gives no number.", code="no_clock")
    early, late = there - asked.after.timestamp(), there - asked.before.timestamp()
    off = 0.0 if early <= 0 <= late else min((early, late), key=abs)  # within the round trip: nothing to tell
    facts = {"clock_offset_s": round(off, 1)}
    if abs(off) >= CLOCK_FAIL_S:
        cure = f"The site's clock is {off:+.0f} s from ours: accounting windows miss jobs. Set it by NTP."
        return Judged(Verdict.FAIL, cure, facts, "clock_wrong", {"off_s": round(off)})
    if abs(off) >= CLOCK_WARN_S:
        cure = f"The site's clock is {off:+.0f} s from ours; ask the site to use NTP."
        return Judged(Verdict.WARN, cure, facts, "clock_off", {"off_s": round(off)})
    return Judged(Verdict.OK, None, facts)


_ROOT_FAULTS = {
    3: Judged(
        Verdict.FAIL,
        "The job folder root cannot be made: choose a folder under the account's home, project or scratch.",
        code="no_root",
    ),
    4: Judged(
        Verdict.FAIL,
        "The job folder root is not writable for the account: mend its owner and mode, or choose another root.",
        code="root_unwritable",
    ),
    5: Judged(
        Verdict.FAIL,
        "The file system refuses symbolic links, which keep a job from starting twice: choose another root.",
        code="no_links",
    ),
    6: Judged(
        Verdict.FAIL,
        "A link can be made twice on this file system: a job could start twice. Choose another root.",
        code="links_twice",
    ),
}
"""exit status of the script → what it means"""
_UNWRITABLE = Judged(
    Verdict.FAIL,
    "Files cannot be written, renamed and removed in the job folder root (disk, quota?).",
    code="root_unusable",
)


def _root(result: Result, asked: Asked) -> Judged:
    if result.exit_status != 0:
        return _ROOT_FAULTS.get(result.exit_status, _UNWRITABLE)
    found = re.search(r"mode=([0-7]+)", result.stdout)
    mode = int(found[1], 8) if found else None
    if mode is None:
        return Judged(Verdict.FAIL, "The mode of the job folder root cannot be read.", code="root_mode_unknown")
    modes = {"mode": f"{mode:o}", "wanted": f"{asked.mode:o}"}
    if mode & 0o002 and not mode & 0o1000:
        cure = f"Anybody at the site may change job folders (mode {mode:o}): chmod {asked.mode:o} the root."
        return Judged(Verdict.FAIL, cure, code="root_open", said=modes)
    if mode & 0o7777 != asked.mode:
        cure = f"The root has mode {mode:o}, the policy says {asked.mode:o}: chmod it, or change the policy."
        return Judged(Verdict.WARN, cure, code="root_other_mode", said=modes)
    return Judged(Verdict.OK)


def _tools(result: Result, _: Asked) -> Judged:
    missing = [line.removeprefix("missing ") for line in result.stdout.splitlines() if line.startswith("missing ")]
    if missing:
        cure = f"The login node lacks {', '.join(missing)}; jobs cannot be prepared without."
        return Judged(Verdict.FAIL, cure, code="tools_missing", said={"missing": missing})
    return Judged(Verdict.OK)


_ROOT = """\
umask 077
mkdir -p -m "$2" -- "$1" || exit 3
t=$(mktemp -d -- "$1/.check.XXXXXX") || exit 4
trap 'rm -rf -- "$t"' EXIT
ln -sT one "$t/gate" || exit 5
ln -sT two "$t/gate" 2>/dev/null && exit 6
printf 'heroes\\n' > "$t/part" && mv -T -- "$t/part" "$t/file" && cat -- "$t/file" || exit 7
stat -c 'mode=%a owner=%U' -- "$1"
"""

_CLOCK = Check("clock", "date +%s.%N", _clock)
_SITE = (
    Check("job folder root", _ROOT, _root),
    Check("disk", 'df -Pk -- "$1"; df -Pi -- "$1"', _disk),
    Check(
        "quota",
        'if command -v quota >/dev/null; then quota -w -p 2>&1; else echo "no quota command"; fi; true',
        _quota,
    ),
    Check(
        "modules",
        "bash -lc 'if type module >/dev/null 2>&1; then module -t avail 2>&1; "
        'else echo "no module command"; fi\' 2>/dev/null',
        _modules,
    ),
    Check("tools", f'for c in {" ".join(TOOLS)}; do command -v "$c" || echo "missing $c"; done', _tools),
)

LOGIN: Mapping[Kind, tuple[Check, ...]] = {
    Kind.LOCAL: (
        Check("job folder root", _ROOT, _root),
        Check("disk", 'df -Pk -- "$1"; df -Pi -- "$1"', _disk),
        Check("tools", f'for c in {" ".join(TOOLS)}; do command -v "$c" || echo "missing $c"; done', _tools),
    ),
    Kind.SLURM: (
        _CLOCK,
        Check("scheduler", "sinfo --version; timeout 20 scontrol ping", _slurm),
        Check(
            "accounting",
            "sacct -n -P -X -S now-5minutes -o JobID || exit 1; timeout 10 scontrol show config | grep -i -E "
            "'AccountingStorageType|AcctGatherEnergyType|AcctGatherNodeFreq|JobAcctGatherFrequency'",
            _accounting,
        ),
        Check("association", 'sacctmgr -nP show assoc user="$(id -un)" format=Account,Partition,QOS', _association),
        *_SITE,
    ),
    Kind.PBS: (
        _CLOCK,
        Check("scheduler", "qstat --version; timeout 20 qstat -Bf", _pbs),
        Check("accounting", "timeout 20 qstat -Bf", _history),
        *_SITE,
    ),
    Kind.FIRECREST: (),  # no commands: what its interface tells
    Kind.GRIDENGINE: (
        _CLOCK,
        Check("scheduler", "qstat -help | sed -n 1p; timeout 20 qconf -sss", _gridengine),
        Check("accounting", "timeout 60 qacct -j 999999999 2>&1; true", _accounting_file),
        *_SITE,
    ),
}
