"""What surrounds the tables: functions first, then row-level security and grants, derived from the models each time.

Migrations change tables; this reconciles everything else, so that no new table can be forgotten.
"""

from sqlalchemy import Connection, text

from heroes.kit.db import Base

_PRELUDE = """
CREATE TABLE IF NOT EXISTS heroes_clock (one boolean PRIMARY KEY DEFAULT true CHECK (one), shift interval NOT NULL);
INSERT INTO heroes_clock (shift) VALUES ('0') ON CONFLICT DO NOTHING;
CREATE OR REPLACE FUNCTION heroes_now() RETURNS timestamptz LANGUAGE sql STABLE
  SET search_path = pg_catalog, public AS
  $$ SELECT now() + (SELECT shift FROM public.heroes_clock) $$;
CREATE OR REPLACE FUNCTION heroes_organization() RETURNS text LANGUAGE sql STABLE AS
  $$ SELECT nullif(current_setting('heroes.organization', true), '') $$;
"""

_functions: list[str] = []


def register_functions(sql: str) -> None:
    """Add SQL (`CREATE OR REPLACE …`) that runs after each migration; `{app}` and `{worker}` name the logins."""
    if sql not in _functions:
        _functions.append(sql)


def prepare(connection: Connection) -> None:
    """Make what column defaults rest on; as the owner, before the migrations."""
    connection.execute(text(_PRELUDE))


def reconcile(connection: Connection, *, app: str, worker: str) -> None:
    """Give each login its rights and each table its row-level security; as the owner, after the migrations."""
    connection.execute(text(f'GRANT USAGE ON SCHEMA public TO "{app}", "{worker}"'))
    connection.execute(text(f'GRANT SELECT ON heroes_clock TO "{app}", "{worker}"'))
    connection.execute(text(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{app}", "{worker}"'))
    for mapper in Base.registry.mappers:
        for statement in _protection(mapper.class_, app, worker):
            connection.execute(text(statement))
    for sql in _functions:
        connection.exec_driver_sql(sql.replace("{app}", f'"{app}"').replace("{worker}", f'"{worker}"'))


def _protection(model: type[Base], app: str, worker: str) -> list[str]:
    table = model.__table__.name  # type: ignore[attr-defined]
    statements = [
        f'REVOKE ALL ON {table} FROM "{app}", "{worker}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO "{worker}"',
    ]
    if model.__platform__:
        rights = "SELECT, INSERT, UPDATE, DELETE" if model.__app_writes__ else "SELECT"
        return [*statements, f'GRANT {rights} ON {table} TO "{app}"']
    if not ("organization_id" in model.__table__.c or table == "organizations"):
        raise TypeError(f"{model.__name__} is neither a Tenant nor __platform__: say whose rows these are.")
    own = ("id" if table == "organizations" else "organization_id") + " = (SELECT heroes_organization())"
    readable = " OR ".join(filter(None, [own, _shared(model), model.__readable__]))
    return [
        *statements,
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO "{app}"',
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        *(f"DROP POLICY IF EXISTS {name} ON {table}" for name in ("own", "readable", "worker")),
        f'CREATE POLICY own ON {table} TO "{app}" USING ({own}) WITH CHECK ({own})',
        f'CREATE POLICY readable ON {table} FOR SELECT TO "{app}" USING ({readable})',
        f'CREATE POLICY worker ON {table} TO "{worker}" USING (true) WITH CHECK (true)',
    ]


def _shared(model: type[Base]) -> str | None:
    if model.__shared__ is None:
        return None
    kind, column = model.__shared__
    table = model.__table__.name  # type: ignore[attr-defined]
    return (  # names come from our own models, not from users
        f"EXISTS (SELECT 1 FROM grants g WHERE g.object_type = '{kind}' AND g.object_id = {table}.{column}"  # noqa: S608
        f" AND g.organization_id = {table}.organization_id"  # only the owner opens what is its own
        " AND (g.grantee_type = 'everyone' OR g.grantee_organization_id = (SELECT heroes_organization())))"
    )
