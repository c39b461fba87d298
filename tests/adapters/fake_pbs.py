"""A PBS made from recorded output of OpenPBS 23: qsub, qstat, qdel and pbsnodes as programs, and jobs that really run.

`install` writes the programs into a folder; the server's state is a file beside them. One node of 32 cores, two queues.
"""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SERVER = "delta"
CORES = 32
QUEUES: dict[str, dict[str, Any]] = {"workq": {}, "short": {"resources_max": {"walltime": "00:30:00"}}}
PROGRAMS = ("qsub", "qstat", "qdel", "pbsnodes")
UNKNOWN_JOB, UNKNOWN_QUEUE, LIMITS, FINISHED, NO_HISTORY = 153, 170, 188, 35, 36
Job = dict[str, Any]


def install(folder: Path, *, history: bool = True) -> None:
    """Write the programs into `folder`/bin and an empty server beside it."""
    (folder / "bin").mkdir(parents=True)
    (folder / "home").mkdir()
    (folder / "state.json").write_text(json.dumps({"next": 0, "history": history, "down": False, "jobs": {}}))
    for name in PROGRAMS:
        program = folder / "bin" / name
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -S -E {__file__} {folder} {name} "$@"\n')
        program.chmod(0o755)


@contextmanager
def opened(folder: Path) -> Iterator[dict[str, Any]]:
    """The server's state, for one process at a time."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = json.loads((folder / "state.json").read_text())
        yield state
        (folder / "state.new").write_text(json.dumps(state))
        (folder / "state.new").rename(folder / "state.json")


class Stop(Exception):
    """What a program says at its end, and its exit status."""

    def __init__(self, said: str, status: int) -> None:
        self.said, self.status = said, status


def seconds(text: str) -> int:
    total = 0
    for part in text.split(":"):
        total = total * 60 + int(part)
    return total


def clock(span: float) -> str:
    return f"{int(span) // 3600:02}:{int(span) // 60 % 60:02}:{int(span) % 60:02}"


# ---------------------------------------------------------------------------------------------------------------- qsub


def qsub(folder: Path, arguments: list[str]) -> None:
    options: dict[str, str] = {}
    resources = {"ncpus": "1", "nodect": "1", "place": "pack", "select": "1:ncpus=1"}
    rest = list(arguments)
    while rest and rest[0].startswith("-") and rest[0] != "--":
        flag = rest.pop(0)
        if flag == "-h":
            options[flag] = "u"
        elif flag == "-l":
            _resource(rest.pop(0), resources)
        else:
            options[flag] = rest.pop(0)
    script = sys.stdin.read() if not rest else Path(rest[0]).read_text()
    queue = options.get("-q", "workq")
    indexes = _indexes(options)
    with opened(folder) as state:
        if state["down"]:
            raise Stop(f"qsub: cannot connect to server {SERVER} (errno=111)", 1)
        if queue not in QUEUES:
            raise Stop("qsub: Unknown queue", UNKNOWN_QUEUE)
        most = QUEUES[queue].get("resources_max", {}).get("walltime")
        if most and seconds(resources.get("walltime", "0")) > seconds(most):
            raise Stop("qsub: Job violates queue and/or server resource limits", LIMITS)
        number = state["next"]
        state["next"] += 1
        name = f"{number}.{SERVER}" if indexes is None else f"{number}[].{SERVER}"
        job = _new(name, options, resources, queue, script)
        if indexes is None:
            state["jobs"][name] = job
        else:
            state["jobs"][name] = {**job, "array": options["-J"], "job_state": "B"}
            for index in indexes:
                each = f"{number}[{index}].{SERVER}"
                state["jobs"][each] = {**job, "name": each, "array_id": name, "array_index": index}
        started = [each for each in state["jobs"].values() if _may_start(each, number)]
    for each in started:
        _spawn(folder, each["name"])
    print(name)


def _resource(text: str, resources: dict[str, str]) -> None:
    if text.startswith("select="):
        resources["select"] = text.removeprefix("select=")
        count, _, chunk = resources["select"].partition(":")
        asked = dict(pair.split("=") for pair in chunk.split(":"))
        resources.update(nodect=count, ncpus=str(int(count) * int(asked["ncpus"])))
        if "mem" in asked:
            resources["mem"] = asked["mem"]
        return
    for pair in text.split(","):
        key, _, value = pair.partition("=")
        if key not in ("walltime", "place", "ncpus", "mem"):
            raise Stop(f"qsub: Unknown resource: {key}", 188)
        resources[key] = clock(seconds(value)) if key == "walltime" else value


def _indexes(options: dict[str, str]) -> list[int] | None:
    if "-J" not in options:
        return None
    match = re.fullmatch(r"(\d+)-(\d+)(?::(\d+))?", options["-J"])
    if match is None or int(match[1]) >= int(match[2]):
        raise Stop("qsub: illegal -J value\nusage: qsub [-a date_time] …", 2)
    if options.get("-r") == "n":
        raise Stop("qsub:  cannot submit non-rerunable Array Job", 1)
    return list(range(int(match[1]), int(match[2]) + 1, int(match[3] or 1)))


def _new(name: str, options: dict[str, str], resources: dict[str, str], queue: str, script: str) -> Job:
    now = time.time()
    too_much = int(resources["ncpus"]) > CORES
    held = "-h" in options
    ncpus = resources["ncpus"]
    never = f"Can Never Run: Insufficient amount of resource: ncpus (R: {ncpus} A: {CORES} T: {CORES})"
    return {
        "name": name,
        "Job_Name": options.get("-N", "STDIN"),
        "job_state": "H" if held else "Q",
        "substate": 20 if held else 10,
        "queue": queue,
        "ctime": now,
        "qtime": now,
        "mtime": now,
        "Hold_Types": "u" if held else "n",
        "Resource_List": resources,
        "comment": never if too_much else None,
        "variables": options.get("-v", ""),
        "script": script,
        "shell": options.get("-S", "/bin/sh"),
        "out": options["-o"],
        "err": options["-e"],
        "stuck": held or too_much,
    }


def _may_start(job: Job, number: int) -> bool:
    return re.match(rf"{number}(\.|\[\d)", job["name"]) is not None and not job["stuck"]


def _spawn(folder: Path, name: str) -> None:
    subprocess.Popen(
        [sys.executable, "-S", "-E", __file__, str(folder), "mom", name],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )


# ----------------------------------------------------------------------------------------------------------------- mom


def mom(folder: Path, arguments: list[str]) -> None:
    """Run one job to its end."""
    (name,) = arguments
    with opened(folder) as state:
        job = state["jobs"].get(name)
        if job is None or job["job_state"] != "Q":
            return
        at = time.strftime("%a %b %d at %H:%M")
        ncpus = job["Resource_List"]["ncpus"]
        job.update(job_state="R", substate=42, stime=time.time(), mtime=time.time(), run_count=1)
        job.update(exec_host=f"{SERVER}/0", exec_vnode=f"({SERVER}:ncpus={ncpus})")
        job["comment"] = f"Job run at {at} on ({SERVER}:ncpus={ncpus})"
        process = _run(folder, job)
        job["pid"] = process.pid
    limit = seconds(job["Resource_List"]["walltime"]) if "walltime" in job["Resource_List"] else None
    late = False
    try:
        code = process.wait(limit)
    except subprocess.TimeoutExpired:
        late = True
        os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
    with opened(folder) as state:
        _ended(state, state["jobs"][name], -29 if late else 256 - code if code < 0 else code)


def _run(folder: Path, job: Job) -> "subprocess.Popen[bytes]":
    script = folder / f"{job['name']}.SC"
    script.write_text(job["script"])
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder / "home"),
        "PBS_JOBID": job["name"],
        "PBS_JOBNAME": job["Job_Name"],
        "PBS_ENVIRONMENT": "PBS_BATCH",
    }
    if "array_index" in job:
        environment.update(PBS_ARRAY_INDEX=str(job["array_index"]), PBS_ARRAY_ID=job["array_id"])
    environment.update(pair.split("=", 1) for pair in job["variables"].split(",") if pair)
    with open(job["out"], "w") as out, open(job["err"], "w") as err:
        command = [job["shell"], str(script)]
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment,
            cwd=folder / "home", start_new_session=True,
        )  # fmt: skip


def _ended(state: dict[str, Any], job: Job, status: int) -> None:
    now = time.time()
    deleted = job.get("deleted", False)
    substate = 91 if deleted else 92 if status == 0 else 93
    how = {91: "terminated", 92: "finished", 93: "failed"}[substate]
    how = "exceeded resource walltime" if status == -29 else how
    used = {"cput": "00:00:00", "mem": "4096kb", "ncpus": int(job["Resource_List"]["ncpus"]), "cpupercent": 0}
    job.update(substate=substate, Exit_status=status, obittime=now, mtime=now, history_timestamp=int(now))
    job["comment"] = f"{job['comment']} and {how}"
    job["resources_used"] = {**used, "walltime": clock(now - job["stime"] + 0.5)}
    job["job_state"] = "X" if "array_id" in job else "F"
    _array_ended(state, job)


def _array_ended(state: dict[str, Any], job: Job) -> None:
    if "array_id" not in job:
        return
    others = [each for each in state["jobs"].values() if each.get("array_id") == job["array_id"]]
    if all(each["job_state"] == "X" for each in others):
        for each in [*others, state["jobs"][job["array_id"]]]:
            each.update(job_state="F")


# ---------------------------------------------------------------------------------------------------------------- qdel


def qdel(folder: Path, arguments: list[str]) -> None:
    status = 0
    for asked in arguments:
        with opened(folder) as state:
            if state["down"]:
                raise Stop(f"qdel: cannot connect to server {SERVER} (errno=111)", 1)
            name = _full(asked)
            job = state["jobs"].get(name)
            if job is None or (job["job_state"] == "F" and not state["history"]):
                print(f"qdel: Unknown Job Id {name}", file=sys.stderr)
                status = UNKNOWN_JOB
            elif job["job_state"] in "FX":
                print(f"qdel: Job has finished {name}", file=sys.stderr)
                status = FINISHED
            else:
                for each in [job, *(one for one in state["jobs"].values() if one.get("array_id") == name)]:
                    _delete(state, each)
    raise Stop("", status)


def _delete(state: dict[str, Any], job: Job) -> None:
    if job["job_state"] == "R":
        job.update(deleted=True, job_state="E", substate=50)
        os.killpg(job["pid"], signal.SIGTERM)
    elif job["job_state"] in "QH":
        now = time.time()
        job.update(job_state="X" if "array_id" in job else "F", substate=91, mtime=now, history_timestamp=int(now))
        _array_ended(state, job)


def _full(asked: str) -> str:
    return asked if "." in asked else f"{asked}.{SERVER}"


# --------------------------------------------------------------------------------------------------------------- qstat


def qstat(folder: Path, arguments: list[str]) -> None:
    if "--version" in arguments:
        print("pbs_version = 23.06.06")
        return
    flags, ids, as_json = "", [], False
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "-F":
            as_json = rest.pop(0) == "json"
        elif word.startswith("-"):
            flags += word[1:]
        else:
            ids.append(word)
    with opened(folder) as state:
        if state["down"]:
            raise Stop(f"Connection refused\nqstat: cannot connect to server {SERVER} (errno=111)", 255)
        if "B" in flags:
            _show("Server", {SERVER: _server(state)}, as_json)
        elif "Q" in flags:
            _show("Queue", {name: _queue(state, name) for name in QUEUES}, as_json)
        else:
            _jobs(state, flags, ids, as_json)


def _jobs(state: dict[str, Any], flags: str, ids: list[str], as_json: bool) -> None:
    if "x" in flags and not state["history"]:
        raise Stop("qstat: PBS is not configured to maintain job history", NO_HISTORY)
    shown: dict[str, Job] = {}
    status = 0
    for asked in ids or [name for name in state["jobs"] if re.match(r"\d+(\[\])?\.", name)]:
        job = state["jobs"].get(_full(asked))
        over = job is not None and job["job_state"] == "F"
        if job is None or (over and not state["history"]):
            if ids:
                print(f"qstat: Unknown Job Id {_full(asked)}", file=sys.stderr)
                status = UNKNOWN_JOB
        elif over and "x" not in flags:
            if ids:
                words = "Job has finished, use -x or -H to obtain historical job information"
                print(f"qstat: {job['name']} {words}", file=sys.stderr)
                status = FINISHED
        else:
            shown[job["name"]] = job
            if "t" in flags:
                shown.update({n: j for n, j in state["jobs"].items() if j.get("array_id") == job["name"]})
    if "f" in flags:
        _show("Jobs", {name: _attributes(job) for name, job in shown.items()}, as_json)
    elif shown:
        print("Job id            Name             User              Time Use S Queue")
        print("----------------  ---------------- ----------------  -------- - -----")
        for name, job in shown.items():
            used = job.get("resources_used", {}).get("cput", "0")
            title = job["Job_Name"] if len(job["Job_Name"]) < 16 else job["Job_Name"][:15] + "*"
            print(f"{name:<17} {title:<16} {_owner():<16}  {used:>8} {job['job_state']} {job['queue']:<16}")
    raise Stop("", status)


def _owner() -> str:
    return subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()


def _attributes(job: Job) -> dict[str, Any]:
    times = {key: time.ctime(job[key]) for key in ("ctime", "mtime", "qtime", "stime", "obittime") if key in job}
    plain = ("exec_host", "exec_vnode", "comment", "run_count", "Exit_status", "history_timestamp", "array_id")
    environment = f"PBS_O_HOME=/home/frank,PBS_O_SHELL=/bin/bash,PBS_O_WORKDIR=/home/frank,PBS_O_HOST={SERVER}"
    return {
        "Job_Name": job["Job_Name"],
        "Job_Owner": f"{_owner()}@{SERVER}",
        **({"resources_used": job["resources_used"]} if "resources_used" in job else {}),
        "job_state": job["job_state"],
        "queue": job["queue"],
        "server": SERVER,
        **times,
        "Hold_Types": job["Hold_Types"],
        "Resource_List": job["Resource_List"],
        "substate": job["substate"],
        "Variable_List": f"{environment},{job['variables']}".rstrip(","),
        **{key: job[key] for key in plain if job.get(key) is not None},
        **({"array_index": job["array_index"]} if "array_index" in job else {}),
        **({"array": "True", "array_indices_submitted": job["array"]} if "array" in job else {}),
        "Submit_Host": SERVER,
    }


def _count(state: dict[str, Any], queue: str | None = None) -> str:
    states = [job["job_state"] for job in state["jobs"].values() if queue in (None, job["queue"])]
    words = {"Transit": "T", "Queued": "Q", "Held": "H", "Waiting": "W", "Running": "R", "Exiting": "E", "Begun": "B"}
    return "".join(f"{word}:{states.count(letter)} " for word, letter in words.items())


def _server(state: dict[str, Any]) -> dict[str, Any]:
    return {
        "server_state": "Active",
        "server_host": SERVER,
        "state_count": _count(state),
        "default_queue": "workq",
        "max_array_size": 10000,
        "pbs_version": "23.06.06",
        **({"job_history_enable": "True"} if state["history"] else {}),
        "max_job_sequence_id": 9999999,
    }


def _queue(state: dict[str, Any], name: str) -> dict[str, Any]:
    count = {"queue_type": "Execution", "total_jobs": 0, "state_count": _count(state, name)}
    return {**count, **QUEUES[name], "enabled": "True", "started": "True"}


def pbsnodes(folder: Path, arguments: list[str]) -> None:
    with opened(folder) as state:
        running = [job for job in state["jobs"].values() if job["job_state"] in "RE"]
        node = {
            "Mom": SERVER,
            "ntype": "PBS",
            "state": "free",
            "pcpus": 2,
            "resources_available": {"arch": "linux", "host": SERVER, "mem": "64gb", "ncpus": CORES, "vnode": SERVER},
            "resources_assigned": {"ncpus": sum(int(job["Resource_List"]["ncpus"]) for job in running)},
            "resv_enable": "True",
        }
    _show("nodes", {SERVER: node}, "json" in arguments)


def _show(kind: str, objects: dict[str, Any], as_json: bool) -> None:
    if as_json:
        whole = {"timestamp": int(time.time()), "pbs_version": "23.06.06", "pbs_server": SERVER, kind: objects}
        print(json.dumps(whole, indent="\t"))
        return
    title = {"Jobs": "Job Id: ", "Queue": "Queue: ", "Server": "Server: "}.get(kind, "")
    for name, attributes in objects.items():
        print(f"{title}{name}")
        for key, value in attributes.items():
            pairs = [(f"{key}.{k}", v) for k, v in value.items()] if isinstance(value, dict) else [(key, value)]
            for each, text in pairs:
                print(_wrapped(f"    {each} = {text}"))
        print()


def _wrapped(line: str) -> str:
    """Long values go on in lines that begin with a tab."""
    lines = [""]
    for piece in re.split(r"(?<=[, ])", line):
        if len(lines[-1]) + len(piece) > 78 and lines[-1].strip():
            lines.append("\t")
        lines[-1] += piece
    return "\n".join(lines)


def main() -> int:
    folder, name, *arguments = sys.argv[1:]
    try:
        {"qsub": qsub, "qstat": qstat, "qdel": qdel, "pbsnodes": pbsnodes, "mom": mom}[name](Path(folder), arguments)
    except Stop as stop:
        sys.stdout.flush()
        if stop.said:
            print(stop.said, file=sys.stderr)
        return stop.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
