import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, told, type Schemas } from '@/api/client';
import { rightsQuery } from '@/api/rights';
import { may, useMe } from '@/api/session';
import { CopyAs } from '@/components/CopyAs';
import { copies } from '@/components/copies';
import { DataTable } from '@/components/DataTable';
import { Question } from '@/components/Dialog';
import { done } from '@/components/Done';
import { FormDialog, type Field } from '@/components/FormDialog';
import { Loaded } from '@/components/Loaded';
import { useMeaning, usePermissions } from '@/components/permissions';
import { roleTitle } from '@/components/roles';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { assignmentsQuery, changed, changeRole, once, restoreRole, rolesQuery, type Role } from './queries';
import { words } from './words';

type Act = Schemas['Action'];

export function Roles() {
  const w = useWords(words);
  const f = useFormats();
  const meaning = useMeaning();
  const choices = usePermissions();
  const me = useMe();
  const client = useQueryClient();
  const query = useQuery(rolesQuery);
  const held = useQuery(assignmentsQuery).data?.rows ?? [];
  const actions = (useQuery(rightsQuery).data ?? []).map((one) => one.action).filter((one) => one !== 'platform.operate');
  const [making, setMaking] = useState(false);
  const [editing, setEditing] = useState<Role | null>(null);
  const [removing, setRemoving] = useState<Role | null>(null);
  const manages = may(me, 'role.manage');
  const holders = (name: string) => new Set(held.filter((one) => one.role === name).map((one) => one.user_id)).size;
  const nameOf = (one: Role) => (one.default ? roleTitle(one.name) : one.title || one.name);
  const boxes: Field = { name: 'actions', label: w.permissions, kind: 'checks', options: choices(actions) };
  return (
    <>
      <div className="tools">
        <p className="t2 prose">{w.roleText}</p>
        <span className="row end">
          <CopyAs small forms={() => copies.roles()} />
          {manages && (
            <button type="button" className="btn primary" onClick={() => setMaking(true)}>
              {w.newRole}
            </button>
          )}
        </span>
      </div>
      <Loaded query={query} rows={8}>
        {({ rows }) => (
          <DataTable
            caption={w.tabs.roles}
            rows={rows}
            keyOf={(one) => one.name}
            columns={[
              {
                head: w.role,
                cell: (one) => (
                  <>
                    {nameOf(one)}
                    <span className="t3 meta">{one.default ? w.builtIn : w.own}</span>
                  </>
                ),
              },
              { head: w.holders, num: true, cell: (one) => f.number(holders(one.name)) },
              {
                head: w.permissions,
                cell: (one) => (
                  <details>
                    <summary>{f.number(one.actions.length)}</summary>
                    <ul className="may t2">
                      {choices(one.actions).map(({ value, label }) => (
                        <li key={value} title={value}>
                          {label}
                        </li>
                      ))}
                    </ul>
                  </details>
                ),
              },
            ]}
            trace={(one) => ({ name: nameOf(one), action: 'role' })}
            acts={
              manages
                ? (one) =>
                    one.default ? null : (
                      <>
                        <button type="button" className="btn small" aria-label={w.editOf(nameOf(one))} onClick={() => setEditing(one)}>
                          {w.edit}
                        </button>
                        <button type="button" className="btn small danger" aria-label={w.removeRole(nameOf(one))} onClick={() => setRemoving(one)}>
                          {w.remove}
                        </button>
                      </>
                    )
                : undefined
            }
            empty={{ title: w.noRoles }}
          />
        )}
      </Loaded>
      {making && (
        <FormDialog
          title={w.newRole}
          wide
          fields={[{ name: 'name', label: w.name, help: w.usernameHelp, required: true }, { name: 'title', label: w.projectTitle }, boxes]}
          yes={w.makeRole}
          onClose={() => setMaking(false)}
          act={async ({ name, title, actions: chosen }) => {
            await told(api.POST('/api/v1/organization/admin/roles', { body: { name: String(name), title: String(title), actions: chosen as Act[] }, headers: once() }));
            changed(client);
            done(w.madeRole(String(name)));
          }}
        />
      )}
      {editing && (
        <FormDialog
          title={w.editOf(nameOf(editing))}
          wide
          fields={[{ name: 'title', label: w.projectTitle }, boxes]}
          start={{ title: editing.title, actions: editing.actions }}
          yes={w.save}
          effect={({ actions: chosen }) => {
            const now = Array.isArray(chosen) ? chosen : [];
            const gains = now.filter((one) => !editing.actions.includes(one));
            const loses = editing.actions.filter((one) => !now.includes(one));
            return (
              <div className="effect" role="status">
                <p>{w.changeRole(holders(editing.name))}</p>
                {gains.length > 0 && <p>{w.gains(gains.map(meaning).join('; '))}</p>}
                {loses.length > 0 && <p className="warn">{w.loses(loses.map(meaning).join('; '))}</p>}
              </div>
            );
          }}
          onClose={() => setEditing(null)}
          act={async ({ title, actions: chosen }) => {
            await changeRole(editing.name, { title: String(title), actions: chosen as Act[] });
            changed(client);
            done(w.saved(nameOf(editing)), () => changeRole(editing.name, { title: editing.title, actions: editing.actions as Act[] }).then(() => changed(client)));
          }}
        />
      )}
      {removing && (
        <Question
          title={w.removeRole(nameOf(removing))}
          yes={w.remove}
          danger
          onClose={() => setRemoving(null)}
          act={async () => {
            const { name } = removing;
            await told(api.DELETE('/api/v1/organization/admin/roles/{name}', { params: { path: { name } } }));
            changed(client);
            done(w.removedRole(nameOf(removing)), () => restoreRole(name).then(() => changed(client)));
          }}
        >
          {w.removeRoleText(holders(removing.name))}
        </Question>
      )}
    </>
  );
}
