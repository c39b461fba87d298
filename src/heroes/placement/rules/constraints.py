"""Hard constraints: a place that cannot run something is discarded, with the reason and the cure."""

import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from heroes.placement.rules.needs import ClusterView, Discard, Need, QueueView, walltime_bound

SILENCE = timedelta(minutes=5)
"""A line is asked every half minute; ten questions without an answer are an outage. Before that a job just waits."""

_GIB = 2**30


def constrain(need: Need, cluster: ClusterView, queue: QueueView | None, *, now: datetime) -> Discard | None:
    """Return why this queue cannot run it, or None."""
    found = standing(cluster, now=now)
    if found is not None:
        return found
    if queue is None:
        reason = f"No queue of {cluster.name} has been seen yet."
        return Discard("no_queue", reason, f"Wait for its first sighting, or run `{_check(cluster)}`.", whole=True)
    return next((one for rule in _RULES if (one := rule(need, cluster, queue)) is not None), None)


def standing(cluster: ClusterView, *, now: datetime) -> Discard | None:
    """Return why a cluster takes no job at all now, or None."""
    match cluster.state:
        case "PAUSED":
            cure = f"Its administrator resumes it with `heroes cluster resume {cluster.name}`."
            return Discard("paused", f"{cluster.name} is paused: it takes no new jobs.", cure, whole=True)
        case "STOPPED_HOST_KEY":
            reason = f"{cluster.name} shows another host key than the pinned one, so all use of it has stopped."
            cure = (
                "Its administrator compares the new key with the one that the site publishes, then approves it with "
                f"`heroes cluster approve-key {cluster.name}`, or keeps it stopped."
            )
            return Discard("host_key_changed", reason, cure, whole=True)
        case "ENROLLING":
            reason = f"{cluster.name} is being enrolled: its compliance check has not passed yet."
            cure = f"Run the compliance check, `{_check(cluster)}`, and cure what it names."
            return Discard("enrolling", reason, cure, whole=True)
        case "READY":
            return _heard(cluster, now)
    return Discard("not_ready", f"{cluster.name} is {cluster.state.lower()}.", "Choose another cluster.", whole=True)


def _heard(cluster: ClusterView, now: datetime) -> Discard | None:
    line = cluster.line
    if line is None:
        reason = f"Your organization has no account on {cluster.name}."
        cure = (
            f"Its administrator adds one with `heroes cluster add-account {cluster.name} --account USER`, or its "
            f"provider opens theirs to you with `heroes cluster share {cluster.name} ORGANIZATION --account`."
        )
        return Discard("no_account", reason, cure, whole=True)
    why = (line.trouble or "").strip()
    facts: dict[str, Any] = {"trouble": why, "why": dict(line.trouble_why) if line.trouble_why else None}
    if line.state == "STOPPED":
        cure = "Its administrator cures what the reason names, then checks the cluster again."
        said = why or f"The account on {cluster.name} is stopped."
        return Discard("stopped", said, cure, whole=True, facts=facts)
    cure = f"Wait until it answers; if it stays silent, its administrator runs `{_check(cluster)}`."
    if line.last_heard_at is None:
        said = why or f"{cluster.name} was never heard from."
        return Discard("never_heard", said, cure, whole=True, facts=facts)
    if now - line.last_heard_at > SILENCE:
        since = f"Not heard from since {line.last_heard_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC."
        facts["since"] = line.last_heard_at.isoformat()
        return Discard("not_heard_from", f"{cluster.name}: {why or since}", cure, whole=True, facts=facts)
    return None


def _pinned(need: Need, cluster: ClusterView, queue: QueueView) -> Discard | None:
    if need.pinned_cluster not in {None, cluster.name, cluster.id}:
        reason = f"Step {need.step} is bound to {need.pinned_cluster}."
        facts = {"step": need.step, "bound": need.pinned_cluster}
        return Discard("pinned", reason, "Change the parameter or choice that binds it.", whole=True, facts=facts)
    if need.pinned_queue not in {None, queue.name, queue.id}:
        reason = f"Step {need.step} is bound to the queue {need.pinned_queue}."
        facts = {"step": need.step, "queue": need.pinned_queue}
        return Discard("pinned", reason, "Change the parameter or choice that binds it.", facts=facts)
    return None


def _tied(need: Need, cluster: ClusterView, queue: QueueView) -> Discard | None:
    if need.same_clusters is not None and cluster.id not in need.same_clusters:
        reason = f"Step {need.step} runs where step {need.same_as} runs, and that is not {cluster.name}."
        cure = "Wait until the cluster of that step takes it, or take `same_as` out of the workflow."
        facts = {"step": need.step, "same_as": need.same_as}
        return Discard("tied", reason, cure, whole=True, facts=facts)
    if cluster.id in need.not_clusters:
        reason = f"Step {need.step} must not run where step {need.not_same_as} ran, and that was {cluster.name}."
        cure = "Get an account on another cluster that can run it, or take `not_same_as` out of the workflow."
        facts = {"step": need.step, "not_same_as": need.not_same_as}
        return Discard("tied", reason, cure, whole=True, facts=facts)
    return None


def is_open(queue: QueueView) -> bool:
    """Say whether a queue starts jobs, whatever they need."""
    return queue.state.upper() == "UP"


def _open(need: Need, cluster: ClusterView, queue: QueueView) -> Discard | None:
    if not is_open(queue):
        cure = "Wait until the site opens it again, or choose another queue."
        return Discard("queue_closed", f"The queue {queue.name} is {queue.state.lower()}.", cure)
    account = cluster.line.batch_account if cluster.line else None
    if queue.accounts is not None and account is not None and account not in queue.accounts:
        cure = f"Ask the site to admit it, or use one of: {', '.join(queue.accounts) or 'none'}."
        said = f"The queue {queue.name} does not admit the account {account}."
        facts = {"account": account, "accounts": queue.accounts}
        return Discard("account_not_admitted", said, cure, facts=facts)
    return None


