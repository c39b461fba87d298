/** Notices while no page is open: this browser's address at its push service, and the platform's list of such browsers. */
import { queryOptions } from '@tanstack/react-query';
import { api, page, told, type Schemas } from './client';

export type Browser = Schemas['BrowserOut'];

const PATIENCE_MS = 20_000; // some browsers never answer, such as in private windows

export const browsersQuery = queryOptions({
  queryKey: ['browsers'],
  queryFn: async ({ signal }) => (await page(api.GET('/api/v1/organization/notice/browser/list', { params: { query: { limit: 100 } }, signal }))).rows,
});

/** What this browser is called in the list; null: it takes no notices while no page is open. */
export const hereQuery = queryOptions({
  queryKey: ['push-here'],
  queryFn: async () => {
    const found = await here();
    return found ? await markOf(found) : null;
  },
});

export function canPush(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window;
}

async function here(): Promise<PushSubscription | null> {
  if (!canPush()) return null;
  const registration = await navigator.serviceWorker.getRegistration('/');
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function markOf(one: PushSubscription): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(one.endpoint));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Let this browser take notices; `title` is what it is called. Throws what the browser or the platform says. */
export async function takeHere(title: string): Promise<void> {
  const { key } = await told(api.GET('/api/v1/organization/notice/browser/key'));
  const registration = await navigator.serviceWorker.register('/push.js');
  await navigator.serviceWorker.ready;
  const made = await inTime(subscribed(registration, key));
  const { endpoint, keys } = made.toJSON();
  const body = { endpoint: endpoint ?? made.endpoint, p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '', title };
  await told(api.POST('/api/v1/organization/notice/browser', { body }));
}

/** An address that is not the user's own was of somebody else at this browser: they are told nothing more here. */
async function subscribed(registration: ServiceWorkerRegistration, key: string): Promise<PushSubscription> {
  const old = await registration.pushManager.getSubscription();
  if (old) {
    const mark = await markOf(old);
    const { rows } = await page(api.GET('/api/v1/organization/notice/browser/list', { params: { query: { limit: 100 } } }));
    if (rows.some((one) => one.mark === mark)) return old;
    await old.unsubscribe();
  }
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function inTime<T>(asked: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, fail) => setTimeout(() => fail(new DOMException('no answer', 'TimeoutError')), PATIENCE_MS));
  return Promise.race([asked, late]);
}

export async function forget(browser: Browser): Promise<void> {
  const found = await here();
  if (found && (await markOf(found)) === browser.mark) await found.unsubscribe();
  await told(api.DELETE('/api/v1/organization/notice/browser/{browser}', { params: { path: { browser: browser.id } } }));
}

/** Whoever signs out here is told nothing more here. */
export async function leaveHere(): Promise<void> {
  const found = await here();
  if (!found) return;
  const mark = await markOf(found);
  const { rows } = await page(api.GET('/api/v1/organization/notice/browser/list', { params: { query: { limit: 100 } } }));
  const own = rows.find((one) => one.mark === mark);
  if (own) await forget(own);
}
