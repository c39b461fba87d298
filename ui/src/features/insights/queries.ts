import { queryOptions } from '@tanstack/react-query';
import { api, page, type Schemas } from '@/api/client';

export type Usage = Schemas['UsageOut'];
export type Judged = Schemas['JudgedOut'];

export const SPANS = ['30d', '90d', '365d'] as const;
export type Span = (typeof SPANS)[number];

/** Midnight so many days ago, so that the same question has the same key all day. */
export function since(span: Span, now: number = Date.now()): string {
  const day = new Date(now - Number.parseInt(span, 10) * 86_400_000);
  return `${day.toISOString().slice(0, 10)}T00:00:00Z`;
}

export const usageQuery = (by: 'project' | 'project_week' | 'user', span: Span) =>
  queryOptions({
    queryKey: ['ledger', 'usage', by, span],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/budget/usage', { params: { query: { by, since: since(span), limit: 1000 } }, signal })),
  });

export const judgedQuery = queryOptions({
  queryKey: ['executions', 'judged'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/insights/decisions', { params: { query: { limit: 500 } }, signal })),
});
