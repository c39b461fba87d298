import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from heroes.adapters import spool as spool_module
from heroes.adapters import supervisor
from heroes.adapters.local import LocalShell
from heroes.adapters.localbatch import LocalBatch
from heroes.adapters.ports import Absent, AlreadyOrdered, Found, Order, SiteEnd, SiteJob, SiteState, Unknown
from heroes.adapters.sandbox import SandboxKind
from heroes.adapters.spool import Spool, alive, identity, member_name, parse_member, start_time
from heroes.kit.errors import Refused

pytestmark = pytest.mark.anyio

SHELL = LocalShell()
LONG_AGO = datetime.now(UTC) - timedelta(days=1)
MIB = 1 << 20


class Site:
    """The machine as a cluster, with folders for jobs."""

    def __init__(self, home: Path, kind: SandboxKind) -> None:
        self.home, self.kind, self.made = home, kind, 0
        self.batch = self.start()

    def start(self, **options: Any) -> LocalBatch:
        known: dict[str, Any] = {"cores": 2, "memory_bytes": 512 * MIB, "grace_s": 0.5, "node_name": "here"}
        self.batch = LocalBatch(
            str(self.home / "spool"), kind=self.kind, hidden=[str(self.home)], **{**known, **options}
        )
        return self.batch

    def order(self, script: str, **more: Any) -> Order:
        self.made += 1
        token = more.pop("token", f"t{self.made:014d}")
        folder = self.home / "jobs" / more.pop("folder", token)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "job.sh").write_text("#!/bin/bash\n" + textwrap.dedent(script))
        given = {"queue": "local", "account": None, "walltime_s": 60, **more}
        return Order(token=token, folder=str(folder), script_path=str(folder / "job.sh"), **given)

    async def submit(self, script: str, **more: Any) -> str:
        return await self.batch.submit(SHELL, self.order(script, **more))

    async def cancel(self, *site_ids: str) -> None:
        names = [name for folder in ("queued", "running", "ended") for name in Spool(self.home / "spool").names(folder)]
        tokens = {str(site_id): token for site_id, token, _ in map(parse_member, names)}
        for each in site_ids:
            await self.batch.cancel(SHELL, tokens.get(each.partition("_")[0], "t0"), [each])

    async def when(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not holds():
                await asyncio.sleep(0.02)

    async def job(self, site_id: str, index: int | None = None) -> SiteJob:
        return (await self.batch.usage(SHELL, [site_id]))[(site_id, index)]

    async def ended(self, *site_ids: str) -> list[SiteJob]:
        async with asyncio.timeout(120):
            while True:
                jobs = await self.batch.usage(SHELL, site_ids)
                if jobs and all(job.state is SiteState.ENDED for job in jobs.values()):
                    return [jobs[key] for key in sorted(jobs, key=lambda k: (int(k[0]), k[1] or 0))]
                await asyncio.sleep(0.05)

    def records(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in (self.home / "spool" / "running").glob("[0-9]*")]

    def folder(self, order_number: int) -> Path:
        return self.home / "jobs" / f"t{order_number:014d}"


def _kinds() -> list[SandboxKind]:
    programs = {SandboxKind.BUBBLEWRAP: "bwrap", SandboxKind.USER_NAMESPACE: "unshare"}
    return [SandboxKind.NONE, *(kind for kind, program in programs.items() if shutil.which(program))]


@pytest.fixture(params=_kinds()[1:2] or _kinds())
async def site(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    made = Site(tmp_path, request.param)
    yield made
    await _leave_nothing_running(made)


@pytest.fixture(params=_kinds())
async def each_site(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    made = Site(tmp_path, request.param)
    yield made
    await _leave_nothing_running(made)


async def _leave_nothing_running(made: Site) -> None:
    made.start()
    live = {str(int(n.split(".")[0])) for f in ("queued", "running") for n in Spool(made.home / "spool").names(f)}
    await made.cancel(*live)
    if live:
        await made.ended(*live)


# ------------------------------------------------------------------------------------------------------- the one way


async def test_a_job_runs_to_its_end_and_its_use_is_measured(each_site: Site):
    script = """
        echo "job $JOB_ID in $PWD"; echo oops >&2
        python3 -c "x = bytearray(64 << 20); sum(range(5_000_000))"
    """
    site_id = await each_site.submit(script)
    [job] = await each_site.ended(site_id)
    assert (job.end, job.exit_code, job.signal) == (SiteEnd.COMPLETED, 0, None)
    assert (
        each_site.folder(1) / "t00000000000001" / "stdout"
    ).read_text() == f"job {site_id} in {each_site.folder(1)}\n"
    assert (each_site.folder(1) / "t00000000000001" / "stderr").read_text() == "oops\n"
    usage = job.usage
    assert usage is not None
    assert usage.cpu_s is not None
    assert usage.max_rss_bytes is not None
    assert 0 < usage.cpu_s < 60
    assert 64 * MIB < usage.max_rss_bytes < 256 * MIB
    assert (usage.nodes, usage.cpus, usage.node_list) == (1, 1, "here")
    assert job.submitted_at is not None
    assert job.started_at is not None
    assert job.ended_at is not None
    assert job.submitted_at <= job.started_at <= job.ended_at
    assert (usage.energy_j is None) == (usage.energy_source != "rapl")


async def test_a_failed_job_keeps_its_exit_code(each_site: Site):
    [job] = await each_site.ended(await each_site.submit("exit 42"))
    assert (job.end, job.exit_code, job.signal) == (SiteEnd.FAILED, 42, None)


async def test_a_script_that_kills_itself_is_not_a_success(each_site: Site):
    [job] = await each_site.ended(await each_site.submit("kill -9 $$"))
    assert job.end is SiteEnd.FAILED
    assert job.exit_code == 137 or job.signal == 9


async def test_a_token_is_ordered_once_for_all(site: Site):
    order = site.order("echo x >> ran")
    site_id = await site.batch.submit(SHELL, order)
    for _ in range(2):
        with pytest.raises(AlreadyOrdered) as refused:
            await site.batch.submit(SHELL, order)
        assert refused.value.facts["site_id"] == site_id
        await site.ended(site_id)
    assert (Path(order.folder) / "ran").read_text() == "x\n"


async def test_a_tokens_folder_that_exists_stops_the_order(site: Site):
    order = site.order("true")
    (Path(order.folder) / order.token).mkdir()
    with pytest.raises(AlreadyOrdered):
        await site.batch.submit(SHELL, order)
    assert isinstance(await site.batch.find(SHELL, order.token, since=LONG_AGO), Absent)


async def test_a_token_is_found_or_absent_and_a_broken_spool_is_silence(site: Site):
    assert isinstance(await site.batch.find(SHELL, "tnever", since=LONG_AGO), Absent)
    site_id = await site.submit("true", token="tknown")
    found = await site.batch.find(SHELL, "tknown", since=LONG_AGO)
    assert isinstance(found, Found)
    assert [job.site_id for job in found.jobs] == [site_id]
    await site.ended(site_id)
    broken = LocalBatch(str(site.home / "other"), cores=1, kind=site.kind)
    shutil.rmtree(site.home / "other")
    assert isinstance(await broken.find(SHELL, "tknown", since=LONG_AGO), Unknown)


async def test_the_elements_of_an_array_know_their_index(site: Site):
    script = """
        echo "$PBS_ARRAY_INDEX" > "out-$PBS_ARRAY_INDEX"; exit "$PBS_ARRAY_INDEX"
    """
    site_id = await site.submit(script, indexes=(0, 3, 7))
    jobs = await site.ended(site_id)
    assert [(job.index, job.exit_code) for job in jobs] == [(0, 0), (3, 3), (7, 7)]
    assert sorted(path.name for path in site.folder(1).glob("out-*")) == ["out-0", "out-3", "out-7"]
    assert (site.folder(1) / "t00000000000001" / "stdout.3").exists()


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"nodes": 2}, "one node"),
        ({"tasks": 3}, "2 cores"),
        ({"memory_bytes": 1 << 50}, "bytes of memory"),
        ({"gpus": 1}, "GPUs"),
        ({"queue": "gpu"}, "no queue 'gpu'"),
        ({"chdir": "/root"}, "not inside the job's folder"),
        ({"stdout_path": "/etc/cron.d/x"}, "not inside the job's folder"),
    ],
)
async def test_what_this_machine_cannot_give_is_refused_before_anything_is_ordered(site: Site, asked: Any, why: str):
    order = site.order("true", **asked)
    with pytest.raises(Refused, match=why):
        await site.batch.submit(SHELL, order)
    assert os.listdir(order.folder) == ["job.sh"]
    assert isinstance(await site.batch.find(SHELL, order.token, since=LONG_AGO), Absent)


