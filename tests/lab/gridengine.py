"""Grid Engine of one centre: the master and one execution host, both on the centre's one machine."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from .sites import Site

ROOT = Path("/var/lib/gridengine")
SPOOL = Path("/var/spool/gridengine")
DISK = Path("/lab/sge")
ENVIRONMENT = {"SGE_ROOT": str(ROOT), "SGE_CELL": "default"}
HOST_GROUP = "@allhosts"
HOST = """\
hostname {name}
load_scaling NONE
complex_values slots={slots}
user_lists NONE
xuser_lists NONE
projects NONE
xprojects NONE
usage_scaling NONE
report_variables NONE
"""
PARALLEL = """\
pe_name {name}
slots 999
user_lists NONE
xuser_lists NONE
start_proc_args NONE
stop_proc_args NONE
allocation_rule {rule}
control_slaves FALSE
job_is_first_task TRUE
urgency_slots min
accounting_summary TRUE
qsort_args NONE
"""


def services(site: Site) -> Iterable[Callable[[], None]]:
    """The steps of the boot, in their order. The first boot also creates the cell, the queues and the users."""
    fresh = not DISK.exists()

    def cell() -> None:
        os.environ.update(ENVIRONMENT)
        for source, name in ((SPOOL, "spool"), (ROOT / "default/common", "common")):
            if fresh:
                shutil.copytree(source, DISK / name, symlinks=True)
            _run("mount", "--bind", str(DISK / name), str(source))
        (ROOT / "default/common/act_qmaster").write_text(f"{site.name}\n")
        (ROOT / "default/common/accounting").touch()  # else it comes with the first job's end
        Path("/run/gridengine").mkdir()
        for path in (ROOT / "default/common", SPOOL, Path("/run/gridengine")):
            _run("chown", "-R", "sgeadmin:", str(path))
        if fresh:
            script = "/usr/share/gridengine/scripts/init_cluster"
            _run("runuser", "-u", "sgeadmin", "--", script, str(ROOT), "default", f"{SPOOL}/spooldb", "sgeadmin")

    def master() -> None:
        _run("/usr/sbin/sge_qmaster")
        _until(lambda: bool(_output("qconf", "-sss")), "the master answers")
        if fresh:
            _configure(site)

    def execution_host() -> None:
        _run("/usr/sbin/sge_execd")
        found = re.compile(rf"^{site.name} .*\dG", re.MULTILINE)
        _until(lambda: bool(found.search(_output("qhost", "-h", site.name))), "the execution host reports")

    return (cell, master, execution_host)


def _configure(site: Site) -> None:
    _run("qconf", "-as", site.name)
    slots = site.cpus_per_node
    _file("-Ae", HOST.format(name=site.name, slots=slots))
    _file("-Ahgrp", f"group_name {HOST_GROUP}\nhostlist {site.name}\n")
    _file("-Ap", PARALLEL.format(name="smp", rule="$pe_slots"))
    _file("-Ap", PARALLEL.format(name="mpi", rule="$fill_up"))
    template = _output("qconf", "-sq")
    for queue in site.queues:
        # load thresholds would close the queue on a busy host; unix_behavior heeds a script's first line
        values = {"hostlist": HOST_GROUP, "slots": str(slots), "pe_list": "smp mpi", "h_rt": queue.max_time}
        fixed = {"load_thresholds": "NONE", "shell": "/bin/bash", "shell_start_mode": "unix_behavior"}
        _file("-Aq", _with(template, qname=queue.name, **values, **fixed))
    quick = {"schedule_interval": "0:0:2", "flush_submit_sec": "1", "flush_finish_sec": "1"}
    _file("-Msconf", _with(_output("qconf", "-ssconf"), **quick))
    settings = Path("/run/gridengine/global")
    settings.write_text(_output("qconf", "-sconf", "global").replace("flush_time=00:00:15", "flush_time=00:00:03"))
    _run("qconf", "-Mconf", str(settings))
    for user in site.all_users:
        _file("-Auser", f"name {user}\noticket 0\nfshare 0\ndelete_time 0\ndefault_project NONE\n")


def _with(template: str, **values: str) -> str:
    """The template with other values; one that spans lines (ends in a backslash) is not among ours."""
    for name, value in values.items():
        template = re.sub(rf"^{name} .*$", lambda _, n=name, v=value: f"{n} {v}", template, flags=re.MULTILINE)  # type: ignore[misc]
    return template


def _file(option: str, text: str) -> None:
    path = Path("/run/gridengine/configure")
    path.write_text(text)
    _run("qconf", option, str(path))


def _run(*argv: str) -> None:
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)


def _output(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout


def _until(holds: Callable[[], bool], what: str, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s in vain until {what}")
        time.sleep(0.1)
