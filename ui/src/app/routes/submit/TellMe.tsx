/** Beside a cluster that cannot take jobs for a reason that passes: be told when it is back. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { awaitCluster, awaitedQuery, withdraw, type Awaited } from '@/api/awaited';
import { done, refused } from '@/components/Done';
import type { Discarded } from '@/features/placement/queries';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { words } from '../submitWords';

const PASSING = new Set(['paused', 'host_key_changed', 'enrolling', 'stopped', 'never_heard', 'not_heard_from', 'queue_closed']);

export function TellMe({ one }: { one: Discarded }) {
  return PASSING.has(one.code) ? <Ask cluster={one.cluster} queue={one.queue} /> : null;
}

function Ask({ cluster, queue }: { cluster: string; queue: string | null }) {
  const w = useWords(words);
  const f = useFormats();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const waiting = useQuery(awaitedQuery).data?.find((one) => one.cluster === cluster && one.queue === queue && !one.told_at);
  const act = async (what: () => Promise<Awaited | void>, said: string) => {
    setBusy(true);
    try {
      await what();
      done(said);
    } catch (caught) {
      refused(caught);
      void client.invalidateQueries({ queryKey: ['ranking'] }); // it may be back
    } finally {
      await client.invalidateQueries({ queryKey: awaitedQuery.queryKey });
      setBusy(false);
    }
  };
  if (waiting)
    return (
      <p className="tell t3 xs">
        {w.toldUntil(f.day(waiting.ends_at))}{' '}
        <button type="button" className="link" disabled={busy} aria-label={`${w.withdraw}: ${cluster}`} onClick={() => void act(() => withdraw(waiting.id), w.withdrawn(cluster))}>
          {w.withdraw}
        </button>
      </p>
    );
  return (
    <button type="button" className="btn small tell" disabled={busy} aria-label={`${w.tellMe}: ${cluster}`} onClick={() => void act(() => awaitCluster(cluster, queue), w.willTell(cluster))}>
      {w.tellMe}
    </button>
  );
}
