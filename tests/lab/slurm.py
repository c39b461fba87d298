"""Slurm of one centre: munge, MariaDB, slurmdbd, slurmctld and one slurmd per node, all on the centre's one machine."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from .sites import ACCOUNTS, Options, Site

FOLDER = Path("/lab/slurm")
FIRST_NODE_PORT = 17000
DATABASE_PASSWORD = "slurm"


def services(site: Site, options: Options, tools: Path) -> Iterable[Callable[[], None]]:
    """The steps of the boot, in their order. The first boot also creates the database and the accounts."""
    fresh = not FOLDER.exists()

    def files() -> None:
        for folder in ("state", "log", *(f"spool/{node}" for node in node_names(site))):
            (FOLDER / folder).mkdir(parents=True, exist_ok=True)
        Path("/run/slurm").mkdir()
        write_configuration(site, options)
        _own("slurm", FOLDER, Path("/run/slurm"), Path("/etc/slurm/slurmdbd.conf"))

    def munge() -> None:
        _start_munge()

    def database() -> None:
        _start_database(fresh)

    def slurmdbd() -> None:
        _run("/usr/sbin/slurmdbd")
        _until(lambda: _succeeds("sacctmgr", "--noheader", "show", "cluster"), "slurmdbd answers")
        if fresh:
            plan = FOLDER / "associations"
            plan.write_text(associations(site))
            _run("sacctmgr", "--immediate", "--quiet", "load", str(plan))

    def instruments() -> None:
        _start_meter(site, tools)
        _start_brake(site, options, tools)

    def slurmctld() -> None:
        _run("/usr/sbin/slurmctld")
        _until(lambda: " UP" in _output("scontrol", "ping"), "slurmctld answers")

    def nodes() -> None:
        for node in node_names(site):
            # -b reports a reboot: jobs lost in a power cut are requeued or failed.
            _run("/usr/sbin/slurmd", "-b", "-N", node, "-d", str(tools / "slurmstepd"))
        _until(lambda: _ready_nodes() == site.node_count, "all nodes are idle")
        if not fresh:  # Slurm misses a job 20 s after it read it, and asks its nodes only every few minutes by itself
            _spawn("sh", "-c", "sleep 22; scontrol reconfigure")

    return (files, munge, database, slurmdbd, instruments, slurmctld, nodes)


def node_names(site: Site) -> list[str]:
    return [f"{site.name}-n{number}" for number in range(site.node_count)]


def write_configuration(site: Site, options: Options) -> None:
    etc = Path("/etc/slurm")
    (etc / "slurm.conf").write_text(slurm_conf(site, options))
    (etc / "slurmdbd.conf").write_text(slurmdbd_conf(site))
    (etc / "slurmdbd.conf").chmod(0o600)
    (etc / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
    (etc / "gres.conf").write_text(_gres_conf(site))


def slurm_conf(site: Site, options: Options) -> str:
    return f"""\
ClusterName={site.name}
SlurmctldHost={site.name}({site.address})
SlurmUser=slurm
AuthType=auth/munge
AuthInfo=cred_expire=30
StateSaveLocation={FOLDER}/state
SlurmdSpoolDir={FOLDER}/spool/%n
SlurmctldPidFile=/run/slurm/slurmctld.pid
SlurmdPidFile=/run/slurm/slurmd-%n.pid
SlurmctldLogFile={FOLDER}/log/slurmctld.log
SlurmdLogFile={FOLDER}/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=1000
SlurmdParameters=config_overrides
ReturnToService=2
EnforcePartLimits={"ALL" if site.refuse_impossible_jobs else "NO"}
MaxJobCount=50000
MaxArraySize=20001
MinJobAge={options.min_job_age_s}
InactiveLimit=0
KillWait=5
SlurmdTimeout={options.slurmd_timeout_s}
JobRequeue=1
SchedulerParameters=bf_interval=5,sched_interval=5,default_queue_depth=200,max_rpc_cnt=150
PriorityType=priority/multifactor
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=5,energy=2
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost={site.name}
AccountingStorageEnforce=associations,limits,qos
AccountingStorageTRES=gres/gpu
AccountingStoreFlags=job_comment,job_env,job_script
AcctGatherEnergyType=acct_gather_energy/pm_counters
GresTypes=gpu
{_nodes_and_partitions(site)}
"""


def _nodes_and_partitions(site: Site) -> str:
    lines = []
    first = 0
    for index, queue in enumerate(site.queues):
        last = first + queue.nodes - 1
        names = f"{site.name}-n[{first}-{last}]"
        ports = f"{FIRST_NODE_PORT + first}-{FIRST_NODE_PORT + last}"
        gres = f" Gres=gpu:{queue.gpus_per_node}" if queue.gpus_per_node else ""
        lines.append(
            f"NodeName={names} NodeHostname={site.name} NodeAddr={site.address} Port=[{ports}] "
            f"CPUs={site.cpus_per_node} RealMemory={site.memory_mb_per_node}{gres} State=UNKNOWN"
        )
        lines.append(
            f"PartitionName={queue.name} Nodes={names} Default={'NO' if index else 'YES'} "
            f"MaxTime={queue.max_time} DefaultTime=10:00 State=UP"
        )
        first = last + 1
    return "\n".join(lines)


def _gres_conf(site: Site) -> str:
    """GPUs need a device file each: a node without them is INVAL. /dev/null's number does."""
    lines = []
    first = 0
    for queue in site.queues:
        last = first + queue.nodes - 1
        if queue.gpus_per_node:
            for gpu in range(queue.gpus_per_node):
                os.mknod(f"/dev/fakegpu{gpu}", 0o020666, os.makedev(1, 3))
            devices = f"/dev/fakegpu[0-{queue.gpus_per_node - 1}]"
            lines.append(f"NodeName={site.name}-n[{first}-{last}] Name=gpu File={devices}\n")
        first = last + 1
    return "".join(lines)


