/** What runs now: shown in the shell and on the first page alike. */
import { queryOptions } from '@tanstack/react-query';
import { api, page } from './client';

export const runningQuery = queryOptions({
  queryKey: ['executions', 'running'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/workflow/running', { params: { query: { limit: 20 } }, signal })),
  refetchInterval: 60_000,
});
