/** Months and weeks of the books, all in UTC as the books are, and what was charged in them. Pure. */
import type { Sum } from './queries';

const DAY = 86_400_000;

/** A month or another stretch of days: `since` and `until` as instants, `days` of which some may be ahead. */
export type Month = { name: string; since: string; until: string; days: string[]; today: string };

const monthName = (at: Date) => at.toISOString().slice(0, 7);

/** The last months, the present one first. */
export function lastMonths(now: number, count = 13): string[] {
  const here = new Date(now);
  return Array.from({ length: count }, (_, back) => monthName(new Date(Date.UTC(here.getUTCFullYear(), here.getUTCMonth() - back))));
}

export function monthOf(name: string, now: number): Month {
  const since = new Date(`${name}-01T00:00:00Z`);
  const until = new Date(Date.UTC(since.getUTCFullYear(), since.getUTCMonth() + 1));
  return stretch(name, since.getTime(), until.getTime(), now);
}

/** The last days, today with them. */
export function lastDays(count: number, now: number): Month {
  const until = Math.floor(now / DAY) * DAY + DAY;
  return stretch(dayName(now), until - count * DAY, until, now);
}

const dayName = (at: number) => new Date(at).toISOString().slice(0, 10);

function stretch(name: string, since: number, until: number, now: number): Month {
  const days = Array.from({ length: Math.round((until - since) / DAY) }, (_, at) => dayName(since + at * DAY));
  return { name, since: new Date(since).toISOString(), until: new Date(until).toISOString(), days, today: dayName(now) };
}

/** The Mondays of the last four weeks of a month, or of those up to now. */
export function weeksOf(month: Month): string[] {
  const last = Math.min(Date.parse(month.until) - DAY, Date.parse(month.today));
  const monday = last - ((new Date(last).getUTCDay() + 6) % 7) * DAY;
  return [3, 2, 1, 0].map((back) => dayName(monday - back * 7 * DAY));
}

/** What an owner was charged in each of some weeks; without an owner: all of them together. Keys are "owner week". */
export function byWeek(rows: Sum[], weeks: string[], currency: string, owner?: string): number[] {
  return weeks.map((week) =>
    rows.filter((one) => one.currency === currency && (owner === undefined ? one.key.endsWith(` ${week}`) : one.key === `${owner} ${week}`)).reduce((all, one) => all + Number(one.charged), 0),
  );
}

export type Series = { key: string; days: Map<string, number>; total: number };

const MOST = 6; // as many as there are colours
export const OTHERS = '…';

/** Sums by day and something as one series each, the dearest first; what has no colour of its own is added up. Keys are "day something". */
export function seriesOf(rows: Sum[], currency: string): Series[] {
  const found = new Map<string, Series>();
  for (const row of rows.filter((one) => one.currency === currency && Number(one.charged) !== 0)) {
    const [day = '', key = ''] = row.key.split(' ');
    const series = found.get(key) ?? { key, days: new Map<string, number>(), total: 0 };
    found.set(key, add(series, day, Number(row.charged)));
  }
  const all = [...found.values()].sort((a, b) => b.total - a.total);
  if (all.length <= MOST) return all;
  const others: Series = { key: OTHERS, days: new Map(), total: 0 };
  for (const series of all.slice(MOST - 1)) for (const [day, amount] of series.days) add(others, day, amount);
  return [...all.slice(0, MOST - 1), others];
}

function add(series: Series, day: string, amount: number): Series {
  series.days.set(day, (series.days.get(day) ?? 0) + amount);
  series.total += amount;
  return series;
}

/** The currency in which most was charged. */
export function mainCurrency(rows: { currency: string; charged: string }[]): string | undefined {
  const all = new Map<string, number>();
  for (const one of rows) all.set(one.currency, (all.get(one.currency) ?? 0) + Number(one.charged));
  return [...all].sort((a, b) => b[1] - a[1])[0]?.[0];
}
