"""Clusters: what is decided without asking anybody."""

import json
import random
import stat
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from heroes.adapters.local import LocalFiles, LocalShell
from heroes.adapters.ports import Absent, QueueFacts, Result, Shell, SiteEnd, SiteJob, SiteState, SiteUsage
from heroes.clusters import checking, compliance, probe, rules
from heroes.clusters.checking import _advance, _Probe, ready
from heroes.clusters.compliance import LOGIN, Asked, Verdict
from heroes.clusters.connect import BATCH_SYSTEMS, expand
from heroes.clusters.lines import Site
from heroes.clusters.models import Report
from heroes.clusters.rules import Kind, Watched
from heroes.kit import machine
from heroes.kit.errors import Refused, Unavailable
from heroes.kit.secrets import Secret, master_keys, seal, unseal

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ASKED = Asked(NOW, NOW + timedelta(seconds=1), "/home/heroes/heroes", 0o700)


# ---------------------------------------------------------------------------------------------------------- secrets


def test_a_secret_shows_as_stars_wherever_it_is_printed():
    secret = Secret(b"hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]}"
    assert secret.text() == "hunter2"


@pytest.mark.parametrize(
    "moved",
    [
        pytest.param({"organization_id": "org_b"}, id="copied to another organization"),
        pytest.param({"secret_id": "sec_2"}, id="put under another id"),
        pytest.param({"version": 2}, id="rolled back to an older version"),
    ],
)
def test_a_sealed_secret_opens_only_where_it_belongs(moved):
    place = {"organization_id": "org_a", "secret_id": "sec_1", "version": 1}
    envelope = seal(b"k" * 32, b"value", **place)
    assert unseal(b"k" * 32, envelope, **place).get_secret_value() == b"value"
    with pytest.raises(Unavailable, match="master key"):
        unseal(b"k" * 32, envelope, **{**place, **moved})


def test_another_master_key_opens_nothing_and_names_the_remedy():
    place = {"organization_id": "o", "secret_id": "s", "version": 1}
    with pytest.raises(Unavailable, match="Restore the key"):
        unseal(b"x" * 32, seal(b"k" * 32, b"value", **place), **place)


def test_the_master_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path):
    first = master_keys(tmp_path).all()
    path = tmp_path / "keys" / "master.key"
    assert [len(key) for key in first] == [32]
    assert master_keys(tmp_path).all() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("content", [b"", b"short", b"zz" * 32, b"k" * 33])
def test_a_master_key_file_of_another_form_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(Unavailable, match="32 raw bytes"):
        master_keys(tmp_path, tmp_path / "key")


def test_a_missing_master_key_file_is_never_made_by_itself(tmp_path: Path):
    with pytest.raises(Unavailable, match="HEROES_MASTER_KEY_FILE"):
        master_keys(tmp_path, tmp_path / "absent")
    assert not list(tmp_path.iterdir())


# ------------------------------------------------------------------------------------------------------------ lines


@pytest.mark.parametrize(
    ("sighted", "watched", "active", "expected"),
    [
        pytest.param(None, None, 0, (True, False), id="a new line sights its queues and asks about no job"),
        pytest.param(5, 5, 0, (False, False), id="nothing watched, nothing asked"),
        pytest.param(5, None, 1, (False, True), id="a first watch is asked about at once"),
        pytest.param(5, 5, 1, (False, False), id="asked five seconds ago is not asked again"),
        pytest.param(31, 16, 9, (True, True), id="both are due"),
    ],
)
def test_a_site_is_asked_only_what_is_due(sighted, watched, active, expected):
    def ago(seconds):
        return None if seconds is None else NOW - timedelta(seconds=seconds)

    tick = rules.tick(
        NOW,
        sighted_at=ago(sighted),
        watched_at=ago(watched),
        active=rules.Active(active, ago(90), ago(90)),
        sight_every=30,
        watch_every=15,
    )
    assert (tick.sight, tick.watch) == expected
    assert 0.5 <= tick.again <= 30


