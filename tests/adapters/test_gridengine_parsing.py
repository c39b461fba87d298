"""What Grid Engine 8.1.9 prints, as recorded."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from heroes.adapters.gridengine import ORDERS, GridEngine, _read_id, _Setup, qsub_arguments
from heroes.adapters.gridengine_text import (
    IN_DOUBT,
    complexes,
    objects,
    parallel_environment,
    read_qacct,
    read_qstat,
    read_queues,
    size_bytes,
    when,
)
from heroes.adapters.ports import Order, SiteEnd, SiteState
from heroes.kit.errors import Refused

RECORDED = Path(__file__).parents[1] / "fixtures/gridengine"
ORDER = Order(token="t0123456789abcd", folder="/f", script_path="/f/job.sh", queue=None, account=None, walltime_s=60)


def recorded(name: str) -> str:
    return (RECORDED / f"8.1.9-{name}").read_text()


def record(**facts: str) -> str:
    times = {"qsub_time": "Sat Nov 21 04:07:31 2026", "start_time": "Sat Nov 21 04:07:31 2026"}
    every = {"hostname": "n1", "jobname": "t1", "jobnumber": "7", "taskid": "undefined", "slots": "1", **times, **facts}
    return "=====\n" + "".join(f"{key:<12} {value}\n" for key, value in every.items())


def setup() -> _Setup:
    return _Setup(
        objects(recorded("queues.txt"), "qname"),
        objects(recorded("environments.txt"), "pe_name"),
        complexes(recorded("complexes.txt")),
        {},
        "8.1.9",
    )


def test_running_jobs_and_elements_are_told_apart() -> None:
    jobs = read_qstat(recorded("running.xml")).jobs
    assert list(jobs) == [("1", None), ("2", None), ("3[]", 0), ("3[]", 1), ("3[]", 2)]
    assert {job.state for job in jobs.values()} == {SiteState.RUNNING}
    assert jobs["1", None].started_at == datetime(2026, 11, 21, 4, 7, 31, tzinfo=UTC)


def test_folded_elements_of_an_uneven_array_leave_unfolded_with_their_indexes() -> None:
    read = read_qstat(recorded("waiting.xml"))
    elements = {key: job for key, job in read.jobs.items() if key[1] is not None}
    assert [index for _, index in elements] == [0, 2, 3, 7]
    assert {job.state for job in elements.values()} == {SiteState.HELD}
    assert {job.token for job in elements.values()} == {"t0123456789abcd"}
    ((site_id, _), *_) = elements
    assert read.elements[site_id, 7] == f"{site_id.removesuffix('[]')}.4"


def test_an_answer_that_is_no_list_is_a_complaint() -> None:
    assert read_qstat("error: commlib error: got select error (Connection refused)").complaint
    assert read_qstat(recorded("running.xml")).complaint is None


def test_the_accounting_tells_ends_and_use() -> None:
    jobs = read_qacct(recorded("qacct.txt")).jobs
    assert {key: (job.end, job.exit_code) for key, job in jobs.items()} == {
        ("1", None): (SiteEnd.COMPLETED, 0),
        ("4", None): (SiteEnd.FAILED, 1),
        ("5", None): (SiteEnd.CANCELLED, None),
    }
    usage = jobs["1", None].usage
    assert usage is not None
    assert (usage.nodes, usage.cpus, usage.elapsed_s, usage.cpu_s) == (1, 2, 3.0, 0.011)
    assert 4_000_000 < (usage.max_rss_bytes or 0) < 5_000_000


@pytest.mark.parametrize(
    ("facts", "end", "code"),
    [
        ({"failed": "0", "exit_status": "0"}, SiteEnd.COMPLETED, 0),
        ({"failed": "0", "exit_status": "137"}, SiteEnd.FAILED, 137),
        ({"failed": "37  : qmaster enforced h_rt, h_cpu, or h_vmem limit", "exit_status": "137 (Killed)"},
         SiteEnd.TIME_LIMIT, None),
        ({"failed": "100 : assumedly after job", "exit_status": "137 (Killed)", "ru_wallclock": "61s",
          "category": "-l h_rt=60"}, SiteEnd.TIME_LIMIT, None),
        ({"failed": "100 : assumedly after job", "exit_status": "139"}, SiteEnd.FAILED, 139),
        ({"failed": "26  : opening input/output file", "exit_status": "0"}, SiteEnd.NODE_FAILURE, None),
    ],
)  # fmt: skip
def test_failure_code_and_exit_status_tell_how_a_job_ended(
    facts: dict[str, str], end: SiteEnd, code: int | None
) -> None:
    (job,) = read_qacct(record(**facts)).jobs.values()
    assert (job.end, job.exit_code) == (end, code)


def test_a_rescheduled_run_is_an_earlier_one_and_no_end() -> None:
    former = record(failed="25  : rescheduling", exit_status="0", ru_wallclock="5s")
    assert read_qacct(former).jobs == {}
    (job,) = read_qacct(former + record(failed="0", exit_status="0", ru_wallclock="9s")).jobs.values()
    assert (job.restarts, [usage.elapsed_s for usage in job.earlier]) == (1, [5.0])


def test_the_hosts_of_one_run_are_one_job() -> None:
    text = record(failed="0", exit_status="0", slots="4", ru_wallclock="9s", cpu="1s")
    (job,) = read_qacct(text + text.replace("n1", "n2")).jobs.values()
    assert job.usage is not None
    assert (job.usage.nodes, job.usage.cpus, job.usage.cpu_s, job.usage.node_list) == (2, 4, 2.0, "n1,n2")


def test_an_accounting_file_out_of_reach_is_a_complaint_and_an_unknown_job_is_none() -> None:
    assert read_qacct("error: unable to open /var/lib/gridengine/default/common/accounting").complaint
    assert read_qacct("error: job id 9999 not found").complaint is None


def test_queues_are_read() -> None:
    parts = (recorded("queues.txt"), recorded("instances.xml"), recorded("hosts.xml"), "      2 all.q\n      4 -\n")
    queues = {queue.name: queue for queue in read_queues(*parts)}
    every = queues["all.q"]
    assert (every.cores_per_node, every.nodes_total, every.max_walltime_s, every.state) == (16, 1, 86400, "UP")
    assert (every.running_jobs, every.pending_jobs, every.memory_bytes_per_node) == (2, 4, int(23.5 * 2**30))
    assert queues["short.q"].max_walltime_s == 1800


def test_a_parallel_environment_is_chosen_by_its_rule() -> None:
    site = setup()
    assert parallel_environment(site.queues, site.environments, "all.q", 1, 4) == "smp"
    assert parallel_environment(site.queues, site.environments, None, 2, 4) == "mpi"
    assert parallel_environment(site.queues, {}, None, 2, 4) is None


def test_an_order_is_put_into_grid_engines_words() -> None:
    order = replace(ORDER, cpus_per_task=4, memory_bytes=1 << 30, indexes=(0, 2, 5), queue="all.q", rerunnable=True)
    said = " ".join(qsub_arguments(order, setup()))
    assert "-r y -l h_rt=0:01:00 -pe smp 4 -q all.q -t 1-3 -N t0123456789abcd.0+2+5" in said
    counting = replace_consumed(setup(), "YES")
    assert "h_vmem=256M" in " ".join(qsub_arguments(order, counting))
    assert qsub_arguments(replace(ORDER, indexes=(0, 1, 2)), setup())[-4:] == ["-t", "1-3", "-N", "t0123456789abcd"]
    with pytest.raises(Refused, match="GPUs"):
        qsub_arguments(replace(ORDER, gpus=1), setup())
    with pytest.raises(Refused, match="parallel environment"):
        qsub_arguments(order, replace(setup(), environments={}))


def replace_consumed(site: _Setup, how: str) -> _Setup:
    return replace(site, consumed={"h_vmem": how})


def test_a_job_that_no_source_knows_is_gone_only_after_minutes_unless_we_deleted_it() -> None:
    batch, now = GridEngine(), datetime(2026, 11, 21, tzinfo=UTC)
    assert batch._gone(["7"], set(), now) == {}
    assert batch._gone(["7"], {"7"}, now + timedelta(minutes=4)) == {}
    assert batch._gone(["7"], set(), now + timedelta(minutes=6)) == {}
    assert batch._gone(["7"], set(), now + timedelta(minutes=11))["7", None].end is SiteEnd.UNKNOWN
    batch._deleted.add("8")
    assert batch._gone(["8[]"], set(), now)["8[]", None].end is SiteEnd.CANCELLED


@pytest.mark.parametrize(("said", "site_id"), [("2\n", "2"), ("warning\n3.1-3:1\n", "3[]"), ("no", None)])
def test_the_id_of_a_terse_answer(said: str, site_id: str | None) -> None:
    assert _read_id(said) == site_id


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('Unable to run job: Job was rejected because job requests unknown queue "nosuch.q"', "queue does not exist"),
        ("Unable to run job: error: no suitable queues\nExiting.", "No queue can ever"),
        ('Unable to run job: unknown resource "nosuch"', "does not know a resource"),
    ],
)
def test_what_qsub_refuses_is_told_with_a_remedy(said: str, words: str) -> None:
    assert words in ORDERS.refusal(said).words
    assert not re.search(IN_DOUBT, said, re.IGNORECASE)


def test_a_master_out_of_reach_leaves_a_doubt() -> None:
    said = "error: commlib error: got select error (Connection refused)\nUnable to run job: unable to contact qmaster"
    assert re.search(IN_DOUBT, said, re.IGNORECASE)


def test_times_and_sizes() -> None:
    assert when("-/-") is None
    assert when("11/21/2026 04:07:31.123") == datetime(2026, 11, 21, 4, 7, 31, tzinfo=UTC)
    assert (size_bytes("1.5G"), size_bytes("-")) == (3 << 29, None)
