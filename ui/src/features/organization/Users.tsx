import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { api, told } from '@/api/client';
import { projectsQuery, useNames, usersQuery } from '@/api/people';
import { may, useMe } from '@/api/session';
import { CopyAs } from '@/components/CopyAs';
import { copies } from '@/components/copies';
import { DataTable, Pager } from '@/components/DataTable';
import { Dialog, Question } from '@/components/Dialog';
import { done } from '@/components/Done';
import { Day } from '@/components/Exact';
import { FormDialog, type Values } from '@/components/FormDialog';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Menu } from '@/components/Menu';
import { OnceShown } from '@/components/OnceShown';
import { Failure } from '@/components/Note';
import { roleTitle } from '@/components/roles';
import { Chip, Status } from '@/components/Status';
import { useWords } from '@/i18n';
import { Leaves } from './Leaves';
import { assign, assignmentsQuery, changed, changeUser, leftByUserQuery, once, PAGE, rolesQuery, unassign, usersPageQuery, type Assignment, type User } from './queries';
import { words } from './words';

const ROUTE = '/o/$org/organization/{-$tab}';
type Asked = { what: 'edit' | 'disable' | 'delete' | 'roles'; user: User };

export function Users() {
  const w = useWords(words);
  const me = useMe();
  const client = useQueryClient();
  const { q, after } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const query = useQuery(usersPageQuery(q, after));
  const held = useQuery(assignmentsQuery).data?.rows ?? [];
  const [inviting, setInviting] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [secret, setSecret] = useState<{ name: string; secret: string } | null>(null);
  const manages = may(me, 'user.manage');
  const find = (typed: string) => void navigate({ search: (old) => ({ ...old, q: typed || undefined, after: undefined }), replace: true });
  const enable = async (user: User) => {
    await changeUser(user.id, { enabled: true });
    changed(client);
    done(w.enabledIt(user.username), () => changeUser(user.id, { enabled: false }).then(() => changed(client)));
  };
  const choices = (user: User) => [
    ...(may(me, 'role.manage') ? [{ key: 'roles', label: w.roles, act: () => setAsked({ what: 'roles', user }) }] : []),
    ...(manages
      ? [
          { key: 'edit', label: w.edit, act: () => setAsked({ what: 'edit', user }) },
          user.enabled ? { key: 'disable', label: w.disable, act: () => setAsked({ what: 'disable', user }) } : { key: 'enable', label: w.enable, act: () => void enable(user) },
          { key: 'delete', label: w.remove, act: () => setAsked({ what: 'delete', user }), danger: true },
        ]
      : []),
  ];
  return (
    <>
      <div className="tools">
        <div className="search">
          <Icon of={Search} />
          <input className="input" type="search" aria-label={w.find} placeholder={w.find} value={q ?? ''} onChange={(event) => find(event.target.value)} />
        </div>
        <span className="row end">
          <CopyAs small forms={() => copies.users(q)} />
          {manages && (
            <button type="button" className="btn primary" onClick={() => setInviting(true)}>
              {w.invite}
            </button>
          )}
        </span>
      </div>
      <Loaded query={query} rows={6}>
        {({ rows, next }) => (
          <>
            <DataTable
              caption={w.tabs.users}
              rows={rows}
              keyOf={(one) => one.id}
              columns={[
                {
                  head: w.user,
                  cell: (one) => (
                    <>
                      {one.username} {one.service && <Chip>{w.service}</Chip>}
                      <span className="t3 meta">{`${one.firstName} ${one.lastName}`.trim()}</span>
                    </>
                  ),
                },
                { head: w.email, cell: (one) => <span className="t2">{one.email || '–'}</span> },
                { head: w.roles, cell: (one) => <Held held={held.filter((role) => role.user_id === one.id)} /> },
                {
                  head: w.state,
                  cell: (one) => (
                    <Status tone={one.enabled ? 'ok' : 'idle'} glyph={one.enabled ? 'ok' : 'stop'}>
                      {one.enabled ? w.active : w.disabled}
                    </Status>
                  ),
                },
                { head: w.since, num: true, cell: (one) => <Day at={new Date(one.createdTimestamp)} />, hide: true },
              ]}
              trace={(one) => ({ name: one.username, subject: one.id })}
              acts={(one) => {
                const possible = choices(one);
                return possible.length === 0 ? null : (
                  <Menu className="btn small" label={`${w.edit}: ${one.username}`} choices={possible}>
                    {w.edit}
                  </Menu>
                );
              }}
              empty={{ title: w.noUsers }}
              filtered={q ? () => find('') : undefined}
            />
            <Pager next={next} after={after} count={rows.length} size={PAGE} />
          </>
        )}
      </Loaded>
      {inviting && <Invite onClose={() => setInviting(false)} shown={(name, one) => setSecret({ name, secret: one })} />}
      {asked?.what === 'edit' && <Edit user={asked.user} onClose={() => setAsked(null)} shown={(name, one) => setSecret({ name, secret: one })} />}
      {asked?.what === 'disable' && (
        <Question
          title={w.disableOf(asked.user.username)}
          yes={w.disable}
          danger
          onClose={() => setAsked(null)}
          act={async () => {
            const { user } = asked;
            await changeUser(user.id, { enabled: false });
            changed(client);
            done(w.disabledIt(user.username), () => changeUser(user.id, { enabled: true }).then(() => changed(client)));
          }}
        >
          {w.disableText}
        </Question>
      )}
      {asked?.what === 'delete' && <Remove user={asked.user} onClose={() => setAsked(null)} />}
      {asked?.what === 'roles' && <RolesOf user={asked.user} onClose={() => setAsked(null)} />}
      {secret && (
        <OnceShown title={w.oneTime(secret.name)} secret={secret.secret} onClose={() => setSecret(null)}>
          <p className="t2">{w.oneTimeText}</p>
        </OnceShown>
      )}
    </>
  );
}

