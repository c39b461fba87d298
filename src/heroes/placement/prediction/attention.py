"""The learned kernel: a small network that weighs the candidates of a job, taught by the jobs that finished.

The weight of a candidate is softmax(log fixed kernel + net(how it compares)); the loss is the negative log likelihood
of the real run time under the candidates' mixture of Laplace densities in log time. Plain numpy; Adam is that of
Kingma & Ba, 2015.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from heroes.placement.prediction.candidates import FEATURES, Candidates
from heroes.placement.prediction.log import Floats

Single = NDArray[np.float32]
_HIDDEN, _SCALE, _BATCH, _DECAY = 24, 0.4, 128, 1e-5


def kernel_weights(found: Candidates) -> Floats:
    """Return the weights of the fixed kernel, adding up to 1 in each row that has a candidate."""
    total = found.weight.sum(axis=1, keepdims=True)
    return np.asarray(found.weight / np.maximum(total, 1e-300))


@dataclass
class Attention:
    """The network's weights and Adam's moments."""

    weights: list[Single]
    taught: int = 0
    _first: list[Single] = field(default_factory=list)
    _second: list[Single] = field(default_factory=list)
    _steps: int = 0

    @classmethod
    def untaught(cls, seed: int = 0) -> "Attention":
        """Return a network that changes nothing: its last layer is zero."""
        rng = np.random.default_rng(seed)
        size = len(FEATURES)
        first = rng.normal(0, size**-0.5, (size, _HIDDEN))
        second = rng.normal(0, _HIDDEN**-0.5, (_HIDDEN, _HIDDEN))
        layers = (first, np.zeros(_HIDDEN), second, np.zeros(_HIDDEN), np.zeros((_HIDDEN, 1)))
        return cls([one.astype(np.float32) for one in layers])

    def weigh(self, found: Candidates) -> Floats:
        """Return the learned weights, adding up to 1 in each row that has a candidate."""
        assert found.features is not None
        start = _start(found.weight, found.there)
        start[found.there] += self._forward(found.features[found.there])[2]
        return _softmax(start, found.there)

    def teach(self, found: Candidates, real: Floats, *, rounds: int, rate: float, rng: np.random.Generator) -> None:
        """Learn from finished jobs: `real` is the log of their run times (s)."""
        assert found.features is not None
        likely = np.exp(-np.abs(found.value - real[:, None]) / _SCALE) * found.there
        start = _start(found.weight, found.there)
        count = len(real)
        steps = max(rounds * (count // _BATCH), 1)
        done = 0
        for _ in range(rounds):
            order = rng.permutation(count)
            for begin in range(0, count - _BATCH + 1, _BATCH):
                chosen = order[begin : begin + _BATCH]
                slow = rate * 0.5 * (1 + np.cos(np.pi * done / steps))
                self._learn(found.features[chosen], start[chosen], likely[chosen], found.there[chosen], float(slow))
                done += 1
        self.taught += count

    def _learn(self, features: Single, start: Floats, likely: Floats, there: NDArray[np.bool_], rate: float) -> None:
        inputs = features[there]
        hidden, deeper, raised = self._forward(inputs)
        scores = start.copy()
        scores[there] += raised
        weight = _softmax(scores, there)
        joint = weight * likely
        total = joint.sum(axis=1, keepdims=True)
        posterior = np.where(total > 1e-6, joint / np.maximum(total, 1e-30), weight)
        slope: Single = ((weight - posterior)[there] / len(start)).astype(np.float32)[:, None]
        w = self.weights
        back2: Single = (slope @ w[4].T) * (deeper > 0)
        back1: Single = (back2 @ w[2].T) * (hidden > 0)
        self._adam(
            [inputs.T @ back1, back1.sum(axis=0), hidden.T @ back2, back2.sum(axis=0), deeper.T @ slope],
            rate,
        )

    def _adam(self, gradients: Sequence[Single], rate: float) -> None:
        if not self._first:
            self._first = [np.zeros_like(one) for one in self.weights]
            self._second = [np.zeros_like(one) for one in self.weights]
        self._steps += 1
        unbias1, unbias2 = 1 - 0.9**self._steps, 1 - 0.999**self._steps
        for one, gradient, first, second in zip(self.weights, gradients, self._first, self._second, strict=True):
            gradient = gradient + _DECAY * one
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient * gradient - second)
            one -= np.float32(rate) * (first / unbias1) / (np.sqrt(second / unbias2) + 1e-8)

    def _forward(self, inputs: Single) -> tuple[Single, Single, Single]:
        w = self.weights
        hidden = np.maximum(inputs @ w[0] + w[1], 0)
        deeper = np.maximum(hidden @ w[2] + w[3], 0)
        return hidden, deeper, (deeper @ w[4])[:, 0]


def _start(weight: Floats, there: NDArray[np.bool_]) -> Floats:
    logs = np.log(weight + 1e-30)
    return np.where(there, logs - logs.max(axis=1, keepdims=True), -1e9)


def _softmax(scores: Floats, there: NDArray[np.bool_]) -> Floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True)) * there
    return np.asarray(raised / np.maximum(raised.sum(axis=1, keepdims=True), 1e-30))
