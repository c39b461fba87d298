import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState, type CSSProperties, type ReactNode } from 'react';
import { Confidence } from '@/components/Confidence';
import { Energy, Exact } from '@/components/Exact';
import { Icon } from '@/components/Icon';
import { RangeBar, roundUp, ScaleWords } from '@/components/RangeBar';
import { words as shared } from '@/components/words';
import { useWords } from '@/i18n';
import { between, energyScale, spanned, timeScale, useFormats, type Formats, type Scale } from '@/i18n/format';
import { against, confidenceOf, drawn, sorted, timeToResult, type Drawn, type Order, type Sorting } from './figures';
import './placement.css';
import type { Candidate, Policy, Quantity } from './queries';
import { useWhyNot } from './saidWords';
import { words } from './words';

type Column = { top: number; scale: Scale };
type Columns = { cost: Column; time: Column; energy: Column; currency: string };

function columnsOf(candidates: Candidate[]): Columns {
  const highest = (found: (Drawn | null)[]): number => Math.max(0, ...found.map((one) => one?.high ?? 0));
  const times = highest(candidates.map(timeToResult));
  const energies = highest(candidates.map((one) => drawn(one.energy)));
  const inUnits = (top: number, scale: Scale): Column => ({ top: roundUp(top / scale.factor) * scale.factor, scale });
  return {
    cost: inUnits(highest(candidates.map((one) => drawn(one.cost))), { unit: '', factor: 1 }),
    time: inUnits(times, timeScale(times)),
    energy: inUnits(energies, energyScale(energies)),
    currency: candidates[0]?.worst_case.currency ?? 'EUR',
  };
}

const FIGURES = ['cost', 'time', 'energy'] as const;
type Figure = (typeof FIGURES)[number];

/** What no place of several has, by why: one sentence over the table tells it as well as one in every row. */
function useNowhere(candidates: Candidate[]): Map<string, Figure[]> {
  const whyNot = useWhyNot();
  const found = new Map<string, Figure[]>();
  for (const figure of FIGURES) {
    const whys = new Set(candidates.map((one) => (one[figure].value === null ? firstSentence(whyNot(one[figure].reason)) : undefined)));
    const [why] = whys;
    if (candidates.length > 1 && whys.size === 1 && why) found.set(why, [...(found.get(why) ?? []), figure]);
  }
  return found;
}

type Props = { candidates: Candidate[]; policy: Policy; chosen: Candidate | undefined; choose?: (candidate: Candidate) => void; sorting?: Sorting; sort?: (next: Sorting) => void };

