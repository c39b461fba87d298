/** What has just been done, with the way back where there is one. It stays until it is read or something else is done. */
import { X } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import { useWords } from '@/i18n';
import { Icon } from './Icon';
import { useProblemWords } from './Note';
import './kit.css';
import { words } from './words';

type Deed = { text: string; undo?: () => Promise<unknown> };

let last: Deed | null = null;
const listeners = new Set<() => void>();

export function done(text: string, undo?: () => Promise<unknown>): void {
  set({ text, undo });
}

function set(deed: Deed | null): void {
  last = deed;
  for (const tell of listeners) tell();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export function Done() {
  const w = useWords(words);
  const deed = useSyncExternalStore(subscribe, () => last);
  return (
    <div role="status" aria-live="polite">
      {deed && (
        <div className="toast">
          <span>{deed.text}</span>
          {deed.undo && <Undo key={deed.text} undo={deed.undo} />}
          <button type="button" className="icon" aria-label={w.close} onClick={() => set(null)}>
            <Icon of={X} />
          </button>
        </div>
      )}
    </div>
  );
}

function Undo({ undo }: { undo: () => Promise<unknown> }) {
  const w = useWords(words);
  const [error, setError] = useState<unknown>(null);
  const told = useProblemWords(error);
  const go = async () => {
    try {
      await undo();
      set({ text: w.undone });
    } catch (caught) {
      setError(caught);
    }
  };
  if (error !== null) return <span className="bad">{told.text || told.title}</span>;
  return (
    <button type="button" className="link" onClick={() => void go()}>
      {w.undo}
    </button>
  );
}
