"""Commands and queries of data. What other slices use is named here."""

from heroes.data.rules import Ref, Speed, StageItem
from heroes.data.service.buckets import user_bucket
from heroes.data.service.holdings import Holding, close_uploads, held_at, open_uploads
from heroes.data.service.objects import files_at, put_blob, put_bytes, resolve
from heroes.data.service.transfers import TransferState, give_up, speeds, stage_in, stage_out, state, whys

__all__ = [
    "Holding",
    "Ref",
    "Speed",
    "StageItem",
    "TransferState",
    "close_uploads",
    "files_at",
    "give_up",
    "held_at",
    "open_uploads",
    "put_blob",
    "put_bytes",
    "resolve",
    "speeds",
    "stage_in",
    "stage_out",
    "state",
    "user_bucket",
    "whys",
]