# ------------------------------------------------------------------------------------------------------------ limits


async def test_walltime_ends_a_job_gently_then_for_good(each_site: Site):
    script = """
        trap 'echo asked >> told' TERM
        while true; do sleep 600 & wait; done
    """
    [job] = await each_site.ended(await each_site.submit(script, walltime_s=1))
    assert job.end is SiteEnd.TIME_LIMIT
    assert (each_site.folder(1) / "told").read_text() == "asked\n"


async def test_a_job_that_takes_more_memory_than_it_asked_for_is_ended(site: Site):
    script = "python3 -c 'x = bytearray(b\"x\" * (300 << 20)); import time; time.sleep(600)'"
    [job] = await site.ended(await site.submit(script, memory_bytes=100 * MIB))
    assert job.end is SiteEnd.OUT_OF_MEMORY
    assert job.text == "The job used more memory than it had asked for and was ended."


async def test_jobs_wait_for_cores_in_the_order_they_came(site: Site):
    hold = "while [ ! -e go ]; do sleep 0.05; done"
    first = await site.submit(hold)
    wide = await site.submit("true", tasks=2)
    late = await site.submit("true")
    await site.when(lambda: len(site.records()) == 1)
    [queue] = await site.batch.queues(SHELL)
    assert (queue.cores_total, queue.cores_free, queue.running_jobs, queue.pending_jobs) == (2, 1, 1, 2)
    waiting = await site.job(late)
    assert (waiting.state, waiting.reason) == (SiteState.QUEUED, "Resources")
    (site.folder(1) / "go").touch()
    jobs = await site.ended(first, wide, late)
    started = [job.started_at for job in jobs]
    assert started == sorted(started, key=lambda when: when or LONG_AGO)


