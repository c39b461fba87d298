"""Values and decisions of placement: no input, no output, no clock of their own."""

from heroes.placement.rules.constraints import SILENCE, constrain, standing
from heroes.placement.rules.history import NEIGHBOURS, History
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
    walltimes,
)
from heroes.placement.rules.offers import Offer, Spot, offer, suggested, together
from heroes.placement.rules.prediction import predict
from heroes.placement.rules.quantities import (
    Prediction,
    Quantity,
    Reason,
    capped,
    combined,
    nothing,
    scaled,
)
from heroes.placement.rules.scoring import DEFAULT_POLICY, Contender, Order, Scored, affordable, order, weights_of
from heroes.placement.rules.ties import component, joined, leading, no_room, settled
from heroes.placement.rules.ties import together as stay_together

__all__ = [
    "DEFAULT_POLICY",
    "NEIGHBOURS",
    "SILENCE",
    "UNKNOWN_BYTES",
    "ClusterView",
    "Contender",
    "Discard",
    "History",
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
    "affordable",
    "capped",
    "combined",
    "component",
    "constrain",
    "joined",
    "leading",
    "moved_bytes_bound",
    "no_room",
    "nothing",
    "offer",
    "order",
    "predict",
    "scaled",
    "settled",
    "standing",
    "stay_together",
    "suggested",
    "together",
    "walltime_bound",
    "walltimes",
    "weights_of",
]
