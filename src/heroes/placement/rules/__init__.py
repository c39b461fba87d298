"""Values and decisions of placement: no input, no output, no clock of their own."""

from heroes.placement.rules.constraints import SILENCE, constrain, standing
from heroes.placement.rules.needs import (
    UNKNOWN_BYTES,
    ClusterView,
    Discard,
    LineView,
    Need,
    Observation,
    Policy,
    QueueView,
    moved_bytes_bound,
    walltime_bound,
)
from heroes.placement.rules.offers import Offer, Spot, offer, suggested, together
from heroes.placement.rules.prediction import (
    NEIGHBOURS,
    Prediction,
    Quantity,
    Reason,
    capped,
    combined,
    nothing,
    predict,
    scaled,
)
from heroes.placement.rules.scoring import DEFAULT_POLICY, Contender, Order, Scored, order, weights_of

__all__ = [
    "DEFAULT_POLICY",
    "NEIGHBOURS",
    "SILENCE",
    "UNKNOWN_BYTES",
    "ClusterView",
    "Contender",
    "Discard",
    "LineView",
    "Need",
    "Observation",
    "Offer",
    "Order",
    "Policy",
    "Prediction",
    "Quantity",
    "QueueView",
    "Reason",
    "Scored",
    "Spot",
    "capped",
    "combined",
    "constrain",
    "moved_bytes_bound",
    "nothing",
    "offer",
    "order",
    "predict",
    "scaled",
    "standing",
    "suggested",
    "together",
    "walltime_bound",
    "weights_of",
]
