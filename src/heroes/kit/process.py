"""What a long-running process of the platform sets for itself once it has started."""

import asyncio
import ctypes
import gc
import resource
import sys
from contextlib import suppress

TRIM_EVERY = 60.0  # seconds between two returns of memory
_PR_SET_DUMPABLE = 4  # prctl(2)


def keep_loaded() -> None:
    """Leave what is there by now out of all searches for garbage, and search more rarely.

    What a process has loaded stays; to search it again and again costs a tenth of all.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


async def trim(stop: asyncio.Event) -> None:
    """Return what bursts left of memory, once a minute: looks at thousands of jobs leave a tenth of it empty."""
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), TRIM_EVERY)
        give_back()


def give_back() -> None:
    """Return memory to the system that a burst left empty among what is still used; only glibc knows how."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # malloc_trim(3)
    if trim is not None:
        trim(0)


def leave_no_dump() -> None:
    """Let a crash write no memory to a disk, and no other process of this user read it: it holds opened secrets.

    The limit alone does not hold back a kernel that pipes dumps to a program (core(5)).
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "this process cannot be kept from leaving dumps")
