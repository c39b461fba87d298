"""What is told of executions and jobs: since when, why, and how fresh that is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from heroes.adapters import pbs_words, slurm_words
from heroes.executions import rules
from heroes.executions.rules import Again, Freshness, JobView, Status, StepState, StepView

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PRIORITY = "Jobs of higher priority are before it."


@dataclass
class Row:
    state: str = "QUEUED"
    note: str = PRIORITY
    cluster: str | None = "alpha"
    line_id: str | None = "lin_1"
    last_error: str | None = None
    state_since: datetime = NOW - timedelta(minutes=3)
    ended_at: datetime | None = None
    count: int = 1


def heard(seconds: float, trouble: str | None = None, **silent: str) -> Freshness:
    return Freshness("alpha", NOW - timedelta(seconds=seconds), trouble, silent)


def test_a_queued_job_says_since_when_why_and_how_fresh_that_is() -> None:
    told = rules.job_told(Row(), heard(12), NOW)
    assert told == (
        "Queued on alpha since 2026-03-01 11:57:00 UTC (3 min). Jobs of higher priority are before it. "
        "Last heard from alpha 12 s ago."
    )


def test_a_silent_cluster_is_named_with_since_when_and_nothing_is_concluded() -> None:
    trouble = "Not heard from since 2026-03-01 11:50:00 UTC (10 minutes ago). Connection refused."
    told = rules.job_told(Row("RUNNING", "Running."), heard(600, trouble), NOW)
    assert "Runs on alpha since" in told
    assert "Not heard from alpha since 2026-03-01 11:50:00 UTC (10 min). Connection refused." in told
    assert "nothing is concluded from silence" in told


def test_a_connection_that_looks_well_but_is_mute_is_called_silent_after_a_while() -> None:
    assert "Last heard" in rules.freshness(heard(100), NOW)
    assert "Not heard from alpha since" in rules.freshness(heard(130), NOW)


def test_a_silent_accounting_is_told_beside_what_the_queue_says() -> None:
    told = rules.freshness(heard(5, sacct="timed out"), NOW)
    assert told == "Last heard from alpha 5 s ago. Its sacct does not answer: timed out."


def test_what_hangs_on_no_site_is_told_without_freshness() -> None:
    told = rules.job_told(Row("PLACED", "No cluster can take it now.", None, None), None, NOW)
    assert told == "Looks for a place since 2026-03-01 11:57:00 UTC (3 min). No cluster can take it now."


def test_an_ended_job_says_how_and_when() -> None:
    row = Row("ENDED", "Finished.", ended_at=NOW)
    assert rules.job_told(row, heard(5), NOW) == "Ended 2026-03-01 12:00:00 UTC. Finished."


def test_an_execution_is_told_step_by_step() -> None:
    jobs = [Row("ENDED", "Finished."), Row("RUNNING", "Running."), Row(count=2)]
    told = rules.told(
        Status.RUN_IN_PROGRESS,
        NOW - timedelta(hours=2, minutes=5),
        None,
        [("prepare", [Row("ENDED", "Finished.")]), ("solve", jobs)],
        {"lin_1": heard(7)},
        NOW,
    )
    assert told == (
        "Runs since 2026-03-01 09:55:00 UTC (2 h 5 min). "
        "solve: 1 of 4 jobs ended, 1 running on alpha, 2 queued on alpha. "
        "(2) Jobs of higher priority are before it. (1) Running. Last heard from alpha 7 s ago."
    )


def test_an_ended_execution_says_why() -> None:
    told = rules.told(Status.FAILED, NOW, "Solve: It needed more memory.", [], {}, NOW)
    assert told == "Failed at 2026-03-01 12:00:00 UTC. Solve: It needed more memory."


@pytest.mark.parametrize(
    "word",
    [
        "Resources",
        "Priority",
        "QOSMaxJobsPerUserLimit",
        "AssocGrpCPUMinutesLimit",
        "ReqNodeNotAvail, UnavailableNodes:n1",
        "ReqNodeNotAvail, Reserved for maintenance",
        "DependencyNeverSatisfied",
        "PartitionDown",
        "BeginTime",
        "JobHeldUser",
        "JobHeldAdmin",
        "launch failed requeued held",
    ],
)
def test_the_schedulers_words_are_put_into_plain_ones(word: str) -> None:
    said = slurm_words.plain_reason(f"({word})")
    assert said is not None
    assert not said.startswith("The scheduler says"), said
    assert said.endswith(".")


def test_a_word_that_nobody_knows_is_passed_on() -> None:
    assert slurm_words.plain_reason("(Quux)") == "The scheduler says: Quux."
    assert pbs_words.plain_reason("Quux") == "The scheduler says: Quux"


CHAIN = (
    StepView("a", (), StepState.FINISHED),
    StepView("b", ("a",), StepState.FAILED, (JobView(0, "ENDED", "SUCCEEDED", ""), JobView(1, "ENDED", "FAILED", ""))),
    StepView("c", ("b",), StepState.SKIPPED),
)


def test_a_restart_keeps_what_finished() -> None:
    assert rules.again(CHAIN, None) == {"b": Again(frozenset({0})), "c": Again(whole=True)}


def test_a_restart_from_a_step_runs_all_after_it_anew() -> None:
    assert rules.again(CHAIN, "a") == dict.fromkeys("abc", Again(whole=True))
    assert rules.again(CHAIN[:1], None) == {}
