/** The ends of one's own runs since one last looked. Asked for now and then, and whenever one is told live. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Bell as BellIcon } from 'lucide-react';
import { useState } from 'react';
import { awaitedQuery, type Awaited } from '@/api/awaited';
import { api, page, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { Moment } from '@/components/Exact';
import { Icon } from '@/components/Icon';
import { Menu, type Choice } from '@/components/Menu';
import { Glyph, type GlyphName } from '@/components/Status';
import { useWords } from '@/i18n';
import { words } from '../words';

/** The end of a run, or a cluster that is back (`queue` told, be it null). */
type End = { id: string; name: string; status: string; at: string; queue?: string | null };
const SHOWN = 8;
const FRESH_MS = 5 * 60_000;
const BACK = 'BACK';
const GLYPHS: Record<string, GlyphName> = { [BACK]: 'ok', FINISHED: 'ok', FAILED: 'bad', CANCELED: 'stop' };

const keptUnder = (what: string, user: string) => `heroes.bell.${what}.${user}`;

function kept(user: string): { at: number; ends: End[] } | null {
  const text = localStorage.getItem(keptUnder('ends', user));
  return text ? (JSON.parse(text) as { at: number; ends: End[] }) : null;
}

/** Every page has a bell: what one of them was told, the next ones know. */
export const bellQuery = (id: string, username: string) =>
  queryOptions({
    queryKey: ['bell', id],
    queryFn: async ({ signal, client }) => {
      const executions = page(api.GET('/api/v1/organization/workflow/executions', { params: { query: { user: username, limit: 30 } }, signal }));
      const [{ rows }, back] = await Promise.all([executions, client.fetchQuery({ ...awaitedQuery, staleTime: 0 })]);
      const ends = [...rows.flatMap(endOf), ...back.flatMap(backOf)].sort((one, other) => other.at.localeCompare(one.at)).slice(0, SHOWN);
      localStorage.setItem(keptUnder('ends', id), JSON.stringify({ at: Date.now(), ends }));
      return ends;
    },
    initialData: () => kept(id)?.ends,
    initialDataUpdatedAt: () => kept(id)?.at,
    staleTime: FRESH_MS,
    refetchOnWindowFocus: false,
  });

function endOf(one: Schemas['ExecutionOut']): End[] {
  return one.end_time ? [{ id: one.wid, name: one.configuration.name, status: one.status, at: one.end_time }] : [];
}

function backOf(one: Awaited): End[] {
  return one.told_at ? [{ id: one.id, name: one.cluster, status: BACK, at: one.told_at, queue: one.queue }] : [];
}

/** Until when one has looked; in a browser that is new to it, until now. */
function begun(user: string): string {
  const found = localStorage.getItem(keptUnder('seen', user)) ?? new Date().toISOString();
  localStorage.setItem(keptUnder('seen', user), found);
  return found;
}

export function Bell() {
  const me = useMe();
  const w = useWords(words);
  const navigate = useNavigate();
  const client = useQueryClient();
  const ends = useQuery(bellQuery(me.sub, me.preferred_username)).data ?? [];
  const [seen, setSeen] = useState(() => begun(me.sub));
  const unread = ends.filter((one) => one.at > seen);
  const look = () => {
    const now = ends[0]?.at ?? '';
    localStorage.setItem(keptUnder('seen', me.sub), now > seen ? now : seen);
    setSeen(now > seen ? now : seen);
    void client.invalidateQueries({ queryKey: ['bell'] });
  };
  const choices: Choice[] = ends.map((one) => ({
    key: one.id,
    label: (
      <span className="bell-row">
        <span className={one.status === 'FAILED' ? 'bad' : one.status === 'FINISHED' || one.status === BACK ? 'ok' : 't3'}>
          <Glyph name={GLYPHS[one.status] ?? 'info'} />
        </span>
        <span>{one.status === BACK ? w.isBack(one.name, one.queue ?? null) : one.status === 'FAILED' ? w.hasFailed(one.name) : one.status === 'FINISHED' ? w.hasFinished(one.name) : w.wasCancelled(one.name)}</span>
        <Moment className="t3 xs num" at={one.at} still />
      </span>
    ),
    act: () =>
      void (one.status === BACK
        ? navigate({ to: '/o/$org/clusters/$cluster', params: { org: me.organization, cluster: one.name } })
        : navigate({ to: '/o/$org/executions/$execution/{-$tab}', params: { org: me.organization, execution: one.id, tab: 'overview' } })),
  }));
  choices.push({ key: 'how', label: w.howTold, act: () => void navigate({ to: '/o/$org/more', params: { org: me.organization } }) });
  return (
    <Menu className="icon" label={unread.length > 0 ? w.unread(unread.length) : w.bell} choices={choices} head={ends.length === 0 ? w.noEnds : undefined} opened={look}>
      <Icon of={BellIcon} />
      {unread.length > 0 && <span className="dot" />}
    </Menu>
  );
}
