/** Who did what, when: the record of the organization, newest first. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useNames, usersQuery } from '@/api/people';
import { Copyable } from '@/components/Copy';
import { DataTable, Pager } from '@/components/DataTable';
import { Loaded } from '@/components/Loaded';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { auditQuery, PAGE } from './queries';
import { words } from './words';

const ROUTE = '/o/$org/organization/{-$tab}';

export function factsOf(facts: Record<string, unknown>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${Array.isArray(value) ? value.map(String).join(', ') : typeof value === 'object' && value !== null ? factsOf(value as Record<string, unknown>) : String(value ?? '–')}`)
    .join('; ');
}

export function Audit() {
  const w = useWords(words);
  const f = useFormats();
  const names = useNames();
  const { action, actor, after } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const query = useQuery(auditQuery({ action: action ? `${action}.*` : undefined, actor }, after));
  const users = useQuery(usersQuery).data?.rows ?? [];
  const narrow = (change: object) => void navigate({ search: (old) => ({ ...old, ...change, after: undefined }), replace: true });
  return (
    <>
      <p className="t2">{w.sealedText}</p>
      <div className="tools">
        <label className="row">
          <span className="t3">{w.actionFilter}</span>
          <select className="select" value={action ?? ''} onChange={(event) => narrow({ action: event.target.value || undefined })}>
            <option value="">{w.everything}</option>
            {Object.entries(w.families).map(([key, said]) => (
              <option key={key} value={key}>
                {said}
              </option>
            ))}
          </select>
        </label>
        <label className="row">
          <span className="t3">{w.actor}</span>
          <select className="select" value={actor ?? ''} onChange={(event) => narrow({ actor: event.target.value || undefined })}>
            <option value="">{w.allUsers}</option>
            {users.map((one) => (
              <option key={one.id} value={one.id}>
                {one.username}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Loaded query={query} rows={8}>
        {({ rows, next }) => (
          <>
            <DataTable
              caption={w.tabs.audit}
              rows={rows}
              keyOf={(one) => one.id}
              columns={[
                { head: w.when, cell: (one) => <span className="nowrap">{f.when(one.at)}</span> },
                { head: w.actor, cell: (one) => (one.actor_id && one.actor_id !== 'system' ? names.user(one.actor_id) : <span className="t3">{w.platformItself}</span>) },
                { head: w.action, cell: (one) => <span className="mono">{one.action}</span> },
                { head: w.object, cell: (one) => (one.object_id ? <Copyable text={one.object_id} /> : '–') },
                { head: w.facts, cell: (one) => <span className="t2 facts">{factsOf(one.facts) || '–'}</span> },
                { head: w.state, cell: (one) => <span className="t3">{one.sealed ? w.sealed : w.notSealed}</span>, hide: true },
              ]}
              empty={{ title: w.noAudit }}
              filtered={action || actor ? () => narrow({ action: undefined, actor: undefined }) : undefined}
            />
            <Pager next={next} after={after} count={rows.length} size={PAGE} />
          </>
        )}
      </Loaded>
    </>
  );
}
