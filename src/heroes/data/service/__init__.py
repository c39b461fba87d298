"""Commands and queries of data. What other slices use is named here."""

from heroes.data.rules import Ref, StageItem
from heroes.data.service.buckets import user_bucket
from heroes.data.service.objects import put_blob, put_bytes, resolve
from heroes.data.service.transfers import TransferState, give_up, stage_in, stage_out, state

__all__ = [
    "Ref",
    "StageItem",
    "TransferState",
    "give_up",
    "put_blob",
    "put_bytes",
    "resolve",
    "stage_in",
    "stage_out",
    "state",
    "user_bucket",
]
