"""The durable work of data."""

from functools import partial
from typing import TYPE_CHECKING

from heroes.data.models import Operation, Removal, Transfer, Trashed, Upload
from heroes.data.steps import operations, resumable, transfers
from heroes.kit.due import one_of
from heroes.kit.work import Registration

if TYPE_CHECKING:
    from heroes.parts import Parts


def registrations(parts: "Parts") -> list[Registration]:
    """Return the steps of this slice; a transfer is claimed only by the process that holds its line."""
    work = [
        Registration(Operation, operations.advance, concurrency=2),
        Registration(Removal, partial(operations.sweep, store=parts.store), concurrency=1),
        Registration(Trashed, operations.expire, concurrency=1),
        Registration(Upload, partial(resumable.advance, store=parts.store), concurrency=4),
    ]
    lines = parts.lines
    if lines is not None:
        step = partial(transfers.advance, store=parts.store, lines=lines)
        ours = [one_of(Transfer.line_id, lines.owned)]
        work.append(Registration(Transfer, step, concurrency=64, only=lambda: ours, by=Transfer.line_id, share=4))
    return work
