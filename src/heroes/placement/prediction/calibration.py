"""Honest intervals, limits and confidence: levels that follow what really happened, by user and by silence.

A bound's level moves up after a miss and down after a hit so that its long-run miss rate is the one promised (adaptive
conformal inference, Gibbs & Candès, NeurIPS 2021), here in steps of log odds, one level for each class of silence and
one offset for each user. Silence = how many jobs of the same shape the user has submitted since the last one returned:
in a burst thousands of jobs share one unknown, so each counts for the less, the more stand before it.
"""

import math
from collections import defaultdict, deque
from collections.abc import Sequence

import numpy as np

from heroes.placement.prediction.density import PRICES, STEPS, position
from heroes.placement.prediction.log import Floats

SILENCES = (1, 4, 16, 64, 256, 1024)
_SIDES = np.array([-1.0, -1.0, 1.0, 1.0, 1.0])  # low 90, low 80, high 80, high 90, safe
_MISSES = np.array([0.05, 0.10, 0.10, 0.05, 0.05])
_BASE = np.array([position(level) for level in (0.05, 0.10, 0.90, 0.95)] + [len(PRICES) / 2])
_PACE, _PACE_OF_USER, _WIDER = 4.0, 3.0, 1.5
_LONG, _NARROWER = 5, 10.0
"""The class of silence from which on an interval is at most so many places narrower than in the class before."""
_BURST = 0.7
"""To which power of its part a job counts for what is learned of silence itself: of bursts only bursts can tell."""
_TICK = 1.0  # logs count whole seconds
_SAME = 1e-5  # single precision in log seconds
_AT_LIMIT, _MOST_GRACE, _REMEMBERED = 0.005, 0.25, 200
_LIKE_ALL = 50.0
"""How many jobs of a user what is known of all is worth."""
_FORETOLD, _UNPROVEN = 10, 50.0
"""The classes of confidence, and how many jobs it takes until half of what they were off is believed."""
_OF_SILENCE, _KEPT_OF_SILENCE = 5.0, 0.9995
"""How many jobs it takes to believe half of what silence takes away, and how long it is remembered."""
_CLASSES = len(SILENCES) + 1


def silence_class(silent: int) -> int:
    """Return 0 for a job before which all of its kind had returned, more the longer the silence."""
    return sum(silent >= edge for edge in SILENCES)


def part_of(silent: int, power: float = 1.0) -> float:
    """Return for how much of one job it counts, by how many of its kind were submitted without news."""
    return float((1.0 + silent) ** -power)


class Bounds:
    """Levels of the four ends of the intervals and of the safe limit, as places among LEVELS or PRICES."""

    def __init__(self) -> None:
        wider = _WIDER * np.arange(_CLASSES)[:, None] * np.array([1.0, 1.0, 1.0, 1.0, 0.0])
        self._of_class: Floats = wider * _SIDES
        self._of_user: dict[int, Floats] = defaultdict(lambda: np.zeros(5))

    def places(self, user: int, silent: int) -> Floats:
        """Return where each bound stands now for a job."""
        at: Floats = _BASE + self._of_class[silence_class(silent)] + self._of_user[user]
        at[:4] = np.clip(at[:4], 0, STEPS - 1)
        at[4] = min(max(at[4], 0), len(PRICES) - 1)
        at[0], at[3] = min(at[0], at[1]), max(at[2], at[3])
        return at

    def learn(self, user: int, silent: int, missed: Floats) -> None:
        """Take in which bounds (1 = missed) did not hold for a job that finished."""
        part = part_of(silent)
        step = _SIDES * (missed - _MISSES)
        place = silence_class(silent)
        self._of_class[place] += min(_PACE * part_of(silent, _BURST), 0.2) * step
        if place >= _LONG - 1:
            self._keep_wide()
        mine = self._of_user[user]
        mine *= 1 - 0.002 * part
        mine += min(_PACE_OF_USER * part, 0.6) * step

    def _keep_wide(self) -> None:
        """Let long silences be no surer than shorter ones: a few long bursts that held prove little for the next."""
        outward = self._of_class[:, :4] * _SIDES[:4]
        for place in range(_LONG, _CLASSES):
            outward[place] = np.maximum(outward[place], outward[place - 1] - _NARROWER)
        self._of_class[_LONG:, :4] = outward[_LONG:] * _SIDES[:4]


def missed(log_run: float, given: Sequence[float]) -> Floats:
    """Return which of the five bounds (low 90, low 80, high 80, high 90, safe; log s) a run time missed."""
    low90, low80, high80, high90, limit = given
    least, most = log_run - _SAME, log_run + _SAME
    return np.array([most < low90, most < low80, least > high80, least > high90, least > limit], dtype=np.float64)