/** The ranking; another order of the rows leaves each its rank. */
export function RankingTable({ candidates, policy, chosen, choose, sorting, sort }: Props) {
  const w = useWords(words);
  const f = useFormats();
  const [own, setOwn] = useState<Sorting>('rank');
  const by = sorting ?? own;
  const columns = columnsOf(candidates);
  const { cost, time, energy } = columns;
  const nowhere = useNowhere(candidates);
  const scale = ({ top, scale: { unit, factor } }: Column): [string, string, string] => ['0', f.figure(top / factor / 2), `${f.figure(top / factor)} ${unit}`];
  const known = (figure: 'cost' | 'time' | 'energy') => candidates.some((one) => one[figure].value !== null);
  const head = { by, sort: sort ?? setOwn };
  return (
    <div className="scroll">
      {[...nowhere].map(([why, figures]) => (
        <p key={why} className="t2 nowhere">
          <b>{figures.map((one) => (one === 'cost' ? w.costShort : w[one])).join(', ')}:</b> {w.nowhere(why)}
        </p>
      ))}
      <table className="table stackable rank">
        <caption className="sr">{w.caption}</caption>
        <thead>
          <tr>
            <Head {...head} order="rank" word={w.rank} />
            <th scope="col">{w.cluster}</th>
            <Head {...head} order="cost" word={w.cost}>
              {known('cost') && <ScaleWords words={[f.money(0, columns.currency).replace(/[.,]00/, ''), f.figure(cost.top / 2), f.figure(cost.top)]} />}
            </Head>
            <Head {...head} order="time" word={w.time}>
              {known('time') && <ScaleWords words={scale(time)} />}
            </Head>
            <Head {...head} order="energy" word={w.energy}>
              {known('energy') && <ScaleWords words={scale(energy)} />}
            </Head>
            <Head {...head} order="confidence" word={w.confidence} />
            <th scope="col" className="num dl">
              {w.against}
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted(candidates, by).map((one) => (
            <Row key={one.queue_id} one={one} first={candidates[0] ?? one} columns={columns} said={[...nowhere.values()].flat()} policy={policy} on={one.queue_id === chosen?.queue_id} choose={choose} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A head that sorts: least first, then most first, then as it is ranked. */
function Head({ order, word, by, sort, children }: { order: Order; word: string; by: Sorting; sort: (next: Sorting) => void; children?: ReactNode }) {
  const up = by === order;
  const down = by === `-${order}`;
  const next: Sorting = up ? (order === 'rank' ? 'rank' : `-${order}`) : down ? 'rank' : order;
  return (
    <th scope="col" aria-sort={up ? 'ascending' : down ? 'descending' : undefined}>
      <button type="button" className="sort" onClick={() => sort(next)}>
        {word}
        {order !== 'rank' && up && <Icon of={ArrowUp} />}
        {down && <Icon of={ArrowDown} />}
      </button>
      {children}
    </th>
  );
}

function Row({ one, first, columns, said, policy, on, choose }: { one: Candidate; first: Candidate; columns: Columns; said: Figure[]; policy: Policy; on: boolean; choose?: (candidate: Candidate) => void }) {
  const w = useWords(words);
  const f = useFormats();
  const id = `rank-${one.queue_id}`;
  const whyNot = useWhyNot();
  const total = timeToResult(one);
  const wait = total?.wait ?? 0;
  return (
    <tr className={on ? 'on' : undefined} onClick={choose ? () => choose(one) : undefined}>
      <td className="pickc">
        {choose && <input type="radio" name="candidate" id={id} aria-labelledby={`${id}-name`} checked={on} onChange={() => choose(one)} />}
        <span className="rk num" aria-label={w.rankNo(one.rank)}>
          {one.rank}
        </span>
      </td>
      <th scope="row">
        <label id={`${id}-name`} htmlFor={choose ? id : undefined}>
          {one.cluster}
        </label>
        <span className="xs t3 meta">
          {one.queue} · {w.nodes(one.free_nodes)}
          {one.pending_jobs > 0 && ` · ${w.pending(one.pending_jobs)}`}
        </span>
        {one.shared_account && <span className="xs warn meta">{w.shared}</span>}
      </th>
      <td data-l={w.costShort} className="rg">
        <Cell quantity={one.cost} said={said.includes('cost')} range={drawn(one.cost)} column={columns.cost} show={(value) => f.money(value, columns.currency)} span={(low, high) => between(f.money(low, null), f.money(high, null))} extra={w.atMost(f.money(one.worst_case.amount, one.worst_case.currency))} />
      </td>
      <td data-l={w.time} className="rg">
        <Cell quantity={one.time} said={said.includes('time')} range={total} column={columns.time} show={f.duration} span={(low, high) => spanned(f.duration(low), f.duration(high))} extra={one.wait.value === null ? w.waitUnknown : wait >= 1 ? w.queued(f.duration(wait)) : undefined} why={one.wait.value === null ? firstSentence(whyNot(one.wait.reason)) : undefined} />
      </td>
      <td data-l={w.energy} className="rg">
        <Cell quantity={one.energy} said={said.includes('energy')} range={drawn(one.energy)} column={columns.energy} show={(value) => <Energy joules={value} />} span={(low, high) => spanned(f.energy(low), f.energy(high))} />
      </td>
      <td data-l={w.confidence} className="cf">
        <Confidence {...confidenceOf(one)} />
      </td>
      <td data-l={w.against} className="num dl">
        {one.rank === first.rank ? <span className="t3">{w.first(w.firstBy[policy])}</span> : <Against one={one} first={first} f={f} currency={columns.currency} />}
      </td>
    </tr>
  );
}

/** The whole of it stands in the review; a column has room for why, not for what follows from it. */
function firstSentence(text: string | undefined): string | undefined {
  return text?.split(/(?<=[.!?]) (?=\p{Lu})/u)[0];
}

function Cell({ quantity, said, range, column, show, span, extra, why }: { quantity: Quantity; said: boolean; range: Drawn | null; column: Column; show: (value: number) => ReactNode; span: (low: number, high: number) => string; extra?: string; why?: string }) {
  const s = useWords(shared);
  const whyNot = useWhyNot();
  if (!range)
    return (
      <>
        <span className="t3">{s.notPredicted}</span>
        {!said && (
          <span className="xs t3 why" title={whyNot(quantity.reason)}>
            {firstSentence(whyNot(quantity.reason))}
          </span>
        )}
        {extra && <span className="xs t2 why">{extra}</span>}
      </>
    );
  const told = span(range.low, range.high);
  const wide = told.includes('–');
  return (
    <>
      <span className="fig">
        <b>{show(range.at)}</b>{' '}
        <span className="t3">
          {wide && told}
          {extra && `${wide ? ' · ' : ''}${extra}`}
        </span>
      </span>
      <RangeBar range={range} top={column.top} sure={range.sure} />
      {why && <span className="xs t3 why">{why}</span>}
    </>
  );
}

function Against({ one, first, f, currency }: { one: Candidate; first: Candidate; f: Formats; currency: string }) {
  const { cost, time, energy } = against(one, first);
  const signed = (value: number, text: string) => (value > 0 ? `+${text}` : text);
  const line = (value: number | null, text: (value: number) => string, exact?: (value: number) => string) =>
    value === null || value === 0 ? null : <span className={value < 0 ? 'ok strong meta' : 'meta'}>{exact ? <Exact exact={signed(value, exact(value))}>{signed(value, text(value))}</Exact> : signed(value, text(value))}</span>;
  return (
    <>
      {line(cost, (value) => f.money(value, currency))}
      {line(time !== null && Math.abs(time) < 0.95 ? null : time, f.duration)}
      {line(energy, (value) => (value < 0 ? `−${f.energy(-value)}` : f.energy(value)), f.joules)}
    </>
  );
}

export function RangeKey({ children }: { children?: ReactNode }) {
  const w = useWords(words).key;
  const style = (low: string, high: string) => ({ '--lo': low, '--hi': high }) as CSSProperties;
  return (
    <ul className="key lg">
      <li>
        <span className="range" style={{ width: '2.5rem' }}>
          <i style={style('20%', '80%')} />
          <b style={{ '--at': '45%' } as CSSProperties} />
        </span>
        {w.band}
      </li>
      <li>
        <span className="range fair" style={{ width: '2rem' }}>
          <i style={style('0%', '100%')} />
        </span>
        {w.fair}
      </li>
      <li>
        <span className="range low" style={{ width: '2rem' }}>
          <i style={style('0%', '100%')} />
        </span>
        {w.low}
      </li>
      <li>
        <span className="range" style={{ width: '2rem' }}>
          <s style={{ '--q': '100%' } as CSSProperties} />
        </span>
        {w.wait}
      </li>
      {children}
    </ul>
  );
}
