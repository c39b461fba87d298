/** How jobs fared on a cluster. */
import { queryOptions } from '@tanstack/react-query';
import { api, page, told, type Schemas } from '@/api/client';

export type Fared = Schemas['FaredOut'];
export type Failed = Schemas['FailedOut'];
export type Wait = Schemas['QueueWaitOut'];
type Day = Schemas['DayOut'];

export const SPANS = ['7', '30', '90'] as const;
export type Span = (typeof SPANS)[number];
export const CAUSES = ['infrastructure', 'memory', 'time', 'program', 'unknown'] as const;
export type Cause = (typeof CAUSES)[number];
export const PAGE = 10;

const path = (cluster: string) => ({ path: { cluster } });

/** Made anew with everything else that is known of the cluster, and by the minute while it is looked at. */
export const faredQuery = (cluster: string, span: Span) =>
  queryOptions({
    queryKey: ['cluster', cluster, 'fared', span],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organization/insights/cluster/{cluster}', { params: { ...path(cluster), query: { days: Number(span) } }, signal })),
    staleTime: 30_000,
    refetchInterval: 60_000,
  });

export const failedQuery = (cluster: string, span: Span, cause: Exclude<Cause, 'unknown'> | undefined, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['cluster', cluster, 'failed', span, cause ?? '', cursor ?? ''],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/insights/cluster/{cluster}/failures', { params: { ...path(cluster), query: { days: Number(span), cause, limit: PAGE, cursor } }, signal })),
    staleTime: 30_000,
  });

export function failedOn(day: Day): number {
  return Object.values(day.failed).reduce((all, n) => all + n, 0);
}

const DAY = 86_400_000;

/** Every day of the span, those on which nothing ended too; the last is today (of UTC). Pure. */
export function everyDay(ends: Day[], days: number, now: number = Date.now()): Day[] {
  const known = new Map(ends.map((one) => [one.day, one]));
  return Array.from({ length: days }, (_, at) => {
    const day = new Date(now - (days - 1 - at) * DAY).toISOString().slice(0, 10);
    return known.get(day) ?? { day, ended: 0, cancelled: 0, failed: {} };
  });
}

/** How many failed of each cause, the causes of which none did left out. Pure. */
export function byCause(ends: Day[]): { cause: string; n: number }[] {
  const sums = new Map<string, number>();
  for (const { failed } of ends) for (const [cause, n] of Object.entries(failed)) sums.set(cause, (sums.get(cause) ?? 0) + n);
  return [...sums].map(([cause, n]) => ({ cause, n })).sort((a, b) => b.n - a.n);
}
