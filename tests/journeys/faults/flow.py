"""Jobs that flow while something breaks, and what must hold of them afterwards, as read from the sites' own disks.

Each start and each end of a payload writes one line at its site: token, index, restart by the site, job. Doubled are
two starts of one (token, index, restart), or more tokens of a job than it has attempts. Lost is a job without an end,
wrongly ended one whose end differs from its payload's. `HEROES_FAULT_JOBS` sets how many jobs a flow has.
"""

import os
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from heroes.client import ApiError, Heroes
from journeys.conftest import Platform
from journeys.sites import PATIENCE, until
from lab.laboratory import Laboratory

JOBS = int(os.environ.get("HEROES_FAULT_JOBS", "100"))
IN_FULL = JOBS >= 1000
"""faults last as long as in real life; else they are shortened"""
FAILS_WITH = 7
TOLD = ("id", "index", "cluster", "site_id", "attempt", "state", "state_since", "text", "heard_at")
SAVED_S = 8
"""in which slurmctld has surely written down what it knows: it gives the ids of jobs that it forgets to others"""
LONE = 2
_WORKFLOW = """\
heroes: 1
name: @NAME@
title: A flow of jobs
summary: Each start and each end of a payload writes one line on the site's disk.
parameters:
  run: {type: string}
  code: {type: integer, default: 0}
  seconds: {type: integer, default: 1}
  numbers: {type: array, items: {type: integer}, minItems: 1, maxItems: 1000}
required: [run, numbers]
steps:
  mark:
    foreach: "{{ params.numbers }}"
    script: |
      lines=/scratch/flow-$PARAM_RUN.$(id -un)
      me="$SLURM_JOB_NAME ${SLURM_ARRAY_TASK_ID:-0} ${SLURM_RESTART_COUNT:-0} $HEROES_JOB"
      echo "$me" >> "$lines.starts"
      sleep "$((PARAM_SECONDS + PARAM_ITEM % 5))"
      echo "$PARAM_ITEM" > number
      echo "$me $PARAM_CODE" >> "$lines.ends"
      exit "$PARAM_CODE"
    resources: {cores: 1, memory: 64 MiB, walltime: 300}
    rerunnable: @RERUNNABLE@
    retries: {infrastructure: 5}
    outputs: {number: number}
outputs: {numbers/: "{{ steps.mark.outputs.number }}"}
"""
WORKFLOWS = {
    name: _WORKFLOW.replace("@NAME@", name).replace("@RERUNNABLE@", rerunnable)
    for name, rerunnable in (("flow", "false"), ("reflow", "true"))
}
"""`reflow` allows the site to start its jobs again by itself"""


class Line(NamedTuple):
    """One start or end of a payload."""

    token: str
    index: str
    restart: str
    job: str
    code: str = "0"


