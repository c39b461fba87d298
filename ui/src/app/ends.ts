/** Tells when one's own runs have ended: in the page, and by the browser itself where that was asked for. */
import type { QueryClient } from '@tanstack/react-query';
import { meQuery } from '@/api/session';
import { canTell, waysOf, wishQuery } from '@/api/wish';
import { done } from '@/components/Done';
import { executionQuery } from '@/features/executions/queries';
import { words as wordsNow } from '@/i18n';
import { onEvent } from './live';
import { words } from './words';

export function tellEnds(client: QueryClient, open: (org: string, execution: string) => void): void {
  onEvent((event) => {
    if (event.type === 'execution.finished' || event.type === 'execution.failed') void tell(client, event.subject, event.type.endsWith('failed'), open);
  });
}

async function tell(client: QueryClient, id: string, failed: boolean, open: (org: string, execution: string) => void): Promise<void> {
  const me = client.getQueryData(meQuery.queryKey);
  const execution = await client.fetchQuery(executionQuery(id)).catch(() => null);
  if (!me || execution?.owner.user !== me.preferred_username) return;
  void client.invalidateQueries({ queryKey: ['bell'] });
  if (!document.hidden && location.pathname.includes(id)) return; // it is being looked at
  const w = wordsNow(words);
  const { name } = execution.configuration;
  const text = failed ? w.hasFailed(name) : w.hasFinished(name);
  const ways: readonly string[] = execution.notices ?? waysOf(await client.fetchQuery(wishQuery));
  const look = () => open(me.organization, id);
  if (!document.hidden && ways.includes('page')) done(text, undefined, { label: w.look, act: look });
  else if (document.hidden && ways.includes('browser') && canTell()) {
    // Several tabs may tell it: the browser shows those of one tag once.
    const shown = new Notification(text, { tag: id });
    shown.onclick = () => {
      window.focus();
      look();
      shown.close();
    };
  }
}
