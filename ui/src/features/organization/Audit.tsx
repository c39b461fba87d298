/** Who did what, when, in plain words: the record of the organization, newest first. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { api, page } from '@/api/client';
import { namesOf, useNamesOf, type Name } from '@/api/names';
import { usersQuery } from '@/api/people';
import { may, useMe } from '@/api/session';
import { Copyable } from '@/components/Copy';
import { saveCsv } from '@/components/csv';
import { CopyAs } from '@/components/CopyAs';
import { copies } from '@/components/copies';
import { DataTable, Pager } from '@/components/DataTable';
import { Moment } from '@/components/Exact';
import { Choice, Filters, type Mark } from '@/components/Filters';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Pair } from '@/components/Pair';
import { useMeaning } from '@/components/permissions';
import { TimeChoice, useTimeSaid } from '@/components/TimeChoice';
import { ALWAYS, timesOf, type TimeFilter } from '@/components/timeFilter';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { actorOf, idsOf, partsOf, placeOf } from './audited';
import { words as auditWords } from './auditWords';
import { auditQuery, PAGE, type Record_ } from './queries';
import { words } from './words';

const ROUTE = '/o/$org/organization/{-$tab}';
const MOST_AS_FILE = 1000;

type Search = TimeFilter & { action?: string; actor?: string; subject?: string; after?: string };
const NOTHING = { action: undefined, actor: undefined, subject: undefined, ...ALWAYS } as const;

/** Facts as text: what a list or a further object holds is told too. */
export function factsOf(facts: Record<string, unknown>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${told(value)}`)
    .join('; ');
}

function told(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(', ') || '–';
  return typeof value === 'object' && value !== null ? factsOf(value as Record<string, unknown>) : String(value ?? '–');
}

export function Audit() {
  const w = useWords(words);
  const a = useWords(auditWords);
  const f = useFormats();
  const search: Search = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const [open, setOpen] = useState(false);
  const { action, actor, subject, after } = search;
  const family = { action: action && (action.includes('.') ? action : `${action}.*`), actor, subject, within: search.within, since: search.since, till: search.till };
  const query = useQuery(auditQuery(family, after));
  const rows = query.data?.rows;
  const ids = useMemo(() => [...new Set([...(rows ?? []).flatMap(idsOf), ...[actor, subject].filter((one): one is string => one !== undefined)])].sort(), [rows, actor, subject]);
  const names = useNamesOf(ids, rows !== undefined);
  const narrow = (change: Search) => void navigate({ search: (old) => ({ ...old, ...change, after: undefined }), replace: true });
  const time = useTimeSaid(search);
  const nameOf = (id: string) => names?.get(id)?.name ?? id;
  const marks: Mark[] = [];
  if (actor) marks.push({ key: 'actor', label: a.person, value: nameOf(actor), remove: () => narrow({ actor: undefined }) });
  if (action) marks.push({ key: 'action', label: a.action, value: (w.families as Record<string, string>)[action] ?? action, remove: () => narrow({ action: undefined }) });
  if (subject) marks.push({ key: 'subject', label: a.object, value: nameOf(subject), remove: () => narrow({ subject: undefined }) });
  if (time) marks.push({ key: 'time', label: a.time, value: time, remove: () => narrow(ALWAYS) });
  const save = async () => {
    const asked = { action: family.action, actor, subject, ...timesOf(search), limit: MOST_AS_FILE };
    const all = (await page(api.GET('/api/v1/organization/audit/list', { params: { query: asked } }))).rows;
    const known = await namesOf(all.flatMap(idsOf));
    const sentence = (one: Record_) => partsOf(one, known, a, f).map((part) => part.text).join('');
    saveCsv(
      'audit.csv',
      ['at', 'who', 'what', 'action', 'actor_id', 'object_type', 'object_id', 'facts', 'sealed'],
      all.map((one) => [one.at, actorOf(one, known, a), sentence(one), one.action, one.actor_id ?? '', one.object_type ?? '', one.object_id ?? '', JSON.stringify(one.facts), String(one.sealed)]),
    );
  };
  return (
    <>
      <p className="t2 gap-below">{w.sealedText}</p>
      <div className="tools">
        <Filters marks={marks} clear={() => narrow(NOTHING)} open={open} setOpen={setOpen}>
          <Choices search={search} narrow={narrow} />
        </Filters>
        <span className="row csv-all">
          <CopyAs small forms={() => copies.audit({ action: family.action, actor, subject, ...timesOf(search) })} />
          <button type="button" className="btn" title={a.csvTitle(f.number(MOST_AS_FILE))} onClick={() => void save()}>
            <Icon of={Download} />
            {a.csv}
          </button>
        </span>
      </div>
      <Loaded query={query} rows={8}>
        {(data) => (
          <>
            <DataTable
              caption={w.tabs.audit}
              rows={data.rows}
              keyOf={(one) => one.id}
              columns={[
                { head: a.what, cell: (one) => <Told record={one} names={names} narrow={narrow} /> },
                { head: w.when, num: true, className: 'nowrap', cell: (one) => <Moment at={one.at} /> },
              ]}
              empty={{ title: w.noAudit }}
              filtered={marks.length > 0 ? () => narrow(NOTHING) : undefined}
            />
            <Pager next={data.next} after={after} count={data.rows.length} size={PAGE} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Choices({ search, narrow }: { search: Search; narrow: (change: Search) => void }) {
  const w = useWords(words);
  const a = useWords(auditWords);
  const me = useMe();
  const users = useQuery({ ...usersQuery, enabled: may(me, 'user.read') }).data?.rows ?? [];
  const families = Object.entries(w.families).map(([value, label]) => ({ value, label }));
  const exact = search.action?.includes('.') ? [{ value: search.action, label: search.action }] : [];
  return (
    <>
      <Choice label={a.person} value={search.actor ?? ''} options={[{ value: '', label: a.anybody }, ...users.map((one) => ({ value: one.id, label: one.username }))]} change={(value) => narrow({ actor: value || undefined })} />
      <Choice label={a.action} value={search.action ?? ''} options={[{ value: '', label: a.anything }, ...exact, ...families]} change={(value) => narrow({ action: value || undefined })} />
      <label className="row">
        <span className="t3">{a.object}</span>
        <input key={search.subject} className="input" placeholder={a.objectHelp} defaultValue={search.subject ?? ''} onBlur={(event) => narrow({ subject: event.target.value.trim() || undefined })} onKeyDown={(event) => event.key === 'Enter' && narrow({ subject: event.currentTarget.value.trim() || undefined })} />
      </label>
      <TimeChoice label={a.time} filter={search} narrow={narrow} />
    </>
  );
}

function Told({ record, names, narrow }: { record: Record_; names: Map<string, Name> | undefined; narrow: (change: Search) => void }) {
  const f = useFormats();
  const w = useWords(words);
  const a = useWords(auditWords);
  const meaning = useMeaning();
  const { org } = useParams({ from: '/o/$org' });
  const parts = partsOf(record, names, a, f);
  const object = record.object_id;
  return (
    <div className="told">
      <p>
        {parts.map((part, at) => (part.who ? <b key={at}>{part.text}</b> : part.id ? <Called key={at} org={org} text={part.text} name={names?.get(part.id)} /> : part.text))}
      </p>
      <details>
        <summary aria-label={a.detailsOf(parts.map((part) => part.text).join(''))}>{a.details}</summary>
        <dl className="kv facts-left">
          <dt>{a.code}</dt>
          <dd className="mono">{record.action}</dd>
          {object && (
            <>
              <dt>{a.object}</dt>
              <dd>
                <Copyable text={object} />
              </dd>
            </>
          )}
          {record.actor_id && (
            <>
              <dt>{a.person}</dt>
              <dd>
                <Copyable text={record.actor_id} />
              </dd>
            </>
          )}
          {Object.entries(record.facts).map(([name, value]) => (
            <Pair key={name} name={(a.fields as Record<string, string>)[name] ?? name.replaceAll('_', ' ')} value={name === 'actions' && Array.isArray(value) ? value.map((one) => meaning(String(one))).join('; ') : told(value)} />
          ))}
          <dt>{w.state}</dt>
          <dd>{record.sealed ? w.sealed : w.notSealed}</dd>
        </dl>
        <p className="row">
          {object && (
            <button type="button" className="btn small" onClick={() => narrow({ ...NOTHING, subject: object })}>
              {a.onlyThis}
            </button>
          )}
          {record.actor_id && (
            <button type="button" className="btn small" onClick={() => narrow({ ...NOTHING, actor: record.actor_id ?? undefined })}>
              {a.onlyWho}
            </button>
          )}
        </p>
      </details>
    </div>
  );
}

function Called({ org, text, name }: { org: string; text: string; name: Name | undefined }) {
  const place = name && placeOf(org, name);
  const said = name?.place ? `${name.place}/${name.name}` : text;
  if (!place) return said;
  return (
    <Link to={place.to} search={place.search as never}>
      {said}
    </Link>
  );
}
