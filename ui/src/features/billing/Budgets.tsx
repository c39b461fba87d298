/** Budgets: what is left of each, how long that lasts at the pace so far, and the dialogs that change them. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type CSSProperties } from 'react';
import { may, useMe } from '@/api/session';
import { DataTable } from '@/components/DataTable';
import { Day, told } from '@/components/Exact';
import { Loaded } from '@/components/Loaded';
import { Meter } from '@/components/Meter';
import { Section } from '@/components/Page';
import { Chip } from '@/components/Status';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { CloseBudget, EditBudget, NewBudget, ReopenBudget, useBudgetName } from './BudgetForms';
import { Days } from './Days';
import { forecast, LATELY_DAYS, type Forecast } from './forecast';
import { allBudgetsQuery, sumsQuery, type Budget } from './queries';
import { words } from './words';

const DAY = 86_400_000;
const SOON = 60 * DAY; // of a budget without an end

export function Budgets() {
  const w = useWords(words);
  const me = useMe();
  const { closed } = useSearch({ from: '/o/$org/billing/{-$tab}' });
  const navigate = useNavigate({ from: '/o/$org/billing/{-$tab}' });
  const query = useQuery(allBudgetsQuery(closed ?? false));
  const [making, setMaking] = useState(false);
  const [editing, setEditing] = useState<Budget | null>(null);
  const [closing, setClosing] = useState<Budget | null>(null);
  const [reopening, setReopening] = useState<Budget | null>(null);
  const manages = may(me, 'budget.manage');
  const ahead = useForecasts();
  return (
    <div className="stack">
      <Loaded query={query} rows={6}>
        {({ rows }) => (
          <>
            <Whole budgets={rows} ahead={ahead} />
            <Section
              title={w.budgets}
              count={rows.length}
              aside={
                <span className="row end">
                  <button type="button" className="filter" aria-pressed={closed ?? false} onClick={() => void navigate({ search: (old) => ({ ...old, closed: closed ? undefined : true }), replace: true })}>
                    {w.showClosed}
                  </button>
                  {manages && (
                    <button type="button" className="btn primary" onClick={() => setMaking(true)}>
                      {w.newBudget}
                    </button>
                  )}
                </span>
              }
            >
              <List rows={rows} ahead={ahead} edit={manages ? setEditing : undefined} close={setClosing} reopen={setReopening} />
            </Section>
            <Days />
          </>
        )}
      </Loaded>
      {making && <NewBudget onClose={() => setMaking(false)} />}
      {editing && <EditBudget budget={editing} onClose={() => setEditing(null)} />}
      {closing && <CloseBudget budget={closing} onClose={() => setClosing(null)} />}
      {reopening && <ReopenBudget budget={reopening} onClose={() => setReopening(null)} />}
    </div>
  );
}

/** What would become of each budget if it went on as so far; what was spent lately is asked once for all of them. */
function useForecasts(): (budget: Budget) => Forecast | null {
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
function Pace({ budget, at }: { budget: Budget; at: Forecast | null }) {
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
function Whole({ budgets, ahead }: { budgets: Budget[]; ahead: (budget: Budget) => Forecast | null }) {
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
      <p className="pace">
        <span className="t3 xs">{w.atThisPace}</span> <Pace budget={whole} at={at} />
      </p>
    </section>
  );
}

function List({ rows, ahead, edit, close, reopen }: { rows: Budget[]; ahead: (budget: Budget) => Forecast | null; edit?: (budget: Budget) => void; close: (budget: Budget) => void; reopen: (budget: Budget) => void }) {
  const w = useWords(words);
  const f = useFormats();
  const nameOf = useBudgetName();
  const periods = w.periods as Record<string, string>;
  const money = (one: Budget, amount: string) => f.money(amount, one.currency);
  return (
    <DataTable
      caption={w.budgets}
      rows={rows}
      keyOf={(one) => one.id}
      columns={[
        {
          head: w.budget,
          cell: (one) => (
            <>
              {nameOf(one)} {one.closed && <Chip>{w.closed}</Chip>}
              <span className="t3 meta">
                {periods[one.period] ?? one.period}
                {one.period_ends_at && <>, {told(w.until, <Day at={one.period_ends_at} />)}</>}
              </span>
            </>
          ),
        },
        { head: w.amount, num: true, cell: (one) => money(one, one.amount) },
        { head: w.meterHead, className: 'mt', cell: (one) => <Bar budget={one} /> },
        { head: w.spent, num: true, className: 'roomy', cell: (one) => money(one, one.spent) },
        { head: w.reserved, num: true, className: 'roomy', cell: (one) => <span className="t2">{money(one, one.reserved)}</span> },
        { head: w.leftWord, num: true, cell: (one) => <b>{money(one, one.left)}</b> },
        { head: w.atThisPace, cell: (one) => <Pace budget={one} at={ahead(one)} /> },
        { head: w.alertAt, cell: (one) => <Alert budget={one} /> },
      ]}
      trace={(one) => ({ name: nameOf(one), subject: one.id })}
      acts={
        edit &&
        ((one) =>
          one.closed ? (
            <button type="button" className="btn small" aria-label={w.reopenOf(nameOf(one))} onClick={() => reopen(one)}>
              {w.reopen}
            </button>
          ) : (
            <>
              <button type="button" className="btn small" aria-label={w.editOf(nameOf(one))} onClick={() => edit(one)}>
                {w.edit}
              </button>
              <button type="button" className="btn small danger" aria-label={w.closeOf(nameOf(one))} onClick={() => close(one)}>
                {w.close}
              </button>
            </>
          ))
      }
      empty={{ title: w.none, text: w.noneText }}
    />
  );
}

function Bar({ budget }: { budget: Budget }) {
  const w = useWords(words);
  const f = useFormats();
  const all = Number(budget.amount) || 1;
  const money = (amount: string) => f.money(amount, budget.currency);
  return (
    <span className="marked">
      <Meter parts={[{ share: Number(budget.spent) / all }, { share: Number(budget.reserved) / all, kind: 'held' }]} label={w.meter(money(budget.spent), money(budget.reserved), money(budget.left), money(budget.amount))} />
      {budget.thresholds[0] !== undefined && <s style={{ '--at': `${budget.thresholds[0]}%` } as CSSProperties} />}
    </span>
  );
}

function Alert({ budget }: { budget: Budget }) {
  const w = useWords(words);
  const f = useFormats();
  if (budget.limit_reached && budget.at_limit !== 'warn')
    return (
      <Chip tone="bad" glyph="bad">
        {w.limitReached[budget.at_limit]}
      </Chip>
    );
  const past = budget.thresholds.filter((one) => Number(budget.percent) >= one).at(-1);
  if (past !== undefined)
    return (
      <Chip tone={past >= 100 ? 'bad' : 'warn'} glyph={past >= 100 ? 'bad' : 'warn'}>
        {w.past(f.percent(past / 100))}
      </Chip>
    );
  return <span className="t2 num">{budget.thresholds.map((one) => f.percent(one / 100)).join(', ') || '–'}</span>;
}
