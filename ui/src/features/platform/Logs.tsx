/** What the parts of the platform complained of last: what is asked for is in the address. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Copyable } from '@/components/Copy';
import { DataTable, Pager } from '@/components/DataTable';
import { Choice, Filters, SearchBox, type Mark } from '@/components/Filters';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Status } from '@/components/Status';
import { TimeChoice, useTimeSaid } from '@/components/TimeChoice';
import { ALWAYS, timesOf, type TimeFilter } from '@/components/timeFilter';
import { Moment } from '@/components/Exact';
import { useWords } from '@/i18n';
import { PAGE, troublesQuery, type Trouble, type TroubleWish } from './queries';
import { words } from './words';
import './platform.css';

const ROUTE = '/o/$org/platform/{-$tab}';
const PARTS = ['api', 'worker'] as const;

type Search = TimeFilter & { level?: 'error'; part?: (typeof PARTS)[number]; q?: string; after?: string };
const NOTHING = { level: undefined, part: undefined, q: undefined, ...ALWAYS } as const;

export function Logs() {
  const w = useWords(words);
  const { level, part, q, after, within, since, till }: Search = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const [open, setOpen] = useState(false);
  const wish = useMemo<TroubleWish>(() => ({ level, part, search: q, ...timesOf({ within, since, till }) }), [level, part, q, within, since, till]);
  const query = useQuery(troublesQuery(wish, after));
  const narrow = (change: Search) => void navigate({ search: (old) => ({ ...old, ...change, after: undefined }), replace: true });
  const time = useTimeSaid({ within, since, till });
  const marks: Mark[] = [];
  if (level) marks.push({ key: 'level', label: w.level, value: w.onlyErrors, remove: () => narrow({ level: undefined }) });
  if (part) marks.push({ key: 'part', label: w.part, value: w.processes[part], remove: () => narrow({ part: undefined }) });
  if (time) marks.push({ key: 'time', label: w.time, value: time, remove: () => narrow(ALWAYS) });
  return (
    <>
      <p className="t2 gap-below">{w.logsText}</p>
      <div className="tools">
        <SearchBox label={w.searchLogs} value={q ?? ''} change={(text) => narrow({ q: text })} />
        <Filters marks={marks} clear={() => narrow(NOTHING)} open={open} setOpen={setOpen}>
          <Choice label={w.level} value={level ?? ''} options={[{ value: '', label: w.allLevels }, { value: 'error', label: w.onlyErrors }]} change={(value) => narrow({ level: value === 'error' ? value : undefined })} />
          <Choice label={w.part} value={part ?? ''} options={[{ value: '', label: w.anyPart }, ...PARTS.map((one) => ({ value: one, label: w.processes[one] }))]} change={(value) => narrow({ part: PARTS.find((one) => one === value) })} />
          <TimeChoice label={w.time} filter={{ within, since, till }} narrow={narrow} />
        </Filters>
        <a className="btn csv-all" href={addressOf(wish)} download>
          <Icon of={Download} />
          {w.download}
        </a>
      </div>
      <Loaded query={query} rows={8}>
        {({ rows, next }) => (
          <>
            <DataTable
              caption={w.tabs.logs}
              rows={rows}
              keyOf={(one) => one.id}
              columns={[
                { head: w.time, className: 'nowrap', cell: (one) => <Moment className="num" at={one.at} seconds /> },
                {
                  head: w.level,
                  cell: (one) => (
                    <Status tone={one.level === 'error' ? 'bad' : 'warn'} glyph={one.level === 'error' ? 'bad' : 'warn'}>
                      {w.levels[one.level]}
                    </Status>
                  ),
                },
                { head: w.part, cell: (one) => <span className="t2">{(w.processes as Record<string, string>)[one.part] ?? one.part}</span> },
                { head: w.what, className: 'said', cell: (one) => <Said trouble={one} /> },
              ]}
              empty={{ title: w.logsEmpty, text: w.logsEmptyText }}
              filtered={marks.length > 0 || q ? () => narrow(NOTHING) : undefined}
            />
            <Pager next={next} after={after} count={rows.length} size={PAGE} />
          </>
        )}
      </Loaded>
    </>
  );
}

function addressOf(wish: TroubleWish): string {
  const asked = Object.entries(wish).filter((one): one is [string, string] => Boolean(one[1]));
  return `/api/v1/heroes/admin/logs/text?${new URLSearchParams(asked)}`;
}

function Said({ trouble }: { trouble: Trouble }) {
  const w = useWords(words);
  const facts = Object.entries(trouble.facts);
  const request = trouble.facts['http.request.id'];
  return (
    <>
      <p>{trouble.message}</p>
      {facts.length > 0 && (
        <p className="t3 xs mono facts">
          {facts.filter(([name]) => name !== 'http.request.id').map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ')}
          {typeof request === 'string' && <Copyable text={request} />}
        </p>
      )}
      {trouble.trace && (
        <details>
          <summary className="xs">{w.trace}</summary>
          <pre className="trace xs" tabIndex={0} aria-label={w.trace}>
            {trouble.trace}
          </pre>
        </details>
      )}
    </>
  );
}
