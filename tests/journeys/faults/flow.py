"""Jobs that flow while something breaks, and what must hold of them afterwards, as read from the site's own disk.

Each start and each end of a payload writes one line at the site: token, index, restart by the site, job. Doubled are
two starts of one (token, index, restart), or more tokens of a job than it has attempts. Lost is a job without an end,
wrongly ended one whose end differs from its payload's. `HEROES_FAULT_JOBS` sets how many jobs a flow has.
"""

import os
import time
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from heroes.client import Heroes
from journeys.conftest import Platform
from journeys.sites import until
from lab.laboratory import Laboratory

JOBS = int(os.environ.get("HEROES_FAULT_JOBS", "100"))
SHARES = (0.5, 0.2, 0.1, 0.1)
"""of all jobs, one ensemble each; the rest are executions of a single job"""
FAILS_WITH = 7
WORKFLOW = """\
heroes: 1
name: flow
title: A flow of jobs
summary: Each start and each end of a payload writes one line on the site's disk.
parameters:
  run: {type: string}
  code: {type: integer, default: 0}
  numbers: {type: array, items: {type: integer}, minItems: 1, maxItems: 1000}
required: [run, numbers]
steps:
  mark:
    foreach: "{{ params.numbers }}"
    script: |
      me="$SLURM_JOB_NAME ${SLURM_ARRAY_TASK_ID:-0} ${SLURM_RESTART_COUNT:-0} $HEROES_JOB"
      echo "$me" >> "/scratch/flow-$PARAM_RUN.starts"
      sleep "$((1 + PARAM_ITEM % 5))"
      echo "$PARAM_ITEM" > number
      echo "$me $PARAM_CODE" >> "/scratch/flow-$PARAM_RUN.ends"
      exit "$PARAM_CODE"
    resources: {cores: 1, memory: 64 MiB, walltime: 300}
    retries: {infrastructure: 3}
    outputs: {number: number}
outputs: {numbers/: "{{ steps.mark.outputs.number }}"}
"""


class Line(NamedTuple):
    """One start or end of a payload."""

    token: str
    index: str
    restart: str
    job: str
    code: str = "0"


@dataclass
class Flow:
    """Executions under way at one centre."""

    platform: Platform
    laboratory: Laboratory
    cluster: str
    run: str = field(default_factory=lambda: str(time.time_ns()))
    wids: dict[str, int] = field(default_factory=dict)
    """execution → the exit code of its payloads"""

    def start(self, count: int = JOBS) -> "Flow":
        """Submit ensembles of several sizes and lone jobs; the last ensemble fails by its own code."""
        lea = self.platform.login()
        sizes = [max(1, round(count * share)) for share in SHARES]
        lone = max(0, count - sum(sizes))
        for size in [*sizes[:-1], *[1] * lone]:
            self.submit(lea, size)
        self.submit(lea, sizes[-1], code=FAILS_WITH)
        return self

    def submit(self, lea: Heroes, size: int, code: int = 0) -> str:
        parameters = {"run": self.run, "numbers": list(range(size)), "code": code}
        wid: str = lea.run("flow", parameters, cluster=self.cluster)["wid"]
        self.wids[wid] = code
        return wid

    def jobs(self) -> list[dict[str, Any]]:
        lea = self.platform.login()
        return [job for wid in self.wids for job in lea.jobs(wid)]

    def until_running(self) -> None:
        until("running jobs", lambda: self.lines("starts"), 90)

    def lines(self, kind: str) -> list[Line]:
        """Read the payloads' own lines at the site."""
        read = self.laboratory.exec(self.cluster, ["cat", f"/scratch/flow-{self.run}.{kind}"], check=False)
        return [Line(*line.split()) for line in read.stdout.splitlines()]

    def assert_whole(self, limit: float = 240) -> None:
        """Wait until all ended; then 0 lost, 0 doubled, 0 wrongly ended, and nothing is left reserved."""
        lea = self.platform.login()
        ended = {wid: self._ended(lea, wid, limit) for wid in self.wids}
        jobs = {job["id"]: (job, code) for wid, code in self.wids.items() for job in lea.jobs(wid)}
        starts, ends = self.lines("starts"), self.lines("ends")

        lost = [job for job, _ in jobs.values() if job["state"] != "ENDED" or job["ended_at"] is None]
        assert not lost, lost
        doubled = [line for line, times in Counter(line[:3] for line in starts).items() if times > 1]
        assert not doubled, doubled
        tokens = Counter(job for job, _ in {(line.job, (line.token, line.index, line.restart)) for line in starts})
        unknown = {job: times for job, times in tokens.items() if times > jobs[job][0]["attempt"]}
        assert not unknown, unknown
        finished = {line.job: int(line.code) for line in ends}
        wrong = [
            (job, finished.get(job["id"]))
            for job, code in jobs.values()
            if (job["end"], job["exit_code"], finished.get(job["id"]))
            != ("FAILED" if code else "SUCCEEDED", code, code)
        ]
        assert not wrong, wrong
        for wid, execution in ended.items():
            assert execution["status"] == ("FAILED" if self.wids[wid] else "FINISHED"), execution
            if not self.wids[wid]:
                assert sorted(self._numbers(lea, wid)) == list(range(len(lea.jobs(wid))))
        [budget] = [one for one in lea.pages("/organization/budget/list") if float(one["amount"]) > 0][:1]
        assert float(budget["reserved"]) == 0, budget

    def _numbers(self, lea: Heroes, wid: str) -> list[int]:
        """Return what the payloads wrote into their outputs, by the checksums of the results."""
        known = {sha256(f"{number}\n".encode()).hexdigest(): number for number in range(JOBS)}
        return [known[result["sha256"]] for result in lea.results(wid)]

    def _ended(self, lea: Heroes, wid: str, limit: float) -> dict[str, Any]:
        try:
            [*_, ended] = lea.follow(wid, every=0.5, limit=limit)
        except TimeoutError:
            raise AssertionError((lea.execution(wid), lea.jobs(wid))) from None
        return ended
