/** What is left to spend: seen on the first page, in the wizard and in billing. */
import { queryOptions } from '@tanstack/react-query';
import { api, page, type Schemas } from './client';

export type Budget = Schemas['BudgetOut'];

export const budgetsQuery = queryOptions({
  queryKey: ['budgets'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/budget/list', { params: { query: { limit: 200 } }, signal })),
});

/** The budget that a project's runs are paid from and that has least left. */
export function budgetOf(budgets: Budget[], project: string | undefined): Budget | undefined {
  const open = budgets.filter((one) => !one.closed && (one.kind !== 'project' || one.project === project));
  return open.sort((a, b) => Number(a.left) - Number(b.left))[0];
}
