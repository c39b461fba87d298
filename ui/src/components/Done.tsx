/** What has just been done, with the way back where there is one. It stays until it is read or something else is done.
 *
 * What could not be done is told in a dialog instead: no error passes by in a corner.
 */
import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { useWords } from '@/i18n';
import { Dialog } from './Dialog';
import { Icon } from './Icon';
import { Failure } from './Note';
import './kit.css';
import { words } from './words';

type Deed = { text: string; undo?: () => Promise<unknown>; more?: { label: string; act: () => void }; error?: unknown };

let last: Deed | null = null;
const listeners = new Set<() => void>();

export function done(text: string, undo?: () => Promise<unknown>, more?: Deed['more']): void {
  set({ text, undo, more });
}

/** Something that nobody waited for did not work. */
export function refused(error: unknown): void {
  set({ text: '', error });
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
  const follow = (more: Deed['more']) => {
    set(null);
    more?.act();
  };
  const undo = async (way: () => Promise<unknown>) => {
    try {
      await way();
      set({ text: w.undone });
    } catch (caught) {
      refused(caught);
    }
  };
  return (
    <>
      <div role="status" aria-live="polite">
        {deed && deed.error === undefined && (
          <div className="toast">
            <span>{deed.text}</span>
            {deed.undo && (
              <button type="button" className="link" onClick={() => void undo(deed.undo as () => Promise<unknown>)}>
                {w.undo}
              </button>
            )}
            {deed.more && (
              <button type="button" className="link" onClick={() => follow(deed.more)}>
                {deed.more.label}
              </button>
            )}
            <button type="button" className="icon" aria-label={w.close} onClick={() => set(null)}>
              <Icon of={X} />
            </button>
          </div>
        )}
      </div>
      {deed?.error !== undefined && (
        <Dialog
          title={w.notDone}
          onClose={() => set(null)}
          actions={
            <button type="button" className="btn" onClick={() => set(null)}>
              {w.close}
            </button>
          }
        >
          <Failure error={deed.error} />
        </Dialog>
      )}
    </>
  );
}
