/** Which roles allow what: told to those who lack a right, so that they know what to ask for. */
import { queryOptions } from '@tanstack/react-query';
import { api, told, type Schemas } from './client';

export const rightsQuery = queryOptions({
  queryKey: ['rights'],
  queryFn: ({ signal }) => told(api.GET('/api/v1/organization/auth/rights', { signal })),
  staleTime: Infinity,
});

export type Right = Schemas['RightOut'];
