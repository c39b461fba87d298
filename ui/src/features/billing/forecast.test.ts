import { describe, expect, it } from 'vitest';
import { forecast } from './forecast';

const DAY = 86_400_000;
const now = Date.parse('2026-11-11T00:00:00Z');
const month = { amount: '100', spent: '30', left: '70', period_starts_at: '2026-11-01T00:00:00Z', period_ends_at: '2026-12-01T00:00:00Z', ends_at: null, closed: false };

describe('a budget at its pace', () => {
  it('is a range between the whole period and the last days', () => {
    const found = forecast(month, 28, now);
    expect(found?.total).toEqual({ low: 90, high: 110 }); // 3 a day in all, 4 a day lately, twenty days to come
    expect(found?.from).toBe(now + 17.5 * DAY);
    expect(found?.to).toBeNull(); // at the slower pace it lasts
  });
  it('is used up now where nothing is left', () => {
    expect(forecast({ ...month, spent: '100', left: '0' }, 10, now)?.from).toBe(now);
  });
  it('without an end looks a year ahead', () => {
    const once = { ...month, period_ends_at: null };
    expect(forecast(once, 21, now)).toMatchObject({ total: null, ends: null, from: now + (70 / 3) * DAY, to: now + (70 / 3) * DAY });
    expect(forecast({ ...once, left: '2000' }, 21, now)).toMatchObject({ from: null, to: null });
  });
  it('is not told before anything was spent, and a first hour is no pace of its own', () => {
    expect(forecast({ ...month, spent: '0' }, 0, now)).toBeNull();
    expect(forecast({ ...month, spent: '1', left: '99' }, 1, Date.parse(month.period_starts_at) + DAY / 24)?.total?.high).toBeCloseTo(1 + 29.96, 1);
  });
});
