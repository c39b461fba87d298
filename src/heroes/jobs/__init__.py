"""The job plane: place, stage in, order, watch, stage out, settle."""

from heroes.jobs import life as _life  # noqa: F401  registers the part of jobs in the life cycle
