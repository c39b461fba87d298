import { queryOptions } from '@tanstack/react-query';
import { api, onceKey, page, told, type Schemas } from '@/api/client';

export type Organization = Schemas['OrganizationOut'];
export type Health = Schemas['HealthOut'];
export type Work = Schemas['WorkOut'];
export type WorkRow = Schemas['WorkRowOut'];

export type Trouble = Schemas['TroubleOut'];

export const PAGE = 50;
const LOOK = 15_000;

export const organizationsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: ['organizations', cursor ?? ''],
    queryFn: async ({ signal }) => {
      const answer = await page(api.GET('/api/v1/heroes/admin/organizations/', { params: { query: { limit: PAGE, cursor } }, signal }) as Parameters<typeof page<Organization>>[0]);
      return answer;
    },
    refetchInterval: (query) => (query.state.data?.rows.some((one) => one.status.endsWith('IN_PROGRESS')) ? 2000 : false),
  });

export const healthQuery = queryOptions({
  queryKey: ['platform', 'health'],
  queryFn: ({ signal }) => told(api.GET('/api/v1/heroes/admin/health', { signal })),
  refetchInterval: LOOK,
});

export const workQuery = queryOptions({
  queryKey: ['platform', 'work'],
  queryFn: ({ signal }) => told(api.GET('/api/v1/heroes/admin/work', { signal })),
  refetchInterval: LOOK,
});

export const workRowsQuery = (table: string, failing: boolean, cursor?: string) =>
  queryOptions({
    queryKey: ['platform', 'work', table, failing, cursor ?? ''],
    queryFn: ({ signal }) => page(api.GET('/api/v1/heroes/admin/work/{table}', { params: { path: { table }, query: { failing, limit: PAGE, cursor } }, signal })),
    refetchInterval: LOOK,
  });

export type TroubleWish = { level?: 'error'; part?: string; search?: string; since?: string; until?: string };

export const troublesQuery = (wish: TroubleWish, cursor?: string) =>
  queryOptions({
    queryKey: ['platform', 'logs', wish, cursor ?? ''],
    queryFn: ({ signal }) => page(api.GET('/api/v1/heroes/admin/logs', { params: { query: { ...wish, limit: PAGE, cursor } }, signal })),
    refetchInterval: cursor ? false : LOOK,
  });

export function addOrganization(name: string, title: string, user_email: string) {
  return told(api.POST('/api/v1/heroes/admin/organizations/', { params: { query: { user_email } }, body: { name, title }, headers: { 'Idempotency-Key': onceKey() } }));
}

export function changeOrganization(organization_target: string, body: Schemas['OrganizationChange']): Promise<Organization> {
  return told(api.PATCH('/api/v1/heroes/admin/organizations/', { params: { query: { organization_target } }, body }));
}

/** What would go with an organization, by table. */
export const rehearsalQuery = (organization_target: string) =>
  queryOptions({
    queryKey: ['platform', 'rehearsal', organization_target],
    queryFn: ({ signal }) => told(api.DELETE('/api/v1/heroes/admin/organizations/', { params: { query: { organization_target, dry_run: true } }, signal })),
    staleTime: 60_000,
  });

export function removeOrganization(organization_target: string) {
  return told(api.DELETE('/api/v1/heroes/admin/organizations/', { params: { query: { organization_target } } }));
}

export function retry(table: string, row: string): Promise<WorkRow> {
  return told(api.POST('/api/v1/heroes/admin/work/{table}/{row}/retry', { params: { path: { table, row } } }));
}
