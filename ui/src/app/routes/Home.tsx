/** What needs somebody, what runs, what ended, what is left to spend. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { PencilLine, Play, Trash2, Upload, UserPlus, Workflow as WorkflowIcon } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { budgetsQuery, type Budget } from '@/api/budgets';
import { clustersQuery, standing } from '@/api/clusters';
import { runningQuery } from '@/api/running';
import { narrowedTo, useProject } from '@/api/project';
import { may, myProjects, useMe } from '@/api/session';
import { usePins } from '@/api/pins';
import { useUsual, type Usual } from '@/api/usual';
import { done, refused } from '@/components/Done';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Loading } from '@/components/Loading';
import { Meter } from '@/components/Meter';
import { Section, Top } from '@/components/Page';
import { Status } from '@/components/Status';
import { draftsQuery, dropDraft, restoreDraft, type Kept } from '@/features/executions/drafts';
import { shortId } from '@/features/executions/figures';
import { executionsQuery, hasEnded, type Execution } from '@/features/executions/queries';
import { someWorkflowsQuery, workflowsQuery, type Workflow } from '@/features/workflows/queries';
import { Moment, told } from '@/components/Exact';
import { useEndReason } from '@/features/executions/saidWords';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import './home.css';
import { words } from './homeWords';
import { Lately } from './Lately';
import { Running } from './Running';

const RECENT_DAYS = 3;
const SHOWN = 6;

/** What those who keep the money see where others see what runs. */
const Spending = lazy(() => import('@/features/billing/Charged').then(({ ChargedLately }) => ({ default: ChargedLately })));

export function Home() {
  const w = useWords(words);
  const me = useMe();
  const { org } = useParams({ from: '/o/$org' });
  const project = useProject(me);
  const running = useQuery({ ...runningQuery, enabled: may(me, 'execution.read') });
  const recent = useQuery({ ...executionsQuery({}), enabled: may(me, 'execution.read') });
  const workflows = useQuery({ ...workflowsQuery(), enabled: may(me, 'workflow.read') });
  const ended = (recent.data?.rows ?? []).filter((one) => hasEnded(one.status));
  const [begun] = useState(Date.now);
  const needs = ended.filter((one) => one.status === 'FAILED' && begun - Date.parse(one.end_time ?? one.submit_time) < RECENT_DAYS * 86_400_000).slice(0, 3);
  const runs = running.data?.total ?? 0;
  const new_ = recent.data?.rows.length === 0;
  return (
    <>
      <Top
        title={w.title}
        sub={recent.data ? `${w.sub(runs, needs.length)}${needs.length === 0 ? ` ${w.onCourse}` : ''}` : ' '}
        actions={
          <>
            {may(me, 'data.write') && (
              <Link className="btn" to="/o/$org/data" params={{ org }}>
                <Icon of={Upload} />
                {w.upload}
              </Link>
            )}
            {may(me, 'workflow.run') && (
              <Link className="btn primary" to="/o/$org/workflows" params={{ org }}>
                <Icon of={Play} />
                {w.run}
              </Link>
            )}
          </>
        }
      />
      <div className="cols home">
        <div className="stack">
          {needs.length > 0 && <Attention rows={needs} />}
          {new_ && (may(me, 'workflow.run') || may(me, 'user.manage')) && <First workflow={workflows.data?.rows.find((one) => one.name === 'airfoil') ?? workflows.data?.rows[0]} />}
          {may(me, 'execution.read') && (
            <>
              <Section
                title={w.running}
                count={runs || undefined}
                aside={
                  <Link className="end" to="/o/$org/executions" params={{ org }} search={narrowedTo(me, project)}>
                    {w.all}
                  </Link>
                }
              >
                <Loaded query={running} rows={3}>
                  {({ rows }) => (rows.length ? <Running rows={rows.slice(0, SHOWN)} /> : <p className="t3 quiet">{w.nothingRuns}</p>)}
                </Loaded>
              </Section>
              {may(me, 'workflow.run') && <Drafts />}
              <Section title={w.lately} aside={ended.length > 0 && <span className="end t3 xs">{w.band}</span>}>
                <Loaded query={recent} rows={4}>
                  {() => (ended.length ? <Lately rows={ended.slice(0, SHOWN)} /> : <p className="t3 quiet">{w.nothingYet}</p>)}
                </Loaded>
              </Section>
            </>
          )}
          {!may(me, 'execution.read') && <LookedAfter />}
        </div>
        <Beside workflows={workflows.data?.rows ?? []} />
      </div>
    </>
  );
}

