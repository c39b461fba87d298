"""Readers of workflow bundles, one file per format."""
