import { describe, expect, it } from 'vitest';
import { against, samePolicy, timeToResult, type Named } from './figures';
import { shifted } from './PolicyBar';
import type { Candidate, Quantity } from './queries';

const quantity = (value: number | null, low: number, high: number): Quantity => ({ value, unit: 's', low80: low, high80: high, confidence: 'high', n_similar: 9, nearest: [] });
const candidate = (run: number, wait: number, cost: number): Candidate =>
  ({ time: quantity(run, run - 5, run + 5), wait: quantity(wait, wait, wait), cost: quantity(cost, cost, cost), energy: quantity(null, 0, 0) }) as Candidate;

describe('the ranking', () => {
  it('counts waiting and running as the time to a result', () => {
    expect(timeToResult(candidate(60, 30, 1))).toMatchObject({ at: 90, low: 85, high: 95, wait: 30 });
  });
  it('counts handling and bringing data as well, once they are known', () => {
    const more = { handling: quantity(4, 2, 9), moving: { bytes: 0, seconds: 1, cost: 0, source: '' } };
    expect(timeToResult({ ...candidate(60, 30, 1), ...more })).toMatchObject({ at: 95, low: 88, high: 105, wait: 30 });
  });
  it('shows differences that add up, and none where a figure is missing', () => {
    expect(against(candidate(30, 60, 3), candidate(60, 0, 1))).toEqual({ cost: 2, time: 30, energy: null });
  });
  it('keeps the weights one whole', () => {
    const next = shifted({ cost: 0.5, time: 0.25, energy: 0.25 }, 'cost', 0.8);
    expect(next.cost + next.time + next.energy).toBeCloseTo(1);
    expect(next.time).toBeCloseTo(0.1);
    expect(shifted({ cost: 1, time: 0, energy: 0 }, 'cost', 0)).toEqual({ cost: 0, time: 0.5, energy: 0.5 });
  });
  it.each<[string, Named, Named, boolean]>([
    ['another policy is another', { policy: 'fastest', weights: null }, { policy: 'cheapest', weights: null }, false],
    ['the same policy is the same', { policy: 'fastest', weights: null }, { policy: 'fastest', weights: null }, true],
    ['shares of a hundred are those of one', { policy: 'weighted', weights: { cost: 0.5, time: 0.5 } }, { policy: 'weighted', weights: { cost: 50, time: 50, energy: 0 } }, true],
    ['other shares are another choice', { policy: 'weighted', weights: { cost: 0.6, time: 0.4 } }, { policy: 'weighted', weights: { cost: 50, time: 50 } }, false],
    ['no shares are the usual ones', { policy: 'weighted', weights: { cost: 2, time: 2 } }, { policy: 'weighted', weights: null }, true],
  ])('knows a default: %s', (_, one, other, same) => {
    expect(samePolicy(one, other, { cost: 0.5, time: 0.5 })).toBe(same);
  });
});
