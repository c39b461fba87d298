/** One run: what it is doing, where, at what cost, and what it gave. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { RotateCw } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { may, useMe } from '@/api/session';
import { CopyAs } from '@/components/CopyAs';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Loading } from '@/components/Loading';
import { FigureStrip, Section, Top } from '@/components/Page';
import { Meter } from '@/components/Meter';
import { saveFigures } from '@/components/Plot';
import { RangeBar, roundUp } from '@/components/RangeBar';
import { Chip } from '@/components/Status';
import { useTabInSight } from '@/components/Tabs';
import { words as shared } from '@/components/words';
import { Cancelling, mayCancel } from '@/features/executions/Cancelling';
import { CostPanel, MeasuredEnergy } from '@/features/executions/CostPanel';
import '@/features/executions/executions.css';
import { metersOf, needsMoney, progress, seconds, shortId } from '@/features/executions/figures';
import { Graph } from '@/features/executions/Graph';
import { Log, type LogSearch } from '@/features/executions/Log';
import { drawNow, powerOver, type Draw } from '@/features/executions/power';
import { costQuery, executionQuery, hasEnded, jobsQuery, MOST_USED, resultsQuery, usagesQuery, type Cost, type Execution, type Job, type Usage as Used } from '@/features/executions/queries';
import { Reserving } from '@/features/executions/Reserving';
import { mayRestart, Restarting } from '@/features/executions/Restarting';
import { Results } from '@/features/executions/Results';
import { ExecutionStatus, jobFailed } from '@/features/executions/states';
import { jobFigures, Timeline, useNow } from '@/features/executions/Timeline';
import { Usage } from '@/features/executions/Usage';
import { Waiting } from '@/features/executions/Waiting';
import { words, type Words } from '@/features/executions/words';
import { chosenOf, drawn, timeToResult, type Drawn } from '@/features/placement/figures';
import { decisionQuery, type Decision } from '@/features/placement/queries';
import { templateQuery } from '@/features/workflows/queries';
import { Energy, Moment, told } from '@/components/Exact';
import { useWhyNoEnergy } from '@/features/executions/saidWords';
import { useWhyNot } from '@/features/placement/saidWords';
import { useWords } from '@/i18n';
import { spanned, useFormats, type Formats } from '@/i18n/format';
import { TABS } from '../router';
import { ExecutionFailed } from './ExecutionFailed';
import { formsOf, ordered, type Order } from './submit/copyAs';

const ROUTE = '/o/$org/executions/$execution/{-$tab}';

const DecisionView = lazy(async () => ({ default: (await import('@/features/placement/DecisionView')).DecisionView }));
const Details = lazy(async () => ({ default: (await import('@/features/executions/Details')).Details }));

export function ExecutionPage() {
  const { execution: id } = useParams({ from: ROUTE });
  const w = useWords(words);
  const query = useQuery(executionQuery(id));
  return (
    <Loaded query={query} rows={8} page={`${w.execution} ${shortId(id)}`}>
      {(execution) => <Page key={execution.wid} execution={execution} />}
    </Loaded>
  );
}

/** The order that makes the same run again, at the same place. */
function orderLike({ wtid, version, parameters, policy, cluster, project }: Execution['configuration']): Order {
  return ordered({ wtid, version, parameters, policy: policy as Order['policy'], cluster, project });
}

