"""Executions: a workflow that runs, from submission to results."""

from heroes.executions import life as _life  # noqa: F401  registers the part of executions in the life cycle
