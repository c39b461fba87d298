/** What the list of executions is narrowed by, beside their state; all of it is in the address. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { clustersQuery } from '@/api/clusters';
import { projectsQuery, usersQuery } from '@/api/people';
import { may, myProjects, useMe } from '@/api/session';
import { Choice, Filters, SearchBox, type Mark, type Option } from '@/components/Filters';
import { TimeChoice, useTimeSaid } from '@/components/TimeChoice';
import { ALWAYS } from '@/components/timeFilter';
import { useWords } from '@/i18n';
import { words } from './filterWords';
import { workflowNamesQuery, type Filter } from './queries';

const ROUTE = '/o/$org/executions';
export const NOTHING = { workflow: undefined, project: undefined, cluster: undefined, user: undefined, takes: undefined, ...ALWAYS, q: undefined, after: undefined } as const;

/** Whether anything but the state narrows the list. */
export function isNarrowed(filter: Filter): boolean {
  return Object.keys(NOTHING).some((key) => key !== 'after' && filter[key as keyof Filter] !== undefined);
}

export function Narrowing() {
  const w = useWords(words);
  const search = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const [open, setOpen] = useState(false);
  const narrow = (change: Partial<Filter>) => void navigate({ search: (old) => ({ ...old, ...change, after: undefined }), replace: true });
  const time = useTimeSaid(search);
  const marks = (['workflow', 'project', 'cluster', 'user', 'takes'] as const).flatMap((key): Mark[] => {
    const value = search[key];
    return value ? [{ key, label: w[key], value, remove: () => narrow({ [key]: undefined }) }] : [];
  });
  if (time) marks.push({ key: 'time', label: w.submitted, value: time, remove: () => narrow(ALWAYS) });
  return (
    <>
      <SearchBox label={w.find} value={search.q ?? ''} change={(q) => narrow({ q })} />
      <Filters marks={marks} clear={() => narrow(NOTHING)} open={open} setOpen={setOpen}>
        <Choices search={search} narrow={narrow} />
      </Filters>
    </>
  );
}

/** What may be chosen is asked for when the choices are opened, not before. */
function Choices({ search, narrow }: { search: Filter; narrow: (change: Partial<Filter>) => void }) {
  const w = useWords(words);
  const me = useMe();
  const seesPeople = may(me, 'user.read');
  const flows = useQuery(workflowNamesQuery).data?.rows ?? [];
  const clusters = useQuery(clustersQuery).data?.rows ?? [];
  const users = useQuery({ ...usersQuery, enabled: seesPeople }).data?.rows ?? [];
  const projects = useQuery({ ...projectsQuery, enabled: seesPeople }).data?.rows ?? myProjects(me);
  const people = seesPeople ? users.map((one) => one.username) : [me.preferred_username];
  const choices = (names: string[], now: string | undefined): Option[] => {
    const all = [...new Set(now ? [now, ...names] : names)].sort((one, other) => one.localeCompare(other));
    return [{ value: '', label: w.any }, ...all.map((name) => ({ value: name, label: name }))];
  };
  return (
    <>
      <Choice label={w.workflow} value={search.workflow ?? ''} options={choices(flows.map((one) => one.name), search.workflow)} change={(value) => narrow({ workflow: value || undefined })} />
      <Choice label={w.project} value={search.project ?? ''} options={choices(projects.map((one) => one.name), search.project)} change={(value) => narrow({ project: value || undefined })} />
      <Choice label={w.cluster} value={search.cluster ?? ''} options={choices(clusters.map((one) => one.name), search.cluster)} change={(value) => narrow({ cluster: value || undefined })} />
      <Choice label={w.user} value={search.user ?? ''} options={choices(people, search.user)} change={(value) => narrow({ user: value || undefined })} />
      <TimeChoice label={w.submitted} filter={search} narrow={narrow} />
    </>
  );
}
