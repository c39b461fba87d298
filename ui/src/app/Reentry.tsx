/** When the session has ended: sign in again over the page, so that nothing half done is lost. */
import type { QueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useSyncExternalStore } from 'react';
import { session } from '@/api/client';
import { listenAgain } from './live';

const Ended = lazy(() => import('@/features/identity/SessionEnded'));

let over = false;
const listeners = new Set<() => void>();

function set(value: boolean): void {
  if (over === value) return;
  over = value;
  for (const tell of listeners) tell();
}

export function sessionEnded(): void {
  set(true);
}

export function Reentry({ client }: { client: QueryClient }) {
  const shown = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => over,
  );
  if (!shown) return null;
  const back = () => {
    set(false);
    session.dispatchEvent(new Event('back'));
    listenAgain();
    void client.invalidateQueries();
  };
  return (
    <Suspense>
      <Ended onBack={back} />
    </Suspense>
  );
}