@dataclass
class Flow:
    """Executions under way at one or several clusters of the laboratory."""

    platform: Platform
    laboratory: Laboratory
    clusters: Sequence[str]
    parts: int
    """in how many parts its jobs are submitted"""
    run: str = field(default_factory=lambda: str(time.time_ns()))
    wids: dict[str, int] = field(default_factory=dict)
    """execution → the exit code of its payloads"""
    submitted: int = 0

    @property
    def machines(self) -> list[str]:
        return sorted({cluster.partition("-")[0] for cluster in self.clusters})

    def some(self, **wishes: Any) -> None:
        """Submit one part of the jobs: at each cluster two ensembles, of which one fails, and some lone jobs."""
        lea = self.platform.login()
        size = max(LONE + 2, round(JOBS / self.parts / len(self.clusters)))
        failing = max(1, size // 5)
        for cluster in self.clusters:
            self.submit(lea, size - failing - LONE, cluster, **wishes)
            self.submit(lea, failing, cluster, code=FAILS_WITH, **wishes)
            for _ in range(LONE):
                self.submit(lea, 1, cluster, **wishes)

    def submit(
        self, lea: Heroes, size: int, cluster: str, *, code: int = 0, workflow: str = "flow", seconds: int = 1
    ) -> str:
        parameters = {"run": self.run, "numbers": list(range(size)), "code": code, "seconds": seconds}
        wid: str = lea.run(workflow, parameters, cluster=cluster)["wid"]
        self.wids[wid] = code
        self.submitted += size
        return wid

    def jobs(self) -> list[dict[str, Any]]:
        lea = self.platform.login()
        return [job for wid in self.wids for job in lea.jobs(wid)]

    def until_working(self) -> None:
        """Wait until every cluster is seen with nodes that work: a controller that stood still takes them for lost."""
        oda = self.platform.login("oda")

        def working() -> bool:
            queues = [q for name in self.clusters for q in oda.pages(f"/organization/cluster/{name}/queues")]
            return all(queue["down_nodes"] == 0 for queue in queues)

        until("nodes that work", working, 120)

    def until_started(self, further: int = 1) -> None:
        """Wait until so many more payloads have started."""
        before = len(self.lines("starts"))
        until("running jobs", lambda: len(self.lines("starts")) >= before + further, 120)

    def lines(self, kind: str) -> list[Line]:
        """Read the payloads' own lines at the sites."""
        found = []
        for machine in self.machines:
            command = ["sh", "-c", f"cat /scratch/flow-{self.run}.*.{kind}"]
            read = self.laboratory.exec(machine, command, check=False)
            found += [Line(*line.split()) for line in read.stdout.splitlines()]
        return found

    def until_told(self, *words: str, limit: float = 60) -> None:
        """Wait until some execution that has not ended says one of these words, to whoever asks for it."""
        lea = self.platform.login()
        heard: set[str] = set()

        def told() -> bool:
            for wid in reversed(self.wids):
                execution = lea.execution(wid)
                if execution["end_time"] is None:
                    steps = [step[key] for step in execution["steps"] for key in ("waiting", "reason")]
                    text = " ".join(filter(None, [execution.get("explanation"), execution["reason"], *steps]))
                    heard.add(text)
                    if any(word in text for word in words):
                        return True
            return False

        try:
            until(f"one of {words}", told, limit)
        except AssertionError:
            raise AssertionError(f"none of {words} is said, but {sorted(heard)}") from None

    def assert_whole(self, limit: float = 240, *, cancelled: Sequence[str] = ()) -> None:
        """Wait until all ended; then 0 lost, 0 doubled, 0 wrongly ended, and nothing is left reserved.

        Jobs of an execution that was `cancelled` ended as their payloads did, or as cancelled: a payload that has
        written its last line may still be stopped before its script has ended.
        """
        lea = self.platform.login()
        deadline = time.monotonic() + limit * PATIENCE
        ended = {wid: self._ended(lea, wid, deadline) for wid in self.wids}
        listed = {wid: lea.jobs(wid) for wid in self.wids}
        wids = {job["id"]: wid for wid, found in listed.items() for job in found}
        jobs = {job["id"]: (job, self.wids[wid]) for wid, found in listed.items() for job in found}
        spared = {job["id"] for wid in cancelled for job in listed[wid]}
        assert self.submitted - 3 * len(cancelled) <= len(jobs) <= self.submitted
        starts, ends = self.lines("starts"), self.lines("ends")

        lost = [job for job, _ in jobs.values() if job["state"] != "ENDED" or job["ended_at"] is None]
        assert not lost, lost
        doubled = [line for line, times in Counter(line[:3] for line in starts).items() if times > 1]
        assert not doubled, doubled
        tokens = Counter(job for _, job in {(line.token, line.job) for line in starts})
        unknown = {job: times for job, times in tokens.items() if times > jobs[job][0]["attempt"]}
        assert not unknown, unknown
        finished = {line.job: int(line.code) for line in ends}
        wrong = [
            (job, finished.get(job["id"]), self._said(lea, wids[job["id"]], job))
            for job, code in jobs.values()
            if (job["end"], job["exit_code"], finished.get(job["id"]))
            != ("FAILED" if code else "SUCCEEDED", code, code)
            and (job["id"] not in spared or job["end"] != "CANCELLED")
        ]
        assert not wrong, wrong
        for wid, execution in ended.items():
            if wid in cancelled:
                assert execution["status"] in {"CANCELED", "FINISHED"}, execution
                continue
            assert execution["status"] == ("FAILED" if self.wids[wid] else "FINISHED"), execution
            if not self.wids[wid]:
                assert sorted(self._numbers(lea, wid)) == list(range(len(lea.jobs(wid))))
        [budget] = [one for one in lea.pages("/organization/budget/list") if float(one["amount"]) > 0][:1]
        assert float(budget["reserved"]) == 0, budget

    def _said(self, lea: Heroes, wid: str, job: dict[str, Any]) -> str:
        """Return the last of what a job wrote to its error stream, which tells why it failed."""
        try:
            found = lea.log_lines(wid, "stderr", step=job["step"], index=job["index"])
        except ApiError as error:
            return str(error)
        return "\n".join(line["text"] for line in found["lines"][-5:])

    def _numbers(self, lea: Heroes, wid: str) -> list[int]:
        """Return what the payloads wrote into their outputs, by the checksums of the results."""
        known = {sha256(f"{number}\n".encode()).hexdigest(): number for number in range(JOBS)}
        return [known[result["sha256"]] for result in lea.results(wid)]

    def _ended(self, lea: Heroes, wid: str, deadline: float) -> dict[str, Any]:
        try:
            [*_, ended] = lea.follow(wid, every=0.5, limit=max(5.0, deadline - time.monotonic()))
        except TimeoutError:
            left = [[job[key] for key in TOLD] for job in lea.jobs(wid) if job["state"] != "ENDED"]
            raise AssertionError((lea.execution(wid)["explanation"], left)) from None
        return ended