function Held({ held }: { held: Assignment[] }) {
  const names = useNames();
  if (held.length === 0) return <span className="t3">–</span>;
  const told = held.map((one) => (one.project_id ? `${roleTitle(one.role)} (${names.project(one.project_id)})` : roleTitle(one.role)));
  return <span className="t2">{[...new Set(told)].join(', ')}</span>;
}

function useRoleFields() {
  const w = useWords(words);
  const roles = useQuery(rolesQuery).data?.rows ?? [];
  const projects = useQuery(projectsQuery).data?.rows ?? [];
  return [
    { name: 'role', label: w.role, kind: 'select' as const, options: roles.map((one) => ({ value: one.name, label: one.default ? roleTitle(one.name) : one.title || one.name })) },
    { name: 'project', label: w.inProject, kind: 'select' as const, options: [{ value: '', label: w.wholeOrg }, ...projects.map((one) => ({ value: one.name, label: one.name }))] },
  ];
}

function Invite({ onClose, shown }: { onClose: () => void; shown: (name: string, secret: string) => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  const roleFields = useRoleFields();
  const act = async (values: Values) => {
    const made = await told(
      api.POST('/api/v1/organization/admin/users', {
        body: {
          username: String(values.username),
          email: String(values.email) || undefined,
          firstName: String(values.firstName),
          lastName: String(values.lastName),
          service: values.service === true,
          attributes: {},
          roles: values.role ? [{ role: String(values.role), project: String(values.project) || null }] : [],
        },
        headers: once(),
      }),
    );
    changed(client);
    done(w.invited(made.username));
    if (made.one_time_password) shown(made.username, made.one_time_password);
  };
  return (
    <FormDialog
      title={w.invite}
      fields={[
        { name: 'username', label: w.username, help: w.usernameHelp, required: true },
        { name: 'firstName', label: w.firstName },
        { name: 'lastName', label: w.lastName },
        { name: 'email', label: w.email, kind: 'email' },
        ...roleFields,
        { name: 'service', label: w.serviceField, kind: 'check', help: w.serviceHelp },
      ]}
      start={{ role: 'engineer' }}
      yes={w.inviteYes}
      act={act}
      onClose={onClose}
    />
  );
}

function Edit({ user, onClose, shown }: { user: User; onClose: () => void; shown: (name: string, secret: string) => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  return (
    <FormDialog
      title={w.editOf(user.username)}
      fields={[
        { name: 'firstName', label: w.firstName },
        { name: 'lastName', label: w.lastName },
        { name: 'email', label: w.email, kind: 'email' },
        ...(user.service ? [] : [{ name: 'reset', label: w.reset, kind: 'check' as const }]),
      ]}
      start={{ firstName: user.firstName, lastName: user.lastName, email: user.email }}
      yes={w.save}
      onClose={onClose}
      act={async (values) => {
        const email = String(values.email);
        const answer = await changeUser(user.id, { firstName: String(values.firstName), lastName: String(values.lastName), email: email && email !== user.email ? email : undefined, reset_password: values.reset === true });
        changed(client);
        done(w.saved(user.username), () => changeUser(user.id, { firstName: user.firstName, lastName: user.lastName, email: user.email || undefined, reset_password: false }).then(() => changed(client)));
        if (answer.one_time_password) shown(user.username, answer.one_time_password);
      }}
    />
  );
}

function Remove({ user, onClose }: { user: User; onClose: () => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  const users = useQuery(usersQuery).data?.rows ?? [];
  return (
    <FormDialog
      title={w.removeOf(user.username)}
      intro={w.removeText}
      effect={() => <Leaves query={leftByUserQuery(user.id)} />}
      danger
      fields={[
        { name: 'data', label: w.fate, kind: 'select', options: (['hand_over', 'delete'] as const).map((one) => ({ value: one, label: w.fates[one] })) },
        { name: 'heir', label: w.heir, kind: 'select', options: users.filter((one) => one.id !== user.id && one.enabled).map((one) => ({ value: one.username, label: one.username })), when: ({ data }) => data === 'hand_over' },
      ]}
      start={{ heir: users.find((one) => one.id !== user.id && one.enabled)?.username ?? '' }}
      yes={w.removeOf(user.username)}
      onClose={onClose}
      act={async (values) => {
        const data = values.data === 'delete' ? 'delete' : 'hand_over';
        await told(api.DELETE('/api/v1/organization/admin/users/{user}', { params: { path: { user: user.id }, query: { data, heir: data === 'hand_over' ? String(values.heir) : undefined } } }));
        changed(client);
        done(w.removed(user.username));
      }}
    />
  );
}

function RolesOf({ user, onClose }: { user: User; onClose: () => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  const names = useNames();
  const query = useQuery(assignmentsQuery);
  const fields = useRoleFields();
  const [adding, setAdding] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const mine = (query.data?.rows ?? []).filter((one) => one.user_id === user.id);
  const again = () => changed(client);
  const take = async (one: Assignment) => {
    setError(null);
    try {
      await unassign(one.id);
      again();
      done(w.took(roleTitle(one.role), user.username), () => assign({ user: user.id, role: one.role, project: one.project_id }).then(again));
    } catch (caught) {
      setError(caught);
    }
  };
  if (adding)
    return (
      <FormDialog
        title={w.rolesOf(user.username)}
        intro={w.rolesText}
        fields={fields}
        start={{ role: 'engineer' }}
        yes={w.give}
        onClose={() => setAdding(false)}
        act={async ({ role, project }) => {
          const made = await assign({ user: user.id, role: String(role), project: String(project) || null });
          again();
          done(w.gave(roleTitle(String(role)), user.username), () => unassign(made.id).then(again));
        }}
      />
    );
  return (
    <Dialog
      title={w.rolesOf(user.username)}
      onClose={onClose}
      actions={
        <button type="button" className="btn primary" onClick={() => setAdding(true)}>
          {w.giveRole}
        </button>
      }
    >
      <p className="t2">{w.rolesText}</p>
      {mine.length === 0 ? (
        <p>{w.noRoles}</p>
      ) : (
        <ul className="rows">
          {mine.map((one) => (
            <li key={one.id}>
              <b>{roleTitle(one.role)}</b>
              <span className="t2">{one.project_id ? names.project(one.project_id) : w.wholeOrg}</span>
              <button type="button" className="btn small end" aria-label={w.takeOf(roleTitle(one.role))} onClick={() => void take(one)}>
                {w.take}
              </button>
            </li>
          ))}
        </ul>
      )}
      {error !== null && <Failure error={error} />}
    </Dialog>
  );
}
