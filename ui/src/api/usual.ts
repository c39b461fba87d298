/** What runs of each workflow usually take: told on several pages. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, page, type Schemas } from './client';

export type Usual = Schemas['UsualOut'];

/** Its key makes it fresh whenever an execution changes its state. */
export const usualQuery = queryOptions({
  queryKey: ['executions', 'usual'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/insights/workflows', { params: { query: { limit: 1000 } }, signal })),
  staleTime: 30_000,
});

/** `waits`: nothing is told yet, which is not the same as that there was no run. */
export function useUsual(): { of: (workflow: string) => Usual | undefined; waits: boolean } {
  const told = useQuery(usualQuery);
  const found = new Map(told.data?.rows.map((one) => [one.workflow, one]));
  return { of: (workflow) => found.get(workflow), waits: told.data === undefined };
}
