/** The platform's words for states, as glyph, word and colour. */
import { Status, type GlyphName, type Tone } from '@/components/Status';
import { useWords } from '@/i18n';
import { needsMoney } from './figures';
import type { Job } from './queries';
import { words } from './words';

type Look = { tone: Tone; glyph: GlyphName };

const EXECUTION: Record<string, Look> = {
  SUBMIT_IN_PROGRESS: { tone: 'idle', glyph: 'wait' },
  PENDING: { tone: 'idle', glyph: 'wait' },
  RUN_IN_PROGRESS: { tone: 'run', glyph: 'run' },
  CANCEL_IN_PROGRESS: { tone: 'idle', glyph: 'stop' },
  CANCELED: { tone: 'idle', glyph: 'stop' },
  FINISHED: { tone: 'ok', glyph: 'ok' },
  FAILED: { tone: 'bad', glyph: 'bad' },
};

const STEP: Record<string, Look> = {
  WAITING: { tone: 'idle', glyph: 'wait' },
  RUNNING: { tone: 'run', glyph: 'run' },
  FINISHED: { tone: 'ok', glyph: 'ok' },
  FAILED: { tone: 'bad', glyph: 'bad' },
  CANCELED: { tone: 'idle', glyph: 'stop' },
  SKIPPED: { tone: 'idle', glyph: 'skip' },
};

const UNKNOWN: Look = { tone: 'idle', glyph: 'wait' };

export function ExecutionStatus({ status }: { status: string }) {
  const w = useWords(words).status as Record<string, string>;
  const look = EXECUTION[status] ?? UNKNOWN;
  return (
    <Status tone={look.tone} glyph={look.glyph}>
      {w[status] ?? status.toLowerCase().replaceAll('_', ' ')}
    </Status>
  );
}

export function stepLook(state: string): Look {
  return STEP[state] ?? UNKNOWN;
}

export function StepStatus({ state }: { state: string }) {
  const w = useWords(words).stepStates as Record<string, string>;
  const look = stepLook(state);
  return (
    <Status tone={look.tone} glyph={look.glyph}>
      {w[state] ?? state.toLowerCase()}
    </Status>
  );
}

export function jobFailed(job: Job): boolean {
  return job.state === 'ENDED' && job.end !== 'SUCCEEDED' && job.end !== 'CANCELLED';
}

function jobLook(job: Job): Look {
  if (job.state === 'ENDED') {
    if (job.end === 'SUCCEEDED') return { tone: 'ok', glyph: 'ok' };
    return job.end === 'CANCELLED' ? { tone: 'idle', glyph: 'stop' } : { tone: 'bad', glyph: 'bad' };
  }
  if (job.code === 'retrying') return { tone: 'warn', glyph: 'retry' };
  if (job.state === 'RUNNING' || job.state === 'COLLECTING' || job.state === 'STAGING') return { tone: 'run', glyph: 'run' };
  return UNKNOWN;
}

export function JobStatus({ job }: { job: Job }) {
  const w = useWords(words).jobStates as Record<string, string>;
  const look = jobLook(job);
  const name = job.state === 'ENDED' ? (job.end === 'SUCCEEDED' || job.end === 'CANCELLED' ? job.end : 'FAILED') : needsMoney(job) ? 'NEEDS_BUDGET' : job.state;
  return (
    <Status tone={look.tone} glyph={look.glyph}>
      {w[name] ?? name.toLowerCase().replaceAll('_', ' ')}
    </Status>
  );
}
