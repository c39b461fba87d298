"""Workflows: what can be run, in which versions, and by whom."""

from heroes.workflows import lifecycle as _lifecycle  # makes the slice's part of every life cycle known  # noqa: F401
