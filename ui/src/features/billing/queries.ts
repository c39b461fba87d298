import { queryOptions } from '@tanstack/react-query';
import { api, onceKey, page, told, type Schemas } from '@/api/client';

export type Budget = Schemas['BudgetOut'];
export type Entry = Schemas['LedgerOut'];
export type Tariff = Schemas['TariffOut'];
export type Sum = Schemas['UsageOut'];
export type By = Schemas['By'];
export type Item = Schemas['ItemOut'];
export type TariffIn = Schemas['TariffIn'];
export type BudgetIn = Schemas['BudgetIn'];

export const once = () => ({ 'Idempotency-Key': onceKey() });

export const allBudgetsQuery = (closed: boolean) =>
  queryOptions({
    queryKey: ['budgets', closed ? 'closed too' : 'open'],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/budget/list', { params: { query: { limit: 500, closed } }, signal })),
  });

export type LedgerFilter = { execution?: string; project?: string; user?: string; kind?: 'charge' | 'storage' | 'overrun'; since?: string; until?: string };
export const LEDGER_PAGE = 50;

export const ledgerQuery = (filter: LedgerFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['ledger', filter, cursor ?? ''],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/budget/ledger', { params: { query: { ...filter, limit: LEDGER_PAGE, cursor } }, signal })),
  });

export type Mail = Schemas['NoticeOut'];

/** The newest mails about budgets, and what became of them. */
export const mailsQuery = queryOptions({
  queryKey: ['budget mails'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/notice/list', { params: { query: { limit: 10 } }, signal })),
});

export const storageQuery = queryOptions({
  queryKey: ['ledger', 'storage'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/budget/storage', { params: { query: { limit: 1000 } }, signal })),
});

export const sumsQuery = (by: By, since: string, until?: string) =>
  queryOptions({
    queryKey: ['ledger', 'sums', by, since, until ?? ''],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/budget/usage', { params: { query: { by, since, until, limit: 1000 } }, signal })),
  });

export const itemsQuery = (since: string, until: string) =>
  queryOptions({
    queryKey: ['ledger', 'items', since, until],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/budget/items', { params: { query: { since, until, limit: 100 } }, signal })),
  });

export const tariffsQuery = queryOptions({
  queryKey: ['tariffs'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/tariff/list', { params: { query: { limit: 1000 } }, signal })),
});

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/webhook/list', { params: { query: { limit: 200 } }, signal })),
});

export const queuesQuery = (cluster: string) =>
  queryOptions({
    queryKey: ['cluster', cluster, 'queues'],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/cluster/{cluster}/queues', { params: { path: { cluster }, query: { limit: 200 } }, signal })),
  });

export function makeBudget(body: BudgetIn): Promise<Budget> {
  return told(api.POST('/api/v1/organization/budget', { body, headers: once() }));
}

export function changeBudget(budget: string, body: Schemas['BudgetChangeIn']): Promise<Budget> {
  return told(api.PATCH('/api/v1/organization/budget/{budget}', { params: { path: { budget } }, body }));
}

export function closeBudget(budget: string): Promise<unknown> {
  return told(api.DELETE('/api/v1/organization/budget/{budget}', { params: { path: { budget } } }));
}

export function makeTariff(body: TariffIn): Promise<Tariff> {
  return told(api.POST('/api/v1/organization/tariff', { body, headers: once() }));
}

export function endTariff(tariff: string): Promise<unknown> {
  return told(api.DELETE('/api/v1/organization/tariff/{tariff}', { params: { path: { tariff } } }));
}

export const effectQuery = (body: TariffIn) =>
  queryOptions({
    queryKey: ['tariff effect', body],
    queryFn: ({ signal }) => told(api.POST('/api/v1/organization/tariff/effect', { body, signal })),
    staleTime: 60_000,
    retry: false,
  });