def looks(orders: dict[float, float], *, until: float = 300.0, idle_since: float = -1000.0) -> list[float]:
    """Return when a line's jobs are looked at (s); each is ordered at a time and watched until its end is seen."""
    at, seen, found, watched = 0.0, set(), [], idle_since
    while at < until:
        alive = [begun for begun in orders if begun <= at and begun not in seen]
        born = [NOW + timedelta(seconds=begun) for begun in alive]
        tick = rules.tick(
            NOW + timedelta(seconds=at),
            sighted_at=NOW + timedelta(seconds=at),
            watched_at=NOW + timedelta(seconds=watched),
            active=rules.Active(len(alive), min(born, default=None), max(born, default=None)),
            looked=[NOW + timedelta(seconds=one) for one in found][-rules.LOOKS_A_MINUTE :],
            sight_every=60,
            watch_every=20,
        )
        if tick.watch:
            found.append(at)
            watched = at
            seen |= {begun for begun in alive if orders[begun] <= at}
        at = min([at + tick.again, *(begun for begun in orders if begun > at)])
    return found


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        pytest.param({0: 1}, [3], id="a short job is seen to end three seconds after its order"),
        pytest.param({0: 8}, [3, 10], id="a longer one ten seconds after"),
        pytest.param({0: 25}, [3, 10, 30], id="then evenly"),
        pytest.param({0: 70}, [3, 10, 30, 63, 83], id="and never more than three times within any minute"),
        pytest.param({0: 1, 4: 5, 8: 9}, [3, 7, 11], id="short steps, one after the other"),
        pytest.param({0: 90, 45: 46}, [3, 10, 30, 63, 83, 103], id="a short one beside a long one has to wait"),
        pytest.param(dict.fromkeys(range(9), 50), [3, 23, 43, 63], id="many jobs are looked at evenly"),
    ],
)
def test_few_new_jobs_are_looked_at_soon_and_many_evenly(orders: dict[float, float], expected: list[float]):
    assert [round(at) for at in looks(orders)][: len(expected)] == expected


def test_no_minute_sees_more_than_three_looks_whatever_is_ordered_when():
    dice = random.Random(11)
    for _ in range(300):
        starts = sorted(dice.uniform(0, 200) for _ in range(dice.choice([1, 3, 8, 30])))
        found = looks({at: at + dice.expovariate(1 / 15) for at in starts}, idle_since=dice.uniform(-60, -20))
        pairs = list(zip(found, found[rules.LOOKS_A_MINUTE :], strict=False))
        assert all(later - sooner >= 60 - 1e-6 for sooner, later in pairs), found


def test_a_site_is_watched_at_most_four_times_a_minute_unless_set_otherwise():
    for kind in (Kind.SLURM, Kind.PBS, Kind.GRIDENGINE):
        assert 60 / rules.watch_seconds(kind, None) <= 4
    assert rules.watch_seconds(Kind.SLURM, 2.0) == 2.0
    assert rules.watch_seconds(Kind.LOCAL, None) == 2.0


def test_reconnecting_waits_longer_each_time_but_never_more_than_a_minute():
    assert rules.reconnect_after(1) < rules.reconnect_after(5) <= 60
    assert all(rules.reconnect_after(n) <= 60 for n in (6, 60, 6000))


def test_silence_says_since_when_and_why():
    said = rules.silence(NOW - timedelta(minutes=3), NOW, "alpha did not answer in time.")
    assert said == "Not heard from since 2026-03-01 11:57:00 UTC (3 minutes ago). alpha did not answer in time."
    assert rules.silence(None, NOW, "No route.").startswith("Never heard from.")


JOB = SiteJob("12", None, "habc", SiteState.RUNNING, started_at=NOW, usage=SiteUsage(1, 2, 10.0))