function Page({ execution }: { execution: Execution }) {
  const w = useWords(words);
  const me = useMe();
  const { org } = useParams({ from: '/o/$org' });
  const { tab } = useParams({ from: ROUTE });
  const [cancelling, setCancelling] = useState(false);
  const [restarting, setRestarting] = useState(false);
  const [reserving, setReserving] = useState(false);
  const { wid, configuration } = execution;
  const row = useTabInSight(tab);
  const jobs = useQuery(jobsQuery(wid));
  const cost = useQuery(costQuery(wid));
  const decision = useQuery(decisionQuery(wid));
  const over = hasEnded(execution.status);
  const rows = jobs.data?.rows ?? [];
  const failed = rows.filter(jobFailed);
  const begun = rows.some((job) => job.started_at);
  const used = useQuery({ ...usagesQuery(wid, !over), enabled: begun && rows.length <= MOST_USED && (!over || tab === 'timeline' || tab === 'overview') });
  return (
    <>
      <Top
        crumbs={[
          <Link key="all" to="/o/$org/executions" params={{ org }}>
            {w.title}
          </Link>,
          <span key="id" className="mono">
            {shortId(wid)}
          </span>,
        ]}
        title={configuration.name}
        sub={
          <span className="row wrap">
            <ExecutionStatus status={execution.status} />
            {configuration.cluster && (
              <span>
                {w.on}{' '}
                <Link to="/o/$org/clusters/$cluster" params={{ org, cluster: configuration.cluster }}>
                  {configuration.cluster}
                </Link>
              </span>
            )}
            <span className="t3">
              {w.byUser(execution.owner.user)}, {told(w.since, <Moment at={execution.submit_time} />)}
            </span>
          </span>
        }
        actions={
          <>
            {mayCancel(me, execution) && (
              <button type="button" className="btn danger" onClick={() => setCancelling(true)}>
                {w.cancel}
              </button>
            )}
            {!over && rows.some(needsMoney) && (execution.owner.user === me.preferred_username || may(me, 'budget.manage')) && (
              <button type="button" className="btn primary" onClick={() => setReserving(true)}>
                {w.reserveMore}
              </button>
            )}
            {mayRestart(me, execution) && (
              <button type="button" className="btn" onClick={() => setRestarting(true)}>
                {w.restart}
              </button>
            )}
            <CopyAs forms={() => ({ ...formsOf(orderLike(configuration)), link: location.href })} />
            {may(me, 'workflow.run') && (
              <Link className="btn" to="/o/$org/run/$workflow" params={{ org, workflow: configuration.wtid }} search={{ again: wid }}>
                <Icon of={RotateCw} />
                {w.again}
              </Link>
            )}
          </>
        }
      />
      <Strip execution={execution} cost={cost.data} decision={decision.data} draw={over ? null : drawNow((used.data?.rows ?? []).filter((one) => rows.some((job) => job.id === one.job && job.state === 'RUNNING')))} />
      <nav ref={row} className="tabs" aria-label={configuration.name}>
        {TABS.map((one) => (
          <Link key={one} to={ROUTE} params={{ org, execution: wid, tab: one }} activeOptions={{ exact: true, includeSearch: false }} aria-current={tab === one ? 'page' : undefined}>
            {w.tabs[one]}
            {one === 'logs' && failed.length > 0 && (
              <Chip tone="bad" glyph="bad">
                {failed.length}
              </Chip>
            )}
          </Link>
        ))}
      </nav>
      <ExecutionFailed execution={execution} failed={failed} />
      {!over && <Queueing jobs={rows} decision={decision.data} />}
      <Loaded query={jobs} rows={8}>
        {(data) => <Body execution={execution} jobs={data.rows} cost={cost.data} decision={decision.data} used={used.data?.rows ?? []} />}
      </Loaded>
      {tab === 'cost' && <Loaded query={cost}>{(data) => <CostTab cost={data} execution={wid} jobs={rows} />}</Loaded>}
      {tab === 'decision' && <Suspense fallback={<Loading rows={8} />}><Loaded query={decision}>{(data) => <DecisionView decision={data} />}</Loaded></Suspense>}
      {reserving && !decision.isPending && <Lacking execution={execution} cost={cost.data} decision={decision.data} onClose={() => setReserving(false)} />}
      {restarting && <Restarting execution={execution} onClose={() => setRestarting(false)} />}
      {cancelling && <Cancelling rows={[execution]} onClose={() => setCancelling(false)} />}
    </>
  );
}

function CostTab({ cost, execution, jobs }: { cost: Cost; execution: string; jobs: Job[] }) {
  const w = useWords(words);
  const { step, index } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  return (
    <div className="grid2 even">
      <Section panel title={w.tabs.cost} aside={<span className="end"><CostState cost={cost} /></span>}>
        <CostPanel cost={cost} />
      </Section>
      <Usage execution={execution} jobs={jobs} which={{ step, index }} choose={(next) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true })} />
    </div>
  );
}

/** Seconds that one job of each step should run where it was placed. */
function expectedOf(decision: Decision | null | undefined): Map<string, number> {
  const told = (chosenOf(decision)?.predictions ?? []) as { step: string; time: { value: number | null } }[];
  return new Map(told.flatMap((one) => (one.time.value === null ? [] : [[one.step, one.time.value] as const])));
}

function Queueing({ jobs, decision }: { jobs: Job[]; decision: Decision | null | undefined }) {
  const now = useNow(true);
  const chosen = chosenOf(decision);
  return <Waiting jobs={jobs} wait={chosen ? drawn(chosen.wait) : null} now={now} />;
}

