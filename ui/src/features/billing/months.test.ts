import { describe, expect, it } from 'vitest';
import { byWeek, lastDays, lastMonths, mainCurrency, monthOf, OTHERS, seriesOf, weeksOf } from './months';
import type { Sum } from './queries';

const NOW = Date.parse('2026-01-31T23:30:00Z');
const sum = (key: string, charged: string, currency = 'EUR') => ({ key, charged, currency }) as Sum;

describe('months of the books', () => {
  it('go back over the year, from any day of a month', () => {
    expect(lastMonths(NOW, 3)).toEqual(['2026-01', '2025-12', '2025-11']);
  });
  it('have their own days', () => {
    const february = monthOf('2028-02', NOW);
    expect([february.days.length, february.days.at(-1), february.until]).toEqual([29, '2028-02-29', '2028-03-01T00:00:00.000Z']);
  });
  it('are also the last days, today with them', () => {
    const found = lastDays(30, NOW);
    expect([found.days.length, found.days[0], found.days.at(-1), found.until]).toEqual([30, '2026-01-02', '2026-01-31', '2026-02-01T00:00:00.000Z']);
  });
  it('end with the week of today, or with their last', () => {
    expect(weeksOf(monthOf('2026-01', NOW))).toEqual(['2026-01-05', '2026-01-12', '2026-01-19', '2026-01-26']);
    expect(weeksOf(monthOf('2025-12', NOW)).at(-1)).toBe('2025-12-29');
  });
});

describe('what was charged', () => {
  it('is added up by week for one owner, and for all', () => {
    const rows = [sum('prj_a 2026-01-05', '2'), sum('prj_b 2026-01-05', '3'), sum('prj_a 2026-01-12', '1'), sum('prj_a 2026-01-12', '9', 'USD')];
    expect(byWeek(rows, ['2026-01-05', '2026-01-12'], 'EUR', 'prj_a')).toEqual([2, 1]);
    expect(byWeek(rows, ['2026-01-05', '2026-01-12'], 'EUR')).toEqual([5, 1]);
  });
  it('has one series for each, and one for those without a colour', () => {
    const rows = Array.from({ length: 8 }, (_, at) => sum(`2026-01-0${(at % 2) + 1} clu_${at}`, String(10 - at)));
    const found = seriesOf([...rows, sum('2026-01-03 clu_0', '1'), sum('2026-01-03 clu_9', '0')], 'EUR');
    expect(found.map((one) => one.key)).toEqual(['clu_0', 'clu_1', 'clu_2', 'clu_3', 'clu_4', OTHERS]);
    expect(found[0]?.total).toBe(11);
    expect(found.at(-1)?.days).toEqual(new Map([['2026-01-02', 5 + 3], ['2026-01-01', 4]]));
  });
  it('is told in the currency of most of it', () => {
    expect(mainCurrency([sum('a', '1'), sum('b', '3', 'USD'), sum('c', '1')])).toBe('USD');
    expect(mainCurrency([])).toBeUndefined();
  });
});
