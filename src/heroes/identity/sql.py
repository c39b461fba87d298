"""The only questions answered before an organization is known, and those of the platform's own organization.

Each runs as the owner with a pinned search_path, is open to the two logins alone, and tells of one person at most.
"""

from heroes.kit.schema import register_functions

_HEAD = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

_PERSON = """
CREATE OR REPLACE FUNCTION heroes_person(p_user text) RETURNS jsonb LANGUAGE sql STABLE {definer} AS $$
  SELECT jsonb_build_object(
    'user_id', u.id, 'username', u.username, 'email', u.email, 'first_name', u.first_name, 'last_name', u.last_name,
    'email_verified', u.email_verified, 'password_one_time', u.password_one_time AND NOT u.service,
    'organization_id', o.id, 'organization', o.name, 'platform', o.platform, 'allowed_sources', o.allowed_sources,
    'assignments', (SELECT coalesce(jsonb_agg(jsonb_build_array(a.role, a.project_id) ORDER BY a.id), '[]')
                      FROM assignments a WHERE a.user_id = u.id
                       AND NOT EXISTS (SELECT FROM projects p WHERE p.id = a.project_id AND p.leaving)),
    'projects', (SELECT coalesce(jsonb_object_agg(p.id, p.name), '{}') FROM projects p
                  WHERE p.organization_id = o.id AND NOT p.leaving
                    AND p.id IN (SELECT a.project_id FROM assignments a WHERE a.user_id = u.id)),
    'custom', (SELECT coalesce(jsonb_object_agg(r.name, r.actions), '{}') FROM roles r
                WHERE r.organization_id = o.id))
  FROM users u JOIN organizations o ON o.id = u.organization_id
  WHERE u.id = p_user AND u.enabled AND NOT u.leaving AND o.status = 'CREATE_COMPLETE'
$$;
"""

_LOGIN = """
CREATE OR REPLACE FUNCTION heroes_login(p_organization text, p_username text)
RETURNS TABLE (user_id text, organization_id text, password_hash text, usable boolean)
LANGUAGE sql STABLE {definer} AS $$
  SELECT u.id, o.id, u.password_hash,
         NOT u.password_one_time OR u.password_expires_at IS NULL OR u.password_expires_at > heroes_now()
  FROM users u JOIN organizations o ON o.id = u.organization_id
  WHERE o.name = p_organization AND u.username = p_username AND o.status = 'CREATE_COMPLETE'
    AND u.enabled AND NOT u.leaving AND NOT u.service
$$;
"""

# Whether somebody has entered this account from this address lately: many guessers elsewhere do not hold that one up.
_FAMILIAR = """
CREATE OR REPLACE FUNCTION heroes_familiar(p_organization text, p_username text, p_source text) RETURNS boolean
LANGUAGE sql STABLE {definer} AS $$
  SELECT EXISTS (SELECT FROM users u JOIN organizations o ON o.id = u.organization_id
                 JOIN sessions s ON s.user_id = u.id AND s.source = p_source
                 WHERE o.name = p_organization AND u.username = p_username)
$$;
"""

# The row is touched at most once a minute, so that reading does not become writing.
_SESSION = """
CREATE OR REPLACE FUNCTION heroes_session(p_session text, p_idle interval) RETURNS jsonb
LANGUAGE plpgsql {definer} AS $$
DECLARE s sessions;
BEGIN
  SELECT * INTO s FROM sessions WHERE id = p_session AND ended_at IS NULL
     AND expires_at > heroes_now() AND seen_at > heroes_now() - p_idle;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF s.seen_at < heroes_now() - interval '1 minute' THEN
    UPDATE sessions SET seen_at = heroes_now() WHERE id = s.id;
  END IF;
  RETURN heroes_person(s.user_id) || heroes_scope(s);
END $$;
"""

# What a program may at most that was let in by OAuth 2; nothing for our own entrance.
_SCOPE = """
CREATE OR REPLACE FUNCTION heroes_scope(s sessions) RETURNS jsonb LANGUAGE sql STABLE {definer} AS $$
  SELECT CASE WHEN s.client_id IS NULL OR s.client_id = 'heroes-cli' THEN '{}'::jsonb
         ELSE jsonb_build_object('token_id', s.client_id, 'token_actions', s.actions, 'token_projects', s.projects) END
$$;
CREATE OR REPLACE FUNCTION heroes_client(p_id text) RETURNS jsonb LANGUAGE sql STABLE {definer} AS $$
  SELECT to_jsonb(c) FROM clients c JOIN organizations o ON o.id = c.organization_id
   WHERE c.id = p_id AND c.revoked_at IS NULL AND o.status = 'CREATE_COMPLETE'
$$;
"""

