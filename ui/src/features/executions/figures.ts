/** Figures of an execution, worked out from what the platform tells. Pure. */
import type { Execution, Job, Step } from './queries';

/** Seconds between two times; until now where the second has not come. */
export function seconds(from: string | null | undefined, to: string | null | undefined, now: number = Date.now()): number {
  if (!from) return 0;
  return Math.max(0, ((to ? Date.parse(to) : now) - Date.parse(from)) / 1000);
}

export { shortId } from '@/components/value';

export type Progress = { steps: number; stepsDone: number; stepsFailed: number; stepsCancelled: number; stepsSkipped: number; jobs: number; jobsDone: number; share: number };

export function progress(execution: Execution): Progress {
  const steps: Step[] = execution.steps ?? [];
  const ended = (state: string): number => steps.filter((step) => step.state === state).length;
  const over = (step: Step): boolean => ['FAILED', 'CANCELED', 'SKIPPED'].includes(step.state);
  const shares = steps.map((step) => (step.state === 'FINISHED' ? 1 : over(step) || step.jobs === 0 ? 0 : step.jobs_ended / step.jobs));
  return {
    steps: steps.length,
    stepsDone: ended('FINISHED'),
    stepsFailed: ended('FAILED'),
    stepsCancelled: ended('CANCELED'),
    stepsSkipped: ended('SKIPPED'),
    jobs: steps.reduce((all, step) => all + step.jobs, 0),
    jobsDone: steps.reduce((all, step) => all + step.jobs_ended, 0),
    share: shares.length ? shares.reduce((a, b) => a + b, 0) / shares.length : 0,
  };
}

/** `next`: until when it should go on, where that was predicted. */
export type Lane = { job: Job; waitFrom: number; runFrom: number; to: number; ended: boolean; next?: number };
export type Cut = { at: number; length: number };
export type Drawn = { lanes: Lane[]; from: number; to: number; cuts: Cut[]; place: (time: number) => number };

const LONG_IDLE = 0.2;

export type Span = { from: number; to: number };

/** Lay jobs out over time; where nothing runs or waits for long, the time is cut out. Only what lies in `span`, if given. */
export function timeline(jobs: Job[], now: number = Date.now(), span?: Span, expected?: ReadonlyMap<string, number>): Drawn | null {
  const all = lanesOf(jobs, now, expected);
  const lanes = span ? all.filter((lane) => lane.to >= span.from && lane.waitFrom <= span.to).map((lane) => clipped(lane, span)) : all;
  if (lanes.length === 0) return null;
  const from = Math.min(...lanes.map((lane) => lane.waitFrom));
  const to = Math.max(from + 1000, ...lanes.map((lane) => lane.next ?? lane.to));
  const cuts = idle(lanes, from, to);
  const cutBefore = (time: number): number => cuts.reduce((sum, cut) => sum + Math.max(0, Math.min(time - cut.at, cut.length)), 0);
  const shown = to - from - cutBefore(to);
  return { lanes, from, to, cuts, place: (time) => (100 * (time - from - cutBefore(time))) / shown };
}

function clipped(lane: Lane, { from, to }: Span): Lane {
  const within = (time: number) => Math.min(Math.max(time, from), to);
  return { ...lane, waitFrom: within(lane.waitFrom), runFrom: within(lane.runFrom), to: within(lane.to), next: lane.next && lane.next > lane.to ? within(lane.next) : undefined };
}

function lanesOf(jobs: Job[], now: number, expected?: ReadonlyMap<string, number>): Lane[] {
  return jobs
    .filter((job) => job.submitted_at)
    .map((job): Lane => {
      const waitFrom = Date.parse(job.submitted_at as string);
      const to = job.ended_at ? Date.parse(job.ended_at) : now;
      const runFrom = job.started_at ? Date.parse(job.started_at) : to;
      const goesOn = job.state === 'RUNNING' && job.started_at ? expected?.get(job.step) : undefined;
      const next = goesOn !== undefined && runFrom + goesOn * 1000 > to ? runFrom + goesOn * 1000 : undefined;
      return { job, waitFrom, runFrom: Math.max(waitFrom, runFrom), to: Math.max(to, waitFrom), ended: job.state === 'ENDED', next };
    })
    .sort((a, b) => a.waitFrom - b.waitFrom || a.job.index - b.job.index);
}

function idle(lanes: Lane[], from: number, to: number): Cut[] {
  const least = (to - from) * LONG_IDLE;
  const cuts: Cut[] = [];
  let reached = from;
  for (const lane of lanes) {
    if (lane.waitFrom - reached > least) cuts.push({ at: reached, length: lane.waitFrom - reached });
    reached = Math.max(reached, lane.to);
  }
  return cuts;
}

/** Steps in columns, each after all that it needs of those that are drawn. */
export function columns(steps: { name: string; needs: string[] }[]): string[][] {
  const column = new Map<string, number>();
  const here = new Set(steps.map((step) => step.name));
  for (const step of steps) column.set(step.name, Math.max(0, ...step.needs.filter((need) => here.has(need)).map((need) => (column.get(need) ?? 0) + 1)));
  const found: string[][] = [];
  for (const [name, at] of column) (found[at] ??= []).push(name);
  return found;
}

type Meters = { ear: string; slurm: string; rapl: string; shared: string };

/** Which meters told an energy, each once and in words; what is not known here is told as the site said it. */
export function metersOf(source: string, names: Meters): string {
  const known = ([[/\bEAR\b/, names.ear], [/\b(sacct|sstat)\b/, names.slurm], [/\brapl\b/i, names.rapl], [/shared nodes split/, names.shared]] as const).flatMap(([pattern, name]) => (pattern.test(source) ? [name] : []));
  return known.length > 0 ? known.join(', ') : (source.split(/[,;]/)[0] ?? source);
}

/** What an execution was charged so far; null: it is another's, and only they are told. */
export function chargedOf({ figures }: Execution): number | null {
  return figures?.charged === null || figures?.charged === undefined ? null : Number(figures.charged);
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const EVERY = [1, 2, 5, 10, 15, 30].flatMap((n) => [n * SECOND, n * MINUTE]).concat([1, 2, 3, 6, 12, 24, 48, 168].map((n) => n * HOUR)).sort((a, b) => a - b);
const MARGIN = 5;
const APART = 22;

/** Round times to be marked, as far apart on the drawing as their words need; none where nothing round lies within. Pure. */
export function marksOf({ from, to, cuts, place }: Drawn): number[] {
  const away = new Date(from).getTimezoneOffset() * MINUTE;
  for (const every of EVERY.filter((one) => (to - from) / one < 500)) {
    const found: number[] = [];
    for (let at = Math.ceil((from - away) / every) * every + away; at < to; at += every) {
      const hidden = cuts.some((one) => at > one.at && at < one.at + one.length);
      if (!hidden && place(at) > MARGIN && place(at) < 100 - MARGIN) found.push(at);
    }
    if (found.every((at, index) => index === 0 || place(at) - place(found[index - 1] as number) >= APART)) return found;
  }
  return [];
}

/** What is reserved for its run covers no place that could take it now. */
export function needsMoney(job: Job): boolean {
  return job.state !== 'ENDED' && job.code === 'NEEDS_BUDGET';
}
