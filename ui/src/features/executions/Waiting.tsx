/** Why nothing runs yet: since when it waits, when it may begin, and the platform's own words for it. */
import { Note } from '@/components/Note';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { needsMoney, seconds } from './figures';
import type { Job } from './queries';
import { useJobText } from './saidWords';
import { words } from './words';

const WAITING = new Set(['PLACED', 'QUEUED']);

/** The job that has waited longest, unless something runs. Pure. */
export function longestWaiting(jobs: Job[]): Job | undefined {
  if (jobs.some((job) => job.state === 'RUNNING')) return undefined;
  return jobs.filter((job) => WAITING.has(job.state)).sort((a, b) => a.state_since.localeCompare(b.state_since))[0];
}

/** `wait`: the range in seconds that was predicted for the queue, as a whole. */
export function Waiting({ jobs, wait, now }: { jobs: Job[]; wait: { low: number; high: number } | null; now: number }) {
  const w = useWords(words);
  const f = useFormats();
  const jobText = useJobText();
  const job = longestWaiting(jobs);
  if (!job) return null;
  const age = seconds(job.submitted_at ?? job.state_since, null, now);
  const left = wait && job.state === 'QUEUED' ? { low: Math.max(0, wait.low - age), high: wait.high - age } : null;
  return (
    <Note tone={needsMoney(job) || job.code === 'no_cluster' ? 'warn' : 'info'} title={w.waitsSince(job.title || job.step, f.duration(age))}>
      {left && left.high > 0 && `${w.beginsIn(f.duration(left.low), f.duration(left.high))} `}
      {jobText(job, job.explanation ?? job.text)}
    </Note>
  );
}