def test_a_sites_job_survives_being_stored():
    job = SiteJob(
        "12",
        3,
        "habc",
        SiteState.ENDED,
        end=SiteEnd.COMPLETED,
        exit_code=0,
        started_at=NOW,
        ended_at=NOW,
        usage=SiteUsage(1, 2, 10.0, energy_j=5.0, energy_source="pm"),
        earlier=(SiteUsage(1, 2, 3.0),),
    )
    assert rules.from_json(json.loads(json.dumps(rules.as_json(job)))) == job


@pytest.mark.parametrize(
    ("seen", "changed"),
    [
        pytest.param({}, False, id="a job that is not in the sighting stays as it was"),
        pytest.param({("12", None): JOB}, False, id="the same again is no news"),
        pytest.param({("12", None): SiteJob("12", None, "other", SiteState.ENDED)}, False, id="a token not ours"),
        pytest.param({("12", 1): SiteJob("12", 1, "habc", SiteState.ENDED)}, False, id="another element of the array"),
        pytest.param({("12", None): SiteJob("12", None, "habc", SiteState.ENDED)}, True, id="it ended"),
    ],
)
def test_only_what_is_seen_differently_wakes_somebody(seen, changed):
    watch = Watched("wat_1", "habc", "12", None, rules.as_json(JOB))
    stored = {key: rules.as_json(job) for key, job in seen.items()}
    assert bool(rules.changes([watch], stored)) is changed


WHOLE = SiteJob("12", None, "", SiteState.ENDED, SiteEnd.UNKNOWN)
MEMBER = SiteJob("12", 1, "habc", SiteState.RUNNING)


@pytest.mark.parametrize(
    ("before", "seen", "told"),
    [
        pytest.param(None, [WHOLE], replace(WHOLE, index=1), id="the end of an array is that of an element never seen"),
        pytest.param(MEMBER, [WHOLE], replace(WHOLE, index=1), id="and of one that lived"),
        pytest.param(MEMBER, [WHOLE, MEMBER], MEMBER, id="what is told of the element itself comes first"),
        pytest.param(replace(MEMBER, state=SiteState.ENDED), [WHOLE], None, id="an element that ended keeps its end"),
        pytest.param(MEMBER, [replace(WHOLE, site_id="13")], None, id="another array"),
    ],
)
def test_what_is_told_of_a_whole_array_is_told_of_its_elements(before, seen, told):
    watch = Watched("wat_1", "habc", "12", 1, rules.as_json(before) if before else None)
    assert rules.told_of(watch, {job.key: job for job in seen}) == told


def test_growing_usage_of_a_running_job_is_no_news_but_that_of_an_ended_one_is():
    running = {**rules.as_json(JOB), "usage": {"nodes": 1, "cpus": 2, "elapsed_s": 99.0}}
    assert rules.news(running) == rules.news(rules.as_json(JOB))
    ended = rules.as_json(SiteJob("12", None, "habc", SiteState.ENDED))
    assert rules.news(ended) != rules.news({**ended, "usage": running["usage"]})


def test_a_sighting_is_kept_when_it_differs_or_the_last_one_is_old():
    same = {"nodes_free": 3}
    assert rules.worth_keeping(None, None, same, NOW)
    assert not rules.worth_keeping(same, NOW - timedelta(minutes=1), same, NOW)
    assert rules.worth_keeping(same, NOW - timedelta(minutes=1), {"nodes_free": 2}, NOW)
    assert rules.worth_keeping(same, NOW - timedelta(hours=1), same, NOW)


def test_a_process_of_this_boot_that_is_gone_is_dead_and_all_others_may_live():
    ended = subprocess.Popen(["true"])
    name = machine.owner_name("m").split("|")
    ended.wait()
    assert not machine.owner_is_dead(machine.owner_name("m"))
    assert machine.owner_is_dead("|".join([*name[:3], str(ended.pid), "1", "x"]))
    assert machine.owner_is_dead("|".join([*name[:4], "1", "x"])), "the same id, but another process by now"
    assert not machine.owner_is_dead("|".join(["m", "another-boot", name[2], str(ended.pid), "1", "x"]))
    assert not machine.owner_is_dead("nonsense")


