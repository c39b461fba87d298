import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type CSSProperties } from 'react';
import { projectsQuery, useNames } from '@/api/people';
import { may, myProjects, useMe } from '@/api/session';
import { DataTable } from '@/components/DataTable';
import { Question } from '@/components/Dialog';
import { done } from '@/components/Done';
import { FormDialog, type Field, type Values } from '@/components/FormDialog';
import { Loaded } from '@/components/Loaded';
import { Meter } from '@/components/Meter';
import { Section } from '@/components/Page';
import { Chip } from '@/components/Status';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { Days } from './Days';
import { allBudgetsQuery, changeBudget, closeBudget, makeBudget, type Budget, type BudgetIn } from './queries';
import { words } from './words';

export function useBudgetName(): (budget: Budget) => string {
  const w = useWords(words);
  const names = useNames();
  return (budget) => budget.title || (budget.kind === 'project' ? names.project(budget.project) : budget.kind === 'user' ? names.user(budget.user) : w.wholeOrg);
}

export function Budgets() {
  const w = useWords(words);
  const me = useMe();
  const { closed } = useSearch({ from: '/o/$org/billing/{-$tab}' });
  const navigate = useNavigate({ from: '/o/$org/billing/{-$tab}' });
  const query = useQuery(allBudgetsQuery(closed ?? false));
  const [making, setMaking] = useState(false);
  const [editing, setEditing] = useState<Budget | null>(null);
  const [closing, setClosing] = useState<Budget | null>(null);
  const manages = may(me, 'budget.manage');
  return (
    <div className="stack">
      <Loaded query={query} rows={6}>
        {({ rows }) => (
          <>
            <Whole budgets={rows} />
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
              <List rows={rows} edit={manages ? setEditing : undefined} close={setClosing} />
            </Section>
            <Days />
          </>
        )}
      </Loaded>
      {making && <NewBudget onClose={() => setMaking(false)} />}
      {editing && <EditBudget budget={editing} onClose={() => setEditing(null)} />}
      {closing && <CloseBudget budget={closing} onClose={() => setClosing(null)} />}
    </div>
  );
}

/** The budget of the whole organization, drawn large; without one there is nothing to draw. */
function Whole({ budgets }: { budgets: Budget[] }) {
  const w = useWords(words);
  const f = useFormats();
  const whole = budgets.find((one) => one.kind === 'organization' && !one.closed) ?? budgets.find((one) => !one.closed);
  const nameOf = useBudgetName();
  if (!whole) return null;
  const all = Number(whole.amount) || 1;
  const money = (amount: string) => f.money(amount, whole.currency);
  return (
    <section className="sumup" aria-label={nameOf(whole)}>
      <div className="lead">
        <p className="t3 xs">
          {nameOf(whole)} · {w.left(money(whole.amount))}
        </p>
        <p className="big num">{money(whole.left)}</p>
      </div>
      <div className="bigbar">
        <Meter parts={[{ share: Number(whole.spent) / all }, { share: Number(whole.reserved) / all, kind: 'held' }]} label={w.meter(money(whole.spent), money(whole.reserved), money(whole.left), money(whole.amount))} />
        <ul className="key">
          <li>
            <i style={{ background: 'var(--accent)' }} />
            {w.spent} <b className="num">{money(whole.spent)}</b>
          </li>
          <li>
            <i className="held" />
            {w.reserved} <b className="num">{money(whole.reserved)}</b>
          </li>
        </ul>
      </div>
    </section>
  );
}

