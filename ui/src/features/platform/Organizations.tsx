import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem } from '@/api/problem';
import { useMe } from '@/api/session';
import { CopyOnly } from '@/components/Copy';
import { DataTable, Pager } from '@/components/DataTable';
import { Question } from '@/components/Dialog';
import { done, refused } from '@/components/Done';
import { Day } from '@/components/Exact';
import { FormDialog } from '@/components/FormDialog';
import { Loaded } from '@/components/Loaded';
import { Menu } from '@/components/Menu';
import { Note } from '@/components/Note';
import { OnceShown } from '@/components/OnceShown';
import { Section } from '@/components/Page';
import { Status, type GlyphName, type Tone } from '@/components/Status';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { addOrganization, changeOrganization, organizationsQuery, PAGE, rehearsalQuery, removeOrganization, type Organization } from './queries';
import { words } from './words';

export function lookOf(status: string): [Tone, GlyphName] {
  if (status.endsWith('FAILED')) return ['bad', 'bad'];
  if (status.endsWith('IN_PROGRESS')) return ['run', 'run'];
  return status === 'CREATE_COMPLETE' ? ['ok', 'ok'] : ['idle', 'stop'];
}

export function Organizations() {
  const w = useWords(words);
  const me = useMe();
  const client = useQueryClient();
  const { after } = useSearch({ from: '/o/$org/platform/{-$tab}' });
  const query = useQuery(organizationsQuery(after));
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Organization | null>(null);
  const [secret, setSecret] = useState<{ user: string; org: string; secret: string } | null>(null);
  const [editing, setEditing] = useState<Organization | null>(null);
  const [disabling, setDisabling] = useState<Organization | null>(null);
  const again = () => void client.invalidateQueries({ queryKey: ['organizations'] });
  const put = (one: Organization, body: Parameters<typeof changeOrganization>[1]) => changeOrganization(one.id, body).then(again);
  const enable = (one: Organization) =>
    put(one, { enabled: true }).then(
      () => done(w.enabled(one.name), () => put(one, { enabled: false })),
      refused,
    );
  const choices = (one: Organization) => [
    { key: 'edit', label: w.retitle, act: () => setEditing(one) },
    ...(one.name === me.organization
      ? []
      : [
          one.status === 'DISABLED' ? { key: 'enable', label: w.enable, act: () => void enable(one) } : { key: 'disable', label: w.disable, act: () => setDisabling(one) },
          { key: 'remove', label: w.remove, act: () => setRemoving(one), danger: true },
        ]),
  ];
  const said = w.states as Record<string, string>;
  return (
    <Section
      title={w.tabs.organizations}
      count={query.data?.total ?? undefined}
      aside={
        <button type="button" className="btn primary end" onClick={() => setAdding(true)}>
          {w.add}
        </button>
      }
    >
      <Loaded query={query} rows={4}>
        {({ rows, next }) => (
          <>
            <DataTable
              caption={w.tabs.organizations}
              rows={rows}
              keyOf={(one) => one.id}
              columns={[
                {
                  head: w.organization,
                  cell: (one) => (
                    <>
                      {one.name}
                      <span className="t3 meta">{one.title}</span>
                    </>
                  ),
                },
                {
                  head: w.state,
                  cell: (one) => (
                    <Status tone={lookOf(one.status)[0]} glyph={lookOf(one.status)[1]}>
                      {said[one.status] ?? one.status.toLowerCase()}
                    </Status>
                  ),
                },
                { head: w.since, num: true, cell: (one) => <Day at={one.created_at} /> },
                { head: w.id, unseen: true, num: true, cell: (one) => <CopyOnly text={one.id} /> },
              ]}
              trace={(one) => ({ name: one.name, subject: one.id })}
              acts={(one) =>
                one.status.endsWith('IN_PROGRESS') ? null : (
                  <Menu className="btn small" label={w.manage(one.name)} choices={choices(one)}>
                    {w.edit}
                  </Menu>
                )
              }
              empty={{ title: w.none, text: w.noneText }}
            />
            <Pager next={next} after={after} count={rows.length} size={PAGE} />
          </>
        )}
      </Loaded>
      {adding && (
        <FormDialog
          title={w.add}
          fields={[
            { name: 'name', label: w.name, help: w.nameHelp, required: true },
            { name: 'title', label: w.orgTitle },
            { name: 'email', label: w.email, kind: 'email', required: true, pointer: 'user_email' },
          ]}
          yes={w.addYes}
          onClose={() => setAdding(false)}
          act={async ({ name, title, email }) => {
            const made = await addOrganization(String(name), String(title), String(email));
            again();
            done(w.added(made.name));
            setSecret({ user: made.administrator, org: made.name, secret: made.one_time_password });
          }}
        />
      )}
      {editing && (
        <FormDialog
          title={w.retitleOf(editing.name)}
          fields={[{ name: 'title', label: w.orgTitle }]}
          start={{ title: editing.title }}
          yes={w.save}
          onClose={() => setEditing(null)}
          act={async ({ title }) => {
            await put(editing, { title: String(title).trim() });
            done(w.retitled(editing.name), () => put(editing, { title: editing.title }));
          }}
        />
      )}
      {disabling && (
        <Question
          title={w.disableOf(disabling.name)}
          yes={w.disable}
          danger
          onClose={() => setDisabling(null)}
          act={async () => {
            await put(disabling, { enabled: false });
            done(w.disabled(disabling.name), () => put(disabling, { enabled: true }));
          }}
        >
          {w.disableText}
        </Question>
      )}
      {removing && (
        <FormDialog
          title={w.removeOf(removing.name)}
          intro={w.removeText}
          danger
          effect={() => <Removes organization={removing.id} />}
          fields={[{ name: 'name', label: `${w.confirm}: ${removing.name}`, required: true }]}
          yes={w.removeOf(removing.name)}
          onClose={() => setRemoving(null)}
          act={async ({ name }) => {
            if (String(name).trim() !== removing.name) throw new ApiProblem(422, 'name', w.confirmWrong, null, [{ pointer: '/name', message: w.confirmWrong }]);
            await removeOrganization(removing.id);
            again();
            done(w.removed(removing.name));
          }}
        />
      )}
      {secret && (
        <OnceShown title={w.oneTime(secret.user)} secret={secret.secret} onClose={() => setSecret(null)}>
          <p className="t2">{w.oneTimeText(secret.user, secret.org)}</p>
        </OnceShown>
      )}
    </Section>
  );
}

/** How much would go with an organization. */
function Removes({ organization }: { organization: string }) {
  const w = useWords(words);
  const f = useFormats();
  const rows = useQuery(rehearsalQuery(organization)).data?.removes;
  if (!rows) return null;
  const told = Object.entries(w.removes).flatMap(([table, say]) => (rows[table] ? [say(rows[table], f.number(rows[table]))] : []));
  return <Note tone="warn">{told.length > 0 ? w.removesAll(told.join(', ')) : w.removesNothing}</Note>;
}
