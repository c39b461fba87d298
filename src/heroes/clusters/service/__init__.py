"""Commands and queries on clusters."""

from heroes.clusters.service.enrolment import (
    Account,
    Enrolment,
    add_line,
    approve_host_key,
    change,
    check,
    enrol,
    pause,
    remove,
    remove_line,
    resume,
)
from heroes.clusters.service.following import Seen, last_seen, seen_by, unwatch, watch
from heroes.clusters.service.here import ensure_here
from heroes.clusters.service.lookups import (
    Place,
    candidates_rows,
    cluster_by_name,
    line,
    line_for,
    meter_interval_s,
    owned_cluster,
    purge_after,
    queue,
    sightings_since,
)
from heroes.clusters.service.sharing import share, shares, unshare

__all__ = [
    "Account",
    "Enrolment",
    "Place",
    "Seen",
    "add_line",
    "approve_host_key",
    "candidates_rows",
    "change",
    "check",
    "cluster_by_name",
    "enrol",
    "ensure_here",
    "last_seen",
    "line",
    "line_for",
    "meter_interval_s",
    "owned_cluster",
    "pause",
    "purge_after",
    "queue",
    "remove",
    "remove_line",
    "resume",
    "seen_by",
    "share",
    "shares",
    "sightings_since",
    "unshare",
    "unwatch",
    "watch",
]
