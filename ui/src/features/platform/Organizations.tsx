import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem } from '@/api/problem';
import { useMe } from '@/api/session';
import { CopyOnly } from '@/components/Copy';
import { DataTable, Pager } from '@/components/DataTable';
import { done } from '@/components/Done';
import { Day } from '@/components/Exact';
import { FormDialog } from '@/components/FormDialog';
import { Loaded } from '@/components/Loaded';
import { OnceShown } from '@/components/OnceShown';
import { Section } from '@/components/Page';
import { Status, type GlyphName, type Tone } from '@/components/Status';
import { useWords } from '@/i18n';
import { addOrganization, organizationsQuery, PAGE, removeOrganization, type Organization } from './queries';
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
  const again = () => void client.invalidateQueries({ queryKey: ['organizations'] });
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
              acts={(one) =>
                one.name === me.organization || one.status === 'DELETE_IN_PROGRESS' ? null : (
                  <button type="button" className="btn small danger" aria-label={w.removeOf(one.name)} onClick={() => setRemoving(one)}>
                    {w.remove}
                  </button>
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
      {removing && (
        <FormDialog
          title={w.removeOf(removing.name)}
          intro={w.removeText}
          danger
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
