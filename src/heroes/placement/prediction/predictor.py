"""The predictor: experts on what finished, the recent best of them, and bounds that follow what really happened."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from heroes.placement.prediction import calibration
from heroes.placement.prediction.attention import Attention, kernel_weights
from heroes.placement.prediction.boosting import EXPERTS, Boosting, facts, library
from heroes.placement.prediction.calibration import Bounds, Confidence, Grace
from heroes.placement.prediction.candidates import Index, candidates
from heroes.placement.prediction.density import PRICES, STEPS, density, expected_accuracy
from heroes.placement.prediction.log import Floats, Ints, trail
from heroes.placement.prediction.ordered import Ordered
from heroes.placement.prediction.selection import Selection, weighted_median

ACCURACY = ("learned kernel", "both kernels")
ERROR = ("learned kernel, median", "kernel, median", "learned kernel")
_BLIND = float(np.log(3600.0))
_TAUGHT_FROM, _RECENT, _LEARNED, _REMEMBERED = 300, 5000, 10_000, 60_000
_BOOSTED, _BOOSTED_OF, _FADING = 20_000, 100_000, 40_000.0
"""Boosting learns from so many jobs, drawn of so many that ended last: the fewer of an age and the fewer of a burst."""
_TOLD = 6
"""Each such quantile of the learned density is told to the boosting."""
_BURST = 0.5
"""To which power of its part a job of a burst counts in what is learned of the error."""


class Predicted(NamedTuple):
    """Predictions of one job, in seconds; `confidence` is the expected min(p, r) / max(p, r) of `accuracy`."""

    accuracy: float
    error: float
    low90: float
    high90: float
    low80: float
    high80: float
    safe: float
    confidence: float
    method: str


class Predictor:
    """Predicts jobs of one index in the order of their submission; what has not ended is never looked at.

    `prepare` computes a batch, `refit` teaches the learned experts (in the background of a service), `predict` answers
    one job, `finish` takes in the outcome of one. All but `refit` are cheap.
    """

    def __init__(self, index: Index, *, boosting: bool = True, seed: int = 0) -> None:
        self.index = index
        lightgbm = library() if boosting else None
        self.boosting = Boosting(lightgbm) if lightgbm is not None else None
        self.attention = Attention.untaught(seed)
        self._random, self._drawing = np.random.default_rng(seed), np.random.default_rng(seed)
        experts = len(ERROR) + (len(EXPERTS) if self.boosting else 0)
        self._best, self._merits = Selection(len(ACCURACY), kept=0.98, like_all=60.0), Selection(experts)
        self._bounds, self._confidence, self._grace = Bounds(), Confidence(), Grace()
        self._by_end = np.argsort(index.log.end, kind="stable")
        self._ends = index.log.end[self._by_end]
        self._fitted = self._boosted = 0
        count = len(index.log)
        cap = np.where(index.log.requested > 0, index.request, np.inf)
        self._cap: Floats = np.maximum(cap, 0.0)
        self._accuracy = np.zeros((count, len(ACCURACY)), dtype=np.float32)
        self._error = np.zeros((count, experts), dtype=np.float32)
        self._promised = np.zeros((count, len(ACCURACY)), dtype=np.float32)
        self._quantiles = np.zeros((count, STEPS), dtype=np.float32)
        self._limits = np.zeros((count, len(PRICES)), dtype=np.float32)
        self._given = np.zeros((count, 5), dtype=np.float32)  # low 90, low 80, high 80, high 90, safe
        self._chosen = np.zeros(count, dtype=np.int64)
        self._silent = _silence(index)

    # ------------------------------------------------------------------------------------------------------- learning

    def refit(self, now: float, *, every: int) -> bool:
        """Teach the learned experts what ended before `now`, if `every` more jobs have since the last time."""
        finished = int(np.searchsorted(self._ends, now))
        first = self._fitted == 0 and finished >= _TAUGHT_FROM
        if not first and finished - self._fitted < every:
            return False
        ended = self._by_end[:finished]
        recent = ended[self._fitted :][-_RECENT:]
        older = ended[: finished - len(recent)][-_REMEMBERED:]
        count = min(len(older), _LEARNED - len(recent))
        drawn = self._random.choice(older, count, replace=False) if count > 0 else older[:0]
        rows = np.sort(np.concatenate([recent, drawn]))
        found = candidates(self.index, rows)
        rounds = 2 if len(rows) > 2000 else 6
        self.attention.teach(found, self.index.value[rows], rounds=rounds, rate=2e-3, rng=self._random)
        if self.boosting is not None and (not self._boosted or finished - self._boosted >= 2 * every):
            rows = self._drawn(ended[-_BOOSTED_OF:])
            found = candidates(self.index, rows, features=False)
            self.boosting.teach(facts(self.index, rows, found), self._told(rows), self.index.value[rows])
            self._boosted = finished
        self._fitted = finished
        return True

    def _drawn(self, ended: Ints) -> Ints:
        """Return the jobs that boosting learns from: else one user's last burst would be all that it knows."""
        if len(ended) <= _BOOSTED:
            return ended
        chance = np.exp(-np.arange(len(ended))[::-1] / _FADING) * (1.0 + self._silent[ended]) ** -_BURST
        return self._drawing.choice(ended, _BOOSTED, replace=False, p=chance / chance.sum())

    def finish(self, row: int) -> None:
        """Take in the outcome of a job that was predicted."""
        user, value, silent = int(self.index.log.user[row]), float(self.index.value[row]), int(self._silent[row])
        close = np.exp(-np.abs(self._accuracy[row] - value))
        self._best.learn(user, 1 - close, calibration.part_of(silent))
        off = np.abs(np.exp(self._error[row]) - np.exp(value)) / 3600
        self._merits.learn(user, off, calibration.part_of(silent, _BURST))
        self._bounds.learn(user, silent, calibration.missed(value, self._given[row].tolist()))
        self._grace.learn(value - float(self._cap[row]))
        chosen = self._chosen[row]
        self._confidence.learn(user, float(self._promised[row, chosen]), float(close[chosen]), silent)

    # ----------------------------------------------------------------------------------------------------- predicting

    def prepare(self, rows: Ints) -> None:
        """Compute what all experts say of jobs, each by what had ended before its own submission."""
        found = candidates(self.index, rows)
        plain, learned = kernel_weights(found), self.attention.weigh(found)
        cap = self._cap[rows]
        by_kernel, by_net = Ordered.of(found.value, plain), Ordered.of(found.value, learned)
        blind: NDArray[np.bool_] = np.logical_not(found.there.any(axis=1))
        likeliest = by_net.likeliest(1.0)
        accuracy = np.stack([likeliest, Ordered.of(found.value, plain + learned).likeliest(1.0)], axis=1)
        error = np.stack([by_net.quantile(0.5), by_kernel.quantile(0.5), likeliest], axis=1)
        accuracy[blind], error[blind] = _BLIND, _BLIND
        accuracy = np.clip(accuracy, 0.0, cap[:, None])
        self._accuracy[rows] = accuracy
        self._error[rows, : len(ERROR)] = np.clip(error, 0.0, cap[:, None])
        for number in range(len(ACCURACY)):
            self._promised[rows, number] = expected_accuracy(found.value, learned, accuracy[:, number])
        value = np.where(blind[:, None], _BLIND, found.value)
        weight = np.where(blind[:, None], 1.0, learned)
        spread = density(value, weight, cap)
        self._quantiles[rows], self._limits[rows] = spread.quantiles, spread.limits
        if self.boosting is not None:
            boosted = self._error[rows, :1].astype(np.float64)
            if self.boosting.taught:
                boosted = self.boosting.values(facts(self.index, rows, found), self._told(rows))
            self._error[rows, len(ERROR) :] = np.clip(boosted, 0.0, cap[:, None])

    def _told(self, rows: Ints) -> NDArray[np.float32]:
        """Return what the kernels said of jobs when they were submitted."""
        return np.hstack([self._error[rows, : len(ERROR)], self._quantiles[rows, ::_TOLD]])

    def predict(self, row: int) -> Predicted:
        """Return the predictions of a prepared job, by what was taken in until now."""
        user = int(self.index.log.user[row])
        best = self._best.choose(user)
        self._chosen[row] = best
        places = self._bounds.places(user, int(self._silent[row]))
        low90, low80, *upper = calibration.ends(self._quantiles[row], places)
        upper.append(calibration.between(self._limits[row], float(places[4])))
        cap = float(self._cap[row])
        high80, high90, limit = (self._grace.beyond(min(one, cap), cap) for one in upper)
        self._given[row] = low90, low80, high80, high90, limit
        point = float(self._accuracy[row, best])
        error = weighted_median(self._error[row], self._merits.merits(user))
        seconds: list[float] = np.exp([point, error, low90, high90, low80, high80, limit]).tolist()
        confidence = self._confidence.of(user, float(self._promised[row, best]), int(self._silent[row]))
        return Predicted._make([*seconds, confidence, ACCURACY[best]])


def _silence(index: Index) -> Ints:
    """Return for each job how many of its user's alike were submitted since the newest of them ended."""
    log = index.log
    rows = np.arange(len(log))
    order = trail(index.own_shape, rows.astype(np.float64))
    place = np.empty(len(log), dtype=np.int64)
    place[order.rows] = rows - order.starts[index.own_shape[order.rows]]
    newest = index.by_own_shape.before(index.own_shape, log.submit, 1)[:, 0]
    by_submit = trail(index.own_shape, log.submit)
    ended = np.where(newest >= 0, log.end[np.maximum(newest, 0)], -np.inf)
    heard = by_submit.position(index.own_shape, ended) - by_submit.starts[index.own_shape]
    return np.maximum(place - heard, 0)
