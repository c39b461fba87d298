import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useMemo } from 'react';
import { api, page } from '@/api/client';
import { projectsQuery, useNames, usersQuery } from '@/api/people';
import { may, myProjects, useMe } from '@/api/session';
import { saveCsv } from '@/components/csv';
import { CopyAs } from '@/components/CopyAs';
import { copies } from '@/components/copies';
import { DataTable, Pager } from '@/components/DataTable';
import { Copyable } from '@/components/Copy';
import { RunOne } from '@/components/Next';
import { Moment } from '@/components/Exact';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { shortId } from '@/components/value';
import { useWords } from '@/i18n';
import { useSaid } from '@/i18n/said';
import { useFormats } from '@/i18n/format';
import { LEDGER_PAGE, ledgerQuery, storageQuery, type Entry, type LedgerFilter } from './queries';
import { words } from './words';

const ROUTE = '/o/$org/billing/{-$tab}';
const DAY = 86_400_000;
/** The beginning of a day so many days ago, in UTC. */
const daysAgo = (days: number): string => new Date(Math.floor(Date.now() / DAY) * DAY - days * DAY).toISOString();

export function Ledger() {
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
  const names = useNames();
  const search = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const asked = may(me, 'user.read');
  const projects = useQuery({ ...projectsQuery, enabled: asked }).data?.rows ?? myProjects(me);
  const users = useQuery({ ...usersQuery, enabled: asked }).data?.rows ?? [];
  const span = search.days ?? 'all';
  const filter = useMemo<LedgerFilter>(
    () => ({
      project: search.project,
      user: search.user,
      kind: search.kind,
      execution: search.execution,
      since: span === 'all' ? undefined : daysAgo(Number(span)),
    }),
    [search.project, search.user, search.kind, search.execution, span],
  );
  const booked = useSaid('bookings');
  const reasonOf = (one: Entry) => one.whys?.map((why) => booked(why.code, why.facts, '')).filter(Boolean).join(' ') || one.reason;
  const query = useQuery(ledgerQuery(filter, search.after));
  const narrow = (change: object) => void navigate({ search: (old) => ({ ...old, ...change, after: undefined }), replace: true });
  const filtered = search.project || search.user || search.kind || search.execution || search.days;
  const clear = () => narrow({ project: undefined, user: undefined, kind: undefined, execution: undefined, days: undefined });
  const save = async () => {
    const { rows } = await page(api.GET('/api/v1/organization/budget/ledger', { params: { query: { ...filter, limit: 1000 } } }));
    saveCsv(
      'ledger.csv',
      ['at', 'kind', 'amount', 'currency', 'project', 'user', 'execution', 'job', 'reason'],
      rows.map((one) => [one.at, one.kind, one.amount, one.currency, names.project(one.project), names.user(one.user), one.execution, one.job, one.reason]),
    );
  };
  return (
    <>
      <div className="tools" role="group" aria-label={w.filter}>
        <Choice label={w.since} value={span} options={(['7', '30', '90', 'all'] as const).map((one) => ({ value: one, label: w.spans[one] }))} change={(value) => narrow({ days: value === 'all' ? undefined : value })} />
        <Choice label={w.project} value={search.project ?? ''} options={[{ value: '', label: w.allProjects }, ...projects.map((one) => ({ value: one.id, label: one.name }))]} change={(value) => narrow({ project: value || undefined })} />
        {users.length > 0 && <Choice label={w.user} value={search.user ?? ''} options={[{ value: '', label: w.allUsers }, ...users.map((one) => ({ value: one.id, label: one.username }))]} change={(value) => narrow({ user: value || undefined })} />}
        <Choice label={w.what_} value={search.kind ?? ''} options={[{ value: '', label: w.allKinds }, ...(['charge', 'storage', 'overrun'] as const).map((one) => ({ value: one, label: w.whatKinds[one] }))]} change={(value) => narrow({ kind: value || undefined })} />
        <span className="row end">
          <CopyAs small forms={() => copies.ledger(filter)} />
          <button type="button" className="btn" title={w.csvFirst(1000)} onClick={() => void save()}>
            <Icon of={Download} />
            {w.csv}
          </button>
        </span>
      </div>
      <Loaded query={query} rows={8}>
        {({ rows, next }) => (
          <>
            <DataTable
              caption={w.tabs.ledger}
              rows={rows}
              keyOf={(one) => one.id}
              columns={[
                { head: w.at, cell: (one) => <Moment at={one.at} /> },
                { head: w.what_, cell: (one) => <For entry={one} /> },
                { head: w.project, cell: (one) => names.project(one.project) },
                { head: w.user, cell: (one) => <span className="t2">{names.user(one.user)}</span> },
                { head: w.kind, cell: (one) => <span className="t2">{(w.entryKinds as Record<string, string>)[one.kind] ?? one.kind}</span> },
                { head: w.reason, cell: (one) => <span className="t2">{reasonOf(one) || '–'}</span>, hide: true },
                { head: w.amount, num: true, cell: (one) => f.money(one.amount, one.currency) },
              ]}
              empty={{ title: w.noEntries, text: w.noEntriesText, action: <RunOne /> }}
              filtered={filtered ? clear : undefined}
            />
            <Pager next={next} after={search.after} count={rows.length} size={LEDGER_PAGE} />
          </>
        )}
      </Loaded>
    </>
  );
}

/** What was paid for: a run, or what a bucket held for a day. */
function For({ entry }: { entry: Entry }) {
  const w = useWords(words);
  const me = useMe();
  const { org } = useParams({ from: '/o/$org' });
  const stored = useQuery({ ...storageQuery, enabled: !entry.execution }).data?.rows ?? [];
  if (!entry.execution) return <>{w.storage(stored.find((one) => one.bucket === entry.bucket)?.name ?? shortId(entry.bucket ?? ''))}</>;
  if (!may(me, 'execution.read'))
    return <Copyable text={entry.execution} shown={shortId(entry.execution)} />;
  const link = (
    <Link to="/o/$org/executions/$execution/{-$tab}" params={{ org, execution: entry.execution, tab: 'cost' }} title={entry.execution}>
      {shortId(entry.execution)}
    </Link>
  );
  return <Copyable text={entry.execution} shown={link} />;
}

function Choice({ label, value, options, change }: { label: string; value: string; options: { value: string; label: string }[]; change: (value: string) => void }) {
  return (
    <label className="row">
      <span className="t3">{label}</span>
      <select className="select" value={value} onChange={(event) => change(event.target.value)}>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    </label>
  );
}
