"""The tables of clusters. A cluster's rows are seen by its owner and by those it is granted to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from heroes.kit.db import Base, Tenant, Timestamps
from heroes.kit.lifecycle import register, removing
from heroes.kit.schema import register_functions
from heroes.kit.secrets import SecretRow
from heroes.kit.work import Durable

_EMPTY_MAP = text("'{}'")
_EMPTY_LIST = text("'[]'")


class Cluster(Tenant, Timestamps, Base):
    """A centre, or this machine. `organization_id` is its provider."""

    __tablename__ = "clusters"
    __shared__ = ("cluster", "id")
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="", server_default="")
    kind: Mapped[str]
    state: Mapped[str]
    before_stop: Mapped[str | None]  # the state to return to when a changed host key is approved
    host: Mapped[str | None]
    port: Mapped[int | None]
    jump: Mapped[dict[str, Any] | None]  # {host, port, account, host_key}
    api: Mapped[dict[str, Any] | None]  # of a site reached by HTTP in place of SSH: {url, system, token_url}
    host_key: Mapped[str | None]  # pinned: "ssh-ed25519 AAAA…"
    offered_host_key: Mapped[str | None]  # seen, not approved
    location: Mapped[str | None]  # ISO 3166 country or region, for the carbon of its power
    job_root: Mapped[str]  # may start with ~ or hold $HOME, $USER, $SCRATCH, $WORK
    folder_mode: Mapped[int] = mapped_column(default=0o700, server_default=text("448"))
    purge_days: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=_EMPTY_MAP)
    verdict: Mapped[str | None]  # of the last compliance check
    checked_at: Mapped[datetime | None]


class Queue(Tenant, Timestamps, Base):
    """A queue of a cluster: its limits, what its nodes offer, and how full it was when last seen."""

    __tablename__ = "queues"
    __shared__ = ("cluster", "cluster_id")
    __table_args__ = (UniqueConstraint("cluster_id", "name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    cluster_id: Mapped[str] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"))
    name: Mapped[str]
    state: Mapped[str]  # UP DOWN DRAIN INACTIVE, or GONE when the site no longer names it
    is_default: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    nodes_total: Mapped[int]
    nodes_free: Mapped[int]
    down_nodes: Mapped[int]
    cores_per_node: Mapped[int]
    cores_total: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    cores_free: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    memory_bytes_per_node: Mapped[int | None]
    gpus_per_node: Mapped[int]
    max_walltime_s: Mapped[int | None]
    default_walltime_s: Mapped[int | None]
    max_nodes: Mapped[int | None]
    accounts: Mapped[list[str] | None]
    pending_jobs: Mapped[int]
    running_jobs: Mapped[int]
    sighted_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default=_EMPTY_MAP
    )  # from its probe; {} = unknown
    probed_at: Mapped[datetime | None]


class Sighting(Tenant, Base):
    """How full a queue was. Kept when it differs from the one before, for a bounded time."""

    __tablename__ = "sightings"
    __shared__ = ("cluster", "cluster_id")
    __table_args__ = (Index("ix_sightings_queue_at", "queue_id", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    cluster_id: Mapped[str] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    queue_id: Mapped[str] = mapped_column(ForeignKey("queues.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"))
    state: Mapped[str]
    nodes_total: Mapped[int]
    nodes_free: Mapped[int]
    down_nodes: Mapped[int]
    cores_free: Mapped[int]
    pending_jobs: Mapped[int]
    running_jobs: Mapped[int]


class Line(Durable, Tenant, Timestamps, Base):
    """One account on one cluster. Its owner process holds the only connection; `epoch` is the fence of that."""

    __tablename__ = "lines"
    __shared__ = ("line", "id")

    id: Mapped[str] = mapped_column(primary_key=True)
    cluster_id: Mapped[str] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    account: Mapped[str]  # user name at the site
    batch_account: Mapped[str | None]  # what the scheduler charges
    auth: Mapped[str]
    secret_id: Mapped[str | None]  # private key, certificate and passphrase, or password: JSON in the secret store
    credential_id: Mapped[str | None] = mapped_column(ForeignKey("credentials.id"))  # a key pair of a user, instead
    public_key: Mapped[str | None]
    shared_with_consent: Mapped[str | None]  # why other organizations may use this account, and who agreed
    machine_id: Mapped[str | None]  # of a local line: only this host may own it
    boot_id: Mapped[str | None]  # of a local line: the boot its process ids belong to
    root: Mapped[str | None]  # the job folder root as it is at the site, absolute
    state: Mapped[str]
    trouble: Mapped[str | None]  # in plain words
    trouble_why: Mapped[dict[str, Any] | None]  # the same by code and facts, see `rules.told`
    banner: Mapped[str | None]
    sources: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default=_EMPTY_MAP
    )  # source → why it is silent
    owner: Mapped[str | None]
    owned_until: Mapped[datetime | None]
    epoch: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    connected_at: Mapped[datetime | None]
    last_heard_at: Mapped[datetime | None]
    sighted_at: Mapped[datetime | None]
    watched_at: Mapped[datetime | None]


class Watch(Tenant, Timestamps, Base):
    """A job at a site that somebody waits for. `job` is what was last seen of it, never a guess."""

    __tablename__ = "watches"
    __table_args__ = (
        Index("ix_watches_active", "line_id", postgresql_where=text("active")),
        Index("ix_watches_waiter", "waiter_table", "waiter_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    line_id: Mapped[str] = mapped_column(ForeignKey("lines.id", ondelete="CASCADE"))
    token: Mapped[str]
    site_id: Mapped[str]
    index: Mapped[int | None]
    job: Mapped[dict[str, Any] | None]
    changed_at: Mapped[datetime | None]
    waiter_table: Mapped[str]
    waiter_id: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))


class UsageSamples(Tenant, Base):
    """What a job used while it ran, by intervals. It outlives the watch and the account by which it was seen."""

    __tablename__ = "usage_samples"
    __table_args__ = (Index("ix_usage_samples_token", "token", "index"),)

    watch_id: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str]
    index: Mapped[int | None]
    read_at: Mapped[datetime]
    counters: Mapped[dict[str, Any]]
    """as they were read last: {cpu_s, energy_j}, part → value"""
    every_s: Mapped[int]
    """the shortest interval that is kept apart"""
    intervals: Mapped[list[Any]] = mapped_column(default=list, server_default=_EMPTY_LIST)
    """[end (s since 1970), length (s), cpu_s, energy_j, memory_bytes]: null is "not known", never zero"""
    energy_source: Mapped[str | None]


class Report(Durable, Tenant, Timestamps, Base):
    """One compliance check, while it goes on and after."""

    __tablename__ = "reports"
    __shared__ = ("cluster", "cluster_id")

    id: Mapped[str] = mapped_column(primary_key=True)
    cluster_id: Mapped[str] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    line_id: Mapped[str] = mapped_column(ForeignKey("lines.id", ondelete="CASCADE"))
    state: Mapped[str]
    verdict: Mapped[str | None]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=_EMPTY_LIST)
    probes: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default=_EMPTY_MAP
    )  # queue → token, site id, state
    patience_s: Mapped[int] = mapped_column(default=600, server_default=text("600"))
    requested_by: Mapped[str | None]
    finished_at: Mapped[datetime | None]


register(removing("clusters", (UsageSamples, Watch, Sighting, Report, Queue, Line, Cluster, SecretRow)))

register_functions("""
CREATE OR REPLACE FUNCTION heroes_organization_id(p_name text) RETURNS text LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT id FROM organizations
   WHERE (id = p_name OR name = p_name) AND status NOT IN ('DELETE_IN_PROGRESS', 'DELETED')
$$;
CREATE OR REPLACE FUNCTION heroes_guest_names() RETURNS TABLE (id text, name text) LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT o.id, o.name FROM organizations o WHERE o.id IN
   (SELECT g.grantee_id FROM grants g
     WHERE g.organization_id = heroes_organization() AND g.grantee_type = 'organization')
$$;
CREATE OR REPLACE FUNCTION heroes_followed(p_cluster text)
RETURNS TABLE (line_id text, organization_id text, jobs bigint) LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT l.id, w.organization_id, count(*)
    FROM watches w JOIN lines l ON l.id = w.line_id JOIN clusters c ON c.id = l.cluster_id
   WHERE c.id = p_cluster AND w.active AND heroes_organization() IN (c.organization_id, l.organization_id)
   GROUP BY l.id, w.organization_id
$$;
REVOKE ALL ON FUNCTION heroes_organization_id(text), heroes_guest_names(), heroes_followed(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION heroes_organization_id(text), heroes_guest_names(), heroes_followed(text) TO {app}, {worker};
DROP FUNCTION IF EXISTS heroes_followed_jobs(text);
""")
