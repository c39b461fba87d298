"""Workflows: what can be run, in which versions, and by whom."""
