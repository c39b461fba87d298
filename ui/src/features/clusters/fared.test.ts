import { describe, expect, it } from 'vitest';
import { byCause, everyDay, failedOn } from './fared';

const day = (name: string, failed: Record<string, number>) => ({ day: name, ended: 5, cancelled: 0, failed });

describe('how jobs fared', () => {
  it('has every day of the span, the last of them today', () => {
    const days = everyDay([day('2026-03-02', { memory: 2 })], 3, Date.parse('2026-03-03T23:59:00Z'));
    expect(days.map((one) => [one.day, failedOn(one)])).toEqual([['2026-03-01', 0], ['2026-03-02', 2], ['2026-03-03', 0]]);
  });
  it('counts the causes, the most frequent first', () => {
    expect(byCause([day('2026-03-01', { memory: 1, time: 2 }), day('2026-03-02', { time: 1 })])).toEqual([{ cause: 'time', n: 3 }, { cause: 'memory', n: 1 }]);
  });
});