VALUES = {"HOME": "/home/lea", "USER": "lea", "SCRATCH": "/scratch/lea", "WORK": ""}


@pytest.mark.parametrize(
    ("root", "path"),
    [
        ("~/heroes", "/home/lea/heroes"),
        ("$SCRATCH/heroes/", "/scratch/lea/heroes"),
        ("/project/$USER", "/project/lea"),
        ("/data/with space", "/data/with space"),
    ],
)
def test_a_job_folder_root_becomes_an_absolute_path(root, path):
    assert expand(root, VALUES) == path


@pytest.mark.parametrize("root", ["$WORK/x", "relative", "~/../up", "/a/$(id)", "$OTHER/x"])
def test_a_root_that_cannot_be_one_is_refused_with_the_remedy(root):
    with pytest.raises(Refused, match=r"absolute path|write /path"):
        expand(root, VALUES)


# ------------------------------------------------------------------------------------------------- the login node

CHECKS = {check.name: check for check in LOGIN[Kind.SLURM]}
DF = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 100000000 1 {free} 1% /home\n"
DFI = "Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/sda1 1000000 1 {inodes} 1% /home\n"


def df(free_bytes: int, inodes: int = 900_000) -> str:
    return DF.format(free=free_bytes // 1024) + DFI.format(inodes=inodes)


UP = "Slurmctld(primary) at alpha is UP\n"


@pytest.mark.parametrize(
    ("check", "status", "stdout", "stderr", "verdict"),
    [
        pytest.param("scheduler", 0, "slurm-wlm 22.05.8\n" + UP, "", "ok", id="a scheduler that answers"),
        pytest.param("scheduler", 127, "", "sinfo: not found", "fail", id="no scheduler on the path"),
        pytest.param(
            "scheduler", 1, "slurm 22.05.8\nSlurmctld(primary) at a is DOWN\n", "", "fail", id="slurmctld down"
        ),
        pytest.param("scheduler", 0, "slurm 17.11.2\n" + UP, "", "warn", id="a scheduler too old"),
        pytest.param("accounting", 0, "AcctGatherEnergyType = x/pm_counters\n", "", "ok", id="accounting"),
        pytest.param("accounting", 1, "", "sacct: error: slurm_persist_conn_open: refused", "fail", id="slurmdbd down"),
        pytest.param("accounting", 1, "", "Slurm accounting storage is disabled", "warn", id="no accounting kept"),
        pytest.param("association", 0, "proj1||normal\n", "", "ok", id="an account to charge"),
        pytest.param("association", 0, "", "", "fail", id="an account that expired"),
        pytest.param("disk", 0, df(50 * 2**30), "", "ok", id="room on the disk"),
        pytest.param("disk", 0, df(2 * 2**30), "", "warn", id="a disk nearly full"),
        pytest.param("disk", 0, df(2**20), "", "fail", id="a full disk"),
        pytest.param("disk", 0, df(50 * 2**30, inodes=10), "", "fail", id="no inodes left"),
        pytest.param("disk", 1, "", "df: /x: No such file or directory", "fail", id="no such file system"),
        pytest.param("quota", 0, "no quota command\n", "", "ok", id="no quota"),
        pytest.param("quota", 0, "/dev/sda1 100 1000 2000 0 1 0 0\n", "", "ok", id="within the quota"),
        pytest.param("quota", 0, "/dev/sda1 950 1000 2000 0 1 0 0\n", "", "warn", id="nearly over the quota"),
        pytest.param("quota", 0, "/dev/sda1 1500* 1000 2000 99 1 0 0\n", "", "fail", id="over the quota"),
        pytest.param("clock", 0, f"{NOW.timestamp() + 0.5}\n", "", "ok", id="clocks agree"),
        pytest.param("clock", 0, f"{NOW.timestamp() + 31}\n", "", "warn", id="a clock half a minute ahead"),
        pytest.param("clock", 0, f"{NOW.timestamp() - 3600}\n", "", "fail", id="a clock an hour behind"),
        pytest.param("clock", 1, "", "date: bad", "fail", id="no clock"),
        pytest.param("job folder root", 0, "heroes\nmode=700 owner=lea\n", "", "ok", id="a good root"),
        pytest.param("job folder root", 0, "mode=755 owner=lea\n", "", "warn", id="another mode than the policy's"),
        pytest.param("job folder root", 0, "mode=777 owner=lea\n", "", "fail", id="a root anybody may write"),
        pytest.param("job folder root", 3, "", "mkdir: Permission denied", "fail", id="a root that cannot be made"),
        pytest.param("job folder root", 4, "", "mktemp: Permission denied", "fail", id="a root not writable"),
        pytest.param("job folder root", 5, "", "ln: Operation not permitted", "fail", id="no symbolic links"),
        pytest.param("job folder root", 6, "", "", "fail", id="links that are not exclusive"),
        pytest.param("job folder root", 7, "", "No space left on device", "fail", id="no file can be written"),
        pytest.param("modules", 0, "no module command\n", "", "ok", id="no modules"),
        pytest.param("modules", 0, "/opt/modules:\nopenfoam/2012\ngcc/12.2\n", "", "ok", id="modules"),
        pytest.param("tools", 0, "/bin/bash\n", "", "ok", id="all tools"),
        pytest.param("tools", 0, "missing sha256sum\n", "", "fail", id="a tool is missing"),
    ],
)
def test_each_answer_of_a_login_node_gets_its_verdict_and_every_fault_its_cure(check, status, stdout, stderr, verdict):
    line = CHECKS[check].finding(Result(status, stdout, stderr), ASKED).line()
    assert line["verdict"] == verdict
    assert verdict == "ok" or line["cure"]
    assert line["command"]
    assert line["answer"]


PBS = "pbs_version = 23.06.06\nServer: delta\n    server_state = {state}\n    job_history_enable = {history}\n"


@pytest.mark.parametrize(
    ("kind", "check", "status", "stdout", "verdict"),
    [
        pytest.param("pbs", "scheduler", 0, PBS.format(state="Active", history=True), "ok", id="a PBS server"),
        pytest.param("pbs", "scheduler", 0, PBS.format(state="Hot_Start", history=True), "warn", id="no scheduling"),
        pytest.param("pbs", "scheduler", 1, "pbs_version = 23.06.06\n", "fail", id="a PBS server that is down"),
        pytest.param("pbs", "scheduler", 127, "", "fail", id="no PBS on the path"),
        pytest.param("pbs", "accounting", 0, PBS.format(state="Active", history=True), "ok", id="a history"),
        pytest.param("pbs", "accounting", 0, PBS.format(state="Active", history=False), "warn", id="no history"),
        pytest.param("gridengine", "scheduler", 0, "SGE 8.1.9\ngamma\n", "ok", id="Grid Engine's master"),
        pytest.param("gridengine", "scheduler", 1, "SGE 8.1.9\n", "fail", id="a master that is down"),
        pytest.param("gridengine", "scheduler", 127, "", "fail", id="no Grid Engine on the path"),
        pytest.param("gridengine", "accounting", 0, "error: job id 999999999 not found\n", "ok", id="a readable file"),
        pytest.param("gridengine", "accounting", 0, "error: unable to open /x/accounting\n", "fail", id="no file"),
    ],
)
def test_each_batch_system_is_asked_in_its_own_words(kind, check, status, stdout, verdict):
    one = next(each for each in LOGIN[Kind(kind)] if each.name == check)
    line = one.finding(Result(status, stdout, ""), ASKED).line()
    assert line["verdict"] == verdict
    assert verdict == "ok" or line["cure"]


def test_every_kind_that_can_be_enrolled_has_its_checks_and_its_batch_system():
    assert set(BATCH_SYSTEMS) == set(Kind) - {Kind.LOCAL, Kind.FIRECREST}
    assert set(LOGIN) == set(Kind)
    assert {kind: make().name for kind, make in BATCH_SYSTEMS.items()} == {kind: kind.value for kind in BATCH_SYSTEMS}


def test_the_report_keeps_facts_that_placement_and_energy_need():
    told = "AcctGatherEnergyType = acct_gather_energy/pm_counters\nJobAcctGatherFrequency = task=5,energy=2\n"
    finding = CHECKS["accounting"].finding(Result(0, told, ""), ASKED)
    meter = {"energy_meter": "acct_gather_energy/pm_counters", "energy_interval_s": 2}
    assert finding.facts == {"accounting": True, **meter}
    none = CHECKS["accounting"].finding(Result(0, "AcctGatherEnergyType = acct_gather_energy/none\n", ""), ASKED)
    assert none.facts["energy_meter"] is None
    modules = CHECKS["modules"].finding(Result(0, "/opt/m:\nopenfoam/2012\n", ""), ASKED)
    assert modules.facts["modules"] == ["openfoam/2012"]


def test_values_of_a_check_travel_as_arguments_never_inside_the_command():
    argv = CHECKS["disk"].argv("/x/$(touch evil)", 0o700)
    assert argv[-2:] == ["/x/$(touch evil)", "700"]
    assert "evil" not in argv[2]


def test_the_check_of_the_job_folder_root_runs_as_written(tmp_path: Path):
    check = next(check for check in LOGIN[Kind.LOCAL] if check.name == "job folder root")
    root = str(tmp_path / "with space" / "$(id)")
    ran = subprocess.run(check.argv(root, 0o700), capture_output=True, text=True)
    asked = Asked(NOW, NOW, root, 0o700)
    assert check.finding(Result(ran.returncode, ran.stdout, ran.stderr), asked).verdict is Verdict.OK
    Path(root).chmod(0o777)
    ran = subprocess.run(check.argv(root, 0o700), capture_output=True, text=True)
    assert check.finding(Result(ran.returncode, ran.stdout, ran.stderr), asked).verdict is Verdict.FAIL
    assert list(Path(root).iterdir()) == []


def queue(name: str = "compute", state: str = "UP", down: int = 0) -> QueueFacts:
    return QueueFacts(name, 3, 2, 32, 64 * 2**30, 0, 86400, None, state, 0, 1, down)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("queues", "error", "verdict"),
    [
        pytest.param([queue()], None, "ok", id="a queue"),
        pytest.param([queue(), queue("gpu", "DRAIN")], None, "warn", id="one of two closed"),
        pytest.param([queue(down=1)], None, "warn", id="a node is down"),
        pytest.param([queue(state="DOWN")], None, "fail", id="every queue closed"),
        pytest.param([], None, "fail", id="no queue visible"),
        pytest.param([], "scontrol: timeout", "fail", id="the scheduler does not tell"),
    ],
)
def test_queues_get_their_verdict(queues, error, verdict):
    finding = compliance.queues(queues, error)
    assert finding.verdict == verdict
    assert verdict == "ok" or finding.cure


