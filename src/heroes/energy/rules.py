"""What a meter's number means. Pure: an unmeasured energy is None with the reason, never 0 and never invented."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from heroes.adapters.ports import SiteUsage
from heroes.adapters.spool import MACHINE_SHARED, NO_COUNTERS


@dataclass(frozen=True, slots=True)
class Reading:
    """Energy of one job in joules with its source; without a value, the reason why there is none."""

    joules: float | None
    source: str | None = None
    reason: str | None = None
    code: str | None = None
    """of the reason, for whoever says it in another language"""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """the amounts in the reason"""


NO_ACCOUNTING = Reading(None, None, "The site's accounting has not told what the job used.", "not_accounted")
_NONE = {NO_COUNTERS: "no_counters", MACHINE_SHARED: "machine_shared"}


def from_site(
    usage: SiteUsage | None, meter_interval_s: float | None = None, *, core_s_of_all: float | None = None
) -> Reading:
    """Read what a site's accounting says of one job.

    `meter_interval_s`: how often the meter is read, None where it is read at start and end. `core_s_of_all`: the core
    seconds that all jobs together used on the job's nodes while it ran, None where it had them alone or nobody knows;
    left out, what the site's accounting told of the nodes' other jobs.
    """
    if usage is None:
        return NO_ACCOUNTING
    if usage.energy_j is None:
        source = usage.energy_source or ""
        given = source.removeprefix("none: ") if source.startswith("none: ") else None
        code = _NONE.get(source, "none_accounted")
        return Reading(None, None, _sentence(given or "the site's accounting has no energy for this job"), code)
    if meter_interval_s is not None and usage.elapsed_s < meter_interval_s:
        text = f"it ran {usage.elapsed_s:g} s, the meter is read every {meter_interval_s:g} s"
        told = {"ran_s": usage.elapsed_s, "every_s": meter_interval_s}
        why = _sentence(f"below the meter's resolution: {text}")
        return Reading(None, usage.energy_source, why, "below_resolution", told)
    if usage.energy_j <= 0:
        return Reading(
            None, usage.energy_source, _sentence("below the meter's resolution: it counted nothing"), "counted_nothing"
        )
    core_s = usage.cpus * usage.elapsed_s
    core_s_of_all = usage.core_s_of_all if core_s_of_all is None else core_s_of_all
    if core_s_of_all is not None and core_s_of_all > core_s:
        part = core_s / core_s_of_all
        whole = f"{part:.1%} of {usage.energy_j:g} J"
        shared = f"{usage.energy_source or 'site'}, shared nodes split by core-seconds: {whole}"
        return Reading(share(usage.energy_j, core_s, core_s_of_all), shared)
    source = usage.energy_source or "site"
    return Reading(usage.energy_j, f"{source}; {usage.sharing_unknown}" if usage.sharing_unknown else source)


def share(joules: float, core_s: float, core_s_of_all: float) -> float:
    """Return one job's part of a shared meter, by the core seconds it used of all that were used."""
    return joules * core_s / core_s_of_all if core_s_of_all > 0 else 0.0


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
