/** How the organization ranks clusters where a run says nothing else, and how its members hear of the end of their runs. */
import { queryOptions } from '@tanstack/react-query';
import { api, told, type Schemas } from './client';

export type OwnPolicy = Schemas['OwnPolicyOut'];

export const ownPolicyQuery = queryOptions({
  queryKey: ['placement-policy'],
  queryFn: ({ signal }) => told(api.GET('/api/v1/organization/decision/policy', { signal })),
  staleTime: 60_000,
});

export function setPolicy(body: Schemas['OwnPolicyIn']): Promise<OwnPolicy> {
  return told(api.PUT('/api/v1/organization/decision/policy', { body }));
}
