"""What PBS prints, as recorded on OpenPBS 23.06, and in Torque's words as its manuals print them."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from heroes.adapters.arrays import index_of, series, start_script
from heroes.adapters.pbs import ORDERS, qsub_arguments
from heroes.adapters.pbs_text import read_jobs, read_queues, records, size_bytes
from heroes.adapters.pbs_words import IN_DOUBT, plain_reason
from heroes.adapters.ports import Order, SiteEnd, SiteState
from heroes.kit.errors import Refused

RECORDED = Path(__file__).parents[1] / "fixtures/pbs"
ORDER = Order(token="t0123456789abcd", folder="/scratch/it's", script_path="/scratch/it's/job.sh", queue=None,
              account=None, walltime_s=3661)  # fmt: skip


def recorded(name: str) -> str:
    return (RECORDED / f"23.06-{name}").read_text()


def job(state: str, **facts: str) -> str:
    """A job in qstat's long form."""
    lines = [f"    {name.replace('__', '.')} = {value}" for name, value in facts.items()]
    return "\n".join(["Job Id: 9.delta", "    Job_Name = t1", f"    job_state = {state}", *lines])


@pytest.mark.parametrize("name", ["running.txt", "running.json"])
def test_a_running_job_is_read_from_text_and_from_json(name: str) -> None:
    (found,) = read_jobs(recorded(name)).jobs.values()
    assert (found.site_id, found.index, found.token, found.state) == ("0.delta", None, "hello", SiteState.RUNNING)
    assert found.started_at == datetime(2026, 11, 21, 3, 9, 45, tzinfo=UTC)
    assert (found.end, found.restarts) == (None, 0)
    assert found.usage is not None
    assert (found.usage.nodes, found.usage.cpus, found.usage.node_list) == (1, 2, "delta")


def test_a_finished_job_tells_its_end_and_its_use() -> None:
    (found,) = read_jobs(recorded("finished.json")).jobs.values()
    assert (found.state, found.end, found.exit_code) == (SiteState.ENDED, SiteEnd.COMPLETED, 0)
    assert found.ended_at == datetime(2026, 11, 21, 3, 9, 52, tzinfo=UTC)
    assert found.usage is not None
    assert (found.usage.elapsed_s, found.usage.cpu_s, found.usage.max_rss_bytes) == (6.0, 0.0, None)


def test_of_an_array_the_elements_are_told_and_not_the_array() -> None:
    read = read_jobs(recorded("array.json"))
    assert list(read.jobs) == [("1[].delta", 0), ("1[].delta", 1), ("1[].delta", 2)]
    assert read.elements["1[].delta", 2] == "1[2].delta"


def test_elements_of_an_uneven_array_get_their_indexes_back() -> None:
    text = "Job Id: 1[1].delta\n    Job_Name = t1\n    job_state = R\n    HEROES_INDEXES = 0+5-6\n"
    assert list(read_jobs(text).jobs) == [("1[].delta", 5)]


@pytest.mark.parametrize(
    ("facts", "end", "code", "signal"),
    [
        ({"Exit_status": "0"}, SiteEnd.COMPLETED, 0, None),
        ({"Exit_status": "1", "comment": "Job run at Sat Nov 21 at 03:10 on (delta:ncpus=1) and failed"},
         SiteEnd.FAILED, 1, None),
        ({"Exit_status": "271", "comment": "Job run at … and terminated"}, SiteEnd.CANCELLED, None, 15),
        ({"Exit_status": "271", "comment": "Job run at … and failed"}, SiteEnd.FAILED, 143, 15),
        ({"Exit_status": "265"}, SiteEnd.FAILED, 137, 9),
        ({"Exit_status": "271", "Resource_List__walltime": "00:00:02", "resources_used__walltime": "00:00:03"},
         SiteEnd.TIME_LIMIT, None, 15),
        ({"Exit_status": "-29"}, SiteEnd.TIME_LIMIT, None, None),
        ({"Exit_status": "-27"}, SiteEnd.OUT_OF_MEMORY, None, None),
        ({"Exit_status": "-1"}, SiteEnd.NODE_FAILURE, None, None),
    ],
)  # fmt: skip
def test_an_exit_status_tells_how_a_job_ended(
    facts: dict[str, str], end: SiteEnd, code: int | None, signal: int | None
) -> None:
    (found,) = read_jobs(job("F", stime="Sat Nov 21 03:09:45 2026", **facts)).jobs.values()
    assert (found.end, found.exit_code, found.signal) == (end, code, signal)


