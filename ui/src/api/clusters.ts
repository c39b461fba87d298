/** The clusters that are open to the caller. */
import { queryOptions } from '@tanstack/react-query';
import { api, page, type Schemas } from './client';

export type Cluster = Schemas['ClusterOut'];

export const clustersQuery = queryOptions({
  queryKey: ['clusters'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/cluster/list', { params: { query: { limit: 200 } }, signal })),
  staleTime: 60_000,
});

/** How a cluster stands for the reader: its own state, or else that of the account that runs use there. */
export function standing({ state, account_state: account }: Cluster): string {
  if (state !== 'READY') return state;
  if (account === null) return 'NO_ACCOUNT';
  return account === 'UNREACHABLE' || account === 'STOPPED' ? account : state;
}
