"""Values and decisions of placement: no input, no output, no clock of their own."""

from heroes.placement.rules.alternatives import Change, changed, reweighted, smallest
from heroes.placement.rules.constraints import SILENCE, constrain, is_open, standing
from heroes.placement.rules.consumption import PowerModel
from heroes.placement.rules.history import NEIGHBOURS, History
from heroes.placement.rules.moving import Moving, all_moved, pays
from heroes.placement.rules.moving import told as moving_told
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
from heroes.placement.rules.offers import Offer, Spot, cost, offer, suggested, together
from heroes.placement.rules.prediction import OF_OTHERS, predict
from heroes.placement.rules.quantities import (
    Prediction,
    Quantity,
    Reason,
    capped,
    chance_above,
    combined,
    duration,
    nothing,
    scaled,
)
from heroes.placement.rules.reliability import Reliability, reliability, runs_expected
from heroes.placement.rules.scoring import (
    BALANCED,
    DEADLINE,
    DEFAULT_POLICY,
    PLUGIN,
    Contender,
    Order,
    Scored,
    affordable,
    order,
    weights_of,
)
from heroes.placement.rules.sizing import after_failure
from heroes.placement.rules.ties import component, joined, leading, no_room, settled
from heroes.placement.rules.ties import together as stay_together
from heroes.placement.rules.waits import ceiling as wait_ceiling

__all__ = [
    "BALANCED",
    "DEADLINE",
    "DEFAULT_POLICY",
    "NEIGHBOURS",
    "OF_OTHERS",
    "PLUGIN",
    "SILENCE",
    "UNKNOWN_BYTES",
    "Change",
    "ClusterView",
    "Contender",
    "Discard",
    "History",
    "LineView",
    "Moving",
    "Need",
    "Observation",
    "Offer",
    "Order",
    "Policy",
    "PowerModel",
    "Prediction",
    "Quantity",
    "QueueView",
    "Reason",
    "Reliability",
    "Scored",
    "Spot",
    "affordable",
    "after_failure",
    "all_moved",
    "capped",
    "chance_above",
    "changed",
    "combined",
    "component",
    "constrain",
    "cost",
    "duration",
    "is_open",
    "joined",
    "leading",
    "moved_bytes_bound",
    "moving_told",
    "no_room",
    "nothing",
    "offer",
    "order",
    "pays",
    "predict",
    "reliability",
    "reweighted",
    "runs_expected",
    "scaled",
    "settled",
    "smallest",
    "standing",
    "stay_together",
    "suggested",
    "together",
    "wait_ceiling",
    "walltime_bound",
    "walltimes",
    "weights_of",
]
