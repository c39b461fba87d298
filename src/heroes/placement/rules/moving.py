"""Whether a job leaves the cluster of its execution: only for a clear gain, after the cost of moving data."""

from collections.abc import Mapping

from heroes.placement.rules.needs import Policy
from heroes.placement.rules.quantities import duration

GAIN = 0.15
"""Least part of the time, cost or energy that must be saved: predictions are not surer than that."""

BYTES_S = 40e6
"""What moving data is taken to run at where nothing is known: bytes a second."""

_BY = {Policy.FASTEST: "time", Policy.GREENEST: "energy"}


def pays(
    home: Mapping[str, float | None],
    other: Mapping[str, float | None],
    policy: Policy,
    *,
    moved_bytes: int,
    bytes_s: float = BYTES_S,
) -> tuple[bool, str]:
    """Return whether leaving `home` pays, and why; amounts are time and wait (s), cost and energy."""
    name = _BY.get(policy, "cost")
    old, new = _amount(home, name), _amount(other, name)
    if old is None or new is None:
        return False, f"its {name} is not predicted on both, so it stays."
    moving = moved_bytes / bytes_s if name == "time" else 0.0
    gain = old - new - moving
    said = f"{gain / old:.0%} less {name}" if old > 0 else f"no less {name}"
    after = f" after {duration(moving)} of moving its data" if moving >= 1 else ""
    if old > 0 and gain >= GAIN * old:
        return True, f"{said}{after}."
    return (
        False,
        f"it would save {max(gain / old, 0.0) if old > 0 else 0.0:.0%} of the {name}{after}, less than {GAIN:.0%}.",
    )


def _amount(amounts: Mapping[str, float | None], name: str) -> float | None:
    found = amounts.get(name)
    if name != "time" or found is None:
        return found
    return found + (amounts.get("wait") or 0.0)