class Grace:
    """How far beyond its request a job runs that is stopped there: sites stop some seconds or minutes late."""

    def __init__(self) -> None:
        self._over: deque[float] = deque(maxlen=_REMEMBERED)
        self.value = 0.0

    def learn(self, over: float) -> None:
        """Take in the log of run time over request of a job that finished; only those at their limit count."""
        if over >= -_AT_LIMIT:
            self._over.append(min(max(over, 0.0), _MOST_GRACE))
            self.value = sorted(self._over)[int(0.95 * (len(self._over) - 1))]

    def beyond(self, end: float, cap: float) -> float:
        """Return an upper end (log s); where it stands at the request, what comes after it is included."""
        return end + self.value if end >= cap - _AT_LIMIT else end


def ends(quantiles: Floats, places: Floats) -> tuple[float, float, float, float]:
    """Return low 90, low 80, high 80 and high 90 in log seconds, each a second further out."""
    low90, low80, high80, high90 = (math.exp(between(quantiles, place)) for place in places[:4])
    return (
        math.log(max(low90 - _TICK, 1.0)),
        math.log(max(low80 - _TICK, 1.0)),
        math.log(high80 + _TICK),
        math.log(high90 + _TICK),
    )


def between(values: Floats, place: float) -> float:
    """Return the value at a broken place of a row."""
    left = min(int(place), len(values) - 2)
    return float(values[left] + (place - left) * (values[left + 1] - values[left]))


class Confidence:
    """The accuracy to expect: what the density promises, corrected by what like promises were worth lately.

    First by what was promised, then by the user's own last runs, then by what was foretold after both, and last by the
    silence before it: one slope over the log of its length, in log odds (hence the variance of the foretold).
    """

    def __init__(self, bins: int = 20) -> None:
        self._bins = bins
        self._sums: Floats = (np.arange(bins) + 0.5) / bins * 20.0
        self._counts: Floats = np.full(bins, 20.0)
        self._users: dict[int, list[float]] = {}
        self._off: Floats = np.zeros(_FORETOLD)
        self._weight: Floats = np.zeros(_FORETOLD)
        self._slope = self._known = 0.0

    def of(self, user: int, promised: float, silent: int = 0) -> float:
        """Return the expected accuracy, 0 to 1."""
        heard = self._heard(user, promised)
        return _share(heard + self._slope / (self._known + _OF_SILENCE) * _lost(heard, silent))

    def learn(self, user: int, promised: float, accuracy: float, silent: int = 0) -> None:
        """Take in the accuracy that a job which finished really had; it counts for the less, the longer the silence."""
        part = part_of(silent)
        heard = self._heard(user, promised)
        lost, weight = _lost(heard, silent), part_of(silent, _BURST)
        kept = _KEPT_OF_SILENCE**weight
        self._slope = self._slope * kept + weight * lost * (accuracy - heard)
        self._known = self._known * kept + weight * lost * lost
        foretold = self._foretold(user, promised)
        for number, share in _shares(foretold, _FORETOLD, part):
            kept = 0.998**share
            self._off[number] = self._off[number] * kept + share * (accuracy - foretold)
            self._weight[number] = self._weight[number] * kept + share
        mine = self._users.setdefault(user, [0.0, 0.0])
        kept = 0.95**part
        mine[0] = mine[0] * kept + part * (accuracy - self._base(promised))
        mine[1] = mine[1] * kept + part
        for number, share in _shares(promised, self._bins, part):
            kept = 1 - 0.005 * share
            self._sums[number] = self._sums[number] * kept + share * accuracy
            self._counts[number] = self._counts[number] * kept + share

    def _heard(self, user: int, promised: float) -> float:
        """Return what is expected where the last job of the kind has just returned."""
        foretold = self._foretold(user, promised)
        low, part = _place(foretold, _FORETOLD)
        off = self._off[low : low + 2] / (self._weight[low : low + 2] + _UNPROVEN)
        return _share(foretold + float(off[0] * (1 - part) + off[1] * part))

    def _foretold(self, user: int, promised: float) -> float:
        off, count = self._users.get(user, (0.0, 0.0))
        return _share(self._base(promised) + off / (count + _LIKE_ALL))

    def _base(self, promised: float) -> float:
        low, part = _place(promised, self._bins)
        means = self._sums[low : low + 2] / self._counts[low : low + 2]
        return float(means[0] * (1 - part) + means[1] * part)


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _lost(heard: float, silent: int) -> float:
    return 4 * heard * (1 - heard) * math.log1p(silent) / math.log1p(SILENCES[-1])


def _place(value: float, bins: int) -> tuple[int, float]:
    """Return the bin below a value of 0 to 1, and how much of it falls to the one above."""
    at = min(max(value * bins - 0.5, 0.0), bins - 1.001)
    return int(at), at - int(at)


def _shares(value: float, bins: int, part: float) -> tuple[tuple[int, float], tuple[int, float]]:
    low, above = _place(value, bins)
    return (low, part * (1 - above)), (low + 1, part * above)