async def test_memory_promised_to_jobs_never_exceeds_the_machines(site: Site):
    hold = "while [ ! -e go ]; do sleep 0.05; done"
    first = await site.submit(hold, memory_bytes=400 * MIB)
    second = await site.submit("true", memory_bytes=200 * MIB)
    await site.when(lambda: len(site.records()) == 1)
    assert (await site.job(second)).state is SiteState.QUEUED
    (site.folder(1) / "go").touch()
    await site.ended(first, second)


@pytest.mark.parametrize(
    ("asked", "smaller", "reason"),
    [
        ({"tasks": 2}, {"cores": 1}, "1 cores for jobs; 2 were asked for"),
        ({"memory_bytes": 400 * MIB}, {"memory_bytes": 256 * MIB}, "bytes of memory for jobs; .* were asked for"),
    ],
)
async def test_an_order_for_which_the_machine_became_too_small_is_ended_and_blocks_nobody(
    site: Site, asked: Any, smaller: Any, reason: str
):
    hold = "while [ ! -e go ]; do sleep 0.05; done"
    first = await site.submit(hold)
    large = await site.submit("true", **{"tasks": 2, "memory_bytes": 400 * MIB, **asked})
    members = await site.submit("true", indexes=(0, 1), **{"tasks": 2, **asked})
    late = await site.submit("true")
    await site.when(lambda: len(site.records()) == 1)
    site.start(**smaller)
    (site.folder(1) / "go").touch()
    jobs = await site.ended(first, large, members, late)
    assert [job.end for job in jobs] == [SiteEnd.COMPLETED, *[SiteEnd.TOO_LARGE] * 3, SiteEnd.COMPLETED]
    assert all(re.search(reason, job.reason or "") and job.started_at is None for job in jobs[1:4])


