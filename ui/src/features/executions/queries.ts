import { queryOptions } from '@tanstack/react-query';
import { api, page, told, type Schemas } from '@/api/client';
import { timesOf, type TimeFilter } from '@/components/timeFilter';

export type Execution = Schemas['ExecutionOut'];
export type Job = Schemas['JobOut'];
export type Cost = Schemas['CostOut'];
export type Usage = Schemas['JobUsageOut'];
export type Result = Schemas['ResultOut'];
export type Step = NonNullable<Execution['steps']>[number];

export const PAGE = 50;
export type Filter = TimeFilter & {
  status?: 'running' | 'finished' | 'failed' | 'canceled';
  workflow?: string;
  project?: string;
  cluster?: string;
  user?: string;
  /** bucket:path of what it took as input */
  takes?: string;
  q?: string;
  after?: string;
};

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
      const { status, workflow, project, cluster, user, takes, q, after } = filter;
      const query = { limit: PAGE, cursor: after, workflow, project, cluster, user, takes: takes === undefined ? undefined : [takes], search: q, ...timesOf(filter) };
      if (status === 'running') return page(api.GET('/api/v1/organization/workflow/running', { params: { query }, signal }));
      return page(api.GET('/api/v1/organization/workflow/executions', { params: { query: { ...query, status: status?.toUpperCase() as Uppercase<NonNullable<typeof status>> | undefined } }, signal }));
    },
  });

export const executionQuery = (id: string) =>
  queryOptions({
    queryKey: ['execution', id, 'overview'],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organization/workflow/{wid}', { params: { path: { wid: id } }, signal })),
    refetchInterval: ({ state }) => (state.data && hasEnded(state.data.status) ? false : SLOWLY),
  });

/** So many are listed at most. */
export const MOST_JOBS = 1000;

export const jobsQuery = (id: string) =>
  queryOptions({
    queryKey: ['execution', id, 'jobs'],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/workflow/{wid}/jobs', { params: { path: { wid: id }, query: { limit: MOST_JOBS } }, signal })),
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
