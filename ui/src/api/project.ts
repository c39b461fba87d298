/** The project that somebody works for: new runs begin with it and lists open narrowed to it. Kept in this browser, for each person. */
import { useSyncExternalStore } from 'react';
import { myProjects, type Me, type MyProject } from './session';

const listeners = new Set<() => void>();
const kept = (me: Me): string => `heroes.project.${me.sub}`;

function read(me: Me): string | null {
  try {
    return localStorage.getItem(kept(me));
  } catch {
    return null;
  }
}

/** The chosen project; the only one where there is no choice; undefined: all of them. */
export function projectOf(me: Me): MyProject | undefined {
  const mine = myProjects(me);
  return mine.length === 1 ? mine[0] : mine.find((one) => one.id === read(me));
}

export function chooseProject(me: Me, project: MyProject | undefined): void {
  try {
    if (project) localStorage.setItem(kept(me), project.id);
    else localStorage.removeItem(kept(me));
  } catch {
    // it then holds for the list that is open, by its address
  }
  for (const tell of listeners) tell();
}

export function useProject(me: Me): MyProject | undefined {
  const id = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => projectOf(me)?.id,
  );
  return myProjects(me).find((one) => one.id === id);
}

/** What an address of a list says of the chosen project; nothing where there is no choice. */
export function narrowedTo(me: Me, project: MyProject | undefined): { project?: string } {
  return project && myProjects(me).length > 1 ? { project: project.name } : {};
}
