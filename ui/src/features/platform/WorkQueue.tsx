import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { DataTable, Pager } from '@/components/DataTable';
import { done } from '@/components/Done';
import { Loaded } from '@/components/Loaded';
import { Failure } from '@/components/Note';
import { Section } from '@/components/Page';
import { Chip } from '@/components/Status';
import { Copyable } from '@/components/Copy';
import { Moment } from '@/components/Exact';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { PAGE, retry, workQuery, workRowsQuery } from './queries';
import { words } from './words';

const ROUTE = '/o/$org/platform/{-$tab}';

export function WorkQueue() {
  const { table } = useSearch({ from: ROUTE });
  return table ? <Rows table={table} /> : <Tables />;
}

function Tables() {
  const w = useWords(words);
  const f = useFormats();
  const query = useQuery(workQuery);
  const navigate = useNavigate({ from: ROUTE });
  return (
    <>
      <p className="t2 gap-below">{w.workText}</p>
      <Loaded query={query} rows={8}>
        {(rows) => (
          <DataTable
            caption={w.tabs.work}
            rows={rows}
            keyOf={(one) => one.table}
            columns={[
              { head: w.table, cell: (one) => called(one.table, w.tables) },
              { head: w.due, num: true, cell: (one) => f.number(one.due) },
              { head: w.underWay, num: true, cell: (one) => f.number(one.under_way) },
              { head: w.later, num: true, cell: (one) => f.number(one.later) },
              {
                head: w.failing,
                num: true,
                cell: (one) =>
                  one.failing > 0 ? (
                    <Chip tone="warn" glyph="warn">
                      {f.number(one.failing)}
                    </Chip>
                  ) : (
                    '0'
                  ),
              },
              { head: w.oldest, num: true, cell: (one) => (one.oldest_due_at ? <Moment at={one.oldest_due_at} /> : '–') },
            ]}
            acts={(one) => (
              <button type="button" className="btn small" aria-label={w.lookAt(one.table)} onClick={() => void navigate({ search: { table: one.table, failing: one.failing > 0 ? true : undefined } })}>
                {w.look}
              </button>
            )}
            empty={{ title: w.noRows }}
          />
        )}
      </Loaded>
    </>
  );
}

/** What a queue of work is for, in words; one that is new has its own name. */
function called(table: string, names: Record<string, string>): string {
  return names[table] ?? table.replaceAll('_', ' ');
}

function Rows({ table }: { table: string }) {
  const w = useWords(words);
  const f = useFormats();
  const client = useQueryClient();
  const { failing, after } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const query = useQuery(workRowsQuery(table, failing ?? false, after));
  const [error, setError] = useState<unknown>(null);
  const again = async (row: string) => {
    setError(null);
    try {
      await retry(table, row);
      void client.invalidateQueries({ queryKey: ['platform'] });
      done(w.retried(row));
    } catch (caught) {
      setError(caught);
    }
  };
  const all = () => void navigate({ search: (old) => ({ ...old, failing: undefined, after: undefined }), replace: true });
  return (
    <Section
      title={w.rowsOf(called(table, w.tables))}
      count={query.data?.total ?? undefined}
      aside={
        <span className="row end">
          <button type="button" className="filter" aria-pressed={failing ?? false} onClick={() => void navigate({ search: (old) => ({ ...old, failing: failing ? undefined : true, after: undefined }), replace: true })}>
            {w.onlyFailing}
          </button>
          <button type="button" className="btn small" onClick={() => void navigate({ search: {} })}>
            {w.back}
          </button>
        </span>
      }
    >
      {error !== null && <Failure error={error} />}
      <Loaded query={query} rows={6}>
        {({ rows, next }) => (
          <>
            <DataTable
              caption={w.rowsOf(table)}
              rows={rows}
              keyOf={(one) => one.id}
              columns={[
                { head: w.row, cell: (one) => <Copyable text={one.id} /> },
                { head: w.nextTry, num: true, cell: (one) => (one.under_way ? w.now : one.due_at ? <Moment at={one.due_at} /> : '–') },
                { head: w.failures, num: true, cell: (one) => f.number(one.failures) },
                { head: w.lastError, cell: (one) => <span className={one.last_error ? 'bad' : 't3'}>{one.last_error ?? '–'}</span> },
              ]}
              acts={(one) =>
                one.under_way ? null : (
                  <button type="button" className="btn small" aria-label={w.retryOf(one.id)} onClick={() => void again(one.id)}>
                    {w.retry}
                  </button>
                )
              }
              empty={{ title: failing ? w.noFailing : w.noRows }}
              filtered={failing ? all : undefined}
            />
            <Pager next={next} after={after} count={rows.length} size={PAGE} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
