import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Search, Workflow as WorkflowIcon } from 'lucide-react';
import { may, useMe } from '@/api/session';
import { useUsual, type Usual } from '@/api/usual';
import { CopyAs } from '@/components/CopyAs';
import { copies } from '@/components/copies';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Empty } from '@/components/Note';
import { Top } from '@/components/Page';
import { Ranged } from '@/components/Ranged';
import { roundUp, ScaleWords, type Sure } from '@/components/RangeBar';
import { Chip } from '@/components/Status';
import { words as shared } from '@/components/words';
import { Day, Moment } from '@/components/Exact';
import { useWords } from '@/i18n';
import { between, sameUnit, timeScale, useFormats, type Scale } from '@/i18n/format';
import { ManageWorkflow, Publish, Withdrawn } from './Manage';
import { workflowsQuery, type Workflow } from './queries';
import './workflows.css';
import { Pin } from './Pin';
import { words } from './words';

export function Catalogue() {
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
  const { q, after, gone } = useSearch({ from: '/o/$org/workflows' });
  const navigate = useNavigate({ from: '/o/$org/workflows' });
  const query = useQuery(workflowsQuery(after));
  const total = query.data?.total;
  const find = (typed: string) => void navigate({ search: (old) => ({ ...old, q: typed || undefined }), replace: true });
  return (
    <>
      <Top title={w.title} sub={total !== undefined && total !== null ? w.sub(f.number(total)) : ' '} actions={<><CopyAs small forms={() => copies.workflows(gone)} /><Publish /></>} />
      <div className="tools">
        <div className="search">
          <Icon of={Search} />
          <input className="input" type="search" aria-label={w.find} placeholder={w.find} value={q ?? ''} onChange={(event) => find(event.target.value)} />
        </div>
        {may(me, 'workflow.publish') && (
          <button type="button" className="filter end" aria-pressed={gone ?? false} onClick={() => void navigate({ search: (old) => ({ ...old, gone: gone ? undefined : true, after: undefined }), replace: true })}>
            {w.gone}
          </button>
        )}
      </div>
      {gone ? (
        <Withdrawn />
      ) : (
        <Loaded query={query} rows={6}>
          {({ rows, next }) => <Table rows={rows} typed={q ?? ''} next={next} clear={() => find('')} />}
        </Loaded>
      )}
    </>
  );
}

function Table({ rows, typed, next, clear }: { rows: Workflow[]; typed: string; next: string | null; clear: () => void }) {
  const w = useWords(words);
  const s = useWords(shared);
  const fits = (one: Workflow) => `${one.name} ${one.title} ${one.description}`.toLowerCase().includes(typed.toLowerCase());
  const shown = rows.filter(fits);
  const f = useFormats();
  const usual = useUsual();
  const sees = may(useMe(), 'cost.read');
  const columns = columnsOf(shown.flatMap((one) => usual.of(one.id) ?? []), sees);
  if (rows.length === 0)
    return (
      <Empty title={w.none} action={<Publish />} docs="guides/write-a-workflow">
        {w.noneText}
      </Empty>
    );
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
              {columns.sees && (
                <th scope="col" className="rg">
                  {w.usualCost}
                  {columns.cost > 0 && <ScaleWords words={[f.money(0, columns.currency).replace(/[.,]00/, ''), f.figure(columns.cost / 2), f.figure(columns.cost)]} />}
                </th>
              )}
              <th scope="col" className="rg">
                {w.usualTime}
                {columns.time > 0 && <ScaleWords words={['0', f.figure(columns.time / 2 / columns.scale.factor), `${f.figure(columns.time / columns.scale.factor)} ${columns.scale.unit}`]} />}
              </th>
              <th scope="col" className="num">
                {w.runs}
              </th>
              <th scope="col" className="num wide">
                {w.published}
              </th>
              <th scope="col">
                <span className="sr">{w.run}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <Row key={one.id} one={one} columns={columns} usual={usual.of(one.id)} waits={usual.waits} />
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

type Columns = { sees: boolean; cost: number; currency: string | null; time: number; scale: Scale };

function columnsOf(rows: Usual[], sees: boolean): Columns {
  const longest = Math.max(0, ...rows.map((one) => one.time?.high ?? 0));
  const scale = timeScale(longest);
  const dearest = Math.max(0, ...rows.map((one) => one.cost?.high ?? 0));
  return {
    sees,
    cost: dearest > 0 ? roundUp(dearest) : 0,
    currency: rows.find((one) => one.currency)?.currency ?? null,
    time: longest > 0 ? roundUp(longest / scale.factor) * scale.factor : 0,
    scale,
  };
}

/** Few runs say little: the fewer, the fainter the band. */
const sureOf = (runs: number): Sure => (runs >= 10 ? 'high' : runs >= 3 ? 'fair' : 'low');

function Span({ span, runs, waits, top, show, plain, alone }: { span: Usual['time'] | undefined; runs: number; waits: boolean; top: number; show: (value: number) => string; plain: (value: number) => string; alone: (value: number) => string }) {
  const w = useWords(words);
  if (!span && waits) return <span className="t3">–</span>;
  if (!span && runs > 0) return <span className="t3">{w.notYours}</span>;
  if (!span)
    return (
      <>
        <span className="t3">{w.notKnown}</span>
        <span className="t3 xs meta">{w.noRunYet}</span>
      </>
    );
  const [low, high] = [plain(span.low), show(span.high)];
  return <Ranged range={{ low: span.low, high: span.high, at: span.median }} top={top} sure={sureOf(runs)}>{runs === 1 || alone(span.low) === alone(span.high) ? alone(span.median) : between(low, high)}</Ranged>;
}

function Row({ one, usual, waits, columns }: { one: Workflow; usual: Usual | undefined; waits: boolean; columns: Columns }) {
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
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
      {columns.sees && (
        <td className="rg" data-l={w.usualCost}>
          <Span span={usual?.cost} runs={usual?.runs ?? 0} waits={waits} top={columns.cost} show={(value) => f.money(value, null)} plain={(value) => f.money(value, usual?.currency)} alone={(value) => f.money(value, usual?.currency)} />
        </td>
      )}
      <td className="rg" data-l={w.usualTime}>
        <Span span={usual?.time} runs={usual?.runs ?? 0} waits={waits} top={columns.time} show={f.duration} plain={(value) => sameUnit(f.duration(value), f.duration(usual?.time?.high ?? 0))} alone={f.duration} />
      </td>
      <td className="num" data-l={w.runs}>
        {usual ? w.ran(usual.runs) : waits ? '–' : w.ran(0)}
        {usual && <span className="t3 meta"><Moment at={usual.last_at} /></span>}
      </td>
      <td className="num wide" data-l={w.published}>
        <Day at={one.published_at} />
        <span className="t3 meta">{w.by(one.publisher ?? w.platform)}</span>
      </td>
      <td className="num act">
        <Link className="btn small" to="/o/$org/run/$workflow" params={{ org, workflow: one.id }} aria-label={w.runNamed(name)}>
          {w.run}
        </Link>
        {may(me, 'workflow.run') && <Pin workflow={one} />}
        <ManageWorkflow workflow={one} />
      </td>
    </tr>
  );
}
