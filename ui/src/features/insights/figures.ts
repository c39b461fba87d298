/** Figures of costs, energy and decisions. Pure. */
import type { Judged, Usage } from './queries';

export type Week = { week: string; parts: Map<string, Usage> };

const WEEK = 7 * 86_400_000;

/** Sums by project and week as weeks without a hole, oldest first; from `since` on, where that is before the first of them. */
export function weeks(rows: Usage[], since?: string): Week[] {
  const found = new Map<string, Map<string, Usage>>();
  for (const row of rows) {
    const [project = '', week = ''] = row.key.split(' ');
    if (!found.has(week)) found.set(week, new Map());
    found.get(week)?.set(project, row);
  }
  const known = [...found.keys()].sort();
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last) return [];
  const all: Week[] = [];
  const begin = since === undefined ? Date.parse(first) : Date.parse(first) - Math.max(0, Math.floor((Date.parse(first) - Date.parse(since)) / WEEK)) * WEEK;
  for (let at = begin; at <= Date.parse(last); at += WEEK) {
    const week = new Date(at).toISOString().slice(0, 10);
    all.push({ week, parts: found.get(week) ?? new Map<string, Usage>() });
  }
  return all;
}

export const MEASURES = ['time', 'wait', 'cost', 'energy'] as const;
export type Measure = (typeof MEASURES)[number];

export type Quality = { n: number; missing: number; medianError: number | null; held: number | null; bias: number | null };

export function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

export function inside(one: Judged, measure: Measure): boolean | null {
  const { low80, high80, actual } = one[measure];
  if (actual === null || low80 === null || high80 === null) return null;
  return actual >= low80 && actual <= high80;
}

/** Median error, share inside the 80 % range, and bias, over the decisions where both sides are known. */
export function quality(rows: Judged[], measure: Measure): Quality {
  const errors: number[] = [];
  let judged = 0;
  let held = 0;
  for (const one of rows) {
    const { predicted, actual } = one[measure];
    if (predicted !== null && actual !== null && predicted > 0) errors.push((actual - predicted) / predicted);
    const within = inside(one, measure);
    if (within === null) continue;
    judged += 1;
    held += within ? 1 : 0;
  }
  return { n: errors.length, missing: rows.length - errors.length, medianError: median(errors.map(Math.abs)), held: judged ? held / judged : null, bias: median(errors) };
}
