"""What some Slurm sites do besides: federations, an order taken though its answer was lost, no accounting.

Slurm's commands are small programs here that answer as the real ones did.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from heroes.adapters.ear import Level, Policy, Step, energy, level, read_eacct
from heroes.adapters.local import LocalShell
from heroes.adapters.ports import Absent, Found, Order, Result, SiteState, Unknown
from heroes.adapters.slurm import Slurm, sbatch_arguments
from heroes.kit.errors import Refused, Unreachable

pytestmark = pytest.mark.anyio
TOKEN = "t12345678901234"


class Site(LocalShell):
    """This machine's shell with the given programs first on its PATH; each call of one is written down."""

    def __init__(self, folder: Path, **programs: str) -> None:
        super().__init__()
        self.folder, self._path = folder, folder / "bin"
        self._path.mkdir()
        for name, text in ({"scancel": "true"} | programs).items():
            program = self._path / name
            program.write_text(f'#!/bin/sh\ncd {folder}\nprintf "%s\\n" "{name} $*" >>calls\n{text}\n')
            program.chmod(0o755)

    async def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 30.0) -> Result:
        return await super().run(["env", f"PATH={self._path}:/usr/bin:/bin", *argv], stdin=stdin, timeout=timeout)

    def calls(self, name: str) -> list[str]:
        lines = (self.folder / "calls").read_text().splitlines()
        return [line for line in lines if line.split()[0] == name]

    def order(self) -> Order:
        (self.folder / "jobs").mkdir(exist_ok=True)
        return Order(TOKEN, f"{self.folder}/jobs", "/bin/true", None, None, 60)


def line(state: str = "PENDING") -> str:
    return f"7|{state}|1700000000|N/A|N/A||Resources|{TOKEN}"


async def test_an_order_that_a_federation_sent_elsewhere_is_taken_back_and_refused_with_the_cure(tmp_path: Path):
    site = Site(tmp_path, sbatch="echo '67108865;omega'")
    with pytest.raises(Refused, match=r"went to omega and was cancelled again.*Enrol each of its clusters"):
        await Slurm().submit(site, site.order())
    assert site.calls("scancel") == ["scancel -M omega 67108865"]


async def test_an_order_taken_though_the_socket_timed_out_is_found_and_not_given_again(tmp_path: Path):
    said = "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation"
    site = Site(
        tmp_path,
        sbatch=f"echo '{line()}' >queue; echo '{said}' >&2; exit 1",
        squeue="cat queue",
        sacct="true",
    )
    batch = Slurm()
    with pytest.raises(Unreachable, match="in doubt"):
        await batch.submit(site, site.order())
    found = await batch.find(site, TOKEN, since=datetime.now(UTC) - timedelta(minutes=1))
    assert isinstance(found, Found)
    assert [(job.site_id, job.state) for job in found.jobs] == [("7", SiteState.QUEUED)]
    with pytest.raises(Refused, match="given before"):
        await batch.submit(site, site.order())
    assert len(site.calls("sbatch")) == 1


async def test_without_accounting_the_controller_alone_is_asked_once_that_is_known(tmp_path: Path):
    off = "echo 'Slurm accounting storage is disabled' >&2; exit 1"
    forgotten = "echo 'slurm_load_jobs error: Invalid job id specified'; exit 1"
    site = Site(tmp_path, squeue="true", sacct=off, scontrol=forgotten)
    batch = Slurm()
    since = datetime.now(UTC) - timedelta(minutes=1)
    sighting = await batch.watch(site, since=since, known=["7"])
    assert sighting.complete
    assert sighting.jobs == {}
    # squeue is all that such a site has: it answered, and the gate and the exit file tell whether the job began
    assert isinstance(await batch.find(site, TOKEN, since=since), Absent)
    with pytest.raises(Refused, match="no accounting"):
        await batch.usage(site, ["7"])
    assert len(site.calls("sacct")) == 1


