/** Workflows that somebody keeps at hand: by their ids, in this browser. */
import { useSyncExternalStore } from 'react';
import type { Me } from './session';

const listeners = new Set<() => void>();
const keyOf = (me: Me) => `heroes.pins.${me.sub}`;

function listen(tell: () => void): () => void {
  listeners.add(tell);
  addEventListener('storage', tell);
  return () => {
    listeners.delete(tell);
    removeEventListener('storage', tell);
  };
}

const idsOf = (kept: string | null): string[] => kept?.split(' ').filter(Boolean) ?? [];

export function usePins(me: Me): { pins: string[]; toggle: (id: string) => void } {
  const pins = idsOf(useSyncExternalStore(listen, () => localStorage.getItem(keyOf(me))));
  const toggle = (id: string) => {
    const now = idsOf(localStorage.getItem(keyOf(me)));
    localStorage.setItem(keyOf(me), (now.includes(id) ? now.filter((one) => one !== id) : [...now, id]).join(' '));
    for (const tell of listeners) tell();
  };
  return { pins, toggle };
}
