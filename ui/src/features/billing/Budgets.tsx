/** Budgets: what is left of each and how long that lasts, what a month cost, and the dialogs that change them. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Ellipsis } from 'lucide-react';
import { useState, type CSSProperties, type ReactNode } from 'react';
import { may, useMe } from '@/api/session';
import { CopyAs } from '@/components/CopyAs';
import { copies } from '@/components/copies';
import { DataTable } from '@/components/DataTable';
import { Day, Energy, told } from '@/components/Exact';
import { Choice } from '@/components/Filters';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Menu } from '@/components/Menu';
import { Meter } from '@/components/Meter';
import { Section } from '@/components/Page';
import { Chip } from '@/components/Status';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { CloseBudget, EditBudget, NewBudget, ReopenBudget, useBudgetName } from './BudgetForms';
import { Charged, type Split } from './Charged';
import type { Forecast } from './forecast';
import { byWeek, lastMonths, monthOf, weeksOf, type Month } from './months';
import { Pace, useForecasts, Whole } from './Outlook';
import { allBudgetsQuery, sumsQuery, type Budget, type Sum } from './queries';
import { words } from './words';

export function Budgets() {
  const w = useWords(words);
  const me = useMe();
  const { closed, month: asked, split = 'cluster' } = useSearch({ from: '/o/$org/billing/{-$tab}' });
  const [now] = useState(Date.now);
  const [newest = ''] = lastMonths(now);
  const month = monthOf(asked ?? newest, now);
  const query = useQuery(allBudgetsQuery(closed ?? false));
  const [making, setMaking] = useState(false);
  const [editing, setEditing] = useState<Budget | null>(null);
  const [closing, setClosing] = useState<Budget | null>(null);
  const [reopening, setReopening] = useState<Budget | null>(null);
  const manages = may(me, 'budget.manage');
  const ahead = useForecasts();
  const spending = useSpending(month);
  const make = manages ? () => setMaking(true) : undefined;
  return (
    <div className="stack">
      <Tools month={month} now={now} split={split} make={make} />
      <Loaded query={query} rows={6}>
        {({ rows }) => (
          <>
            <Whole budgets={rows} ahead={ahead} />
            <Section title={w.budgets} count={rows.length} aside={<Closed />}>
              <List rows={wholeLast(rows)} {...{ ahead, spending, make }} edit={manages ? setEditing : undefined} close={setClosing} reopen={setReopening} />
            </Section>
            <Charged month={month} split={split} />
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

const wholeLast = (rows: Budget[]) => [...rows].sort((a, b) => Number(a.kind === 'organization') - Number(b.kind === 'organization'));

/** Which month is looked at and how it is split, the month as a file, and the way to a new budget. */
function Tools({ month, now, split, make }: { month: Month; now: number; split: Split; make?: () => void }) {
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
  const { closed } = useSearch({ from: '/o/$org/billing/{-$tab}' });
  const navigate = useNavigate({ from: '/o/$org/billing/{-$tab}' });
  const months = lastMonths(now);
  const known = months.includes(month.name) ? months : [...months, month.name];
  const narrow = (change: { month?: string; split?: 'project' }) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  return (
    <div className="tools">
      <Choice label={w.month} value={month.name} options={known.map((one) => ({ value: one, label: f.month(`${one}-15`) }))} change={(next) => narrow({ month: next === months[0] ? undefined : next })} />
      <Choice label={w.split} value={split} options={(['cluster', 'project'] as const).map((one) => ({ value: one, label: w.splits[one] }))} change={(next) => narrow({ split: next === 'project' ? next : undefined })} />
      <span className="row end">
        {may(me, 'ledger.read') && (
          <a className="btn" href={`/api/v1/organization/budget/statement.csv?month=${month.name}`} download>
            <Icon of={Download} />
            {w.csv}
          </a>
        )}
        <CopyAs small forms={() => copies.budgets(closed)} />
        {make && (
          <button type="button" className="btn primary" onClick={make}>
            {w.newBudget}
          </button>
        )}
      </span>
    </div>
  );
}

function Closed() {
  const w = useWords(words);
  const { closed } = useSearch({ from: '/o/$org/billing/{-$tab}' });
  const navigate = useNavigate({ from: '/o/$org/billing/{-$tab}' });
  return (
    <button type="button" className="filter end" aria-pressed={closed ?? false} onClick={() => void navigate({ search: (old) => ({ ...old, closed: closed ? undefined : true }), replace: true })}>
      {w.showClosed}
    </button>
  );
}

type Spending = { weeks: number[]; each: number | null; joules: number | null };

