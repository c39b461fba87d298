/** Half-filled runs: kept as they are typed, so that reload, Back and an ended session lose nothing. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Schemas } from '@/api/client';

export type Draft = { id: string; workflow: string; version?: string; request: Schemas['Request']; cluster?: string; queue?: string; because?: string; project?: string; from?: string; savedAt: number };

const PREFIX = 'heroes.draft.';

export function newDraft(workflow: string, request: Omit<Schemas['Request'], 'wtid'>, more: Partial<Draft> = {}): Draft {
  const id = `drf_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
  return { ...more, id, workflow, request: { ...request, wtid: workflow }, savedAt: Date.now() };
}

export function keep(draft: Draft): void {
  localStorage.setItem(PREFIX + draft.id, JSON.stringify(draft));
}

export function find(id: string): Draft | null {
  const kept = localStorage.getItem(PREFIX + id);
  return kept ? (JSON.parse(kept) as Draft) : null;
}

export function forget(id: string): void {
  localStorage.removeItem(PREFIX + id);
}

/** A draft, and how to change it; what was changed is kept within a second. */
export function useDraft(id: string): { draft: Draft | null; change: (next: Partial<Draft>) => void } {
  const [draft, setDraft] = useState(() => find(id));
  const latest = useRef(draft);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const save = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (latest.current) keep(latest.current);
  }, []);
  useEffect(() => {
    addEventListener('pagehide', save);
    return () => {
      removeEventListener('pagehide', save);
      if (timer.current) save();
    };
  }, [save]);
  const change = useCallback(
    (next: Partial<Draft>) => {
      if (!latest.current) return;
      latest.current = { ...latest.current, ...next, savedAt: Date.now() };
      setDraft(latest.current);
      timer.current ??= setTimeout(save, 800);
    },
    [save],
  );
  return { draft, change };
}
