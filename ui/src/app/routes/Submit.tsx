/** The wizard: inputs, resources, placement, review. Its draft is kept all along; its step is in the address. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ArrowRight, Check } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useBudget } from '@/api/budgets';
import { api, onceKey, told } from '@/api/client';
import { isProblem, type Pointed } from '@/api/problem';
import { myPayers, useMe } from '@/api/session';
import { CopyAs } from '@/components/CopyAs';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Loading } from '@/components/Loading';
import { Empty, Failure, Note, passes } from '@/components/Note';
import { useDetail } from '@/components/said';
import { Top } from '@/components/Page';
import { useDraft, type Draft, type Hold } from '@/features/executions/drafts';
import '@/features/placement/placement.css';
import { rankingQuery, STALE_AFTER, type Candidate, type Ranking } from '@/features/placement/queries';
import { inputsOf, templateQuery, type Template } from '@/features/workflows/queries';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { STEPS } from '../router';
import { Blockers, useBlockers } from './submit/blockers';
import { Changes } from './submit/Changes';
import { formsOf, orderOf } from './submit/copyAs';
import { Placement } from './submit/Placement';
import { Resources } from './submit/Resources';
import { Review } from './submit/Review';
import { words } from './submitWords';

const Inputs = lazy(() => import('./submit/Inputs'));

export type StepProps = { draft: Draft; change: (next: Partial<Draft>) => void; template: Template };
export type StepName = (typeof STEPS)[number];

export function Submit() {
  const { draft } = useParams({ from: '/o/$org/submit/$draft/$step' });
  return <Held key={draft} id={draft} />;
}

function Held({ id }: { id: string }) {
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org/submit/$draft/$step' });
  const hold = useDraft(id);
  const { draft } = hold;
  const template = useQuery({ ...templateQuery(draft?.workflow ?? '', draft?.request.version ?? undefined), enabled: Boolean(draft) });
  if (draft === undefined)
    return hold.error ? (
      <>
        <Top title={w.newRun} />
        <Failure error={hold.error} />
      </>
    ) : (
      <Loading rows={8} />
    );
  if (draft === null)
    return (
      <Empty
        title={w.gone}
        action={
          <Link className="btn" to="/o/$org/workflows" params={{ org }}>
            {w.toWorkflows}
          </Link>
        }
      >
        {w.goneText}
      </Empty>
    );
  return (
    <Loaded query={template} rows={8}>
      {(data) => <Wizard hold={hold} draft={draft} template={data} />}
    </Loaded>
  );
}

/** The chosen candidate; the first of the ranking until somebody chooses. */
export function chosenOf(ranking: Ranking | undefined, draft: Draft): Candidate | undefined {
  const wanted = ranking?.candidates.find((one) => one.cluster_id === draft.cluster && one.queue === draft.queue);
  return wanted ?? (draft.cluster ? undefined : ranking?.candidates[0]);
}

