import { queryOptions } from '@tanstack/react-query';
import { api, page, told, type Schemas } from '@/api/client';

export type Execution = Schemas['ExecutionOut'];
export type Job = Schemas['JobOut'];
export type Cost = Schemas['CostOut'];
export type Usage = Schemas['JobUsageOut'];
export type Result = Schemas['ResultOut'];
export type Step = NonNullable<Execution['steps']>[number];

export const PAGE = 50;
export const SPANS = ['1d', '7d', '30d', '90d'] as const;
export type Filter = {
  status?: 'running' | 'finished' | 'failed' | 'canceled';
  workflow?: string;
  project?: string;
  cluster?: string;
  user?: string;
  within?: (typeof SPANS)[number];
  /** days, of which the last counts whole */
  since?: string;
  till?: string;
  q?: string;
  after?: string;
};

const DAY_MS = 86_400_000;

/** The bounds of the time of submission, in the reader's own days. */
export function timesOf({ within, since, till }: Filter, now: number = Date.now()): { since?: string; until?: string } {
  if (within) return { since: new Date(now - Number.parseInt(within, 10) * DAY_MS).toISOString() };
  const day = (text: string, more: number) => {
    const [year, month, date] = text.split('-').map(Number) as [number, number, number];
    return new Date(year, month - 1, date + more).toISOString();
  };
  return { since: since && day(since, 0), until: till && day(till, 1) };
}

/** The names of the workflows, to choose one of. */
export const workflowNamesQuery = queryOptions({
  queryKey: ['workflows', 'names'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/workflow/list', { params: { query: { limit: 1000 } }, signal })),
  staleTime: 60_000,
});

/** As long as it runs, figures are asked for anew now and then, besides what the events tell. */
const SLOWLY = 20_000;

export const executionsQuery = (filter: Filter) =>
  queryOptions({
    queryKey: ['executions', filter],
    queryFn: ({ signal }) => {
      const { status, workflow, project, cluster, user, q, after } = filter;
      const query = { limit: PAGE, cursor: after, workflow, project, cluster, user, search: q, ...timesOf(filter) };
      if (status === 'running') return page(api.GET('/api/v1/organization/workflow/running', { params: { query }, signal }));
      return page(api.GET('/api/v1/organization/workflow/executions', { params: { query: { ...query, status: status?.toUpperCase() } }, signal }));
    },
  });

export const executionQuery = (id: string) =>
  queryOptions({
    queryKey: ['execution', id, 'overview'],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organization/workflow/{wid}', { params: { path: { wid: id } }, signal })),
    refetchInterval: ({ state }) => (state.data && hasEnded(state.data.status) ? false : SLOWLY),
  });

export const jobsQuery = (id: string) =>
  queryOptions({
    queryKey: ['execution', id, 'jobs'],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/workflow/{wid}/jobs', { params: { path: { wid: id }, query: { limit: 1000 } }, signal })),
    refetchInterval: ({ state }) => (state.data?.rows.some((job) => job.state !== 'ENDED') ? SLOWLY : false),
  });

export const costQuery = (id: string) =>
  queryOptions({
    queryKey: ['execution', id, 'cost'],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organization/workflow/{wid}/cost', { params: { path: { wid: id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.status === 'final' ? false : SLOWLY),
  });

export const usageQuery = (id: string, step: string, index: number, live: boolean) =>
  queryOptions({
    queryKey: ['execution', id, 'usage', step, index],
    queryFn: async ({ signal }) => (await page(api.GET('/api/v1/organization/workflow/{wid}/usage', { params: { path: { wid: id }, query: { step, index, limit: 1 } }, signal }))).rows[0] ?? null,
    refetchInterval: live ? SLOWLY : false,
  });

/** So many jobs' use is asked for at once; of more, one job at a time. */
export const MOST_USED = 20;

export const usagesQuery = (id: string, live: boolean) =>
  queryOptions({
    queryKey: ['execution', id, 'usage', 'all'],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/workflow/{wid}/usage', { params: { path: { wid: id }, query: { limit: MOST_USED } }, signal })),
    refetchInterval: live ? SLOWLY : false,
  });

export const resultsQuery = (id: string) =>
  queryOptions({
    queryKey: ['execution', id, 'results'],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/workflow/{wid}/results', { params: { path: { wid: id }, query: { limit: 500 } }, signal })),
  });

export function hasEnded(status: string): boolean {
  return status === 'FINISHED' || status === 'FAILED' || status === 'CANCELED';
}
