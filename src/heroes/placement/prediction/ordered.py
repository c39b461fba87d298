"""Weighted values in rising order, and what is read off them."""

from dataclasses import dataclass

import numpy as np

from heroes.placement.prediction.log import Floats, Ints


@dataclass(frozen=True, slots=True)
class Ordered:
    """Weighted values, each row in rising order; without weight they stand at the end and play no part."""

    value: Floats
    weight: Floats
    order: Ints

    @classmethod
    def of(cls, value: Floats, weight: Floats) -> "Ordered":
        """Put them in order; the weights of a row are made to add up to 1."""
        order = np.argsort(np.where(weight > 0, value, np.inf), axis=1)
        sorted_weight = np.take_along_axis(weight, order, axis=1)
        sorted_value = np.where(sorted_weight > 0, np.take_along_axis(value, order, axis=1), 0.0)
        total = np.maximum(sorted_weight.sum(axis=1, keepdims=True), 1e-300)
        return cls(np.maximum.accumulate(sorted_value, axis=1), sorted_weight / total, order)

    def closeness(self, scale: float) -> Floats:
        """Return sum w exp(-|v - v_i| / scale) at each value, in linear time."""
        grown = np.exp(np.minimum((self.value - self.value[:, :1]) / scale, 600.0))
        left = np.cumsum(self.weight * grown, axis=1) / grown
        outward = self.weight / grown
        right = (np.cumsum(outward[:, ::-1], axis=1)[:, ::-1] - outward) * grown
        return np.asarray(left + np.maximum(right, 0.0))

    def below(self) -> Floats:
        """Return the weight at or below each value."""
        return np.cumsum(self.weight, axis=1)

    def back(self, values: Floats) -> Floats:
        """Return values of the sorted order in the order of the candidates."""
        out = np.empty_like(values)
        np.put_along_axis(out, self.order, values, axis=1)
        return out

    def likeliest(self, scale: float) -> Floats:
        """Return the value nearest to all others: the best point for the mean of min(p, r) / max(p, r)."""
        return np.asarray(self.value[np.arange(len(self.value)), np.argmax(self.closeness(scale), axis=1)])

    def quantile(self, level: float) -> Floats:
        """Return the value at or below which lies `level` of the weight."""
        place = (self.below() < level - 1e-12).sum(axis=1)
        return np.asarray(self.value[np.arange(len(self.value)), np.minimum(place, self.value.shape[1] - 1)])
