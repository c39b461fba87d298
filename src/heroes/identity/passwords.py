"""Passwords: argon2id, off the event loop, two at a time."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from heroes.kit.errors import Invalid
from heroes.kit.faults import Wrong, fault_of

SHORTEST = 12  # characters
LONGEST = 1024

_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")

# The hash of a random value nobody kept: checked where there is no user, so that both cost the same.
NOBODY = "$argon2id$v=19$m=32768,t=3,p=1$ZADmI6j0/oHGUY9U+CCwFQ$xDUnSXehpmg6giKm7Ky8CSF0EoTZxg4noPkPZQCo+hs"


async def hashed(password: str) -> str:
    """Return the argon2id hash of a password."""
    return await asyncio.get_running_loop().run_in_executor(_pool, _hasher.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Say whether the password fits; without a stored hash do the same work and say no."""
    fits = await asyncio.get_running_loop().run_in_executor(_pool, _verify, stored or NOBODY, password)
    return fits and stored is not None


def outdated(stored: str) -> bool:
    """Say whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def one_time() -> str:
    """Return a new one-time password: 20 characters, about 100 random bits, easy to read aloud."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def check(new: str, *, username: str, current: str | None = None, pointer: str = "/new_password") -> None:
    """Return if the new password may be used. Raises Invalid with the reason."""
    wrong = _unfit(new, username, current)
    if wrong is not None:
        raise Invalid(f"This password cannot be used. {wrong}", [fault_of(pointer, wrong)], case="unfit_password")


def _unfit(new: str, username: str, current: str | None) -> Wrong | None:
    if len(new) < SHORTEST:
        return Wrong(f"Use at least {SHORTEST} characters.", "too_short", least=SHORTEST)
    if len(new) > LONGEST:
        return Wrong(f"Use at most {LONGEST} characters.", "too_long", most=LONGEST)
    if new == current:
        return Wrong("Use another password than the present one.", "same_password")
    if username.lower() in new.lower():
        return Wrong("Do not put your user name into it.", "holds_user_name")
    if len(set(new)) < 5:
        return Wrong("Use at least five different characters.", "too_uniform")
    return None


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