async def test_two_hundred_quick_jobs_all_run_once(site: Site):
    site.start(cores=4)
    ids = [await site.submit(f"echo {n} >> ran", folder=f"f{n}") for n in range(200)]
    jobs = await site.ended(*ids)
    assert [job.end for job in jobs] == [SiteEnd.COMPLETED] * 200
    assert [(site.home / "jobs" / f"f{n}" / "ran").read_text() for n in range(200)] == [f"{n}\n" for n in range(200)]
    assert os.listdir(site.home / "spool" / "queued") == os.listdir(site.home / "spool" / "running") == []


# ------------------------------------------------------------------------------------------------------------ cancel


async def test_cancel_ends_a_running_job_and_all_it_started(each_site: Site):
    script = """
        setsid nohup sleep 1000 & echo > started; sleep 1000
    """
    site_id = await each_site.submit(script)
    await each_site.when(lambda: (each_site.folder(1) / "started").exists())
    await each_site.cancel(site_id)
    [job] = await each_site.ended(site_id)
    assert job.end is SiteEnd.CANCELLED
    assert job.usage is not None
    assert _working_in(each_site.folder(1)) == []


async def test_what_a_script_leaves_in_the_background_ends_with_it(each_site: Site):
    site_id = await each_site.submit("setsid nohup sleep 1000 >/dev/null 2>&1 & exit 0")
    [job] = await each_site.ended(site_id)
    assert (job.end, job.exit_code) == (SiteEnd.COMPLETED, 0)
    assert _working_in(each_site.folder(1)) == []


async def test_cancel_takes_a_waiting_job_and_one_element_out(site: Site):
    hold = "while [ ! -e go ]; do sleep 0.05; done"
    first = await site.submit(hold, tasks=2)
    array = await site.submit("true", indexes=(0, 1))
    await site.cancel(f"{array}_1", "999")
    element = await site.job(array, 1)
    assert (element.state, element.end, element.started_at) == (SiteState.ENDED, SiteEnd.CANCELLED, None)
    (site.folder(1) / "go").touch()
    jobs = await site.ended(first, array)
    assert [job.end for job in jobs] == [SiteEnd.COMPLETED, SiteEnd.COMPLETED, SiteEnd.CANCELLED]
    await site.cancel(first, array)
    assert (await site.job(first)).end is SiteEnd.COMPLETED


# -------------------------------------------------------------------------------------------------------- what breaks


PARENT = """
import asyncio, os, signal, sys
from heroes.adapters.local import LocalShell
from heroes.adapters.localbatch import LocalBatch
from heroes.adapters.ports import Order
from heroes.adapters.sandbox import SandboxKind
spool, folder, kind = sys.argv[1:]
batch = LocalBatch(spool, cores=2, memory_bytes=1 << 29, kind=SandboxKind(kind))
order = Order(token="torphan", folder=folder, script_path=folder + "/job.sh", queue=None, account=None, walltime_s=60)
asyncio.run(batch.submit(LocalShell(), order))
os.kill(0, signal.SIGKILL)
"""


async def test_a_job_outlives_the_platform_and_is_found_again(site: Site):
    order = site.order("while [ ! -e go ]; do sleep 0.05; done; echo done > out", token="torphan")
    argv = [sys.executable, "-c", PARENT, str(site.home / "spool"), order.folder, site.kind.value]
    platform = await asyncio.create_subprocess_exec(*argv, start_new_session=True)
    assert await platform.wait() == -signal.SIGKILL
    found = await site.start().find(SHELL, "torphan", since=LONG_AGO)
    assert isinstance(found, Found)
    await site.when(lambda: bool(site.records()))
    (Path(order.folder) / "go").touch()
    [job] = await site.ended(found.jobs[0].site_id)
    assert (job.end, job.exit_code) == (SiteEnd.COMPLETED, 0)
    assert (Path(order.folder) / "out").read_text() == "done\n"


