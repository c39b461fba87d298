"""The process's own clock. Decisions about rows use SQL's `heroes_now()` instead (see `kit.db`)."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)
