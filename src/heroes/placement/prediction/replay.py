"""Replaying a log in submit order, causally, and judging the predictions on its last 80 %."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heroes.placement.prediction.candidates import Index
from heroes.placement.prediction.log import Floats, Ints, Log
from heroes.placement.prediction.predictor import Predictor

COLUMNS = ("point_accuracy", "point_error", "low90", "high90", "low80", "high80", "safe", "confidence")
_BATCH = 1024
_WARM_UP, _BLOCK = 0.2, 5000


@dataclass(frozen=True, slots=True)
class Replay:
    """Predictions of every job of a log, in submit order; seconds."""

    log: Log
    columns: dict[str, Floats]
    boosted: bool


def replay(log: Log, *, boosting: bool = True, every: int = 2000) -> Replay:
    """Predict every job of a log by nothing but what had ended strictly before it was submitted.

    The learned experts are taught each `every` finished jobs, seen at batches of 1,024 submissions.
    """
    index = Index.of(log)
    predictor = Predictor(index, boosting=boosting)
    by_end = np.argsort(log.end, kind="stable").tolist()
    ends, submits = log.end[by_end].tolist(), log.submit.tolist()
    out = np.empty((len(log), len(COLUMNS)))
    ended = 0
    for begin in range(0, len(log), _BATCH):
        rows = np.arange(begin, min(begin + _BATCH, len(log)))
        predictor.refit(submits[begin], every=every)
        predictor.prepare(rows)
        for row in rows.tolist():
            while ended < len(ends) and ends[ended] < submits[row]:
                predictor.finish(by_end[ended])
                ended += 1
            out[row] = predictor.predict(row)[:-1]
    columns = {name: out[:, number] for number, name in enumerate(COLUMNS)}
    return Replay(log, columns, boosted=predictor.boosting is not None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Figures over the last 80 % of a log."""

    jobs: int
    accuracy: float
    error: float
    tsafrir_accuracy: float
    tsafrir_error: float
    user_accuracy: float
    user_error: float
    coverage90: float
    coverage80: float
    worst_block: float
    width: float
    confidence_error: float
    top_fifth: float
    safe_accuracy: float
    safe_under: float


def judge(done: Replay) -> Verdict:
    """Return the figures of a replay by the protocol: the first fifth is warm-up."""
    log, column = done.log, done.columns
    kept = slice(int(len(log) * _WARM_UP), len(log))
    run = log.run[kept]
    cap = np.where(log.requested > 0, log.requested, np.inf)[kept]
    tsafrir = np.minimum(last_two(log)[kept], cap)
    user = np.where(np.isfinite(cap), cap, tsafrir)
    point, error = column["point_accuracy"][kept], column["point_error"][kept]
    held = (column["low90"][kept] <= run * (1 + 1e-6)) & (run <= column["high90"][kept] * (1 + 1e-6))
    held80 = (column["low80"][kept] <= run * (1 + 1e-6)) & (run <= column["high80"][kept] * (1 + 1e-6))
    confidence, close = column["confidence"][kept], _close(point, run)
    fifths = np.array_split(np.argsort(confidence, kind="stable"), 5)
    safe = column["safe"][kept]
    return Verdict(
        jobs=len(log),
        accuracy=float(close.mean()),
        error=float(np.abs(error - run).mean()),
        tsafrir_accuracy=float(_close(tsafrir, run).mean()),
        tsafrir_error=float(np.abs(tsafrir - run).mean()),
        user_accuracy=float(_close(user, run).mean()),
        user_error=float(np.abs(user - run).mean()),
        coverage90=float(held.mean()),
        coverage80=float(held80.mean()),
        worst_block=_worst_block(held),
        width=float(np.mean(np.minimum(column["high90"][kept], cap) - column["low90"][kept]) / np.mean(user)),
        confidence_error=float(
            sum(abs(confidence[one].mean() - close[one].mean()) * len(one) for one in fifths) / len(close)
        ),
        top_fifth=float(close[fifths[-1]].mean()),
        safe_accuracy=float(_close(safe, run).mean()),
        safe_under=float((safe < run * (1 - 1e-6)).mean()),
    )


def _worst_block(held: NDArray[np.bool_]) -> float:
    starts = range(0, max(len(held) - _BLOCK, 0) + 1, _BLOCK)
    return min(float(held[at : at + _BLOCK].mean()) for at in starts)


def _close(point: Floats, run: Floats) -> Floats:
    return np.minimum(point, run) / np.maximum(point, run)


def last_two(log: Log) -> Floats:
    """Return the mean of the user's last two finished runs (Tsafrir et al.), else the request, else an hour."""
    index = Index.of(log)
    two: Ints = index.by_user.before(log.user, log.submit, 2)
    number = (two >= 0).sum(axis=1)
    total = np.where(two >= 0, log.run[np.maximum(two, 0)], 0.0).sum(axis=1)
    fallback = np.where(log.requested > 0, log.requested, 3600.0)
    return np.where(number > 0, total / np.maximum(number, 1), fallback)