def test_a_login_that_fails_and_a_missing_sftp_are_failures_with_cures():
    assert compliance.connection("lea@alpha", "Welcome", None).answer == "Welcome"
    assert compliance.connection("lea@alpha", None, "refused").verdict is Verdict.FAIL
    assert compliance.sftp("/r", None).verdict is Verdict.OK
    assert compliance.sftp("/r", "no subsystem").verdict is Verdict.FAIL


def test_a_report_is_as_bad_as_its_worst_line():
    assert compliance.worst([]) is Verdict.OK
    assert compliance.worst([{"verdict": "ok"}, {"verdict": "fail"}, {"verdict": "warn"}]) is Verdict.FAIL


@pytest.mark.parametrize(
    ("failed", "queues", "expected"),
    [
        pytest.param([], ["a"], True, id="all in order"),
        pytest.param(["a"], ["a", "b"], True, id="one queue fails, another is left"),
        pytest.param(["a", "b"], ["a", "b"], False, id="no queue is left"),
        pytest.param([None], ["a"], False, id="the login node fails"),
        pytest.param([], [], False, id="no queue was there to be checked"),
    ],
)
def test_a_cluster_is_ready_when_its_login_node_and_one_queue_are_in_order(failed, queues, expected):
    findings = [{"queue": name, "verdict": "fail"} for name in failed] + [{"queue": None, "verdict": "warn"}]
    assert ready(findings, queues) is expected


