/** The dialogs that set, change and close a budget. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { projectsQuery, useNames } from '@/api/people';
import { may, myProjects, useMe } from '@/api/session';
import { Question } from '@/components/Dialog';
import { done } from '@/components/Done';
import { FormDialog, type Field, type Values } from '@/components/FormDialog';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { changeBudget, closeBudget, makeBudget, type Budget, type BudgetIn } from './queries';
import { words } from './words';

export function useBudgetName(): (budget: Budget) => string {
  const ownerOf = useBudgetOwner();
  return (budget) => budget.title || ownerOf(budget);
}

export function useBudgetOwner(): (budget: Budget) => string {
  const w = useWords(words);
  const names = useNames();
  return (budget) => (budget.kind === 'project' ? names.project(budget.project) : budget.kind === 'user' ? names.user(budget.user) : w.wholeOrg);
}

const percents = (typed: unknown): number[] =>
  String(typed)
    .split(/[,;\s]+/)
    .map((part) => Number(part.replace('%', '')))
    .filter((one) => Number.isFinite(one) && one > 0);

const figure = (typed: unknown): string => String(typed).trim().replace(/\s/g, '').replace(',', '.');

type AtLimit = NonNullable<BudgetIn['at_limit']>;
const LIMITS: AtLimit[] = ['warn', 'stop_new', 'cancel_running'];

/** What happens at the limit, and where that is. */
function useLimitFields(): Field[] {
  const w = useWords(words);
  return [
    { name: 'at_limit', label: w.atLimit, kind: 'select', options: LIMITS.map((one) => ({ value: one, label: w.limits[one] })) },
    { name: 'limit_percent', label: w.limitPercent, unit: '%', kind: 'number', help: w.limitHelp, required: true, when: ({ at_limit }) => at_limit !== 'warn' },
  ];
}

const limitOf = (values: Values) => ({ at_limit: values.at_limit as AtLimit, limit_percent: values.at_limit === 'warn' ? undefined : Number(figure(values.limit_percent)) });

export function NewBudget({ onClose }: { onClose: () => void }) {
  const w = useWords(words);
  const me = useMe();
  const client = useQueryClient();
  const asked = may(me, 'user.read');
  const projects = useQuery({ ...projectsQuery, enabled: asked }).data?.rows ?? myProjects(me);
  const limit = useLimitFields();
  const fields: Field[] = [
    { name: 'kind', label: w.whose, kind: 'select', options: (['project', 'organization', 'user'] as const).map((one) => ({ value: one, label: w.kinds[one] })) },
    { name: 'project', label: w.project, kind: 'select', options: projects.map((one) => ({ value: one.name, label: one.name })), when: ({ kind }) => kind === 'project' },
    { name: 'user', label: w.user, help: w.userHelp, required: true, when: ({ kind }) => kind === 'user' },
    { name: 'amount', label: w.perPeriod, kind: 'number', required: true },
    { name: 'currency', label: w.currency, required: true },
    { name: 'period', label: w.period, kind: 'select', options: (['once', 'month', 'quarter', 'year'] as const).map((one) => ({ value: one, label: w.periods[one] })) },
    { name: 'thresholds', label: w.thresholds, unit: '%', help: w.thresholdsHelp },
    ...limit,
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
      ...limitOf(values),
      title: values.title,
    } as BudgetIn;
    const made = await makeBudget(body);
    void client.invalidateQueries({ queryKey: ['budgets'] });
    done(w.made(made.title || String(values.project || values.user || w.wholeOrg)), () => closeBudget(made.id).then(() => client.invalidateQueries({ queryKey: ['budgets'] })));
  };
  return <FormDialog title={w.newBudget} fields={fields.filter((one) => one.name !== 'project' || projects.length > 0)} start={{ currency: 'EUR', thresholds: '80, 100', period: 'month', limit_percent: '100' }} yes={w.makeYes} act={act} onClose={onClose} />;
}

export function EditBudget({ budget, onClose }: { budget: Budget; onClose: () => void }) {
  const w = useWords(words);
  const f = useFormats();
  const client = useQueryClient();
  const name = useBudgetName()(budget);
  const limit = useLimitFields();
  const held = Number(budget.spent) + Number(budget.reserved);
  const again = () => client.invalidateQueries({ queryKey: ['budgets'] });
  const effect = ({ amount, at_limit, limit_percent }: Values) => {
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
        {at_limit !== 'warn' && Number(budget.spent) >= (next * Number(figure(limit_percent))) / 100 && <p className="bad">{w.effectLimit[at_limit as 'stop_new']}</p>}
      </div>
    );
  };
  return (
    <FormDialog
      title={w.editOf(name)}
      fields={[
        { name: 'amount', label: w.perPeriod, unit: budget.currency, kind: 'number', required: true },
        { name: 'thresholds', label: w.thresholds, unit: '%', help: w.thresholdsHelp },
        ...limit,
        { name: 'title', label: w.title_ },
      ]}
      start={{ amount: String(Number(budget.amount)), thresholds: budget.thresholds.join(', '), at_limit: budget.at_limit, limit_percent: String(budget.limit_percent), title: budget.title }}
      yes={w.saveYes}
      effect={effect}
      onClose={onClose}
      act={async (values) => {
        await changeBudget(budget.id, { amount: figure(values.amount), thresholds: percents(values.thresholds), ...limitOf(values), title: String(values.title) });
        void again();
        done(w.changed(name), () => changeBudget(budget.id, { amount: budget.amount, thresholds: budget.thresholds, at_limit: budget.at_limit, limit_percent: budget.limit_percent, title: budget.title }).then(again));
      }}
    />
  );
}

export function CloseBudget({ budget, onClose }: { budget: Budget; onClose: () => void }) {
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
        done(w.closedIt(name), () => reopen(budget.id).then(() => client.invalidateQueries({ queryKey: ['budgets'] })));
      }}
    >
      {w.closeText(f.money(budget.reserved, budget.currency))}
    </Question>
  );
}

const reopen = (budget: string) => changeBudget(budget, { closed: false });

export function ReopenBudget({ budget, onClose }: { budget: Budget; onClose: () => void }) {
  const w = useWords(words);
  const f = useFormats();
  const client = useQueryClient();
  const name = useBudgetName()(budget);
  const again = () => client.invalidateQueries({ queryKey: ['budgets'] });
  return (
    <Question
      title={w.reopenOf(name)}
      yes={w.reopen}
      onClose={onClose}
      act={async () => {
        await reopen(budget.id);
        void again();
        done(w.reopened(name), () => closeBudget(budget.id).then(again));
      }}
    >
      {w.reopenText(f.money(budget.left, budget.currency))}
    </Question>
  );
}