_TOKEN = """
CREATE OR REPLACE FUNCTION heroes_token(p_hash text) RETURNS jsonb LANGUAGE plpgsql {definer} AS $$
DECLARE t tokens;
BEGIN
  SELECT * INTO t FROM tokens WHERE hash = p_hash AND revoked_at IS NULL
     AND (expires_at IS NULL OR expires_at > heroes_now());
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF t.used_at IS NULL OR t.used_at < heroes_now() - interval '1 minute' THEN
    UPDATE tokens SET used_at = heroes_now() WHERE id = t.id;
  END IF;
  RETURN heroes_person(t.user_id)
      || jsonb_build_object('token_id', t.id, 'token_actions', t.actions, 'token_projects', t.projects);
END $$;
"""

# A login whose password was right: its attempts are forgotten, and all that a session consists of is written at once.
# With one of twenty, the user's sessions that ended long ago go.
_ENTER = """
CREATE OR REPLACE FUNCTION heroes_open_session(
  p_id text, p_organization text, p_user text, p_refresh text, p_source text, p_longest interval, p_client jsonb)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF random() < 0.05 THEN
    DELETE FROM sessions WHERE user_id = p_user
       AND least(ended_at, expires_at) < heroes_now() - interval '7 days';
  END IF;
  INSERT INTO sessions (id, organization_id, user_id, expires_at, source, client_id, actions, projects)
  VALUES (p_id, p_organization, p_user, heroes_now() + p_longest, p_source, p_client ->> 'id',
          nullif(p_client -> 'actions', 'null'), nullif(p_client -> 'projects', 'null'));
  INSERT INTO refresh_tokens (id, organization_id, session_id) VALUES (p_refresh, p_organization, p_id);
END $$;
CREATE OR REPLACE FUNCTION heroes_enter(
  p_user text, p_session text, p_refresh text, p_source text, p_longest interval, p_attempts text[], p_audit text)
RETURNS jsonb LANGUAGE plpgsql {definer} AS $$
DECLARE person jsonb := heroes_person(p_user);
BEGIN
  PERFORM heroes_throttle_forget(attempt) FROM unnest(p_attempts) attempt;
  IF person IS NULL THEN RETURN NULL; END IF;
  PERFORM heroes_open_session(
    p_session, person ->> 'organization_id', p_user, p_refresh, p_source, p_longest, NULL);
  INSERT INTO audit_events (id, organization_id, actor_id, action, object_type, object_id, facts)
  VALUES (p_audit, person ->> 'organization_id', p_user, 'session.started', 'sessions', p_session, '{}');
  RETURN person;
END $$;
"""

# Two calls with the same token within 10 s are one impatient client; later, the token was stolen and the session ends.
_REFRESH = """
DROP FUNCTION IF EXISTS heroes_refresh(text, text, interval);
CREATE OR REPLACE FUNCTION heroes_refresh(p_hash text, p_new text, p_idle interval, p_client text) RETURNS jsonb
LANGUAGE plpgsql {definer} AS $$
DECLARE r refresh_tokens; s sessions;
BEGIN
  SELECT * INTO r FROM refresh_tokens WHERE id = p_hash FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  SELECT * INTO s FROM sessions WHERE id = r.session_id AND ended_at IS NULL
     AND expires_at > heroes_now() AND seen_at > heroes_now() - p_idle FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF coalesce(s.client_id, 'heroes-cli') <> coalesce(p_client, 'heroes-cli') THEN RETURN NULL; END IF;
  IF r.used_at < heroes_now() - interval '10 seconds' THEN
    UPDATE sessions SET ended_at = heroes_now(), ended_why = 'refresh token used twice' WHERE id = s.id;
    RETURN NULL;
  END IF;
  UPDATE refresh_tokens SET used_at = coalesce(used_at, heroes_now()) WHERE id = p_hash;
  INSERT INTO refresh_tokens (id, organization_id, session_id) VALUES (p_new, s.organization_id, s.id);
  UPDATE sessions SET seen_at = heroes_now() WHERE id = s.id;
  RETURN heroes_person(s.user_id) || heroes_scope(s) || jsonb_build_object('session_id', s.id);
END $$;
CREATE OR REPLACE FUNCTION heroes_logout(p_hash text) RETURNS void LANGUAGE sql {definer} AS $$
  UPDATE sessions SET ended_at = heroes_now(), ended_why = 'logout'
   WHERE ended_at IS NULL AND id = (SELECT session_id FROM refresh_tokens WHERE id = p_hash)
$$;
"""

