"""Slurm's own words, recorded on a real 22.05 and shaped like newer releases, become values."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heroes.adapters.arrays import array_indexes, array_text
from heroes.adapters.ports import SiteEnd, SiteJob, SiteState, SiteUsage
from heroes.adapters.questions import Section, clock, sections
from heroes.adapters.slurm import ORDERS
from heroes.adapters.slurm_counters import read_sstat
from heroes.adapters.slurm_facts import associations, config, energy_meter, gpus, read_queues, whole
from heroes.adapters.slurm_neighbours import Neighbours, hides_jobs, nodes_of
from heroes.adapters.slurm_text import (
    job_id,
    merge,
    read_live,
    read_sacct,
    read_scontrol,
    read_squeue,
    seconds,
    size_bytes,
    when,
)
from heroes.adapters.slurm_words import IN_DOUBT, STATES, plain_reason
from heroes.kit.errors import Garbled

RECORDED = Path(__file__).parents[1] / "fixtures" / "slurm"


def recorded(name: str) -> str:
    return (RECORDED / name).read_text()


# ------------------------------------------------------------------------------------------------------------------ ids


@pytest.mark.parametrize(
    ("text", "site_id", "indexes", "step"),
    [
        ("123", "123", (None,), None),
        ("123.batch", "123", (None,), "batch"),
        ("123.0", "123", (None,), "0"),
        ("123_4", "123", (4,), None),
        ("123_4.extern", "123", (4,), "extern"),
        ("123_[5-9%2]", "123", (5, 6, 7, 8, 9), None),
        ("123_[1,3,10-20:5]", "123", (1, 3, 10, 15, 20), None),
        ("123+0", "123+0", (None,), None),
        ("123+1.0", "123+1", (None,), "0"),
    ],
)
def test_every_form_of_a_job_id_is_read(
    text: str, site_id: str, indexes: tuple[int | None, ...], step: str | None
) -> None:
    found = job_id(text)
    assert found is not None
    assert (found.site_id, found.indexes, found.step, found.cut) == (site_id, indexes, step, False)


@pytest.mark.parametrize("text", ["", "JOBID", "slurm_load_jobs error: Invalid job id specified", "12a", "12_x"])
def test_what_is_no_job_id_is_none(text: str) -> None:
    assert job_id(text) is None


def test_a_cut_array_is_known_to_be_cut() -> None:
    found = job_id("7_[0-3,9,...]")
    assert found is not None
    assert found.cut
    assert found.indexes == (0, 1, 2, 3, 9)


def test_array_elements_survive_both_ways() -> None:
    indexes = (0, 1, 2, 7, 9, 10)
    assert array_text(indexes) == "0-2,7,9-10"
    assert array_indexes(array_text(indexes)) == (indexes, False)


# --------------------------------------------------------------------------------------------------------------- values


def test_times_are_read_as_seconds_and_as_the_site_s_local_time() -> None:
    moment = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    assert when(str(int(moment.timestamp()))) == moment
    assert when("2026-11-21T11:00:00", timedelta(hours=1)) == moment
    assert [when(text) for text in ("Unknown", "N/A", "None", "", "0")] == [None] * 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:00.029", 0.029),
        ("10:00.500", 600.5),
        ("00:10:00", 600),
        ("2-12:00:00", 216000),
        ("1-12", 129600),
        ("UNLIMITED", None),
        ("NONE", None),
        ("", None),
    ],
)
def test_durations(text: str, expected: float | None) -> None:
    assert seconds(text) == expected


def test_sizes() -> None:
    assert [size_bytes(text) for text in ("536K", "1.50G", "2924544", "0", "")] == [
        548864,
        1610612736,
        2924544,
        0,
        None,
    ]


def test_gpus_of_a_node() -> None:
    assert [gpus(text) for text in ("gpu:4", "gpu:a100:4(S:0-1),shard:8", "gpu:v100:2,gpu:k80:1", "(null)")] == [
        4,
        4,
        3,
        0,
    ]


def test_the_site_s_clock_is_ahead_only_as_far_as_that_is_sure() -> None:
    site = clock("1795255160 +0530")
    assert site.offset == timedelta(hours=5, minutes=30)
    asked, answered = site.now - timedelta(seconds=2), site.now + timedelta(seconds=2)
    assert site.ahead(asked, answered) == 0
    assert site.ahead(asked - timedelta(seconds=60), answered - timedelta(seconds=60)) == 58
    assert site.ahead(asked + timedelta(seconds=60), answered + timedelta(seconds=60)) == -57
    with pytest.raises(Garbled):
        clock("date: command not found")


# -------------------------------------------------------------------------------------------------------------- squeue


def test_squeue_unfolds_arrays_and_keeps_names_with_separators() -> None:
    read = read_squeue(recorded("22.05-squeue.txt"))
    assert read.complaint is None
    assert {key for key in read.jobs if key[0] == "7"} == {("7", i) for i in (0, 1, 2, 3, 10, 11, 12)}
    requeued = read.jobs["3", None]
    assert (requeued.token, requeued.state, requeued.started_at) == ("re|queued", SiteState.QUEUED, None)
    running = read.jobs["4", None]
    assert running.state is SiteState.RUNNING
    assert running.started_at == datetime.fromtimestamp(1795255659, UTC)
    assert running.ended_at is None


def test_squeue_tells_in_plain_words_that_a_job_will_never_start() -> None:
    waiting = read_squeue(recorded("22.05-squeue.txt")).jobs["6", None]
    assert waiting.reason == "PartitionTimeLimit"
    assert "never start" in (waiting.text or "")


def test_a_job_cancelled_before_its_start_has_no_start() -> None:
    job = read_squeue(recorded("22.05-squeue.txt")).jobs["7", 1]
    assert (job.state, job.end, job.started_at) == (SiteState.ENDED, SiteEnd.CANCELLED, None)


def test_a_held_job_is_held() -> None:
    read = read_squeue("9|PENDING|1795255657|N/A|N/A||JobHeldUser|tok")
    assert read.jobs["9", None].state is SiteState.HELD


def test_a_state_that_nobody_knows_is_complained_of_and_hides_no_other_job() -> None:
    read = read_squeue("8|SHINY|1|1|1|n1|None|a\n9|RUNNING|1|1|1|n1|None|b\nsqueue: warning: x|y\n")
    assert list(read.jobs) == [("9", None)]
    assert "SHINY" in (read.complaint or "")


# --------------------------------------------------------------------------------------------------------------- sacct


def test_a_script_whose_files_could_not_be_opened_never_began() -> None:
    line = "67|FAILED|0:53|1795255657|1795255659|1795255659|0|00:00:00|||cpu=1,mem=64M,node=1|beta-n2|None|tok"
    assert read_sacct(line).jobs["67", None].end is SiteEnd.NOT_LAUNCHED
    killed = line.replace("0:53", "0:9")
    assert read_sacct(killed).jobs["67", None].end is SiteEnd.FAILED


def test_sacct_s_runs_of_a_requeued_job_become_one_job_with_its_earlier_usage() -> None:
    job = read_sacct(recorded("22.05-sacct.txt")).jobs["3", None]
    assert (job.state, job.end, job.restarts) == (SiteState.ENDED, SiteEnd.CANCELLED, 1)
    assert job.usage is not None
    assert job.usage.elapsed_s == 0
    (former,) = job.earlier
    assert (former.cpus, former.elapsed_s, former.energy_j) == (2, 4, 1002)
    assert job.token == "re|queued"


def test_how_jobs_ended_is_told() -> None:
    jobs = read_sacct(recorded("22.05-sacct.txt")).jobs
    assert {key: job.end for key, job in jobs.items() if job.end} == {
        ("3", None): SiteEnd.CANCELLED,
        ("4", None): SiteEnd.TIME_LIMIT,
        ("5", None): SiteEnd.CANCELLED,
        **{("7", index): SiteEnd.CANCELLED for index in (0, 1, 2, 3, 10, 11, 12)},
    }
    assert jobs["5", None].reason == "CANCELLED by 20002"
    assert jobs["6", None].state is SiteState.QUEUED
    assert jobs["6", None].usage is None


def test_usage_is_the_job_s_with_the_largest_task_and_the_fullest_meter() -> None:
    usage = read_sacct(recorded("22.05-sacct.txt")).jobs["4", None].usage
    assert usage is not None
    assert (usage.nodes, usage.cpus, usage.elapsed_s, usage.cpu_s) == (1, 1, 62, 0.001)
    assert usage.max_rss_bytes == 2796 * 1024
    assert (usage.energy_j, usage.energy_source) == (15555, "sacct batch step")
    assert usage.sharing_unknown == "whether other jobs shared its nodes was not told"
    assert usage.node_list == "alpha-n0"


def test_a_newer_sacct_is_read() -> None:
    read = read_sacct(recorded("24.05-sacct.txt"))
    assert "SOMETHING_NEW" in (read.complaint or "")
    jobs = read.jobs
    big = jobs["880", None].usage
    assert big is not None
    assert (big.nodes, big.cpus, big.gpus, big.node_list) == (2, 256, 8, "n[01-02]")
    assert (big.energy_j, big.energy_source) == (1210000, "sacct extern step")
    assert big.max_rss_bytes == 2048000 * 1024
    assert big.cpu_s == 2 * 86400 + 3 * 3600 + 4 * 60 + 5
    assert jobs["881", None].end is SiteEnd.OUT_OF_MEMORY
    assert jobs["882", 4].end is SiteEnd.NODE_FAILURE
    assert {key[1] for key in jobs if key[0] == "882"} == {4, 5, 6, 7, 8, 9, 20, 25, 30}
    assert jobs["883+1", None].state is SiteState.RUNNING
    assert jobs["884", None].token == "name|with|bars"
    assert jobs["884", None].end is SiteEnd.PREEMPTED


def test_a_meter_that_shows_nothing_or_nonsense_is_no_reading() -> None:
    usage = read_sacct(recorded("24.05-sacct.txt")).jobs["881", None].usage
    assert usage is not None
    assert (usage.energy_j, usage.energy_source, usage.sharing_unknown) == (None, None, None)


def test_a_job_cancelled_while_it_waited_used_nothing_and_has_no_exit_code() -> None:
    job = read_sacct(recorded("24.05-sacct.txt"), timedelta(hours=1)).jobs["886", None]
    assert job.usage is not None
    assert (job.usage.nodes, job.usage.elapsed_s, job.exit_code, job.started_at) == (0, 0, None, None)
    assert job.ended_at == datetime(2026, 11, 21, 9, 5, tzinfo=UTC)


def test_a_run_that_was_requeued_is_not_the_end_of_the_job() -> None:
    first = recorded("22.05-sacct-running.txt").splitlines()[:3]
    job = read_sacct("\n".join(first)).jobs["3", None]
    assert (job.state, job.end) == (SiteState.QUEUED, None)


def test_scontrol_tells_of_ended_jobs_where_no_accounting_is_kept() -> None:
    read = read_scontrol(recorded("22.05-scontrol-jobs.txt"))
    assert read.complaint is None
    jobs = read.jobs
    assert (jobs["4", None].end, jobs["4", None].signal) == (SiteEnd.TIME_LIMIT, 15)
    assert jobs["3", None].restarts == 1
    assert jobs["7", 0].started_at == datetime.fromtimestamp(1795255659, UTC)
    assert {key[1] for key in jobs if key[0] == "7"} == {0, 1, 2, 3, 10, 11, 12}


# ------------------------------------------------------------------------------------------------------------- together


def test_a_requeued_job_that_waits_again_keeps_the_usage_of_its_former_run() -> None:
    live = read_squeue(recorded("22.05-squeue.txt")).jobs
    former_only = "\n".join(recorded("22.05-sacct-running.txt").splitlines()[:3])
    for accounted in (read_sacct(former_only).jobs, read_sacct(recorded("22.05-sacct-running.txt")).jobs):
        job = merge(live, accounted)["3", None]
        assert (job.state, job.restarts) == (SiteState.QUEUED, 1)
        assert [usage.energy_j for usage in job.earlier] == [1002]


def test_of_an_ended_job_the_accounting_knows_more() -> None:
    live = read_squeue(recorded("22.05-squeue.txt")).jobs
    job = merge(live, read_sacct(recorded("22.05-sacct.txt")).jobs)["5", None]
    assert job.usage is not None
    assert job.usage.elapsed_s == 4


def test_an_accounting_that_lags_does_not_bring_an_ended_job_back_to_life() -> None:
    ended = read_squeue("5|COMPLETED|10|11|12|n1|None|tok").jobs
    lagging = read_sacct("5|RUNNING|0:0|10|11|Unknown|1|00:00:00|||cpu=1,node=1|n1|None|tok").jobs
    assert merge(ended, lagging)["5", None].state is SiteState.ENDED


def test_parts_of_a_composite_answer_are_told_apart_and_a_broken_off_one_is_silent() -> None:
    text = "@@m clock\n1 +0000\n\n@@m . 0\n@@m squeue\nerror: x\n@@m . 1\n@@m sacct\n12|"
    parts = sections(text, "@@m")
    assert parts["clock"] == Section("1 +0000", 0)
    assert parts["squeue"].silence == "error: x"
    assert parts["sacct"].silence == "the answer broke off"
    assert Section("", 124).silence == "no answer in time"
    with pytest.raises(Garbled):
        sections("Welcome!", "@@m")


# ---------------------------------------------------------------------------------------------------------------- words


def test_every_end_has_one_meaning() -> None:
    assert all((state is SiteState.ENDED) == (end is not None) for state, end in STATES.values())


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("sbatch: error: Batch job submission failed: Invalid partition name specified", "no", "queue does not exist"),
        (
            "sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified",
            "no",
            "account",
        ),
        ("sbatch: error: Batch job submission failed: Requested node configuration is not available", "no", "No node"),
        (
            "sbatch: error: Batch job submission failed: Requested time limit is invalid (exceeds some limit)",
            "no",
            "time",
        ),
        (
            "sbatch: error: AssocMaxSubmitJobLimit sbatch: error: Batch job submission failed: Job violates "
            "accounting/QOS policy (job submit limit, user's size and/or time limits)",
            "busy",
            "submitted jobs",
        ),
        (
            "sbatch: error: QOSMaxWallDurationPerJobLimit sbatch: error: Batch job submission failed: Job violates "
            "accounting/QOS policy (job submit limit, user's size and/or time limits)",
            "no",
            "policy",
        ),
        ("sbatch: error: Batch job submission failed: User account has expired", "no", "expired"),
        ("sbatch: error: Batch job submission failed: Something new", "no", "refused"),
    ],
)
def test_what_sbatch_refuses_is_told_with_a_remedy(said: str, kind: str, words: str) -> None:
    no = ORDERS.refusal(said)
    assert (no.kind, words in no.words) == (kind, True), no


@pytest.mark.parametrize(
    "said",
    [
        "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation",
        "sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)",
        "sbatch: error: Batch job submission failed: Zero Bytes were transmitted or received",
    ],
)
def test_a_silent_controller_leaves_the_order_in_doubt(said: str) -> None:
    assert re.search(IN_DOUBT, said, re.IGNORECASE)


def test_reasons_for_waiting_have_plain_words() -> None:
    assert "nodes to become free" in (plain_reason("Resources") or "")
    assert "down, drained" in (plain_reason("ReqNodeNotAvail, UnavailableNodes:n[1-2]") or "")
    assert "other jobs have ended" in (plain_reason("AssocMaxJobsLimit") or "")
    assert "will not start" in (plain_reason("QOSMaxCpuPerJobLimit") or "")
    assert "NeverHeardOf" in (plain_reason("NeverHeardOf") or "")


# --------------------------------------------------------------------------------------------------------------- queues


def test_queues_with_free_down_and_partly_busy_nodes() -> None:
    counted = "     12 compute,gpu|PD\n    200 compute|R\n      3 gpu|CG\nsqueue: error: x\n"
    compute, gpu = read_queues(recorded("partitions-24.05.txt"), recorded("sinfo-mixed.txt"), counted)
    assert (compute.nodes_total, compute.nodes_free, compute.down_nodes) == (24, 12, 4)
    assert (compute.cores_per_node, compute.memory_bytes_per_node) == (64, 256000 << 20)
    assert (compute.max_walltime_s, compute.max_nodes, compute.default_walltime_s) == (216000, 16, 3600)
    assert (compute.pending_jobs, compute.running_jobs) == (12, 200)
    assert (compute.default, compute.state, compute.accounts) == (True, "UP", ("chem", "cfd"))
    assert compute.cores_free == 156 + 640 + 128 + 64
    assert (gpu.gpus_per_node, gpu.max_walltime_s, gpu.state, gpu.accounts) == (4, None, "DRAIN", None)
    assert (gpu.pending_jobs, gpu.running_jobs, gpu.down_nodes) == (12, 3, 1)


def test_queues_recorded_on_a_real_site() -> None:
    sinfo = "compute|idle|3|32|64000|0/96/0/96|(null)\ngpu|idle|1|32|64000|0/32/0/32|gpu:4\n"
    queues = {queue.name: queue for queue in read_queues(recorded("22.05-partitions.txt"), sinfo, "")}
    assert queues["compute"].nodes_free == 3
    assert queues["gpu"].gpus_per_node == 4
    assert queues["gpu"].max_walltime_s == 14400


def test_the_setup_tells_the_meter_and_how_often_it_is_read() -> None:
    settings = config(recorded("22.05-config.txt"))
    assert energy_meter(settings) == {"plugin": "pm_counters", "interval_s": 2}
    assert whole(settings, "MinJobAge") == 300
    assert energy_meter({"AcctGatherEnergyType": "acct_gather_energy/none"}) == {"plugin": None, "interval_s": None}
    assert energy_meter({"AcctGatherEnergyType": "(null)"})["plugin"] is None
    assert energy_meter({"AcctGatherEnergyType": "acct_gather_energy/ipmi", "AcctGatherNodeFreq": "30 sec"}) == {
        "plugin": "ipmi",
        "interval_s": 30,
    }


def test_accounts_with_their_limits() -> None:
    found = associations("proj1||10|50|40|normal|normal,long\nproj2|gpu|||||\nwarning\n")
    assert found[0] == {
        "account": "proj1",
        "queue": None,
        "max_jobs": 10,
        "max_submit": 40,
        "default_qos": "normal",
        "qos": ["normal", "long"],
    }
    assert [(each["account"], each["queue"], each["max_submit"]) for each in found[1:]] == [("proj2", "gpu", None)]


# ------------------------------------------------------------------------------------------------- others on its nodes

RAN = SiteJob(
    "880",
    None,
    "a123456789bcdef",
    SiteState.ENDED,
    started_at=datetime.fromtimestamp(1795255010, UTC),
    ended_at=datetime.fromtimestamp(1795255610, UTC),
)
ON_TWO = SiteUsage(nodes=2, cpus=4, elapsed_s=600.0, energy_j=1000.0, node_list="n[01-02]")
NEIGHBOURS = """\
880|1795255010|1795255610|4|n[01-02]
881|1795255310|1795255910|2|n02
882_[1-3]|Unknown|Unknown|0|None assigned
882_4|1795254000|1795255110|4|n[02-03]
883|1795255510|Unknown|1|n01
884|1795255010|1795255610|64|n03
885|1795250000|1795255000|8|n01
886.batch|1795255010|1795255610|8|n01
"""


def test_all_core_seconds_of_a_jobs_nodes_are_its_own_and_what_others_used_of_them_meanwhile() -> None:
    # own 4 × 600; 881: 2 × 300; 882_4: 4 × 100, half of it here; 883 still runs: 1 × 100; others not here or not then
    assert Neighbours(NEIGHBOURS).core_s_of_all(RAN, ON_TWO) == 2400 + 600 + 200 + 100


def test_a_job_alone_on_its_nodes_used_all_that_was_used() -> None:
    assert Neighbours(NEIGHBOURS.splitlines()[0]).core_s_of_all(RAN, ON_TWO) == 2400


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 9)), max_size=12))
def test_what_others_used_meanwhile_is_what_each_used_of_that_time(others: list[tuple[int, int, int]]) -> None:
    assert RAN.started_at
    assert RAN.ended_at
    begin, end = int(RAN.started_at.timestamp()), int(RAN.ended_at.timestamp())
    told, meanwhile = [f"880|{begin}|{end}|4|n[01-02]"], 0
    for number, (start, length, cores) in enumerate(others):
        first, last = begin - 300 + 30 * start, begin - 300 + 30 * (start + length)
        told.append(f"900_{number}|{first}|{last}|{cores}|n02")
        meanwhile += cores * max(0, min(end, last) - max(begin, first))
    assert Neighbours("\n".join(told)).core_s_of_all(RAN, ON_TWO) == 2400 + meanwhile


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("n1", {"n1"}),
        ("n[01-03,7],login1", {"n01", "n02", "n03", "n7", "login1"}),
        ("r[1-2]n[1-2]-ib", {"r1n1-ib", "r1n2-ib", "r2n1-ib", "r2n2-ib"}),
        ("", set()),
    ],
)
def test_a_host_list_is_read(text: str, names: set[str]) -> None:
    assert nodes_of(text) == names


def test_a_site_that_hides_others_jobs_is_known_by_its_settings() -> None:
    assert not hides_jobs(recorded("22.05-config.txt"))
    assert hides_jobs("PrivateData             = accounts,jobs,usage")
    assert hides_jobs("PrivateData             = all")


def test_a_line_that_says_the_same_again_is_the_same_job_and_costs_no_reading() -> None:
    first = "5|RUNNING|10|11|12|n1|None|tok\n6_[0-2]|PENDING|10|N/A|N/A||Priority|other\n7|RUNNING|10|11|12|n1|None|x"
    read, lines = read_live(first, timedelta(0), {})
    second = first.replace("7|RUNNING", "7|COMPLETING")
    again, after = read_live(second, timedelta(0), lines)
    assert [key for key, job in again.jobs.items() if read.jobs[key] is not job] == [("7", None)]
    assert again == read_squeue(second)
    assert list(after) == second.splitlines()


# ------------------------------------------------------------------------------------------------------- while it runs


def test_what_running_jobs_have_used_is_read_by_step_and_by_element():
    now = datetime(2026, 3, 1, tzinfo=UTC)
    told = read_sstat(recorded("22.05-sstat.txt"), now)
    assert {key: dict(one.cpu_s) for key, one in told.items()} == {
        ("9", 0): {"batch": 10.0},
        ("9", 1): {"batch": 11.0},
        ("8", None): {"batch": 0.0, "0": 26.0},
    }
    assert told["8", None].memory_bytes == 13376 * 1024
    assert all(one.energy_source is None for one in told.values()), "a meter that stands at zero is no meter"


def test_energy_of_steps_is_told_apart_from_that_of_the_batch_step():
    lines = "= 8 8\n8.extern|1|00:00:00|0|95\n8.batch|1|00:00:01|9K|90\n8.0|4|00:00:05.500|9K|60\n8.1|1|00:00:01||40\n"
    told = read_sstat(lines, datetime(2026, 3, 1, tzinfo=UTC))["8", None]
    assert told.energy_j == {"extern/extern": 95.0, "batch/batch": 90.0, "steps/0": 60.0, "steps/1": 40.0}
    assert told.cpu_s == {"batch": 1.0, "0": 22.0}, "of a step without a size nothing was gathered"


@given(
    st.lists(st.sampled_from(["= ", "8", "9_", "[1-", " ", "|", ".batch", "00:00:09", "9" * 400, "K", "P", "\n", "é"]))
)
def test_whatever_sstat_prints_it_is_read_without_a_fault(parts: list[str]):
    read_sstat("".join(parts), datetime(2026, 3, 1, tzinfo=UTC))
