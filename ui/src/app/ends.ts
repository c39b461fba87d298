/** Tells when one's own runs have ended, and when an awaited cluster is back: in the page, and by the browser itself where that was asked for. */
import type { QueryClient } from '@tanstack/react-query';
import { meQuery } from '@/api/session';
import { canTell, waysOf, wishQuery } from '@/api/wish';
import { done } from '@/components/Done';
import { executionQuery } from '@/features/executions/queries';
import { words as wordsNow } from '@/i18n';
import { onEvent, type Told } from './live';
import { words } from './words';

type Open = { execution: (org: string, execution: string) => void; cluster: (org: string, cluster: string) => void };

export function tellEnds(client: QueryClient, open: Open): void {
  onEvent((event) => {
    if (event.type === 'execution.finished' || event.type === 'execution.failed') void tellEnd(client, event.subject, event.type.endsWith('failed'), open);
    if (event.type === 'notice.cluster_back') void tellBack(client, event, open);
  });
}

async function tellEnd(client: QueryClient, id: string, failed: boolean, open: Open): Promise<void> {
  const me = client.getQueryData(meQuery.queryKey);
  const execution = await client.fetchQuery(executionQuery(id)).catch(() => null);
  if (!me || execution?.owner.user !== me.preferred_username) return;
  void client.invalidateQueries({ queryKey: ['bell'] });
  if (!document.hidden && location.pathname.includes(id)) return; // it is being looked at
  const w = wordsNow(words);
  const { name } = execution.configuration;
  const ways: readonly string[] = execution.notices ?? waysOf(await client.fetchQuery(wishQuery));
  show(failed ? w.hasFailed(name) : w.hasFinished(name), id, ways, () => open.execution(me.organization, id));
}

async function tellBack(client: QueryClient, { subject, data }: Told, open: Open): Promise<void> {
  const me = client.getQueryData(meQuery.queryKey);
  if (!me || data.user !== me.sub) return;
  const cluster = String(data.cluster);
  const ways = waysOf(await client.fetchQuery(wishQuery));
  show(wordsNow(words).isBack(cluster, data.queue as string | null), subject, ways, () => open.cluster(me.organization, cluster));
}

function show(text: string, tag: string, ways: readonly string[], look: () => void): void {
  if (!document.hidden && ways.includes('page')) done(text, undefined, { label: wordsNow(words).look, act: look });
  else if (document.hidden && ways.includes('browser') && canTell()) {
    // Several tabs may tell it: the browser shows those of one tag once.
    const shown = new Notification(text, { tag });
    shown.onclick = () => {
      window.focus();
      look();
      shown.close();
    };
  }
}
