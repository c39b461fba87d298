/** What each permission allows, in plain words. */
import { useQuery } from '@tanstack/react-query';
import { rightsQuery } from '@/api/rights';
import { catalogue, useWords } from '@/i18n';
import { useSaid } from '@/i18n/said';
import type { Option } from './FormDialog';

const groups = catalogue(
  {
    organization: 'Organization',
    user: 'Users',
    role: 'Roles',
    project: 'Projects',
    audit: 'Audit',
    token: 'Credentials',
    data: 'Data',
    workflow: 'Workflows',
    execution: 'Executions',
    application: 'Applications',
    cluster: 'Clusters',
    cost: 'Costs',
    budget: 'Budgets',
    tariff: 'Prices',
    ledger: 'Books',
    platform: 'Platform',
  },
  {
    organization: 'Organisation',
    user: 'Personen',
    role: 'Rollen',
    project: 'Projekte',
    audit: 'Protokoll',
    token: 'Zugänge',
    data: 'Daten',
    workflow: 'Workflows',
    execution: 'Ausführungen',
    application: 'Anwendungen',
    cluster: 'Cluster',
    cost: 'Kosten',
    budget: 'Budgets',
    tariff: 'Preise',
    ledger: 'Bücher',
    platform: 'Plattform',
  },
);

/** What a permission allows; its code where nobody has words for it. */
export function useMeaning(): (action: string) => string {
  const said = useSaid('permissions');
  const rights = useQuery(rightsQuery).data ?? [];
  return (action) => said(action, {}, rights.find((one) => one.action === action)?.means ?? action);
}

/** Permissions to choose from, by the noun they are about, in the platform's own order. */
export function usePermissions(): (actions: string[]) => Option[] {
  const meaning = useMeaning();
  const order = (useQuery(rightsQuery).data ?? []).map((one) => one.action);
  const w = useWords(groups) as Record<string, string>;
  return (actions) => [...actions].sort((one, other) => order.indexOf(one) - order.indexOf(other)).map((value) => ({ value, label: capital(meaning(value)), code: value, group: w[value.split('.', 1)[0] ?? ''] }));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
