"""Identifiers: text, time-ordered, safe in addresses, file names and shells."""

import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u


_last = 0


def new_id(prefix: str) -> str:
    """Return `prefix_` + 20 characters: 48 bits of milliseconds, then 52 random bits, so that ids sort by birth.

    Those of one process sort in the order they were made, also within a millisecond.
    """
    global _last
    value = (int(time.time() * 1000) << 52) | (int.from_bytes(os.urandom(7), "big") >> 4)
    if value <= _last:
        value = _last + 1 + int.from_bytes(os.urandom(4), "big")
    _last = value
    return f"{prefix}_{_base32(value, 20)}"


def new_token() -> str:
    """Return 15 characters, a letter first: the longest name that Slurm, PBS and Grid Engine all keep whole."""
    return "h" + _base32(int.from_bytes(os.urandom(9), "big") >> 2, 14)


def _base32(value: int, length: int) -> str:
    return "".join(_ALPHABET[(value >> (5 * place)) & 31] for place in reversed(range(length)))
