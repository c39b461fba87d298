/** What becomes of a budget if spending goes on as it did. Pure. */
import type { Budget } from './queries';

const DAY = 86_400_000;
const FAR = 365;
export const LATELY_DAYS = 7;

/** `from`, `to`: when it is used up at the faster and at the slower pace, null where that does not happen in its period
 * (of one without an end: within a year). `total`: what is spent at the end of the period. Times in milliseconds. */
export type Forecast = { now: number; from: number | null; to: number | null; ends: number | null; total: { low: number; high: number } | null };

type Told = Pick<Budget, 'amount' | 'spent' | 'left' | 'period_starts_at' | 'period_ends_at' | 'ends_at' | 'closed'>;

/** Go on from now at two paces: that of the whole period so far, and that of the last days, in which `lately` was spent.
 * Null where nothing was spent yet. Less than a day tells no pace of its own: it counts as one.
 */
export function forecast(budget: Told, lately: number, now: number): Forecast | null {
  const spent = Number(budget.spent);
  if (budget.closed || !(spent > 0)) return null;
  const days = Math.max(1, (now - Date.parse(budget.period_starts_at)) / DAY);
  const paces = [spent / days, Math.min(spent, lately) / Math.min(LATELY_DAYS, days)];
  const [slow, fast] = [Math.min(...paces), Math.max(...paces)];
  const ends = budget.period_ends_at ?? budget.ends_at;
  const last = ends ? Date.parse(ends) : null;
  const usedUp = (pace: number): number | null => {
    const at = pace > 0 ? now + (Math.max(0, Number(budget.left)) / pace) * DAY : Infinity;
    return at <= (last ?? now + FAR * DAY) ? at : null;
  };
  const rest = last === null ? 0 : Math.max(0, last - now) / DAY;
  return { now, from: usedUp(fast), to: usedUp(slow), ends: last, total: last === null ? null : { low: spent + slow * rest, high: spent + fast * rest } };
}