# A bucket of p_burst tokens that fills at p_rate a second; takes one and returns 0, or returns the seconds to wait.
_THROTTLE = """
CREATE OR REPLACE FUNCTION heroes_throttle(p_key text, p_rate double precision, p_burst double precision)
RETURNS double precision LANGUAGE plpgsql {definer} AS $$
DECLARE filled double precision; moment timestamptz := clock_timestamp() + (heroes_now() - now());
BEGIN
  INSERT INTO login_throttle (id, tokens, at) VALUES (p_key, p_burst, moment) ON CONFLICT (id) DO NOTHING;
  SELECT least(p_burst, tokens + p_rate * greatest(0, extract(epoch FROM moment - at))) INTO filled
    FROM login_throttle WHERE id = p_key FOR UPDATE;
  IF filled IS NULL THEN filled := p_burst; END IF;
  IF filled < 1 THEN
    UPDATE login_throttle SET tokens = filled, at = moment WHERE id = p_key;
    RETURN (1 - filled) / p_rate;
  END IF;
  UPDATE login_throttle SET tokens = filled - 1, at = moment WHERE id = p_key;
  IF random() < 0.01 THEN DELETE FROM login_throttle WHERE at < moment - interval '1 hour'; END IF;
  RETURN 0;
END $$;
CREATE OR REPLACE FUNCTION heroes_throttle_forget(p_key text) RETURNS void LANGUAGE sql {definer} AS $$
  DELETE FROM login_throttle WHERE id = p_key
$$;
"""

_OPERATES = "EXISTS (SELECT 1 FROM organizations mine WHERE mine.id = heroes_organization() AND mine.platform)"

_ORGANIZATIONS = """
CREATE OR REPLACE FUNCTION heroes_organizations() RETURNS SETOF organizations LANGUAGE sql STABLE {definer} AS $$
  SELECT * FROM organizations WHERE {operates} AND status <> 'DELETED'
$$;
CREATE OR REPLACE FUNCTION heroes_organization_create(p_id text, p_name text, p_title text, p_email text, p_hash text)
RETURNS SETOF organizations LANGUAGE sql {definer} AS $$
  INSERT INTO organizations (id, name, title, first_admin_email, first_admin_hash, due_at)
  SELECT p_id, p_name, p_title, p_email, p_hash, heroes_now() WHERE {operates}
  ON CONFLICT (name) DO NOTHING RETURNING *
$$;
CREATE OR REPLACE FUNCTION heroes_organization_delete(p_id text) RETURNS SETOF organizations
LANGUAGE sql {definer} AS $$
  UPDATE organizations SET status = 'DELETE_IN_PROGRESS', wakes = wakes + 1,
         due_at = CASE WHEN lease_owner IS NULL THEN heroes_now() ELSE due_at END
   WHERE id = p_id AND NOT platform AND status <> 'DELETED' AND {operates} RETURNING *
$$;
CREATE OR REPLACE FUNCTION heroes_organization_change(p_id text, p_title text, p_enabled boolean)
RETURNS SETOF organizations LANGUAGE sql {definer} AS $$
  UPDATE organizations SET title = coalesce(p_title, title), updated_at = heroes_now(),
         status = CASE WHEN p_enabled THEN 'CREATE_COMPLETE' WHEN NOT p_enabled THEN 'DISABLED' ELSE status END
   WHERE id = p_id AND NOT (platform AND p_enabled IS FALSE) AND status IN ('CREATE_COMPLETE', 'DISABLED')
     AND {operates} RETURNING *
$$;
"""

_NAMES = (
    "heroes_person(text)",
    "heroes_login(text, text)",
    "heroes_familiar(text, text, text)",
    "heroes_session(text, interval)",
    "heroes_token(text)",
    "heroes_scope(sessions)",
    "heroes_client(text)",
    "heroes_open_session(text, text, text, text, text, interval, jsonb)",
    "heroes_enter(text, text, text, text, interval, text[], text)",
    "heroes_refresh(text, text, interval, text)",
    "heroes_logout(text)",
    "heroes_throttle(text, double precision, double precision)",
    "heroes_throttle_forget(text)",
    "heroes_organizations()",
    "heroes_organization_create(text, text, text, text, text)",
    "heroes_organization_delete(text)",
    "heroes_organization_change(text, text, boolean)",
)
_INNER = ("heroes_person(text)", "heroes_scope(sessions)")  # called by the others only

for _sql in (_PERSON, _LOGIN, _FAMILIAR, _SCOPE, _SESSION, _TOKEN, _ENTER, _REFRESH, _THROTTLE, _ORGANIZATIONS):
    register_functions(_sql.replace("{definer}", _HEAD).replace("{operates}", _OPERATES))
register_functions(
    "".join(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC;\n" for name in _NAMES)
    + "".join(f"GRANT EXECUTE ON FUNCTION {name} TO {{app}}, {{worker}};\n" for name in _NAMES if name not in _INNER)
    + "REVOKE ALL ON login_throttle, auth_requests FROM {app};\n"
)
