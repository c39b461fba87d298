import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Search, Workflow as WorkflowIcon } from 'lucide-react';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Empty } from '@/components/Note';
import { Top } from '@/components/Page';
import { Chip } from '@/components/Status';
import { words as shared } from '@/components/words';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { workflowsQuery, type Workflow } from './queries';
import './workflows.css';
import { words } from './words';

export function Catalogue() {
  const w = useWords(words);
  const f = useFormats();
  const { q, after } = useSearch({ from: '/o/$org/workflows' });
  const navigate = useNavigate({ from: '/o/$org/workflows' });
  const query = useQuery(workflowsQuery(after));
  const total = query.data?.total;
  const find = (typed: string) => void navigate({ search: (old) => ({ ...old, q: typed || undefined }), replace: true });
  return (
    <>
      <Top title={w.title} sub={total !== undefined && total !== null ? w.sub(f.number(total)) : ' '} />
      <div className="tools">
        <div className="search">
          <Icon of={Search} />
          <input className="input" type="search" aria-label={w.find} placeholder={w.find} value={q ?? ''} onChange={(event) => find(event.target.value)} />
        </div>
      </div>
      <Loaded query={query} rows={6}>
        {({ rows, next }) => <Table rows={rows} typed={q ?? ''} next={next} clear={() => find('')} />}
      </Loaded>
    </>
  );
}

function Table({ rows, typed, next, clear }: { rows: Workflow[]; typed: string; next: string | null; clear: () => void }) {
  const w = useWords(words);
  const s = useWords(shared);
  const fits = (one: Workflow) => `${one.name} ${one.title} ${one.description}`.toLowerCase().includes(typed.toLowerCase());
  const shown = rows.filter(fits);
  if (rows.length === 0) return <Empty title={w.none}>{w.noneText}</Empty>;
  if (shown.length === 0)
    return (
      <Empty
        title={s.noMatch}
        action={
          <button type="button" className="btn" onClick={clear}>
            {s.clearFilters}
          </button>
        }
      >
        {s.noMatchText}
      </Empty>
    );
  return (
    <>
      <div className="scroll">
        <table className="table flush stackable catalogue">
          <thead>
            <tr>
              <th scope="col">{w.workflow}</th>
              <th scope="col" className="num">
                {w.published}
              </th>
              <th scope="col">
                <span className="sr">{w.run}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <Row key={one.id} one={one} />
            ))}
          </tbody>
        </table>
      </div>
      {next && (
        <div className="page-foot">
          <Link className="btn small end" from="/o/$org/workflows" to="." search={(old) => ({ ...old, after: next })}>
            {s.next(50)}
          </Link>
        </div>
      )}
    </>
  );
}

function Row({ one }: { one: Workflow }) {
  const w = useWords(words);
  const f = useFormats();
  const { org } = useParams({ from: '/o/$org' });
  const name = one.title || one.name;
  return (
    <tr>
      <th scope="row">
        <span className="wf">
          <Icon of={WorkflowIcon} />
          <span>
            <Link className="name" to="/o/$org/workflows/$workflow" params={{ org, workflow: one.id }}>
              {name}
            </Link>{' '}
            <span className="t3">{w.version(one.version)}</span> {one.visibility === 'restricted' && <Chip>{w.restricted}</Chip>}
            <span className="t2 meta cut2">{one.description}</span>
          </span>
        </span>
      </th>
      <td className="num" data-l={w.published}>
        {f.day(one.published_at)}
        {one.published_by && <span className="t3 meta">{w.by(one.published_by)}</span>}
      </td>
      <td className="num act">
        <Link className="btn small" to="/o/$org/run/$workflow" params={{ org, workflow: one.id }} aria-label={w.runNamed(name)}>
          {w.run}
        </Link>
      </td>
    </tr>
  );
}
