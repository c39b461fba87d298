/** Who is signed in, and what they may do. */
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api, told, type Schemas } from './client';

export type Me = Schemas['Me'];
export type Action = Schemas['Action'];
export type MyProject = { id: string; name: string; actions: string[] };

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => told(api.GET('/api/v1/organization/auth/me', { signal })),
  staleTime: 5 * 60_000,
});

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** Whether somebody may do something, in the whole organization or in at least one project. */
export function may(me: Me, action: Action): boolean {
  return me.actions.includes(action) || myProjects(me).some((project) => project.actions.includes(action));
}

/** Whether something that organizations share belongs to one's own: only its owner changes it. */
export function owns(me: Me, shared: { organization_id: string }): boolean {
  return shared.organization_id === me.organization_id;
}

export function myProjects(me: Me): MyProject[] {
  return me.projects as MyProject[];
}

/** The projects that somebody may run on. */
export function myPayers(me: Me): MyProject[] {
  return myProjects(me).filter((project) => me.actions.includes('workflow.run') || project.actions.includes('workflow.run'));
}

export function fullName(me: Me): string {
  return `${me.given_name} ${me.family_name}`.trim() || me.preferred_username;
}

export function initials(me: Me): string {
  const names = me.given_name || me.family_name ? [me.given_name, me.family_name] : [me.preferred_username];
  const letters = names.map((name) => name.charAt(0)).join('');
  return (letters.length > 1 ? letters : me.preferred_username.slice(0, 2)).toUpperCase();
}