async def test_a_vanished_supervisor_is_a_node_failure_and_its_job_ends_with_it(each_site: Site):
    site_id = await each_site.submit("echo > started; sleep 1000")
    await each_site.when(lambda: (each_site.folder(1) / "started").exists())
    [record] = each_site.records()
    assert alive(record["supervisor"])
    os.kill(record["supervisor"]["pid"], signal.SIGKILL)
    await each_site.when(lambda: not alive(record["supervisor"]))
    [job] = await each_site.ended(site_id)
    assert (job.end, job.reason) == (SiteEnd.NODE_FAILURE, "the supervisor vanished")
    assert (job.exit_code, job.signal, job.usage) == (None, None, None)
    await each_site.when(lambda: _working_in(each_site.folder(1)) == [])


async def test_a_script_starts_only_when_its_processes_are_on_record(each_site: Site):
    """A supervisor that dies just before has started nothing, and leaves nothing behind."""
    spool = Spool(each_site.home / "spool")
    site_id = await each_site.submit("echo > started; sleep 1000")
    await each_site.when(lambda: each_site.records() != [])
    with spool.locked():  # either the supervisor could write its record before this, or the script waits
        await each_site.when(lambda: _working_in(each_site.folder(1)) != [])
        [record] = each_site.records()
        await asyncio.sleep(0.5)
        started = (each_site.folder(1) / "started").exists()
        assert record["processes"] or not started
        os.kill(record["supervisor"]["pid"], signal.SIGKILL)
        await each_site.when(lambda: not alive(record["supervisor"]))
    [job] = await each_site.ended(site_id)
    assert job.end == SiteEnd.NODE_FAILURE
    await each_site.when(lambda: _working_in(each_site.folder(1)) == [])
    assert (each_site.folder(1) / "started").exists() == started


async def test_whoever_buries_a_job_ends_all_that_its_supervisor_had_put_around_it(site: Site):
    """As where a sandbox's outer process died before its inner one had asked to die with it."""
    spool = Spool(site.home / "spool")
    gone = {**identity(os.getpid()), "start": 1}
    with subprocess.Popen(["sleep", "1000"], start_new_session=True) as inner:
        record = {"supervisor": gone, "job": gone, "processes": [gone, identity(inner.pid)], "started_at": 1.0}
        with spool.locked():
            spool.store(f"running/{member_name(1, 'token', None)}", record)
            spool.bury()
        assert inner.wait(60) == -signal.SIGKILL


async def test_waiting_jobs_go_on_when_the_supervisor_vanished(site: Site):
    first = await site.submit("echo > started; sleep 1000", tasks=2)
    second = await site.submit("echo ran > out", tasks=2)
    await site.when(lambda: (site.folder(1) / "started").exists())
    [record] = site.records()
    os.kill(record["supervisor"]["pid"], signal.SIGKILL)
    await site.when(lambda: not alive(record["supervisor"]))
    jobs = await site.ended(first, second)
    assert [job.end for job in jobs] == [SiteEnd.NODE_FAILURE, SiteEnd.COMPLETED]


async def test_after_a_restart_of_the_machine_its_running_jobs_are_node_failures(site: Site):
    site_id = await site.submit("true")
    [job] = await site.ended(site_id)
    member = next((site.home / "spool" / "ended").iterdir())
    before = {**identity(os.getpid()), "boot": "another boot"}
    record = {"supervisor": before, "job": before, "cores": 1, "memory_bytes": 0, "started_at": 1.0}
    (site.home / "spool" / "running" / member.name).write_text(json.dumps(record))
    member.unlink()
    job = await site.job(site_id)
    assert (job.end, job.reason) == (SiteEnd.NODE_FAILURE, "the machine was restarted")
    assert start_time(os.getpid()) is not None, "a pid from before the restart was trusted"


