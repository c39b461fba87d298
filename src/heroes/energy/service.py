"""Readings for those above."""

from heroes.adapters.ports import SiteJob
from heroes.energy.carbon import Intensity, intensity
from heroes.energy.nodes import MODEL, Node, node
from heroes.energy.rules import NO_ACCOUNTING, Reading, from_site


def of_job(accounting: SiteJob | None, meter_interval_s: float | None = None) -> Reading:
    """Return the energy of a job as its site accounts for it; `meter_interval_s`: how often its meter is read."""
    return from_site(accounting.usage, meter_interval_s) if accounting is not None else NO_ACCOUNTING


__all__ = ["MODEL", "Intensity", "Node", "Reading", "intensity", "node", "of_job"]