@pytest.mark.parametrize(
    ("squeue", "sacct"),
    [
        ("true", "echo 'sacct: error: slurm_persist_conn_open_without_init: Connection refused' >&2; exit 1"),
        ("true", "echo 'sacct: error: Problem talking to the database' >&2; exit 1"),
        ("echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1", "true"),
    ],
)
async def test_accounting_or_a_queue_that_is_silent_now_proves_no_absence(tmp_path: Path, squeue: str, sacct: str):
    site, batch = Site(tmp_path, squeue=squeue, sacct=sacct), Slurm()
    assert isinstance(await batch.find(site, TOKEN, since=datetime.now(UTC)), Unknown)
    assert batch.accounting is None


async def test_without_accounting_a_silent_controller_proves_no_absence(tmp_path: Path):
    down = "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1"
    site, batch = Site(tmp_path, squeue=down), Slurm(accounting=False)
    assert isinstance(await batch.find(site, TOKEN, since=datetime.now(UTC)), Unknown)


@pytest.mark.parametrize(("sacct", "complete"), [("true", True), ("echo 'sacct: error: refused' >&2; exit 1", False)])
async def test_what_is_found_is_complete_only_if_every_source_answered(tmp_path: Path, sacct: str, complete: bool):
    site = Site(tmp_path, squeue=f"echo '{line()}'", sacct=sacct)
    found = await Slurm().find(site, TOKEN, since=datetime.now(UTC))
    assert isinstance(found, Found)
    assert (len(found.jobs), found.complete) == (1, complete)


ACCOUNTED = "7|COMPLETED|0:0|10|11|131|120|00:01:00|||cpu=2,node=1|n1|None|tok"
EAR = """\
    JOB-STEP USER       APPLICATION      POLICY NODES AVG/DEF/IMC(GHz) TIME(s)    POWER(W) GBS     CPI   ENERGY(J)
      7-sb   lea        panel            MO     1     2.97/3.00/---      120.00     310.50   ---     ---   37260
      7-0    lea        panel            MO     1     2.97/3.00/2.39     118.00     312.00   1.20    0.50  36816
"""


async def test_a_state_that_is_accounted_before_its_end_and_exit_code_is_no_end_yet(tmp_path: Path):
    site = Site(tmp_path, sacct="echo '7|FAILED|0:0|10|11|Unknown|1|00:00:00|||cpu=1,node=1|n1|None|tok'")
    job = (await Slurm().usage(site, ["7"]))["7", None]
    assert (job.state, job.end, job.exit_code, job.ended_at) == (SiteState.COMPLETING, None, None, None)


async def test_where_slurm_has_no_meter_ear_is_asked_and_named_as_the_source(tmp_path: Path):
    (tmp_path / "told").write_text(EAR)
    site = Site(tmp_path, sacct=f"echo '{ACCOUNTED}'", scontrol="true", eacct="cat told")
    usage = (await Slurm().usage(site, ["7"]))["7", None].usage
    assert usage is not None
    assert usage.energy_j == 37260
    assert usage.energy_source == "EAR, policy monitoring"
    assert site.calls("eacct") == ["eacct -n all -j 7"]


async def test_ear_comes_before_slurms_own_meter_and_that_tells_where_ear_knows_nothing(tmp_path: Path):
    metered = ACCOUNTED.replace("|||cpu=2", "||5000|cpu=2")
    (tmp_path / "told").write_text(EAR)
    site = Site(tmp_path, sacct=f"echo '{metered}'", scontrol="true", eacct="cat told")
    usage = (await Slurm().usage(site, ["7"]))["7", None].usage
    assert usage is not None
    assert (usage.energy_j, usage.energy_source) == (37260, "EAR, policy monitoring")
    (tmp_path / "told").write_text("No jobs found.\n")
    usage = (await Slurm().usage(site, ["7"]))["7", None].usage
    assert usage is not None
    assert usage.energy_j == 5000
    assert "EAR" not in (usage.energy_source or "")