def test_a_pid_is_trusted_only_with_its_start_time_and_boot():
    me = identity(os.getpid())
    assert alive(me)
    assert not alive({**me, "start": me["start"] + 1})
    assert not alive({**me, "boot": "another"})
    assert not alive(None)


async def test_an_order_cut_off_before_its_commit_was_never_given(site: Site):
    spool = Spool(site.home / "spool")
    (spool.root / "queued" / spool_module.member_name(99, "tghost", None)).touch()
    assert isinstance(await site.batch.find(SHELL, "tghost", since=LONG_AGO), Absent)
    [job] = await site.ended(await site.submit("true"))
    assert job.end is SiteEnd.COMPLETED
    assert spool.names("queued") == []


async def test_a_job_whose_walls_cannot_be_built_never_started(site: Site):
    hold = "while [ ! -e go ]; do sleep 0.05; done"
    first = await site.submit(hold, tasks=2)
    order = site.order("true")
    second = await site.batch.submit(SHELL, order)
    record = json.loads((site.home / "spool" / "orders" / f"{order.token}.json").read_text())
    record["confined"] = ["bwrap", "--bind", "/no/such/folder", "/x", "--"]
    (site.home / "spool" / "orders" / f"{order.token}.json").write_text(json.dumps(record))
    (site.folder(1) / "go").touch()
    [_, job] = await site.ended(first, second)
    assert (job.end, job.exit_code) == (SiteEnd.NODE_FAILURE, None)
    assert "sandbox could not be set up" in str(job.reason)


# ------------------------------------------------------------------------------------------------------------- walls


async def test_a_job_cannot_reach_the_spool_the_data_or_another_job(site: Site):
    (site.home / "objects").mkdir()
    (site.home / "objects" / "blob").write_text("SECRET")
    other = site.order("true")
    (site.folder(1) / "result").write_text("SECRET")
    attempts = [
        f"cat {site.home}/objects/blob",
        f"cat {other.folder}/result",
        f"ls {site.home}/spool",
        f"rm -r {site.home}/spool",
        "cat /root/.bashrc /etc/shadow",
        "exec 9<>/dev/tcp/127.0.0.1/22",
        f"kill -9 {os.getpid()}",
    ]
    script = "".join(f"( {attempt} ) && echo 'got out by {n}'\n" for n, attempt in enumerate(attempts)) + "exit 0"
    order = site.order(script)
    [job] = await site.ended(await site.batch.submit(SHELL, order))
    assert job.exit_code == 0
    assert (Path(order.folder) / order.token / "stdout").read_text() == ""


async def test_a_link_laid_by_a_job_does_not_lead_the_next_ones_output_elsewhere(site: Site):
    secret = site.home / "secret"
    secret.write_text("untouched")
    lay = f"ln -s {secret} $PWD/t00000000000001/stdout.1"
    site_id = await site.submit(f'[ "$PBS_ARRAY_INDEX" = 1 ] || {lay}; echo overwritten', tasks=2, indexes=(0, 1))
    jobs = await site.ended(site_id)
    assert [job.end for job in jobs] == [SiteEnd.COMPLETED, SiteEnd.NODE_FAILURE]
    assert secret.read_text() == "untouched"


@pytest.mark.parametrize(
    "name", ["with space", "new\nline", "$(touch pwned)", "quo'te\"", "ünï·東京", os.fsdecode(b"\xff")]
)
async def test_folders_of_any_name(site: Site, name: str):
    order = site.order('echo "$PWD" > out', folder=name)
    [job] = await site.ended(await site.batch.submit(SHELL, order))
    assert job.end is SiteEnd.COMPLETED
    assert os.fsdecode((Path(order.folder) / "out").read_bytes()) == order.folder + "\n"