def slurmdbd_conf(site: Site) -> str:
    return f"""\
AuthType=auth/munge
DbdHost={site.name}
SlurmUser=slurm
StorageType=accounting_storage/mysql
StorageUser=slurm
StoragePass={DATABASE_PASSWORD}
StorageLoc=slurm_acct_db
LogFile={FOLDER}/log/slurmdbd.log
PidFile=/run/slurm/slurmdbd.pid
"""


def associations(site: Site) -> str:
    """Input of `sacctmgr load`: every user belongs to both accounts, the first is the default one."""
    lines = [f"Cluster - '{site.name}':Fairshare=1:QOS='normal'", "Parent - 'root'"]
    lines += [f"Account - '{account}':Description='{account}':Organization='lab':Fairshare=1" for account in ACCOUNTS]
    for account in ACCOUNTS:
        lines.append(f"Parent - '{account}'")
        lines += [f"User - '{user}':DefaultAccount='{ACCOUNTS[0]}':Fairshare=1" for user in site.all_users]
    return "\n".join(lines) + "\n"


def _start_munge() -> None:
    key = Path("/lab/munge.key")
    if not key.exists():
        key.write_bytes(os.urandom(128))
    shutil.copy(key, "/etc/munge/munge.key")
    Path("/run/munge").mkdir(mode=0o755)
    Path("/var/log/munge").mkdir(exist_ok=True)
    for path in ("/run/munge", "/var/log/munge", "/var/lib/munge", "/etc/munge", "/etc/munge/munge.key"):
        shutil.chown(path, "munge", "munge")
    Path("/etc/munge/munge.key").chmod(0o400)
    _run("runuser", "-u", "munge", "--", "/usr/sbin/munged", "--num-threads", "4")


def _start_database(fresh: bool) -> None:
    if fresh:  # the data folder that Debian's package initialised: seconds faster than mariadb-install-db
        _run("cp", "-a", "/var/lib/mysql", "/lab/mysql")
    Path("/run/mysqld").mkdir()
    shutil.chown("/run/mysqld", "mysql", "mysql")
    tuning = ("--innodb-buffer-pool-size=64M", "--innodb-lock-wait-timeout=900", "--innodb-flush-log-at-trx-commit=2")
    runtime = ("--socket=/run/mysqld/mysqld.sock", "--pid-file=/run/mysqld/mysqld.pid", "--skip-networking")
    files = ("--datadir=/lab/mysql", "--log-error=/lab/mysql/error.log")
    _spawn("mariadbd", "--no-defaults", "--user=mysql", *files, *runtime, *tuning)
    _until(lambda: _succeeds("mariadb-admin", "ping"), "MariaDB answers")
    if fresh:
        user = f"create user slurm@localhost identified by '{DATABASE_PASSWORD}'"
        _run("mariadb", "-e", f"create database slurm_acct_db; {user}; grant all on slurm_acct_db.* to slurm@localhost")


def _start_meter(site: Site, tools: Path) -> None:
    """Slurm's pm_counters plugin reads /sys/cray: a copy of /sys gets that folder, and a virtual meter fills it."""
    copy = Path("/run/sys")
    for entry in Path("/sys").iterdir():
        (copy / entry.name).mkdir(parents=True)
        _run("mount", "--rbind", str(entry), str(copy / entry.name))
    (copy / "cray/pm_counters").mkdir(parents=True)
    _run("mount", "--rbind", str(copy), "/sys")
    Path("/run/watts").write_text(f"{site.watts_per_node}\n")
    _spawn("/usr/bin/python3", str(tools / "meter.py"))
    _until(lambda: Path("/sys/cray/pm_counters/energy").exists(), "the power meter counts")


def _start_brake(site: Site, options: Options, tools: Path) -> None:
    """All job steps live in one control group, which brake.py freezes for a share of the time."""
    groups = Path("/run/cgroup")
    groups.mkdir()
    _run("mount", "-t", "cgroup2", "none", str(groups))
    group = groups / f"heroes-{site.name}"
    group.mkdir(exist_ok=True)
    _run("mount", "--bind", str(group), "/run/jobs")
    _run("umount", str(groups))
    Path("/run/slow-factor").write_text(f"{options.slow_factors.get(site.name, site.slow_factor)}\n")
    _spawn("/usr/bin/python3", str(tools / "brake.py"))


def _ready_nodes() -> int:
    states = _output("sinfo", "--noheader", "--Node", "--format", "%T").split()
    return sum(state in ("idle", "mixed", "allocated") for state in states)


def _own(user: str, *paths: Path) -> None:
    for path in paths:
        _run("chown", "-R", f"{user}:{user}", str(path))


def _run(*argv: str) -> None:
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)


def _spawn(*argv: str) -> None:
    subprocess.Popen(argv, stdin=subprocess.DEVNULL, start_new_session=True)


def _succeeds(*argv: str) -> bool:
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


def _output(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout


def _until(holds: Callable[[], bool], what: str, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s in vain until {what}")
        time.sleep(0.05)
