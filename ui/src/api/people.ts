/** The names behind ids of users and projects, for those who may read them. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, page, type Schemas } from './client';
import { may, myProjects, useMe } from './session';

export type User = Schemas['UserOut'];
export type Project = Schemas['ProjectOut'];

export const usersQuery = queryOptions({
  queryKey: ['users', 'all'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/admin/users', { params: { query: { limit: 1000 } }, signal })),
  staleTime: 60_000,
});

export const projectsQuery = queryOptions({
  queryKey: ['projects', 'all'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/admin/projects', { params: { query: { limit: 1000 } }, signal })),
  staleTime: 60_000,
});

/** Names by id; an id without a name stays an id. */
export function useNames(): { user: (id: string | null | undefined) => string; project: (id: string | null | undefined) => string } {
  const me = useMe();
  const asked = may(me, 'user.read');
  const users = useQuery({ ...usersQuery, enabled: asked });
  const projects = useQuery({ ...projectsQuery, enabled: asked });
  const userNames = new Map([[me.sub, me.preferred_username], ...(users.data?.rows ?? []).map((one) => [one.id, one.username] as const)]);
  const projectNames = new Map([...myProjects(me), ...(projects.data?.rows ?? [])].map((one) => [one.id, one.name] as const));
  return {
    user: (id) => (id ? (userNames.get(id) ?? id) : '–'),
    project: (id) => (id ? (projectNames.get(id) ?? id) : '–'),
  };
}