async def test_a_data_folder_reached_through_a_link_serves_as_well(tmp_path: Path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "disk")
    linked = Site(tmp_path / "home", _kinds()[-1])
    (tmp_path / "disk" / "secret").write_text("SECRET")
    script = f"echo ok > out; cat {tmp_path}/disk/secret {tmp_path}/home/secret; true"
    [job] = await linked.ended(await linked.submit(script))
    assert job.end is SiteEnd.COMPLETED
    assert (linked.folder(1) / "out").read_text() == "ok\n"
    assert "SECRET" not in (linked.folder(1) / "t00000000000001" / "stdout").read_text()


# ------------------------------------------------------------------------------------------------------- what is told


async def test_watch_tells_the_live_and_the_known_in_one_look(site: Site):
    done = await site.submit("true")
    await site.ended(done)
    running = await site.submit("while [ ! -e go ]; do sleep 0.05; done", tasks=2)
    waiting = await site.submit("true")
    await site.when(lambda: bool(site.records()))
    look = await site.batch.watch(SHELL, since=LONG_AGO, known=[done, running, waiting])
    assert look.complete
    states = {key[0]: job.state for key, job in look.jobs.items()}
    assert states == {done: SiteState.ENDED, running: SiteState.RUNNING, waiting: SiteState.QUEUED}
    look = await site.batch.watch(SHELL, since=LONG_AGO, known=[])
    assert {key[0] for key in look.jobs} == {running, waiting}
    (site.folder(2) / "go").touch()
    await site.ended(running, waiting)


async def test_old_records_are_forgotten_and_numbers_never_given_again(site: Site):
    first = await site.submit("true")
    await site.ended(first)
    assert await site.batch.forget(LONG_AGO) == 0
    assert await site.batch.forget(datetime.now(UTC) + timedelta(days=1)) == 1
    assert await site.batch.usage(SHELL, [first]) == {}
    second = await site.submit("true")
    assert int(second) > int(first)
    await site.ended(second)


def test_energy_between_two_readings_allows_one_wrap_of_the_counter():
    before = {"intel-rapl:0": (90.0, 100.0), "intel-rapl:1": (10.0, 100.0)}
    after = {"intel-rapl:0": (15.0, 100.0), "intel-rapl:1": (30.0, 100.0)}
    assert supervisor.joules_between(before, after) == pytest.approx(45.0)
    assert supervisor.joules_between({}, {}) is None


def test_the_supervisor_starts_without_the_installed_packages():
    """It runs with `-I -S`: an import beyond the standard library would stop every job of this machine."""
    code = "import sys; sys.path.append(sys.argv[1]); import heroes.adapters.supervisor"
    source = str(Path(supervisor.__file__).parents[2])
    subprocess.run([sys.executable, "-I", "-S", "-c", code, source], check=True)


def _working_in(folder: Path) -> list[str]:
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            inside = os.readlink(f"/proc/{pid}/cwd").startswith(str(folder)) and start_time(int(pid)) is not None
        except OSError:
            continue
        if inside:
            found.append(pid)
    return found


# ------------------------------------------------------------------------------------------------------- while it runs


async def test_what_a_job_has_used_is_told_while_it_runs_with_what_it_left_behind(site: Site):
    script = """
        python3 -c 'import time; end = time.process_time() + 0.5
        while time.process_time() < end: pass'
        touch spent; sleep 60
    """
    site_id = await site.submit(textwrap.dedent(script))
    await site.when((site.folder(1) / "spent").exists)
    key = site_id, None
    seen = await site.batch.watch(SHELL, since=LONG_AGO, known=[site_id], sample=[key, ("99", None)])
    counters = seen.counters[key]
    assert list(seen.counters) == [key]
    assert 0.4 <= sum(counters.cpu_s.values()) < 30
    assert (counters.memory_bytes or 0) > 0
    assert (await site.batch.watch(SHELL, since=LONG_AGO, known=[site_id])).counters == {}, "only if asked"
    await site.cancel(site_id)
    await site.ended(site_id)
    assert (await site.batch.watch(SHELL, since=LONG_AGO, known=[site_id], sample=[key])).counters == {}