# -------------------------------------------------------------------------------------------------------- the probe

SEEN = {
    "host": "n1",
    "sees_folder": True,
    "waited_s": 0,
    "python": "3.11.2",
    "mpi": "mpirun (Open MPI) 4.1.4",
    "gpus": 0,
    "gpus_granted": 0,
    "openfoam": "/usr/share/openfoam",
    "cores": 32,
    "memory_kib": 64 * 2**20,
    "arch": "x86_64",
    "containers": ["ch-run"],
    "commands": ["python3", "icoFoam", "eacct"],
}


@pytest.mark.parametrize(
    ("change", "advertised", "arrival", "check", "verdict"),
    [
        pytest.param({}, 0, 0, None, "ok", id="a node with everything"),
        pytest.param({"sees_folder": False}, 0, 0, "job folder", "fail", id="a folder that nodes do not see"),
        pytest.param({"waited_s": 12}, 0, 0, "job folder", "warn", id="a folder that nodes see late"),
        pytest.param({}, 0, 20, "job folder", "warn", id="results that arrive late"),
        pytest.param({"python": ""}, 0, 0, "python3", "warn", id="no python3"),
        pytest.param({"python": "3.5.2"}, 0, 0, "python3", "warn", id="a python3 too old"),
        pytest.param({"containers": []}, 0, 0, "container runtimes", "warn", id="no container runtime"),
        pytest.param({"mpi": ""}, 0, 0, "mpi", "warn", id="no MPI"),
        pytest.param({}, 4, 0, "gpus", "warn", id="GPUs advertised and not seen"),
        pytest.param({"gpus_granted": 1}, 4, 0, "gpus", "ok", id="GPUs as advertised"),
    ],
)
def test_each_thing_a_node_lacks_is_a_line_with_its_cure(change, advertised, arrival, check, verdict):
    findings = probe.judge("compute", {**SEEN, **change}, advertised_gpus=advertised, arrival_s=arrival)
    bad = [finding for finding in findings if finding.verdict is not Verdict.OK]
    assert [finding.check for finding in bad] == ([check] if verdict != "ok" else [])
    assert all(finding.verdict == verdict and finding.cure and finding.queue == "compute" for finding in bad)


