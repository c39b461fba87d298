/** The one way to the API: typed by its own document, same origin, by the cookie that no script can read. */
import createClient, { type Middleware } from 'openapi-fetch';
import { ApiProblem, OFFLINE, problemOf } from './problem';
import type { components, paths } from './schema.gen';

export type Schemas = components['schemas'];

export const CSRF = { 'X-Heroes-Csrf': '1' } as const;

/** `ended`: the platform does not know who asks any more, whatever was asked; `back`: somebody has signed in again. */
export const session = new EventTarget();

const meant: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('X-Heroes-Csrf', '1');
    return request;
  },
  onResponse({ request, response }) {
    if (response.status === 401 && !request.url.endsWith('/auth/session')) session.dispatchEvent(new Event('ended'));
  },
};

export const api = createClient<paths>({
  baseUrl: '/',
  fetch: async (request: Request) => {
    try {
      return await fetch(request);
    } catch (cause) {
      if (request.signal.aborted) throw cause;
      throw new ApiProblem(OFFLINE, 'offline', '', null);
    }
  },
});
api.use(meant);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** Return what was answered, or throw the problem. */
export async function told<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) throw problemOf(response.status, error);
  return data as T;
}

export type Page<T> = { rows: T[]; total: number | null; next: string | null };

/** Return a page of a list with the number of all rows and where the next page begins. */
export async function page<T>(asked: Promise<Answer<T[]>>): Promise<Page<T>> {
  const { data, error, response } = await asked;
  if (!response.ok) throw problemOf(response.status, error);
  const total = response.headers.get('X-Total-Count');
  return { rows: data ?? [], total: total === null ? null : Number(total), next: cursorOf(response.headers.get('Link')) };
}

export function cursorOf(link: string | null): string | null {
  const found = link?.match(/<([^>]*)>;\s*rel="?next"?/);
  return found?.[1] ? new URL(found[1], 'http://any').searchParams.get('cursor') : null;
}

/** A key that makes a repeated order one order. */
export function onceKey(): string {
  return crypto.randomUUID();
}
