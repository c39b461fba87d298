"""What moving data costs at a place, and whether a job leaves the cluster of its execution for another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heroes.costs.rules import Terms
from heroes.data.rules import Speed
from heroes.placement.rules.needs import Need, Policy
from heroes.placement.rules.quantities import duration

GAIN = 0.15
"""Least part of the time, cost or energy that must be saved: predictions are not surer than that."""

BYTES_S = 40e6
"""What moving data is taken to run at where nothing was moved yet: bytes a second."""

_BY = {Policy.FASTEST: "time", Policy.GREENEST: "energy"}
_GB = 10**9


@dataclass(frozen=True, kw_only=True)
class Moving:
    """Bringing the known inputs of all jobs to a place: part of its time to result and of its predicted cost."""

    bytes: int
    seconds: float
    cost: float
    source: str


def moving(need: Need, terms: Terms, speed: Speed | None) -> Moving:
    """Return what it takes to bring the inputs of a step's jobs; they share one line."""
    moved = need.moved_bytes * need.count
    rate = speed.bytes_s if speed and speed.bytes_s else BYTES_S
    start = speed.start_s if speed else 0.0
    asked = f"assuming {BYTES_S / 1e6:.0f} MB/s, for no large file was moved there yet"
    many = f"last {speed.transfers} transfers" if speed and speed.transfers > 1 else "last transfer"
    known = f"{rate / 1e6:.1f} MB/s by the {many} there" if speed and speed.bytes_s else asked
    return Moving(bytes=moved, seconds=start + moved / rate, cost=float(terms.gb_moved) * moved / _GB, source=known)


def all_moved(parts: Sequence[Moving]) -> Moving:
    """Return the moving of several steps as one."""
    sources = dict.fromkeys(one.source for one in parts)
    return Moving(
        bytes=sum(one.bytes for one in parts),
        seconds=sum(one.seconds for one in parts),
        cost=sum(one.cost for one in parts),
        source="; ".join(sources),
    )


def told(one: Moving, currency: str) -> str:
    """Say what moving the data means, or nothing where there is none to speak of."""
    if not one.bytes or (one.seconds < 1 and not one.cost):
        return ""
    paid = f" and costs {one.cost:.4g} {currency}" if one.cost else ""
    size = f"{one.bytes / _GB:.3g} GB" if one.bytes >= _GB / 100 else f"{one.bytes / 1e6:.3g} MB"
    return f"Bringing its {size} of input takes about {duration(one.seconds)}{paid} ({one.source})."


def pays(
    home: Mapping[str, float | None], other: Mapping[str, float | None], policy: Policy, *, moving_s: float
) -> tuple[bool, str]:
    """Return whether leaving `home` pays, and why; amounts are time and wait (s), cost and energy."""
    name = _BY.get(policy, "cost")
    old, new = _amount(home, name), _amount(other, name)
    if old is None or new is None:
        return False, f"its {name} is not predicted on both, so it stays."
    extra = moving_s if name == "time" else 0.0
    gain = old - new - extra
    said = f"{gain / old:.0%} less {name}" if old > 0 else f"no less {name}"
    after = f" after {duration(extra)} of moving its data" if extra >= 1 else ""
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