def test_a_probe_that_waits_is_a_warning_and_one_that_is_refused_or_lost_a_failure():
    assert probe.not_started("q", 10, "Resources").verdict is Verdict.WARN
    assert probe.refused("q", "Invalid account").verdict is Verdict.FAIL
    assert probe.nothing_came("q", "ended").verdict is Verdict.FAIL


def test_the_probe_tells_placement_what_a_queue_offers():
    facts = probe.facts(SEEN)
    assert facts["software"]["openfoam"] == {"commands": ["icoFoam"], "root": "/usr/share/openfoam"}
    assert facts["python"] == "3.11.2"
    assert facts["containers"] == ["ch-run"]
    assert facts["ear"] == "library"
    full = probe.facts({**SEEN, "ear_in_scheduler": True})
    assert full["ear"] == "full"
    assert [rules.union_facts(one)["ear"] for one in ([facts, full], [facts], [])] == ["full", "library", "none"]
    assert facts["memory_bytes"] == 64 * 2**30
    assert rules.union_facts([facts, probe.facts({})])["commands"] == ["eacct", "icoFoam", "python3"]


def test_the_probe_tells_energy_what_a_node_is_made_of():
    cpu = "Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz"
    told = {"cpu": cpu, "chips": 2, "siblings": "40", "cores_of_chip": "20", "gpu": "NVIDIA A40, 300.00", "khz": ""}
    found = probe.facts({**SEEN, **told, "virtual": False})
    assert (found["cpu"], found["chips"], found["threads_per_core"], found["mhz"]) == (cpu, 2, 2, 2500)
    assert (found["gpu"], found["gpu_limit_w"], found["virtual"]) == ("NVIDIA A40", 300, False)
    nothing = probe.facts({})
    assert (nothing["cpu"], nothing["gpu"], nothing["gpu_limit_w"]) == (None, None, 0)


