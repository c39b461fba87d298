"""A site that cannot go on: its disk full, a quota used up, the account expired, the queue closed.

Each is broken for real. The jobs say why they wait and what to do, nothing is lost, and once the site is mended they go
on by themselves.
"""

import time
from typing import Any

import pytest

from heroes.client import Heroes
from journeys.conftest import Platform
from journeys.sites import enrol, seen_open, until
from lab.disks import Limit, full, small_disk
from lab.laboratory import Laboratory

pytestmark = pytest.mark.lab

SITE, USER, QUEUE = "beta", "dave", "long"
DISK = "/scratch/dave"
ROOM = ("disk is full", "quota is used up", "Make room")

TWO_STEPS = """\
heroes: 1
name: two-steps
title: Two steps
summary: The second reads what the first wrote.
parameters:
  seconds: {type: integer, default: 1}
  run: {type: string}
required: [run]
steps:
  first:
    script: |
      echo first >> /scratch/starts-$PARAM_RUN
      sleep "$PARAM_SECONDS"
      echo one > one
    resources: {cores: 64, memory: 64 MiB, walltime: 120}
    retries: {infrastructure: 0}
    placement: {queue: long}
    outputs: {one: one}
  second:
    needs: [first]
    script: |
      echo second >> /scratch/starts-$PARAM_RUN
      cat one one > two
    resources: {cores: 1, memory: 64 MiB, walltime: 120}
    retries: {infrastructure: 0}
    placement: {queue: long}
    inputs: {one: "{{ steps.first.outputs.one }}"}
    outputs: {two: two}
outputs: {two: "{{ steps.second.outputs.two }}"}
"""
GREEDY = """\
heroes: 1
name: greedy
title: Greedy
summary: Writes until the site takes no more.
parameters: {}
steps:
  write:
    script: |
      echo kept > kept
      echo begun
      head -c 100000000 /dev/zero > much
    resources: {cores: 1, memory: 64 MiB, walltime: 120}
    retries: {infrastructure: 0}
    outputs: {kept: kept}
outputs: {kept: "{{ steps.write.outputs.kept }}"}
"""


@pytest.fixture(scope="module")
def site(platform: Platform, laboratory_session: Laboratory) -> Platform:
    platform.stop()
    platform.settings["HEROES_WATCH_SECONDS"] = "1"
    platform.start()
    enrol(platform, laboratory_session, SITE, account=USER, job_root=f"{DISK}/own/jobs")
    tom = platform.login("tom")
    for source in (TWO_STEPS, GREEDY):
        tom.post("/organization/workflow/template", {"files": {"workflow.yaml": source}})
    return platform


def start(lea: Heroes, seconds: int = 1) -> tuple[str, str]:
    """Start the two steps; return the execution and the name under which the site counts its starts."""
    run = str(time.time_ns())
    return lea.run("two-steps", {"run": run, "seconds": seconds}, cluster=SITE)["wid"], run


def job(lea: Heroes, wid: str, step: str) -> dict[str, Any]:
    return next((one for one in lea.jobs(wid) if one["step"] == step), {"state": "NONE", "text": ""})


def told(lea: Heroes, wid: str, step: str, *words: str) -> str:
    """Wait until a job says all these words; it has not ended."""

    def says() -> str | None:
        found = job(lea, wid, step)
        assert found["state"] != "ENDED", found
        text: str = found["text"] or ""
        return text if all(word in text for word in words) else None

    try:
        text: str = until(f"{words} of {step}", says, 60)
    except AssertionError as error:
        raise AssertionError(f"{error}, but it says {job(lea, wid, step)['text']!r}") from None
    return text


def assert_whole(lea: Heroes, laboratory: Laboratory, wid: str, run: str) -> None:
    """Everything ended well, and every payload started once, as read from the site."""
    [*_, ended] = lea.follow(wid, every=0.5, limit=150)
    assert ended["status"] == "FINISHED", (ended, lea.jobs(wid))
    assert laboratory.exec(SITE, ["cat", f"/scratch/starts-{run}"]).stdout.split() == ["first", "second"]
    assert [result["name"] for result in lea.results(wid)] == ["two"]


@pytest.mark.parametrize("limit", ["disk", "quota"])
def test_a_job_waits_while_the_site_has_no_room_for_it_and_goes_on_when_there_is(
    site: Platform, laboratory: Laboratory, limit: Limit
) -> None:
    seen_open(site, SITE)
    lea = site.login()
    with small_disk(laboratory, SITE, USER, DISK, limit) as own:
        with full(laboratory, SITE, USER, own):
            wid, run = start(lea)
            told(lea, wid, "first", *ROOM)
        assert_whole(lea, laboratory, wid, run)


@pytest.mark.parametrize("limit", ["disk", "quota"])
def test_a_job_that_finds_the_disk_full_fails_with_the_remedy_and_what_it_wrote_before_is_home(
    site: Platform, laboratory: Laboratory, limit: Limit
) -> None:
    seen_open(site, SITE)
    lea = site.login()
    with small_disk(laboratory, SITE, USER, DISK, limit):
        wid = lea.run("greedy", {}, cluster=SITE)["wid"]
        [*_, ended] = lea.follow(wid, every=0.5, limit=150)
    assert ended["status"] == "FAILED"
    assert all(word in ended["reason"] for word in ROOM), ended
    written = {
        one["object_name"].rpartition("/")[2] for one in lea.objects("home", f"executions/{wid}", recursive=True)
    }
    assert {"kept", "stdout", "stderr"} <= written
    assert lea.log(wid, step="write")["content"] == "begun\n"


def test_an_account_that_expired_is_waited_for_by_running_jobs_and_by_those_to_come(
    site: Platform, laboratory: Laboratory
) -> None:
    seen_open(site, SITE)
    lea = site.login()
    wid, run = start(lea, seconds=6)
    until("the running job", lambda: job(lea, wid, "first")["state"] == "RUNNING", 60)
    laboratory.exec(SITE, ["sh", "-c", f"usermod -e 1 {USER}; pkill -u {USER} -x sshd"])
    try:
        other, other_run = start(lea)
        told(lea, wid, "first", "expired")
        told(lea, other, "first", "expired")
    finally:
        laboratory.exec(SITE, ["usermod", "-e", "", USER])
    assert_whole(lea, laboratory, wid, run)
    assert_whole(lea, laboratory, other, other_run)


def test_a_closed_queue_is_waited_for_by_jobs_in_it_and_by_those_to_come(
    site: Platform, laboratory_alone: Laboratory
) -> None:
    seen_open(site, SITE)
    lea = site.login()
    wid, run = start(lea, seconds=6)
    until("the running job", lambda: job(lea, wid, "first")["state"] == "RUNNING", 60)
    other, other_run = start(lea)
    until("the waiting job", lambda: job(lea, other, "first")["state"] == "QUEUED", 60)
    laboratory_alone.exec(SITE, ["scontrol", "update", f"PartitionName={QUEUE}", "State=INACTIVE"])
    try:
        told(lea, other, "first", "closed this queue", "opens")
        told(lea, wid, "second", "opens it")  # not placed, or its order not taken: as the site was seen last
    finally:
        laboratory_alone.exec(SITE, ["scontrol", "update", f"PartitionName={QUEUE}", "State=UP"])
    assert_whole(lea, laboratory_alone, wid, run)
    assert_whole(lea, laboratory_alone, other, other_run)
