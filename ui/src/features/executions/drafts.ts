/** Half-filled runs: kept as they are typed, here at once and on the platform a moment later.
 *
 * What lies here survives reload, Back, an outage and an ended session; what lies there, another browser too. A draft
 * that nobody has changed is not worth keeping there.
 */
import { queryOptions, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, page, session, told, type Schemas } from '@/api/client';
import type { Way } from '@/api/wish';
import { isProblem } from '@/api/problem';

/** `revision` 0: the platform does not have it. `dirty`: something here is not there yet. `sent`: what was sent last, whose answer may never have come. */
export type Draft = { sent?: Schemas['Unfinished']; id: string; workflow: string; request: Schemas['Request']; cluster?: string; queue?: string; because?: string; maxCost?: string; notices?: Way[]; from?: string; savedAt: number; revision: number; dirty: boolean };
export type Kept = Schemas['DraftOut'];
/** `here`: in this browser only, because of `problem`. `apart`: changed elsewhere, and somebody must say which one counts. */
export type Saving = { state: 'saved' | 'here' | 'apart'; problem?: unknown };

const PREFIX = 'heroes.draft.';
const SOON_MS = 800;
const AGAIN_MS = 10_000;
const UNTOUCHED_MS = 30 * 86_400_000;

/** Ids sort by birth. */
function newId(): string {
  const random = crypto.randomUUID().replaceAll('-', '').slice(0, 12);
  return `drf_${Date.now().toString(16).padStart(12, '0')}${random}`;
}

export function newDraft(workflow: string, request: Omit<Schemas['Request'], 'wtid'>, more: Partial<Draft> = {}): Draft {
  return { ...more, id: newId(), workflow, request: { ...request, wtid: workflow }, savedAt: Date.now(), revision: 0, dirty: false };
}

export function keep(draft: Draft): void {
  localStorage.setItem(PREFIX + draft.id, JSON.stringify(draft));
}

export function find(id: string): Draft | null {
  const kept = localStorage.getItem(PREFIX + id);
  return kept ? ({ revision: 0, dirty: false, ...(JSON.parse(kept) as object) } as Draft) : null;
}

function forget(id: string): void {
  localStorage.removeItem(PREFIX + id);
}

/** Forget what was begun here, never changed, and left long ago. */
export function sweep(now: number): void {
  const ids = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  for (const id of ids) {
    const draft = find(id);
    if (draft && !draft.dirty && now - draft.savedAt > UNTOUCHED_MS) forget(id);
  }
}

type Asked = Schemas['Unfinished'];

/** What the platform keeps of a draft. */
export function askedOf({ request, cluster, queue, because, maxCost, notices }: Draft): Asked {
  return { ...request, cluster, queue, because, max_cost: maxCost, notices };
}

/** Whether two ask for the same; what is not said is as good as null. */
export function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return (a ?? null) === (b ?? null);
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => same(left[key], right[key]));
}

/** A draft as it comes from the platform. */
export function draftOf(kept: Kept): Draft {
  const said = Object.fromEntries(Object.entries(kept.asked).filter(([, value]) => value !== null)) as unknown as Asked;
  const { cluster, queue, because, max_cost, notices, ...request } = said;
  const place = { cluster: cluster ?? undefined, queue: queue ?? undefined, because: because ?? undefined, maxCost: max_cost ?? undefined, notices: notices ?? undefined };
  return { ...place, id: kept.id, workflow: request.wtid, request, from: kept.source ?? undefined, savedAt: Date.parse(kept.updated_at), revision: kept.revision, dirty: false, sent: undefined };
}