function Body({ execution, jobs, cost, decision, used }: { execution: Execution; jobs: Job[]; cost: Cost | undefined; decision: Decision | null | undefined; used: Used[] }) {
  const w = useWords(words);
  const { tab } = useParams({ from: ROUTE });
  const { step, index, stream, q, level, wrap, times, from, to } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const template = useQuery(templateQuery(execution.configuration.wtid));
  const results = useQuery({ ...resultsQuery(execution.wid), enabled: execution.status === 'FINISHED' });
  const [listed, setListed] = useState(false);
  const [failedOnly, setFailedOnly] = useState(false);
  const [tabled, setTabled] = useState(false);
  const shapes = template.data?.steps.map((one) => ({ name: one.name, needs: one.needs })) ?? [];
  const steps = execution.steps ?? [];
  const expected = useMemo(() => expectedOf(decision), [decision]);
  const power = useMemo(() => powerOver(used), [used]);
  const which: LogSearch = { step, index, stream, q, level, wrap, times };
  const choose = (next: LogSearch) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true, resetScroll: false });
  const graph = <Graph steps={steps} shapes={shapes} asList={listed} failedOnly={failedOnly} />;
  const listButton = (
    <span className="row end">
      {!listed && steps.some((one) => one.state === 'FAILED') && (
        <button type="button" className="filter" aria-pressed={failedOnly} onClick={() => setFailedOnly(!failedOnly)}>
          {w.failedOnly}
        </button>
      )}
      <button type="button" className="btn quiet small" onClick={() => setListed(!listed)}>
        {listed ? w.asGraph : w.list}
      </button>
    </span>
  );
  const span = from !== undefined && to !== undefined && from < to ? { from, to } : undefined;
  const brush = (next: typeof span) => void navigate({ search: (old) => ({ ...old, from: next?.from, to: next?.to }), replace: true });
  const lanes = <Timeline jobs={jobs} status={execution.status} asTable={tabled} span={span} choose={tab === 'timeline' ? brush : undefined} expected={expected} power={power} />;
  const tableButton = (
    <span className="end row">
      <button type="button" className="btn quiet small" aria-pressed={tabled} onClick={() => setTabled(!tabled)}>
        {tabled ? w.plot : w.table}
      </button>
      <button type="button" className="btn quiet small" aria-label={`${w.csv}: ${w.timeline}`} onClick={() => saveFigures(`${execution.wid}-jobs`, jobFigures(jobs, w))}>
        {w.csv}
      </button>
    </span>
  );
  const log = (tall: boolean) => <Log execution={execution.wid} status={execution.status} jobs={jobs} which={which} choose={choose} tall={tall} />;
  switch (tab) {
    case 'overview':
      return (
        <div className="stack-3">
          {results.data && results.data.rows.length > 0 && <Results results={results.data.rows} glance />}
          <div className="grid2">
            <Section panel title={w.graph} aside={listButton}>
              {graph}
            </Section>
            <Section panel title={w.timeline} aside={tableButton}>
              {lanes}
            </Section>
          </div>
          <div className="grid2">
            <section className="panel" aria-label={w.log}>
              {jobs.length > 0 ? log(false) : <p className="body t3">{w.noJobsText}</p>}
            </section>
            <Section panel title={w.tabs.cost} aside={<span className="end">{cost && <CostState cost={cost} />}</span>}>
              {cost && <CostPanel cost={cost} />}
            </Section>
          </div>
        </div>
      );
    case 'graph':
      return (
        <Section panel title={w.graph} aside={listButton}>
          {graph}
        </Section>
      );
    case 'timeline':
      return (
        <Section panel title={w.timeline} aside={tableButton}>
          {lanes}
        </Section>
      );
    case 'logs':
      return (
        <section className="panel" aria-label={w.log}>
          {jobs.length > 0 ? log(true) : <p className="body t3">{w.noJobsText}</p>}
        </section>
      );
    case 'results':
      return execution.status === 'FINISHED' ? <Loaded query={results}>{({ rows }) => <Results results={rows} />}</Loaded> : <Results results={[]} />;
    case 'details':
      return (
        <Suspense fallback={<Loading rows={8} />}>
          <Details execution={execution} titles={template.data} />
        </Suspense>
      );
    default:
      return null;
  }
}

function CostState({ cost }: { cost: Cost }) {
  const s = useWords(shared);
  if (cost.status === 'final') return <Chip>{s.final}</Chip>;
  return (
    <Chip tone="run" glyph="run">
      {s.accruing}
    </Chip>
  );
}

function Lacking({ execution, cost, decision, onClose }: { execution: Execution; cost: Cost | undefined; decision: Decision | null | undefined; onClose: () => void }) {
  return cost && <Reserving execution={execution} cost={cost} most={chosenOf(decision)?.worst_case.amount} onClose={onClose} />;
}

