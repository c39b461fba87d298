/** How somebody hears of the end of their runs: the wish for every run, and what one run says otherwise. */
import { queryOptions } from '@tanstack/react-query';
import { api, told, type Schemas } from './client';

export const WAYS = ['page', 'browser', 'mail'] as const;
export type Way = (typeof WAYS)[number];
export type Wish = Schemas['NoticeWishOut'];

export const wishQuery = queryOptions({
  queryKey: ['notice-wish'],
  queryFn: ({ signal }) => told(api.GET('/api/v1/organization/notice/wish', { signal })),
  staleTime: 60_000,
});

export function waysOf(wish: Wish): Way[] {
  return WAYS.filter((way) => (way === 'mail' ? wish.ends : wish[way]));
}

export function setWish(ways: readonly Way[], language?: Wish['language']): Promise<Wish> {
  const body = { ends: ways.includes('mail'), page: ways.includes('page'), browser: ways.includes('browser'), language };
  return told(api.PUT('/api/v1/organization/notice/wish', { body }));
}

/** Ask the browser for leave to tell; return whether it will. */
export async function mayTell(): Promise<boolean> {
  return 'Notification' in window && (await Notification.requestPermission()) === 'granted';
}

export function canTell(): boolean {
  return 'Notification' in window && Notification.permission === 'granted';
}