function Beside({ workflows }: { workflows: Workflow[] }) {
  const w = useWords(words);
  const me = useMe();
  return (
    <aside className="stack" aria-label={w.clusters}>
      {may(me, 'cost.read') && <Budgets />}
      {may(me, 'workflow.run') && <Pinned workflows={workflows} />}
      {may(me, 'cluster.read') && may(me, 'execution.read') && <Clusters />}
    </aside>
  );
}

/** What those look after who run nothing: the money, and the clusters. */
function LookedAfter() {
  const me = useMe();
  return (
    <>
      {may(me, 'ledger.read') && (
        <Suspense fallback={<Loading rows={6} />}>
          <Spending />
        </Suspense>
      )}
      {may(me, 'cluster.read') && <Clusters />}
    </>
  );
}

function Attention({ rows }: { rows: Execution[] }) {
  const endReason = useEndReason();
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org' });
  return (
    <Section title={w.attention} count={rows.length}>
      <ul className="att">
        {rows.map((one) => (
          <li key={one.wid}>
            <Status tone="bad" glyph="bad">
              {w.failed}
            </Status>
            <div>
              <p>
                <Link className="strong" to="/o/$org/executions/$execution/{-$tab}" params={{ org, execution: one.wid, tab: 'overview' }}>
                  {one.configuration.name}
                </Link>{' '}
                <Moment className="t3" at={one.end_time ?? one.submit_time} />
              </p>
              <p className="t2">{endReason(one)}</p>
            </div>
            <Link className="btn small" to="/o/$org/executions/$execution/{-$tab}" params={{ org, execution: one.wid, tab: 'overview' }} aria-label={`${w.look}: ${one.configuration.name} ${shortId(one.wid)}`}>
              {w.look}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const FEW = 4;

function Drafts() {
  const w = useWords(words);
  const f = useFormats();
  const { org } = useParams({ from: '/o/$org' });
  const client = useQueryClient();
  const drafts = useQuery(draftsQuery);
  const [all, setAll] = useState(false);
  const rows = drafts.data?.rows ?? [];
  if (rows.length === 0) return null;
  const remove = async (one: Kept) => {
    try {
      await dropDraft(client, one.id);
      done(w.removed(one.title), () => restoreDraft(client, one));
    } catch (caught) {
      refused(caught);
    }
  };
  return (
    <Section title={w.drafts} count={rows.length}>
      <ul className="list drafts">
        {rows.slice(0, all ? undefined : FEW).map((one) => (
          <li key={one.id}>
            <Icon of={PencilLine} />
            <span className="cut">
              <Link className="strong" to="/o/$org/submit/$draft/$step" params={{ org, draft: one.id, step: 'inputs' }}>
                {one.title}
              </Link>{' '}
              <span className="t3">
                {one.asked.project && `${one.asked.project} · `}
                {told(w.changed, <Moment at={one.updated_at} />)}
              </span>
            </span>
            <button type="button" className="icon" aria-label={w.remove(one.title, f.when(one.updated_at))} onClick={() => void remove(one)}>
              <Icon of={Trash2} />
            </button>
          </li>
        ))}
      </ul>
      {rows.length > FEW && (
        <button type="button" className="link gap-top" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? w.fewer : w.allDrafts(rows.length)}
        </button>
      )}
    </Section>
  );
}

/** Where nothing ran yet: the sample, data, people, each where one may. */
function First({ workflow }: { workflow: Workflow | undefined }) {
  const w = useWords(words);
  const me = useMe();
  const { org } = useParams({ from: '/o/$org' });
  const runs = workflow && may(me, 'workflow.run');
  return (
    <div className="empty">
      <h3>{w.first}</h3>
      <p>{runs ? w.firstRunText : w.firstText}</p>
      <p className="row wrap">
        {runs && (
          <Link className="btn" to="/o/$org/run/$workflow" params={{ org, workflow: workflow.id }}>
            <Icon of={Play} />
            {w.firstRun}: {workflow.title || workflow.name}
          </Link>
        )}
        {!runs && may(me, 'workflow.publish') && (
          <Link className="btn" to="/o/$org/workflows" params={{ org }}>
            <Icon of={WorkflowIcon} />
            {w.firstPublish}
          </Link>
        )}
        {may(me, 'data.write') && (
          <Link className="btn" to="/o/$org/data" params={{ org }}>
            <Icon of={Upload} />
            {w.upload}
          </Link>
        )}
        {may(me, 'user.manage') && (
          <Link className="btn" to="/o/$org/organization/{-$tab}" params={{ org, tab: 'users' }}>
            <Icon of={UserPlus} />
            {w.firstInvite}
          </Link>
        )}
      </p>
    </div>
  );
}

function Budgets() {
  const w = useWords(words);
  const me = useMe();
  const budgets = useQuery(budgetsQuery);
  const projects = new Map(myProjects(me).map((one) => [one.id, one.name]));
  return (
    <Loaded query={budgets} rows={3}>
      {({ rows }) =>
        rows.filter((one) => !one.closed).length ? (
          rows
            .filter((one) => !one.closed)
            .slice(0, 2)
            .map((one) => <BudgetBlock key={one.id} budget={one} name={one.title || projects.get(one.project ?? '') || ''} />)
        ) : (
          <p className="t3">{w.noBudget}</p>
        )
      }
    </Loaded>
  );
}

function BudgetBlock({ budget, name }: { budget: Budget; name: string }) {
  const w = useWords(words);
  const f = useFormats();
  const money = (amount: string) => f.money(amount, budget.currency);
  const all = Number(budget.amount) || 1;
  return (
    <Section title={w.budget(name)} aside={<span className="end t3 xs">{w.spans[budget.period as 'once'] ?? ''}</span>}>
      <p className="big num">
        {money(budget.left)} <span className="unit">{w.leftOf(money(budget.amount))}</span>
      </p>
      <Meter parts={[{ share: Number(budget.spent) / all }, { share: Number(budget.reserved) / all, kind: 'held' }]} label={w.meter(money(budget.spent), money(budget.reserved), money(budget.left), money(budget.amount))} />
      <ul className="key">
        <li>
          <i style={{ background: 'var(--accent)' }} />
          {w.spent(money(budget.spent))}
        </li>
        <li>
          <i className="held" />
          {w.reserved(money(budget.reserved))}
        </li>
      </ul>
    </Section>
  );
}

/** What ran last comes first; what never ran keeps its place at the end. */
function lastRun(workflows: Workflow[], usual: ReturnType<typeof useUsual>['of']): Workflow[] {
  const at = (one: Workflow) => usual(one.id)?.last_at ?? '';
  return [...workflows].sort((a, b) => at(b).localeCompare(at(a)));
}

/** The workflows that somebody pinned; where they pinned none, those that ran last. */
function Pinned({ workflows }: { workflows: Workflow[] }) {
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org' });
  const usual = useUsual();
  const { pins } = usePins(useMe());
  const beyond = pins.filter((id) => !workflows.some((one) => one.id === id));
  const more = useQuery({ ...someWorkflowsQuery(beyond), enabled: workflows.length > 0 && beyond.length > 0 }).data?.rows ?? [];
  const all = [...workflows, ...more];
  const kept = pins.flatMap((id) => all.find((one) => one.id === id) ?? []);
  const rows = kept.length > 0 ? kept : lastRun(workflows, usual.of).slice(0, 5);
  if (rows.length === 0) return null;
  return (
    <Section title={kept.length > 0 ? w.pinned : w.workflows}>
      <ul className="list pin">
        {rows.map((one) => (
          <li key={one.id}>
            <Icon of={WorkflowIcon} />
            <span className="priced">
              <Link className="strong" to="/o/$org/workflows/$workflow" params={{ org, workflow: one.id }}>
                {one.title || one.name}
              </Link>
              <Cost of={usual.of(one.id)} />
            </span>
            <Link className="btn small" to="/o/$org/run/$workflow" params={{ org, workflow: one.id }} aria-label={w.runNamed(one.title || one.name)}>
              {w.runShort}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What it usually costs, where that is known. */
function Cost({ of: usual }: { of: Usual | undefined }) {
  const f = useFormats();
  if (!usual?.cost) return null;
  return <span className="t3 num">{f.amounts(usual.cost.low, usual.cost.high, usual.currency)}</span>;
}

function Clusters() {
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org' });
  const clusters = useQuery(clustersQuery);
  const said = w.clusterStates as Record<string, string>;
  const look = (state: string) => (state === 'READY' ? (['ok', 'ok'] as const) : state.startsWith('STOPPED') ? (['bad', 'bad'] as const) : state === 'UNREACHABLE' ? (['warn', 'warn'] as const) : (['idle', 'stop'] as const));
  return (
    <Section title={w.clusters}>
      <Loaded query={clusters} rows={3}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className="t3 quiet">{w.noClusters}</p>
          ) : (
            <ul className="list cl">
              {rows.slice(0, 8).map((one) => (
                <li key={one.id}>
                  <Status tone={look(standing(one))[0]} glyph={look(standing(one))[1]}>
                    {said[standing(one)] ?? one.state.toLowerCase()}
                  </Status>
                  <span className="cut">
                    <Link className="name" to="/o/$org/clusters/$cluster" params={{ org, cluster: one.name }}>
                      {one.name}
                    </Link>{' '}
                    <span className="t3">{one.location}</span>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}