def test_a_job_deleted_before_it_started_was_cancelled_and_used_nothing() -> None:
    (found,) = read_jobs(job("F", substate="91")).jobs.values()
    assert (found.end, found.exit_code, found.started_at) == (SiteEnd.CANCELLED, None, None)
    assert found.usage is not None
    assert found.usage.nodes == 0


def test_an_end_that_nothing_tells_is_unknown() -> None:
    (found,) = read_jobs(job("F", stime="Sat Nov 21 03:09:45 2026", substate="92")).jobs.values()
    assert found.end is SiteEnd.UNKNOWN


def test_torques_completed_job_is_read() -> None:
    text = job("C", start_time="Sat Nov 21 03:09:45 2026", comp_time="Sat Nov 21 03:10:45 2026", exit_status="271",
               exec_host="n1/0+n1/1+n2/0", Resource_List__nodect="2", resources_used__walltime="00:01:00")  # fmt: skip
    (found,) = read_jobs(text).jobs.values()
    assert (found.state, found.end) == (SiteState.ENDED, SiteEnd.CANCELLED)
    assert found.ended_at == datetime(2026, 11, 21, 3, 10, 45, tzinfo=UTC)
    assert found.usage is not None
    assert (found.usage.nodes, found.usage.cpus, found.usage.node_list) == (2, 3, "n1,n2")


def test_held_jobs_are_held() -> None:
    (found,) = read_jobs(job("H", Hold_Types="u")).jobs.values()
    assert found.state is SiteState.HELD
    assert "release" in (found.text or "")


def test_what_the_server_does_not_know_is_no_complaint_and_what_it_does_not_say_is() -> None:
    read = read_jobs(recorded("running.txt") + "qstat: Unknown Job Id 999.delta\n")
    assert (read.unknown, read.complaint, len(read.jobs)) == ({"999.delta"}, None, 1)
    assert read_jobs("qstat: 3.delta Job has finished, use -x or -H to obtain …").complaint is None
    assert read_jobs("qstat: cannot connect to server delta (errno=111)").complaint
    assert read_jobs(job("?")).complaint


def test_queues_have_the_nodes_that_serve_them() -> None:
    workq, short = read_queues(recorded("queues.json"), recorded("nodes.json"), "workq")
    assert (workq.name, workq.default, workq.state, workq.max_walltime_s) == ("workq", True, "UP", None)
    assert (workq.nodes_total, workq.nodes_free, workq.cores_per_node, workq.cores_free) == (1, 1, 32, 32)
    assert (workq.memory_bytes_per_node, workq.pending_jobs) == (64 << 30, 1)
    assert (short.default, short.max_walltime_s) == (False, 1800)


def test_torques_nodes_and_queues_are_read_from_text() -> None:
    nodes = (
        "n1\n     state = free\n     np = 8\n     ntype = cluster\n     status = rectime=1,physmem=16384kb,ncpus=8\n\n"
        "n2\n     state = down,offline\n     np = 8\n\n"
        "n3\n     state = free\n     np = 8\n     jobs = 0/1.srv, 1/1.srv\n"
    )
    queues = (
        "Queue: batch\n    queue_type = Execution\n"
        "    state_count = Transit:0 Queued:2 Held:1 Waiting:0 Running:3 Exiting:0\n"
        "    resources_default.walltime = 01:00:00\n    enabled = True\n    started = False\n"
    )
    (batch,) = read_queues(queues, nodes, None)
    assert (batch.nodes_total, batch.nodes_free, batch.down_nodes, batch.cores_free) == (3, 1, 1, 14)
    assert (batch.state, batch.pending_jobs, batch.running_jobs, batch.default_walltime_s) == ("DOWN", 3, 3, 3600)


