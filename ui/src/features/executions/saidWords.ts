import { useSaid } from '@/i18n/said';
import type { Cost, Execution, Job, Step } from './queries';

type Told = Pick<Job, 'code' | 'text' | 'why' | 'state' | 'cluster' | 'exit_code' | 'reason'>;

/** How a job stands, in the reader's language; `english`: what the platform says of it, if not its text. */
export function useJobText(): (job: Told, english?: string | null) => string {
  const said = useSaid('jobs');
  return (job, english = job.text) => said(job.code, { cluster: job.cluster, exit_code: job.exit_code, reason: job.reason, text: job.text, why: job.why, state: job.state }, english ?? '');
}

/** Why an execution ended badly, in the reader's language. */
export function useEndReason(): (execution: Execution) => string | null {
  const said = useSaid('jobs');
  return ({ reason, failure }) => {
    if (!failure || reason === null) return reason;
    const own = said(failure.code, { exit_code: failure.exit_code, text: reason, title: failure.title, why: failure.why }, '');
    return own ? `${failure.title}: ${own}` : reason;
  };
}

/** Why it is not known how much energy an execution took, in the reader's language. */
export function useWhyNoEnergy(): (cost: Cost) => string {
  const said = useSaid('energy');
  return ({ energy_why: why, energy_reason: english }) => said(why?.code, why?.facts, english ?? '');
}

/** Why a step did not finish, in the reader's language. */
export function useStepReason(): (step: Step) => string | null {
  const of = useSaid('steps');
  const job = useSaid('jobs');
  return ({ state, reason, failure, started_at: started }) => {
    if (failure) return job(failure.code, { exit_code: failure.exit_code, text: reason, why: failure.why }, reason ?? '');
    return of(state === 'CANCELED' && !started ? 'CANCELED_BEFORE' : state, {}, reason ?? '');
  };
}
