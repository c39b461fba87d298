import { catalogue } from '@/i18n';

export const words = catalogue(
  {
    find: 'Search executions',
    text: 'Text',
    workflow: 'Workflow',
    project: 'Project',
    cluster: 'Cluster',
    user: 'Person',
    takes: 'Took',
    submitted: 'Submitted',
    any: 'Any',
    found: (n: string) => `${n} found.`,
  },
  {
    find: 'Ausführungen suchen',
    text: 'Text',
    workflow: 'Workflow',
    project: 'Projekt',
    cluster: 'Cluster',
    user: 'Person',
    takes: 'Nahm',
    submitted: 'Aufgegeben',
    any: 'Alle',
    found: (n: string) => `${n} gefunden.`,
  },
);