def test_the_probes_script_writes_json_with_a_plain_shell(tmp_path: Path):
    folder = tmp_path / 'it\'s "odd" $(id)'
    (folder / "habc").mkdir(parents=True)
    (folder / "nonce").write_text("n0")
    (folder / "probe.sh").write_bytes(probe.script(str(folder), "habc", "n0"))
    subprocess.run(["sh", str(folder / "probe.sh")], check=True, capture_output=True)
    seen = probe.read((folder / "habc" / "probe.json").read_bytes())
    assert seen is not None
    assert seen["sees_folder"] is True
    assert "tar" in probe.facts(seen)["commands"]
    assert probe.facts(seen)["threads_per_core"] >= 1
    again = subprocess.run(["sh", str(folder / "probe.sh")], capture_output=True)
    assert again.returncode == 80, "the gate holds: a probe starts once"


def test_what_is_not_json_is_no_probe():
    assert probe.read(b"\xff\x00") is None
    assert probe.read(b"[1]") is None


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.LOCAL])
def test_a_line_that_watches_jobs_asks_its_site_at_most_four_questions_a_minute(kind: Kind):
    assert 60 / rules.watch_seconds(kind, None) + 60 / rules.sight_seconds(None, active=1000) <= 4


def test_a_site_that_answers_slowly_is_asked_less_often():
    assert rules.pause_after(0.1) < 1
    assert 15 / (15 + rules.pause_after(15)) <= rules.SHARE


class Forgetful:
    """A batch system that keeps no books: it knows no ended job."""

    async def find(self, shell: Shell, token: str, *, since: datetime) -> Absent:
        return Absent(datetime.now(UTC))


@pytest.mark.anyio
@pytest.mark.parametrize("told", [True, False])
async def test_a_probe_that_a_site_without_books_forgot_is_judged_by_what_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: bool
):
    monkeypatch.setattr(checking, "ARRIVAL_S", 0)
    report = Report(id="rep_1", created_at=datetime.now(UTC) - timedelta(minutes=9))
    ordered_at = (datetime.now(UTC) - timedelta(minutes=9)).isoformat()
    one = _Probe("tok", "nonce", 0, 60, site_id="7", ordered_at=ordered_at)
    folder = tmp_path / "checks/rep_1/tok.d"
    (folder / "tok").mkdir(parents=True)
    if told:
        (folder / "probe.sh").write_bytes(probe.script(str(folder), "tok", "nonce"))
        (folder / "nonce").write_text("nonce")
        subprocess.run(["bash", folder / "probe.sh"], check=True)
    shell, files = LocalShell(), LocalFiles(str(tmp_path))
    site = Site(shell, files, Forgetful(), str(tmp_path), "a", "lin", "clu", Kind.PBS, None, 0o700)  # type: ignore[arg-type]
    findings = await _advance(None, None, site, report, "main", one)  # type: ignore[arg-type]
    assert one.done
    assert ("no source of the site knows the job" in str(findings)) is not told
    assert bool(one.facts) is told
