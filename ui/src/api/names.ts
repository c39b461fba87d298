/** What ids are called now, and where they are shown. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, told, type Schemas } from './client';

export type Name = Schemas['NameOut'];

const AT_ONCE = 300;
const KINDS = /^(usr|prj|tok|crd|cli|clu|wft|exe|bkt|obj|tra|bud)_/;

export async function namesOf(ids: Iterable<string>, signal?: AbortSignal): Promise<Map<string, Name>> {
  const asked = [...new Set(ids)].filter((id) => KINDS.test(id)).sort();
  const found: Name[] = [];
  for (let at = 0; at < asked.length; at += AT_ONCE) {
    const query = { id: asked.slice(at, at + AT_ONCE), limit: 1000 };
    found.push(...(await told(api.GET('/api/v1/organization/insights/names', { params: { query }, signal }))));
  }
  return new Map(found.map((one) => [one.id, one]));
}

export const namesQuery = (ids: string[]) =>
  queryOptions({ queryKey: ['names', ids], queryFn: ({ signal }) => namesOf(ids, signal), staleTime: 60_000 });

export function useNamesOf(ids: string[], ready: boolean): Map<string, Name> | undefined {
  return useQuery({ ...namesQuery(ids), enabled: ready && ids.length > 0 }).data;
}
