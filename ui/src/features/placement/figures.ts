/** Figures of a candidate, as they are drawn: time to result is waiting, bringing data, handling and run time, and a difference adds up. Pure. */
import type { Range, Sure } from '@/components/RangeBar';
import { sureOf } from '@/components/Confidence';
import type { Candidate, Decision, Policy, Quantity } from './queries';

export type Drawn = Range & { sure: Sure };

export function drawn(quantity: Quantity): Drawn | null {
  if (quantity.value === null) return null;
  const sure = sureOf(quantity.confidence ?? 'none');
  return { low: quantity.low80 ?? quantity.value, high: quantity.high80 ?? quantity.value, at: quantity.value, sure: sure === 'none' ? 'low' : sure };
}

/** The place that was chosen, as it was proposed. */
export function chosenOf(decision: Decision | null | undefined): Candidate | undefined {
  return (decision?.candidates as unknown as Candidate[] | undefined)?.find((one) => one.cluster === decision?.cluster && one.queue === decision.queue);
}

/** Waiting, bringing data, handling and running together, in seconds; null where the run itself is not predicted. */
export function timeToResult(candidate: Candidate): Drawn | null {
  const run = drawn(candidate.time);
  if (!run) return null;
  const wait = candidate.wait.value ?? 0;
  const waitLow = candidate.wait.low80 ?? wait;
  const waitHigh = candidate.wait.high80 ?? wait;
  const moving = candidate.moving?.seconds ?? 0; // a decision kept by an older version has neither
  const handling = (candidate.handling && drawn(candidate.handling)) ?? { low: 0, high: 0, at: 0 };
  const of = (own: number, waiting: number, handled: number) => own + waiting + moving + handled;
  return { low: of(run.low, waitLow, handling.low), high: of(run.high, waitHigh, handling.high), at: of(run.at, wait, handling.at), sure: run.sure, wait };
}

export type Difference = { cost: number | null; time: number | null; energy: number | null };

const minus = (a: number | null | undefined, b: number | null | undefined): number | null => (a === null || a === undefined || b === null || b === undefined ? null : a - b);

export function against(candidate: Candidate, first: Candidate): Difference {
  return {
    cost: minus(candidate.cost.value, first.cost.value),
    time: minus(timeToResult(candidate)?.at, timeToResult(first)?.at),
    energy: minus(candidate.energy.value, first.energy.value),
  };
}

/** The least sure of what is predicted, with its number, and the most runs that any of it rests on. */
export function confidenceOf(candidate: Candidate): { sure: Sure | 'none'; accuracy: number | null; runs: number } {
  const order: (Sure | 'none')[] = ['none', 'low', 'fair', 'high'];
  const known = [candidate.time, candidate.cost].filter((one) => one.value !== null);
  const all = known.map((one) => sureOf(one.confidence ?? 'none'));
  const sure = all.length === 0 ? 'none' : (order.find((one) => all.includes(one)) ?? 'none');
  const accuracies = known.flatMap((one) => (one.accuracy === null || one.accuracy === undefined ? [] : [one.accuracy]));
  const runs = Math.max(0, ...[candidate.time, candidate.cost, candidate.wait].map((one) => one.n_similar ?? 0));
  return { sure, accuracy: accuracies.length ? Math.min(...accuracies) : null, runs };
}

export const ORDERS = ['rank', 'cost', 'time', 'energy', 'confidence'] as const;
export type Order = (typeof ORDERS)[number];
export type Sorting = Order | `-${Exclude<Order, 'rank'>}`;

const FIGURES: Record<Order, (candidate: Candidate) => number | null> = {
  rank: (one) => one.rank,
  cost: (one) => one.cost.value,
  time: (one) => timeToResult(one)?.at ?? null,
  energy: (one) => one.energy.value,
  confidence: (one) => confidenceOf(one).accuracy,
};

/** Candidates by one figure; those without it are last, whichever way; each keeps its rank. */
export function sorted(candidates: Candidate[], by: Sorting): Candidate[] {
  const down = by.startsWith('-');
  const of = FIGURES[(down ? by.slice(1) : by) as Order];
  return [...candidates].sort((a, b) => {
    const [left, right] = [of(a), of(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null) || a.rank - b.rank;
    return (down ? right - left : left - right) || a.rank - b.rank;
  });
}

type Shares = Record<string, number> | null | undefined;
export type Named = { policy: Policy; weights: Shares };

/** The same policy; of a weighted one also the same shares, whatever whole they are of. `usual` are those of whoever names none. */
export function samePolicy(one: Named, other: Named, usual: Shares): boolean {
  if (one.policy !== other.policy) return false;
  if (one.policy !== 'weighted') return true;
  const shares = ({ weights }: Named): [Record<string, number>, number] => {
    const all = weights ?? usual ?? {};
    return [all, Object.values(all).reduce((sum, share) => sum + share, 0) || 1];
  };
  const [left, whole] = shares(one);
  const [right, total] = shares(other);
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((name) => Math.abs((left[name] ?? 0) / whole - (right[name] ?? 0) / total) < 0.005);
}
