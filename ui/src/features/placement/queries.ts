import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, told, type Schemas } from '@/api/client';

export type Ranking = Schemas['Ranking'];
export type Candidate = Schemas['Candidate'];
export type Discarded = Schemas['Discarded'];
export type Quantity = Schemas['Quantity'];
export type Request = Schemas['Request'];
export type Policy = Schemas['Policy'];
export type Decision = Schemas['DecisionOut'];

/** Older predictions are asked for anew before anything is submitted. */
export const STALE_AFTER = 10 * 60_000;

export const rankingQuery = (request: Request) =>
  queryOptions({
    queryKey: ['ranking', request],
    queryFn: ({ signal }) => told(api.POST('/api/v1/organization/decision', { body: request, signal })),
    staleTime: STALE_AFTER,
    placeholderData: keepPreviousData,
  });

export const decisionQuery = (execution: string) =>
  queryOptions({
    queryKey: ['execution', execution, 'decision'],
    queryFn: async ({ signal }): Promise<Decision | null> => {
      const found = await told(api.GET('/api/v1/organization/decision/list', { params: { query: { execution, limit: 1 } }, signal }));
      const first = found[0];
      if (!first) return null;
      return told(api.GET('/api/v1/organization/decision/{decision_id}', { params: { path: { decision_id: first.id } }, signal }));
    },
  });
