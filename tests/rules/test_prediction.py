"""Promises of the predictor: causal, deterministic, honest, and better than what people and schedulers use today."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from heroes.cli.tree import run as heroes
from heroes.placement.prediction import boosting
from heroes.placement.prediction import replay as replaying
from heroes.placement.prediction.calibration import Bounds, Confidence, part_of, silence_class
from heroes.placement.prediction.density import LEVELS, density
from heroes.placement.prediction.log import log_of, trail
from heroes.placement.prediction.ordered import Ordered
from heroes.placement.prediction.reading import read
from heroes.placement.prediction.replay import COLUMNS, judge, replay
from heroes.placement.prediction.selection import Selection, weighted_median

from . import generated_log


@pytest.fixture(scope="module")
def done() -> replaying.Replay:
    return replay(generated_log.log(), every=500)


def test_the_predictor_beats_the_request_and_the_last_two_runs(done: replaying.Replay):
    found = judge(done)
    assert found.accuracy > found.tsafrir_accuracy + 0.05 > found.user_accuracy
    assert found.error < 0.85 * found.tsafrir_error


def test_intervals_limits_and_confidence_are_as_true_as_promised(done: replaying.Replay):
    found = judge(done)
    assert 0.86 <= found.coverage90 <= 0.94
    assert 0.74 <= found.coverage80 <= 0.86
    assert found.safe_under <= 0.08
    assert found.safe_accuracy > found.user_accuracy
    assert found.confidence_error <= 0.06


def test_what_is_predicted_is_in_order_and_within_the_request(done: replaying.Replay):
    column, asked = done.columns, done.log.requested * (1 + 1e-6)
    assert np.all(column["low90"] <= column["low80"])
    assert np.all(column["low80"] <= column["high80"])
    assert np.all(column["high80"] <= column["high90"])
    for name in COLUMNS[:-1]:
        assert np.all((column[name] > 0) & (column[name] <= asked)), name
    assert np.all((column["confidence"] >= 0) & (column["confidence"] <= 1))


@pytest.mark.parametrize("part", [0.35, 0.8])
def test_no_prediction_knows_what_had_not_happened(done: replaying.Replay, part: float):
    """Change the outcome of every job unfinished at T: predictions up to T are identical."""
    given = generated_log.columns()
    moment = given["submit"][int(len(given["submit"]) * part)]
    unfinished = given["submit"] + given["wait"] + given["run"] > moment
    rng = np.random.default_rng(3)
    changed = dict(given)
    other = np.maximum(
        given["run"] * rng.uniform(0.2, 5, len(unfinished)), moment + 1 - given["submit"] - given["wait"]
    )
    changed["run"] = np.where(unfinished, np.ceil(np.maximum(other, 1)), given["run"])
    again = replay(log_of(changed), every=500)
    before = given["submit"] <= moment
    assert unfinished.sum() > 500
    for name in COLUMNS:
        np.testing.assert_array_equal(done.columns[name][before], again.columns[name][before], err_msg=name)


def test_everything_works_without_the_boosting_library(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(boosting, "import_module", _missing)
    without = replay(generated_log.log(1500), every=500)
    assert not without.boosted
    found = judge(without)
    assert found.accuracy > found.tsafrir_accuracy


def _missing(name: str) -> None:
    raise OSError("libgomp.so.1: cannot open shared object file")


def test_a_log_reads_the_same_from_swf_gzip_and_parquet(tmp_path: Path):
    given = generated_log.columns(300)
    order = ("job", "submit", "wait", "run", "procs", "", "", "procs", "reqtime", "", "", "user")
    lines = [
        " ".join(str(int(given[name][row])) if name else "-1" for name in order) + " -1 -1 -1 -1 -1 -1"
        for row in range(300)
    ]
    text = "; Version: 2.2\n;\n" + "\n".join(lines) + "\n"
    (tmp_path / "log.swf").write_text(text)
    (tmp_path / "log.swf.gz").write_bytes(gzip.compress(text.encode()))
    parquet.write_table(pyarrow.table(given), tmp_path / "log.parquet")
    logs = [read(tmp_path / name) for name in ("log.swf", "log.swf.gz", "log.parquet")]
    for one in logs[1:]:
        for name in ("job", "submit", "end", "procs", "requested", "user"):
            np.testing.assert_array_equal(getattr(logs[0], name), getattr(one, name), err_msg=name)


def test_the_command_writes_one_row_of_predictions_for_each_job(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    source, target = tmp_path / "log.parquet", tmp_path / "out.parquet"
    parquet.write_table(pyarrow.table(generated_log.columns(400)), source)
    assert heroes(["predict", "replay", str(source), "--out", str(target), "--no-boosting"]) == 0
    written = parquet.read_table(target)
    assert written.column_names == ["job", *COLUMNS]
    assert written.num_rows == 400
    assert "confidence error" in capsys.readouterr().out


def test_the_platforms_own_history_becomes_a_log_that_can_be_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    begun = datetime(2026, 3, 1, tzinfo=UTC)
    jobs = [
        {
            "submit": (begun + timedelta(minutes=number)).isoformat(),
            "wait": None if number == 3 else 5.0,
            "run": 60.0 + number % 7,
            "procs": 4,
            "user": ["usr_a", "usr_b", None][number % 3],
            "app": f"wfl_1/{'mesh' if number % 2 else 'solve'}",
            "queue": "que_a",
            "input_bytes": 1000,
        }
        for number in reversed(range(60))
    ]
    asked: list[str] = []
    pages = SimpleNamespace(pages=lambda path, **_: asked.append(path) or iter(jobs))
    monkeypatch.setattr("heroes.cli.session.connect", lambda: pages)
    assert heroes(["predict", "history", str(tmp_path / "own.parquet")]) == 0
    assert asked == ["/organization/decision/history"]
    log = read(tmp_path / "own.parquet")
    assert log.submit.tolist() == [60.0 * number for number in range(60)]
    assert (log.start - log.submit)[[2, 3]].tolist() == [5.0, 0.0]
    assert [len(set(column.tolist())) for column in (log.user, log.app, log.queue)] == [3, 2, 1]
    assert heroes(["predict", "replay", str(tmp_path / "own.parquet"), "--no-boosting"]) == 0
    assert "60 jobs in submit order" in capsys.readouterr().out
    assert heroes(["predict", "history", str(tmp_path / "own.csv")]) == 2


@pytest.mark.parametrize("content", ["this is no log\n", ""])
def test_a_file_that_is_no_log_is_refused_with_what_to_give(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
):
    (tmp_path / "log.txt").write_text(content)
    assert heroes(["predict", "replay", str(tmp_path / "log.txt")]) == 2
    assert ".swf.gz or" in capsys.readouterr().err


def test_jobs_that_end_at_the_very_moment_of_a_submission_are_not_yet_known():
    log = log_of({"submit": np.array([0, 0, 10]), "run": np.array([9, 10, 5])})
    known = trail(log.user, log.end).before(log.user, log.submit, 2)
    assert known.tolist() == [[-1, -1], [-1, -1], [0, -1]]


def test_closeness_in_linear_time_is_what_its_formula_says():
    rng = np.random.default_rng(1)
    value, weight = rng.uniform(0, 12, (5, 9)), rng.uniform(0, 1, (5, 9))
    weight[0, 3:] = 0
    ordered = Ordered.of(value, weight)
    plain = weight / weight.sum(axis=1, keepdims=True)
    expected = (plain[:, None, :] * np.exp(-np.abs(value[:, :, None] - value[:, None, :]) / 0.7)).sum(axis=2)
    found = ordered.back(ordered.closeness(0.7))
    np.testing.assert_allclose(np.where(weight > 0, found, 0), np.where(weight > 0, expected, 0), rtol=1e-9)
    assert ordered.quantile(0.5)[1] in value[1]


def test_a_density_spreads_around_what_was_seen_and_ends_at_the_request():
    value, weight = np.log([[100.0, 110.0, 4000.0]]), np.array([[0.5, 0.45, 0.05]])
    found = density(value, weight, np.log([3600.0]))
    middle = found.quantiles[0, np.abs(LEVELS - 0.5).argmin()]
    assert 90 < np.exp(middle) < 120
    assert np.exp(found.quantiles.max()) == pytest.approx(3600)
    assert np.all(np.diff(found.limits[0]) >= 0), "the dearer an underprediction, the higher the safe limit"


def test_a_bound_that_is_missed_too_often_moves_until_it_holds():
    bounds = Bounds()
    missed = np.array([0.0, 0.0, 1.0, 1.0, 1.0])
    before = bounds.places(7, 0)
    for _ in range(20):
        bounds.learn(7, 0, missed)
    after = bounds.places(7, 0)
    assert np.all(after[2:] > before[2:])
    assert bounds.places(8, 0)[3] > before[3], "other users learn from it too"


def test_bursts_without_news_start_with_wider_intervals():
    assert [silence_class(one) for one in (0, 1, 5, 100, 5000)] == [0, 1, 2, 4, 6]
    quiet, burst = Bounds().places(1, 0), Bounds().places(1, 300)
    assert burst[0] < quiet[0]
    assert burst[3] > quiet[3]


def test_confidence_becomes_what_like_promises_were_worth():
    confidence = Confidence()
    for _ in range(400):
        confidence.learn(3, 0.9, 0.6)
    assert confidence.of(3, 0.9) == pytest.approx(0.6, abs=0.03)
    assert confidence.of(4, 0.9) < 0.75


def test_a_burst_without_news_counts_as_little_more_than_one_job():
    told, confidence = Selection(2), Confidence()
    for _ in range(30):
        told.learn(1, np.array([0.1, 0.5]))
        confidence.learn(1, 0.5, 0.8)
    before = confidence.of(1, 0.5)
    for silent in range(500):
        told.learn(1, np.array([0.9, 0.1]), part_of(silent))
        confidence.learn(1, 0.5, 0.1, silent)
    assert told.choose(1) == 0
    assert confidence.of(1, 0.5) > before - 0.15


def test_confidence_falls_with_the_silence_where_long_bursts_were_foretold_too_well():
    confidence = Confidence()
    for burst in range(40):
        for silent in range(200):
            confidence.learn(burst, 0.7, 0.8 if silent < 4 else 0.5, silent)
    assert confidence.of(99, 0.7, 150) < confidence.of(99, 0.7, 0) - 0.1


def test_the_expert_that_was_best_lately_for_a_user_is_followed():
    best = Selection(2)
    for _ in range(50):
        best.learn(1, np.array([0.1, 0.5]))
        best.learn(2, np.array([0.9, 0.2]))
    assert (best.choose(1), best.choose(2)) == (0, 1)


def test_experts_are_weighed_by_their_merit_for_a_user_so_that_one_far_off_decides_nothing():
    told = Selection(3)
    assert told.merits(1).tolist() == [1.0, 1.0, 1.0]
    for _ in range(200):
        told.learn(1, np.array([1.0, 2.0, 8.0]))
    merits = told.merits(1)
    assert merits == pytest.approx([1.0, 1 / 8, 1 / 512], rel=1e-6)
    assert weighted_median(np.array([5.0, 6.0, 900.0]), merits) == 5.0
    assert weighted_median(np.array([5.0, 6.0, 900.0]), np.ones(3)) == 6.0


def test_a_long_silence_is_never_called_much_surer_than_a_shorter_one():
    bounds = Bounds()
    for burst in range(40):
        for silent in range(300, 1000):
            bounds.learn(burst, silent, np.zeros(5))
    short, long = bounds.places(99, 100), bounds.places(99, 600)
    assert long[3] >= short[3] - 10
    assert long[0] <= short[0] + 10
