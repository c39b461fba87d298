"""The probe: one small job per queue that writes down what a compute node sees, for the login node proves nothing."""

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

from heroes.adapters.ear import Level, level
from heroes.clusters.compliance import Finding, Verdict

WALLTIME_S = 120
MEMORY_BYTES = 64 * 2**20
OLDEST_PYTHON = (3, 6)
SLOW_FOLDER_S = 5
CONTAINERS = ("apptainer", "singularity", "ch-run", "bwrap", "podman", "sarus", "shifter")
COMMANDS = (
    "R", "awk", "bash", "blockMesh", "ccx", "cmake", "cp2k", "curl", "eacct", "erun", "ffmpeg", "g++", "gcc",
    "gfortran", "git", "gmsh", "gmx", "gmx_mpi", "gnuplot", "icoFoam", "java", "julia", "lmp", "make", "mpicc",
    "mpiexec", "mpirun", "nextflow", "nvcc", "nvidia-smi", "nwchem", "octave", "perl", "ph.x", "pimpleFoam",
    "potentialFoam", "pw.x", "python3", "rclone", "rsync", "sha256sum", "simpleFoam", "snakemake", "srun", "tar", "xz",
    "zstd",
)  # fmt: skip
SOFTWARE: Mapping[str, tuple[str, ...]] = {
    "openfoam": ("icoFoam", "simpleFoam"),
    "gromacs": ("gmx", "gmx_mpi"),
    "quantum-espresso": ("pw.x",),
    "nwchem": ("nwchem",),
    "calculix": ("ccx",),
    "gmsh": ("gmsh",),
    "lammps": ("lmp",),
    "cp2k": ("cp2k",),
    "octave": ("octave",),
    "r": ("R",),
    "julia": ("julia",),
}

# sh and coreutils only: a node without python3 must be able to say so.
_SCRIPT = """\
#!/bin/sh
# Written by HEROES: tells what this node offers, then ends. It changes nothing outside its own folder.
umask 077
root={folder}
token={token}
ln -sT "job.${{SLURM_JOB_ID:-$$}}" "$root/$token/gate-0" || exit 80
waited=0
seen() {{ [ "$(cat "$root/nonce" 2>/dev/null)" = {nonce} ]; }}
while ! seen && [ "$waited" -lt 30 ]; do sleep 1; waited=$((waited + 1)); done
seen && sees=true || sees=false
quote() {{ printf '"%s"' "$(printf '%s' "$1" | tr -d '\\000-\\037' | sed 's/\\\\/\\\\\\\\/g; s/"/\\\\"/g')"; }}
list() {{
  sep=
  for name in "$@"; do
    if command -v "$name" >/dev/null 2>&1; then printf '%s' "$sep"; quote "$name"; sep=,; fi
  done
}}
first() {{ "$@" 2>&1 | head -n 1; }}
python=$(command -v python3 >/dev/null 2>&1 && first python3 -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])')
mpi=$(command -v mpirun >/dev/null 2>&1 && first mpirun --version)
gpus=0
if command -v nvidia-smi >/dev/null 2>&1; then gpus=$(nvidia-smi -L 2>/dev/null | grep -c '^GPU')
else for dev in /dev/nvidia[0-9]*; do [ -e "$dev" ] && gpus=$((gpus + 1)); done; fi
granted=${{SLURM_GPUS_ON_NODE:-${{SLURM_JOB_GPUS:+$(printf '%s' "$SLURM_JOB_GPUS" | awk -F, '{{print NF}}')}}}}
cpu=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
chips=$(grep '^physical id' /proc/cpuinfo | sort -u | wc -l)
siblings=$(sed -n 's/^siblings[^:]*: *//p' /proc/cpuinfo | head -n 1)
of_chip=$(sed -n 's/^cpu cores[^:]*: *//p' /proc/cpuinfo | head -n 1)
khz=$(cat /sys/devices/system/cpu/cpu0/cpufreq/base_frequency 2>/dev/null)
grep -qw hypervisor /proc/cpuinfo && virtual=true || virtual=false
gpu=$(nvidia-smi --query-gpu=name,power.limit --format=csv,noheader,nounits 2>/dev/null | head -n 1)
srun --help 2>/dev/null </dev/null | grep -q -e --ear-policy && ear=true || ear=false
began=$(date +%s%N 2>/dev/null)
awk 'BEGIN {{ for (i = 0; i < 1000000; i++) x += i * i % 7 }}' </dev/null
ended=$(date +%s%N 2>/dev/null)
case $began$ended in *[!0-9]*|'') speed=0 ;; *) speed=$((1000000000000 / (1 + (ended - began) / 1000))) ;; esac
foam=
[ -d /usr/share/openfoam ] && foam=/usr/share/openfoam
{{
  printf '{{"host":'; quote "$(uname -n)"
  printf ',"sees_folder":%s,"waited_s":%s' "$sees" "$waited"
  printf ',"python":'; quote "$python"
  printf ',"mpi":'; quote "$mpi"
  printf ',"gpus":%s,"gpus_granted":%s' "${{gpus:-0}}" "${{granted:-0}}"
  printf ',"openfoam":'; quote "$foam"
  printf ',"cores":%s' "$(getconf _NPROCESSORS_ONLN)"
  printf ',"memory_kib":%s' "$(awk '/^MemTotal/ {{print $2}}' /proc/meminfo)"
  printf ',"speed":%s' "$speed"
  printf ',"cpu":'; quote "$cpu"
  printf ',"chips":%s,"siblings":"%s","cores_of_chip":"%s"' "${{chips:-0}}" "$siblings" "$of_chip"
  printf ',"khz":"%s","virtual":%s' "$khz" "$virtual"
  printf ',"gpu":'; quote "$gpu"
  printf ',"ear_in_scheduler":%s' "$ear"
  printf ',"arch":'; quote "$(uname -m)"
  printf ',"containers":[%s]' "$(list {containers})"
  printf ',"commands":[%s]' "$(list {commands})"
  printf '}}\\n'
}} > "$root/$token/probe.part" && mv -T "$root/$token/probe.part" "$root/$token/probe.json"
"""


