/** What stands beside a ranking: what was discarded and its cure, and why the order is so. */
import type { CSSProperties, ReactNode } from 'react';
import { Section } from '@/components/Page';
import { Plotted, type Figures } from '@/components/Plot';
import { Status } from '@/components/Status';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { useSaid } from '@/i18n/said';
import type { Candidate, Discarded } from './queries';
import { words } from './words';

const LONGEST = 8;

export function DiscardedList({ discarded, more }: { discarded: Discarded[]; more?: (one: Discarded) => ReactNode }) {
  const w = useWords(words);
  const codes = w.codes as Record<string, string>;
  const said = useSaid('discards');
  return (
    <Section anchor="discarded" title={w.discarded} count={discarded.length} aside={<span className="end t3 xs">{w.cannot}</span>}>
      {discarded.length === 0 && <p className="t3 dis-none">{w.noneDiscarded}</p>}
      <ul className="dis">
        {discarded.map((one) => {
          const { reason, cure } = said(one.code, { ...one.facts, cluster: one.cluster, queue: one.queue }, one);
          return (
          <li key={`${one.cluster} ${one.queue ?? ''} ${one.code}`}>
            <Status tone="idle" glyph="stop">
              {codes[one.code] ?? w.unsuitable}
            </Status>
            <div>
              <p>
                <b>{one.cluster}</b> <span className="t3">{one.queue}</span>
              </p>
              <p className="t2">
                {reason} {cure}
              </p>
            </div>
            {more?.(one)}
          </li>
          );
        })}
      </ul>
    </Section>
  );
}

type Order = { code?: string; text?: string; facts?: Record<string, unknown> };

const COLOURS: Record<string, string> = { cost: 'c1', time: 'c2', energy: 'c5' };

export function Why({ candidates, order, file }: { candidates: Candidate[]; order: Order; file: string }) {
  const w = useWords(words);
  const said = useSaid('orders');
  const f = useFormats();
  const names = w.parts as Record<string, string>;
  const parts = [...new Set(candidates.flatMap((one) => Object.keys(one.parts)))];
  // What bringing data takes away has no length of its own: it shortens the others.
  const left = (one: Candidate) => one.score / Math.max(1e-9, parts.reduce((sum, part) => sum + Math.max(0, one.parts[part] ?? 0), 0));
  const several = (cluster: string) => candidates.filter((one) => one.cluster === cluster).length > 1;
  const number = true;
  const figures: Figures = {
    columns: [{ name: w.rank, number }, { name: w.cluster }, { name: w.queue }, ...parts.map((part) => ({ name: names[part] ?? part, number })), { name: w.score, number }],
    rows: candidates.map((one) => ({
      text: [one.rank, one.cluster, one.queue, ...parts.map((part) => (one.parts[part] === undefined ? '' : f.score(one.parts[part]))), <b key="score">{f.score(one.score)}</b>],
      value: [one.rank, one.cluster, one.queue, ...parts.map((part) => one.parts[part] ?? null), one.score],
    })),
  };
  return (
    <Plotted title={w.why} file={file} figures={figures}>
      <ul className="why-l">
        {candidates.slice(0, LONGEST).map((one) => (
          <li key={one.queue_id}>
            <span className="num t3">{one.rank}</span>
            <span className="cut">
              {one.cluster} {several(one.cluster) && <span className="t3">{one.queue}</span>}
            </span>
            <span className="meter sc" role="img" aria-label={parts.map((part) => `${names[part] ?? part} ${f.number(one.parts[part] ?? 0, 2)}`).join(', ')}>
              {parts.map((part) => (
                <i key={part} className={COLOURS[part] ?? 'c3'} style={{ '--w': `${Math.max(0, one.parts[part] ?? 0) * left(one) * 100}%` } as CSSProperties} />
              ))}
            </span>
            <b className="num">{f.score(one.score)}</b>
          </li>
        ))}
      </ul>
      <ul className="key">
        {parts.map((part) => (
          <li key={part}>
            <i className={COLOURS[part] ?? 'c3'} />
            {names[part] ?? part}
          </li>
        ))}
        <li className="t3">{w.points}</li>
      </ul>
      <p className="t3 xs gap-top">{said(order.code, order.facts, order.text ?? '')}</p>
    </Plotted>
  );
}
