"""What running jobs use: which are asked about in a look, and what is kept of the answers."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heroes.adapters.ports import Counters, SiteJob, SiteState
from heroes.clusters import samples
from heroes.clusters.samples import MOST_ASKED, MOST_KEPT, Interval, Kept, Turns, further, grown, with_one_more

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def read(seconds: float, cpu: dict[str, float] | None = None, energy: dict[str, float] | None = None) -> Counters:
    return Counters(at(seconds), cpu or {}, energy or {})


def following(*readings: Counters, started: float = 0.0, every_s: int = 60) -> list[Interval]:
    kept: Kept | None = None
    for one in readings:
        kept = further(kept, one, at(started), every_s)
    assert kept is not None
    return list(kept.intervals)


# -------------------------------------------------------------------------------------------------------------- turns


def test_a_running_job_is_asked_about_once_a_minute():
    turns = Turns(60)
    assert turns.choose([("7", None)], 0.0) == [("7", None)]
    turns.told([("7", None)], [("7", None)], 0.0)
    assert turns.choose([("7", None)], 20.0) == []
    assert turns.choose([("7", None)], 60.0) == [("7", None)]


def test_many_running_jobs_take_turns():
    turns, jobs = Turns(60), [("9", index) for index in range(3 * MOST_ASKED)]
    seen: list[tuple[str, int | None]] = []
    for look in range(3):
        asked = turns.choose(jobs, 20.0 * look)
        assert len(asked) == MOST_ASKED
        turns.told(asked, asked, 20.0 * look)
        seen += asked
    assert sorted(seen) == jobs, "each once"


def test_a_site_that_tells_nothing_is_asked_ever_more_rarely_and_an_answer_ends_that():
    turns, job = Turns(60), [("7", None)]
    gaps, now = [], 0.0
    for _ in range(8):
        asked = turns.choose(job, now)
        assert asked == job
        turns.told(asked, [], now)
        assert turns.choose(job, turns.not_before - 1) == []
        gaps.append(turns.not_before - now)
        now = turns.not_before
    assert gaps == sorted(gaps)
    assert gaps[-1] == samples.LONGEST_PAUSE_S
    turns.told(job, job, now)
    assert turns.choose(job, now + 60) == job


def test_only_jobs_that_run_and_that_somebody_watches_are_asked_about():
    jobs = {
        (name, None): SiteJob(name, None, "habc", state)
        for name, state in (("1", SiteState.RUNNING), ("2", SiteState.QUEUED), ("3", SiteState.RUNNING))
    }
    assert samples.running(jobs, ["1", "2"]) == [("1", None)]


# ---------------------------------------------------------------------------------------------------------- intervals


@pytest.mark.parametrize(
    ("before", "now", "growth"),
    [
        pytest.param({"rapl/0": 5.0}, {"rapl/0": 9.0}, 4.0, id="it grew"),
        pytest.param({"a/0": 5.0}, {"a/0": 9.0, "a/1": 2.0}, 6.0, id="a new part began at zero"),
        pytest.param({"a/0": 5.0, "a/1": 9.0}, {"a/0": 9.0}, 4.0, id="a part that ended takes nothing away"),
        pytest.param(
            {"batch/batch": 0.0}, {"batch/batch": 9.0, "steps/0": 8.0}, 9.0, id="meters of the same are not added"
        ),
        pytest.param({"a/0": 5.0}, {"a/0": 1.0}, None, id="a counter that fell tells nothing"),
        pytest.param(None, {"a/0": 1.0}, None, id="nobody knows since when"),
        pytest.param({}, {}, None, id="nothing was told"),
    ],
)
def test_growth_of_counters(before, now, growth):
    assert grown(before, now) == growth


def test_the_first_reading_tells_of_the_time_since_the_job_began():
    assert following(read(60, {"batch": 30.0})) == [Interval(at(60).timestamp(), 60.0, 30.0, None, None)]


def test_energy_of_a_meter_that_ran_before_the_job_is_told_from_the_second_reading_on():
    counters = [
        Counters(at(s), {}, {"rapl/0": j}, "rapl", energy_from_zero=False) for s, j in ((60, 900.0), (120, 960.0))
    ]
    assert [one.energy_j for one in following(*counters)] == [None, 60.0]


def test_a_reading_without_a_figure_is_a_gap_and_the_next_one_counts_nothing_twice():
    told = following(read(60, {"batch": 30.0}), read(120, None, {"steps/0": 9.0}), read(180, {"batch": 90.0}))
    assert [one.cpu_s for one in told] == [30.0, None, 60.0]


def test_processor_time_known_only_later_is_not_put_into_one_interval():
    told = following(read(60, None, {"steps/0": 9.0}), read(120, {"batch": 100.0}), read(180, {"batch": 160.0}))
    assert [one.cpu_s for one in told] == [None, None, 60.0]


def test_a_job_that_its_site_began_anew_is_read_from_its_new_start():
    kept = further(None, read(60, {"batch": 60.0}), at(0), 60)
    kept = further(kept, read(200, {"batch": 40.0}), at(150), 60)
    assert [(one.seconds, one.cpu_s) for one in kept.intervals] == [(60.0, 60.0), (50.0, 40.0)]


def test_the_same_reading_told_again_adds_nothing():
    kept = further(None, read(60, {"job": 60.0}), at(0), 60)
    assert further(kept, read(60, {"job": 60.0}), at(0), 60) is kept


def test_a_site_whose_clock_is_ahead_gives_no_interval_of_less_than_nothing():
    assert following(read(60, {"batch": 1.0}), started=90) == []


def test_a_month_of_samples_is_bounded_and_none_of_it_is_lost():
    intervals: tuple[Interval, ...] = ()
    every_s, minutes = 60, 30 * 24 * 60
    for minute in range(1, minutes + 1):
        intervals, every_s = with_one_more(intervals, Interval(60.0 * minute, 60.0, 30.0, 6.0, minute), every_s)
        assert len(intervals) <= MOST_KEPT
    assert sum(one.seconds for one in intervals) == sum(one.cpu_s or 0 for one in intervals) * 2 == 60.0 * minutes
    assert all(earlier.end == later.end - later.seconds for earlier, later in pairwise(intervals))
    assert max(one.memory_bytes or 0 for one in intervals) == minutes


@given(
    st.lists(
        st.tuples(
            st.floats(0.1, 1e5),
            st.dictionaries(st.sampled_from(["batch", "0", "1"]), st.floats(0, 1e9)),
            st.dictionaries(st.sampled_from(["batch/batch", "steps/0"]), st.floats(0, 1e12)),
        ),
        max_size=40,
    )
)
def test_whatever_a_site_tells_no_interval_is_below_zero_or_overlaps_another(told):
    kept, now = None, 0.0
    for pause, cpu, energy in told:
        now += pause
        kept = further(kept, read(now, cpu, energy), NOON, 60)
    intervals = kept.intervals if kept else ()
    assert all(one.seconds > 0 and (one.cpu_s or 0) >= 0 and (one.energy_j or 0) >= 0 for one in intervals)
    assert all(later.end - later.seconds >= earlier.end - 0.001 for earlier, later in pairwise(intervals))