function List({ rows, edit, close }: { rows: Budget[]; edit?: (budget: Budget) => void; close: (budget: Budget) => void }) {
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
                {one.period_ends_at ? `, ${w.until(f.day(one.period_ends_at))}` : ''}
              </span>
            </>
          ),
        },
        { head: w.amount, num: true, cell: (one) => money(one, one.amount) },
        { head: w.meterHead, className: 'mt', cell: (one) => <Bar budget={one} /> },
        { head: w.spent, num: true, cell: (one) => money(one, one.spent) },
        { head: w.reserved, num: true, cell: (one) => <span className="t2">{money(one, one.reserved)}</span> },
        { head: w.leftWord, num: true, cell: (one) => <b>{money(one, one.left)}</b> },
        { head: w.alertAt, cell: (one) => <Alert budget={one} /> },
      ]}
      acts={
        edit &&
        ((one) =>
          one.closed ? null : (
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
  const past = budget.thresholds.filter((one) => Number(budget.percent) >= one).at(-1);
  if (past !== undefined)
    return (
      <Chip tone={past >= 100 ? 'bad' : 'warn'} glyph={past >= 100 ? 'bad' : 'warn'}>
        {w.past(f.percent(past / 100))}
      </Chip>
    );
  return <span className="t2 num">{budget.thresholds.map((one) => f.percent(one / 100)).join(', ') || '–'}</span>;
}

const percents = (typed: unknown): number[] =>
  String(typed)
    .split(/[,;\s]+/)
    .map((part) => Number(part.replace('%', '')))
    .filter((one) => Number.isFinite(one) && one > 0);

const figure = (typed: unknown): string => String(typed).trim().replace(/\s/g, '').replace(',', '.');

function NewBudget({ onClose }: { onClose: () => void }) {
  const w = useWords(words);
  const me = useMe();
  const client = useQueryClient();
  const asked = may(me, 'user.read');
  const projects = useQuery({ ...projectsQuery, enabled: asked }).data?.rows ?? myProjects(me);
  const fields: Field[] = [
    { name: 'kind', label: w.whose, kind: 'select', options: (['project', 'organization', 'user'] as const).map((one) => ({ value: one, label: w.kinds[one] })) },
    { name: 'project', label: w.project, kind: 'select', options: projects.map((one) => ({ value: one.name, label: one.name })), when: ({ kind }) => kind === 'project' },
    { name: 'user', label: w.user, help: w.userHelp, required: true, when: ({ kind }) => kind === 'user' },
    { name: 'amount', label: w.perPeriod, kind: 'number', required: true },
    { name: 'currency', label: w.currency, required: true },
    { name: 'period', label: w.period, kind: 'select', options: (['once', 'month', 'quarter', 'year'] as const).map((one) => ({ value: one, label: w.periods[one] })) },
    { name: 'thresholds', label: w.thresholds, unit: '%', help: w.thresholdsHelp },
    { name: 'title', label: w.title_ },
  ];
  const act = async (values: Values) => {
    const body = {
      kind: values.kind,
      project: values.kind === 'project' ? values.project : undefined,
      user: values.kind === 'user' ? values.user : undefined,
      amount: figure(values.amount),
      currency: String(values.currency).toUpperCase(),
      period: values.period,
      thresholds: percents(values.thresholds),
      title: values.title,
    } as BudgetIn;
    const made = await makeBudget(body);
    void client.invalidateQueries({ queryKey: ['budgets'] });
    done(w.made(made.title || String(values.project || values.user || w.wholeOrg)), () => closeBudget(made.id).then(() => client.invalidateQueries({ queryKey: ['budgets'] })));
  };
  return <FormDialog title={w.newBudget} fields={fields.filter((one) => one.name !== 'project' || projects.length > 0)} start={{ currency: 'EUR', thresholds: '80, 100', period: 'month' }} yes={w.makeYes} act={act} onClose={onClose} />;
}

export function EditBudget({ budget, onClose }: { budget: Budget; onClose: () => void }) {
  const w = useWords(words);
  const f = useFormats();
  const client = useQueryClient();
  const name = useBudgetName()(budget);
  const held = Number(budget.spent) + Number(budget.reserved);
  const again = () => client.invalidateQueries({ queryKey: ['budgets'] });
  const effect = ({ amount }: Values) => {
    const next = Number(figure(amount));
    if (!Number.isFinite(next) || next <= 0) return null;
    return (
      <div className="effect" role="status">
        {next < held ? (
          <p className="bad">{w.effectOver(f.money(held, budget.currency))}</p>
        ) : (
          <p>
            {w.effectLeft(f.money(next - held, budget.currency))} {w.effectPast(f.percent(held / next))}
          </p>
        )}
      </div>
    );
  };
  return (
    <FormDialog
      title={w.editOf(name)}
      fields={[
        { name: 'amount', label: w.perPeriod, unit: budget.currency, kind: 'number', required: true },
        { name: 'thresholds', label: w.thresholds, unit: '%', help: w.thresholdsHelp },
        { name: 'title', label: w.title_ },
      ]}
      start={{ amount: String(Number(budget.amount)), thresholds: budget.thresholds.join(', '), title: budget.title }}
      yes={w.saveYes}
      effect={effect}
      onClose={onClose}
      act={async (values) => {
        await changeBudget(budget.id, { amount: figure(values.amount), thresholds: percents(values.thresholds), title: String(values.title) });
        void again();
        done(w.changed(name), () => changeBudget(budget.id, { amount: budget.amount, thresholds: budget.thresholds, title: budget.title }).then(again));
      }}
    />
  );
}

function CloseBudget({ budget, onClose }: { budget: Budget; onClose: () => void }) {
  const w = useWords(words);
  const f = useFormats();
  const client = useQueryClient();
  const name = useBudgetName()(budget);
  return (
    <Question
      title={w.closeOf(name)}
      yes={w.closeYes}
      danger
      onClose={onClose}
      act={async () => {
        await closeBudget(budget.id);
        void client.invalidateQueries({ queryKey: ['budgets'] });
        done(w.closedIt(name));
      }}
    >
      {w.closeText(f.money(budget.reserved, budget.currency))}
    </Question>
  );
}
