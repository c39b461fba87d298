/** Tells when one's own runs have ended: in the page, and by the browser itself where that was asked for. */
import type { QueryClient } from '@tanstack/react-query';
import { meQuery } from '@/api/session';
import { done } from '@/components/Done';
import { executionQuery } from '@/features/executions/queries';
import { words as wordsNow } from '@/i18n';
import { onEvent } from './live';
import { words } from './words';

const KEPT = 'heroes.notices';

export function noticesWanted(): boolean {
  return localStorage.getItem(KEPT) === 'on' && 'Notification' in window && Notification.permission === 'granted';
}

/** Ask the browser for leave, or stop; return whether it will tell. */
export async function wantNotices(want: boolean): Promise<boolean> {
  const may = want && 'Notification' in window && (await Notification.requestPermission()) === 'granted';
  if (may) localStorage.setItem(KEPT, 'on');
  else localStorage.removeItem(KEPT);
  return may;
}

export function tellEnds(client: QueryClient, open: (org: string, execution: string) => void): void {
  onEvent((event) => {
    if (event.type === 'execution.finished' || event.type === 'execution.failed') void tell(client, event.subject, event.type.endsWith('failed'), open);
  });
}

async function tell(client: QueryClient, id: string, failed: boolean, open: (org: string, execution: string) => void): Promise<void> {
  const me = client.getQueryData(meQuery.queryKey);
  const execution = await client.fetchQuery(executionQuery(id)).catch(() => null);
  if (!me || execution?.owner.user !== me.preferred_username) return;
  if (!document.hidden && location.pathname.includes(id)) return; // it is being looked at
  const w = wordsNow(words);
  const { name } = execution.configuration;
  const text = failed ? w.hasFailed(name) : w.hasFinished(name);
  const look = () => open(me.organization, id);
  if (!document.hidden) done(text, undefined, { label: w.look, act: look });
  else if (noticesWanted()) {
    // Several tabs may tell it: the browser shows those of one tag once.
    const shown = new Notification(text, { tag: id });
    shown.onclick = () => {
      window.focus();
      look();
      shown.close();
    };
  }
}
