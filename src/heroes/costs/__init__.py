"""Costs: what things cost, who pays, and how no budget is ever exceeded."""

from heroes.costs import life as _life  # noqa: F401  registers the part of costs in the life cycle
