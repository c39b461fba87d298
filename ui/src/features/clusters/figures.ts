/** Figures of a cluster. Pure. */
import type { Finding, Queue, Sighting, Tariff } from './queries';

const ORDER = { fail: 0, warn: 1, ok: 2 } as const;

/** The worst first; what is equal stays in the order of the check. */
export function worstFirst(findings: Finding[]): Finding[] {
  return findings.map((one, at) => ({ one, at })).sort((a, b) => ORDER[a.one.verdict] - ORDER[b.one.verdict] || a.at - b.at).map(({ one }) => one);
}

export function counted(findings: Finding[]): Record<Finding['verdict'], number> {
  const found = { ok: 0, warn: 0, fail: 0 };
  for (const one of findings) found[one.verdict] += 1;
  return found;
}

/** The price of a queue now: its own, else the one of the whole cluster. */
export function priceOf(tariffs: Tariff[], queue: string, now: number = Date.now()): Tariff | undefined {
  const holds = tariffs.filter((one) => Date.parse(one.valid_from) <= now && (!one.valid_until || Date.parse(one.valid_until) > now));
  const latest = (rows: Tariff[]) => rows.sort((a, b) => Date.parse(b.valid_from) - Date.parse(a.valid_from))[0];
  return latest(holds.filter((one) => one.queue === queue)) ?? latest(holds.filter((one) => !one.queue));
}

export const RATES = ['fixed', 'core_hour', 'node_hour', 'gpu_hour', 'gb_moved', 'gb_month', 'kwh'] as const;
export type Rate = (typeof RATES)[number];

/** The rates that are more than nothing. */
export function ratesOf(tariff: Tariff): { rate: Rate; amount: string }[] {
  return RATES.filter((rate) => Number(tariff[rate]) > 0).map((rate) => ({ rate, amount: tariff[rate] }));
}

export function busyShare(queue: Pick<Queue, 'nodes_total' | 'nodes_free' | 'down_nodes'>): number {
  return queue.nodes_total > 0 ? Math.max(0, queue.nodes_total - queue.nodes_free - queue.down_nodes) / queue.nodes_total : 0;
}

export type Hour = { at: number; busy: number | null; pending: number | null };

/** Sightings as means of equal pieces of time, oldest first; a piece without any stays empty. */
export function pieces(sightings: Sighting[], from: number, to: number, count: number): Hour[] {
  const length = (to - from) / count;
  const sums = Array.from({ length: count }, () => ({ n: 0, busy: 0, pending: 0 }));
  for (const one of sightings) {
    const sum = sums[Math.floor((Date.parse(one.at) - from) / length)];
    if (!sum) continue;
    sum.n += 1;
    sum.busy += busyShare(one);
    sum.pending += one.pending_jobs;
  }
  return sums.map(({ n, busy, pending }, at) => ({ at: from + at * length, busy: n ? busy / n : null, pending: n ? pending / n : null }));
}

export type EnrolStep = 'connect' | 'test' | 'queues' | 'price' | 'share';
export const ENROL: EnrolStep[] = ['connect', 'test', 'queues', 'price', 'share'];

/** The bytes that are left, from an answer of `df -Pk`; null where it is none. */
export function freeOf(answer: string): number | null {
  const row = answer.split('\n').find((line) => /\s\d+%\s/.test(line))?.trim().split(/\s+/);
  const left = Number(row?.[3]);
  return row && Number.isFinite(left) ? left * 1024 : null;
}

/** What was found alike on several queues is told once, with their names. */
export function alike(found: Finding[]): { one: Finding; queues: string[] }[] {
  const rows = new Map<string, { one: Finding; queues: string[] }>();
  for (const one of found) {
    const key = one.queue ? JSON.stringify([one.verdict, one.check, one.answer, one.cure]) : JSON.stringify([one.check, rows.size]);
    const row = rows.get(key) ?? { one, queues: [] };
    if (one.queue) row.queues.push(one.queue);
    rows.set(key, row);
  }
  return [...rows.values()];
}