def script(folder: str, token: str, nonce: str) -> bytes:
    """Return the probe's script for one queue; `folder` is absolute and seen by login and compute nodes."""
    return _SCRIPT.format(
        folder=shlex.quote(folder),
        token=shlex.quote(token),
        nonce=shlex.quote(nonce),
        containers=" ".join(CONTAINERS),
        commands=" ".join(COMMANDS),
    ).encode(errors="surrogateescape")


# Run on the login node once the job is seen to run or to have ended: how long until its file shows up there?
ARRIVAL = 'n=0; while [ ! -e "$1" ] && [ "$n" -lt "$2" ]; do sleep 1; n=$((n + 1)); done; [ -e "$1" ] && echo "$n"'


def read(raw: bytes) -> dict[str, Any] | None:
    """Return what the probe wrote, or None when it cannot be read."""
    try:
        seen = json.loads(raw.decode(errors="replace"))
    except ValueError:
        return None
    return seen if isinstance(seen, dict) else None


def facts(seen: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a queue that placement asks for."""
    commands = list(seen.get("commands") or [])
    software: dict[str, dict[str, Any]] = {
        name: {"commands": [c for c in needs if c in commands]}
        for name, needs in SOFTWARE.items()
        if any(command in commands for command in needs)
    }
    if seen.get("openfoam"):
        software.setdefault("openfoam", {})["root"] = seen["openfoam"]
    return {
        "software": software,
        "commands": commands,
        "containers": list(seen.get("containers") or []),
        "python": seen.get("python") or None,
        "mpi": seen.get("mpi") or None,
        "gpus": max(_number(seen.get("gpus")), _number(seen.get("gpus_granted"))),
        "ear": level(commands, in_scheduler=bool(seen.get("ear_in_scheduler"))),
        "cores": _number(seen.get("cores")),
        "memory_bytes": _number(seen.get("memory_kib")) * 1024,
        "arch": seen.get("arch") or None,
        "speed": _number(
            seen.get("speed")
        ),  # steps a second of a small loop: only the ratio of two queues says something
        **_hardware(seen),
    }


def _hardware(seen: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the power of a node is told from: its processors, and the limit of its GPUs in watts."""
    name, _, limit = str(seen.get("gpu") or "").rpartition(",")
    cpu = str(seen.get("cpu") or "")
    named = re.search(r"@ *([\d.]+) *GHz", cpu)
    mhz = _number(seen.get("khz")) // 1000 or (round(float(named.group(1)) * 1000) if named else 0)
    return {
        "cpu": cpu or None,
        "chips": _number(seen.get("chips")),
        "threads_per_core": max(_number(seen.get("siblings")) // max(_number(seen.get("cores_of_chip")), 1), 1),
        "mhz": mhz,
        "virtual": bool(seen.get("virtual")),
        "gpu": name.strip() or None,
        "gpu_limit_w": _number(limit.strip().partition(".")[0]),
    }


def judge(queue: str, seen: Mapping[str, Any], *, advertised_gpus: int, arrival_s: int | None) -> list[Finding]:
    """Return the lines of the report for one queue whose probe ran to its end."""
    found = facts(seen)
    return [
        _folder(queue, seen, arrival_s),
        _python(queue, found["python"]),
        _containers(queue, found["containers"]),
        _line(
            queue,
            "mpi",
            "mpirun --version",
            found["mpi"],
            "Programs that use several nodes need an MPI on the node's PATH.",
            "no_mpi",
        ),
        _gpus(queue, found["gpus"], advertised_gpus),
        _ear(queue, found["ear"]),
        Finding(
            "node",
            "uname -nm; getconf _NPROCESSORS_ONLN; MemTotal",
            f"{seen.get('host')}: {found['cores']} cores, {found['memory_bytes'] // 2**20} MiB, {found['arch']}",
            Verdict.OK,
            queue=queue,
            code="node",
            said={"host": seen.get("host"), **{name: found[name] for name in ("cores", "memory_bytes", "arch")}},
        ),
        Finding(
            "software",
            "command -v …",
            ", ".join(sorted(found["software"])) or "none of the catalogue's",
            Verdict.OK,
            queue=queue,
            code=None if found["software"] else "no_software_known",
        ),
    ]


def not_started(queue: str, minutes: float, reason: str | None) -> Finding:
    """Return the line of a queue whose probe still waits: nothing is known of its nodes, and nothing is wrong."""
    answer = f"queued for {minutes:.0f} minutes" + (f" ({reason})" if reason else "")
    cure = "The queue is busy or held: check again when it is free. Until then its nodes' software is unknown."
    told = {"minutes": round(minutes), "reason": reason}
    return Finding("probe", "a small job", answer, Verdict.WARN, cure, queue=queue, code="probe_waits", said=told)


def refused(queue: str, answer: str) -> Finding:
    """Return the line of a queue that does not take our job."""
    cure = "The queue refuses jobs of this account: ask the site to allow it, or leave this queue out."
    return Finding("probe", "a small job", answer, Verdict.FAIL, cure, queue=queue, code="probe_refused")


def nothing_came(queue: str, answer: str) -> Finding:
    """Return the line of a queue whose probe ended without its file arriving."""
    cure = "The job ran, but nothing arrived: the job folder root must be one file system on login and compute nodes."
    return Finding("probe", "a small job", answer, Verdict.FAIL, cure, queue=queue, code="probe_lost")


def _folder(queue: str, seen: Mapping[str, Any], arrival_s: int | None) -> Finding:
    waited, arrived = _number(seen.get("waited_s")), arrival_s or 0
    answer = f"the node saw the login node's file after {waited} s; its own file arrived after {arrived} s"
    if not seen.get("sees_folder"):
        cure = "The node does not see files written at the login node: choose a root on a shared file system."
        answer = "the node never saw the login node's file"
        return Finding("job folder", "cat nonce", answer, Verdict.FAIL, cure, queue=queue, code="folder_unseen")
    told = {"waited_s": waited, "arrived_s": arrived}
    if waited > SLOW_FOLDER_S or arrived > SLOW_FOLDER_S:
        cure = "The shared file system lags: results are waited for, which makes short jobs slow. Try scratch as root."
        slow = "folder_slow"
        return Finding("job folder", "cat nonce", answer, Verdict.WARN, cure, queue=queue, code=slow, said=told)
    return Finding("job folder", "cat nonce", answer, Verdict.OK, queue=queue, code="folder_seen", said=told)


def _python(queue: str, version: str | None) -> Finding:
    command = "python3 --version"
    if version is None:
        cure = "Workflows in Python cannot run in this queue: ask for python3 on the nodes, or use a container."
        return Finding("python3", command, "not found", Verdict.WARN, cure, queue=queue, code="no_python")
    numbers = [int(n) for n in re.findall(r"\d+", version)[:2]]
    if len(numbers) < 2 or tuple(numbers) < OLDEST_PYTHON:
        cure = "The samples need Python 3.6 or newer: ask for it on the nodes, or use a container."
        return Finding("python3", command, version, Verdict.WARN, cure, queue=queue, code="old_python")
    return Finding("python3", command, version, Verdict.OK, queue=queue)


def _containers(queue: str, names: list[str]) -> Finding:
    cure = "Workflows that bring a container cannot run here: ask for Apptainer or Charliecloud on the nodes."
    command = "command -v " + " ".join(CONTAINERS)
    return _line(queue, "container runtimes", command, ", ".join(names) or None, cure, "no_container_runtime")


def _gpus(queue: str, count: int, advertised: int) -> Finding:
    command = "nvidia-smi -L; ls /dev/nvidia*; SLURM_GPUS_ON_NODE"
    if advertised and not count:
        cure = f"The queue advertises {advertised} GPUs a node, the job saw none: ask the site to mend its setup."
        told = {"advertised": advertised}
        return Finding("gpus", command, "none", Verdict.WARN, cure, queue=queue, code="gpus_unseen", said=told)
    code = None if count else "no_gpus"
    return Finding("gpus", command, str(count) if count else "none", Verdict.OK, queue=queue, code=code)


_EAR = {
    Level.NONE: ("no_ear", "not present; energy comes from the site's accounting, where it meters"),
    Level.LIBRARY: ("ear_library", "present for programs that load it; the scheduler takes no energy policy"),
    Level.FULL: ("ear_full", "part of the scheduler: jobs may ask for an energy policy"),
}


def _ear(queue: str, found: Level) -> Finding:
    code, answer = _EAR[found]
    return Finding("ear", "command -v eacct erun; srun --help", answer, Verdict.OK, queue=queue, code=code)


def _line(queue: str, check: str, command: str, answer: str | None, cure: str, code: str) -> Finding:
    if answer:
        return Finding(check, command, answer, Verdict.OK, queue=queue)
    return Finding(check, command, "not found", Verdict.WARN, cure, queue=queue, code=code)


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
