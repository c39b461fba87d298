/** The states of clusters, accounts and checks, as glyph, word and colour. */
import { standing, type Cluster } from '@/api/clusters';
import { Status, type GlyphName, type Tone } from '@/components/Status';
import { useWords } from '@/i18n';
import { words } from './words';

type Look = { tone: Tone; glyph: GlyphName };
const UNKNOWN: Look = { tone: 'idle', glyph: 'wait' };

const CLUSTER: Record<string, Look> = { ENROLLING: { tone: 'run', glyph: 'run' }, READY: { tone: 'ok', glyph: 'ok' }, PAUSED: { tone: 'idle', glyph: 'stop' }, STOPPED_HOST_KEY: { tone: 'bad', glyph: 'bad' }, UNREACHABLE: { tone: 'warn', glyph: 'warn' }, STOPPED: { tone: 'bad', glyph: 'bad' }, NO_ACCOUNT: UNKNOWN };
const LINE: Record<string, Look> = { NEW: { tone: 'run', glyph: 'run' }, CONNECTED: { tone: 'ok', glyph: 'ok' }, UNREACHABLE: { tone: 'warn', glyph: 'warn' }, STOPPED: { tone: 'bad', glyph: 'bad' } };
const VERDICT: Record<string, Look> = { ok: { tone: 'ok', glyph: 'ok' }, warn: { tone: 'warn', glyph: 'warn' }, fail: { tone: 'bad', glyph: 'bad' } };

function Said({ looks, names, state }: { looks: Record<string, Look>; names: Record<string, string>; state: string }) {
  const look = looks[state] ?? UNKNOWN;
  return (
    <Status tone={look.tone} glyph={look.glyph}>
      {names[state] ?? state.toLowerCase().replaceAll('_', ' ')}
    </Status>
  );
}

export function ClusterStatus({ cluster }: { cluster: Cluster }) {
  return <Said looks={CLUSTER} names={useWords(words).states} state={standing(cluster)} />;
}

export function LineStatus({ state }: { state: string }) {
  return <Said looks={LINE} names={useWords(words).lineStates} state={state} />;
}

export function Verdict({ verdict }: { verdict: string }) {
  return <Said looks={VERDICT} names={useWords(words).verdicts} state={verdict} />;
}
