import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, onceKey, page, told, type Schemas } from '@/api/client';
import { timesOf, type TimeFilter } from '@/components/timeFilter';

export type User = Schemas['UserOut'];
export type Role = Schemas['RoleOut'];
export type Project = Schemas['ProjectOut'];
export type Assignment = Schemas['AssignmentOut'];
export type Record_ = Schemas['AuditOut'];

export const once = () => ({ 'Idempotency-Key': onceKey() });
export const PAGE = 50;

export const usersPageQuery = (search: string | undefined, cursor?: string) =>
  queryOptions({
    queryKey: ['users', 'page', search ?? '', cursor ?? ''],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/admin/users', { params: { query: { limit: PAGE, cursor, search } }, signal })),
  });

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/admin/roles', { params: { query: { limit: 500 } }, signal })),
  staleTime: 60_000,
});

export const assignmentsQuery = queryOptions({
  queryKey: ['assignments'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/admin/assignments', { params: { query: { limit: 1000 } }, signal })),
});

export const tokensQuery = (everyone: boolean) =>
  queryOptions({
    queryKey: ['credentials', 'tokens', everyone],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/auth/token', { params: { query: { limit: 200, everyone } }, signal })),
  });

export const keysQuery = (everyone: boolean) =>
  queryOptions({
    queryKey: ['credentials', 'keys', everyone],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/credential/list', { params: { query: { limit: 200, everyone } }, signal })),
  });

export const programsQuery = queryOptions({
  queryKey: ['credentials', 'programs'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/admin/clients', { params: { query: { limit: 200 } }, signal })),
});

export const settingsQuery = queryOptions({
  queryKey: ['organization'],
  queryFn: ({ signal }) => told(api.GET('/api/v1/organization/admin/organization', { signal })),
});

export type AuditFilter = TimeFilter & { action?: string; actor?: string; subject?: string };

export const auditQuery = (filter: AuditFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['audit', filter, cursor ?? ''],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/audit/list', { params: { query: { action: filter.action, actor: filter.actor, subject: filter.subject, ...timesOf(filter), limit: PAGE, cursor } }, signal })),
  });

/** Closed projects that can be reopened. */
export const closedProjectsQuery = queryOptions({
  queryKey: ['projects', 'closed'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/admin/projects', { params: { query: { closed: true, limit: 500 } }, signal })),
});

export type Left = Schemas['LeftOut'];

export const leftByUserQuery = (user: string) =>
  queryOptions({
    queryKey: ['users', 'left', user],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organization/admin/users/{user}/leaves', { params: { path: { user } }, signal })),
    staleTime: 0,
  });

export const leftByProjectQuery = (project: string) =>
  queryOptions({
    queryKey: ['projects', 'left', project],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organization/admin/projects/{project}/leaves', { params: { path: { project } }, signal })),
    staleTime: 0,
  });

export function reopenProject(project: string): Promise<Project> {
  return told(api.POST('/api/v1/organization/admin/projects/{project}/reopen', { params: { path: { project } } }));
}

export function restoreRole(name: string): Promise<Role> {
  return told(api.POST('/api/v1/organization/admin/roles/{name}/restore', { params: { path: { name } } }));
}

export function changeUser(user: string, change: Partial<Schemas['UserChange']>) {
  return told(api.PATCH('/api/v1/organization/admin/users/{user}', { params: { path: { user } }, body: { reset_password: false, ...change } }));
}

export function assign(body: Schemas['AssignmentIn']): Promise<Assignment> {
  return told(api.POST('/api/v1/organization/admin/assignments', { body, headers: once() }));
}

export function unassign(assignment_id: string): Promise<unknown> {
  return told(api.DELETE('/api/v1/organization/admin/assignments/{assignment_id}', { params: { path: { assignment_id } } }));
}

export function changeRole(name: string, body: Schemas['RoleChange']) {
  return told(api.PATCH('/api/v1/organization/admin/roles/{name}', { params: { path: { name } }, body }));
}

export function changeSettings(body: Schemas['OrganizationSettings']) {
  return told(api.PATCH('/api/v1/organization/admin/organization', { body }));
}

/** People, roles and projects hang together: all of it is looked at anew. */
export function changed(client: QueryClient): void {
  for (const key of ['users', 'roles', 'assignments', 'projects', 'credentials', 'organization', 'audit']) void client.invalidateQueries({ queryKey: [key] });
}
