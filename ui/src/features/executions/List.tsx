import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { CopyAs } from '@/components/CopyAs';
import { copies } from '@/components/copies';
import { Icon } from '@/components/Icon';
import { timesOf } from '@/components/timeFilter';
import { Loaded } from '@/components/Loaded';
import { Empty } from '@/components/Note';
import { Top } from '@/components/Page';
import { words as shared } from '@/components/words';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import './executions.css';
import { ExecutionTable } from './ExecutionTable';
import { words as filterWords } from './filterWords';
import { isNarrowed, Narrowing } from './Narrowing';
import { executionsQuery, PAGE, type Filter } from './queries';
import { words } from './words';

const FILTERS = ['running', 'finished', 'failed', 'canceled'] as const;

/** The same list elsewhere. */
const formsOf = ({ status, workflow, project, cluster, user, takes, q, ...times }: Filter) => copies.executions({ status, workflow, project, cluster, user, takes, search: q, ...timesOf(times) });

export function List() {
  const w = useWords(words);
  const s = useWords(shared);
  const f = useFormats();
  const { org } = useParams({ from: '/o/$org' });
  const search = useSearch({ from: '/o/$org/executions' });
  const navigate = useNavigate({ from: '/o/$org/executions' });
  const n = useWords(filterWords);
  const filtered = search.status !== undefined || isNarrowed(search);
  const query = useQuery(executionsQuery(search));
  const total = query.data?.total;
  const choose = (status: (typeof FILTERS)[number] | undefined) => void navigate({ search: (old) => ({ ...old, status, after: undefined }) });
  return (
    <>
      <Top
        title={w.title}
        sub={total === null || total === undefined ? ' ' : filtered ? n.found(f.number(total)) : w.sub(f.number(total))}
        actions={
          <>
            <CopyAs small forms={() => formsOf(search)} />
            <Link className="btn primary" to="/o/$org/workflows" params={{ org }}>
              <Icon of={Play} />
              {s.runOne}
            </Link>
          </>
        }
      />
      <div className="tools">
        <div className="filters" role="group" aria-label={w.state}>
          <button type="button" className="filter" aria-pressed={!search.status} onClick={() => choose(undefined)}>
            {w.all}
          </button>
          {FILTERS.map((one) => (
            <button key={one} type="button" className="filter" aria-pressed={search.status === one} onClick={() => choose(search.status === one ? undefined : one)}>
              {w.states[one]}
            </button>
          ))}
        </div>
        <Narrowing />
      </div>
      <Loaded query={query} rows={8}>
        {({ rows, next }) =>
          rows.length === 0 && filtered ? (
            <Empty
              title={s.noMatch}
              action={
                <button type="button" className="btn" onClick={() => void navigate({ search: {} })}>
                  {s.clearFilters}
                </button>
              }
            >
              {s.noMatchText}
            </Empty>
          ) : (
            <>
              <ExecutionTable rows={rows} />
              <div className="page-foot">
                {rows.length > 0 && total !== null && total !== undefined && <span>{search.after ? f.number(total) : s.of('1', f.number(rows.length), f.number(total))}</span>}
                <span className="end">
                  {search.after && (
                    <button type="button" className="btn small" onClick={() => history.back()}>
                      {s.earlier}
                    </button>
                  )}
                  {next && (
                    <Link className="btn small" from="/o/$org/executions" to="." search={(old) => ({ ...old, after: next })}>
                      {s.next(PAGE)}
                    </Link>
                  )}
                </span>
              </div>
            </>
          )
        }
      </Loaded>
    </>
  );
}
