import { Energy } from '@/components/Exact';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { useWhyNoEnergy } from './saidWords';
import { metersOf } from './figures';
import type { Cost } from './queries';
import { words } from './words';

type CostLine = { item: string; quantity: string | null; unit: string; rate: string; amount: string; reason?: string };
type Sum = { item: string; quantity: number; rates: Set<string>; amount: number; unmeasured: boolean };

/** The lines of all jobs, summed by what they are for. */
export function summed(lines: CostLine[]): Sum[] {
  const found = new Map<string, Sum>();
  for (const line of lines) {
    const sum = found.get(line.item) ?? { item: line.item, quantity: 0, rates: new Set<string>(), amount: 0, unmeasured: false };
    sum.quantity += Number(line.quantity ?? 0);
    sum.amount += Number(line.amount);
    sum.rates.add(line.rate);
    sum.unmeasured ||= line.quantity === null;
    found.set(line.item, sum);
  }
  return [...found.values()];
}

export function CostPanel({ cost }: { cost: Cost }) {
  const w = useWords(words);
  const whyNone = useWhyNoEnergy();
  return (
    <div className="body">
      {cost.charged === null ? <p className="t2">{w.notYours}</p> : <Amounts cost={cost} charged={cost.charged} />}
      <dl className="kv sec">
        <dt>
          {w.energy}
          {cost.energy_source && <span className="xs t3 meta">{w.energySource(metersOf(cost.energy_source, w.meters))}</span>}
        </dt>
        <dd>
          <MeasuredEnergy cost={cost} />
        </dd>
        {cost.energy_j === null && cost.energy_reason && (
          <>
            <dt className="xs why-not">{whyNone(cost)}</dt>
            <dd />
          </>
        )}
      </dl>
    </div>
  );
}

function Amounts({ cost, charged }: { cost: Cost; charged: string }) {
  const w = useWords(words);
  const f = useFormats();
  const units = w.units as Record<string, string>;
  const money = (amount: number | string) => f.money(amount, cost.currency);
  return (
    <dl className="kv">
      {summed(cost.lines as CostLine[]).map((sum) => (
        <Line key={sum.item} label={units[sum.item] ?? sum.item} detail={sum.item === 'fixed' ? null : sum.unmeasured ? w.notMeasured : `${f.figure(sum.quantity)}${sum.rates.size === 1 ? ` × ${money([...sum.rates][0] ?? 0)}` : ''}`} amount={money(sum.amount)} />
      ))}
      {cost.lines.length === 0 && (
        <>
          <dt>{w.noLines}</dt>
          <dd />
        </>
      )}
      {cost.lines_total > cost.lines.length && <Line label={w.moreLines(f.number(cost.lines_total - cost.lines.length))} detail={null} amount={money(Math.max(0, Number(charged) - (cost.lines as CostLine[]).reduce((sum, one) => sum + Number(one.amount), 0)))} />}
      <dt className="sum">{cost.status === 'final' ? w.total : w.charged}</dt>
      <dd className="sum">{money(charged)}</dd>
      {cost.reserved && Number(cost.reserved) > 0 && (
        <>
          <dt>{cost.status === 'final' ? w.wasReserved : w.reserved}</dt>
          <dd>{money(cost.reserved)}</dd>
        </>
      )}
      {cost.overrun && Number(cost.overrun) > 0 && (
        <>
          <dt>{w.overrun}</dt>
          <dd>{money(cost.overrun)}</dd>
        </>
      )}
    </dl>
  );
}

function Line({ label, detail, amount }: { label: string; detail: string | null; amount: string }) {
  return (
    <>
      <dt>
        {label} {detail && <span className="xs">{detail}</span>}
      </dt>
      <dd>{amount}</dd>
    </>
  );
}

/** The energy of all jobs; where only some were measured, that it is at least theirs. */
export function MeasuredEnergy({ cost }: { cost: Cost }) {
  const w = useWords(words);
  if (cost.energy_j !== null) return <Energy joules={cost.energy_j} />;
  if (typeof cost.energy_at_least_j !== 'number') return <span className="t3 plain-v">{w.notMeasured}</span>;
  return (
    <>
      <small>{w.atLeast} </small>
      <Energy joules={cost.energy_at_least_j} />
    </>
  );
}