/** What the owner of each budget was charged in the last weeks of a month, and in it for a job, with the energy of those measured. */
function useSpending(month: Month): (budget: Budget) => Spending | null {
  const weeks = weeksOf(month);
  const first = `${weeks[0]}T00:00:00Z`;
  const sums = { project: useQuery(sumsQuery('project', month.since, month.until)), user: useQuery(sumsQuery('user', month.since, month.until)) };
  const byWeeks = { project: useQuery(sumsQuery('project_week', first, month.until)), user: useQuery(sumsQuery('user_week', first, month.until)) };
  return (budget) => {
    const kind = budget.kind === 'user' ? 'user' : 'project';
    const owner = budget.kind === 'organization' ? undefined : ((budget.kind === 'user' ? budget.user : budget.project) ?? '');
    const [all, byTime] = [sums[kind].data?.rows, byWeeks[kind].data?.rows];
    if (!all || !byTime) return null;
    const own = all.filter((one) => one.currency === budget.currency && (owner === undefined || one.key === owner));
    const total = (of: (one: Sum) => number) => own.reduce((sum, one) => sum + of(one), 0);
    const jobs = total((one) => one.attempts);
    return { weeks: byWeek(byTime, weeks, budget.currency, owner), each: jobs ? total((one) => Number(one.charged)) / jobs : null, joules: total((one) => one.energy_measured) ? total((one) => one.energy_j ?? 0) : null };
  };
}

type Listed = { rows: Budget[]; ahead: (budget: Budget) => Forecast | null; spending: (budget: Budget) => Spending | null; edit?: (budget: Budget) => void; make?: () => void; close: (budget: Budget) => void; reopen: (budget: Budget) => void };

function List({ rows, ahead, spending, edit, make, close, reopen }: Listed) {
  const w = useWords(words);
  const f = useFormats();
  const nameOf = useBudgetName();
  const periods = w.periods as Record<string, string>;
  const money = (one: Budget, amount: string) => f.roughMoney(amount, one.currency);
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
              <span className="t3 meta" title={one.period_ends_at ? w.until(f.day(one.period_ends_at)) : undefined}>
                {periods[one.period] ?? one.period}
                {one.period === 'once' && one.ends_at && <>, {told(w.until, <Day at={one.ends_at} />)}</>}
              </span>
            </>
          ),
        },
        { head: w.amount, num: true, cell: (one) => money(one, one.amount) },
        { head: w.meterHead, className: 'mt', cell: (one) => <Bar budget={one} /> },
        { head: w.spent, num: true, className: 'roomy', cell: (one) => money(one, one.spent) },
        { head: w.reserved, num: true, className: 'roomy', cell: (one) => <span className="t2">{money(one, one.reserved)}</span> },
        {
          head: w.leftWord,
          num: true,
          cell: (one) => (
            <>
              <b>{money(one, one.left)}</b>
              <span className="meta">
                <Pace budget={one} at={ahead(one)} />
              </span>
            </>
          ),
        },
        { head: w.weeks, className: 'roomy', cell: (one) => <Weeks budget={one} amounts={spending(one)?.weeks ?? []} /> },
        { head: w.perJob, num: true, hide: true, cell: (one) => <span className="t2">{known(spending(one)?.each, (each) => money(one, String(each)))}</span> },
        { head: w.energy, num: true, hide: true, cell: (one) => <span className="t2">{known(spending(one)?.joules, (joules) => <Energy joules={joules} />)}</span> },
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
              <Menu className="icon" label={w.moreOf(nameOf(one))} choices={[{ key: 'close', label: w.closeOf(nameOf(one)), danger: true, act: () => close(one) }]}>
                <Icon of={Ellipsis} />
              </Menu>
            </>
          ))
      }
      empty={{
        title: w.none,
        text: w.noneText,
        docs: 'guides/budgets-and-tariffs',
        action: make && (
          <button type="button" className="btn" onClick={make}>
            {w.newBudget}
          </button>
        ),
      }}
    />
  );
}

const known = (value: number | null | undefined, say: (value: number) => ReactNode) => (value === null || value === undefined ? '–' : say(value));

/** Week by week as small bars, the last of them marked; in words for whoever does not see them. */
function Weeks({ budget, amounts }: { budget: Budget; amounts: number[] }) {
  const w = useWords(words);
  const f = useFormats();
  const most = Math.max(...amounts, 0);
  if (!(most > 0)) return <span className="t3">–</span>;
  return (
    <span className="weeks" role="img" aria-label={w.weeksSaid(amounts.map((one) => f.money(one, budget.currency)).join(', '))} title={amounts.map((one) => f.money(one, budget.currency)).join(' · ')}>
      {amounts.map((one, at) => (
        <i key={at} style={{ '--h': `${(100 * one) / most}%` } as CSSProperties} />
      ))}
    </span>
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
