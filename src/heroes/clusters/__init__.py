"""Clusters: enrol, check, connect, watch."""

from heroes.clusters.service import (
    Place,
    Seen,
    candidates_rows,
    cluster_by_name,
    ensure_here,
    last_seen,
    line,
    line_for,
    queue,
    seen_by,
    unwatch,
    watch,
)

__all__ = [
    "Place",
    "Seen",
    "candidates_rows",
    "cluster_by_name",
    "ensure_here",
    "last_seen",
    "line",
    "line_for",
    "queue",
    "seen_by",
    "unwatch",
    "watch",
]