export const draftsQuery = queryOptions({
  queryKey: ['drafts'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/draft/list', { params: { query: { limit: 100 } }, signal })),
});

const read = (id: string) => told(api.GET('/api/v1/organization/draft/{draft}', { params: { path: { draft: id } } }));

export async function dropDraft(client: QueryClient, id: string): Promise<void> {
  forget(id);
  await told(api.DELETE('/api/v1/organization/draft/{draft}', { params: { path: { draft: id } } }));
  void client.invalidateQueries({ queryKey: draftsQuery.queryKey });
}

/** Put a removed draft back as it was. */
export async function restoreDraft(client: QueryClient, { id, asked, source }: Kept): Promise<void> {
  await told(api.PUT('/api/v1/organization/draft/{draft}', { params: { path: { draft: id } }, body: { asked, source } }));
  void client.invalidateQueries({ queryKey: draftsQuery.queryKey });
}

export type Hold = {
  /** null: there is none; undefined: it is being looked for. */
  draft: Draft | null | undefined;
  error: unknown;
  saving: Saving;
  change: (next: Partial<Draft>) => void;
  /** Keep it on the platform now, changed or not. */
  store: () => Promise<void>;
  settle: (whose: 'mine' | 'theirs') => Promise<void>;
  /** It was submitted. */
  drop: () => void;
};

/** A draft, how to change it, and where it is kept. */
export function useDraft(id: string): Hold {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft | null | undefined>(() => find(id) ?? undefined);
  const [error, setError] = useState<unknown>(null);
  const [saving, setSaving] = useState<Saving>({ state: 'saved' });
  const latest = useRef(draft);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sending = useRef<Promise<void>>(Promise.resolve());

  const take = useCallback((next: Draft | null) => {
    latest.current = next;
    setDraft(next);
    if (next) keep(next);
  }, []);

  /** Send what is here; one after the other. `revision` undefined: whatever is there is replaced. */
  const push = useCallback(
    (revision?: 'any') => {
      const send = async (): Promise<void> => {
        const sent = latest.current;
        if (!sent) return;
        const before = sent.sent;
        try {
          const body = { asked: askedOf(sent), source: sent.from, revision: revision === 'any' ? undefined : sent.revision };
          latest.current = { ...sent, sent: body.asked };
          keep(latest.current);
          const kept = await told(api.PUT('/api/v1/organization/draft/{draft}', { params: { path: { draft: id } }, body }));
          if (!latest.current) return;
          take({ ...latest.current, sent: undefined, revision: kept.revision, dirty: latest.current.savedAt !== sent.savedAt });
          setSaving({ state: 'saved' });
          void client.invalidateQueries({ queryKey: draftsQuery.queryKey });
        } catch (caught) {
          if (!latest.current) return;
          if (isProblem(caught) && caught.status >= 400 && caught.status < 500) latest.current = { ...latest.current, sent: before }; // surely not taken
          if (isProblem(caught) && caught.code === 'draft_changed') {
            const kept = before && (await read(id).catch(() => undefined));
            if (!kept || !latest.current || !same(kept.asked, before)) return setSaving({ state: 'apart' });
            take({ ...latest.current, revision: kept.revision }); // it is what was sent from here: only its answer was lost
            return send();
          }
          if (isProblem(caught) && caught.code === 'draft_gone') take({ ...latest.current, revision: 0 });
          setSaving({ state: 'here', problem: caught });
          timer.current ??= setTimeout(save.current, AGAIN_MS);
        }
      };
      sending.current = sending.current.then(send);
      return sending.current;
    },
    [client, id, take],
  );
  const save = useRef<() => void>(() => undefined);
  useEffect(() => {
    save.current = () => {
      clearTimeout(timer.current);
      timer.current = undefined;
      if (!latest.current) return;
      keep(latest.current);
      if (latest.current.dirty) void push();
    };
  }, [push]);

  // What lies here may be older than what another browser has saved since.
  useEffect(() => {
    let left = false;
    const own = latest.current;
    if (own && own.revision === 0 && !own.dirty) return;
    read(id)
      .then((kept) => {
        if (left) return;
        const now = latest.current;
        if (!now || (!now.dirty && kept.revision !== now.revision)) take(draftOf(kept));
        else if (now.dirty) save.current();
      })
      .catch((caught: unknown) => {
        if (left) return;
        const gone = isProblem(caught) && caught.status === 404;
        if (latest.current?.dirty) save.current();
        else if (gone) {
          forget(id);
          take(null);
        } else if (!latest.current) setError(caught);
      });
    return () => {
      left = true;
    };
  }, [id, take]);

  useEffect(() => {
    const hide = () => latest.current && keep(latest.current);
    const again = () => latest.current?.dirty && save.current();
    addEventListener('pagehide', hide);
    addEventListener('online', again);
    session.addEventListener('back', again);
    return () => {
      removeEventListener('pagehide', hide);
      removeEventListener('online', again);
      session.removeEventListener('back', again);
      if (timer.current) save.current();
    };
  }, []);

  const change = useCallback((next: Partial<Draft>) => {
    if (!latest.current) return;
    latest.current = { ...latest.current, ...next, savedAt: Math.max(Date.now(), latest.current.savedAt + 1), dirty: true };
    setDraft(latest.current);
    timer.current ??= setTimeout(() => save.current(), SOON_MS);
  }, []);
  const store = useCallback(async () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (latest.current && (latest.current.dirty || latest.current.revision === 0)) await push();
  }, [push]);
  const settle = useCallback(
    async (whose: 'mine' | 'theirs') => {
      if (whose === 'mine') return push('any');
      try {
        take(draftOf(await read(id)));
        setSaving({ state: 'saved' });
      } catch (caught) {
        setSaving({ state: 'here', problem: caught });
      }
    },
    [id, push, take],
  );
  const drop = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const own = latest.current;
    latest.current = null;
    forget(id);
    if (own?.revision === 0 && !own.sent) return; // the platform never heard of it
    // Also one whose first saving is under way. If this fails the draft is still listed, and can be removed there.
    void sending.current.then(() => dropDraft(client, id)).catch(() => undefined);
  }, [client, id]);
  return { draft, error, saving, change, store, settle, drop };
}