async def test_a_site_without_ear_is_asked_for_it_once(tmp_path: Path):
    site = Site(tmp_path, sacct=f"echo '{ACCOUNTED}'", scontrol="true")
    batch = Slurm()
    for _ in range(2):
        usage = (await batch.usage(site, ["7"]))["7", None].usage
        assert usage is not None
        assert usage.energy_j is None
    assert batch.ear is False


async def test_of_what_a_look_told_only_energy_is_asked_for_again(tmp_path: Path):
    site = Site(tmp_path, sacct=f"echo '{ACCOUNTED}'", scontrol="true")
    batch = Slurm()
    seen = (await Slurm().usage(site, ["7"]))["7", None]
    assert seen.usage is not None
    assert not batch.is_told(seen), "nobody knows yet whether the site has EAR"
    await batch.usage(site, ["7"])
    assert batch.is_told(seen)
    assert not batch.is_told(replace(seen, usage=replace(seen.usage, energy_j=5000.0))), "its neighbours' share is not"
    assert not batch.is_told(replace(seen, usage=None))


def test_ears_columns_are_found_by_their_names_and_a_script_that_saw_one_node_of_two_is_not_the_whole_job():
    steps = read_eacct(EAR)
    assert steps == {"7": {"sb": Step(1, 37260.0, Policy.MONITORING), "0": Step(1, 36816.0, Policy.MONITORING)}}
    assert energy(steps["7"], 1) == (37260.0, "EAR, policy monitoring")
    assert energy(steps["7"], 2) == (36816.0, "EAR, policy monitoring, of its steps alone")
    assert energy({"sb": Step(1, 5.0)}, 2) is None
    assert energy({"sb": Step(1, 5.0, Policy.MIN_TIME), "0": Step(1, 4.0)}, 1) == (5.0, "EAR"), "not one for all"
    assert read_eacct("No jobs found.") == {}
    assert list(read_eacct(EAR.replace("37260", "---"))["7"]) == ["0"]


async def test_elements_of_an_array_are_asked_for_at_ear_by_their_own_job_ids(tmp_path: Path):
    """EAR knows job ids alone; which one an element has is told by the site's accounting."""
    (tmp_path / "told").write_text(EAR.replace("7-", "9-").replace(" MO ", " ME "))
    elements = "\n".join(ACCOUNTED.replace("7|", f"7_{index}|", 1) for index in (0, 1))
    (tmp_path / "elements").write_text(elements + "\n")
    sacct = 'case "$*" in *JobIDRaw*) printf "7_0|8\\n7_1|9\\n" ;; *) cat elements ;; esac'
    site = Site(tmp_path, sacct=sacct, scontrol="true", eacct="cat told")
    found = await Slurm().usage(site, ["7_0", "7_1"])
    assert site.calls("eacct") == ["eacct -n all -j 8,9"]
    first, second = found["7", 0].usage, found["7", 1].usage
    assert first is not None
    assert second is not None
    assert first.energy_j is None
    assert (second.energy_j, second.energy_source) == (37260, "EAR, policy min_energy")


@pytest.mark.parametrize("policy", list(Policy))
def test_each_policy_of_ear_is_asked_for_with_the_order(policy: Policy):
    asked = sbatch_arguments(Order(TOKEN, "/jobs", "/bin/true", None, None, 60, energy_policy=policy))
    assert asked[-3:] == ["--ear=on", f"--ear-policy={policy}", "/bin/true"]
    plain = sbatch_arguments(Order(TOKEN, "/jobs", "/bin/true", None, None, 60))
    assert not [one for one in plain if "ear" in one], "a site without EAR knows no such option"


def test_how_far_ear_is_part_of_a_site_is_one_of_three_levels():
    assert level(["python3"], in_scheduler=False) is Level.NONE
    assert level(["python3", "erun"], in_scheduler=False) is Level.LIBRARY
    assert level(["eacct"], in_scheduler=True) is Level.FULL