function Wizard({ hold, draft, template }: { hold: Hold; draft: Draft; template: Template }) {
  const { change } = hold;
  const w = useWords(words);
  const { org, step } = useParams({ from: '/o/$org/submit/$draft/$step' });
  const navigate = useNavigate();
  const client = useQueryClient();
  const ranks = step === 'placement' || step === 'review';
  const ranking = useQuery({ ...rankingQuery(draft.request), enabled: ranks });
  const chosen = chosenOf(ranking.data, draft);
  const [once] = useState(onceKey);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [moved, setMoved] = useState<{ before: Candidate; now: Candidate | undefined } | null>(null);
  const [tried, setTried] = useState<{ at: StepName; times: number }>({ at: step, times: 0 });
  const refused = error ?? (ranks ? ranking.error : null);
  const problems: Pointed[] = isProblem(refused) ? refused.problems : [];
  const name = template.title || template.name;
  const at = STEPS.indexOf(step);
  const go = (to: StepName) => {
    setError(null);
    setMoved(null);
    void navigate({ to: '/o/$org/submit/$draft/$step', params: { org, draft: draft.id, step: to } });
  };
  const blockers = useBlockers({ draft, template, step, ranking: { data: ranking.data, isPending: ranking.isPending, refetch: () => void ranking.refetch() }, chosen, problems, go });
  const times = tried.at === step ? tried.times : 0;
  const listed = blockers.length > 0 && (problems.length > 0 || times > 0 || (step === 'review' && ranking.data));
  const forward = () => {
    const after = STEPS[at + 1];
    if (step === 'inputs') document.getElementById('inputs-next')?.click();
    else if (blockers.length > 0 && ranks) setTried({ at: step, times: times + 1 });
    else if (after) go(after);
    else void submit();
  };
  const submit = async () => {
    if (busy || !chosen) return;
    setBusy(true);
    setError(null);
    setMoved(null);
    try {
      const fresh = await client.fetchQuery({ ...rankingQuery(draft.request), staleTime: STALE_AFTER });
      const now = chosenOf(fresh, draft);
      if (!now || differs(chosen, now)) {
        setBusy(false);
        setMoved({ before: chosen, now });
        return;
      }
      const made = await told(api.POST('/api/v1/organization/workflow/submit', { body: orderOf(draft, now), headers: { 'Idempotency-Key': once } }));
      hold.drop();
      void client.invalidateQueries({ queryKey: ['executions'] });
      await navigate({ to: '/o/$org/executions/$execution/{-$tab}', params: { org, execution: made.wid, tab: 'overview' } });
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <div className="wizard">
      <Top
        crumbs={[
          <Link key="all" to="/o/$org/workflows" params={{ org }}>
            {w.workflows}
          </Link>,
          <Link key="one" to="/o/$org/workflows/$workflow" params={{ org, workflow: template.id }}>
            {name}
          </Link>,
          <span key="run">{w.newRun}</span>,
        ]}
        title={w.titles[step](name)}
        actions={
          <>
            <KeptAt hold={hold} draft={draft} />
            <Copied step={step} draft={draft} chosen={chosen} />
            <Link className="btn not-s" to="/o/$org" params={{ org }} onClick={() => void hold.store()}>
              {w.later}
            </Link>
          </>
        }
      />
      <div className="wiz">
        <StepList at={at} go={go} />
        <Payer draft={draft} change={change} />
      </div>
      <Apart hold={hold} />
      {listed ? <Blockers blockers={blockers} tried={times} /> : problems.length === 0 && refused !== null && <Failure error={refused} retry={error ? undefined : () => void ranking.refetch()} />}
      {moved && <Moved {...moved} />}
      {step === 'inputs' && (
        <Suspense>
          <Inputs draft={draft} change={change} template={template} problems={problems} changes={<Changes draft={draft} template={template} />} onNext={() => go('resources')} />
        </Suspense>
      )}
      {step === 'resources' && <Resources draft={draft} change={change} template={template} />}
      {step === 'placement' && ranking.data && <Placement draft={draft} change={change} template={template} ranking={ranking.data} refresh={() => void ranking.refetch()} fetchedAt={ranking.dataUpdatedAt} fetching={ranking.isFetching} />}
      {step === 'review' && ranking.data && chosen && <Review draft={draft} change={change} template={template} chosen={chosen} />}
      {ranks && ranking.isPending && !ranking.isError && (
        <p className="t3 gap-top" role="status">
          {w.ranking}
        </p>
      )}
      <Dock step={step} go={go} chosen={chosen} busy={busy} forward={forward} />
    </div>
  );
}

function KeptAt({ hold, draft }: { hold: Hold; draft: Draft }) {
  const w = useWords(words);
  const f = useFormats();
  return (
    <span className="t3 xs not-s" role="status">
      {hold.saving.state === 'here' ? w.savedHere : w.saved} {f.clock(new Date(draft.savedAt))}
    </span>
  );
}

/** Where a draft is not kept as it should be: changed elsewhere too, or refused for good. */
function Apart({ hold: { saving, settle } }: { hold: Hold }) {
  const w = useWords(words);
  const detail = useDetail();
  if (saving.state === 'apart')
    return (
      <Note
        tone="warn"
        title={w.apart}
        actions={
          <>
            <button type="button" className="link" onClick={() => void settle('theirs')}>
              {w.takeTheirs}
            </button>
            <button type="button" className="link" onClick={() => void settle('mine')}>
              {w.keepMine}
            </button>
          </>
        }
      >
        {w.apartText}
      </Note>
    );
  if (saving.state !== 'here' || !isProblem(saving.problem) || passes(saving.problem) || saving.problem.status === 401) return null;
  return (
    <Note tone="warn" title={`${w.savedHere}.`}>
      {detail(saving.problem)}
    </Note>
  );
}

function StepList({ at, go }: { at: number; go: (step: StepName) => void }) {
  const w = useWords(words);
  return (
    <ol className="steps" aria-label={w.stepsLabel}>
      {STEPS.map((step, number) => {
        const nr = (
          <>
            <span className="nr">{number < at ? <Icon of={Check} /> : number + 1}</span>
            {w.steps[step]}
          </>
        );
        if (number === at)
          return (
            <li key={step} aria-current="step">
              {nr}
            </li>
          );
        return (
          <li key={step} className={number < at ? 'done' : undefined}>
            <button type="button" className="plain" onClick={() => go(step)}>
              {nr}
            </button>
          </li>
        );
      })}
    </ol>
  );
}

function Payer({ draft, change }: { draft: Draft; change: (next: Partial<Draft>) => void }) {
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
  const payers = myPayers(me);
  const project = payers.find((one) => one.name === draft.request.project || one.id === draft.request.project);
  const budget = useBudget(project?.id);
  if (payers.length > 1 || !project)
    return (
      <label className="end row">
        <span className="t3">{w.project}</span>
        <select className="select" id="payer" value={draft.request.project ?? ''} onChange={(event) => change({ request: { ...draft.request, project: event.target.value || undefined } })}>
          <option value="">{w.chooseProject}</option>
          {payers.map((one) => (
            <option key={one.id} value={one.name}>
              {one.name}
            </option>
          ))}
        </select>
        {budget && <b className="num">{f.money(budget.left, budget.currency)}</b>}
      </label>
    );
  return (
    <p className="end t2">
      <span className="t3">{w.pays(project.name)}</span>{' '}
      {budget ? (
        <>
          <b className="num">{f.money(budget.left, budget.currency)}</b> {w.left}
        </>
      ) : null}
    </p>
  );
}

/** The order as it stands, for elsewhere; the last step shows it open. */
function Copied({ step, draft, chosen }: { step: StepName; draft: Draft; chosen?: Candidate }) {
  return step === 'placement' && chosen ? <CopyAs forms={() => formsOf(orderOf(draft, chosen))} /> : null;
}

/** Whether somebody must look again: another place, or a price that is more than a twentieth off. */
function differs(before: Candidate, now: Candidate): boolean {
  const [was, is] = [Number(before.worst_case.amount), Number(now.worst_case.amount)];
  return before.cluster_id !== now.cluster_id || before.queue !== now.queue || Math.abs(is - was) > 0.05 * was;
}

function Moved({ before, now }: { before: Candidate; now: Candidate | undefined }) {
  const w = useWords(words);
  const f = useFormats();
  const said = (one: Candidate) => `${one.cluster}, ${f.money(one.worst_case.amount, one.worst_case.currency)}`;
  return (
    <Note tone="warn" title={w.changed}>
      {now ? w.changedTo(said(before), said(now)) : w.clusterGone}
    </Note>
  );
}

function Dock({ step, go, chosen, busy, forward }: { step: StepName; go: (step: StepName) => void; chosen: Candidate | undefined; busy: boolean; forward: () => void }) {
  const w = useWords(words);
  const f = useFormats();
  const at = STEPS.indexOf(step);
  const before = STEPS[at - 1];
  const estimate = chosen?.cost.value !== null && chosen ? `~${f.money(chosen.cost.value, chosen.worst_case.currency)}` : '';
  const next: Record<StepName, ReactNode> = {
    inputs: w.toResources,
    resources: w.toPlacement,
    placement: chosen ? w.toReview(chosen.cluster, estimate) : w.noCluster,
    review: chosen ? w.submit(chosen.cluster) : w.submitNone,
  };
  return (
    <div className="dock">
      {before && (
        <button type="button" className="btn" onClick={() => go(before)}>
          {w.back}
        </button>
      )}
      <p className="end t2 not-s num">{chosen && at >= 2 && `${chosen.cluster} · ${w.reserved(f.money(chosen.worst_case.amount, chosen.worst_case.currency))}`}</p>
      <button type="button" className="btn primary" aria-busy={busy} onClick={forward}>
        {next[step]}
        {step !== 'review' && <Icon of={ArrowRight} />}
      </button>
    </div>
  );
}

export { inputsOf };