def _nodes(need: Need, cluster: ClusterView, queue: QueueView) -> Discard | None:
    facts = {"step": need.step, "asked": need.nodes}
    asked = f"Step {need.step} asks for {need.nodes} node{'s' if need.nodes > 1 else ''}"
    if queue.max_nodes is not None and need.nodes > queue.max_nodes:
        reason = f"{asked}; the queue {queue.name} allows {queue.max_nodes} a job."
        facts["allowed"] = queue.max_nodes
        return Discard("too_many_nodes", reason, f"Ask for at most {queue.max_nodes} nodes.", facts=facts)
    if need.nodes > queue.nodes_total:
        reason = f"{asked}; the queue {queue.name} has {queue.nodes_total}."
        facts["there"] = queue.nodes_total
        return Discard("too_many_nodes", reason, f"Ask for at most {queue.nodes_total} nodes.", facts=facts)
    working = queue.nodes_total - queue.down_nodes
    if need.nodes > working:
        reason = f"{asked}; {queue.down_nodes} of the {queue.nodes_total} nodes of {queue.name} have failed."
        cure = "Wait until the site has mended them, or ask for fewer nodes."
        facts |= {"down": queue.down_nodes, "there": queue.nodes_total}
        return Discard("nodes_failed", reason, cure, facts=facts)
    return None


def _cores(need: Need, cluster: ClusterView, queue: QueueView) -> Discard | None:
    per_node = math.ceil(need.charged_cores / need.nodes)
    if per_node <= queue.cores_per_node:
        return None
    reason = f"Step {need.step} asks for {per_node} cores a node; nodes of {queue.name} have {queue.cores_per_node}."
    cure = f"Ask for at most {queue.cores_per_node} cores a node, or for more nodes."
    facts = {"step": need.step, "asked": per_node, "there": queue.cores_per_node}
    return Discard("too_many_cores", reason, cure, facts=facts)


def _memory(need: Need, cluster: ClusterView, queue: QueueView) -> Discard | None:
    there = queue.memory_bytes_per_node or queue.facts.get("memory_bytes") or None
    if need.memory_bytes is None or there is None or need.memory_bytes <= there:
        return None  # where the site does not tell its memory, its own batch system decides
    reason = f"Step {need.step} asks for {_gib(need.memory_bytes)} a node; nodes of {queue.name} have {_gib(there)}."
    cure = f"Ask for at most {_gib(there)} a node, or spread it over more nodes."
    facts = {"step": need.step, "asked": need.memory_bytes, "there": there}
    return Discard("too_much_memory", reason, cure, facts=facts)


def _gpus(need: Need, cluster: ClusterView, queue: QueueView) -> Discard | None:
    per_node = math.ceil(need.gpus / need.nodes)
    if per_node <= queue.gpus_per_node:
        return None
    reason = f"Step {need.step} asks for {per_node} GPUs a node; nodes of {queue.name} have {queue.gpus_per_node}."
    facts = {"step": need.step, "asked": per_node, "there": queue.gpus_per_node}
    return Discard("too_few_gpus", reason, "Ask for fewer GPUs, or choose a queue with GPU nodes.", facts=facts)


def _walltime(need: Need, cluster: ClusterView, queue: QueueView) -> Discard | None:
    if walltime_bound(need, queue) is None:
        reason = f"Step {need.step} asks for no walltime, and {queue.name} has no limit: its cost has no bound."
        return Discard("no_walltime", reason, "Ask for a walltime.", facts={"step": need.step})
    if need.walltime_s is None or queue.max_walltime_s is None or need.walltime_s <= queue.max_walltime_s:
        return None
    limit = _hms(queue.max_walltime_s)
    reason = f"Step {need.step} asks for {_hms(need.walltime_s)} of walltime; the queue {queue.name} allows {limit}."
    cure = f"Ask for at most {limit}, or choose a queue with a longer limit."
    facts = {"step": need.step, "asked_s": need.walltime_s, "limit_s": queue.max_walltime_s}
    return Discard("walltime_too_long", reason, cure, facts=facts)


def _facts(need: Need, cluster: ClusterView, queue: QueueView) -> Discard | None:
    if not (need.software or need.commands or need.containers):
        return None
    wanted = (
        ("software", "the software", need.software),
        ("commands", "the command", need.commands),
        ("containers", "the container runtime", need.containers),
    )
    if not queue.facts:
        reason = f"What the nodes of {cluster.name}/{queue.name} offer is not known: they were never checked."
        return Discard("not_checked", reason, f"Run the compliance check: `{_check(cluster)}`.")
    for kind, words, names in wanted:
        missing = _missing(names, queue.facts.get(kind) or ())
        if missing:
            reason = f"Step {need.step} needs {words} {', '.join(missing)}, which {cluster.name}/{queue.name} lacks."
            cure = f"Choose a cluster that has it, or ask the site to install it and then run `{_check(cluster)}`."
            return Discard(f"no_{kind}", reason, cure, facts={"step": need.step, "missing": missing})
    return None


def _missing(names: Iterable[str], there: Iterable[str]) -> list[str]:
    present = set(there)
    return [name for name in names if name not in present]


def _check(cluster: ClusterView) -> str:
    return f"heroes cluster test {cluster.name}"


def _gib(size: int) -> str:
    return f"{size / _GIB:.3g} GiB"


def _hms(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


_Rule = Callable[[Need, ClusterView, QueueView], Discard | None]
_RULES: tuple[_Rule, ...] = (_pinned, _tied, _open, _nodes, _cores, _memory, _gpus, _walltime, _facts)