function Strip({ execution, cost, decision, draw }: { execution: Execution; cost: Cost | undefined; decision: Decision | null | undefined; draw: Draw | null }) {
  const whyNot = useWhyNot();
  const whyNone = useWhyNoEnergy();
  const w = useWords(words);
  const f = useFormats();
  const over = hasEnded(execution.status);
  const now = useNow(!over);
  const made = progress(execution);
  const didNot = ([['FAILED', made.stepsFailed], ['CANCELED', made.stepsCancelled], ['SKIPPED', made.stepsSkipped]] as const).flatMap(([state, n]) => (n > 0 ? [w.didNot[state](f.number(n))] : []));
  const chosen = chosenOf(decision);
  const time = seconds(execution.submit_time, execution.end_time, now);
  const expected = chosen ? timeToResult(chosen) : null;
  const expectedCost = chosen ? drawn(chosen.cost) : null;
  const money = (amount: number | string) => f.money(amount, cost?.currency || 'EUR');
  const expectedEnergy = chosen ? drawn(chosen.energy) : null;
  const charged = cost?.charged ? Number(cost.charged) : null;
  const costNote = () => {
    const range = expectedCost && f.amounts(expectedCost.low, expectedCost.high, cost?.currency || 'EUR');
    if (over) return range ? w.range(range) : undefined;
    const most = charged !== null && Number(cost?.reserved) > 0 ? w.atMost(money(Math.max(Number(cost?.reserved), charged))) : null;
    return [range && w.estimated(range), most].filter(Boolean).join(' · ') || undefined;
  };
  return (
    <FigureStrip
      figures={[
        {
          label: w.steps,
          value: (
            <>
              {w.stepsDone(made.stepsDone, made.steps)} <small>{[w.done, ...didNot].join(', ')}</small>
            </>
          ),
          mid: <Meter thin parts={[{ share: made.share }]} label={w.stepsDone(made.stepsDone, made.steps)} />,
          note: made.jobs > 0 ? w.jobsDone(f.number(made.jobsDone), made.jobs, f.number(made.jobs)) : undefined,
        },
        {
          label: over ? w.time : w.elapsed,
          value: f.duration(time),
          mid: expected && <Against range={expected} actual={time} />,
          note: expected ? w.predicted(spanned(f.duration(expected.low), f.duration(expected.high))) : decision === undefined ? undefined : ((!over && whyNot(chosen?.time.reason ?? null)) || w.notPredicted),
        },
        {
          label: (
            <>
              {w.cost} {cost && <CostState cost={cost} />}
            </>
          ),
          value: charged === null ? '–' : money(charged),
          mid: expectedCost && charged !== null && <Against range={expectedCost} actual={charged} />,
          note: costNote(),
        },
        energyFigure(cost, over ? null : expectedEnergy, whyNone, w, f),
        ...(draw ? [powerFigure(draw, w, f)] : []),
      ]}
    />
  );
}

/** What was measured; before anything is, what was predicted, as long as it runs. */
function energyFigure(cost: Cost | undefined, expected: Drawn | null, whyNone: ReturnType<typeof useWhyNoEnergy>, w: Words, f: Formats) {
  if (!cost) return { label: w.energy, value: '–' };
  if (cost.energy_j === null && expected)
    return {
      label: (
        <>
          {w.energy} <Estimated />
        </>
      ),
      value: <Energy joules={expected.at} />,
      note: w.range(spanned(f.energy(expected.low), f.energy(expected.high))),
    };
  if (cost.energy_j === null) return { label: w.energy, value: <MeasuredEnergy cost={cost} />, note: whyNone(cost) };
  return {
    label: (
      <>
        {w.energy} <CostState cost={cost} />
      </>
    ),
    value: <MeasuredEnergy cost={cost} />,
    note: cost.energy_source ? w.energySource(metersOf(cost.energy_source, w.meters)) : undefined,
  };
}

function Estimated() {
  return <Chip>{useWords(shared).estimated}</Chip>;
}

function powerFigure(draw: Draw, w: Words, f: Formats) {
  const busy = draw.busy === null ? undefined : w.busyNow(f.percent(draw.busy), draw.cores);
  const why = draw.why ? ((w.usageWhy as Record<string, string>)[draw.why] ?? w.notMeasured) : undefined;
  return {
    label: w.powerNow,
    value: draw.watts === null ? <span className="t3 plain-v">{w.notKnown}</span> : <>{draw.several && <small>{w.atLeast} </small>}{f.power(draw.watts)}</>,
    note: [busy, why].filter(Boolean).join(' · ') || undefined,
  };
}

function Against({ range, actual }: { range: Drawn; actual: number }) {
  return <RangeBar range={{ low: range.low, high: range.high, at: actual }} top={roundUp(Math.max(range.high, actual) * 1.15)} sure={range.sure} />;
}
