/** The clusters that somebody waits for, and those they were told are back. */
import { queryOptions } from '@tanstack/react-query';
import { api, page, told, type Schemas } from './client';

export type Awaited = Schemas['AwaitedOut'];

export const awaitedQuery = queryOptions({
  queryKey: ['awaited'],
  queryFn: async ({ signal }) => (await page(api.GET('/api/v1/organization/notice/cluster/list', { params: { query: { limit: 100 } }, signal }))).rows,
  staleTime: 60_000,
});

export function awaitCluster(cluster: string, queue: string | null): Promise<Awaited> {
  return told(api.POST('/api/v1/organization/notice/cluster', { body: { cluster, queue } }));
}

export async function withdraw(awaited: string): Promise<void> {
  await told(api.DELETE('/api/v1/organization/notice/cluster/{awaited}', { params: { path: { awaited } } }));
}
