"""Which experts to believe for whose jobs, by their losses at those that finished: the recent best, or all by merit."""

import numpy as np

from heroes.placement.prediction.log import Floats

_SHARPNESS, _NO_LOSS = 3.0, 1e-9


class Selection:
    """Discounted losses of each expert, per user and of all; a user with few runs is judged like all."""

    def __init__(
        self, experts: int, *, kept: float = 0.99, kept_of_all: float = 0.9995, like_all: float = 15.0
    ) -> None:
        self._losses: dict[int, Floats] = {}
        self._counts: dict[int, float] = {}
        self._all: Floats = np.zeros(experts)
        self._count = 0.0
        self._kept, self._kept_of_all, self._like_all = kept, kept_of_all, like_all

    def choose(self, user: int) -> int:
        """Return the expert with the least loss; the first before anything is known."""
        return int(self._expected(user).argmin())

    def merits(self, user: int) -> Floats:
        """Return what each expert's word is worth: 1 for that with the least loss, an eighth for twice the loss."""
        expected = self._expected(user) + _NO_LOSS
        return np.asarray((expected.min() / expected) ** _SHARPNESS)

    def _expected(self, user: int) -> Floats:
        """Return the loss to expect of each expert."""
        expected = self._all / max(self._count, 1e-300)
        mine = self._losses.get(user)
        if mine is None:
            return expected
        return np.asarray((mine + self._like_all * expected) / (self._counts[user] + self._like_all))

    def learn(self, user: int, losses: Floats, part: float = 1.0) -> None:
        """Take in the losses of all experts for a job of a user that finished; it counts for `part` of one.

        The jobs of a burst were all predicted from the same knowledge: together they say little more than one.
        """
        kept_of_all, kept = self._kept_of_all**part, self._kept**part
        self._all = self._all * kept_of_all + part * losses
        self._count = self._count * kept_of_all + part
        mine = self._losses.get(user)
        self._losses[user] = part * losses if mine is None else mine * kept + part * losses
        self._counts[user] = self._counts.get(user, 0.0) * kept + part


def weighted_median(values: Floats, weights: Floats) -> float:
    """Return the value below which lies half of the weight: between experts that disagree it errs least."""
    order = values.argsort()
    reached = weights[order].cumsum()
    return float(values[order[int(reached.searchsorted(reached[-1] * (0.5 - 1e-12)))]])
