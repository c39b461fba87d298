/** Webhooks: what is known of them, and what is done with them. */
import { queryOptions } from '@tanstack/react-query';
import { api, page, told, type Schemas } from '@/api/client';
import { once } from './queries';

export type Webhook = Schemas['WebhookOut'];
export type DeadLetter = Schemas['DeadLetterOut'];
type Change = Schemas['WebhookChange'];

const of = (webhook: string) => ({ params: { path: { webhook } } });
export const MOST = 50;

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks', 'list'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/webhook/list', { params: { query: { limit: 200 } }, signal })),
  refetchInterval: 30_000,
});

export const deadQuery = (webhook: string) =>
  queryOptions({
    queryKey: ['webhooks', 'dead', webhook],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/webhook/{webhook}/dead', { params: { path: { webhook }, query: { limit: MOST } }, signal })),
    refetchInterval: 30_000,
  });

export const create = (body: Schemas['WebhookIn']) => told(api.POST('/api/v1/organization/webhook', { body, headers: once() }));
export const change = (webhook: string, body: Change) => told(api.PATCH('/api/v1/organization/webhook/{webhook}', { ...of(webhook), body }));
export const remove = (webhook: string) => told(api.DELETE('/api/v1/organization/webhook/{webhook}', of(webhook)));
export const renew = (webhook: string) => told(api.POST('/api/v1/organization/webhook/{webhook}/secret', { ...of(webhook), headers: once() }));
export const resend = (webhook: string, letter: string) => told(api.POST('/api/v1/organization/webhook/{webhook}/dead/{letter}/resend', { params: { path: { webhook, letter } }, headers: once() }));

/** Pauses before one looks whether a test arrived, ever longer. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

export type Untold = Pick<Webhook, 'trouble' | 'trouble_why'>;
export type Tested = { arrived: true } | (Untold & { arrived: false });

/** Send a test event and say whether it arrived; it is not waited for longer than half a minute. */
export async function test(webhook: string): Promise<Tested> {
  const { event } = await told(api.POST('/api/v1/organization/webhook/{webhook}/test', { ...of(webhook), headers: once() }));
  let untold: Untold = { trouble: null };
  for (const pause of PAUSES_MS) {
    await new Promise((go) => setTimeout(go, pause));
    const now = await told(api.GET('/api/v1/organization/webhook/{webhook}', of(webhook)));
    if (now.delivered_event === event) return { arrived: true };
    untold = now;
    if (now.trouble !== null && (now.attempts > 0 || !now.active)) break;
  }
  return { ...untold, arrived: false };
}

/** What was typed as events: `execution.*, job.ended`. Pure. */
export function typesOf(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter(Boolean);
}
