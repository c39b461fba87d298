/** The budget of the whole organization drawn large, and how long each budget lasts at the pace so far. */
import { useQuery } from '@tanstack/react-query';
import { useState, type CSSProperties } from 'react';
import { Meter } from '@/components/Meter';
import { Chip } from '@/components/Status';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { useBudgetName } from './BudgetForms';
import { forecast, LATELY_DAYS, type Forecast } from './forecast';
import { sumsQuery, type Budget } from './queries';
import { words } from './words';

const DAY = 86_400_000;
const SOON = 60 * DAY; // of a budget without an end

/** What would become of each budget if it went on as so far; what was spent lately is asked once for all of them. */
export function useForecasts(): (budget: Budget) => Forecast | null {
  const [now] = useState(Date.now);
  const since = new Date(Math.floor(now / DAY) * DAY - (LATELY_DAYS - 1) * DAY).toISOString();
  const projects = useQuery(sumsQuery('project', since));
  const users = useQuery(sumsQuery('user', since));
  return (budget) => {
    const rows = (budget.kind === 'user' ? users : projects).data?.rows;
    const owner = budget.kind === 'user' ? budget.user : budget.project;
    const own = rows?.filter((one) => one.currency === budget.currency && (budget.kind === 'organization' || one.key === owner));
    return own ? forecast(budget, own.reduce((sum, one) => sum + Number(one.charged), 0), now) : null;
  };
}

/** How long a budget lasts at its pace, in words; amber where it does not last. */
export function Pace({ budget, at }: { budget: Budget; at: Forecast | null }) {
  const w = useWords(words);
  const f = useFormats();
  if (budget.closed || !at) return <span className="t3">{budget.closed ? '–' : w.noPace}</span>;
  if (at.from !== null && at.from <= at.now)
    return (
      <Chip tone="bad" glyph="bad">
        {w.usedUp}
      </Chip>
    );
  if (at.from !== null) {
    const told = at.to === null ? w.mayEnd(f.shortDay(new Date(at.from))) : w.endsOn(f.days(at.from, at.to));
    if (at.ends === null && at.from - at.now > SOON) return <span className="t2">{told}</span>;
    return (
      <Chip tone="warn" glyph="warn">
        {told}
      </Chip>
    );
  }
  return <span className="t2">{at.total && at.ends !== null ? w.spentBy(f.amounts(at.total.low, at.total.high, budget.currency), f.shortDay(new Date(at.ends))) : w.lasts}</span>;
}

/** The budget of the whole organization, drawn large; without one there is nothing to draw. */
export function Whole({ budgets, ahead }: { budgets: Budget[]; ahead: (budget: Budget) => Forecast | null }) {
  const w = useWords(words);
  const f = useFormats();
  const whole = budgets.find((one) => one.kind === 'organization' && !one.closed) ?? budgets.find((one) => !one.closed);
  const nameOf = useBudgetName();
  if (!whole) return null;
  const all = Number(whole.amount) || 1;
  const at = ahead(whole);
  const total = at?.total ?? null;
  const top = Math.max(all, Math.min(total?.high ?? 0, 1.5 * all));
  const money = (amount: string | number) => f.money(amount, whole.currency);
  const first = firstOut(budgets.filter((one) => one !== whole), ahead);
  return (
    <section className="sumup" aria-label={nameOf(whole)}>
      <div className="lead">
        <p className="t3 xs">
          {nameOf(whole)} · {w.left(money(whole.amount))}
        </p>
        <p className="big num">{money(whole.left)}</p>
      </div>
      <div className="bigbar">
        <div className="ahead" style={{ '--all': `${(100 * all) / top}%` } as CSSProperties}>
          <Meter parts={[{ share: Number(whole.spent) / all }, { share: Number(whole.reserved) / all, kind: 'held' }]} label={w.meter(money(whole.spent), money(whole.reserved), money(whole.left), money(whole.amount))} />
          {total && <i aria-hidden="true" style={{ '--lo': `${Math.min(98, (100 * total.low) / top)}%`, '--hi': `${Math.min(100, (100 * total.high) / top)}%` } as CSSProperties} />}
          {total && <s aria-hidden="true" />}
        </div>
        <span className="scale" aria-hidden="true" style={{ '--all': `${(100 * all) / top}%` } as CSSProperties}>
          <span>{f.roughMoney(0, whole.currency)}</span>
          <span>{f.figure(all / 2)}</span>
          <b>{f.figure(all)}</b>
        </span>
        <ul className="key">
          <li>
            <i style={{ background: 'var(--accent)' }} />
            {w.spent} <b className="num">{money(whole.spent)}</b>
          </li>
          <li>
            <i className="held" />
            {w.reserved} <b className="num">{money(whole.reserved)}</b>
          </li>
          {total && at && at.ends !== null && (
            <li>
              <i className="fc" />
              {w.forecast(f.shortDay(new Date(at.ends)))} <b className="num">{f.amounts(total.low, total.high, whole.currency)}</b>
            </li>
          )}
        </ul>
      </div>
      <div className="pace">
        <span className="t3 xs">{w.atThisPace}</span> <Pace budget={whole} at={at} />
        {first && <p className="t2 xs">{w.firstOut(nameOf(first.budget), f.shortDay(new Date(first.from)))}</p>}
      </div>
    </section>
  );
}

/** The budget that may be used up before the others, if any of them may be soon. */
function firstOut(budgets: Budget[], ahead: (budget: Budget) => Forecast | null): { budget: Budget; from: number } | undefined {
  const ending = budgets.flatMap((budget) => {
    const at = ahead(budget);
    return at?.from && at.from > at.now && at.from - at.now < SOON ? [{ budget, from: at.from }] : [];
  });
  return ending.sort((a, b) => a.from - b.from)[0];
}