def test_the_server_tells_whether_it_keeps_a_history() -> None:
    ((name, facts),) = records(recorded("server.json"))
    assert (name, facts["job_history_enable"], facts["default_queue"]) == ("delta", "True", "workq")


@pytest.mark.parametrize(("text", "size"), [("512000kb", 512000 << 10), ("64gb", 64 << 30), ("0b", 0), ("x", None)])
def test_sizes(text: str, size: int | None) -> None:
    assert size_bytes(text) == size


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("qsub: Unknown queue", "no", "queue does not exist"),
        ("qsub: Job violates queue and/or server resource limits", "no", "more time"),
        ("qsub: would exceed complex's per-user limit", "busy", "no more jobs"),
        ("qsub: Maximum number of jobs already in queue workq", "busy", "no more jobs"),
        ("qsub: Queue is not enabled", "busy", "no jobs now"),
        ("qsub: Array job exceeds server or queue size limit", "no", "too large"),
        ("qsub: Unauthorized Request ", "no", "may not use"),
        ("qsub: Something new", "no", "refused"),
    ],
)
def test_what_qsub_refuses_is_told_with_a_remedy(said: str, kind: str, words: str) -> None:
    no = ORDERS.refusal(said)
    assert (no.kind, words in no.words) == (kind, True), no


def test_a_server_out_of_reach_leaves_a_doubt() -> None:
    assert re.search(IN_DOUBT, "qsub: cannot connect to server delta (errno=15010)")
    assert not re.search(IN_DOUBT, "qsub: Job violates queue and/or server resource limits")


def test_a_reason_to_wait_is_told_in_plain_words() -> None:
    recorded_words = "Can Never Run: Insufficient amount of resource: ncpus (R: 9999 A: 32 T: 32)"
    assert "never start" in (plain_reason(recorded_words) or "")
    assert "Odd" in (plain_reason("Odd") or "")
    assert plain_reason("") is None


# -------------------------------------------------------------------------------------------------------------- orders


def test_both_dialects_are_asked_in_their_own_words() -> None:
    order = replace(ORDER, nodes=2, tasks=4, cpus_per_task=2, memory_bytes=1 << 30, gpus=1, queue="q", account="a")
    openpbs = " ".join(qsub_arguments(order, "openpbs"))
    assert "-l select=2:ncpus=4:mpiprocs=2:mem=1024mb:ngpus=1 -l walltime=1:01:01 -l place=scatter -r n" in openpbs
    assert openpbs.endswith("-q q -A a")
    assert "-l nodes=2:ppn=4:gpus=1,mem=2048mb,walltime=1:01:01 -r n" in " ".join(qsub_arguments(order, "torque"))


def test_arrays_are_ordered_evenly_or_with_their_list() -> None:
    assert qsub_arguments(replace(ORDER, indexes=(0, 2, 4)), "openpbs")[-2:] == ["-J", "0-4:2"]
    assert qsub_arguments(replace(ORDER, indexes=(7,)), "openpbs")[-2:] == ["-J", "7-8:2"]
    uneven = qsub_arguments(replace(ORDER, indexes=(0, 2, 5)), "openpbs")
    assert uneven[-4:] == ["-J", "0-2", "-v", "HEROES_INDEXES=0+2+5"]
    assert qsub_arguments(replace(ORDER, indexes=(0, 2, 5)), "torque")[-2:] == ["-t", "0,2,5"]


@pytest.mark.parametrize("indexes", [(0,), (5,), (0, 1, 2), (3, 6, 9), (0, 2, 5), (1, 2, 3, 10)])
@pytest.mark.parametrize("shift", [0, 1])
def test_every_number_of_a_series_stands_for_its_index(indexes: tuple[int, ...], shift: int) -> None:
    of = series(indexes, shift)
    numbers = range(of.first, of.last + 1, of.step)
    assert tuple(index_of(number, shift, of.list_text) for number in numbers) == indexes


def test_an_array_too_uneven_to_travel_is_refused() -> None:
    with pytest.raises(Refused, match="split"):
        series([index * index for index in range(100)])


def test_the_starting_script_quotes_every_path() -> None:
    text = start_script(ORDER).decode()
    assert "cd '/scratch/it'\"'\"'s' || exit 1" in text
    assert text.count("\n") == 4
