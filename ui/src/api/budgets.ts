/** What is left to spend: seen on the first page, in the wizard and in billing. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, page, type Schemas } from './client';
import { myProjects, useMe } from './session';

export type Budget = Schemas['BudgetOut'];

export const budgetsQuery = queryOptions({
  queryKey: ['budgets'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/budget/list', { params: { query: { limit: 200 } }, signal })),
});

/** Of the budgets that pay for somebody's runs in a project, the one that has least left. Pure. */
export function budgetOf(budgets: Budget[], project: string | undefined, user: string): Budget | undefined {
  const pays = (one: Budget) => (one.kind === 'project' ? one.project === project : one.kind !== 'user' || one.user === user);
  return budgets.filter((one) => !one.closed && pays(one)).sort((a, b) => Number(a.left) - Number(b.left))[0];
}

/** The budget that would pay for my run on a project, by its name or id; undefined where none is known. */
export function useBudget(project: string | null | undefined): Budget | undefined {
  const me = useMe();
  const budgets = useQuery(budgetsQuery).data?.rows;
  const payer = myProjects(me).find((one) => one.name === project || one.id === project);
  return payer && budgets ? budgetOf(budgets, payer.id, me.sub) : undefined;
}
